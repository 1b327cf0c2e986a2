"""The exchange of an identity provider's token for an access token (contract section 3)."""

from __future__ import annotations

from collections.abc import Mapping

from ._bodies import require_media_type
from ._call import Call, known_pairs
from ._clock import NANOSECONDS
from ._errors import bad_parameter, malformed
from ._message import Reply

_FORM = "application/x-www-form-urlencoded"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_REQUIRED: Mapping[str, str | None] = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token": None,
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "requested_token_type": _ACCESS_TOKEN,
    "identity_pool_id": None,
}
_MAX_LIFETIME = 900


def exchange_token(call: Call) -> Reply:
    """Hand out an access token for any subject token that is not empty."""
    request = call.request
    require_media_type(_FORM, request.headers.get("Content-Type"), request.body)
    form = known_pairs(_text(request.body), (*_REQUIRED, "expires_in"))
    for name, value in _REQUIRED.items():
        _require(form, name, value)
    lifetime = _lifetime(form.get("expires_in"))
    token = call.backend.credentials.issue(call.now + lifetime * NANOSECONDS)
    document = {
        "access_token": token,
        "issued_token_type": _ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": lifetime,
    }
    return Reply(200, document)


def _text(body: bytes) -> str:
    try:
        return body.decode("ascii")
    except UnicodeDecodeError:
        raise malformed("The request body is not form-encoded.") from None


def _require(form: Mapping[str, str], name: str, value: str | None) -> None:
    given = form.get(name)
    if not given:
        raise bad_parameter(name, "It is required.")
    if value is not None and given != value:
        raise bad_parameter(name, f"It must be {value}.")


def _lifetime(text: str | None) -> int:
    if text is None:
        return _MAX_LIFETIME
    digits = text if text.isascii() and text.isdigit() and len(text) < 10 else "0"
    if not 1 <= int(digits) <= _MAX_LIFETIME:
        raise bad_parameter("expires_in", f"It must be 1 to {_MAX_LIFETIME} seconds.")
    return int(digits)
