import pickle
from dataclasses import FrozenInstanceError

import pytest

from openapi_client import Attempt
from openapi_client._core.attempts import Delivery

_ATTEMPT = Attempt(
    number=1,
    method="GET",
    path="/byok/v1/keys",
    status=503,
    error=None,
    request_id="r1",
    duration=0.25,
    wait=1.0,
)


def test_an_attempt_is_a_fact() -> None:
    """An attempt cannot be changed by whoever is told of it."""
    with pytest.raises(FrozenInstanceError):
        _ATTEMPT.status = 200  # type: ignore[misc]  # that is what must not work


def test_attempts_are_pickled() -> None:
    """An attempt that is pickled comes back as the same."""
    assert pickle.loads(pickle.dumps(_ATTEMPT)) == _ATTEMPT


@pytest.mark.parametrize("delivery", Delivery)
def test_deliveries_are_pickled(delivery: Delivery) -> None:
    """What is known of a delivery is recognized after pickling."""
    assert pickle.loads(pickle.dumps(delivery)) is delivery
