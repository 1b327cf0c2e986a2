"""What the owner of a key has to allow in its cloud before the service can use it.

    for command in access_grants(api.get_byok_v1_key("cck-12345")).commands:
        print(command)

Nothing here calls a cloud or the service: the grants are data, and commands for a POSIX shell
that are made from it.
"""

from typing import overload

from ..exceptions import ApiTypeError, ApiValueError
from ..models.byok_v1_aws_key import ByokV1AwsKey
from ..models.byok_v1_azure_key import ByokV1AzureKey
from ..models.byok_v1_gcp_key import ByokV1GcpKey
from ..models.byok_v1_key import ByokV1Key
from ..models.byok_v1_key_key import ByokV1KeyKey
from ..models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner
from ..models.byok_v1_unknown_key import ByokV1UnknownKey
from ..models.create_byok_v1_key201_response import CreateByokV1Key201Response
from ..models.get_byok_v1_key200_response import GetByokV1Key200Response
from .audit import AwsAudit, AwsGap, AwsRule, AwsStatement, RoleAudit
from .aws import AwsAccess
from .azure import AzureAccess, AzureRoleAssignment
from .gcp import GcpAccess, GcpBinding, GcpRole

__all__ = [
    "AwsAccess",
    "AwsAudit",
    "AwsGap",
    "AwsRule",
    "AwsStatement",
    "AzureAccess",
    "AzureRoleAssignment",
    "GcpAccess",
    "GcpBinding",
    "GcpRole",
    "KeyAccess",
    "RegisteredKey",
    "RoleAudit",
    "access_grants",
]

KeyAccess = AwsAccess | AzureAccess | GcpAccess
"""What has to be allowed, in one of the clouds. Each has ``commands``."""
RegisteredKey = (
    GetByokV1Key200Response | CreateByokV1Key201Response | ByokV1KeyListDataInner | ByokV1Key
)
"""A key as the service answers it."""


@overload
def access_grants(key: ByokV1AwsKey) -> AwsAccess: ...
@overload
def access_grants(key: ByokV1AzureKey) -> AzureAccess: ...
@overload
def access_grants(key: ByokV1GcpKey) -> GcpAccess: ...
@overload
def access_grants(
    key: RegisteredKey
    | ByokV1KeyKey
    | ByokV1AwsKey
    | ByokV1AzureKey
    | ByokV1GcpKey
    | ByokV1UnknownKey,
) -> KeyAccess: ...
def access_grants(key: object) -> KeyAccess:
    """What the owner of a registered key has to allow.

    Whom to allow it to, the service decides, and it may do so some time after it has registered
    the key.

    Args:
        key: The registered key, or its ``key``.

    Raises:
        ApiValueError: The grants cannot be told; the text says what is missing, and what to do.
        ApiTypeError: It is no key.
    """
    material = key.key if isinstance(key, RegisteredKey) else key
    variant: object = material.root if isinstance(material, ByokV1KeyKey) else material
    if isinstance(variant, ByokV1AwsKey):
        return AwsAccess.of(variant)
    if isinstance(variant, ByokV1AzureKey):
        return AzureAccess.of(variant)
    if isinstance(variant, ByokV1GcpKey):
        return GcpAccess.of(variant)
    if isinstance(variant, ByokV1UnknownKey):
        raise ApiValueError(
            f"key is of the kind {variant.kind!r}, which this version of the library does not "
            "know: use a newer one, or follow the service's documentation of that kind"
        )
    if isinstance(key, RegisteredKey):
        raise ApiValueError("key: the answer does not tell where the key lies; read it again later")
    raise ApiTypeError(f"key has to be a registered key, not {type(key).__name__}")
