"""Quirks of an error body: what comes in place of the declared one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Error = dict[str, Any]
Change = Callable[[int, list[Error]], Any]
"""Makes another document from a status and the declared errors."""


def _message(error: Error) -> str:
    return str(error.get("detail") or error.get("title"))


def _each(change: Callable[[int, Error], Error]) -> Change:
    return lambda status, errors: {"errors": [change(status, error) for error in errors]}


def _flat(change: Callable[[int, str], Error]) -> Change:
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


ERROR_QUIRKS: Mapping[str, tuple[str, Change]] = {
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
    "error_twenty_identical": (
        "one error, twenty times",
        lambda _, errors: {"errors": [errors[0]] * 20},
    ),
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
BROKEN_ERRORS: Mapping[str, tuple[str, str | None, bytes]] = {
    "error_html": ("an HTML page, as from a proxy", "text/html", b"<html><h1>Sorry</h1></html>\n"),
    "error_empty": ("errors without a body", None, b""),
    "error_invalid_json": (
        "an error whose JSON breaks off in the middle",
        "application/json",
        b'{"errors":[{"id":"1","detail":"cut o',
    ),
}
"""Bodies that are no JSON, with their media types."""
