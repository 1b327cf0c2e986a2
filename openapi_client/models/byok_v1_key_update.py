"""The model `ByokV1KeyUpdate`."""

from typing import Any, ClassVar

from pydantic import ConfigDict, model_validator

from .._core.typeguards import is_mapping
from ._base import Model
from ._fields import Id, ReadOnly, Str
from .byok_v1_key_metadata import ByokV1KeyMetadata
from .byok_v1_key_validation import ByokV1KeyValidation


class ByokV1KeyUpdate(Model):
    """What is to change of a key: its ``display_name``.

    The other fields are read-only: they are accepted, and not sent. So is the ``key`` of a
    registered key, which cannot be changed, so that what was read can be changed and sent:
    ``ByokV1KeyUpdate.from_dict(key.to_dict())``.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    _strict: ClassVar[bool] = True

    api_version: ReadOnly[Str | None] = None
    kind: ReadOnly[Str | None] = None
    id: ReadOnly[Id | None] = None
    metadata: ReadOnly[ByokV1KeyMetadata | None] = None
    display_name: Str | None = None
    provider: ReadOnly[Str | None] = None
    state: ReadOnly[Str | None] = None
    validation: ReadOnly[ByokV1KeyValidation | None] = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_key(cls, data: Any) -> Any:
        if is_mapping(data) and "key" in data:
            return {name: value for name, value in data.items() if name != "key"}
        return data
