"""This project's client."""

from __future__ import annotations

from bench import answers
from openapi_client import (
    ApiClient,
    ByokV1AwsKey,
    ByokV1KeyKey,
    ByokV1KeyList,
    Configuration,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
)

from . import API_KEY, API_SECRET, THREADS, Works


def _request() -> CreateByokV1KeyRequest:
    key = ByokV1KeyKey(ByokV1AwsKey(kind="AwsKey", key_arn=answers.KEY_ARN))
    return CreateByokV1KeyRequest(key=key, display_name=answers.DISPLAY_NAME)


def works(url: str) -> Works:
    """What is to be called for each figure."""
    configuration = Configuration(host=url, username=API_KEY, password=API_SECRET)
    configuration.connection_pool_maxsize = THREADS
    api = KeysByokV1Api(ApiClient(configuration))
    body, request = answers.page_body(), _request()
    return {
        "get": lambda: api.get_byok_v1_key(answers.ONE_KEY),
        "create": lambda: api.create_byok_v1_key(request),
        "build-and-create": lambda: api.create_byok_v1_key(_request()),
        "page": lambda: api.list_byok_v1_keys(page_size=answers.PAGE_SIZE),
        "decode": lambda: ByokV1KeyList.from_json(body),
        "iterate": lambda: sum(1 for _ in api.iter_byok_v1_keys()),
    }
