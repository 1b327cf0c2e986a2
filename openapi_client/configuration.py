"""Settings of a client. Nothing here does I/O."""

import base64
import copy
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NoReturn

from typing_extensions import Never, Self

from . import _checks
from ._core.attempts import Attempt
from ._core.logging import logger
from ._core.typeguards import is_row
from .exceptions import ApiAttributeError, ApiTypeError, ApiValueError

DEFAULT_HOST = "https://api.confluent.cloud"

_LEFT_OUT = {
    **dict.fromkeys(
        ["api_key", "api_key_prefix", "refresh_api_key_hook"],
        "give the API key as username and its secret as password",
    ),
    **dict.fromkeys(
        [
            "server_index",
            "server_variables",
            "server_operation_index",
            "server_operation_variables",
            "ignore_operation_servers",
        ],
        "there is one server; set host",
    ),
    **dict.fromkeys(["datetime_format", "date_format"], "times are RFC 3339 in this API"),
    **dict.fromkeys(
        [
            "logger",
            "logger_file",
            "logger_file_handler",
            "logger_format",
            "logger_formatter",
            "logger_stream_handler",
        ],
        "give the logger 'openapi_client' a handler instead",
    ),
    "safe_chars_for_path_param": "an id is always encoded whole",
    "temp_folder_path": "this API has no files",
    "discard_unknown_keys": "unknown fields are kept",
    "proxy_ssl_context": "set ssl_ca_cert or ca_cert_data, which hold for the proxy too",
}


def _callable(name: str, value: object) -> object:
    if not callable(value):
        raise ApiTypeError(f"{name} has to be callable, not {type(value).__name__}")
    return value


def _token(name: str, value: object) -> object:
    return value if callable(value) else _checks.line(name, value)


def _username(name: str, value: object) -> str:
    username = _checks.line(name, value)
    if ":" in username:
        raise ApiValueError("username may hold no colon: it is the id of an API key")
    return username


def _retries(name: str, value: object) -> object:
    if isinstance(value, int) and value is not True:
        return _checks.whole(name, int(value), least=0)
    # ``RetryPolicy`` and urllib3's ``Retry``, by their form: both stand above this module.
    if not (hasattr(value, "max_attempts") or hasattr(value, "backoff_factor")):
        raise ApiTypeError(f"{name} has to be a RetryPolicy, an int, False or None, not {value!r}")
    return value


def _hostname(name: str, value: object) -> object:
    return value if value is False else _checks.text(name, value)


def _certificates(name: str, value: object) -> object:
    return value if isinstance(value, bytes) else _checks.text(name, value)


def _socket_options(name: str, value: object) -> tuple[tuple[Any, ...], ...]:
    if not is_row(value) or not all(is_row(option) for option in value):
        raise ApiTypeError(f"{name} has to be a list of tuples, as socket.setsockopt takes them")
    return tuple(tuple(option) for option in value)


def _size(name: str, value: object) -> int:
    return _checks.whole(name, value, least=1)


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "host": _checks.host,
    "username": _username,
    "password": _checks.line,
    "access_token": _token,
    "ssl_ca_cert": _checks.text,
    "ca_cert_data": _certificates,
    "cert_file": _checks.text,
    "key_file": _checks.text,
    "verify_ssl": _checks.flag,
    "assert_hostname": _hostname,
    "tls_server_name": _checks.text,
    "connection_pool_maxsize": _size,
    "proxy": _checks.proxy,
    "no_proxy": _checks.text,
    "proxy_headers": _checks.headers,
    "socket_options": _socket_options,
    "retries": _retries,
    "connect_timeout": _checks.seconds,
    "read_timeout": _checks.seconds,
    "deadline": _checks.seconds,
    "client_side_validation": _checks.flag,
    "allow_insecure_http": _checks.flag,
    "user_agent_suffix": _checks.line,
    "on_attempt": _callable,
    "debug": _checks.flag,
}
_SECRET = frozenset(
    # The representation of a function shows what it is bound to.
    {"password", "access_token", "proxy", "proxy_headers", "ca_cert_data", "on_attempt"}
)
_DEFAULTS: dict[str, Any] = dict.fromkeys(_CHECKS) | {
    "host": DEFAULT_HOST,
    "verify_ssl": True,
    "connection_pool_maxsize": 64,
    "connect_timeout": 10.0,
    "read_timeout": 60.0,
    "deadline": 120.0,
    "client_side_validation": True,
    "allow_insecure_http": False,
    "debug": False,
}
TRANSPORT_SETTINGS = frozenset(
    {
        "assert_hostname",
        "ca_cert_data",
        "cert_file",
        "connection_pool_maxsize",
        "key_file",
        "no_proxy",
        "proxy",
        "proxy_headers",
        "socket_options",
        "ssl_ca_cert",
        "tls_server_name",
        "verify_ssl",
    }
)
"""Settings that are read when the connection pool is made, and not again."""


