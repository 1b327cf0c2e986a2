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

SETTINGS_PAGE = """\
# Settings and environment

A `Configuration` holds the settings of a client. Give them by keyword, or assign them later: each
is checked when it is set. `None` stands for the default. A wrong value raises `ApiValueError`, a
wrong type `ApiTypeError`, an unknown name `ApiAttributeError`, and the text says what to do.

```python
from openapi_client import ApiClient, Configuration, RetryPolicy

configuration = Configuration.from_env(deadline=30.0, retries=RetryPolicy(max_attempts=3))
configuration.user_agent_suffix = "my-job/1.2"
with ApiClient(configuration) as client:
    patient = client.with_options(deadline=600.0)  # a client that shares the connections
    print(client, patient)  # no secret is shown
```

Settings with the mark ¹ are read when connections are made: set them before the first call. All
others hold from the next call on, and are what `with_options` takes. All times are in seconds.

{sections}
## Environment variables

`Configuration.from_env()` reads these, and raises `ApiValueError`, which names the variable, where
credentials are missing. `ApiClient()` without a configuration does the same where it finds a
complete pair of credentials and no default was set; it says so in the log, at `INFO`. What is given
by keyword wins over the environment.

| variable | meaning |
| --- | --- |
| `CONFLUENT_CLOUD_API_KEY`, `CONFLUENT_CLOUD_API_SECRET` | a Cloud API key and its secret |
| `CONFLUENT_CLOUD_ENDPOINT` | the base URL, if it is another |
| `CONFLUENT_CLOUD_IDENTITY_POOL_ID` | the identity pool of a workload, where there is no API key |
| `CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE` | the file with its token, read anew for each exchange |
| `CONFLUENT_CLOUD_IDENTITY_TOKEN` | the token itself, where there is no file |

These are read by `Configuration` in all cases, unless the setting beside them is set:

| variable | meaning | setting |
| --- | --- | --- |
| `https_proxy`, `http_proxy`, `all_proxy` | the proxy for that scheme, or for both | `proxy` |
| `no_proxy` | hosts to reach without it | `no_proxy` |
| `SSL_CERT_FILE`, `SSL_CERT_DIR` | CA certificates, read by OpenSSL | `ssl_ca_cert` |

The names of proxies may also be in capitals, but for `HTTP_PROXY`, which a web server fills with a
header of its visitors. Proxies are read when connections are made.

## What generated clients set

API keys in dicts, server lists and variables, date formats and log files are no settings here.
Setting one raises `ApiAttributeError`, which says what to do instead;
[Move from a generated client](migrating.md#settings) lists them.
"""

SETTINGS = """\
## {title}

| setting | type | default | meaning |
| --- | --- | --- | --- |
{rows}
"""
