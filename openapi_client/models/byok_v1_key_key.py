"""The model `ByokV1KeyKey`."""

from collections.abc import Iterable, Mapping
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, overload

from pydantic import BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, RootModel
from pydantic_core import CoreSchema, core_schema
from typing_extensions import Self, override

from .._core.typeguards import is_mapping, is_object
from ._base import Schema
from ._fields import Tolerant
from ._requests import enum_values
from .byok_v1_aws_key import ByokV1AwsKey
from .byok_v1_azure_key import ByokV1AzureKey
from .byok_v1_gcp_key import ByokV1GcpKey

if TYPE_CHECKING:
    from .byok_v1_unknown_key import ByokV1UnknownKey

Variant = ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey
Given = Variant | Mapping[str, Any]
_Root = Annotated[Variant, Field(discriminator="kind")]
_VARIANTS: dict[str, type[Variant]] = {
    "AwsKey": ByokV1AwsKey,
    "AzureKey": ByokV1AzureKey,
    "GcpKey": ByokV1GcpKey,
}
_MISSING: Any = object()
_GENERATED = {"actual_instance", "one_of_schemas", "discriminator_value_class_map"}
"""What a generated client's ``model_dump`` of a key holds, validators aside."""


def _unwrapped(value: Any) -> Any:
    """The key itself, where a generated client has put it into an ``actual_instance``."""
    if is_mapping(value) and "actual_instance" in value:
        others = {name for name in value if not str(name).startswith("oneof_schema_")}
        return value["actual_instance"] if others <= _GENERATED else value
    return value


class _UnwrappedInPython:
    """Unwraps the key in Python only: to call back for each key of an answer costs too much."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return core_schema.json_or_python_schema(
            schema, core_schema.no_info_before_validator_function(_unwrapped, schema)
        )


if TYPE_CHECKING:
    _RootModel = RootModel[Variant]
else:
    # Its variants would make another class, and build it at once.
    _RootModel = RootModel


class ByokV1KeyKey(Schema, _RootModel):
    """Where the key lies: one model of three, told apart by ``kind``.

    Wherever a model has a field of this type, one of the three or a dict does as well, and so
    does a dict as a generated client dumps it: ``{"actual_instance": {...}}``.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(validate_assignment=True)

    root: Tolerant[Annotated[_Root, _UnwrappedInPython]]

    one_of_schemas: ClassVar[frozenset[str]] = frozenset(
        variant.__name__ for variant in _VARIANTS.values()
    )
    """The names of the models that it can be."""
    discriminator_value_class_map: ClassVar[Mapping[str, str]] = {
        kind: variant.__name__ for kind, variant in _VARIANTS.items()
    }
    """The names of the models by their ``kind``."""

    @overload
    def __init__(self, actual_instance: Given) -> None: ...
    @overload
    def __init__(self, *, root: Given) -> None: ...
    def __init__(self, actual_instance: Given = _MISSING, *, root: Given = _MISSING) -> None:
        """Strict: raises ``pydantic.ValidationError`` for what fits none of the three."""
        __tracebackhide__ = True
        if (actual_instance is _MISSING) is (root is _MISSING):
            raise TypeError("ByokV1KeyKey takes one argument: actual_instance, or root")
        value = root if actual_instance is _MISSING else actual_instance
        self.__pydantic_validator__.validate_python(
            enum_values(value), self_instance=self, extra="forbid"
        )

    # As in ``Model``: what is nested in a response does not go through the constructor.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # functions take attributes
    # Generators of test data, such as polyfactory, would give both arguments, or none.
    __init__.__signature__ = Signature(  # type: ignore[attr-defined]  # as above
        [
            Parameter("self", Parameter.POSITIONAL_ONLY),
            Parameter("actual_instance", Parameter.POSITIONAL_OR_KEYWORD, annotation=Variant),
        ]
    )

    @classmethod
    def from_identifier(
        cls, identifier: str, *, tenant_id: str | None = None, key_vault_id: str | None = None
    ) -> Self:
        """Build the key from the name that its cloud gives it.

        Args:
            identifier: In AWS, the ARN of a KMS key in any partition, and no alias. In Google
                Cloud, its resource name, with or without a version. In Azure, its https URL at
                any host; its version, the port 443 and slashes at the end are taken off.
            tenant_id: In Azure, the id of the tenant of the key. Needed there, refused elsewhere.
            key_vault_id: In Azure, the resource id of the key's vault; as for ``tenant_id``.

        Raises:
            ValueError: An argument does not fit, or names another vault than ``identifier``; the
                text names it.
        """
        from ._identifiers import key_from_identifier

        return cls(key_from_identifier(identifier, tenant_id=tenant_id, key_vault_id=key_vault_id))

    @property
    def identifier(self) -> str | None:
        """The name that its cloud gives the key; ``None`` for a new kind of key.

        It is what ``from_identifier`` takes.
        """
        return self.actual_instance.identifier

    @property
    def actual_instance(self) -> "Variant | ByokV1UnknownKey":
        """The model that it is; ``ByokV1UnknownKey`` where the service sent a new kind of key."""
        return self.root

    @actual_instance.setter
    def actual_instance(self, value: Variant) -> None:
        variant: Variant = type(self)(value).root
        self.root = variant

    @classmethod
    @override
    def construct_leniently(cls, data: dict[str, Any], *, by_name: bool = False) -> Self:
        """The model of the kind that ``data`` names, or of an unknown one."""
        from .byok_v1_unknown_key import ByokV1UnknownKey

        inner = _unwrapped(data)
        if is_object(inner) and _kind(inner) in _VARIANTS:
            data = inner
        variant: Any = _VARIANTS.get(_kind(data), ByokV1UnknownKey)
        return cls.model_construct(variant.construct_leniently(data, by_name=by_name))

    @override
    def request_dict(self) -> dict[str, Any]:
        """What of the key is sent: nothing read-only and nothing null."""
        return self.root.request_dict()

    @override
    def _to_plain(self) -> dict[str, Any]:
        return self.root.to_dict()

    @override
    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        yield "actual_instance", self.root


def _kind(data: dict[str, Any]) -> str:
    # Some clients have met the long spelling of a kind.
    kind = data.get("kind")
    return kind.removeprefix("byok.v1.") if isinstance(kind, str) else ""


def _strictly(value: Any) -> Any:
    if is_mapping(value):
        return ByokV1KeyKey.__pydantic_validator__.validate_python(value, extra="forbid")
    return value


StrictKey = Annotated[Tolerant[ByokV1KeyKey], BeforeValidator(_strictly)]
"""A key of which no unknown field is accepted, whoever validates the model that holds it."""
