import copy
import functools
import inspect
import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from urllib3 import Retry

from openapi_client import (
    ApiAttributeError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    RetryPolicy,
)
from openapi_client.configuration import TRANSPORT_SETTINGS


class _Setting(NamedTuple):
    """What is known of a setting: its default, and values that are right and wrong."""

    default: Any
    right: list[Any]
    wrong: list[Any]
    mistyped: list[Any]
    read_back: Callable[[Any], Any] = lambda value: value


def _no_token() -> str:
    return "token"


_TEXT = _Setting(None, ["text", ""], ["\ud800"], [5, b"text", True])
_LINE = _TEXT._replace(wrong=["a\r\nX: y", "a\n", "€"])
_SECONDS = _Setting(None, [1, 0.5, 1e9], [0, -1, float("nan"), float("inf"), 1e300], ["5", True])
_FLAG = _Setting(False, [True, False], [], [0, 1, "true"])
_SETTINGS = {
    "host": _Setting(
        "https://api.confluent.cloud",
        ["https://api.test/api/", "http://127.0.0.1:1"],
        ["", "api.test", "https://u:p@api.test", "https://api.test?x"],
        [5, b"https://api.test"],
        lambda host: host.rstrip("/"),
    ),
    "username": _LINE._replace(wrong=[*_LINE.wrong, "a:b"]),
    "password": _LINE,
    "access_token": _LINE._replace(right=["token", _no_token], mistyped=[5, b"token", True]),
    "ssl_ca_cert": _TEXT,
    "ca_cert_data": _TEXT._replace(right=["pem", b"der"], mistyped=[5, True]),
    "cert_file": _TEXT,
    "key_file": _TEXT,
    "verify_ssl": _FLAG._replace(default=True),
    "assert_hostname": _TEXT._replace(right=["name", False], mistyped=[5, True]),
    "tls_server_name": _TEXT,
    "connection_pool_maxsize": _Setting(64, [1, 500], [0, -1], [True, "5", 5.0]),
    "proxy": _Setting(
        None,
        ["http://u:p@proxy.test:1", "proxy.test", ""],
        ["ftp://proxy.test", "http://", "proxy.test:port"],
        [5, True],
        lambda url: "http://proxy.test" if url == "proxy.test" else url,
    ),
    "no_proxy": _TEXT,
    "proxy_headers": _Setting(None, [{"X": "1"}, {}], [{"a b": "1"}, {"X": "\n"}], ["X", [1]]),
    "socket_options": _Setting(
        None, [((6, 1, 1),), [], [[6, 1, 1]]], [], [5, "text", [5]], lambda v: tuple(map(tuple, v))
    ),
    "retries": _Setting(
        None, [0, 7, False, RetryPolicy(2), Retry(3)], [-1], [True, "3", 2.5, [], {}, object()]
    ),
    "connect_timeout": _SECONDS._replace(default=10.0),
    "read_timeout": _SECONDS._replace(default=60.0),
    "deadline": _SECONDS._replace(default=120.0),
    "client_side_validation": _FLAG._replace(default=True),
    "allow_insecure_http": _FLAG,
    "user_agent_suffix": _LINE,
    "on_attempt": _Setting(None, [print], [], ["print", 5]),
    "debug": _FLAG,
}
_LEFT_OUT = {
    "api_key": "username",
    "api_key_prefix": "username",
    "refresh_api_key_hook": "username",
    "server_index": "host",
    "server_variables": "host",
    "server_operation_index": "host",
    "server_operation_variables": "host",
    "ignore_operation_servers": "host",
    "datetime_format": "RFC 3339",
    "date_format": "RFC 3339",
    "logger": "'openapi_client'",
    "logger_file": "'openapi_client'",
    "logger_file_handler": "'openapi_client'",
    "logger_format": "'openapi_client'",
    "logger_formatter": "'openapi_client'",
    "logger_stream_handler": "'openapi_client'",
    "safe_chars_for_path_param": "encoded whole",
    "temp_folder_path": "no files",
    "discard_unknown_keys": "kept",
    "proxy_ssl_context": "ssl_ca_cert",
}
_LOGGER = logging.getLogger("openapi_client")


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Leave no default configuration and no log level behind."""
    yield
    Configuration.set_default(None)
    _LOGGER.setLevel(logging.NOTSET)


def _label(value: object) -> str:
    """Name a value without its address, which differs from one worker to the next."""
    return repr(value).partition(" at 0x")[0]


def _each(kind: str) -> list[Any]:
    """A parameter for every value of one kind, of every setting."""
    return [
        pytest.param(name, value, id=f"{name}-{_label(value)}"[:60])
        for name, setting in _SETTINGS.items()
        for value in getattr(setting, kind)
    ]


def test_every_setting_is_here() -> None:
    """A setting would be added and never tried."""
    arguments = list(inspect.signature(Configuration).parameters)
    assert [*_SETTINGS, "left_out"] == arguments
    assert set(Configuration.__annotations__) - {"_default"} == set(_SETTINGS)
    documented = (inspect.getdoc(Configuration) or "").partition("Args:")[2]
    assert [name for name in _SETTINGS if f"    {name}: " in documented] == [*_SETTINGS]
    assert set(_SETTINGS) >= TRANSPORT_SETTINGS


@pytest.mark.parametrize("name", _SETTINGS)
def test_defaults(name: str) -> None:
    """A client without settings would behave otherwise than documented."""
    default = _SETTINGS[name].default
    assert getattr(Configuration(), name) == default
    configuration = Configuration(**{name: _SETTINGS[name].right[0]})
    setattr(configuration, name, None)
    assert getattr(configuration, name) == default


@pytest.mark.parametrize(("name", "value"), _each("right"))
def test_values_that_are_right(name: str, value: Any) -> None:
    """A setting would be refused, or not be kept, in the constructor or as an attribute."""
    made = Configuration(**{name: value})
    changed = Configuration()
    setattr(changed, name, value)
    kept = _SETTINGS[name].read_back(value)
    assert getattr(made, name) == getattr(changed, name) == kept


@pytest.mark.parametrize(("name", "value"), [*_each("wrong"), *_each("mistyped")])
def test_values_that_are_wrong(name: str, value: Any) -> None:
    """A slip in a setting would come to light at the first call, or never."""
    with pytest.raises(ApiValueError, match=name) as caught:
        Configuration(**{name: value})
    assert isinstance(caught.value, ApiTypeError) == (value in _SETTINGS[name].mistyped)
    configuration = Configuration()
    with pytest.raises(ApiValueError, match=name):
        setattr(configuration, name, value)
    assert getattr(configuration, name) == _SETTINGS[name].default


@pytest.mark.parametrize("name", _LEFT_OUT)
def test_settings_of_the_generated_client_that_are_left_out(name: str) -> None:
    """A setting would be accepted and do nothing."""
    with pytest.raises(ApiAttributeError, match=f"^{name} is no setting.*{_LEFT_OUT[name]}"):
        Configuration(**{name: None})  # type: ignore[arg-type]  # that is what must not work
    with pytest.raises(ApiAttributeError, match=name):
        setattr(Configuration(), name, {})


def test_unknown_settings() -> None:
    """A misspelled setting would do nothing."""
    with pytest.raises(ApiAttributeError, match="'user_name'"):
        Configuration(user_name="x")  # type: ignore[arg-type]  # that is what must not work
    with pytest.raises(AttributeError, match="'user_name'"):
        Configuration().user_name = "x"


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param(copy.copy, id="copy"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        pytest.param(lambda c: pickle.loads(pickle.dumps(c)), id="pickle"),
    ],
)
def test_copies(copied: Callable[[Configuration], Configuration]) -> None:
    """A worker process would start with other settings, or a change would reach the original."""
    settings = {name: setting.right[0] for name, setting in _SETTINGS.items()}
    original = Configuration(**settings)
    other = copied(original)
    assert vars(other) == vars(original)
    other.host = "https://other.test"
    other.retries = 0
    assert original.host == "https://api.test/api"
    assert original.retries == settings["retries"]
    with pytest.raises(ApiAttributeError):
        other.nothing = 1


def test_functions_are_not_copied() -> None:
    """Attempts would be reported to a copy, and a token provider with a lock not be usable."""

    class Observer:
        """A callable with state, as programs have them."""

        def __init__(self) -> None:
            self.lock = threading.Lock()
            self.seen: list[object] = []

        def see(self, attempt: object) -> str:
            """Note an attempt."""
            self.seen.append(attempt)
            return "token"

    observer = Observer()
    original = Configuration(on_attempt=observer.see, access_token=observer.see)  # type: ignore[arg-type]  # one function for both
    Configuration.set_default(original)
    for other in (copy.deepcopy(original), Configuration.get_default()):
        for function in (other.on_attempt, other.access_token):
            assert getattr(function, "__self__", None) is observer


def test_representation_shows_no_secret() -> None:
    """A configuration in a log or a traceback would give the credentials away."""
    secret = "s3cret"
    configuration = Configuration(
        host="https://api.test",
        username="id",
        password=secret,
        proxy=f"http://user:{secret}@proxy.test",
        proxy_headers={"Proxy-Authorization": secret, "X": secret},
        ca_cert_data=secret,
        on_attempt=functools.partial(print, secret),
    )
    for text in (repr(configuration), configuration.to_debug_report(), f"{configuration}"):
        assert secret not in text
        assert "username='id'" in text
    for token in (secret, functools.partial(str, secret)):
        assert secret not in repr(Configuration(access_token=token))
    assert repr(Configuration()) == "Configuration()"


def test_refusals_show_no_secret() -> None:
    """A refused secret would stand in the log that tells of the refusal."""
    for name in ("password", "access_token", "proxy"):
        with pytest.raises(ApiValueError) as caught:
            Configuration(**{name: "://s3cret\r\n€"})  # type: ignore[arg-type]  # names are chosen
        assert "s3cret" not in str(caught.value)


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job would not find its credentials, or talk to another host than it was given."""
    monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", "id")
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", "s3cret")
    found = Configuration.from_env()
    assert (found.username, found.password) == ("id", "s3cret")
    assert found.host == "https://api.confluent.cloud"
    monkeypatch.setenv("CONFLUENT_CLOUD_ENDPOINT", "https://api.test/api/")
    assert Configuration.from_env(deadline=5).deadline == 5
    assert Configuration.from_env().host == "https://api.test/api"
    own = Configuration.from_env(host="https://own.test", username="u", password="p")
    assert (own.host, own.username, own.password) == ("https://own.test", "u", "p")
    bearer = Configuration.from_env(access_token="t")
    assert (bearer.username, bearer.password, bearer.access_token) == (None, None, "t")


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", ["CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET"])
def test_environment_without_credentials(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job without its secret would send requests that can only fail."""
    monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", "id")
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", "s3cret")
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(ApiValueError, match=f"{name} is not set"):
        Configuration.from_env()


def test_default_configuration() -> None:
    """Clients made without a configuration would not get the one that was set for them."""
    first = Configuration.get_default()
    assert first is Configuration.get_default() is Configuration.get_default_copy()
    own = Configuration(host="https://own.test")
    Configuration.set_default(own)
    default = Configuration.get_default()
    assert default.host == "https://own.test"
    own.host = "https://changed.test"
    assert default.host == "https://own.test"
    Configuration.set_default(None)
    assert Configuration.get_default().host == "https://api.confluent.cloud"


def test_debug_is_for_this_library_alone() -> None:
    """One client's debugging would flood the log of the whole program, or turn itself off."""
    others = [logging.getLogger(name) for name in ("", "urllib3", "http.client")]
    before = [(logger.level, logger.handlers[:]) for logger in others]
    configuration = Configuration(debug=True)
    assert _LOGGER.level == logging.DEBUG
    Configuration(host="https://other.test", debug=False)
    assert _LOGGER.level == logging.DEBUG
    configuration.debug = False
    assert _LOGGER.level == logging.NOTSET
    assert [(logger.level, logger.handlers[:]) for logger in others] == before


def test_a_level_that_the_program_chose_stays() -> None:
    """A program that silenced this library's log would find it loud again."""
    _LOGGER.setLevel(logging.ERROR)
    Configuration()
    Configuration(debug=False).debug = None  # type: ignore[assignment]  # ``None`` is the default
    assert _LOGGER.level == logging.ERROR


def test_credentials() -> None:
    """The service would not accept the credentials, or none would be sent."""
    assert Configuration().auth_settings() == {}
    basic = Configuration(username="ü", password="é:x")
    value = "Basic /DrpOng="
    assert basic.get_basic_auth_token() == value
    header = {"in": "header", "key": "Authorization"}
    assert basic.auth_settings() == {"cloud-api-key": {"type": "basic", **header, "value": value}}
    for token in ("tok", _no_token):
        text = token() if callable(token) else token
        assert Configuration(access_token=token).auth_settings() == {
            "confluent-sts-access-token": {"type": "oauth2", **header, "value": f"Bearer {text}"}
        }
        assert Configuration(access_token=token).get_basic_auth_token() is None


@pytest.mark.parametrize(
    ("username", "password", "name"),
    [
        ("u", None, "password"),
        ("u", "", "password"),
        ("u", " ", "password"),
        (None, "p", "username"),
        ("", "p", "username"),
        (" ", "p", "username"),
        ("", "", "username"),
    ],
)
def test_half_credentials(username: str | None, password: str | None, name: str) -> None:
    """Calls would go out without credentials, and say nothing."""
    half = Configuration(username=username, password=password)
    for ask in (half.auth_settings, half.get_basic_auth_token):
        with pytest.raises(ApiValueError, match=f"{name} is empty"):
            ask()


def test_two_kinds_of_credentials() -> None:
    """One of them would be sent, and nobody could say which."""
    both = Configuration(username="u", password="p", access_token="t")
    with pytest.raises(ApiValueError, match="access_token.*not both"):
        both.auth_settings()


@pytest.mark.parametrize("token", ["", " ", lambda: "", lambda: " ", lambda: "a\n", lambda: "€"])
def test_tokens_that_are_none(token: Any) -> None:
    """A token file with a line break at its end would break the request apart."""
    with pytest.raises(ApiValueError, match="access_token"):
        Configuration(access_token=token).auth_settings()


@pytest.mark.parametrize("token", [lambda: None, lambda: 5, lambda: b"t"])
def test_functions_that_give_no_token(token: Any) -> None:
    """``Bearer None`` would be sent."""
    with pytest.raises(ApiTypeError, match="access_token"):
        Configuration(access_token=token).auth_settings()


def test_a_failing_token_function_fails_the_call() -> None:
    """A call without credentials would be made, and the cause of it be hidden."""

    def fail() -> str:
        raise LookupError("vault")

    with pytest.raises(LookupError, match="vault"):
        Configuration(access_token=fail).auth_settings()
