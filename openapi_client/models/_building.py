"""When pydantic builds the validator of a model, which takes longer than to import it."""

from typing import Any

from pydantic import VERSION, BaseModel

BUILT_WHEN_USED = tuple(map(int, VERSION.split(".")[:2])) >= (2, 14)
"""Whether a model is built when it is first used.

Before pydantic 2.14 a model built so late could not be dumped by itself once only the models around
it had been used.
A model that derives from another than ``Model`` says so itself: ``defer_build=BUILT_WHEN_USED``.
"""


class LazySignature:
    """The signature of a class, which is built for it; that replaces this."""

    def __get__(self, instance: object, owner: type[BaseModel]) -> Any:
        owner.model_rebuild(force=True)
        return owner.__signature__
