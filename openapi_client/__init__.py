"""Python client for the BYOK keys API of Confluent Cloud.

Every public name of the library, loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from . import api as api
    from . import api_client as api_client
    from . import api_response as api_response
    from . import configuration as configuration
    from . import exceptions as exceptions
    from . import key_access as key_access
    from . import models as models
    from . import rest as rest
    from ._attempt import Attempt as Attempt
    from ._headers import Headers as Headers
    from ._headers import RateLimit as RateLimit
    from .api.keys_byok_v1_api import KeysByokV1Api as KeysByokV1Api
    from .api_client import ApiClient as ApiClient
    from .api_response import ApiResponse as ApiResponse
    from .configuration import Configuration as Configuration
    from .ensure import EnsuredByokV1Key as EnsuredByokV1Key
    from .exceptions import ApiAttributeError as ApiAttributeError
    from .exceptions import ApiConnectionException as ApiConnectionException
    from .exceptions import ApiException as ApiException
    from .exceptions import ApiKeyError as ApiKeyError
    from .exceptions import ApiResponseException as ApiResponseException
    from .exceptions import ApiTimeoutException as ApiTimeoutException
    from .exceptions import ApiTypeError as ApiTypeError
    from .exceptions import ApiValueError as ApiValueError
    from .exceptions import BadRequestException as BadRequestException
    from .exceptions import ConflictException as ConflictException
    from .exceptions import ForbiddenException as ForbiddenException
    from .exceptions import KeyMismatchException as KeyMismatchException
    from .exceptions import NotFoundException as NotFoundException
    from .exceptions import OpenApiException as OpenApiException
    from .exceptions import PaymentRequiredException as PaymentRequiredException
    from .exceptions import ServiceException as ServiceException
    from .exceptions import TooManyRequestsException as TooManyRequestsException
    from .exceptions import UnauthorizedException as UnauthorizedException
    from .exceptions import UnprocessableEntityException as UnprocessableEntityException
    from .exceptions import WaitFailedException as WaitFailedException
    from .exceptions import WaitTimeoutException as WaitTimeoutException
    from .models.byok_v1_aws_key import ByokV1AwsKey as ByokV1AwsKey
    from .models.byok_v1_azure_key import ByokV1AzureKey as ByokV1AzureKey
    from .models.byok_v1_gcp_key import ByokV1GcpKey as ByokV1GcpKey
    from .models.byok_v1_key import ByokV1Key as ByokV1Key
    from .models.byok_v1_key_key import ByokV1KeyKey as ByokV1KeyKey
    from .models.byok_v1_key_list import ByokV1KeyList as ByokV1KeyList
    from .models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner as ByokV1KeyListDataInner
    from .models.byok_v1_key_list_metadata import ByokV1KeyListMetadata as ByokV1KeyListMetadata
    from .models.byok_v1_key_metadata import ByokV1KeyMetadata as ByokV1KeyMetadata
    from .models.byok_v1_key_update import ByokV1KeyUpdate as ByokV1KeyUpdate
    from .models.byok_v1_key_validation import ByokV1KeyValidation as ByokV1KeyValidation
    from .models.byok_v1_unknown_key import ByokV1UnknownKey as ByokV1UnknownKey
    from .models.create_byok_v1_key201_response import (
        CreateByokV1Key201Response as CreateByokV1Key201Response,
    )
    from .models.create_byok_v1_key_request import CreateByokV1KeyRequest as CreateByokV1KeyRequest
    from .models.error import Error as Error
    from .models.error_source import ErrorSource as ErrorSource
    from .models.failure import Failure as Failure
    from .models.get_byok_v1_key200_response import (
        GetByokV1Key200Response as GetByokV1Key200Response,
    )
    from .models.list_meta import ListMeta as ListMeta
    from .models.object_meta import ObjectMeta as ObjectMeta
    from .models.object_reference import ObjectReference as ObjectReference
    from .pagination import KeyIterator as KeyIterator
    from .retry import RetryPolicy as RetryPolicy
    from .sts import StsTokenProvider as StsTokenProvider
    from .values import KeyState as KeyState
    from .values import Provider as Provider
    from .values import ValidationPhase as ValidationPhase

_HOMES = {
    "ApiAttributeError": ".exceptions",
    "ApiClient": ".api_client",
    "ApiConnectionException": ".exceptions",
    "ApiException": ".exceptions",
    "ApiKeyError": ".exceptions",
    "ApiResponse": ".api_response",
    "ApiResponseException": ".exceptions",
    "ApiTimeoutException": ".exceptions",
    "ApiTypeError": ".exceptions",
    "ApiValueError": ".exceptions",
    "Attempt": "._attempt",
    "BadRequestException": ".exceptions",
    "ByokV1AwsKey": ".models.byok_v1_aws_key",
    "ByokV1AzureKey": ".models.byok_v1_azure_key",
    "ByokV1GcpKey": ".models.byok_v1_gcp_key",
    "ByokV1Key": ".models.byok_v1_key",
    "ByokV1KeyKey": ".models.byok_v1_key_key",
    "ByokV1KeyList": ".models.byok_v1_key_list",
    "ByokV1KeyListDataInner": ".models.byok_v1_key_list_data_inner",
    "ByokV1KeyListMetadata": ".models.byok_v1_key_list_metadata",
    "ByokV1KeyMetadata": ".models.byok_v1_key_metadata",
    "ByokV1KeyUpdate": ".models.byok_v1_key_update",
    "ByokV1KeyValidation": ".models.byok_v1_key_validation",
    "ByokV1UnknownKey": ".models.byok_v1_unknown_key",
    "Configuration": ".configuration",
    "ConflictException": ".exceptions",
    "CreateByokV1Key201Response": ".models.create_byok_v1_key201_response",
    "CreateByokV1KeyRequest": ".models.create_byok_v1_key_request",
    "EnsuredByokV1Key": ".ensure",
    "Error": ".models.error",
    "ErrorSource": ".models.error_source",
    "Failure": ".models.failure",
    "ForbiddenException": ".exceptions",
    "GetByokV1Key200Response": ".models.get_byok_v1_key200_response",
    "Headers": "._headers",
    "KeyIterator": ".pagination",
    "KeyMismatchException": ".exceptions",
    "KeyState": ".values",
    "KeysByokV1Api": ".api.keys_byok_v1_api",
    "ListMeta": ".models.list_meta",
    "NotFoundException": ".exceptions",
    "ObjectMeta": ".models.object_meta",
    "ObjectReference": ".models.object_reference",
    "OpenApiException": ".exceptions",
    "PaymentRequiredException": ".exceptions",
    "Provider": ".values",
    "RateLimit": "._headers",
    "RetryPolicy": ".retry",
    "ServiceException": ".exceptions",
    "StsTokenProvider": ".sts",
    "TooManyRequestsException": ".exceptions",
    "UnauthorizedException": ".exceptions",
    "UnprocessableEntityException": ".exceptions",
    "ValidationPhase": ".values",
    "WaitFailedException": ".exceptions",
    "WaitTimeoutException": ".exceptions",
}

_MODULES = frozenset(
    {
        "api",
        "api_client",
        "api_response",
        "configuration",
        "exceptions",
        "key_access",
        "models",
        "rest",
    }
)
"""Modules that may be used after no import but that of the package."""

__all__ = [
    "ApiAttributeError",
    "ApiClient",
    "ApiConnectionException",
    "ApiException",
    "ApiKeyError",
    "ApiResponse",
    "ApiResponseException",
    "ApiTimeoutException",
    "ApiTypeError",
    "ApiValueError",
    "Attempt",
    "BadRequestException",
    "ByokV1AwsKey",
    "ByokV1AzureKey",
    "ByokV1GcpKey",
    "ByokV1Key",
    "ByokV1KeyKey",
    "ByokV1KeyList",
    "ByokV1KeyListDataInner",
    "ByokV1KeyListMetadata",
    "ByokV1KeyMetadata",
    "ByokV1KeyUpdate",
    "ByokV1KeyValidation",
    "ByokV1UnknownKey",
    "Configuration",
    "ConflictException",
    "CreateByokV1Key201Response",
    "CreateByokV1KeyRequest",
    "EnsuredByokV1Key",
    "Error",
    "ErrorSource",
    "Failure",
    "ForbiddenException",
    "GetByokV1Key200Response",
    "Headers",
    "KeyIterator",
    "KeyMismatchException",
    "KeyState",
    "KeysByokV1Api",
    "ListMeta",
    "NotFoundException",
    "ObjectMeta",
    "ObjectReference",
    "OpenApiException",
    "PaymentRequiredException",
    "Provider",
    "RateLimit",
    "RetryPolicy",
    "ServiceException",
    "StsTokenProvider",
    "TooManyRequestsException",
    "UnauthorizedException",
    "UnprocessableEntityException",
    "ValidationPhase",
    "WaitFailedException",
    "WaitTimeoutException",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that is its home, or one of the modules."""
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
