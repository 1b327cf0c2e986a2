import base64
import copy
import functools
import inspect
import logging
import pickle
import re
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import create_autospec

import pytest
from urllib3 import Retry

from openapi_client import (
    ApiAttributeError,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    Configuration,
    RetryPolicy,
)
from openapi_client._core.unsupported_settings import UNSUPPORTED_SETTINGS
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
_CREDENTIAL = _LINE._replace(right=["text", "", "пароль"], wrong=["a\r\nX: y", "п\n"])
_PATH = _TEXT._replace(right=["a/b", Path("a/b"), "~/x"], read_back=str)
_CONTEXT = _Setting(
    None,
    [ssl.create_default_context, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)],
    [],
    ["text", 5, True],
)
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
    "username": _CREDENTIAL._replace(wrong=[*_CREDENTIAL.wrong, "a:b"]),
    "password": _CREDENTIAL,
    "access_token": _LINE._replace(right=["token", _no_token], mistyped=[5, b"token", True]),
    "ssl_ca_cert": _PATH,
    "ca_cert_data": _TEXT._replace(right=["pem", b"der"], mistyped=[5, True]),
    "cert_file": _PATH,
    "key_file": _PATH,
    "verify_ssl": _FLAG._replace(default=True),
    "assert_hostname": _TEXT._replace(right=["name", False], mistyped=[5, True]),
    "tls_server_name": _TEXT,
    "ssl_context": _CONTEXT,
    "proxy_ssl_context": _CONTEXT,
    "connection_pool_maxsize": _Setting(64, [1, 500], [0, -1], [True, "5", 5.0]),
    "max_idle_for_post": _Setting(2.0, [1, 0, 0.5], [-1, float("nan")], ["5", True]),
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
_UNSUPPORTED = {
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
    "disabled_client_side_validations": "client_side_validation=False",
    "get_host_settings": "host",
    "get_host_from_settings": "host",
    "get_api_key_with_prefix": "username",
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
    """Every setting is an argument, an attribute with a type, documented, and tried here."""
    parameters = inspect.signature(Configuration).parameters
    assert list(parameters) == [*_SETTINGS]
    assert set(inspect.get_annotations(Configuration)) - {"_default", "_fallback"} == {*_SETTINGS}
    documented = re.findall(r"^    (\w+): ", inspect.getdoc(Configuration) or "", re.MULTILINE)
    assert documented == [*_SETTINGS]
    assert set(_SETTINGS) >= TRANSPORT_SETTINGS


def test_the_signature_tells_types_and_defaults() -> None:
    """``help`` and notebooks show what each setting takes, and what holds without it."""
    signature = inspect.signature(Configuration)
    for name, setting in _SETTINGS.items():
        assert signature.parameters[name].default == setting.default
        assert "None" in str(signature.parameters[name].annotation) or name == "retries"
    assert str(signature.parameters["deadline"]) == "deadline: float | None = 120.0"
    assert "PathLike" in str(signature.parameters["key_file"])
    assert "ssl.SSLContext | " in str(signature.parameters["ssl_context"].annotation)
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    assert kinds[0] is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert set(kinds[1:]) == {inspect.Parameter.KEYWORD_ONLY}


def test_a_setting_costs_no_more_than_an_attribute() -> None:
    """Settings are read several times a call, and no Python function runs for it."""
    calls: list[str] = []
    configuration = Configuration(deadline=5)
    seen: list[object] = []
    sys.setprofile(lambda frame, event, _: calls.append(event) if event == "call" else None)
    try:
        seen += [configuration.deadline, configuration.host]
    finally:
        sys.setprofile(None)
    assert seen == [5.0, "https://api.confluent.cloud"]
    assert calls == []


@pytest.mark.parametrize("name", _SETTINGS)
def test_defaults(name: str) -> None:
    """A client without settings behaves as documented, and ``None`` brings the default back."""
    default = _SETTINGS[name].default
    assert getattr(Configuration, name) == default
    assert getattr(Configuration(), name) == default
    configuration = Configuration(**{name: _SETTINGS[name].right[0]})
    setattr(configuration, name, None)
    assert getattr(configuration, name) == default


@pytest.mark.parametrize(("name", "value"), _each("right"))
def test_values_that_are_right(name: str, value: Any) -> None:
    """A right value is kept, given to the constructor or assigned later."""
    made = Configuration(**{name: value})
    changed = Configuration()
    setattr(changed, name, value)
    kept = _SETTINGS[name].read_back(value)
    assert getattr(made, name) == getattr(changed, name) == kept


@pytest.mark.parametrize(("name", "value"), [*_each("wrong"), *_each("mistyped")])
def test_values_that_are_wrong(name: str, value: Any) -> None:
    """A wrong value is refused where it is set, by name, and changes nothing."""
    with pytest.raises(ApiValueError, match=name) as caught:
        Configuration(**{name: value})
    assert isinstance(caught.value, ApiTypeError) == (value in _SETTINGS[name].mistyped)
    configuration = Configuration()
    with pytest.raises(ApiValueError, match=name):
        setattr(configuration, name, value)
    assert getattr(configuration, name) == _SETTINGS[name].default


@pytest.mark.parametrize("name", _UNSUPPORTED)
def test_unsupported_settings_of_the_generated_client(name: str) -> None:
    """A setting that would do nothing is refused with what to do, given, set or only read."""
    told = f"^{name} is no setting.*{_UNSUPPORTED[name]}"
    with pytest.raises(ApiAttributeError, match=told):
        Configuration(**{name: None})
    with pytest.raises(ApiAttributeError, match=told):
        setattr(Configuration(), name, {})
    with pytest.raises(ApiAttributeError, match=told):
        getattr(Configuration(), name)["x"] = "y"
    assert not hasattr(Configuration(), name)


def test_every_unsupported_setting_is_here() -> None:
    """Every unsupported setting that is explained is tried here."""
    assert {*UNSUPPORTED_SETTINGS} == {*_UNSUPPORTED}


def test_unknown_settings() -> None:
    """A misspelt setting is refused, and the right one is named where there is one like it."""
    near = "'user_name'; did you mean username"
    with pytest.raises(ApiAttributeError, match=near):
        Configuration(user_name="x")  # type: ignore[call-arg]  # that is what must not work
    with pytest.raises(AttributeError, match=near):
        Configuration().user_name = "x"  # type: ignore[attr-defined]  # that is what must not work
    with pytest.raises(AttributeError, match=near):
        Configuration().user_name  # type: ignore[attr-defined]  # noqa: B018 - as above
    with pytest.raises(ApiAttributeError, match="no setting 'xyz'$"):
        Configuration(xyz="x")  # type: ignore[call-arg]  # that is what must not work
    with pytest.raises(ApiAttributeError, match="'from_env'"):
        Configuration(from_env="x")  # type: ignore[call-arg]  # that is what must not work
    with pytest.raises(TypeError):
        Configuration("https://api.test", "key")  # type: ignore[call-arg]  # host alone


class _Own(Configuration):
    """As programs write them for generated clients."""

    tenant = "nobody"
    deadline = 30.0  # pyright: ignore[reportAssignmentType]  # a default of its own
    logger = None

    def __init__(self, region: str = "eu", **settings: Any) -> None:
        self.region = region
        super().__init__(**settings)
        self.cache: dict[str, int] = {}

    @property
    def doubled(self) -> float:
        """A property, which can be set."""
        return self.deadline * 2

    @doubled.setter
    def doubled(self, value: float) -> None:
        self.deadline = value / 2


def test_a_subclass_may_have_attributes_of_its_own() -> None:
    """A program's own configuration keeps what the program needs, checked as before."""
    own = _Own("us", host="https://own.test/", tenant="t")
    assert (own.region, own.tenant, own.cache, own.host) == ("us", "t", {}, "https://own.test")
    assert (_Own().tenant, _Own().deadline, own.doubled) == ("nobody", 30.0, 60.0)
    own.doubled = 10
    own.logger = own.anything = 5  # type: ignore[attr-defined,assignment]  # as untyped code does
    assert (own.deadline, own.doubled) == (5.0, 10.0)
    assert vars(own)["logger"] == vars(own)["anything"] == 5
    for other in (copy.copy(own), pickle.loads(pickle.dumps(own))):
        assert type(other) is _Own
        assert vars(other) == vars(own)
    assert repr(own) == "_Own(host='https://own.test', deadline=5.0)"
    with pytest.raises(ApiAttributeError, match="did you mean deadline"):
        _Own(dedline=5)
    with pytest.raises(ApiAttributeError, match="give the API key as username"):
        own.api_key = {}  # type: ignore[attr-defined]  # that is what must not work
    with pytest.raises(ApiValueError, match="deadline"):
        own.deadline = -1


def test_a_double_of_it_has_its_settings() -> None:
    """``create_autospec`` makes one with the attributes that a configuration has."""
    double = create_autospec(Configuration)
    assert isinstance(double.host, str)
    with pytest.raises(AttributeError):
        double.api_key  # noqa: B018 - to ask for it is the point


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param(copy.copy, id="copy"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        pytest.param(lambda c: pickle.loads(pickle.dumps(c)), id="pickle"),
    ],
)
def test_copies(copied: Callable[[Configuration], Configuration]) -> None:
    """A copy, also in another process, has the same settings; a change to it stays with it."""
    settings = {name: setting.right[0] for name, setting in _SETTINGS.items()}
    del settings["access_token"]  # It would not go with the other credentials.
    original = Configuration(**settings)
    other = copied(original)
    assert vars(other) == vars(original)
    other.host = "https://other.test"
    other.retries = 0
    assert original.host == "https://api.test/api"
    assert original.retries == settings["retries"]
    with pytest.raises(ApiAttributeError):
        other.nothing = 1  # type: ignore[attr-defined]  # that is what must not work


