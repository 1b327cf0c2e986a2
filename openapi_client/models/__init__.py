"""The models, one a module, each loaded when it is first used."""

from typing import TYPE_CHECKING

from .._core.lazy_exports import export_lazily

if TYPE_CHECKING or not export_lazily(__name__):
    from .byok_v1_aws_key import ByokV1AwsKey as ByokV1AwsKey
    from .byok_v1_azure_key import ByokV1AzureKey as ByokV1AzureKey
    from .byok_v1_gcp_key import ByokV1GcpKey as ByokV1GcpKey
    from .byok_v1_key import ByokV1Key as ByokV1Key
    from .byok_v1_key_key import ByokV1KeyKey as ByokV1KeyKey
    from .byok_v1_key_list import ByokV1KeyList as ByokV1KeyList
    from .byok_v1_key_list_data_inner import ByokV1KeyListDataInner as ByokV1KeyListDataInner
    from .byok_v1_key_list_metadata import ByokV1KeyListMetadata as ByokV1KeyListMetadata
    from .byok_v1_key_metadata import ByokV1KeyMetadata as ByokV1KeyMetadata
    from .byok_v1_key_update import ByokV1KeyUpdate as ByokV1KeyUpdate
    from .byok_v1_key_validation import ByokV1KeyValidation as ByokV1KeyValidation
    from .byok_v1_unknown_key import ByokV1UnknownKey as ByokV1UnknownKey
    from .create_byok_v1_key201_response import (
        CreateByokV1Key201Response as CreateByokV1Key201Response,
    )
    from .create_byok_v1_key_request import CreateByokV1KeyRequest as CreateByokV1KeyRequest
    from .error import Error as Error
    from .error_source import ErrorSource as ErrorSource
    from .failure import Failure as Failure
    from .get_byok_v1_key200_response import GetByokV1Key200Response as GetByokV1Key200Response
    from .list_meta import ListMeta as ListMeta
    from .object_meta import ObjectMeta as ObjectMeta
    from .object_reference import ObjectReference as ObjectReference
