"""Failures, and the bodies that tell them (contract sections 2.8 and 4.3)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

_KNOWN: Mapping[int, tuple[str | None, str]] = {
    400: ("invalid_filter", "Invalid Filter"),
    401: ("user_unauthenticated", "Authentication Required"),
    402: ("quota_exceeded", "BYOK Keys Quota Exceeded"),
    403: ("user_unauthorized", "User Access Unauthorized"),
    404: (None, "Not Found"),
    409: ("resource_already_exists", "Resource Already exists"),
    422: ("invalid_configuration", "Validation Failed"),
}


class Problem(Exception):
    """A request that fails: with a status, headers, and errors without their ids."""

    def __init__(
        self, status: int, *errors: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.errors = errors
        self.headers = dict(headers or {})

    def document(self, *, empty_source: bool = False) -> dict[str, Any]:
        """The body: each error with an id of its own, its status as text, then its members."""
        return {"errors": [self._complete(error, empty_source) for error in self.errors]}

    def _complete(self, error: dict[str, Any], empty_source: bool) -> dict[str, Any]:
        source: dict[str, Any] = {"source": {}} if empty_source else {}
        return {"id": secrets.token_hex(16), "status": str(self.status), **source, **error}


def phrase(status: int) -> str:
    """The reason phrase of a status; empty for one that has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def standard(status: int) -> Problem:
    """The failure that a status stands for, as far as the contract tells its code and title."""
    code, title = _KNOWN.get(status, (None, phrase(status) or "Error"))
    return Problem(status, {"code": code, "title": title} if code else {"title": title})


def malformed(detail: str, status: int = 400, headers: Mapping[str, str] | None = None) -> Problem:
    """A request that is wrong as HTTP or as JSON, before any operation looks at it."""
    return Problem(status, {"title": phrase(status), "detail": detail}, headers=headers)


def bad_parameter(name: str, detail: str) -> Problem:
    """A path, query or form parameter with a value that is not allowed."""
    error = {"code": "invalid_filter", "title": "Invalid Filter", "detail": detail}
    return Problem(400, {**error, "source": {"parameter": name}})


def unauthenticated(scheme: str, error: str, detail: str) -> Problem:
    """Missing or wrong credentials; `error` goes into the challenge (contract section 1.2)."""
    challenge = f'{scheme} realm="confluent.cloud", error="{error}", error_description="{detail}"'
    body = {"code": "user_unauthenticated", "title": "Authentication Required", "detail": detail}
    return Problem(401, body, headers={"WWW-Authenticate": challenge})


def quota_exceeded(limit: int) -> Problem:
    """One key too many; the wording is the one by which the vendor's tool knows a quota error."""
    detail = f"The number of BYOK keys per organization is currently limited to {limit}."
    title = "BYOK Keys Quota Exceeded"
    return Problem(402, {"code": "quota_exceeded", "title": title, "detail": detail})


def absent(status: int) -> Problem:
    """A key that does not exist, or is hidden from the caller."""
    if status == 403:
        return Problem(403, {"code": "forbidden_access", "title": "Forbidden Access"})
    return Problem(404, {"title": "Not Found"})


def already_exists(identifier: str, location: str) -> Problem:
    """An identifier that is registered already, at `location`."""
    detail = f"The key {identifier} is already registered."
    error = {"code": "resource_already_exists", "title": "Resource Already exists"}
    return Problem(409, {**error, "detail": detail}, headers={"Location": location})


def in_use(key_id: str) -> Problem:
    """A key that a cluster uses cannot be deleted."""
    return Problem(409, {"title": "Conflict", "detail": f"The key {key_id} is in use."})


def invalid_fields(details: Mapping[str, str]) -> Problem:
    """A body that was parsed but is not valid: one error for each JSON pointer in `details`."""
    error = {"code": "invalid_configuration", "title": "Validation Failed"}
    return Problem(
        422,
        *(
            {**error, "detail": detail, "source": {"pointer": pointer}}
            for pointer, detail in details.items()
        ),
    )
