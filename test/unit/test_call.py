from dataclasses import FrozenInstanceError, replace

import pytest

from openapi_client._pipeline.call import Call


def test_a_call_is_described_once() -> None:
    """A wrapper could change a call between two of its attempts."""
    call = Call(method="GET", path="/byok/v1/keys", returns=type(None), options={})
    with pytest.raises(FrozenInstanceError):
        call.method = "DELETE"  # type: ignore[misc]  # that is what must not work


def test_calls_share_nothing() -> None:
    """One call would send the id of another."""
    one, other = (Call(method="GET", path="/", returns=type(None), options={}) for _ in range(2))
    assert one.path_params is not other.path_params
    assert (one.path_params, one.query_params, one.form) == ({}, (), ())


def test_rules_for_retries() -> None:
    """A POST that registers nothing would not be repeated, or one that registers a key would."""
    post = Call(method="POST", path="/", returns=type(None), options={})
    assert post.retried_as == "POST"
    assert replace(post, is_idempotent=True).retried_as == "GET"
    assert replace(post, method="PATCH").retried_as == "PATCH"
