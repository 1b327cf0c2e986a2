"""A client as OpenAPI Generator makes it, from docs/openapi.yaml, used as its README shows."""

from __future__ import annotations

# Not imported by name: it is made when the benchmark runs.
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench import answers

from . import API_KEY, API_SECRET, THREADS, Works

PACKAGE = "openapi_generator_client"


def _request(client: Any) -> Any:
    key = client.ByokV1KeyKey(client.ByokV1AwsKey(kind="AwsKey", key_arn=answers.KEY_ARN))
    return client.CreateByokV1KeyRequest(key=key, display_name=answers.DISPLAY_NAME)


def _iterate(api: Any) -> int:
    """Follow the pages by hand: the client has nothing for it."""
    seen, token = 0, None
    while True:
        page = api.list_byok_v1_keys(page_size=answers.PAGE_SIZE, page_token=token)
        for _ in page.data:
            seen += 1
        if not page.metadata.next:
            return seen
        token = parse_qs(urlsplit(page.metadata.next).query)["page_token"][0]


def works(url: str) -> Works:
    """What is to be called for each figure."""
    client = import_module(PACKAGE)
    configuration = client.Configuration(host=url, username=API_KEY, password=API_SECRET)
    configuration.connection_pool_maxsize = THREADS
    api = client.KeysByokV1Api(client.ApiClient(configuration))
    body, request = answers.page_body().decode(), _request(client)
    return {
        "get": lambda: api.get_byok_v1_key(answers.ONE_KEY),
        "create": lambda: api.create_byok_v1_key(request),
        "build-and-create": lambda: api.create_byok_v1_key(_request(client)),
        "page": lambda: api.list_byok_v1_keys(page_size=answers.PAGE_SIZE),
        "decode": lambda: client.ByokV1KeyList.from_json(body),
        "iterate": lambda: _iterate(api),
    }