def test_functions_are_not_copied() -> None:
    """Functions stay those of the caller in every copy, so their state is shared."""

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
    """A configuration can be printed, logged and reported without giving credentials away."""
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
    """The text of a refusal does not repeat a secret."""
    for name in ("password", "access_token", "proxy"):
        with pytest.raises(ApiValueError) as caught:
            Configuration(**{name: "://s3cret\r\n€"})  # type: ignore[arg-type]  # names are chosen
        assert "s3cret" not in str(caught.value)


def test_default_configuration() -> None:
    """The object that is set as default is the one that clients get; later changes hold."""
    first = Configuration.get_default()
    assert first is Configuration.get_default() is Configuration.get_default_copy()
    own = Configuration(host="https://own.test")
    Configuration.set_default(own)
    assert Configuration.get_default() is own is _Own.get_default()
    own.access_token = "later"
    assert ApiClient().configuration.auth_settings() == own.auth_settings() != {}
    Configuration.set_default(None)
    assert Configuration.get_default().host == "https://api.confluent.cloud"


def test_credentials() -> None:
    """Credentials are sent as the service takes them, in UTF-8."""
    assert Configuration().auth_settings() == {}
    basic = Configuration(username="ü", password="é:пароль")
    value = f"Basic {base64.b64encode('ü:é:пароль'.encode()).decode()}"
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
    """Half an API key is refused by the name of what is missing."""
    half = Configuration(username=username, password=password)
    for ask in (half.auth_settings, half.get_basic_auth_token):
        with pytest.raises(ApiValueError, match=f"{name} is empty"):
            ask()


