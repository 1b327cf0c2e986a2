"""Python client for the BYOK keys API of Confluent Cloud.

Every public name of the library, loaded when it is first used.
"""

from ._core.lazy_exports import export_lazily
from ._version import __version__ as __version__

TYPE_CHECKING = False  # As that of ``typing``, which takes time to load.
if TYPE_CHECKING or not export_lazily(__name__):
    from . import api as api
    from . import api_client as api_client
    from . import api_response as api_response
    from . import configuration as configuration
    from . import exceptions as exceptions
    from . import key_access as key_access
    from . import models as models
    from . import rest as rest
    from ._core.attempts import Attempt as Attempt
    from ._core.headers import Headers as Headers
    from ._core.rate_limit import RateLimit as RateLimit
    from .api.keys_byok_v1_api import KeysByokV1Api as KeysByokV1Api
    from .api_client import ApiClient as ApiClient
    from .api_response import ApiResponse as ApiResponse
    from .auth.sts import StsTokenProvider as StsTokenProvider
    from .configuration import Configuration as Configuration
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
    from .jobs.iterate import KeyIterator as KeyIterator
    from .jobs.results import EnsuredByokV1Key as EnsuredByokV1Key
    from .jobs.results import WaitProgress as WaitProgress
    from .jobs.results import WaitResult as WaitResult
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
    from .retry import RetryPolicy as RetryPolicy
    from .values import KeyState as KeyState
    from .values import Provider as Provider
    from .values import ValidationPhase as ValidationPhase