class Configuration:
    """The settings of a client; each may be changed at any time, and is checked when it is.

    Host, credentials, timeouts and retries are read at each call, the settings of the transport
    when the connection pool is made. ``None`` stands for a setting's default. A wrong value
    raises ``ApiValueError`` (``ApiTypeError`` for a wrong type), an unknown name
    ``ApiAttributeError``. ``repr`` shows no secret.

    Args:
        host: The base URL, maybe with a path; ``https://api.confluent.cloud`` by default.
        username: The id of a Cloud API key.
        password: The secret of that key.
        access_token: A bearer token, or a function that gives one and is called for each call.
            Not together with ``username``.
        ssl_ca_cert: A file of CA certificates to trust instead of the system's.
        ca_cert_data: CA certificates to trust, as PEM text or DER bytes.
        cert_file: A client certificate (PEM file).
        key_file: The key of the client certificate, where ``cert_file`` does not hold it.
        verify_ssl: Whether to check the server's certificate.
        assert_hostname: The name to expect in the certificate; ``False`` for any.
        tls_server_name: The server name to ask for in the TLS handshake (SNI).
        connection_pool_maxsize: How many idle connections are kept; 64 by default.
        proxy: The URL of a proxy; its user name and password are sent to the proxy. By default
            ``https_proxy``, ``http_proxy`` and ``all_proxy`` of the environment count; ``""``
            is for no proxy.
        no_proxy: Hosts to reach without a proxy, separated by commas: domains, addresses or
            networks, maybe with a port, or ``*``. By default, and if ``proxy`` is not set,
            ``no_proxy`` of the environment.
        proxy_headers: Headers for the proxy alone.
        socket_options: Options for each socket, as ``socket.setsockopt`` takes them.
        retries: A ``RetryPolicy``, a number of retries after the first attempt, ``False`` for
            none, or urllib3's ``Retry``; by default ``RetryPolicy()``.
        connect_timeout: Seconds for one attempt to connect; 10 by default.
        read_timeout: Seconds to wait for the next bytes of an answer; 60 by default.
        deadline: Seconds for a whole call with its retries and waits; 120 by default.
        client_side_validation: Whether arguments are checked before they are sent. The checks
            that keep a request on its path and host stay on.
        allow_insecure_http: Whether credentials may go over plain http to other machines.
        user_agent_suffix: ``name/version`` of the program or SDK that uses this one.
        on_attempt: Called with the ``Attempt`` after each one.
        debug: Whether the logger ``openapi_client`` is set to ``DEBUG``.
    """

    host: str
    username: str | None
    password: str | None
    access_token: str | Callable[[], str] | None
    ssl_ca_cert: str | None
    ca_cert_data: str | bytes | None
    cert_file: str | None
    key_file: str | None
    verify_ssl: bool
    assert_hostname: str | bool | None
    tls_server_name: str | None
    connection_pool_maxsize: int
    proxy: str | None
    no_proxy: str | None
    proxy_headers: Mapping[str, str] | None
    socket_options: Sequence[Sequence[Any]] | None
    retries: Any
    connect_timeout: float
    read_timeout: float
    deadline: float
    client_side_validation: bool
    allow_insecure_http: bool
    user_agent_suffix: str | None
    on_attempt: Callable[[Attempt], object] | None
    debug: bool

    _default: ClassVar["Configuration | None"] = None

    def __init__(
        self,
        host: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        access_token: str | Callable[[], str] | None = None,
        ssl_ca_cert: str | None = None,
        ca_cert_data: str | bytes | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        verify_ssl: bool | None = None,
        assert_hostname: str | bool | None = None,
        tls_server_name: str | None = None,
        connection_pool_maxsize: int | None = None,
        proxy: str | None = None,
        no_proxy: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        socket_options: Sequence[Sequence[Any]] | None = None,
        retries: Any = None,
        connect_timeout: float | None = None,
        read_timeout: float | None = None,
        deadline: float | None = None,
        client_side_validation: bool | None = None,
        allow_insecure_http: bool | None = None,
        user_agent_suffix: str | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        debug: bool | None = None,
        **left_out: Never,
    ) -> None:
        given = locals()
        for name in [*_CHECKS, *left_out]:
            setattr(self, name, given[name] if name in _CHECKS else left_out[name])

    @classmethod
    def from_env(cls, **settings: Any) -> Self:
        """Settings from the environment, and any others by keyword, which win.

        Reads ``CONFLUENT_CLOUD_API_KEY``, ``CONFLUENT_CLOUD_API_SECRET`` and
        ``CONFLUENT_CLOUD_ENDPOINT``. Raises ``ApiValueError`` where that gives no credentials.
        """
        variables = {"host": "CONFLUENT_CLOUD_ENDPOINT"}
        if "access_token" not in settings:
            variables["username"] = "CONFLUENT_CLOUD_API_KEY"
            variables["password"] = "CONFLUENT_CLOUD_API_SECRET"
        found: dict[str, Any] = {
            name: os.environ.get(variable) or None for name, variable in variables.items()
        }
        configuration = cls(**(found | settings))
        for name in ("username", "password"):
            if name in variables and getattr(configuration, name) is None:
                raise ApiValueError(f"{variables[name]} is not set in the environment")
        return configuration

    @classmethod
    def set_default(cls, default: "Configuration | None") -> None:
        """Keep a copy of ``default`` for clients that are made without a configuration."""
        cls._default = copy.copy(default)

    @classmethod
    def get_default(cls) -> "Configuration":
        """The configuration that clients made without one share; changes to it hold."""
        if cls._default is None:
            cls._default = cls()
        return cls._default

    @classmethod
    def get_default_copy(cls) -> "Configuration":
        """As ``get_default``, under an older name."""
        return cls.get_default()

    def get_basic_auth_token(self) -> str | None:
        """The value of ``Authorization`` for the API key; ``None`` where none is set.

        Raises ``ApiValueError`` for half an API key.
        """
        if self.username is None and self.password is None:
            return None
        for name, value in (("username", self.username), ("password", self.password)):
            if not value or not value.strip():
                raise ApiValueError(f"{name} is empty: an API key is username and password")
        pair = f"{self.username}:{self.password}".encode("latin-1")
        return f"Basic {base64.b64encode(pair).decode()}"

    def auth_settings(self) -> dict[str, dict[str, str]]:
        """The credentials as the service's description names them, empty where none are set.

        Raises ``ApiValueError`` for half an API key, for both forms at once, and for a token
        that is none.
        """
        header = {"in": "header", "key": "Authorization"}
        basic = self.get_basic_auth_token()
        if self.access_token is None:
            return {"cloud-api-key": {"type": "basic", **header, "value": basic}} if basic else {}
        if basic:
            raise ApiValueError("set access_token, or username and password, but not both")
        token = self.access_token() if callable(self.access_token) else self.access_token
        if not _checks.line("access_token", token).strip():
            raise ApiValueError("access_token is empty")
        bearer = {"type": "oauth2", **header, "value": f"Bearer {token}"}
        return {"confluent-sts-access-token": bearer}

    def to_debug_report(self) -> str:
        """The settings as text for a bug report, without secrets."""
        return repr(self)

    def __setattr__(self, name: str, value: Any) -> None:
        check = _CHECKS.get(name)
        if check is None:
            _refuse_name(name)
        was_debug = self.__dict__.get("debug", False)
        self.__dict__[name] = _DEFAULTS[name] if value is None else check(name, value)
        if self.__dict__.get("debug", False) != was_debug:
            level = logging.NOTSET if was_debug else logging.DEBUG
            logger.setLevel(level)

    def __deepcopy__(self, memo: object) -> Self:
        # Values are replaced and never changed; a function has to stay that of the caller.
        return copy.copy(self)

    def __repr__(self) -> str:
        changed = {name: value for name, value in vars(self).items() if value != _DEFAULTS[name]}
        shown = (f"{name}={_shown(name, value)}" for name, value in changed.items())
        return f"Configuration({', '.join(shown)})"


def _shown(name: str, value: object) -> str:
    return "'***'" if name in _SECRET else repr(value)


def _refuse_name(name: str) -> NoReturn:
    if name in _LEFT_OUT:
        raise ApiAttributeError(f"{name} is no setting of this client: {_LEFT_OUT[name]}")
    raise ApiAttributeError(f"there is no setting {name!r}")
