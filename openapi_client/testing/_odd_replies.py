"""Odd shapes of a reply as a whole: status, headers, encoding (contract section 7)."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from email.utils import formatdate

from ._clock import NANOSECONDS
from ._message import Reply, Request

ReplyShape = Callable[[Reply, Request, int], None]
"""Changes a reply to a request, given the present moment; the reply is encoded already."""

_RATE_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def _create_200(reply: Reply, _: Request, __: int) -> None:
    if reply.status == 201:
        reply.status = 200


def _delete_with_body(reply: Reply, _: Request, __: int) -> None:
    if reply.status == 204:
        reply.body = b'{"message":"deleted"}'


def _content_type_text(reply: Reply, _: Request, __: int) -> None:
    if reply.body:
        reply.headers["Content-Type"] = "text/plain"


def _content_type_missing(reply: Reply, _: Request, __: int) -> None:
    reply.headers.pop("Content-Type", None)


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


def _conflict_without_location(reply: Reply, _: Request, __: int) -> None:
    if reply.status == 409:
        reply.headers.pop("Location", None)


def _rate_headers(value: str | None) -> ReplyShape:
    def shape(reply: Reply, _: Request, __: int) -> None:
        for name in _RATE_HEADERS:
            reply.headers.pop(name, None)
            if value is not None:
                reply.headers[name] = value

    return shape


def _retry_after(value: str | None) -> ReplyShape:
    def shape(reply: Reply, _: Request, __: int) -> None:
        if reply.status in (429, 503):
            reply.headers.pop("Retry-After", None)
            if value is not None:
                reply.headers["Retry-After"] = value

    return shape


def _retry_after_date(reply: Reply, request: Request, now: int) -> None:
    told = reply.headers.get("Retry-After", "")
    seconds = int(told) if told.isdigit() else 1
    # A date has whole seconds; rounded up, waiting for it is waiting long enough.
    moment = -(-now // NANOSECONDS) + seconds
    _retry_after(formatdate(moment, usegmt=True))(reply, request, now)


REPLY_SHAPES: Mapping[str, tuple[str, ReplyShape]] = {
    "create_200": ("200 in place of 201", _create_200),
    "delete_with_body": ("204 with a body", _delete_with_body),
    "content_type_text": ("bodies labelled text/plain", _content_type_text),
    "content_type_missing": ("bodies without a Content-Type", _content_type_missing),
    "gzip": ("bodies in gzip, labelled, for those who accept it", _gzip),
    "gzip_unlabelled": ("bodies in gzip without a Content-Encoding", _gzip_unlabelled),
    "conflict_with_location": ("409 with a (relative) Location on DELETE too", _conflict_location),
    "conflict_without_location": ("409 without a Location", _conflict_without_location),
    "rate_headers_missing": ("no X-RateLimit headers", _rate_headers(None)),
    "rate_headers_negative": ("-1 in all X-RateLimit headers", _rate_headers("-1")),
    "rate_headers_garbage": ("no numbers in the X-RateLimit headers", _rate_headers("soon")),
    "retry_after_missing": ("429 and 503 without Retry-After", _retry_after(None)),
    "retry_after_zero": ("429 and 503 with Retry-After: 0", _retry_after("0")),
    "retry_after_huge": ("429 and 503 with Retry-After: 10^12", _retry_after("1000000000000")),
    "retry_after_garbage": ("429 and 503 with a Retry-After of no sense", _retry_after("soon")),
    "retry_after_date": ("429 and 503 with an HTTP date in Retry-After", _retry_after_date),
}
