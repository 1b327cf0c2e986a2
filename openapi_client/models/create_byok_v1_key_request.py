"""The model `CreateByokV1KeyRequest`."""

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict

from ._base import Model
from ._fields import Id, ReadOnly, Str
from .byok_v1_key_key import StrictKey
from .byok_v1_key_metadata import ByokV1KeyMetadata
from .byok_v1_key_validation import ByokV1KeyValidation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .byok_v1_aws_key import ByokV1AwsKey
    from .byok_v1_azure_key import ByokV1AzureKey
    from .byok_v1_gcp_key import ByokV1GcpKey
    from .byok_v1_key_key import ByokV1KeyKey


class CreateByokV1KeyRequest(Model):
    """The key to register.

    Only ``key`` and ``display_name`` are sent; the other fields are read-only: they are
    accepted, so that what was read can be built on, and not sent.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    _strict: ClassVar[bool] = True

    api_version: ReadOnly[Str | None] = None
    kind: ReadOnly[Str | None] = None
    id: ReadOnly[Id | None] = None
    metadata: ReadOnly[ByokV1KeyMetadata | None] = None
    key: StrictKey
    display_name: Str | None = None
    provider: ReadOnly[Str | None] = None
    state: ReadOnly[Str | None] = None
    validation: ReadOnly[ByokV1KeyValidation | None] = None

    if TYPE_CHECKING:
        # Type checkers would admit nothing but the field's own type for ``key``.
        def __init__(
            self,
            *,
            key: ByokV1KeyKey | ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey | Mapping[str, Any],
            display_name: str | None = None,
            api_version: str | None = None,
            kind: str | None = None,
            id: str | None = None,
            metadata: ByokV1KeyMetadata | Mapping[str, Any] | None = None,
            provider: str | None = None,
            state: str | None = None,
            validation: ByokV1KeyValidation | Mapping[str, Any] | None = None,
        ) -> None: ...
