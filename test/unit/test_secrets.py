"""Credentials that hide themselves where variables are shown, and nowhere else."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import ApiValueError, Configuration
from openapi_client._core.secrets import Secret, conceal, reveal
from openapi_client._pipeline.redact import redact
from openapi_client._transport.proxies import Proxies, Proxy

_MARK = "s3cret-mark"


@given(st.text(min_size=1), st.integers(), st.integers())
def test_a_secret_is_the_text_that_it_is(text: str, start: int, stop: int) -> None:
    """Whoever uses it, a wrapper or a test, finds the text itself."""
    secret = Secret(text)
    assert secret == text
    assert hash(secret) == hash(text)
    assert str(secret) == f"{secret}" == "%s" % secret == text  # noqa: UP031 - one way of many
    assert type(str(secret)) is str
    assert secret.encode("utf-8", "replace") == text.encode("utf-8", "replace")
    assert secret[start:stop] == text[start:stop]
    assert (secret[0], secret[-1], len(secret)) == (text[0], text[-1], len(text))
    assert json.dumps(secret) == json.dumps(text)
    assert {text: 1}[secret] == 1
    assert f"Bearer {secret}" == f"Bearer {text}"


def test_it_hides_itself_in_representations() -> None:
    """A secret is hidden in representations, its slices and copies too."""
    secret = Secret(_MARK * 50)
    shown = [repr(secret), f"{secret!r}", repr([secret]), repr({"Authorization": secret})]
    shown += [repr(secret[:20]), f"{secret[5:30]!r}", f"{secret[:20]!r}+{len(secret)}"]
    for copied in (copy.copy(secret), copy.deepcopy(secret), pickle.loads(pickle.dumps(secret))):
        assert copied == secret
        shown.append(repr(copied))
    assert all("***" in text and "s3c" not in text and "mark" not in text for text in shown)


def test_concealing_and_revealing() -> None:
    """Text is concealed, an enumeration's as its value; all else is left alone."""

    class _Word(str, Enum):
        ONE = "one"

    assert type(conceal("a")) is Secret
    assert conceal(_Word.ONE) == "one"
    token = object()
    assert conceal(token) is reveal(token) is token
    assert type(reveal(Secret("a"))) is str


def test_a_configuration_keeps_its_secrets_concealed() -> None:
    """Who looks at the variables of a configuration sees no password, who reads it gets it."""
    settings: dict[str, Any] = {
        "password": _MARK,
        "access_token": _MARK,
        "proxy": f"http://u:{_MARK}@proxy.test",
        "ca_cert_data": _MARK,
    }
    for name, value in settings.items():
        configuration = Configuration(**{name: value})
        assert getattr(configuration, name) == value
        assert _MARK not in repr(vars(configuration))
    assert type(Configuration(host="https://api.test").host) is str


def test_the_credentials_of_a_request_are_concealed() -> None:
    """The value of ``Authorization`` is hidden in every mapping of headers that it enters."""
    basic = Configuration(username="u", password=_MARK)
    for configuration in (basic, Configuration(access_token=lambda: _MARK)):
        (setting,) = configuration.auth_settings().values()
        assert type(setting["value"]) is Secret
        assert "Basic" not in repr(setting)
        assert _MARK not in repr(setting)
    assert type(basic.get_basic_auth_token()) is Secret


def _bad_proxy(configuration: Configuration) -> object:
    vars(configuration)["proxy"] = f"gopher://u:{_MARK}@h"
    return Proxies(configuration).choose("https://api.test/")


_REFUSED: dict[str, Callable[[], object]] = {
    "password": lambda: Configuration(password=f"{_MARK}\n"),
    "another setting": lambda: Configuration(password=_MARK, access_token=_MARK, deadline=-1),
    "unknown setting": lambda: Configuration(passwort=_MARK),  # type: ignore[call-arg]  # wrong
    "username": lambda: Configuration(username=f"id:{_MARK}"),
    "token": lambda: Configuration(access_token=f"{_MARK}\n"),
    "token of a function": lambda: Configuration(access_token=_token).auth_settings(),
    "half an API key": lambda: Configuration(password=_MARK).auth_settings(),
    "host": lambda: Configuration(f"https://u:{_MARK}@api.test"),
    "proxy": lambda: Configuration(proxy=f"gopher://u:{_MARK}@h"),
    "port of a proxy": lambda: Configuration(proxy=f"http://u:{_MARK}@h:port"),
    "proxy to be read": lambda: Proxy.parse(f"gopher://u:{_MARK}@h"),
    "proxy of old": lambda: _bad_proxy(Configuration()),
    "headers of a proxy": lambda: Configuration(proxy_headers={"X": f"{_MARK}\n"}),
    "environment": lambda: Configuration.from_env(password=f"{_MARK}\n"),
    "variable": Configuration.from_env,
    "proxy of the environment": lambda: Proxies(Configuration()).choose("https://api.test/"),
}


def _token() -> str:
    return f"{_MARK}\n"


@pytest.mark.parametrize("make", _REFUSED.values(), ids=_REFUSED)
def test_a_refusal_leaves_no_secret_in_its_frames(
    make: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error tracker that ships local variables ships no password, token or proxy login."""
    monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", "id")
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", f"{_MARK}\n")
    monkeypatch.setenv("https_proxy", f"http://u:{_MARK}@h:port")
    with pytest.raises((ApiValueError, AttributeError)) as caught:
        make()
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame for frame in frames if "openapi_client" in frame.f_code.co_filename]
    assert ours
    for frame in ours:
        assert _MARK not in repr(frame.f_locals), frame
    assert _MARK not in str(caught.value)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("Bearer a-token-of-mine", "the token a-token-of-mine has expired"),
        ("Basic a2V5LWlkOmEtc2VjcmV0LW9mLW1pbmU=", "a2V5LWlkOmEtc2VjcmV0LW9mLW1pbmU= is no pair"),
        ("Basic a2V5LWlkOmEtc2VjcmV0LW9mLW1pbmU=", "the secret a-secret-of-mine is wrong"),
        ("theme=dark; sid=a-session-of-mine", "no session a-session-of-mine"),
    ],
)
def test_part_of_a_header_is_masked(sent: str, said: str) -> None:
    """Whichever part of its credentials a server quotes, it is taken out."""
    assert "mine" not in redact(said, [sent])
    assert "***" in redact(said, [sent])


def test_shortest_credential_that_is_masked() -> None:
    """A credential of eight characters is masked; a shorter one may be a usual word, and stays."""
    said = "sid=opensesa is invalid"
    assert redact(said, ["sid=opensesa"]) == "*** is invalid"
    assert redact("opensesa is invalid", ["sid=opensesa"]) == "*** is invalid"
    assert redact(said, ["sid=invalid", "opensesa"]) == "sid=*** is invalid"
