"""The form of the reference pages."""

API_PAGE = """\
# openapi_client.KeysByokV1Api

All URIs are relative to *{server}*

Method | HTTP request | Description
------------- | ------------- | -------------
{index}

Each method has two variants with the same parameters: `..._with_http_info` returns an
`ApiResponse`, with status and headers beside the `data`, and `..._without_preload_content` returns
urllib3's response, its body unread. All take `_request_timeout`, `_request_auth`, `_content_type`,
`_headers` and `_host_index` by keyword. A failed call raises an `ApiException`, a refused argument
an `ApiValueError` before anything is sent.

`iter_byok_v1_keys`, `ensure_byok_v1_key` and `wait_for_byok_v1_key` are made of these calls;
[automation.md](automation.md) tells of them.

{operations}"""

OPERATION = """\
# **{name}**
> {call}

{summary}

{description}

### Example

* Basic Authentication (api-key):
```python
import time
import os
import openapi_client
{imports}from openapi_client.rest import ApiException
from pprint import pprint

# A configuration without a host leads to {server}.
configuration = openapi_client.Configuration(
    host = "{server}"
)

# The user name is the id of a Cloud API key, the password its secret.
configuration = openapi_client.Configuration(
    username = os.environ["USERNAME"],
    password = os.environ["PASSWORD"]
)

# The end of the block closes the connections.
with openapi_client.ApiClient(configuration) as api_client:
    api_instance = openapi_client.KeysByokV1Api(api_client)
{arguments}

    try:
        # {summary}
{statements}
    except Exception as e:
        print("Exception when calling KeysByokV1Api->{name}: %s\\n" % e)
```

### Parameters

Name | Type | Description  | Notes
------------- | ------------- | ------------- | -------------
{parameters}

### Return type

{returns}

### Authorization

{security}

### HTTP request headers

 - **Content-Type**: {content_type}
 - **Accept**: application/json

### HTTP response details
| Status code | Description | Response headers |
|-------------|-------------|------------------|
{responses}

[[Back to top]](#) [[Back to API list]](../README.md#documentation-for-api-endpoints) \
[[Back to Model list]](../README.md#documentation-for-models) [[Back to README]](../README.md)
"""

SHOWN = """\
        api_response = {call}
        print("The response of KeysByokV1Api->{name}:\\n")
        pprint(api_response)"""

MODEL_PAGE = """\
# {name}

{description}

## Properties

Name | Type | Description | Notes
------------ | ------------- | ------------- | -------------
{properties}

## Example

```python
import openapi_client

{variable} = {example}
print({variable}.to_str())
```

[[Back to Model list]](../README.md#documentation-for-models) \
[[Back to API list]](../README.md#documentation-for-api-endpoints) \
[[Back to README]](../README.md)
"""
