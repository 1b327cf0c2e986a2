"""What the simulation found, each as a plain test: a script of answers, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from math import inf
from typing import Any

import pytest

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiException,
    ApiTimeoutException,
    Configuration,
    ForbiddenException,
    KeysByokV1Api,
)
from openapi_client._core.attempts import Delivery
from simulation.network import Answer
from simulation.service import Reply
from support.clock import FakeClock

_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0"
_REQUEST = {"key": {"kind": "AwsKey", "key_arn": _ARN}}
_KEY = (
    b'{"api_version": "byok/v1", "kind": "Key", "id": "cck-1", "key": {"kind": "AwsKey",'
    b'"key_arn": "arn:aws:kms:eu-west-1:111122223333:key/0"}, "provider": "AWS",'
    b'"state": "AVAILABLE", "validation": {"phase": "VALID", "since": "2024-01-01T00:00:00Z"}}'
)
_NONE_LISTED = Reply(
    200, b'{"api_version": "byok/v1", "kind": "KeyList", "metadata": {}, "data": []}'
)
_LOCATION = {"Location": "/byok/v1/keys/cck-1"}
Step = Reply | Callable[["Script"], Reply]


class Script:
    """Stands in place of the transport: answers as it is told to, and notes when it was asked.

    What is asked of it more often than it was told an answer for gets the last one again.
    """

    def __init__(
        self,
        *,
        posts: Sequence[Step] = (),
        lists: Sequence[Step] = (_NONE_LISTED,),
        reads: Sequence[Step] = (),
    ) -> None:
        self.clock = FakeClock()
        self.asked: list[tuple[str, float]] = []
        """What was asked for, and when."""
        self.limits: Any = None
        self._steps = {"post": [*posts], "list": [*lists], "read": [*reads]}

    def request(self, method: str, url: str, **parts: Any) -> Answer:
        """Give the next answer."""
        what = "post" if method == "POST" else "read" if "cck-" in url else "list"
        self.asked.append((what, self.clock.monotonic()))
        self.limits = parts["_request_timeout"]
        steps = self._steps[what]
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        reply = step if isinstance(step, Reply) else step(self)
        return Answer(reply, lambda: reply.body)

    def wait_after(self, number: int) -> float:
        """The seconds between a request and the next; for ever where there was none."""
        times = [time for _, time in self.asked]
        return times[number + 1] - times[number] if number + 1 < len(times) else inf


def _silent(script: Script) -> Reply:
    script.clock.advance(max(0.0, min(script.limits[1], script.limits.left())))
    failure = ApiTimeoutException(reason="timed out")
    failure.delivery = Delivery.UNANSWERED
    raise failure


def _lost(script: Script) -> Reply:
    failure = ApiConnectionException(reason="closed")
    failure.delivery = Delivery.UNANSWERED
    raise failure


def _broken(answer: Answer) -> bytes:
    failure = ApiConnectionException(reason="the body broke off", http_resp=answer)
    failure.delivery = Delivery.UNANSWERED
    raise failure


def _api(script: Script) -> KeysByokV1Api:
    client = ApiClient(Configuration(username="k", password="s3cret"))
    client.clock = script.clock
    client.rest_client = script
    return KeysByokV1Api(client)


@pytest.mark.parametrize(
    "answers",
    [
        {"posts": [_silent], "lists": [_NONE_LISTED, _silent]},
        {"lists": [_silent]},
        {"posts": [Reply(409)], "lists": [_NONE_LISTED, _silent]},
    ],
    ids=["a registration is lost", "nothing is answered", "a conflict is not explained"],
)
def test_ensure_ends_by_its_timeout(answers: dict[str, list[Step]]) -> None:
    """A job ends by its timeout, or a tenth later at most, whatever is not answered."""
    script = Script(**answers)
    with pytest.raises(ApiException):
        _api(script).ensure_byok_v1_key(_REQUEST, timeout=60.0)
    assert script.clock.monotonic() - script.asked[0][1] <= 66.0


@pytest.mark.parametrize("status", [429, 503])
def test_ensure_heeds_the_wait_that_the_key_in_its_way_asks_for(status: int) -> None:
    """After a conflict, a job that is told to wait asks no sooner than it was told."""
    busy = Reply(status, headers={"Retry-After": "200"})
    script = Script(posts=[Reply(409, headers=_LOCATION)], reads=[busy, Reply(200, _KEY)])
    with suppress(ApiException):
        _api(script).ensure_byok_v1_key(_REQUEST, timeout=300.0)
    assert [what for what, _ in script.asked[:3]] == ["list", "post", "read"]
    assert script.wait_after(2) >= 200


def test_ensure_asks_nothing_more_of_a_proxy_that_refuses() -> None:
    """While an outcome is unknown, a proxy that wants a login is asked nothing more."""
    script = Script(posts=[_lost, Reply(407)])
    with pytest.raises(ApiException) as caught:
        _api(script).ensure_byok_v1_key(_REQUEST, settle=30.0, timeout=300.0)
    assert caught.value.status == 407
    assert caught.value.outcome_unknown
    assert script.asked[-1][0] == "post"


def test_ensure_heeds_the_wait_that_a_second_registration_is_told() -> None:
    """A job whose second registration is told to wait looks for the key no sooner than that."""
    script = Script(posts=[_lost, Reply(429, headers={"Retry-After": "200"})])
    with pytest.raises(ApiException):
        _api(script).ensure_byok_v1_key(_REQUEST, settle=30.0, timeout=300.0)
    second = [what for what, _ in script.asked].index("post", 2)
    assert script.wait_after(second) >= 200


def test_ensure_tells_an_unknown_outcome_although_it_ends_at_a_forbidden_key() -> None:
    """A job that ends at a forbidden key still tells that its registration may have happened."""
    listed = Reply(
        200, b'{"api_version": "byok/v1", "kind": "KeyList", "metadata": {}, "data": [%s]}' % _KEY
    )
    script = Script(posts=[_lost], lists=[_NONE_LISTED, listed], reads=[Reply(403)])
    with pytest.raises(ForbiddenException) as caught:
        _api(script).ensure_byok_v1_key(_REQUEST, settle=30.0)
    assert caught.value.outcome_unknown


def test_wait_heeds_a_rate_limit_that_names_its_reset() -> None:
    """A job that polls waits until the window of its rate limit is over."""
    script = Script(reads=[Reply(429, headers={"X-RateLimit-Reset": "20"}), Reply(200, _KEY)])
    client = _api(script).api_client.with_options(retries=False)
    KeysByokV1Api(client).wait_for_byok_v1_key("cck-1", timeout=300.0)
    assert script.wait_after(0) >= 20


def test_a_wait_that_was_told_holds_although_the_body_breaks_off() -> None:
    """A wait that the head of an answer tells is kept, although the body breaks off."""

    class Cut(Script):
        def request(self, method: str, url: str, **parts: Any) -> Answer:
            answer = super().request(method, url, **parts)
            if answer.status == 429:
                answer.read = lambda: _broken(answer)  # type: ignore[method-assign]
            return answer

    script = Cut(reads=[Reply(429, headers={"Retry-After": "30"}), Reply(200, _KEY)])
    _api(script).get_byok_v1_key("cck-1")
    assert script.wait_after(0) >= 30
