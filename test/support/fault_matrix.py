"""Every fault by name, each with the truth about it, for tests that try all of them.

Iterate over `ALL_FAULTS.values()`, and let `case.server(reply, always=...)` make the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from .fault_server import FaultServer
from .faults import (
    Drip,
    Drop,
    DropOnAccept,
    Send,
    Silence,
    bad_chunks,
    cut_body,
    cut_chunks,
    cut_headers,
    cut_late_headers,
    cut_status_line,
    deflated,
    drip_body,
    drip_headers,
    encoded,
    gzipped,
    huge_header,
    in_charset,
    interim,
    many_headers,
    slow_reply,
    surplus,
)
from .replies import (
    End,
    Framing,
    Reply,
    Step,
    html_reply,
    json_reply,
    redirect,
    redirect_to_itself,
)


class Truth(Enum):
    """What really happened to the request, which the caller may or may not be able to know."""

    NOT_DELIVERED = "the server never had the whole request"
    DELIVERED = "the server had the whole request, and sent no answer that can be read whole"
    ANSWERED = "the server had the whole request, and sent a complete answer"


class Outcome(Enum):
    """The row of the retry table that a fault falls into."""

    NOT_SENT = "surely not sent: every method retries"
    NO_ANSWER = "sent, no complete answer: POST raises with outcome_unknown, others retry"
    THROTTLED = "429, or 503 with Retry-After: every method retries"
    SERVER_ERROR = "408, 5xx but 501 and 505: POST raises with outcome_unknown, others retry"
    REJECTED = "any other failure status: every method raises, with the status"
    FOLLOWED = "307, 308: every method follows on the same origin"
    FOLLOWED_BY_GET = "301, 302, 303: GET follows, others raise with the status"
    UNREADABLE = "2xx, but no JSON: raises ApiResponseException, no retry; unknown after a write"
    EMPTY = "2xx without a body: as UNREADABLE where JSON is due, a success of a DELETE"
    SUCCESS = "an answer that must reach the caller whole"

    def repeats(self, method: str) -> bool:
        """Whether a request with this method is sent again."""
        if method == "GET" and self is Outcome.FOLLOWED_BY_GET:
            return True
        if method != "POST" and self in (Outcome.NO_ANSWER, Outcome.SERVER_ERROR):
            return True
        return self in (Outcome.NOT_SENT, Outcome.THROTTLED, Outcome.FOLLOWED)


@dataclass(frozen=True)
class FaultCase:
    """A fault, how to make it, and what may come of it.

    `make` takes the reply that the operation would get in good times. `outcomes` holds the row of
    the table first, and after it others that are as truthful. `refuses` marks the case in which the
    port itself refuses. `lasts` marks those that only the caller's clock ends, `drips` those among
    them of which something arrives all the time, so that no limit for one read ends them.
    """

    name: str
    make: Callable[[Reply], Step]
    truth: Truth
    outcomes: tuple[Outcome, ...]
    refuses: bool = False
    lasts: bool = False
    drips: bool = False

    @property
    def outcome(self) -> Outcome:
        """The row of the design's table."""
        return self.outcomes[0]

    def server(self, good: Reply, *, always: bool) -> FaultServer:
        """A server that meets the first request, or `always` every one, with this fault.

        Where the case `refuses`, the port opens for good when the test calls `listen()` on the
        server, for instance from the clock's `on_sleep`.
        """
        if self.refuses:
            return FaultServer([good], listening=False)
        fault = self.make(good)
        return FaultServer([fault], then=fault if always else good)


def _same(reply: Reply) -> Reply:
    return reply


def _always(step: Step) -> Callable[[Reply], Step]:
    return lambda reply: step


def _changed(reply: Reply, **changes: Any) -> Reply:
    return replace(reply, **changes)


def _without_type(reply: Reply) -> Reply:
    return replace(reply, headers=tuple(h for h in reply.headers if h[0] != "Content-Type"))


def _two_lengths(reply: Reply) -> Reply:
    lengths = (("Content-Length", "1"), ("Content-Length", "2"))
    return replace(reply, framing=Framing.AS_GIVEN).with_headers(*lengths)


def _in_chunks(reply: Reply) -> Reply:
    return reply if reply.status == 204 else replace(reply, framing=Framing.CHUNKED)


_LOST = (Outcome.NO_ANSWER,)
# Whether mislabelled bytes can be saved is the client's business; it must not lie about them.
_GARBLED = (Outcome.UNREADABLE, Outcome.SUCCESS)
_FINE = (Outcome.SUCCESS,)


