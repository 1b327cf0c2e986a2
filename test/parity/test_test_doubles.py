"""Doubles that programs put in the place of the network, in their own tests."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
import urllib3

from .answers import KEY

_BODY = json.dumps(KEY).encode()
_SEAMS = [
    "urllib3.PoolManager.request",
    "urllib3.PoolManager.urlopen",
    "urllib3.HTTPConnectionPool.urlopen",
]
_DOUBLES: dict[str, Callable[[], Any]] = {
    "bytes": lambda: urllib3.HTTPResponse(body=_BODY, status=200),
    "stream": lambda: urllib3.HTTPResponse(io.BytesIO(_BODY), status=200, preload_content=False),
    "Mock with headers": lambda: mock.Mock(status=200, data=_BODY, reason="OK", headers={}),
}


def _get(package: Any, **settings: Any) -> Any:
    configuration = package.Configuration(host="http://127.0.0.1:1", **settings)
    return package.KeysByokV1Api(package.ApiClient(configuration)).get_byok_v1_key("x")


@pytest.mark.parametrize("seam", _SEAMS)
@pytest.mark.parametrize("double", _DOUBLES)
def test_a_method_of_urllib3_is_replaced(theirs: Any, ours: Any, seam: str, double: str) -> None:
    """A test that patches urllib3 sees its canned answer come out of the call."""
    for package in (theirs, ours):
        if package is theirs and "Mock" in double and "Connection" in seam:
            continue  # urllib3's own code above it takes no Mock.
        with mock.patch(seam, return_value=_DOUBLES[double]()) as patched:
            assert _get(package).id == "cck-12345"
        patched.assert_called_once()


def test_a_failure_of_a_replaced_method(theirs: Any, ours: Any) -> None:
    """A canned failure is raised as the exception of its status, with body and reason."""
    for package in (theirs, ours):
        answer = urllib3.HTTPResponse(body=b'{"errors": []}', status=404, reason="Gone")
        with (
            mock.patch("urllib3.PoolManager.request", return_value=answer),
            pytest.raises(package.exceptions.NotFoundException) as caught,
        ):
            _get(package)
        assert (caught.value.status, caught.value.reason) == (404, "Gone")
        assert caught.value.body == '{"errors": []}'


@pytest.mark.parametrize("stage", ["rest.RESTClientObject.request", "ApiClient.call_api"])
def test_a_stage_is_replaced(theirs: Any, ours: Any, stage: str) -> None:
    """A test that patches a stage of the client gives back a response of its own making."""
    for package in (theirs, ours):
        answer = package.rest.RESTResponse(urllib3.HTTPResponse(body=_BODY, status=200))
        with mock.patch(f"{package.__name__}.{stage}", return_value=answer):
            assert _get(package).id == "cck-12345"


def test_an_operation_is_replaced(theirs: Any, ours: Any) -> None:
    """A Mock made from the class takes what the operation takes, and nothing else."""
    for package in (theirs, ours):
        api = mock.create_autospec(package.KeysByokV1Api, instance=True)
        api.get_byok_v1_key.return_value = package.GetByokV1Key200Response.from_dict(KEY)
        assert api.get_byok_v1_key("x", _request_timeout=3).id == "cck-12345"
        with pytest.raises(TypeError):
            api.get_byok_v1_key("x", no_such_option=3)


def test_a_configuration_is_replaced(theirs: Any, ours: Any) -> None:
    """A Mock made from the class has the settings."""
    for package in (theirs, ours):
        assert mock.create_autospec(package.Configuration).host is not None


def test_an_exception_is_made_by_hand(theirs: Any, ours: Any) -> None:
    """A double raises an exception that reads as the client's own."""
    for package in (theirs, ours):
        bare, known = package.ApiException(), package.ApiException(status=404, reason="Gone")
        assert (bare.status, known.status, known.reason) == (None, 404, "Gone")
        answer = mock.Mock(spec_set=["status", "reason", "data", "headers"])
        answer.status, answer.reason, answer.data = 409, "Conflict", b"{}"
        answer.headers = {"X-Request-Id": "r1"}
        made = package.ApiException(http_resp=answer)
        assert (made.status, made.reason, made.body) == (409, "Conflict", "{}")
        assert made.headers["X-Request-Id"] == "r1"
