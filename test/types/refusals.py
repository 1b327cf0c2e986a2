"""What a type checker refuses. It is checked, not run.

Each statement has a mistake and a comment that expects it: mypy and pyright complain of a comment
that has nothing to do.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
# ruff: noqa: B018

from openapi_client import (
    ApiClient,
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1KeyKey,
    ByokV1KeyUpdate,
    Configuration,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
)


def arguments(api: KeysByokV1Api, change: ByokV1KeyUpdate) -> None:
    """Arguments that are missing, unknown, or of the wrong type."""
    api.get_byok_v1_key()  # type: ignore[call-arg]  # id is missing
    api.get_byok_v1_key(12345)  # type: ignore[arg-type]  # id is text
    api.delete_byok_v1_key_with_http_info(id=None)  # type: ignore[arg-type]  # id is text
    api.list_byok_v1_keys(page_size="10")  # type: ignore[arg-type]  # page_size is a number
    api.list_byok_v1_keys(limit=10)  # type: ignore[call-arg]  # there is no such filter
    api.create_byok_v1_key(change)  # type: ignore[arg-type]  # that is the body of an update
    api.update_byok_v1_key("cck-1", "name")  # type: ignore[arg-type]  # a name alone is no body


def options(api: KeysByokV1Api) -> None:
    """Options that are unknown or of the wrong type."""
    api.get_byok_v1_key("cck-1", _timeout=5)  # type: ignore[call-arg]  # there is no such option
    api.get_byok_v1_key("cck-1", _request_timeout="5")  # type: ignore[arg-type]  # seconds
    api.get_byok_v1_key("cck-1", _request_timeout=(1, 2, 3))  # type: ignore[arg-type]  # a pair


def results(api: KeysByokV1Api) -> None:
    """One variant's result taken for another's, and a field that only some forms have."""
    api.get_byok_v1_key("cck-1").data  # type: ignore[attr-defined]  # that is the key itself
    api.get_byok_v1_key_with_http_info("cck-1").id  # type: ignore[attr-defined]  # it is in data
    api.get_byok_v1_key("cck-1").key.key_arn  # type: ignore[attr-defined]  # ask what form it is


def models() -> None:
    """Requests that are incomplete, misspelt, or of the wrong type."""
    CreateByokV1KeyRequest()  # type: ignore[call-arg]  # key is missing
    CreateByokV1KeyRequest(key=5)  # type: ignore[arg-type]  # a number is no key
    CreateByokV1KeyRequest(key={}, name="n")  # type: ignore[call-arg]  # it is display_name
    ByokV1KeyKey()  # type: ignore[call-overload]  # the key itself is missing
    ByokV1KeyKey("arn")  # type: ignore[call-overload]  # text is no key
    ByokV1AwsKey(key_arn=None)  # type: ignore[arg-type]  # key_arn is text
    ByokV1AwsKey(key_id="k")  # type: ignore[call-arg]  # that belongs to the other clouds
    ByokV1AzureKey(key_id="k")  # type: ignore[call-arg]  # vault and tenant are missing
    ByokV1KeyUpdate(display_name=5)  # type: ignore[arg-type]  # display_name is text


def settings(configuration: Configuration) -> None:
    """Settings that are unknown, left out on purpose, or of the wrong type."""
    Configuration("https://localhost", "key")  # type: ignore[call-arg]  # only host goes by position
    Configuration(api_key={})  # type: ignore[call-arg]  # there is none in this API
    Configuration(deadline="60")  # type: ignore[arg-type]  # seconds are a number
    configuration.user_name = "x"  # type: ignore[attr-defined]  # it is username
    configuration.verify_ssl = "yes"  # type: ignore[assignment]  # it is a bool
    ApiClient("https://localhost")  # type: ignore[arg-type]  # a client takes a configuration
