"""From the body of an answer to its data, or to the exception that says why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn, get_args, get_origin
from uuid import UUID

from pydantic_core import ErrorDetails

from .. import models
from .._core.attempts import Attempt
from .._core.headers import Headers
from .._core.logging import logger
from .._core.typeguards import is_array, is_object
from .._core.urls import id_in_location
from .._transport.bodies import in_utf8
from ..exceptions import ApiException, ApiResponseException, ApiTypeError
from ..models._base import Schema
from ..models._decoding import decode, in_bytes, parse_json
from .redact import redact


def raise_for_status(answer: Any, body: bytes) -> NoReturn:
    """Raise the exception that goes with the status of an answer that is no success."""
    failure, errors = read_failure(body)
    text = body.decode("utf-8", "replace")
    ApiException.from_response(http_resp=answer, body=text, data=failure, errors=errors)


def read_data(
    answer: Any, data_type: Any, body: bytes, headers: Headers
) -> tuple[Any, Sequence[ErrorDetails]]:
    """The data of a success, and what in the body did not fit it.

    ``data_type`` is a model, or what ``type_named`` gives; ``None`` or ``NoneType`` where the body
    does not matter. Raises ``ApiResponseException`` where the body cannot be the answer.
    """
    if isinstance(data_type, type) and issubclass(data_type, Schema):
        try:
            data, errors = decode(data_type, body)
        except ValueError as error:
            data, errors = _recoded(answer, data_type, body, headers, error)
        if errors:
            _refuse_what_is_no_answer(answer, body, headers, data_type)
            errors = _completed(data, errors, headers.get("Location"))
        return data, errors
    if data_type in (None, type(None)):
        if body.strip():
            _refuse_what_is_no_answer(answer, body, headers)
        return None, ()
    return _plain_data(answer, data_type, body, headers), ()


def _plain_data(answer: Any, data_type: Any, body: bytes, headers: Headers) -> Any:
    """Data of a type that is no model of this API, as copied operations of others have it."""
    media_type = headers.get("Content-Type", "")
    if data_type in (bytes, bytearray):
        return body
    if data_type is str and media_type.lower().startswith("text/"):
        return in_utf8(body, media_type).decode("utf-8", "replace")
    value = _parsed(answer, body, headers)
    try:
        return read_value(value, data_type)
    except ValueError as error:
        name = getattr(data_type, "__name__", data_type)
        text = body.decode("utf-8", "replace")
        reason = f"the body is no {name}"
        raise ApiResponseException(reason=reason, http_resp=answer, body=text) from error


def _completed(data: Any, errors: list[ErrorDetails], location: str | None) -> list[ErrorDetails]:
    """Take the id of a new key from ``Location`` where the body lacks it."""
    name = data.named_by_location
    id = id_in_location(location) if name and not getattr(data, name) else None
    if id is None:
        return errors
    setattr(data, name, id)
    return [error for error in errors if error["loc"] != (name,)]


def _recoded(
    answer: Any, model: type[Schema], body: bytes, headers: Headers, error: ValueError
) -> tuple[Any, list[ErrorDetails]]:
    """The model in a body that is no JSON in UTF-8, but may be in what its media type says."""
    try:
        return decode(model, in_utf8(body, headers.get("Content-Type")))
    except ValueError:
        raise _unreadable(answer, body, headers) from error


def _parsed(answer: Any, body: bytes, headers: Headers) -> Any:
    try:
        return parse_json(in_utf8(body, headers.get("Content-Type")))
    except ValueError as error:
        raise _unreadable(answer, body, headers) from error


def _unreadable(answer: Any, body: bytes, headers: Headers) -> ApiResponseException:
    media_type = headers.get("Content-Type", "no content type")
    reason = f"the body is no JSON ({media_type}, {len(body)} bytes)"
    text = body.decode("utf-8", "replace")
    return ApiResponseException(reason=reason, http_resp=answer, body=text)


def _refuse_what_is_no_answer(
    answer: Any, body: bytes, headers: Headers, model: type[Schema] | None = None
) -> None:
    """Raise where the body of a success is no object, or tells of errors and of nothing else.

    Block pages and captive portals answer any request with 200.
    """
    value = _parsed(answer, body, headers)
    known = set(model.model_fields) if model else set[str]()
    if is_object(value) and (not value.get("errors") or known & value.keys()):
        return
    failure, errors = read_failure(body)
    reason = "the body tells of errors" if is_object(value) else "the body is no JSON object"
    text = body.decode("utf-8", "replace")
    raise ApiResponseException(
        reason=reason, http_resp=answer, body=text, data=failure, errors=errors
    )


def prepare_to_read(data_type: Any) -> None:
    """Load, and build, all that it takes to read an answer, be it a success or a failure."""
    for model in (models.Failure, models.Error, models.ByokV1UnknownKey, data_type):
        if not getattr(model, "__pydantic_complete__", True):
            model.model_rebuild()


def read_failure(body: bytes) -> tuple[models.Failure | None, tuple[models.Error, ...]]:
    """What the service says of an error, in whichever of its forms.

    The body as it is meant to be, and the errors in it; nothing where it is no JSON object.
    """
    try:
        value = parse_json(body)
    except ValueError:
        return None, ()
    if not is_object(value):
        return None, ()
    errors = tuple(models.Error.construct_leniently(error) for error in _errors(value))
    return models.Failure.construct_leniently(value), errors


def redact_failure(failure: ApiException, credentials: Sequence[str]) -> None:
    """Take out of a failure what its answer repeats of the credentials that it was asked with."""
    failure.reason = redact(failure.reason or "", credentials)
    text = redact(failure.body or "", credentials)
    if failure.body and text != failure.body:
        failure.body = text
        failure.data, failure.errors = read_failure(text.encode())
        # What the body could not be read for shows it, too.
        failure.__cause__ = failure.__context__ = None


def _errors(value: dict[str, Any]) -> list[dict[str, Any]]:
    found = value.get("errors") or value.get("error")
    if is_array(found):
        items = [item for item in found if item is not None]
        return [item if is_object(item) else {"detail": str(item)} for item in items]
    if found and is_object(found):
        return [found]
    if isinstance(found, str) and found:
        # OAuth calls its text so (RFC 6749, 5.2); proxies and frameworks put it in ``message``.
        detail = value.get("error_description") or value.get("message") or found
        return [{"code": found, "detail": detail}]
    return [value] if value.get("message") or value.get("detail") else []


def warn_of_validation_errors(
    attempts: Sequence[Attempt], errors: Sequence[ErrorDetails], request_id: str | None
) -> None:
    """Log where a body is not as documented; what stood there has reached the caller."""
    places = (".".join(map(str, error["loc"])) or "its encoding" for error in errors)
    logger.warning(
        "%s %s: the answer is not as documented at %s (request id %s)",
        attempts[-1].method,
        attempts[-1].path,
        ", ".join(places),
        request_id,
    )


_NAMED_TYPES: dict[str, Any] = {
    "object": object,
    "bool": bool,
    "bytearray": bytearray,
    "bytes": bytes,
    "date": date,
    "datetime": datetime,
    "decimal": Decimal,
    "float": float,
    "int": int,
    "long": int,
    "str": str,
    "UUID": UUID,
}
_CONTAINER = r"(?i:(list|dict|optional))\[(?:str, ?)?(.+)\]"


def type_named(name: str) -> Any:
    """The type of a name in a type map, as generated clients write it.

    Such as ``"ByokV1KeyList"``, ``"object"``, ``"List[ByokV1Key]"``. Raises ``ApiTypeError`` for a
    name that is none.
    """
    container = re.fullmatch(_CONTAINER, name)
    if container:
        item: Any = type_named(container[2])
        forms: dict[str, Any] = {"list": list[item], "dict": dict[str, item], "optional": item}
        return forms[container[1].lower()]
    known = _NAMED_TYPES.get(name) or getattr(models, name, None)
    if not isinstance(known, type):
        raise ApiTypeError(f"response type {name!r} is no model of this API")
    return known


def read_text(text: str | bytes, data_type: Any, media_type: str | None) -> Any:
    """The text of a body as a type; see ``ApiClient.deserialize``."""
    if media_type and media_type.lower().startswith("text/"):
        return read_value(text, data_type)
    try:
        value = parse_json(in_bytes(text)) if text else text
    except ValueError:
        if media_type and "json" not in media_type.lower():
            raise ApiException(0, f"Unsupported content type: {media_type}") from None
        if media_type:
            raise
        value = text
    return read_value(value, data_type)


def read_value(value: Any, data_type: Any) -> Any:
    """A value of JSON as a type: a model, a list or dict of them, or a plain type.

    Raises ``ValueError`` for a value that cannot be one.
    """
    if value is None or data_type in (None, object):
        return value
    if data_type is str:
        return str(value)
    from_dict = getattr(data_type, "from_dict", None)
    if from_dict:  # A model, maybe of another client.
        return from_dict(value)
    shape, items = get_origin(data_type), get_args(data_type)
    if shape is list and is_array(value):
        return [read_value(item, items[0]) for item in value]
    if shape is dict and is_object(value):
        return {key: read_value(item, items[1]) for key, item in value.items()}
    from pydantic import TypeAdapter  # Few programs ever need one.

    adapter: TypeAdapter[Any] = TypeAdapter(data_type)
    return adapter.validate_python(value)
