"""From the body of an answer to its data, or to the exception that says why not."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NoReturn, get_args, get_origin

from pydantic import TypeAdapter
from pydantic_core import ErrorDetails

from .. import models
from .._core.attempts import Attempt
from .._core.headers import Headers
from .._core.logging import logger
from .._core.typeguards import is_array, is_object
from .._transport.bodies import in_utf8
from ..exceptions import ApiException, ApiResponseException, ApiTypeError
from ..models._base import Schema
from ..models._decoding import decode, parse_json
from ..models._identifiers import id_in_location
from ..models.error import Error
from ..models.failure import Failure


def raise_for_status(answer: Any, body: bytes) -> NoReturn:
    """Raise the exception that goes with the status of an answer that is no success."""
    failure, errors = read_failure(body)
    text = body.decode("utf-8", "replace")
    ApiException.from_response(http_resp=answer, body=text, data=failure, errors=errors)


def read_data(
    answer: Any, data_type: Any, body: bytes, headers: Headers
) -> tuple[Any, Sequence[ErrorDetails]]:
    """The data of a success, and what in the body did not fit it.

    ``data_type`` is a model; ``object`` for JSON as it is; ``None`` or ``NoneType`` where the body
    does not matter. Raises ``ApiResponseException`` where the body cannot be the answer.
    """
    if data_type in (None, type(None)):
        if body.strip():
            _refuse_what_is_no_answer(answer, body, headers)
        return None, ()
    if not (isinstance(data_type, type) and issubclass(data_type, Schema)):
        return read_value(_parsed(answer, body, headers), data_type), ()
    data, errors = _decoded(answer, data_type, body, headers)
    if errors:
        _refuse_what_is_no_answer(answer, body, headers, data_type)
        errors = _completed(data, errors, headers.get("Location"))
    return data, errors


def _completed(data: Any, errors: list[ErrorDetails], location: str | None) -> list[ErrorDetails]:
    """Take the id of a new key from ``Location`` where the body lacks it."""
    name = data.named_by_location
    id = id_in_location(location) if name and not getattr(data, name) else None
    if id is None:
        return errors
    setattr(data, name, id)
    return [error for error in errors if error["loc"] != (name,)]


def _decoded(answer: Any, model: type[Schema], body: bytes, headers: Headers) -> tuple[Any, Any]:
    """The model in a body, which is UTF-8 unless that fails and its media type says otherwise."""
    try:
        return decode(model, body)
    except ValueError as error:
        recoded = in_utf8(body, headers.get("Content-Type"))
        try:
            return decode(model, recoded)
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


def read_failure(body: bytes) -> tuple[Failure | None, tuple[Error, ...]]:
    """What the service says of an error, in whichever of its forms.

    The body as it is meant to be, and the errors in it; nothing where it is no JSON object.
    """
    try:
        value = parse_json(body)
    except ValueError:
        return None, ()
    if not is_object(value):
        return None, ()
    errors = tuple(Error.construct_leniently(error) for error in _errors(value))
    return Failure.construct_leniently(value), errors


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
    "bytes": bytes,
    "date": date,
    "datetime": datetime,
    "float": float,
    "int": int,
    "str": str,
}
_CONTAINER = re.compile(r"(List|list|Dict|dict)\[(?:str, ?)?(.+)\]")


def type_named(name: str) -> Any:
    """The type of a name in a type map, as generated clients write it.

    Such as ``"ByokV1KeyList"``, ``"object"``, ``"List[ByokV1Key]"``. Raises ``ApiTypeError`` for a
    name that is none.
    """
    container = _CONTAINER.fullmatch(name)
    if container:
        item: Any = type_named(container[2])
        return list[item] if container[1].lower() == "list" else dict[str, item]
    if name in _NAMED_TYPES:
        return _NAMED_TYPES[name]
    if name not in dir(models):
        raise ApiTypeError(f"response type {name!r} is no model of this API")
    return getattr(models, name)


def read_value(value: Any, data_type: Any) -> Any:
    """A value of JSON as a type: a model, a list or dict of them, or a plain type."""
    if value is None or data_type in (None, object):
        return value
    items: Any = get_args(data_type)
    if get_origin(data_type) is list:
        return [read_value(item, items[0]) for item in value]
    if get_origin(data_type) is dict:
        return {key: read_value(item, items[1]) for key, item in value.items()}
    if isinstance(data_type, type) and issubclass(data_type, Schema):
        return data_type.from_dict(value)
    return TypeAdapter(data_type).validate_python(value)
