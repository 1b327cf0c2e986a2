"""Quirks of an answer: its links, its errors, its status, headers and encoding."""

import gzip
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any

from .._http.message import RecordedRequest, Reply
from .._store.clock import whole_seconds
from .._store.documents import Document

ErrorChange = Callable[[int, list[Document]], Document]
"""Makes another document from a status and the declared errors."""


def change_links(
    metadata: Document, quirks: frozenset[str], base: str, this: str | None, past_end: str | None
) -> None:
    """Change the metadata of a page of a listing, whose links all begin with `base`.

    `this` leads to the page itself, None on the first one; `past_end` to the page behind the last
    key, None on that page.
    """
    # A last page has to be made before its link can be changed.
    if past_end and quirks & {"last_page_empty", "last_page_null"}:
        metadata.setdefault("next", past_end)
    if this and "next_repeats" in quirks:
        metadata["next"] = this
    link = metadata.get("next")
    if link and "next_relative" in quirks:
        link = link.removeprefix(base)
    if link and "next_malformed" in quirks:
        link = link.replace("?", "")
    if link and "next_other_host" in quirks:
        link = link.replace(base, "https://elsewhere.invalid", 1)
    if link or quirks & {"next_null", "next_empty"}:
        metadata["next"] = link or (None if "next_null" in quirks else "")
    if "total_size_missing" in quirks:
        del metadata["total_size"]


def _message(error: Document) -> str:
    return str(error.get("detail") or error.get("title"))


def _each(change: Callable[[Document], Document]) -> ErrorChange:
    return lambda _, errors: {"errors": [change(error) for error in errors]}


def _without_detail(error: Document, **members: Any) -> Document:
    return {**{name: error[name] for name in error if name != "detail"}, **members}


def _envelope(status: Any, errors: list[Document]) -> Document:
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
    "error_without_members": ("errors that are empty objects", _each(lambda _: {})),
    "error_without_detail": (
        "errors with neither code, title nor detail",
        _each(lambda error: {"id": error["id"], "status": error["status"]}),
    ),
    "error_message_for_detail": (
        "errors with message in place of detail",
        _each(lambda error: _without_detail(error, message=_message(error))),
    ),
    "error_details_array": (
        "errors with an array details in place of detail",
        _each(lambda error: _without_detail(error, details=[{"detail": _message(error)}])),
    ),
    "error_twenty_identical": ("one error, twenty times", lambda _, e: {"errors": [e[0]] * 20}),
    "error_message_only": ('{"message": text}', lambda _, e: {"message": _message(e[0])}),
    "error_text": ('{"error": text}', lambda _, e: {"error": _message(e[0])}),
    "error_code_and_message": (
        '{"error": {"code": number, "message": text}}',
        lambda status, e: {"error": {"code": status, "message": _message(e[0])}},
    ),
    "error_error_code": (
        '{"error_code": number, "message": text}',
        lambda status, e: {"error_code": status * 100 + 1, "message": _message(e[0])},
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


def change_errors(reply: Reply, quirks: frozenset[str]) -> None:
    """Change the document of an error, or put something else in its place."""
    for name, (_, change) in ERROR_QUIRKS.items():
        if name in quirks and reply.document.get("errors"):
            reply.document = change(reply.status, reply.document["errors"])
    for name in BROKEN_ERRORS.keys() & quirks if reply.status >= 400 else ():
        _, headers, reply.body = BROKEN_ERRORS[name]
        reply.document = None
        reply.headers.update(headers)


_RATE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
_WAIT = ("Retry-After",)
HEADER_QUIRKS: Mapping[str, tuple[str, tuple[str, ...], str | None, tuple[int, ...]]] = {
    "content_type_missing": ("bodies without a Content-Type", ("Content-Type",), None, ()),
    "conflict_without_location": ("409 without Location", ("Location",), None, (409,)),
    "rate_headers_missing": ("no X-RateLimit headers", _RATE, None, ()),
    "rate_headers_negative": ("-1 in all X-RateLimit headers", _RATE, "-1", ()),
    "rate_headers_garbage": ("words in all X-RateLimit headers", _RATE, "soon", ()),
    "retry_after_missing": ("429 and 503 without Retry-After", _WAIT, None, (429, 503)),
    "retry_after_zero": ("429 and 503 with Retry-After: 0", _WAIT, "0", (429, 503)),
    "retry_after_huge": ("429 and 503 with Retry-After: 10^12", _WAIT, "1000000000000", (429, 503)),
    "retry_after_garbage": ("429 and 503 with a word in Retry-After", _WAIT, "soon", (429, 503)),
}
"""What each does; the headers, their value (None to remove them), and at which statuses."""

_TABLES = (ERROR_QUIRKS, BROKEN_ERRORS, HEADER_QUIRKS)
ANSWER_QUIRKS: Mapping[str, str] = {
    **{name: row[0] for table in _TABLES for name, row in table.items()},
    "last_page_empty": "one more page, with nothing on it",
    "last_page_null": "one more page, with null for its data",
    "next_null": "null for next at the end",
    "next_empty": "empty text for next at the end",
    "next_relative": "next without scheme and host",
    "next_malformed": "next without its question mark",
    "next_other_host": "next leading to another host",
    "next_repeats": "from the second page on, next leads to the page itself",
    "total_size_missing": "no total_size",
    "item_on_two_pages": "each page after the first begins with the last key of the one before",
    "short_pages": "pages hold half as many keys as asked for",
    "filters_not_in_token": "a page token is only a place: filters and size must be repeated",
    "create_200": "200 in place of 201",
    "delete_with_body": "204 with a body",
    "content_type_text": "bodies labelled text/plain",
    "gzip": "bodies in gzip, labelled, for those who accept it",
    "gzip_unlabelled": "bodies in gzip without a Content-Encoding",
    "conflict_with_location": "409 with a (relative) Location on DELETE too",
    "retry_after_date": "429 and 503 with an HTTP date in Retry-After",
}


def change_reply(reply: Reply, request: RecordedRequest, now: int, quirks: frozenset[str]) -> None:
    """Change a reply that is encoded already."""
    if "create_200" in quirks and reply.status == 201:
        reply.status = 200
    if "delete_with_body" in quirks and reply.status == 204:
        reply.body = b'{"message":"deleted"}'
    if "content_type_text" in quirks and reply.body:
        reply.headers["Content-Type"] = "text/plain"
    if "gzip" in quirks and reply.body and "gzip" in request.headers.get("Accept-Encoding", ""):
        reply.body = gzip.compress(reply.body, compresslevel=1)
        reply.headers["Content-Encoding"] = "gzip"
    if "gzip_unlabelled" in quirks and reply.body:
        reply.body = gzip.compress(reply.body, compresslevel=1)
    if "conflict_with_location" in quirks and reply.status == 409:
        reply.headers.setdefault("Location", request.path)
    _change_headers(reply, now, quirks)


def _change_headers(reply: Reply, now: int, quirks: frozenset[str]) -> None:
    for name, (_, headers, value, statuses) in HEADER_QUIRKS.items():
        if name in quirks and (not statuses or reply.status in statuses):
            for header in headers:
                reply.headers.pop(header, None)
                reply.headers.update({} if value is None else {header: value})
    if "retry_after_date" in quirks and reply.status in (429, 503):
        wait = reply.headers.get("Retry-After", "")
        # A date has whole seconds; rounded up, waiting for it is waiting long enough.
        moment = whole_seconds(now) + (int(wait) if wait.isdigit() else 1)
        reply.headers["Retry-After"] = formatdate(moment, usegmt=True)
