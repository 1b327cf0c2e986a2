"""Quirks of a reply: bodies of errors; status, headers and encoding of all replies."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any

from .._http.message import Reply, Request
from .._store.clock import whole_seconds

Error = dict[str, Any]
ErrorChange = Callable[[int, list[Error]], Any]
"""Makes another document from a status and the declared errors."""
ReplyChange = Callable[[Reply, Request, int], None]
"""Changes a reply, which is encoded already, to a request; the last argument is the time."""


def _message(error: Error) -> str:
    return str(error.get("detail") or error.get("title"))


def _each(change: Callable[[int, Error], Error]) -> ErrorChange:
    return lambda status, errors: {"errors": [change(status, error) for error in errors]}


def _flat(change: Callable[[int, str], Error]) -> ErrorChange:
    return lambda status, errors: change(status, _message(errors[0]))


def _without_detail(error: Error, **members: Any) -> Error:
    return {**{name: error[name] for name in error if name != "detail"}, **members}


def _envelope(status: Any, errors: list[Error]) -> Error:
    error = {
        "code": str(errors[0].get("code", "unknown")).upper(),
        "message": _message(errors[0]),
        "details": [each.get("detail") for each in errors],
        "timestamp": "2026-01-01T00:00:00Z",
        "path": "/byok/v1/keys",
        "suggestion": "Look at the details.",
    }
    doc_url = "https://docs.example.com/errors"
    return {"status": status, "error": error, "requestId": errors[0].get("id"), "doc_url": doc_url}


ERROR_QUIRKS: Mapping[str, tuple[str, ErrorChange]] = {
    "error_without_members": ("errors that are empty objects", _each(lambda _, error: {})),
    "error_without_detail": (
        "errors with neither code, title nor detail",
        _each(lambda status, error: {"id": error["id"], "status": str(status)}),
    ),
    "error_message_for_detail": (
        "errors with message in place of detail",
        _each(lambda _, error: _without_detail(error, message=_message(error))),
    ),
    "error_details_array": (
        "errors with an array details in place of detail",
        _each(lambda _, error: _without_detail(error, details=[{"detail": _message(error)}])),
    ),
    "error_twenty_identical": ("one error, twenty times", lambda _, e: {"errors": [e[0]] * 20}),
    "error_message_only": ('{"message": text}', _flat(lambda _, text: {"message": text})),
    "error_text": ('{"error": text}', _flat(lambda _, text: {"error": text})),
    "error_code_and_message": (
        '{"error": {"code": number, "message": text}}',
        _flat(lambda status, text: {"error": {"code": status, "message": text}}),
    ),
    "error_error_code": (
        '{"error_code": number, "message": text}',
        _flat(lambda status, text: {"error_code": status * 100 + 1, "message": text}),
    ),
    "error_2026": ("the envelope of the 2026 guidelines", _envelope),
    "error_2026_text_status": (
        "the envelope of the 2026 guidelines, its status as text",
        lambda status, errors: _envelope(str(status), errors),
    ),
}
BROKEN_ERRORS: Mapping[str, tuple[str, dict[str, str], bytes]] = {
    "error_html": ("HTML, as from a proxy", {"Content-Type": "text/html"}, b"<html>Sorry</html>\n"),
    "error_empty": ("errors without a body", {}, b""),
    "error_invalid_json": (
        "errors whose JSON breaks off in the middle",
        {"Content-Type": "application/json"},
        b'{"errors":[{"id":"1","detail":"cut o',
    ),
}


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


def _headers(value: str | None, *names: str, statuses: tuple[int, ...] = ()) -> ReplyChange:
    """Replace headers, or remove them, where the status is one of some, or any."""

    def change(reply: Reply, _: Request, __: int) -> None:
        for name in names if not statuses or reply.status in statuses else ():
            reply.headers.pop(name, None)
            reply.headers.update({} if value is None else {name: value})

    return change


def _rate(value: str | None) -> ReplyChange:
    return _headers(value, "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def _retry_after(value: str | None) -> ReplyChange:
    return _headers(value, "Retry-After", statuses=(429, 503))


def _retry_after_date(reply: Reply, request: Request, now: int) -> None:
    value = reply.headers.get("Retry-After", "")
    # A date has whole seconds; rounded up, waiting for it is waiting long enough.
    moment = whole_seconds(now) + (int(value) if value.isdigit() else 1)
    _retry_after(formatdate(moment, usegmt=True))(reply, request, now)


REPLY_QUIRKS: Mapping[str, tuple[str, ReplyChange]] = {
    "create_200": ("200 in place of 201", _create_200),
    "delete_with_body": ("204 with a body", _delete_with_body),
    "content_type_text": ("bodies labelled text/plain", _content_type_text),
    "content_type_missing": ("bodies without a Content-Type", _headers(None, "Content-Type")),
    "gzip": ("bodies in gzip, labelled, for those who accept it", _gzip),
    "gzip_unlabelled": ("bodies in gzip without a Content-Encoding", _gzip_unlabelled),
    "conflict_with_location": ("409 with a (relative) Location on DELETE too", _conflict_location),
    "conflict_without_location": (
        "409 without Location",
        _headers(None, "Location", statuses=(409,)),
    ),
    "rate_headers_missing": ("no X-RateLimit headers", _rate(None)),
    "rate_headers_negative": ("-1 in all X-RateLimit headers", _rate("-1")),
    "rate_headers_garbage": ("words in all X-RateLimit headers", _rate("soon")),
    "retry_after_missing": ("429 and 503 without Retry-After", _retry_after(None)),
    "retry_after_zero": ("429 and 503 with Retry-After: 0", _retry_after("0")),
    "retry_after_huge": ("429 and 503 with Retry-After: 10^12", _retry_after("1000000000000")),
    "retry_after_garbage": ("429 and 503 with a word in Retry-After", _retry_after("soon")),
    "retry_after_date": ("429 and 503 with an HTTP date in Retry-After", _retry_after_date),
}
