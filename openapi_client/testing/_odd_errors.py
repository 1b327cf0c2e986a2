"""Odd shapes of an error body: what stands in for the declared one (contract section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ._message import Reply

Errors = list[dict[str, Any]]
ErrorShape = Callable[[Reply, Errors], None]


def _document(make: Callable[[int, Errors], Any]) -> ErrorShape:
    def shape(reply: Reply, errors: Errors) -> None:
        reply.document = make(reply.status, errors)

    return shape


def _body(content_type: str | None, text: str) -> ErrorShape:
    def shape(reply: Reply, _: Errors) -> None:
        reply.document, reply.body = None, text.encode()
        if content_type:
            reply.headers["Content-Type"] = content_type

    return shape


def _told(errors: Errors) -> str:
    first = errors[0]
    return str(first.get("detail") or first.get("title"))


def _renamed(errors: Errors, name: str, wrap: Callable[[str], Any]) -> dict[str, Any]:
    def one(error: dict[str, Any]) -> dict[str, Any]:
        rest = {member: value for member, value in error.items() if member != "detail"}
        return {**rest, name: wrap(_told([error]))}

    return {"errors": [one(error) for error in errors]}


def _envelope(status: Any, errors: Errors) -> dict[str, Any]:
    error = {
        "code": str(errors[0].get("code", "unknown")).upper(),
        "message": _told(errors),
        "details": [error.get("detail") for error in errors],
        "timestamp": "2026-01-01T00:00:00Z",
        "path": "/byok/v1/keys",
        "suggestion": "Look at the details.",
    }
    return {
        "status": status,
        "error": error,
        "requestId": errors[0].get("id"),
        "doc_url": "https://docs.example.com/errors",
    }


ERROR_SHAPES: Mapping[str, tuple[str, ErrorShape]] = {
    "error_without_members": (
        "errors that are empty objects",
        _document(lambda _, errors: {"errors": [dict[str, Any]() for _ in errors]}),
    ),
    "error_without_detail": (
        "errors with neither code, title nor detail",
        _document(
            lambda status, errors: {
                "errors": [{"id": error["id"], "status": str(status)} for error in errors]
            }
        ),
    ),
    "error_message_for_detail": (
        "errors with message in place of detail",
        _document(lambda _, errors: _renamed(errors, "message", str)),
    ),
    "error_details_array": (
        "errors with an array details in place of detail",
        _document(lambda _, errors: _renamed(errors, "details", lambda text: [{"detail": text}])),
    ),
    "error_twenty_identical": (
        "one error, twenty times",
        _document(lambda _, errors: {"errors": [errors[0]] * 20}),
    ),
    "error_message_only": (
        '{"message": text}',
        _document(lambda _, errors: {"message": _told(errors)}),
    ),
    "error_text": (
        '{"error": text}',
        _document(lambda _, errors: {"error": _told(errors)}),
    ),
    "error_code_and_message": (
        '{"error": {"code": number, "message": text}}',
        _document(lambda status, errors: {"error": {"code": status, "message": _told(errors)}}),
    ),
    "error_error_code": (
        '{"error_code": number, "message": text}',
        _document(
            lambda status, errors: {"error_code": status * 100 + 1, "message": _told(errors)}
        ),
    ),
    "error_2026": ("the envelope of the 2026 guidelines", _document(_envelope)),
    "error_2026_text_status": (
        "the envelope of the 2026 guidelines, its status as text",
        _document(lambda status, errors: _envelope(str(status), errors)),
    ),
    "error_html": (
        "an HTML page, as from a proxy",
        _body("text/html", "<html><body><h1>Something went wrong</h1></body></html>\n"),
    ),
    "error_empty": ("no body", _body(None, "")),
    "error_invalid_json": (
        "a body that breaks off in the middle of its JSON",
        _body("application/json", '{"errors":[{"id":"1","detail":"cut o'),
    ),
}
