"""Settings of a client. Nothing here does I/O."""

import base64
import copy
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import Never, Self

from . import _checks
from ._core.attempts import Attempt
from ._core.logging import logger
from ._core.secrets import Secret, conceal
from ._core.settings import Setting, has_settings, settings_of
from .exceptions import ApiAttributeError, ApiValueError

DEFAULT_HOST = "https://api.confluent.cloud"

_API_KEY = {"username": "CONFLUENT_CLOUD_API_KEY", "password": "CONFLUENT_CLOUD_API_SECRET"}
_ENDPOINT = "CONFLUENT_CLOUD_ENDPOINT"
_IDENTITY_POOL = "CONFLUENT_CLOUD_IDENTITY_POOL_ID"

_Path = str | os.PathLike[str]


@has_settings
class Configuration:
    """The settings of a client; each may be changed at any time, and is checked when it is.

    Host, credentials, timeouts and retries are read at each call, the settings of the transport
    when the connection pool is made. ``None`` stands for a setting's default. A wrong value
    raises ``ApiValueError`` (``ApiTypeError`` for a wrong type), an unknown name
    ``ApiAttributeError``. ``repr`` shows no secret. A subclass may have attributes of its own.

    Args:
        host: The base URL, maybe with a path; ``https://api.confluent.cloud`` by default.
        username: The id of a Cloud API key.
        password: The secret of that key.
        access_token: A bearer token, or a function that gives one and is called for each call.
            It is used instead of ``username`` and ``password`` where all are set.
        ssl_ca_cert: A file of CA certificates to trust instead of the system's.
        ca_cert_data: CA certificates to trust, as PEM text or DER bytes.
        cert_file: A client certificate (PEM file).
        key_file: The key of the client certificate, where ``cert_file`` does not hold it. It may
            not be encrypted.
        verify_ssl: Whether to check the server's certificate.
        assert_hostname: The name to expect in the certificate; ``False`` for any.
        tls_server_name: The server name to ask for in the TLS handshake (SNI).
        ssl_context: An ``ssl.SSLContext``, or a function that makes one, in place of the five
            settings from ``ssl_ca_cert`` to ``verify_ssl``, and for all that they do not cover.
            A configuration with a function can be pickled; one with a context cannot.
        proxy_ssl_context: The same for connections to an https proxy; by default they are made
            as those to the service.
        connection_pool_maxsize: How many idle connections are kept; 64 by default.
        max_idle_for_post: Seconds after which an idle connection is replaced rather than used
            for a POST, which could be lost with it; 2 by default.
        proxy: The URL of a proxy; its user name and password are sent to the proxy, special
            characters in them are percent-encoded. By default ``https_proxy``, ``http_proxy``
            and ``all_proxy`` of the environment count; ``""`` is for no proxy.
        no_proxy: Hosts to reach without a proxy, separated by commas: domains, addresses or
            networks, maybe with a port, or ``*``. By default, and if ``proxy`` is not set,
            ``no_proxy`` of the environment.
        proxy_headers: Headers for the proxy alone.
        socket_options: Options for each socket, as ``socket.setsockopt`` takes them.
        retries: A ``RetryPolicy``, a number of retries after the first attempt, ``False`` for
            none, or urllib3's ``Retry``; by default ``RetryPolicy()``.
        connect_timeout: Seconds for one attempt to connect; 10 by default.
        read_timeout: Seconds to receive or to send the next part of a message; 60 by default.
        deadline: Seconds for a whole call with its retries and waits; 120 by default.
        client_side_validation: Whether arguments are checked before they are sent. The checks
            that keep a request on its path and host stay on.
        allow_insecure_http: Whether credentials may go over plain http to other machines.
        user_agent_suffix: ``name/version`` of the program or SDK that uses this one.
        on_attempt: Called with the ``Attempt`` after each one.
        debug: Whether the log of this configuration's calls is printed to stderr, in full.
    """

    host: Setting[str] = Setting(_checks.host, default=DEFAULT_HOST, kw_only=False)
    username: Setting[str | None] = Setting(_checks.username, default=None)
    password: Setting[str | None] = Setting(_checks.credential, default=None, is_secret=True)
    access_token: Setting[str | Callable[[], str] | None] = Setting(
        _checks.token, default=None, is_secret=True
    )
    ssl_ca_cert: Setting[str | None, _Path] = Setting(_checks.path, default=None, is_transport=True)
    ca_cert_data: Setting[str | bytes | None] = Setting(
        _checks.certificates, default=None, is_secret=True, is_transport=True
    )
    cert_file: Setting[str | None, _Path] = Setting(_checks.path, default=None, is_transport=True)
    key_file: Setting[str | None, _Path] = Setting(_checks.path, default=None, is_transport=True)
    verify_ssl: Setting[bool] = Setting(_checks.boolean, default=True, is_transport=True)
    assert_hostname: Setting[str | bool | None] = Setting(
        _checks.host_name, default=None, is_transport=True
    )
    tls_server_name: Setting[str | None] = Setting(_checks.text, default=None, is_transport=True)
    ssl_context: Setting[SSLContext | Callable[[], SSLContext] | None] = Setting(
        _checks.ssl_context, default=None, is_secret=True, is_transport=True
    )
    proxy_ssl_context: Setting[SSLContext | Callable[[], SSLContext] | None] = Setting(
        _checks.ssl_context, default=None, is_secret=True, is_transport=True
    )
    connection_pool_maxsize: Setting[int] = Setting(_checks.count, default=64, is_transport=True)
    max_idle_for_post: Setting[float] = Setting(_checks.idle_time, default=2.0, is_transport=True)
    proxy: Setting[str | None] = Setting(
        _checks.proxy, default=None, is_secret=True, is_transport=True
    )
    no_proxy: Setting[str | None] = Setting(_checks.text, default=None, is_transport=True)
    proxy_headers: Setting[Mapping[str, str] | None] = Setting(
        _checks.headers, default=None, is_secret=True, is_transport=True
    )
    socket_options: Setting[Sequence[Sequence[Any]] | None] = Setting(
        _checks.socket_options, default=None, is_transport=True
    )
    retries: Setting[Any] = Setting(_checks.retries, default=None)
    connect_timeout: Setting[float] = Setting(_checks.seconds, default=10.0)
    read_timeout: Setting[float] = Setting(_checks.seconds, default=60.0)
    deadline: Setting[float] = Setting(_checks.seconds, default=120.0)
    client_side_validation: Setting[bool] = Setting(_checks.boolean, default=True)
    allow_insecure_http: Setting[bool] = Setting(_checks.boolean, default=False)
    user_agent_suffix: Setting[str | None] = Setting(_checks.header_value, default=None)
    on_attempt: Setting[Callable[[Attempt], object] | None] = Setting(
        _checks.function,
        default=None,
        is_secret=True,  # The representation of a function shows what it is bound to.
    )
    debug: Setting[bool] = Setting(_checks.boolean, default=False)

    _default: ClassVar["Configuration | None"] = None
    """The one that was chosen, by the program or by what the environment has."""
    _fallback: ClassVar["Configuration | None"] = None
    """The one that is shared as long as none was chosen."""

    @classmethod
    def from_env(cls, **settings: Any) -> Self:
        """Settings from the environment, and any others by keyword, which win unless ``None``.

        The credentials are the API key in ``CONFLUENT_CLOUD_API_KEY`` and
        ``CONFLUENT_CLOUD_API_SECRET``, or else workload identity:
        ``CONFLUENT_CLOUD_IDENTITY_POOL_ID`` with ``CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE`` or
        ``CONFLUENT_CLOUD_IDENTITY_TOKEN``. The host is ``CONFLUENT_CLOUD_ENDPOINT``, if that is
        set. Raises ``ApiValueError``, which names the variable, where there are no credentials,
        and for what cannot be used.
        """
        settings = conceal({name: value for name, value in settings.items() if value is not None})
        has_token = settings.get("access_token") is not None
        found = cls._variables("host", *(() if has_token else _API_KEY))
        configuration = cls(**(found | settings))
        if not has_token:
            configuration._complete_credentials()
        return configuration

    @classmethod
    def set_default(cls, default: "Configuration | None") -> None:
        """Let clients that are made without a configuration have this one: changes to it hold.

        ``None`` undoes that.
        """
        Configuration._default, Configuration._fallback = default, None

    @classmethod
    def get_default(cls) -> "Configuration":
        """The configuration that clients made without one share; changes to it hold."""
        if Configuration._default is not None:
            return Configuration._default
        if Configuration._fallback is None:
            Configuration._fallback = Configuration()
        return Configuration._fallback

    @classmethod
    def get_default_copy(cls) -> "Configuration":
        """As ``get_default``, under an older name."""
        return cls.get_default()

    @classmethod
    def for_new_client(cls) -> "Configuration":
        """The configuration of a client that is made without one.

        It is that of ``get_default``. While that was neither set nor changed, it is checked whether
        the environment has credentials, as for ``from_env`` but only complete ones: an API key, or
        else an identity. If so, they and ``CONFLUENT_CLOUD_ENDPOINT`` make the default from then
        on, and a line in the log says so.
        """
        default = cls.get_default()
        if Configuration._default is None and not vars(default):
            found = cls._from_complete_environment()
            if found:
                Configuration._default = default = found
        return default

    @classmethod
    def _from_complete_environment(cls) -> "Configuration | None":
        """Credentials of the environment and the host that goes with them; ``None`` for half."""
        has_api_key = all(map(os.environ.get, _API_KEY.values()))
        if not has_api_key and not os.environ.get(_IDENTITY_POOL):
            return None
        configuration = Configuration(**cls._variables("host", *(_API_KEY if has_api_key else ())))
        if not has_api_key:
            with suppress(ApiValueError):  # An identity pool without a token is no identity.
                configuration.access_token = configuration._identity()
            if configuration.access_token is None:
                return None
        names = _API_KEY.values() if has_api_key else [_IDENTITY_POOL]
        logger.info("using the credentials in %s of the environment", " and ".join(names))
        return configuration

    @classmethod
    def _variables(cls, *names: str) -> dict[str, Any]:
        """What the environment has of these settings; a refusal names the variable."""
        variables = {"host": _ENDPOINT} | _API_KEY
        found = {name: conceal(os.environ.get(variables[name])) for name in names}
        return {
            name: _SETTINGS[name].check(variables[name], value)
            for name, value in found.items()
            if value
        }

    def _complete_credentials(self) -> None:
        """Take an identity where there is no API key; refuse half an API key, and nothing."""
        missing = [variable for name, variable in _API_KEY.items() if not getattr(self, name)]
        if len(missing) == len(_API_KEY):
            self.access_token = self._identity()
            missing.append(_IDENTITY_POOL)
        if missing and self.access_token is None:
            needed = f"{missing[0]} is not set in the environment"
            raise ApiValueError(", nor is ".join([needed, *missing[2:]]))

    def _identity(self) -> Callable[[], str] | None:
        if not os.environ.get(_IDENTITY_POOL):
            return None
        from .auth.environment import provider_from_environment

        return provider_from_environment(self, os.environ)

    def get_basic_auth_token(self) -> str | None:
        """The value of ``Authorization`` for the API key; ``None`` where none is set.

        Raises ``ApiValueError`` for half an API key.
        """
        if self.username is None and self.password is None:
            return None
        for name, value in (("username", self.username), ("password", self.password)):
            if not value or not value.strip():
                raise ApiValueError(f"{name} is empty: an API key is username and password")
        pair = base64.b64encode(f"{self.username}:{self.password}".encode())
        return Secret(f"Basic {pair.decode()}")

    def auth_settings(self) -> dict[str, dict[str, str]]:
        """The credentials as the service's description names them, empty where none are set.

        Raises ``ApiValueError`` for half an API key, and for a token that is none.
        """
        header = {"in": "header", "key": "Authorization"}
        if self.access_token is None:
            basic = self.get_basic_auth_token()
            return {"cloud-api-key": {"type": "basic", **header, "value": basic}} if basic else {}
        token = conceal(self.access_token() if callable(self.access_token) else self.access_token)
        if not _checks.header_value("access_token", token).strip():
            raise ApiValueError("access_token is empty")
        bearer = {"type": "oauth2", **header, "value": Secret(f"Bearer {token}")}
        return {"confluent-sts-access-token": bearer}

    def to_debug_report(self) -> str:
        """The settings as text for a bug report, without secrets."""
        return repr(self)

    def __deepcopy__(self, memo: object) -> Self:
        # Values are replaced and never changed; a function has to stay that of the caller.
        return copy.copy(self)

    def __repr__(self) -> str:
        shown = [
            f"{name}={setting.shown(vars(self)[name])}"
            for name, setting in _SETTINGS.items()
            if vars(self).get(name, setting.default) != setting.default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    # To a type checker, there is only what the class declares.
    if not TYPE_CHECKING:  # pragma: no branch - it is never one when it runs

        def __init__(self, host: object = None, **settings: object) -> None:
            host, settings = conceal(host), conceal(settings)
            for name, value in {"host": host, **settings}.items():
                _refuse_unless(name in _SETTINGS or _is_own(self, name), name)
                _assign(self, name, value)
            _warn_of_two_credentials(self)

        def __setattr__(self, name: str, value: object) -> None:
            may_be_new = type(self) is not Configuration and _instead_of(name) is None
            _refuse_unless(name in _SETTINGS or may_be_new or _is_own(self, name), name)
            _assign(self, name, value)
            if name in {"access_token", *_API_KEY} and value is not None:
                _warn_of_two_credentials(self)

        def __getattr__(self, name: str) -> Never:
            # Asked for what is not there, as for ``api_key`` by ``configuration.api_key["x"]``.
            _refuse_unless(False, name)


def _is_own(configuration: Configuration, name: str) -> bool:
    """Whether a subclass has declared an attribute of this name."""
    return hasattr(type(configuration), name) and not hasattr(Configuration, name)


def _instead_of(name: str) -> str | None:
    """What to do instead of a setting that generated clients have."""
    from ._core.unsupported_settings import UNSUPPORTED_SETTINGS

    return UNSUPPORTED_SETTINGS.get(name)


def _refuse_unless(is_there: bool, name: str) -> None:
    if not is_there:
        advice = _instead_of(name)
        if advice:
            raise ApiAttributeError(f"{name} is no setting of this client: {advice}")
        hint = "" if name.startswith("_") else _checks.did_you_mean(name, _SETTINGS)
        raise ApiAttributeError(f"there is no setting {name!r}{hint}")


def _assign(configuration: Configuration, name: str, value: object) -> None:
    setting = _SETTINGS.get(name)
    if setting is None:
        object.__setattr__(configuration, name, value)
    elif value is None:
        vars(configuration).pop(name, None)
    else:
        vars(configuration)[name] = setting.accept(value)


def _warn_of_two_credentials(configuration: Configuration) -> None:
    values = vars(configuration)
    if values.get("access_token") is not None and any(name in values for name in _API_KEY):
        logger.warning("access_token is set, so username and password are not used")


_SETTINGS = settings_of(Configuration)
TRANSPORT_SETTINGS = frozenset(name for name, setting in _SETTINGS.items() if setting.is_transport)
"""Settings of the connections, which clients made by ``with_options`` share."""
