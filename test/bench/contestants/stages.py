"""Parts of a get, each by itself: what the whole is made of.

How they add up to the whole: `socket` is what the kernel takes; `without-transport` is a call whose
exchange is replaced by an answer that is there already, so that what is left is the transport's;
`decode-one` is the body alone.
"""

from __future__ import annotations

import http.client
import io
import json
import socket
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import urllib3

from bench import answers

from . import API_KEY, API_SECRET, Works
from .openapi_generator import PACKAGE
from .openapi_python_client import token


class _Remembering:
    """In place of a client's `rest_client`: remembers the answer, and then gives it again."""

    def __init__(self, real: Any) -> None:
        self._real, self._answer = real, None

    def request(self, *arguments: Any, **options: Any) -> Any:
        if self._answer is None:
            self._answer = self._real.request(*arguments, **options)
        return self._answer


def _client_stages(client: Any, url: str) -> Works:
    """The parts of a client that has the interface of OpenAPI Generator's."""
    configuration = client.Configuration(host=url, username=API_KEY, password=API_SECRET)
    api = client.KeysByokV1Api(client.ApiClient(configuration))
    alone = client.KeysByokV1Api(client.ApiClient(configuration))
    alone.api_client.rest_client = _Remembering(alone.api_client.rest_client)
    body = answers.key_body().decode()
    model = type(api.get_byok_v1_key(answers.ONE_KEY))
    return {
        "get": lambda: api.get_byok_v1_key(answers.ONE_KEY),
        "without-transport": lambda: alone.get_byok_v1_key(answers.ONE_KEY),
        "decode-one": lambda: model.from_json(body),
    }


def ours(url: str) -> Works:
    """The parts of our get."""
    return _client_stages(import_module("openapi_client"), url)


def openapi_generator(url: str) -> Works:
    """The parts of a get by OpenAPI Generator's client."""
    return _client_stages(import_module(PACKAGE), url)


def raw(url: str) -> Works:
    """The parts of a get by urllib3 and json, and of urllib3 itself."""
    pools = urllib3.PoolManager()
    headers = {"Accept": "application/json", "Authorization": f"Basic {token()}"}
    address = url + answers.ONE_KEY_PATH
    pool = pools.connection_from_url(url)
    body, answer = answers.key_body(), answers.answer(answers.key_body())
    head = answer[answer.index(b"\r\n") + 2 : -len(body)]
    return {
        "get": lambda: json.loads(pools.request("GET", address, headers=headers).data),
        "request": lambda: pools.request("GET", address, headers=headers).data,
        "urlopen": lambda: pool.urlopen("GET", answers.ONE_KEY_PATH, headers=headers).data,
        "decode-one": lambda: json.loads(body),
        "parse-head": lambda: http.client.parse_headers(io.BytesIO(head)),
        "socket": _socket(url, len(answer)),
    }


def _socket(url: str, length: int) -> Any:
    """A request and its answer as bytes that nobody looks at."""
    host = urlsplit(url).netloc
    sock = socket.create_connection((host.split(":")[0], int(host.split(":")[1])))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sent = (
        f"GET {answers.ONE_KEY_PATH} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n"
        f"Accept: application/json\r\nAuthorization: Basic {token()}\r\n"
        "User-Agent: python-urllib3/2\r\n\r\n"
    ).encode()

    def exchange() -> None:
        sock.sendall(sent)
        received = 0
        while received < length:
            received += len(sock.recv(65536))

    return exchange
