"""What a type checker sees of clients and their settings. It is checked, not run."""

import ssl
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from typing_extensions import assert_type, override

from openapi_client import (
    ApiClient,
    ApiResponse,
    Attempt,
    ByokV1KeyList,
    Configuration,
    KeysByokV1Api,
    RetryPolicy,
)
from openapi_client.rest import RESTClientObject, RESTResponse
from openapi_client.testing import ByokEmulator


def settings(
    on_attempt: Callable[[Attempt], None], token: Callable[[], str], context: ssl.SSLContext
) -> None:
    """Every setting, as an argument and as an attribute."""
    assert_type(Configuration(), Configuration)
    assert_type(Configuration("https://api.confluent.cloud"), Configuration)
    assert_type(
        Configuration(
            host="https://api.confluent.cloud",
            username="id",
            password="secret",
            ssl_ca_cert="ca.pem",
            verify_ssl=True,
            proxy="http://proxy:3128",
            retries=RetryPolicy(max_attempts=3, backoff_base=0.1, backoff_cap=1.0),
            connect_timeout=5,
            read_timeout=30.0,
            deadline=60,
            user_agent_suffix="wrapper/1.0",
            on_attempt=on_attempt,
            debug=False,
        ),
        Configuration,
    )
    configuration = Configuration(access_token=token)
    assert_type(configuration.host, str)
    assert_type(configuration.username, str | None)
    assert_type(configuration.access_token, str | Callable[[], str] | None)
    assert_type(configuration.deadline, float)
    configuration.deadline = None
    assert_type(Configuration(host=None, deadline=None).deadline, float)
    assert_type(Configuration(ssl_ca_cert=Path("ca.pem")).ssl_ca_cert, str | None)
    assert_type(Configuration.deadline, float)
    Configuration(ssl_context=ssl.create_default_context, proxy_ssl_context=context)
    assert_type(configuration.verify_ssl, bool)
    assert_type(configuration.connection_pool_maxsize, int)
    configuration.retries = 2
    configuration.deadline = 30.0
    assert_type(Configuration.from_env(deadline=10.0), Configuration)
    assert_type(Configuration.get_default(), Configuration)
    assert_type(Configuration.get_default_copy(), Configuration)
    assert_type(configuration.get_basic_auth_token(), str | None)
    assert_type(configuration.auth_settings(), dict[str, dict[str, str]])
    assert_type(configuration.to_debug_report(), str)


def clients(configuration: Configuration) -> None:
    """A client, and what it shares."""
    with ApiClient(configuration, "X-Tenant", "t", cookie="a=1") as client:
        assert_type(client, ApiClient)
    assert_type(client.configuration, Configuration)
    assert_type(client.default_headers, dict[str, str])
    assert_type(client.cookie, str | None)
    assert_type(client.user_agent, str)
    client.user_agent = "wrapper/1.0"
    client.set_default_header("X-One", "1")
    assert_type(client.client_side_validation, bool)
    assert_type(ApiClient.get_default(), ApiClient)
    assert_type(client.select_header_accept(["application/json"]), str | None)
    assert_type(client.select_header_content_type(["application/json"]), str | None)
    assert_type(client.parameters_to_url_query([("page_size", 10)]), str)
    ApiClient.set_default(client)
    Configuration.set_default(configuration)
    client.close()
    assert_type(KeysByokV1Api(client), KeysByokV1Api)
    assert_type(KeysByokV1Api().api_client, ApiClient)


class Settings(Configuration):
    """A subclass may have attributes and a constructor of its own."""

    def __init__(self, tenant: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.tenant = tenant


def own_settings() -> None:
    """They are as typed as any."""
    assert_type(Settings("t", deadline=5.0).tenant, str)
    assert_type(Settings("t").deadline, float)


class Wrapper(ApiClient):
    """A subclass stays what it is, and may override the stages."""

    @override
    def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, str]] | None = None,
        _request_timeout: Any = None,
    ) -> RESTResponse:
        """See every attempt."""
        return super().call_api(method, url, header_params, body, post_params, _request_timeout)


def stages(wrapper: Wrapper, transport: RESTClientObject) -> None:
    """The stages by themselves, and a transport put in place of the client's own."""
    with wrapper as entered:
        assert_type(entered, Wrapper)
    assert_type(wrapper.with_options(deadline=5.0), Wrapper)
    wrapper.rest_client = transport
    method, url, headers, body, form = wrapper.param_serialize("GET", "/byok/v1/keys")
    assert_type(method, str)
    assert_type(headers, dict[str, str])
    assert_type(body, bytes | None)
    response = wrapper.call_api(method, url, headers, body, form)
    assert_type(response, RESTResponse)
    assert_type(response.status, int)
    assert_type(response.read(), bytes)
    assert_type(response.getheader("Location"), str | None)
    assert_type(
        wrapper.response_deserialize(response, {"200": ByokV1KeyList}), ApiResponse[ByokV1KeyList]
    )
    wrapper.update_params_for_auth(headers, [], ["cloud-api-key"], url, method, body)
    wrapper.deserialize("{}", "ByokV1Key", "application/json")
    wrapper.sanitize_for_serialization({"a": 1})
    assert_type(transport.request("GET", url, headers=headers, _request_timeout=5), RESTResponse)


def emulator() -> None:
    """The emulator hands out settings that lead to it."""
    with ByokEmulator() as emulator:
        assert_type(emulator, ByokEmulator)
        assert_type(emulator.url, str)
        assert_type(emulator.configuration(deadline=5.0), Configuration)
