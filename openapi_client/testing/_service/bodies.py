"""Request bodies and parameters: parsing, and the rules they must meet.

What a request may not set, and what nobody knows, is ignored, so that newer clients are served.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from .._http.message import Problem, RecordedRequest, bad_parameter, error, malformed
from .._store.checks import is_object
from .._store.documents import CLOUDS

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def _require_media_type(expected: str, request: RecordedRequest) -> None:
    """Refuse a body of another type with 415, and a missing body with 400."""
    content_type = request.headers.get("Content-Type")
    if content_type is None and not request.body:
        raise malformed("A request body is required.")
    if (content_type or "").partition(";")[0].strip().lower() != expected:
        raise malformed(f"The request body must be of type {expected}.", status=415)


def read_create(request: RecordedRequest) -> dict[str, Any]:
    """A create request: key material and display name, if any, stripped of all else."""
    document = _read_object(request)
    _refuse({**_key_errors(document), **_name_errors(document)})
    sent: Mapping[str, Any] = document["key"]
    key = {name: sent[name] for name in (*CLOUDS[sent["kind"]].fields, "kind")}
    return {"key": key, **{name: document[name] for name in document if name == "display_name"}}


def read_update(request: RecordedRequest) -> str | None:
    """The new display name of an update request, or None where it names none."""
    if not request.body:
        return None  # The body is optional as described; without one there is nothing to change.
    document = _read_object(request, null={})
    _refuse(_name_errors(document))
    return document.get("display_name")


def read_form(request: RecordedRequest, names: Iterable[str]) -> dict[str, str]:
    """The parameters of some names in a form-encoded body."""
    _require_media_type(FORM, request)
    if not request.body.isascii():
        raise malformed("The request body is not form-encoded.")
    return parameters(request.body.decode(), names)


def _read_object(request: RecordedRequest, null: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON object in a body; `null` stands for JSON's null."""
    _require_media_type(JSON, request)
    try:
        # NaN and infinities are no JSON, nor are they whole numbers: `int` refuses them.
        document = json.loads(request.body.decode(), parse_constant=int)
        # Escapes may name half a surrogate pair; that is no text, and could not be sent back.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise malformed("The request body is not valid JSON.") from None
    document = null if document is None else document
    if not is_object(document):
        pointer = {"source": {"pointer": ""}}
        raise Problem(422, error(422, detail="The request body must be an object.", **pointer))
    return document


def _refuse(details: Mapping[str, str]) -> None:
    """Refuse a body if there are details, each by the JSON pointer to what is not valid."""
    errors = [error(422, detail=d, source={"pointer": p}) for p, d in details.items()]
    if errors:
        raise Problem(422, *errors)


def _name_errors(document: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(document.get("display_name", ""), str):
        return {}
    return {"/display_name": "The display name must be a string."}


def _key_errors(document: Mapping[str, Any]) -> dict[str, str]:
    key = document.get("key")
    if not is_object(key):
        return {"/key": "The key is required, and must be an object."}
    cloud = CLOUDS.get(str(key.get("kind")))
    if cloud is None:
        return {"/key/kind": f"The kind of key must be one of {', '.join(CLOUDS)}."}
    wrong = [name for name in cloud.fields if not key.get(name) or not isinstance(key[name], str)]
    return {f"/key/{name}": f"The {name} must be a string that is not empty." for name in wrong}


def parameters(text: str, names: Iterable[str]) -> dict[str, str]:
    """The form-encoded parameters of some names. Raises `Problem` (400) if one is repeated."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise malformed("The parameters are not UTF-8.") from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise bad_parameter(name, "It is there more than once.")
        if name in names:
            values[name] = value
    return values


def whole_number(name: str, text: str, most: int) -> int:
    """A parameter that is a whole number from 1 up. Raises `Problem` (400) for anything else."""
    digits = text if text.isascii() and text.isdigit() and len(text) < 10 else "0"
    if not 1 <= int(digits) <= most:
        raise bad_parameter(name, f"It must be a whole number of 1 to {most}.")
    return int(digits)
