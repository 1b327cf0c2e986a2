"""The way that every call goes: serialize, authorize, attempt, retry, read, check, decode."""

import copy
import platform
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, TypeVar, cast, overload

from typing_extensions import Self

from . import _checks, rest
from ._core.clock import Clock, SystemClock
from ._core.headers import DefaultHeaders, Headers, has_authorization, merged
from ._core.secrets import Secret, conceal
from ._pipeline import credentials
from ._pipeline.call import Call
from ._pipeline.conversions import Conversions
from ._pipeline.decode import (
    raise_for_status,
    read_data,
    redact_failure,
    type_named,
    warn_of_validation_errors,
)
from ._pipeline.send import RequestSerialized, credentials_sent, send
from ._pipeline.serialize import bare_content, json_content, path_with, scalar
from ._transport.client import TRANSPORT
from ._version import __version__
from .api_response import ApiResponse
from .configuration import TRANSPORT_SETTINGS, Configuration
from .exceptions import ApiException, ApiResponseException, ApiValueError

T = TypeVar("T")
_USER_AGENT = f"confluent-byok-client/{__version__} python/{platform.python_version()} {TRANSPORT}"
_PLAIN_HEADERS = {"Accept", "Content-Type"}
"""Headers of a call that are neither credentials nor settings of the client."""


