"""From the body of a success to the model, or to the exception that says why not."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import ErrorDetails

from .._core.headers import Headers
from .._core.logging import logger
from .._transport.bodies import in_utf8
from ..exceptions import ApiResponseException
from ..models._base import Schema
from ..models._decoding import decode
from .call import Call


def read_model(answer: Any, model: type[Schema], body: bytes) -> tuple[Any, Sequence[Any]]:
    """The model in a body, which is UTF-8 unless that fails and its media type says otherwise."""
    try:
        return decode(model, body)
    except ValueError as error:
        recoded = in_utf8(body, Headers(answer.getheaders()).get("Content-Type"))
        try:
            return decode(model, recoded)
        except ValueError:
            raise _unreadable(answer, body) from error


def _unreadable(answer: Any, body: bytes) -> ApiResponseException:
    kind = Headers(answer.getheaders()).get("Content-Type", "no content type")
    why = f"the body is no JSON ({kind}, {len(body)} bytes)"
    text = body.decode("utf-8", "replace")
    return ApiResponseException(reason=why, http_resp=answer, body=text)


def warn_of_misfits(
    call: Call[Any], misfits: Sequence[ErrorDetails], request_id: str | None
) -> None:
    """Log where a body is not as documented; what stood there has reached the caller."""
    places = (".".join(map(str, misfit["loc"])) or "its encoding" for misfit in misfits)
    logger.warning(
        "%s %s: the answer is not as documented at %s (request id %s)",
        call.method,
        call.path,
        ", ".join(places),
        request_id,
    )
