"""The way that every call goes: serialize, authorize, attempt, retry, read, check, decode."""

import copy
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, ClassVar, TypeVar, cast
from urllib.parse import quote

from typing_extensions import Self

from . import _checks, rest
from ._core.clock import Clock, SystemClock
from ._core.headers import Headers, has_authorization, merged
from ._pipeline import credentials
from ._pipeline.call import Call
from ._pipeline.decode import read_model, warn_of_misfits
from ._pipeline.failures import read_failure
from ._pipeline.send import RequestSerialized, send
from ._pipeline.serialize import jsonable, query_string
from ._transport.client import TRANSPORT
from ._version import __version__
from .api_response import ApiResponse
from .configuration import TRANSPORT_SETTINGS, Configuration
from .exceptions import ApiException, ApiValueError
from .models._base import Schema

T = TypeVar("T")
_USER_AGENT = f"confluent-byok-client/{__version__} python/{platform.python_version()} {TRANSPORT}"


class ApiClient:
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
            Configuration.get_default() if configuration is None else configuration
        )
        """The settings; changes hold from the next call."""
        self.default_headers: dict[str, str] = {}
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
        clone.default_headers = self.default_headers.copy()
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

    @property
    def client_side_validation(self) -> bool:
        """Whether arguments are checked before they are sent, as the configuration says."""
        return self.configuration.client_side_validation

    def set_default_header(self, header_name: str, header_value: Any) -> None:
        """Send a header with all calls. Raises ``ApiValueError`` for what is none."""
        name, value = _checks.header("header_value", header_name, header_value)
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
        answer, trail = send(self, call, read=True)
        headers = Headers(answer.getheaders())
        if call.method == "DELETE" and answer.status == 404 and trail.may_have_acted:
            # An earlier attempt deleted it, and its answer was lost.
            gone = ApiResponse(status_code=404, headers=headers, data=None, raw_data=answer.data)
            return replace(cast("ApiResponse[T]", gone), attempts=tuple(trail.attempts))
        try:
            response = self.response_deserialize(answer, {"2XX": call.returns})
        except ApiException as error:
            trail.tell(error)
            raise
        misfits = response.validation_errors
        if call.complete and misfits:
            found = call.complete(response.data, headers)
            misfits = [misfit for misfit in misfits if misfit["loc"] != (found,)]
        if misfits:
            warn_of_misfits(call, misfits, response.request_id)
        attempts = tuple(trail.attempts)
        return replace(response, attempts=attempts, validation_errors=misfits)

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
        auth_settings: Sequence[str] | None = None,
        _request_auth: Mapping[str, Any] | None = None,
    ) -> RequestSerialized:
        """The request of a call, ready for ``call_api``, with credentials.

        Credentials are those of ``_request_auth``, else the configured ones if ``auth_settings``
        names any. ``header_params`` win over them, and they over the default headers. Raises
        ``ApiValueError`` for what cannot be sent, or not safely.
        """
        path = resource_path
        for name, value in (path_params or {}).items():
            path = path.replace(f"{{{name}}}", quote(_checks.path_segment(name, value), safe=""))
        query = self.parameters_to_url_query(query_params) if query_params else ""
        own = header_params or {}
        cookie = {"Cookie": _checks.line("cookie", self.cookie)} if self.cookie else {}
        default = _checks.headers("default_headers", self.default_headers)
        if _request_auth:
            granted = credentials.request_auth(_request_auth, self.cookie)
        else:
            granted = self._credentials() if auth_settings and not has_authorization(own) else {}
        agent = {"User-Agent": self.user_agent}
        headers = merged(agent, default, cookie, granted, own)
        if not self.configuration.allow_insecure_http:
            credentials.refuse_in_the_clear(self.configuration.host, headers, granted)
        content = None
        if body is not None:
            content = json.dumps(self.sanitize_for_serialization(body)).encode()
        url = f"{self.configuration.host}{path}{query and '?'}{query}"
        return method, url, headers, content, post_params

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

    def response_deserialize(
        self,
        response_data: rest.RESTResponse,
        response_types_map: Mapping[str, type[T]] | None = None,
    ) -> ApiResponse[T]:
        """The result of an answer whose body is read.

        ``response_types_map`` gives the model for a status (``"201"``, or ``"2XX"`` for a
        hundred). Raises the exception of the status where that is no success, and
        ``ApiResponseException`` where the body is not JSON.
        """
        status, body = response_data.status, response_data.data or b""
        if not 200 <= status <= 299:
            failure, errors = read_failure(body)
            text = body.decode("utf-8", "replace")
            ApiException.from_response(
                http_resp=response_data, body=text, data=failure, errors=errors
            )
        types = response_types_map or {}
        model = types.get(str(status), types.get(f"{status // 100}XX"))
        data: Any = None
        misfits: Sequence[Any] = ()
        if model is not None and issubclass(model, Schema):
            data, misfits = read_model(response_data, model, body)
        return ApiResponse(
            status_code=status,
            headers=Headers(response_data.getheaders()),
            data=data,
            raw_data=body,
            validation_errors=misfits,
        )

    def parameters_to_url_query(self, params: Sequence[tuple[str, Any]]) -> str:
        """The query of a URL; parameters that are ``None`` are left out."""
        return query_string(params)

    def select_header_accept(self, accepts: Sequence[str]) -> str | None:
        """The media type to ask for: JSON, if it is among ``accepts``."""
        return next((kind for kind in accepts if "json" in kind.lower()), next(iter(accepts), None))

    def select_header_content_type(self, content_types: Sequence[str]) -> str | None:
        """The media type to send: JSON, if it is among ``content_types``."""
        return self.select_header_accept(content_types)

    def sanitize_for_serialization(self, obj: object) -> Any:
        """``obj`` in the types of JSON: models without what is read-only, times as text.

        Raises ``ApiTypeError`` for what has no form in JSON.
        """
        return jsonable(obj)

    def _credentials(self) -> dict[str, str]:
        settings = self.configuration.auth_settings().values()
        return {setting["key"]: setting["value"] for setting in settings}

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if isinstance(self.rest_client, rest.RESTClientObject):
            del state["rest_client"]  # Sockets and locks stay where they are.
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "rest_client" not in state:
            self.rest_client = rest.RESTClientObject(self.configuration)
