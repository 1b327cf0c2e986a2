"""The network between a job and the service: all that can happen to one exchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from random import Random
from typing import Any, NoReturn
from urllib.parse import unquote

from openapi_client import ApiConnectionException, ApiTimeoutException
from openapi_client._core.attempts import Delivery

from .records import Exchange
from .service import Reply

HOST = "https://api.confluent.cloud"
LOOPBACK = "http://127.0.0.1"
"""The host of worlds with the client's own transport: plain http, so that no TLS is needed."""
ARN = "arn:aws:kms:eu-west-1:111122223333:"
ELSEWHERE = "https://elsewhere.example"
_HTML = b"<html><body>Please log in</body></html>"
_OK = {"Content-Type": "application/json", "X-Request-Id": "r-1"}


def in_short(url: str) -> str:
    """A URL as the story has it."""
    return unquote(url).removeprefix(HOST).removeprefix(LOOPBACK).replace(ARN, "")


class Killed(BaseException):
    """The process of a job ended. No ``Exception``: nothing in a process outlives it."""


class Answer:
    """What the client's transport returns: a head, and a body that may not come."""

    def __init__(self, reply: Reply, read: Callable[[], bytes]) -> None:
        self.status = reply.status
        self.reason = ""
        self.data: bytes | None = None
        self.headers = {**_OK, **reply.headers}
        self._read = read

    def read(self) -> bytes:
        """The body; may raise as the transport does."""
        if self.data is None:
            self.data = self._read()
        return self.data

    def getheaders(self) -> dict[str, str]:
        """The headers."""
        return self.headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """One header."""
        return self.headers.get(name, default)

    def close(self) -> None:
        """Nothing to give back."""


@dataclass
class Passage:
    """One exchange on its way; what a fault can do with it."""

    exchange: Exchange
    limits: Any
    """The client's timeout: a pair (connect, read), and a deadline."""
    chance: Random
    sleep: Callable[[float], None]
    later: Callable[[float, Callable[[], Any]], None]
    deliver: Callable[[], Reply]
    """Brings the request to the service."""

    def travel(self) -> None:
        """One way, unless the client gives up before that."""
        seconds = self.chance.uniform(0.005, 0.2)
        if seconds > self.patience():
            self.hang()
        self.sleep(seconds)

    def patience(self, part: int = 1) -> float:
        """The seconds that the client waits for an answer (or, 0, for a connection)."""
        left: float = min(self.limits[part], self.limits.left())
        return max(0.0, left)

    def fail(
        self, why: str, delivery: Delivery, *, slow: bool = False, answer: Answer | None = None
    ) -> NoReturn:
        """Raise what the transport raises; of ``answer`` no more came than its head."""
        self.exchange.delivery = delivery
        kind = ApiTimeoutException if slow else ApiConnectionException
        failure = kind(reason=why, http_resp=answer)
        failure.delivery = delivery
        raise failure

    def hang(self) -> NoReturn:
        """Say nothing until the client gives up."""
        self.sleep(self.patience())
        self.fail("timed out", Delivery.UNANSWERED, slow=True)

    def answer(self, reply: Reply, *, readable: bool = True) -> Answer:
        """Bring an answer back."""
        self.travel()
        seen = self.exchange
        # Of an answer to DELETE nothing is expected, so an empty body is one.
        seen.readable = readable or (seen.method == "DELETE" and not reply.body)
        seen.status, seen.told = reply.status, reply.told
        seen.location = reply.headers.get("Location") if reply.status // 100 == 3 else None
        return Answer(reply, lambda: reply.body)


Fault = Callable[[Passage], Answer]


def undisturbed(passage: Passage) -> Answer:
    """There, and back."""
    passage.travel()
    return passage.answer(passage.deliver())


def _refused(passage: Passage) -> Answer:
    passage.travel()
    passage.fail("connection refused", Delivery.NOT_SENT)


def _no_connection(passage: Passage) -> Answer:
    passage.sleep(passage.patience(0))
    passage.fail("timed out", Delivery.NOT_SENT, slow=True)


def _untrusted(passage: Passage) -> Answer:
    passage.travel()
    passage.fail("certificate verify failed", Delivery.REFUSED)


def _lost_before(passage: Passage) -> Answer:
    passage.travel()
    passage.fail("closed without an answer", Delivery.UNANSWERED)


def _lost_after(passage: Passage) -> Answer:
    passage.travel()
    passage.deliver()
    passage.travel()
    passage.fail("closed without an answer", Delivery.UNANSWERED)


def _silent_before(passage: Passage) -> Answer:
    passage.hang()


def _silent_after(passage: Passage) -> Answer:
    passage.sleep(min(0.1, passage.patience()))
    passage.deliver()
    passage.hang()


def _arrives_late(passage: Passage) -> Answer:
    passage.later(passage.chance.uniform(0, 60), passage.deliver)
    passage.hang()


