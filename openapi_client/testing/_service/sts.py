"""The exchange of an identity provider's token for an access token."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from .._http.message import Reply
from .._http.problems import bad_parameter, malformed
from .._store.clock import NANOSECONDS
from .bodies import require_media_type
from .call import Call, parameters, whole_number

FORM = "application/x-www-form-urlencoded"
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
    """Issue an access token for any subject token that is not empty."""
    require_media_type(FORM, call.request)
    try:
        text = call.request.body.decode("ascii")
    except UnicodeDecodeError:
        raise malformed("The request body is not form-encoded.") from None
    form = parameters(text, (*_REQUIRED, "expires_in"))
    for name, expected in _REQUIRED.items():
        if not form.get(name):
            raise bad_parameter(name, "It is required.")
        if expected not in (None, form[name]):
            raise bad_parameter(name, f"It must be {expected}.")
    lifetime = whole_number("expires_in", form.get("expires_in", str(_MAX_LIFETIME)), _MAX_LIFETIME)
    now, backend = call.backend.clock.now(), call.backend
    issued_at = now // NANOSECONDS
    claims = {
        "iss": "https://confluent.cloud",
        "sub": form["identity_pool_id"],
        "iat": issued_at,
        "exp": issued_at + lifetime,
        "jti": secrets.token_hex(8),
    }
    document = {
        "access_token": backend.credentials.issue(now + lifetime * NANOSECONDS, claims),
        "issued_token_type": _ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": lifetime,
    }
    return Reply(200, document)
