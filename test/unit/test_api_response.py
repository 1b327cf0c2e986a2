import pickle
from dataclasses import FrozenInstanceError

import pytest

from openapi_client import ApiResponse, Headers, RateLimit


def test_facts_of_an_answer() -> None:
    """A response tells its status, data, request id and rate limit."""
    headers = Headers({"x-request-id": "r1", "x-ratelimit-reset": "9"})
    response = ApiResponse(status_code=201, headers=headers, data="d", raw_data=b"{}")
    assert (response.status, response.status_code) == (201, 201)
    assert (response.data, response.raw_data) == ("d", b"{}")
    assert response.request_id == "r1"
    assert response.rate_limit == RateLimit(None, None, 9)
    assert (response.attempts, response.validation_errors) == ((), ())


def test_without_headers() -> None:
    """A response can be made without headers."""
    response = ApiResponse(status_code=204, data=None, raw_data=b"")
    assert response.headers == {}
    assert response.request_id is None


def test_responses_are_facts() -> None:
    """A response can be pickled, and not be changed."""
    response = ApiResponse(status_code=204, data=None, raw_data=b"")
    assert pickle.loads(pickle.dumps(response)) == response
    with pytest.raises(FrozenInstanceError):
        response.status_code = 500  # type: ignore[misc]  # that is what must not work