def _late(passage: Passage) -> Answer:
    passage.travel()
    reply = passage.deliver()
    delay = passage.chance.uniform(1, 100)
    if delay >= passage.patience():
        passage.hang()
    passage.sleep(delay)
    return passage.answer(reply)


def _broken_body(passage: Passage, *, slow: bool) -> Answer:
    passage.travel()
    answer = passage.answer(passage.deliver())

    def read() -> bytes:
        if slow:
            passage.sleep(passage.patience())
        passage.fail("the body broke off", Delivery.UNANSWERED, slow=slow, answer=answer)

    answer._read = read
    return answer


def _cut(passage: Passage) -> Answer:
    return _broken_body(passage, slow=False)


def _dripping(passage: Passage) -> Answer:
    return _broken_body(passage, slow=True)


def _says(
    status: int,
    headers: Mapping[str, str] | None = None,
    *,
    body: bytes = _HTML,
    told: float | None = None,
    readable: bool = True,
    processed: bool = False,
) -> Fault:
    """A gateway that answers in place of the service, before or after it did its work."""

    def fault(passage: Passage) -> Answer:
        passage.travel()
        reply = Reply(status, body, dict(headers or {}), told)
        done = passage.deliver() if processed else reply
        if status < 300 <= done.status:  # Nothing makes a success of a refusal.
            return passage.answer(done)
        return passage.answer(reply, readable=readable)

    return fault


def _date(seconds: float) -> dict[str, str]:
    # Both of one clock, which is not the client's.
    return {"Date": formatdate(0, usegmt=True), "Retry-After": formatdate(seconds, usegmt=True)}


def _redirected(status: int, origin: str) -> Fault:
    def fault(passage: Passage) -> Answer:
        passage.travel()
        path = passage.exchange.url.removeprefix(HOST).removeprefix(ELSEWHERE)
        return passage.answer(Reply(status, b"", {"Location": f"{origin}{path}"}))

    return fault


def _dies(*, processed: bool) -> Fault:
    def fault(passage: Passage) -> Answer:
        passage.travel()
        if processed:
            passage.deliver()
        raise Killed

    return fault


_TRANSIENT = (408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 529, 599)
FAULTS: dict[str, Fault] = {
    "connection refused": _refused,
    "no connection in time": _no_connection,
    "certificate not trusted": _untrusted,
    "lost before": _lost_before,
    "lost after": _lost_after,
    "silent before": _silent_before,
    "silent after": _silent_after,
    "arrives late": _arrives_late,
    "answered late": _late,
    "cut": _cut,
    "dripping": _dripping,
    "429, 3 s": _says(429, {"Retry-After": "3"}, told=3),
    "429, 0 s": _says(429, {"Retry-After": "0"}, told=0),
    "429, a date": _says(429, _date(5), told=5),
    "429, 1.5 s": _says(429, {"Retry-After": "1.5"}, told=1.5),
    "429, an hour": _says(429, {"Retry-After": "3600"}, told=3600),
    "429, reset": _says(429, {"X-RateLimit-Reset": "4"}, told=4),
    "429, garbage": _says(429, {"Retry-After": "soon"}),
    "429, negative": _says(429, {"Retry-After": "-5", "X-RateLimit-Reset": "-1"}),
    "429, nothing": _says(429),
    "503, 3 s": _says(503, {"Retry-After": "3"}, told=3),
    "503, an hour": _says(503, {"Retry-After": "3600"}, told=3600),
    "502, 3 s, after": _says(502, {"Retry-After": "3"}, told=3, processed=True),
    "502, an hour, before": _says(502, {"Retry-After": "3600"}, told=3600),
    "504, an hour, after": _says(504, {"Retry-After": "3600"}, told=3600, processed=True),
    "501": _says(501),
    "505": _says(505),
    "400 of a gateway": _says(400),
    "401": _says(401),
    "403 of a gateway": _says(403),
    "407": _says(407, {"Proxy-Authenticate": "Basic"}),
    "block page, 200": _says(200, {"Content-Type": "text/html"}, readable=False),
    "block page, 202": _says(202, {"Content-Type": "text/html"}, readable=False),
    "null, 200": _says(200, body=b"null", readable=False),
    "errors, 200": _says(200, body=b'{"errors": [{"detail": "no"}]}', readable=False),
    "garbled, 201": _says(201, body=b"\x1f\x8b\x00", readable=False, processed=True),
    "empty, 200": _says(200, body=b"", readable=False, processed=True),
    "307 to the same origin": _redirected(307, HOST),
    "307 elsewhere": _redirected(307, ELSEWHERE),
    "302 elsewhere": _redirected(302, ELSEWHERE),
    "dies before": _dies(processed=False),
    "dies after": _dies(processed=True),
}
for _status in _TRANSIENT:
    FAULTS[f"{_status} before"] = _says(_status)
    FAULTS[f"{_status} after"] = _says(_status, processed=True)
