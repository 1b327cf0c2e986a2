"""Request bodies: parsing, and the rules they must meet.

What a request may not set, and what nobody knows, is ignored, so that newer clients are served.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from .._http.message import Request
from .._http.problems import Problem, error, malformed
from .._store.checks import is_object
from .._store.clouds import CLOUDS

JSON = "application/json"


def require_media_type(expected: str, request: Request) -> None:
    """Refuse a body of another type with 415, and a missing body with 400."""
    content_type = request.headers.get("Content-Type")
    if content_type is None and not request.body:
        raise malformed("A request body is required.")
    if (content_type or "").partition(";")[0].strip().lower() != expected:
        raise malformed(f"The request body must be of type {expected}.", status=415)


def read_create(request: Request) -> tuple[dict[str, Any], str | None]:
    """The key material and the display name of a create request, stripped of all else."""
    document = _read_object(request)
    errors = {**_key_errors(document), **_name_errors(document)}
    if errors:
        raise _invalid(errors)
    sent: Mapping[str, Any] = document["key"]
    key = {name: sent[name] for name in (*CLOUDS[sent["kind"]].required, "kind")}
    return key, document.get("display_name")


def read_update(request: Request) -> str | None:
    """The new display name of an update request, or None where it names none."""
    if not request.body:
        return None  # The body is optional as described; without one there is nothing to change.
    document = _read_object(request, null={})
    errors = _name_errors(document)
    if errors:
        raise _invalid(errors)
    return document.get("display_name")


def _read_object(request: Request, null: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON object in a body; `null` stands for JSON's null."""
    require_media_type(JSON, request)
    try:
        document = json.loads(request.body.decode(), parse_constant=_refuse_constant)
        # Escapes may name half a surrogate pair; that is no text, and could not be sent back.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise malformed("The request body is not valid JSON.") from None
    document = null if document is None else document
    if not is_object(document):
        raise _invalid({"": "The request body must be an object."})
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _invalid(details: Mapping[str, str]) -> Problem:
    """A body that was parsed but is not valid: one error for each JSON pointer in `details`."""
    pairs = details.items()
    return Problem(422, *(error(422, detail=text, source={"pointer": at}) for at, text in pairs))


def _name_errors(document: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(document.get("display_name", ""), str):
        return {}
    return {"/display_name": "The display name must be a string."}


def _key_errors(document: Mapping[str, Any]) -> dict[str, str]:
    if "key" not in document:
        return {"/key": "The key is required."}
    key = document["key"]
    if not is_object(key):
        return {"/key": "The key must be an object."}
    if "kind" not in key:
        return {"/key/kind": "The kind of key is required."}
    cloud = CLOUDS.get(key["kind"]) if isinstance(key["kind"], str) else None
    if cloud is None:
        return {"/key/kind": f"The kind of key must be one of {', '.join(CLOUDS)}."}
    errors = {f"/key/{name}": _text_error(key, name) for name in cloud.required}
    return {pointer: error for pointer, error in errors.items() if error}


def _text_error(fields: Mapping[str, Any], name: str) -> str | None:
    if name not in fields:
        return f"The {name} is required."
    if not isinstance(fields[name], str):
        return f"The {name} must be a string."
    return None if fields[name] else f"The {name} must not be empty."
