"""Who is let in: the API key, bearer tokens, and the exchange that hands those out."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from emulator.calling import KEYS, Answer, Caller, basic
from openapi_client.testing import ByokEmulator

TOKEN_PATH = "/sts/v1/oauth2/token"
FORM = "application/x-www-form-urlencoded"
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token": "eyJ.a.b",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
    "identity_pool_id": "pool-1",
}


def swap(call: Caller, form: dict[str, str], content_type: str = FORM) -> Answer:
    """Ask for an access token, without credentials."""
    headers = {"Authorization": "", "Content-Type": content_type}
    return call("POST", TOKEN_PATH, body=urlencode(form).encode(), headers=headers)


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!!", "Basic " + "YQ==", basic("a", "b"), "Digest x", "Basic é"],
)
def test_wrong_credentials_answer_401_with_a_challenge(call: Caller, authorization: str) -> None:
    """Wrong credentials are refused, with a challenge that says what is wrong."""
    answer = call("GET", KEYS, headers={"Authorization": authorization})

    assert answer.status == 401
    assert answer.error["code"] == "user_unauthenticated"
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="confluent.cloud", error="')
    assert answer.error["detail"] in answer.headers["WWW-Authenticate"]


def test_credentials_are_checked_before_the_key_is_looked_up(call: Caller) -> None:
    """Without credentials nobody learns which keys exist."""
    assert call("GET", f"{KEYS}/cck-none", headers={"Authorization": ""}).status == 401


def test_the_secret_counts_and_not_only_the_key(emulator: ByokEmulator, call: Caller) -> None:
    """A mistyped secret is refused."""
    headers = {"Authorization": basic(emulator.api_key, emulator.api_secret + "x")}
    assert call("GET", KEYS, headers=headers).error["detail"] == "invalid API key"


def test_scheme_names_have_no_case(emulator: ByokEmulator, call: Caller) -> None:
    """The scheme of the credentials may be in any case."""
    lower = call.basic.replace("Basic", "basic")
    assert call("GET", KEYS, headers={"Authorization": lower}).status == 200
    bearer = f"BEARER {emulator.access_token}"
    assert call("GET", KEYS, headers={"Authorization": bearer}).status == 200


@pytest.mark.parametrize("token", ["", "nonsense", "naïve"])
def test_wrong_tokens_answer_401_with_a_bearer_challenge(call: Caller, token: str) -> None:
    """A wrong token is refused, with a challenge for bearer tokens."""
    answer = call("GET", KEYS, headers={"Authorization": f"Bearer {token}"})

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_credentials_can_be_chosen() -> None:
    """Credentials can be fixed, as a container needs them."""
    with ByokEmulator(api_key="K", api_secret="S:with:colons", access_token="T") as emulator:
        caller = Caller(emulator)
        for authorization in (basic("K", "S:with:colons"), "Bearer T"):
            assert caller("GET", KEYS, headers={"Authorization": authorization}).status == 200
        caller.close()


def test_credentials_are_made_up_anew_each_time() -> None:
    """Each emulator makes up credentials of its own."""
    first, second = ByokEmulator(), ByokEmulator()

    assert first.api_key != second.api_key
    assert first.api_secret != second.api_secret
    assert first.access_token != second.access_token


def test_an_exchanged_token_is_accepted_until_it_expires(
    still: ByokEmulator, still_call: Caller
) -> None:
    """An exchanged token is accepted until it expires, and not longer."""
    answer = swap(still_call, {**EXCHANGE, "expires_in": "60"})
    document = answer.json()
    headers = {"Authorization": f"Bearer {document.pop('access_token')}"}

    assert answer.status == 200
    assert document == {
        "issued_token_type": EXCHANGE["requested_token_type"],
        "token_type": "Bearer",
        "expires_in": 60,
    }
    still.advance(59.999_999_999)
    assert still_call("GET", KEYS, headers=headers).status == 200
    still.advance(0.000_000_001)
    expired = still_call("GET", KEYS, headers=headers)
    assert (expired.status, "expired" in expired.error["detail"]) == (401, True)


def test_tokens_last_900_seconds_by_default_and_differ(call: Caller) -> None:
    """A token lasts 900 seconds unless less is asked for; no two are alike."""
    first, second = swap(call, EXCHANGE).json(), swap(call, EXCHANGE).json()

    assert first["expires_in"] == 900
    assert first["access_token"] != second["access_token"]


def test_clear_revokes_exchanged_tokens(emulator: ByokEmulator, call: Caller) -> None:
    """After clear no exchanged token is accepted."""
    token = swap(call, EXCHANGE).json()["access_token"]

    emulator.clear()

    assert call("GET", KEYS, headers={"Authorization": f"Bearer {token}"}).status == 401


@pytest.mark.parametrize("name", EXCHANGE)
@pytest.mark.parametrize("value", [None, "", "wrong"])
def test_an_exchange_needs_every_parameter(call: Caller, name: str, value: str | None) -> None:
    """An exchange that lacks a parameter, or has a wrong one, is told which."""
    form = {**EXCHANGE, name: value or ""}
    if value is None:
        del form[name]
    free = name in ("subject_token", "identity_pool_id")

    answer = swap(call, form)

    if free and value:
        assert answer.status == 200
    else:
        assert answer.status == 400
        assert answer.error["source"] == {"parameter": name}


@pytest.mark.parametrize("seconds", ["0", "901", "-1", "1.5", "", "soon", "9" * 20, "٣"])
def test_a_lifetime_is_1_to_900_seconds(call: Caller, seconds: str) -> None:
    """A lifetime outside of 1 to 900 seconds is refused."""
    answer = swap(call, {**EXCHANGE, "expires_in": seconds})

    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "expires_in"}


def test_an_exchange_is_form_encoded(call: Caller) -> None:
    """An exchange is taken as a form only; JSON is refused."""
    assert swap(call, EXCHANGE, content_type="application/json").status == 415
    assert call("POST", TOKEN_PATH, headers={"Content-Length": "0"}).status == 400
    headers = {"Content-Type": FORM}
    assert call("POST", TOKEN_PATH, body=b"\xff", headers=headers).status == 400
    assert call("POST", TOKEN_PATH, body=b"a=%ff", headers=headers).status == 400


def test_exchanged_tokens_look_like_jwts(still: ByokEmulator, still_call: Caller) -> None:
    """A client that reads the expiry out of its token finds it there."""
    token = swap(still_call, {**EXCHANGE, "expires_in": "60"}).json()["access_token"]

    header, claims, signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")
    )

    assert json.loads(header)["typ"] == "JWT"
    found = json.loads(claims)
    assert (found["sub"], found["iat"], found["exp"]) == ("pool-1", 1_700_000_000, 1_700_000_060)
    assert len(signature) == 256
    assert "=" not in token


def test_exchanges_count_in_the_rate_limit(emulator: ByokEmulator, call: Caller) -> None:
    """A fleet that exchanges a token for each call meets the limit as it does in production."""
    emulator.settings.rate_limit = (2, 60)

    first = swap(call, EXCHANGE)
    assert (first.status, first.headers["X-RateLimit-Remaining"]) == (200, "1")
    assert call("GET", KEYS).headers["X-RateLimit-Remaining"] == "0"
    assert swap(call, EXCHANGE).status == 429
