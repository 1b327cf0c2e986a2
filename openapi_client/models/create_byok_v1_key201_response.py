"""The model `CreateByokV1Key201Response`."""

from typing import ClassVar

from ._fields import Id, Str
from .create_byok_v1_key_request import CreateByokV1KeyRequest


class CreateByokV1Key201Response(CreateByokV1KeyRequest):
    """The key that has just been registered (contract, section 2.7).

    Where the body of the answer lacks ``id``, it is taken from the ``Location`` header.
    """

    _strict: ClassVar[bool] = False
    named_by_location: ClassVar[str | None] = "id"

    # What the request leaves open the answer promises.
    id: Id[Str]  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride]