class ApiClient(Conversions):
    """The pipeline of all calls, and the settings and connections that they share.

    It may be used by many threads at once. ``close`` or ``with`` closes its connections; used
    again, it opens new ones. It can be copied and pickled, and survives a fork: connections are
    not taken along. A subclass may override the stages ``param_serialize``, ``call_api`` and
    ``response_deserialize``; ``call_api`` sees every attempt.

    Args:
        configuration: The settings; ``Configuration.get_default()`` by default.
        header_name: The name of a header for all calls, ...
        header_value: ... and its value.
        cookie: The value of ``Cookie`` for all calls.
    """

    _default: ClassVar["ApiClient | None"] = None

    def __init__(
        self,
        configuration: Configuration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
    ) -> None:
        self.configuration: Configuration = (
            Configuration.for_new_client() if configuration is None else configuration
        )
        """The settings; changes hold from the next call."""
        self.default_headers: dict[str, str] = DefaultHeaders(self, {})
        """Headers for all calls; those of a call and its credentials win over them."""
        self.cookie = cookie
        """The value of ``Cookie``, or ``None``."""
        self.clock: Clock = SystemClock()
        """The source of time; a test may put its own here, and need not wait."""
        self.rest_client: Any = rest.RESTClientObject(self.configuration)
        """The transport: an object with the ``request`` method of ``RESTClientObject``."""
        self._user_agent: str | None = None
        if header_name is not None:
            self.set_default_header(header_name, header_value)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.configuration!r})"

    def close(self) -> None:
        """Close all idle connections. The client can be used again."""
        close = getattr(self.rest_client, "close", None)
        if close:  # A transport that somebody put in place of ours need not have it.
            close()

    def with_options(self, **settings: Any) -> Self:
        """A client with other settings that shares the connections of this one.

        Takes any setting of ``Configuration`` but those of the transport. Raises
        ``ApiValueError`` for one of these, ``ApiAttributeError`` for a name that is no setting.
        """
        fixed = sorted(TRANSPORT_SETTINGS & settings.keys())
        if fixed:
            raise ApiValueError(f"{fixed[0]} belongs to the connections, which are shared")
        clone = copy.copy(self)
        clone.rest_client = self.rest_client
        clone.default_headers = DefaultHeaders(clone, self.default_headers)
        clone.configuration = copy.copy(self.configuration)
        for name, value in settings.items():
            setattr(clone.configuration, name, value)
        return clone

    @property
    def user_agent(self) -> str:
        """The value of ``User-Agent``, unless ``default_headers`` or a call has another."""
        suffix = self.configuration.user_agent_suffix
        return self._user_agent or (f"{_USER_AGENT} {suffix}" if suffix else _USER_AGENT)

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self._user_agent = _checks.header_value("user_agent", value)
        # The one that was set last counts.
        for name in [name for name in self.default_headers if name.lower() == "user-agent"]:
            del self.default_headers[name]

    @property
    def client_side_validation(self) -> bool:
        """Whether arguments are checked before they are sent, as the configuration says."""
        return self.configuration.client_side_validation

    def set_default_header(self, header_name: str, header_value: Any) -> None:
        """Send a header with all calls. Raises ``ApiValueError`` for what is none."""
        name, value = _checks.header("header_value", header_name, scalar(header_value))
        self.default_headers[name] = value

    @classmethod
    def get_default(cls) -> "ApiClient":
        """The client that operations use where they are given none."""
        if ApiClient._default is None:
            ApiClient._default = ApiClient()
        return ApiClient._default

    @classmethod
    def set_default(cls, default: "ApiClient | None") -> None:
        """Choose the client that operations use where they are given none."""
        ApiClient._default = default

    def execute(self, call: Call[T]) -> ApiResponse[T]:
        """Make a call, with its retries, and give its result.

        Raises ``ApiException`` where it fails, ``ApiValueError`` where it is refused unsent.
        """
        answer, history = send(self, call, read=True)
        if call.method == "DELETE" and answer.status == 404 and history.outcome_unknown:
            # An earlier attempt deleted it, and its answer was lost.
            return ApiResponse(
                status_code=404,
                headers=Headers.of(answer.getheaders()),
                data=cast("T", None),
                raw_data=answer.data,
                attempts=answer.attempts,
            )
        try:
            response = self.response_deserialize(answer, {"2XX": call.returns})
        except ApiException as error:
            history.attach_to(error)
            if isinstance(error, ApiResponseException):
                # The write was answered, but the answer cannot be read.
                error.outcome_unknown = call.retried_as != "GET"
                redact_failure(error, credentials_sent(call, history.headers))
            raise
        if response.validation_errors:
            warn_of_validation_errors(
                history.attempts, response.validation_errors, response.request_id
            )
        return response

    def stream(self, call: Call[Any]) -> rest.RESTResponseType:
        """Make a call, with its retries, and give urllib3's response with its body unread.

        Its status is not checked. Raises ``ApiException`` where there is no answer.
        """
        answer, _ = send(self, call, read=False)
        response: rest.RESTResponseType = answer.response
        return response

    def param_serialize(
        self,
        method: str,
        resource_path: str,
        path_params: Mapping[str, str] | None = None,
        query_params: Sequence[tuple[str, Any]] | None = None,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, str]] | None = None,
        files: Any = None,
        auth_settings: Sequence[str] | None = None,
        collection_formats: Any = None,
        _host: str | None = None,
        _request_auth: Mapping[str, Any] | None = None,
    ) -> RequestSerialized:
        """The request of a call, ready for ``call_api``, with credentials.

        Credentials are those of ``_request_auth``, else the configured ones if ``auth_settings``
        names any. ``header_params`` win over them, and they over the default headers. ``files``,
        ``collection_formats`` and ``_host`` are there for code that was generated, and have to be
        empty. Raises ``ApiValueError`` for what cannot be sent, or not safely.
        """
        if files or collection_formats or _host:
            name = "files" if files else "collection_formats" if collection_formats else "_host"
            raise ApiValueError(f"{name} is not supported by this client, and has to be empty")
        host = self.configuration.host
        path = path_with(resource_path, path_params) if path_params else resource_path
        query = self.parameters_to_url_query(query_params) if query_params else ""
        headers, granted = self._headers(header_params or {}, auth_settings, _request_auth)
        if not (host.startswith("https:") or self.configuration.allow_insecure_http):
            credentials.refuse_in_the_clear(host, headers, granted)
        content = None
        if body is not None:
            content = bare_content(body, headers)
            if content is None:
                content = json_content(self.sanitize_for_serialization(body))
        return method, f"{host}{path}{query and '?'}{query}", headers, content, post_params

    def _headers(
        self,
        own: Mapping[str, Any],
        auth_settings: Sequence[str] | None,
        request_auth: Mapping[str, Any] | None,
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The headers of a request, and those among them that are credentials."""
        is_plain = own.keys() <= _PLAIN_HEADERS
        if not is_plain and not all(isinstance(value, str) for value in own.values()):
            own = _checks.headers("header_params", own)
        if request_auth:
            granted = credentials.request_auth(request_auth, self.cookie)
        elif auth_settings and (is_plain or not has_authorization(own)):
            granted = self._credentials()
        else:
            granted = {}
        if is_plain and not (request_auth or self.default_headers or self.cookie):
            return {"User-Agent": self.user_agent, **granted, **own}, granted
        cookie: dict[str, str] = {}
        if self.cookie:
            cookie["Cookie"] = conceal(_checks.header_value("cookie", self.cookie))
        default = _checks.headers("default_headers", self.default_headers)
        return merged({"User-Agent": self.user_agent}, default, cookie, granted, own), granted

    def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, str]] | None = None,
        _request_timeout: Any = None,
    ) -> rest.RESTResponse:
        """One attempt: hand the request to ``rest_client``, and return the head of the answer."""
        response: rest.RESTResponse = self.rest_client.request(
            method,
            url,
            headers=header_params,
            body=body,
            post_params=post_params,
            _request_timeout=_request_timeout,
        )
        return response

    @overload
    def response_deserialize(
        self, response_data: rest.RESTResponse, response_types_map: Mapping[str, type[T]]
    ) -> ApiResponse[T]: ...
    @overload
    def response_deserialize(
        self,
        response_data: rest.RESTResponse,
        response_types_map: Mapping[str, Any] | None = None,
    ) -> ApiResponse[Any]: ...
    def response_deserialize(
        self,
        response_data: rest.RESTResponse,
        response_types_map: Mapping[str, Any] | None = None,
    ) -> ApiResponse[Any]:
        """The result of an answer whose body is read.

        ``response_types_map`` gives the type of the data for a status (``"201"``, ``"2XX"`` for a
        hundred, ``"default"`` for all others): a model or its name, ``"object"`` for JSON as it
        is, ``"str"`` for text, ``"bytearray"`` for the bytes, ``None`` for none.
        Raises the exception of the status where that is no success, and ``ApiResponseException``
        where the body cannot be the answer.
        """
        status, body = response_data.status, response_data.data or b""
        if not 200 <= status <= 299:
            raise_for_status(response_data, body)
        types = response_types_map or {}
        for_others = types.get(f"{status // 100}XX", types.get("default"))
        data_type = types.get(str(status), for_others)
        if isinstance(data_type, str):
            data_type = type_named(data_type)
        headers = Headers.of(response_data.getheaders())
        data, errors = read_data(response_data, data_type, body, headers)
        return ApiResponse(
            status_code=status,
            headers=headers,
            data=data,
            raw_data=body,
            attempts=getattr(response_data, "attempts", ()),
            validation_errors=errors,
        )

    def update_params_for_auth(
        self,
        headers: dict[str, str],
        queries: Any,
        auth_settings: Sequence[str] | None,
        resource_path: str,
        method: str,
        body: Any,
        request_auth: Mapping[str, Any] | None = None,
    ) -> None:
        """Add credentials to ``headers``, as ``param_serialize`` does; the rest is not looked at.

        It is there for code that was generated.
        """
        if request_auth:
            headers.update(credentials.request_auth(request_auth, self.cookie))
        elif auth_settings:
            headers.update(self._credentials())

    def _credentials(self) -> dict[str, str]:
        settings = self.configuration.auth_settings().values()
        # Concealed in ``repr``: tools that report errors print local variables.
        return {setting["key"]: Secret(setting["value"]) for setting in settings}

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if isinstance(self.rest_client, rest.RESTClientObject):
            del state["rest_client"]  # Sockets and locks stay where they are.
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.default_headers = DefaultHeaders(self, self.default_headers)
        if "rest_client" not in state:
            self.rest_client = rest.RESTClientObject(self.configuration)