def _not_delivered() -> list[FaultCase]:
    truth = Truth.NOT_DELIVERED
    unsent_or_lost = (Outcome.NO_ANSWER, Outcome.NOT_SENT)
    return [
        FaultCase("refuse", _same, truth, (Outcome.NOT_SENT,), refuses=True),
        FaultCase("close_on_accept", _always(DropOnAccept()), truth, _LOST),
        # Whether the reset arrives before `connect` returns is a race.
        FaultCase("reset_on_accept", _always(DropOnAccept(reset=True)), truth, unsent_or_lost),
        FaultCase("close_before_reading", _always(Drop.before_reading()), truth, _LOST),
        FaultCase("reset_before_reading", _always(Drop.before_reading(reset=True)), truth, _LOST),
        FaultCase("silence_before_reading", _always(Silence(read=False)), truth, _LOST, lasts=True),
    ]


def _lost_answers() -> list[FaultCase]:
    makers: dict[str, Callable[[Reply], Step]] = {
        "close_after_reading": _always(Drop.after_reading()),
        "reset_after_reading": _always(Drop.after_reading(reset=True)),
        "garbage": _always(Send(b"SSH-2.0-OpenSSH_9.6\r\n")),
        "binary_garbage": _always(Send(bytes(range(256)) * 4)),
        "endless_status_line": _always(Send(b"HTTP/1.1 200 " + b"O" * 100_000)),
        "cut_status_line": cut_status_line,
        "cut_headers": cut_headers,
        "cut_late_headers": cut_late_headers,
        "cut_headers_reset": lambda reply: cut_headers(reply, end=End.RESET),
        "cut_body": cut_body,
        "cut_body_reset": lambda reply: cut_body(reply, end=End.RESET),
        "cut_chunks": cut_chunks,
        "cut_chunks_reset": lambda reply: cut_chunks(reply, end=End.RESET),
        "bad_chunk_size": bad_chunks,
        "negative_chunk_size": lambda reply: bad_chunks(reply, size_line=b"-2\r\n"),
        "empty_chunk_size": lambda reply: bad_chunks(reply, size_line=b"\r\n"),
        "too_many_headers": lambda reply: many_headers(reply, 150),
        "too_huge_header": lambda reply: huge_header(reply, 100_000),
        "conflicting_lengths": _two_lengths,
        "interim_without_end": _always(Send(b"HTTP/1.1 100 Continue\r\n\r\n")),
    }
    silent: dict[str, Callable[[Reply], Step]] = {
        "silence": _always(Silence()),
        "stalled_body": lambda reply: cut_body(reply, end=End.HOLD),
        "stalled_chunks": lambda reply: cut_chunks(reply, end=End.HOLD),
    }
    dripping: dict[str, Callable[[Reply], Step]] = {
        "slow_headers": drip_headers,
        "slow_status_line": _always(Drip(b"HTTP/1.1 200 ", b"O", endless=True)),
        "dripping_body": drip_body,
        "endless_interim": _always(
            Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001, endless=True)
        ),
    }
    quick = [FaultCase(name, make, Truth.DELIVERED, _LOST) for name, make in makers.items()]
    slow = [
        FaultCase(name, make, Truth.DELIVERED, _LOST, lasts=True) for name, make in silent.items()
    ]
    endless = [
        FaultCase(name, make, Truth.DELIVERED, _LOST, lasts=True, drips=True)
        for name, make in dripping.items()
    ]
    return [*quick, *slow, *endless]


def _statuses() -> list[FaultCase]:
    plain = Reply(429)
    throttled: dict[str, Step] = {
        "throttled_bare": plain,
        "throttled_retry_after": plain.with_headers(("Retry-After", "1")),
        "throttled_retry_after_0": plain.with_headers(("Retry-After", "0")),
        "throttled_garbage": plain.with_headers(
            ("Retry-After", "soon"), ("X-RateLimit-Reset", "-1")
        ),
        "throttled_reset": plain.with_headers(("X-RateLimit-Reset", "1")),
        "throttled_html": html_reply(429),
        "unavailable_retry_after": html_reply(503, ("Retry-After", "1")),
    }
    groups = {
        Outcome.SERVER_ERROR: (408, 500, 502, 503, 504, 520, 524, 529, 599),
        Outcome.REJECTED: (400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 501, 505),
    }
    cases = [
        FaultCase(name, _always(step), Truth.ANSWERED, (Outcome.THROTTLED,))
        for name, step in throttled.items()
    ]
    for outcome, statuses in groups.items():
        for status in statuses:
            failure = json_reply(status, {"errors": [{"id": "5" * 32, "detail": "On purpose."}]})
            pages = {f"html_{status}": html_reply(status), f"json_{status}": failure}
            pages[f"empty_{status}"] = Reply(status)
            cases += [
                FaultCase(name, _always(page), Truth.ANSWERED, (outcome,))
                for name, page in pages.items()
            ]
    return cases


