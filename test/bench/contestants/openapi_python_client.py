"""A client as openapi-python-client makes it, from docs/openapi.yaml, used as its README shows."""

from __future__ import annotations

import base64
import json

# Not imported by name: it is made when the benchmark runs.
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench import answers

from . import API_KEY, API_SECRET, THREADS, Works

PACKAGE = "openapi_python_client_client"


def token() -> str:
    """What stands after `Basic`: the client leaves it to its users to encode it."""
    return base64.b64encode(f"{API_KEY}:{API_SECRET}".encode()).decode()


def _client(url: str) -> Any:
    httpx = import_module("httpx")
    limits = httpx.Limits(max_connections=THREADS, max_keepalive_connections=THREADS)
    made: Any = import_module(PACKAGE)
    return made.AuthenticatedClient(
        base_url=url, token=token(), prefix="Basic", httpx_args={"limits": limits}
    )


def _new_key(models: Any) -> Any:
    kind = models.ByokV1AwsKeyKind("AwsKey")
    key = models.ByokV1AwsKey(key_arn=answers.KEY_ARN, kind=kind)
    return models.ByokV1Key(key=key, display_name=answers.DISPLAY_NAME)


def _operation(name: str) -> Any:
    return import_module(f"{PACKAGE}.api.keys_byokv_1.{name}").sync


def _iterate(list_keys: Any, client: Any) -> int:
    """Follow the pages by hand: the client has nothing for it."""
    seen = 0
    following: dict[str, str] = {}
    while True:
        page = list_keys(client=client, page_size=answers.PAGE_SIZE, **following)
        for _ in page.data:
            seen += 1
        if not page.metadata.next_:
            return seen
        following = {"page_token": parse_qs(urlsplit(page.metadata.next_).query)["page_token"][0]}


def works(url: str) -> Works:
    """What is to be called for each figure."""
    models: Any = import_module(f"{PACKAGE}.models")
    get, create = _operation("get_byok_v1_key"), _operation("create_byok_v1_key")
    list_keys, client = _operation("list_byok_v1_keys"), _client(url)
    body, new_key = answers.page_body(), _new_key(models)
    return {
        "get": lambda: get(answers.ONE_KEY, client=client),
        "create": lambda: create(client=client, body=new_key),
        "build-and-create": lambda: create(client=client, body=_new_key(models)),
        "page": lambda: list_keys(client=client, page_size=answers.PAGE_SIZE),
        "decode": lambda: models.ByokV1KeyList.from_dict(json.loads(body)),
        "iterate": lambda: _iterate(list_keys, client),
    }
