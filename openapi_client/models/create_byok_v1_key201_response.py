"""The model `CreateByokV1Key201Response`."""

from typing import ClassVar

from pydantic import ConfigDict

from ._building import BUILT_WHEN_USED
from ._fields import Id, ReadOnly, Tolerant
from .byok_v1_key_key import ByokV1KeyKey
from .create_byok_v1_key_request import CreateByokV1KeyRequest


class CreateByokV1Key201Response(CreateByokV1KeyRequest, defer_build=BUILT_WHEN_USED):
    """The key that has just been registered.

    Where the body of the answer lacks ``id``, it is taken from the ``Location`` header.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    _strict: ClassVar[bool] = False
    named_by_location: ClassVar[str | None] = "id"

    # What the request leaves open the answer promises.
    id: ReadOnly[Id]  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride]
    key: Tolerant[ByokV1KeyKey]
