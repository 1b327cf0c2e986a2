"""Failures, and the bodies that describe them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

_CODES_AND_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("invalid_filter", "Invalid Filter"),
    401: ("user_unauthenticated", "Authentication Required"),
    402: ("quota_exceeded", "BYOK Keys Quota Exceeded"),
    403: ("user_unauthorized", "User Access Unauthorized"),
    409: ("resource_already_exists", "Resource Already exists"),
    422: ("invalid_configuration", "Validation Failed"),
}


class Problem(Exception):
    """A request that fails: with a status, headers, and errors without their ids."""

    def __init__(self, status: int, *errors: dict[str, Any], **headers: str) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.errors = errors
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def document(self, *, empty_source: bool = False) -> dict[str, Any]:
        """The body: each error with an id of its own, its status as text, then its members."""
        start: dict[str, Any] = {"status": str(self.status)}
        start.update({"source": {}} if empty_source else {})
        return {"errors": [{"id": secrets.token_hex(16), **start, **one} for one in self.errors]}


def phrase(status: int) -> str:
    """The reason phrase of a status; empty for one that has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def error(status: int, **members: Any) -> dict[str, Any]:
    """An error with the code and the title that its status has in this API."""
    if status not in _CODES_AND_TITLES:
        return {"title": phrase(status) or "Error", **members}
    code, title = _CODES_AND_TITLES[status]
    return {"code": code, "title": title, **members}


def malformed(detail: str, status: int = 400, **headers: str) -> Problem:
    """A request that is wrong as HTTP or as JSON, before any operation looks at it."""
    return Problem(status, {"title": phrase(status), "detail": detail}, **headers)


def bad_parameter(name: str, detail: str) -> Problem:
    """A path, query or form parameter with a value that is not allowed."""
    return Problem(400, error(400, detail=detail, source={"parameter": name}))
