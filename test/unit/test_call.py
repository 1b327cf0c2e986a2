import pytest

from openapi_client._pipeline.call import Call


def test_a_call_is_described_once() -> None:
    """A wrapper cannot change a call between two of its attempts."""
    call = Call(method="GET", path="/byok/v1/keys", path_params={}, returns=type(None), options={})
    with pytest.raises(AttributeError):
        call.method = "DELETE"  # type: ignore[misc]  # that is what must not work


def test_rules_for_retries() -> None:
    """A POST that registers nothing is repeated, and one that registers a key is not."""
    post = Call(method="POST", path="/", path_params={}, returns=type(None), options={})
    assert post.retried_as == "POST"
    assert post._replace(is_idempotent=True).retried_as == "GET"
    assert post._replace(method="PATCH").retried_as == "PATCH"
