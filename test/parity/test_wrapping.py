"""SDKs that wrap the generated client go on seeing every request at the same two places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.recorder import RecordingServer

from .calls import BASIC, Call, aws

_CALLS = [
    Call("create", lambda p, api: api.create_byok_v1_key(aws(p))),
    Call("delete", lambda p, api: api.delete_byok_v1_key("a/b")),
    Call("list", lambda p, api: api.list_byok_v1_keys("AWS")),
    Call("update", lambda p, api: api.update_byok_v1_key("x", {"display_name": "n"})),
]


def _seen(method: str, url: str, headers: Any, body: Any) -> tuple[Any, ...]:
    # The generated client hands the body on as an object and makes it JSON at the end; here it is
    # bytes from the start, so that each attempt sends the same ones.
    sent = json.loads(body) if isinstance(body, str | bytes) else body
    return (method, url, {k: v for k, v in headers.items() if k != "User-Agent"}, sent or None)


def _through_override(package: Any, call: Call, url: str) -> list[tuple[Any, ...]]:
    seen: list[tuple[Any, ...]] = []

    class Wrapped(package.ApiClient):  # type: ignore[misc]  # the base is known only at run time
        """A subclass as a wrapping SDK writes it."""

        def call_api(
            self,
            method: str,
            url: str,
            header_params: Any = None,
            body: Any = None,
            post_params: Any = None,
            _request_timeout: Any = None,
        ) -> Any:
            seen.append(_seen(method, url, header_params, body))
            return super().call_api(method, url, header_params, body, post_params, _request_timeout)

    call.do(package, package.KeysByokV1Api(Wrapped(package.Configuration(host=url, **BASIC))))
    return seen


def _through_transport(package: Any, call: Call, url: str) -> list[tuple[Any, ...]]:
    seen: list[tuple[Any, ...]] = []
    client = package.ApiClient(package.Configuration(host=url, **BASIC))

    class Transport:
        """An object put in the place of `rest_client`."""

        def __init__(self, inner: Any) -> None:
            self._inner = inner

        def request(
            self,
            method: str,
            url: str,
            headers: Any = None,
            body: Any = None,
            post_params: Any = None,
            _request_timeout: Any = None,
        ) -> Any:
            seen.append(_seen(method, url, headers, body))
            return self._inner.request(
                method,
                url,
                headers=headers,
                body=body,
                post_params=post_params,
                _request_timeout=_request_timeout,
            )

    client.rest_client = Transport(client.rest_client)
    call.do(package, package.KeysByokV1Api(client))
    return seen


@pytest.mark.parametrize("call", _CALLS, ids=str)
@pytest.mark.parametrize("through", [_through_override, _through_transport])
def test_wrapper_sees_the_same(
    theirs: Any, ours: Any, server: RecordingServer, through: Any, call: Call
) -> None:
    """An SDK sees the same request at both places, and sees it once."""
    their_view = through(theirs, call, server.url)
    assert through(ours, call, server.url) == their_view
    assert len(their_view) == 1


def test_transport_gets_plain_requests(theirs: Any, ours: Any, server: RecordingServer) -> None:
    """`rest_client.request`, used by itself with an object as body, sends what it sent."""
    sent = []
    for package in (theirs, ours):
        transport = package.rest.RESTClientObject(package.Configuration(host=server.url))
        headers = {"Content-Type": "application/json", "X-One": "1"}
        server.requests = []
        response = transport.request("POST", server.url + "/x", headers, {"a": [1, "é", None]})
        assert (response.status, response.read()[:1]) == (201, b"{")
        request = server.only
        sent.append((request.target, request.header("X-One"), json.loads(request.body)))
    assert sent[0] == sent[1]