def _redirects() -> list[FaultCase]:
    rows = dict.fromkeys((301, 302, 303), Outcome.FOLLOWED_BY_GET)
    rows |= dict.fromkeys((307, 308), Outcome.FOLLOWED)
    loops = [
        FaultCase(f"redirect_{code}", _always(redirect_to_itself(code)), Truth.ANSWERED, (row,))
        for code, row in rows.items()
    ]
    nowhere: dict[str, Step] = {
        "redirect_without_location": html_reply(307),
        "redirect_to_nonsense": redirect(307, "http://[::bad"),
        "redirect_to_other_scheme": redirect(307, "file:///etc/hostname"),
        "not_modified": Reply(304),
    }
    return loops + [
        FaultCase(name, _always(step), Truth.ANSWERED, (Outcome.REJECTED,))
        for name, step in nowhere.items()
    ]


def _odd_answers() -> list[FaultCase]:
    garbled: dict[str, Callable[[Reply], Step]] = {
        "gzip_label_on_plain": lambda reply: encoded(reply, "gzip"),
        "truncated_gzip": lambda reply: gzipped(reply, drop=12),
        "corrupt_gzip": lambda reply: encoded(reply, "gzip", b"\x1f\x8b" + b"\xff" * 40),
        "deflate_label_on_plain": lambda reply: encoded(reply, "deflate"),
        "latin1_as_utf8": lambda reply: in_charset(reply, "latin-1", "application/json"),
        "utf16_as_utf8": lambda reply: in_charset(reply, "utf-16", "application/json"),
        "utf16_labelled": lambda reply: in_charset(
            reply, "utf-16", "application/json; charset=utf-16"
        ),
    }
    unreadable: dict[str, Callable[[Reply], Step]] = {
        "html_200": _always(html_reply(200)),
        "cut_json": lambda reply: Reply(200, reply.headers, (reply.body or b"{}")[:-1]),
    }
    # Nothing to read, yet nothing that went wrong either.
    empty: dict[str, Callable[[Reply], Step]] = {
        "empty_200": _always(Reply(200)),
        "no_content": _always(Reply(204)),
        "no_content_with_body": lambda reply: Reply(204, reply.headers, reply.body or b"{}"),
    }
    rows = [
        (garbled, _GARBLED),
        (unreadable, (Outcome.UNREADABLE,)),
        (empty, (Outcome.EMPTY,)),
    ]
    return [
        FaultCase(name, make, Truth.ANSWERED, outcomes)
        for makers, outcomes in rows
        for name, make in makers.items()
    ]


def _fine_answers() -> list[FaultCase]:
    makers: dict[str, Callable[[Reply], Step]] = {
        "slow_reply": slow_reply,
        "interim_100": lambda reply: interim(reply, 100, 100),
        "no_reason": lambda reply: _changed(reply, reason=""),
        "odd_reason": lambda reply: _changed(reply, reason="Tout va bien, \xe9videmment"),
        "http_1_0": lambda reply: _changed(reply, version="HTTP/1.0", framing=Framing.CLOSE),
        "until_close": lambda reply: _changed(reply, framing=Framing.CLOSE),
        "chunked": _in_chunks,
        "close_after_reply": lambda reply: _changed(reply, end=End.CLOSE),
        "surplus_bytes": surplus,
        "many_headers": lambda reply: many_headers(reply, 80),
        "huge_header": lambda reply: huge_header(reply, 60_000),
        "no_content_type": _without_type,
        "text_plain": lambda reply: reply.with_headers(("Content-Type", "text/plain")),
        "bad_content_type": lambda reply: reply.with_headers(("Content-Type", ";=\xff,,")),
        "gzip": gzipped,
        "gzip_unlabelled": lambda reply: gzipped(reply, label=None),
        "gzip_x_label": lambda reply: gzipped(reply, label="x-gzip"),
        "deflate": deflated,
        "raw_deflate": lambda reply: deflated(reply, raw=True),
        "unknown_encoding": lambda reply: encoded(reply, "klingon"),
        "unknown_charset": lambda reply: in_charset(
            reply, "utf-8", "application/json; charset=klingon"
        ),
        "latin1_labelled": lambda reply: in_charset(
            reply, "latin-1", "application/json; charset=iso-8859-1"
        ),
        "utf8_bom": lambda reply: in_charset(reply, "utf-8-sig", "application/json"),
    }
    cases = [FaultCase(name, make, Truth.ANSWERED, _FINE) for name, make in makers.items()]
    # RFC 9110 lets interim answers precede the final one, but `http.client` takes 103 for final.
    either = (Outcome.SUCCESS, Outcome.NO_ANSWER)
    early = FaultCase("interim_103", lambda reply: interim(reply, 103), Truth.ANSWERED, either)
    return [*cases, early]


ALL_FAULTS: dict[str, FaultCase] = {
    case.name: case
    for case in (
        *_not_delivered(),
        *_lost_answers(),
        *_statuses(),
        *_redirects(),
        *_odd_answers(),
        *_fine_answers(),
    )
}
