"""How late a call ends that something keeps waiting: at most a tenth of its time, or 0.3 s."""

import time

import pytest

from network.slowness import CASES, Case, call
from openapi_client import ApiClient, ApiException, Configuration, KeysByokV1Api, RetryPolicy

_ENDLESS = RetryPolicy(max_attempts=1_000_000, backoff_base=0.05, backoff_cap=0.05)


@pytest.mark.parametrize("deadline", [0.5, 4.0], ids="{} s".format)
@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_overrun(
    name: str, case: Case, deadline: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """A call ends at most a tenth of its time, or 0.3 s, after its deadline."""
    with case() as settings:
        configuration = Configuration(**settings, deadline=deadline, retries=_ENDLESS)
        with ApiClient(configuration) as client:
            started = time.monotonic()
            with pytest.raises(ApiException) as caught:
                call(KeysByokV1Api(client), name)
            over = time.monotonic() - started - deadline
    with capsys.disabled():
        attempts = len(caught.value.attempts)
        print(f"\n{name:30} {deadline:4} s  {1000 * over:+8.1f} ms, {attempts} attempts", end=" ")
    assert over <= max(0.3, deadline / 10)
