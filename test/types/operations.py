"""What a type checker sees of the operations. It is checked, not run."""

from typing import Any

from typing_extensions import assert_type
from urllib3 import BaseHTTPResponse

from openapi_client import (
    ApiResponse,
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    ByokV1KeyList,
    ByokV1KeyListDataInner,
    ByokV1KeyUpdate,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
    KeysByokV1Api,
)

Created = CreateByokV1Key201Response
Key = GetByokV1Key200Response


def create(api: KeysByokV1Api, request: CreateByokV1KeyRequest) -> None:
    """Each variant, and each form that the body may have."""
    assert_type(api.create_byok_v1_key(request), Created)
    assert_type(api.create_byok_v1_key(create_byok_v1_key_request=request), Created)
    assert_type(api.create_byok_v1_key({"key": {"kind": "GcpKey", "key_id": "k"}}), Created)
    assert_type(api.create_byok_v1_key_with_http_info(request), ApiResponse[Created])
    assert_type(api.create_byok_v1_key_with_http_info(request).data.id, str)
    assert_type(api.create_byok_v1_key_without_preload_content(request), BaseHTTPResponse)


def delete(api: KeysByokV1Api) -> None:
    """Each variant."""
    assert_type(api.delete_byok_v1_key("cck-1"), None)
    assert_type(api.delete_byok_v1_key_with_http_info(id="cck-1"), ApiResponse[None])
    assert_type(api.delete_byok_v1_key_without_preload_content("cck-1"), BaseHTTPResponse)


def get(api: KeysByokV1Api) -> None:
    """Each variant."""
    assert_type(api.get_byok_v1_key("cck-1"), Key)
    assert_type(api.get_byok_v1_key(id="cck-1").key, ByokV1KeyKey)
    assert_type(api.get_byok_v1_key_with_http_info("cck-1"), ApiResponse[Key])
    assert_type(api.get_byok_v1_key_without_preload_content("cck-1"), BaseHTTPResponse)


def list_keys(api: KeysByokV1Api) -> None:
    """Each variant, by position as in the generated client, and by keyword."""
    assert_type(api.list_byok_v1_keys(), ByokV1KeyList)
    assert_type(api.list_byok_v1_keys("AWS", "IN_USE", 10, "token"), ByokV1KeyList)
    assert_type(api.list_byok_v1_keys(None, None, None, None).data, list[ByokV1KeyListDataInner])
    assert_type(
        api.list_byok_v1_keys(
            display_name="billing",
            validation_phase="VALID",
            validation_region="us-west-2",
            key="vault-name",
            page_size=10,
        ),
        ByokV1KeyList,
    )
    assert_type(api.list_byok_v1_keys_with_http_info(page_size=10), ApiResponse[ByokV1KeyList])
    assert_type(api.list_byok_v1_keys_without_preload_content("AWS"), BaseHTTPResponse)


def update(api: KeysByokV1Api, change: ByokV1KeyUpdate) -> None:
    """Each variant, and each form that the body may have."""
    assert_type(api.update_byok_v1_key("cck-1", change), Key)
    assert_type(api.update_byok_v1_key("cck-1", byok_v1_key_update={"display_name": "n"}), Key)
    assert_type(api.update_byok_v1_key("cck-1"), Key)
    assert_type(api.update_byok_v1_key_with_http_info("cck-1", change), ApiResponse[Key])
    assert_type(api.update_byok_v1_key_without_preload_content("cck-1", change), BaseHTTPResponse)


def options(api: KeysByokV1Api) -> None:
    """Every option of a call, in each of its forms."""
    assert_type(api.get_byok_v1_key("cck-1", _request_timeout=3), Key)
    assert_type(api.get_byok_v1_key("cck-1", _request_timeout=(1.5, 30)), Key)
    assert_type(
        api.get_byok_v1_key_with_http_info(
            "cck-1",
            _request_timeout=None,
            _request_auth={"in": "header", "key": "Authorization", "value": "Bearer token"},
            _content_type="application/json",
            _headers={"X-Trace": "1"},
            _host_index=0,
        ),
        ApiResponse[Key],
    )


def forms_of_a_key(aws: ByokV1AwsKey, azure: ByokV1AzureKey, gcp: ByokV1GcpKey) -> None:
    """Whatever stands for a key may be given as one."""
    assert_type(CreateByokV1KeyRequest(key=aws), CreateByokV1KeyRequest)
    assert_type(CreateByokV1KeyRequest(key=azure, display_name="n"), CreateByokV1KeyRequest)
    assert_type(CreateByokV1KeyRequest(key=ByokV1KeyKey(gcp)), CreateByokV1KeyRequest)
    assert_type(CreateByokV1KeyRequest(key={"kind": "AwsKey"}), CreateByokV1KeyRequest)


class Wrapped(KeysByokV1Api):
    """A wrapping SDK may override every variant."""

    def get_byok_v1_key(self, id: str, **options: Any) -> Key:
        """Do more than that."""
        return super().get_byok_v1_key(id, **options)

    def get_byok_v1_key_with_http_info(self, id: str, **options: Any) -> ApiResponse[Key]:
        """Do more than that."""
        return super().get_byok_v1_key_with_http_info(id, **options)

    def get_byok_v1_key_without_preload_content(self, id: str, **options: Any) -> BaseHTTPResponse:
        """Do more than that."""
        return super().get_byok_v1_key_without_preload_content(id, **options)
