"""Request bodies: parsing, and the rules they must meet (contract sections 2 and 4.3).

What a request may not set, and what nobody knows, is ignored: the server's side of the
compatibility rules (contract section 3).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from ._errors import invalid_fields, malformed
from ._json import is_object
from ._keys import KINDS


def media_type(content_type: str) -> str:
    """The media type of a Content-Type value, without parameters and in lower case."""
    return content_type.partition(";")[0].strip().lower()


def require_media_type(expected: str, content_type: str | None, body: bytes) -> None:
    """Refuse a body of another type with 415, and a missing body with 400."""
    if content_type is None and not body:
        raise malformed("A request body is required.")
    if media_type(content_type or "") != expected:
        raise malformed(f"The request body must be of type {expected}.", status=415)


def parse_json(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        Problem: 400 where it is no JSON, 422 where it is no object.
    """
    try:
        document = json.loads(body.decode(), parse_constant=_refuse_constant)
        # Escapes may name half a surrogate pair; that is no text, and could not be sent back.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise malformed("The request body is not valid JSON.") from None
    if not is_object(document):
        raise invalid_fields({"": "The request body must be an object."})
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def check_create(document: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The key material and the display name of a create request, stripped of all else."""
    faults = {**_key_faults(document), **_name_faults(document)}
    if faults:
        raise invalid_fields(faults)
    given: Mapping[str, Any] = document["key"]
    key = {name: given[name] for name in (*KINDS[given["kind"]].required, "kind")}
    return key, document.get("display_name")


def check_update(document: Mapping[str, Any]) -> str | None:
    """The new display name of an update request, or None where it names none."""
    faults = _name_faults(document)
    if faults:
        raise invalid_fields(faults)
    return document.get("display_name")


def _name_faults(document: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(document.get("display_name", ""), str):
        return {}
    return {"/display_name": "The display name must be a string."}


def _key_faults(document: Mapping[str, Any]) -> dict[str, str]:
    if "key" not in document:
        return {"/key": "The key is required."}
    key = document["key"]
    if not is_object(key):
        return {"/key": "The key must be an object."}
    if "kind" not in key:
        return {"/key/kind": "The kind of key is required."}
    kind = KINDS.get(key["kind"]) if isinstance(key["kind"], str) else None
    if kind is None:
        return {"/key/kind": f"The kind of key must be one of {', '.join(KINDS)}."}
    faults = ((name, _text_fault(key, name)) for name in kind.required)
    return {f"/key/{name}": fault for name, fault in faults if fault}


def _text_fault(fields: Mapping[str, Any], name: str) -> str | None:
    if name not in fields:
        return f"The {name} is required."
    value = fields[name]
    if not isinstance(value, str):
        return f"The {name} must be a string."
    return None if value else f"The {name} must not be empty."
