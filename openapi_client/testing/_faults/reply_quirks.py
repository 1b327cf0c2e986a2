"""Quirks of a reply as a whole: status, headers, encoding."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from email.utils import formatdate

from .._http.message import Reply, Request
from .._store.clock import whole_seconds

Change = Callable[[Reply, Request, int], None]
"""Changes a reply, which is encoded already, to a request; the last argument is the time."""

_RATE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
_WAITING = (429, 503)


def _create_200(reply: Reply, _: Request, __: int) -> None:
    if reply.status == 201:
        reply.status = 200


def _delete_with_body(reply: Reply, _: Request, __: int) -> None:
    if reply.status == 204:
        reply.body = b'{"message":"deleted"}'


def _content_type_text(reply: Reply, _: Request, __: int) -> None:
    if reply.body:
        reply.headers["Content-Type"] = "text/plain"


def _gzip_unlabelled(reply: Reply, _: Request, __: int) -> None:
    if reply.body:
        reply.body = gzip.compress(reply.body, compresslevel=1)


def _gzip(reply: Reply, request: Request, now: int) -> None:
    if reply.body and "gzip" in request.headers.get("Accept-Encoding", ""):
        _gzip_unlabelled(reply, request, now)
        reply.headers["Content-Encoding"] = "gzip"


def _conflict_location(reply: Reply, request: Request, _: int) -> None:
    if reply.status == 409:
        reply.headers.setdefault("Location", request.path)


def _headers(value: str | None, *names: str, statuses: tuple[int, ...] = ()) -> Change:
    """Replace headers, or remove them, where the status is one of some, or any."""

    def change(reply: Reply, _: Request, __: int) -> None:
        for name in names if not statuses or reply.status in statuses else ():
            reply.headers.pop(name, None)
            reply.headers.update({} if value is None else {name: value})

    return change


def _retry_after_date(reply: Reply, request: Request, now: int) -> None:
    value = reply.headers.get("Retry-After", "")
    # A date has whole seconds; rounded up, waiting for it is waiting long enough.
    date = formatdate(whole_seconds(now) + (int(value) if value.isdigit() else 1), usegmt=True)
    _headers(date, "Retry-After", statuses=_WAITING)(reply, request, now)


def _retry_after(value: str | None) -> Change:
    return _headers(value, "Retry-After", statuses=_WAITING)


REPLY_QUIRKS: Mapping[str, tuple[str, Change]] = {
    "create_200": ("200 in place of 201", _create_200),
    "delete_with_body": ("204 with a body", _delete_with_body),
    "content_type_text": ("bodies labelled text/plain", _content_type_text),
    "content_type_missing": ("bodies without a Content-Type", _headers(None, "Content-Type")),
    "gzip": ("bodies in gzip, labelled, for those who accept it", _gzip),
    "gzip_unlabelled": ("bodies in gzip without a Content-Encoding", _gzip_unlabelled),
    "conflict_with_location": ("409 with a (relative) Location on DELETE too", _conflict_location),
    "conflict_without_location": (
        "409 without a Location",
        _headers(None, "Location", statuses=(409,)),
    ),
    "rate_headers_missing": ("no X-RateLimit headers", _headers(None, *_RATE)),
    "rate_headers_negative": ("-1 in all X-RateLimit headers", _headers("-1", *_RATE)),
    "rate_headers_garbage": ("words in the X-RateLimit headers", _headers("soon", *_RATE)),
    "retry_after_missing": ("429 and 503 without Retry-After", _retry_after(None)),
    "retry_after_zero": ("429 and 503 with Retry-After: 0", _retry_after("0")),
    "retry_after_huge": ("429 and 503 with Retry-After: 10^12", _retry_after("1000000000000")),
    "retry_after_garbage": ("429 and 503 with a word in Retry-After", _retry_after("soon")),
    "retry_after_date": ("429 and 503 with an HTTP date in Retry-After", _retry_after_date),
}