def _warnings(caplog: pytest.LogCaptureFixture) -> int:
    count = len(caplog.records)
    assert all("access_token is set" in record.getMessage() for record in caplog.records)
    assert "s3cret" not in caplog.text
    caplog.clear()
    return count


def test_a_token_wins_over_an_api_key(caplog: pytest.LogCaptureFixture) -> None:
    """All three set, as the generated client's examples do: the token is used, and a log tells."""
    both = Configuration(username="u", password="s3cret", access_token="s3cret-token")
    assert _warnings(caplog) == 1
    for _ in range(2):
        (setting,) = both.auth_settings().values()
        assert setting["value"] == "Bearer s3cret-token"
    both.deadline = 5
    both.access_token = None
    assert _warnings(caplog) == 0
    assert "cloud-api-key" in both.auth_settings()
    both.access_token = "s3cret"
    assert _warnings(caplog) == 1
    other = Configuration(access_token="s3cret")
    assert _warnings(caplog) == 0
    other.password = "s3cret"
    assert _warnings(caplog) == 1
    assert "confluent-sts-access-token" in other.auth_settings()


@pytest.mark.parametrize("token", ["", " ", lambda: "", lambda: " ", lambda: "a\n", lambda: "€"])
def test_tokens_that_are_none(token: Any) -> None:
    """What can be no token is refused, also when a function gave it."""
    with pytest.raises(ApiValueError, match="access_token"):
        Configuration(access_token=token).auth_settings()


@pytest.mark.parametrize("token", [lambda: None, lambda: 5, lambda: b"t"])
def test_functions_that_give_no_token(token: Any) -> None:
    """A function that gives anything but text is refused."""
    with pytest.raises(ApiTypeError, match="access_token"):
        Configuration(access_token=token).auth_settings()


def test_a_failing_token_function_fails_the_call() -> None:
    """What the function for tokens raises reaches the caller as it is."""

    def fail() -> str:
        raise LookupError("vault")

    with pytest.raises(LookupError, match="vault"):
        Configuration(access_token=fail).auth_settings()
