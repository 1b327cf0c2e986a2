"""What the service says of an error, in whichever of its forms (contract, sections 2.8 and 3)."""

from typing import Any

from .._core.typeguards import is_array, is_object
from ..models._decoding import parse_json
from ..models.error import Error
from ..models.failure import Failure


def read_failure(body: bytes) -> tuple[Failure | None, tuple[Error, ...]]:
    """The body as it is meant to be, and the errors in it; nothing where it is no JSON object."""
    try:
        value = parse_json(body)
    except ValueError:
        return None, ()
    if not is_object(value):
        return None, ()
    return Failure.construct_leniently(value), tuple(
        Error.construct_leniently(error) for error in _errors(value)
    )


def _errors(value: dict[str, Any]) -> list[dict[str, Any]]:
    said = value.get("errors") or value.get("error")
    if is_array(said):
        told = [item for item in said if item is not None]
        return [item if is_object(item) else {"detail": str(item)} for item in told]
    if said and is_object(said):
        return [said]
    if isinstance(said, str) and said:
        # OAuth calls its text so (RFC 6749, 5.2); proxies and frameworks put it in ``message``.
        detail = value.get("error_description") or value.get("message") or said
        return [{"code": said, "detail": detail}]
    return [value] if value.get("message") or value.get("detail") else []
