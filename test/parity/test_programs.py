"""What programs do around the calls: settings, defaults, wrapped connections, handlers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from support.recorder import RecordingServer

from .calls import ARN, BASIC


@pytest.fixture(autouse=True)
def _no_defaults(theirs: Any, ours: Any) -> Iterator[None]:
    """Leave no default behind."""
    yield
    for package in (theirs, ours):
        package.Configuration.set_default(None)
        package.ApiClient.set_default(None)


def test_the_default_configuration_is_the_object_itself(
    theirs: Any, ours: Any, server: RecordingServer
) -> None:
    """A token that is set later on the default configuration is used."""
    for package in (theirs, ours):
        configuration = package.Configuration(host=server.url)
        package.Configuration.set_default(configuration)
        assert package.Configuration.get_default() is configuration
        configuration.access_token = "late"
        server.requests = []
        package.KeysByokV1Api(package.ApiClient()).get_byok_v1_key("x")
        assert server.only.header("Authorization") == "Bearer late"


def test_a_program_brings_its_own_pool_manager(
    theirs: Any, ours: Any, server: RecordingServer
) -> None:
    """Real code sets proxies, retries and TLS so: the manager that it made is used."""
    for package in (theirs, ours):
        client = package.ApiClient(package.Configuration(host=server.url, **BASIC))
        manager = urllib3.PoolManager(num_pools=1)
        client.rest_client.pool_manager = manager
        assert client.rest_client.pool_manager is manager
        assert package.KeysByokV1Api(client).get_byok_v1_key("x").id == "cck-12345"
        assert len(manager.pools) == 1


def test_a_program_edits_the_pool_manager(theirs: Any, ours: Any, server: RecordingServer) -> None:
    """What is set in `connection_pool_kw` reaches the connections."""
    for package in (theirs, ours):
        client = package.ApiClient(package.Configuration(host=server.url, **BASIC))
        manager = client.rest_client.pool_manager
        manager.connection_pool_kw["source_address"] = ("127.0.0.2", 0)
        package.KeysByokV1Api(client).get_byok_v1_key("x")
        pool = manager.connection_from_url(server.url)
        assert pool.conn_kw["source_address"] == ("127.0.0.2", 0)


def test_a_handler_compares_the_status(theirs: Any, ours: Any) -> None:
    """`e.status >= 500` and `e.status == 0` work also where there was no answer."""
    # Theirs lets urllib3's exceptions through, but for those of TLS, which have the same 0.
    with pytest.raises(urllib3.exceptions.HTTPError):
        _refused(theirs)
    with pytest.raises(ours.ApiException) as caught:
        _refused(ours)
    assert caught.value.status == 0
    assert not caught.value.status >= 500


def _refused(package: Any) -> None:
    configuration = package.Configuration(host="http://127.0.0.1:1", retries=False)
    package.KeysByokV1Api(package.ApiClient(configuration)).get_byok_v1_key("x")


def test_the_same_exception_by_every_path(theirs: Any, ours: Any) -> None:
    """The reference page imports ApiException from `rest`; handlers elsewhere catch it."""
    for package in (theirs, ours):
        assert package.rest.ApiException is package.ApiException
        assert package.rest.ApiException is package.exceptions.ApiException


def test_a_key_is_built_in_every_way(theirs: Any, ours: Any) -> None:
    """A key is built by keyword, by position, and from the dict that dumping a request gives."""
    for package in (theirs, ours):
        key = package.ByokV1AwsKey(key_arn=ARN, kind="AwsKey")
        built = [package.ByokV1KeyKey(key), package.ByokV1KeyKey(actual_instance=key)]
        dumped = {"actual_instance": {"key_arn": ARN, "kind": "AwsKey"}}
        built.append(package.CreateByokV1KeyRequest(key=dumped).key)
        assert [each.actual_instance for each in built] == [key] * 3


def test_a_configuration_is_subclassed(theirs: Any, ours: Any) -> None:
    """A program keeps settings of its own beside the client's, and copies take them along."""
    for package in (theirs, ours):

        class Own(package.Configuration):  # type: ignore[misc,name-defined]  # known at run time
            """As a wrapping SDK writes it."""

            def __init__(self, team: str, **settings: Any) -> None:
                super().__init__(**settings)
                self.team = team
                self._counted = 0

        made = Own("platform", host="https://h.test", username="u", password="p")
        made.late = "too"
        copied = copy.deepcopy(made)
        assert (copied.team, copied._counted, copied.late) == ("platform", 0, "too")
        assert (copied.host, copied.username) == ("https://h.test", "u")


def test_the_user_agent_is_among_the_default_headers(
    theirs: Any, ours: Any, server: RecordingServer
) -> None:
    """A program reads the user agent among the default headers, and adds its own name there."""
    for package in (theirs, ours):
        client = package.ApiClient(package.Configuration(host=server.url, **BASIC))
        assert "User-Agent" in client.default_headers
        assert client.default_headers.get("User-Agent") == client.user_agent
        assert client.default_headers.get("X-None", "none") == "none"
        client.default_headers["User-Agent"] += " own/1"
        server.requests = []
        package.KeysByokV1Api(client).get_byok_v1_key("x")
        sent = server.only.header("User-Agent")
        assert sent is not None
        assert sent.endswith(" own/1")
        client.user_agent = "other/2"
        assert client.default_headers["User-Agent"] == "other/2"
        server.requests = []
        package.KeysByokV1Api(client).get_byok_v1_key("x")
        assert server.only.header("User-Agent") == "other/2"


def test_settings_that_are_left_out_explain_themselves(theirs: Any, ours: Any) -> None:
    """Reading `api_key` says what to do instead; `getattr` with a default goes on working."""
    assert theirs.Configuration().api_key == {}
    with pytest.raises(ours.ApiAttributeError, match="username"):
        ours.Configuration().api_key["x"] = "y"
    assert getattr(ours.Configuration(), "api_key", None) is None


def test_a_response_has_the_same_fields(theirs: Any, ours: Any) -> None:
    """The fields of `ApiResponse` have their names and their order."""
    fields = list(theirs.ApiResponse.model_fields)
    assert list(ours.ApiResponse.__dataclass_fields__)[: len(fields)] == fields
