"""The model `ByokV1KeyKey`."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, RootModel
from typing_extensions import Self, override

from ._base import Schema
from ._identifiers import key_from_identifier
from .byok_v1_aws_key import ByokV1AwsKey
from .byok_v1_azure_key import ByokV1AzureKey
from .byok_v1_gcp_key import ByokV1GcpKey
from .byok_v1_unknown_key import ByokV1UnknownKey

_Variant = Annotated[ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey, Field(discriminator="kind")]
_VARIANTS: dict[str, type[ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey]] = {
    "AwsKey": ByokV1AwsKey,
    "AzureKey": ByokV1AzureKey,
    "GcpKey": ByokV1GcpKey,
}


class ByokV1KeyKey(Schema, RootModel[_Variant]):
    """Where the key lies: one model of three, told apart by ``kind`` (contract, section 2.2).

    Wherever a model has a field of this type, one of the three or a dict does as well.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(validate_assignment=True)

    one_of_schemas: ClassVar[frozenset[str]] = frozenset(
        variant.__name__ for variant in _VARIANTS.values()
    )
    """The names of the models that it can be."""
    discriminator_value_class_map: ClassVar[Mapping[str, str]] = {
        kind: variant.__name__ for kind, variant in _VARIANTS.items()
    }
    """The names of the models by their ``kind``."""

    def __init__(
        self, actual_instance: ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey | Mapping[str, Any]
    ) -> None:
        """Strict: raises ``pydantic.ValidationError`` for what fits none of the three."""
        __tracebackhide__ = True
        self.__pydantic_validator__.validate_python(
            actual_instance, self_instance=self, extra="forbid"
        )

    # As in ``Model``: what is nested in a response does not go through the constructor.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # functions take attributes

    @classmethod
    def from_identifier(
        cls, identifier: str, *, tenant_id: str | None = None, key_vault_id: str | None = None
    ) -> Self:
        """Build the key from the name that its cloud gives it (contract, section 5).

        Args:
            identifier: In AWS, the ARN of a KMS key in any partition, and no alias. In Google
                Cloud, its resource name, with or without a version. In Azure, its https URL at
                any host; a version at the end of ``/keys/<name>/<version>`` is taken off.
            tenant_id: In Azure, the id of the tenant of the key. Needed there, refused elsewhere.
            key_vault_id: In Azure, the resource id of the key's vault; as for ``tenant_id``.

        Raises:
            ValueError: An argument does not fit; the text names it.
        """
        return cls(key_from_identifier(identifier, tenant_id=tenant_id, key_vault_id=key_vault_id))

    @property
    def actual_instance(self) -> ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey | ByokV1UnknownKey:
        """The model that it is; ``ByokV1UnknownKey`` where the service sent a new kind of key."""
        return self.root

    @actual_instance.setter
    def actual_instance(self, value: ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey) -> None:
        variant: ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey = type(self)(value).root
        self.root = variant

    @classmethod
    @override
    def fit(cls, data: dict[str, Any]) -> Self:
        """The model of the kind that ``data`` names, or of an unknown one."""
        # Some clients have met the long spelling of a kind (contract, section 2.2).
        kind = data.get("kind")
        name = kind.removeprefix("byok.v1.") if isinstance(kind, str) else ""
        variant: Any = _VARIANTS.get(name, ByokV1UnknownKey).fit(data)
        return cls.model_construct(variant)

    @override
    def _to_plain(self, *, for_request: bool) -> dict[str, Any]:
        return self.root.request_dict() if for_request else self.root.to_dict()

    @override
    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        yield "actual_instance", self.root
