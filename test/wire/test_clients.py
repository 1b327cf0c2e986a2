import copy
import inspect
import pickle
import threading
from collections.abc import Callable, Iterator

import pytest

from openapi_client import (
    ApiAttributeError,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    Attempt,
    Configuration,
    KeysByokV1Api,
    ServiceException,
)
from support.clock import FakeClock
from support.documents import KEY
from support.recorder import RecordingServer
from support.replies import Reply, json_reply
from support.waiting import wait_for
from support.wire import Request

from .service import Connect

_COPIES = [
    pytest.param(copy.copy, id="copy"),
    pytest.param(copy.deepcopy, id="deepcopy"),
    pytest.param(lambda client: pickle.loads(pickle.dumps(client)), id="pickle"),
]


@pytest.fixture(autouse=True)
def _no_defaults() -> Iterator[None]:
    """Leave no default behind."""
    yield
    ApiClient.set_default(None)
    Configuration.set_default(None)


@pytest.mark.parametrize("copied", _COPIES)
def test_copies_work(server: RecordingServer, copied: Callable[[ApiClient], ApiClient]) -> None:
    """A copy of a client sends the same requests, over connections of its own."""
    settings = Configuration(host=server.url, username="id", password="s3cret", retries=0)
    with ApiClient(settings, "X-One", "1", "a=1") as original:
        original.user_agent = "own/1"
        KeysByokV1Api(original).list_byok_v1_keys()
        with copied(original) as other:
            KeysByokV1Api(other).list_byok_v1_keys()
            KeysByokV1Api(original).list_byok_v1_keys()
            assert other.rest_client is not original.rest_client
    assert [request.headers for request in server.requests] == [server.requests[0].headers] * 3
    assert [request.connection for request in server.requests] == [1, 2, 1]


def test_a_deep_copy_goes_its_own_way() -> None:
    """A change to a deep copy leaves the original client as it is."""
    original = ApiClient(Configuration(host="https://api.test"))
    other = copy.deepcopy(original)
    other.set_default_header("X-One", "1")
    other.configuration.host = "https://other.test"
    assert original.default_headers == {}
    assert original.configuration.host == "https://api.test"


def test_options_of_a_client_share_its_connections(
    server: RecordingServer, connect: Connect
) -> None:
    """A client with other options shares the connections of the original."""
    api = connect(server)
    clone = api.api_client.with_options(
        retries=0,
        deadline=5,
        user_agent_suffix="job/1",
        username=None,
        password=None,
        access_token="t",
    )
    assert clone.rest_client is api.api_client.rest_client
    assert clone.clock is api.api_client.clock
    api.list_byok_v1_keys()
    KeysByokV1Api(clone).list_byok_v1_keys()
    assert server.connections == 1
    one, other = server.requests
    assert other.header("Authorization") == "Bearer t"
    assert other.header("User-Agent") == f"{one.header('User-Agent')} job/1"
    assert api.api_client.configuration.deadline == 120


def test_options_of_a_client_stay_its_own(server: RecordingServer, connect: Connect) -> None:
    """A header or host that is set on a clone is its own."""
    client = connect(server).api_client
    client.set_default_header("X-One", "1")
    clone = client.with_options(host="https://other.test")
    clone.set_default_header("X-Two", "2")
    assert client.default_headers == {"X-One": "1"}
    assert clone.default_headers == {"X-One": "1", "X-Two": "2"}
    assert client.configuration.host == server.url


_OF_THE_CONNECTIONS = """
    ssl_ca_cert ca_cert_data cert_file key_file verify_ssl assert_hostname tls_server_name
    ssl_context proxy_ssl_context connection_pool_maxsize max_idle_for_post proxy no_proxy
    proxy_headers socket_options
"""


@pytest.mark.parametrize("name", [*inspect.signature(Configuration).parameters])
def test_options_that_belong_to_the_connections(name: str) -> None:
    """No setting is accepted without effect because the connections are there already."""
    client = ApiClient(Configuration(host="https://api.test"))
    if name in _OF_THE_CONNECTIONS.split():
        with pytest.raises(ApiValueError, match=f"^{name} belongs to the connections"):
            client.with_options(**{name: None})
    else:
        assert client.with_options(**{name: None}).rest_client is client.rest_client


def test_options_that_are_none(server: RecordingServer, connect: Connect) -> None:
    """A misspelled or wrong option is refused by its name."""
    client = connect(server).api_client
    with pytest.raises(ApiAttributeError, match="retris"):
        client.with_options(retris=0)
    with pytest.raises(ApiValueError, match="retries"):
        client.with_options(retries=-1)


def test_retries_of_one_call(connect: Connect, clock: FakeClock) -> None:
    """A single call can go without retries."""
    with RecordingServer(lambda _: Reply(503)) as server:
        api = connect(server, retries=2)
        with pytest.raises(ServiceException):
            KeysByokV1Api(api.api_client.with_options(retries=False)).list_byok_v1_keys()
        assert len(server.requests) == 1
        with pytest.raises(ServiceException):
            api.list_byok_v1_keys()
        assert len(server.requests) == 4
        assert len(clock.sleeps) == 2


def test_close_and_use_again(server: RecordingServer, connect: Connect) -> None:
    """A closed client leaves no socket open, and can be used again, and closed twice."""
    api = connect(server)
    with api.api_client as client:
        api.list_byok_v1_keys()
        assert client is api.api_client
        assert server.open_connections == 1
    wait_for(lambda: server.open_connections == 0)
    api.list_byok_v1_keys()
    api.api_client.close()
    wait_for(lambda: server.open_connections == 0)
    api.api_client.close()
    api.list_byok_v1_keys()
    assert [request.connection for request in server.requests] == [1, 2, 3]


def test_an_exception_in_a_with_block_passes(server: RecordingServer, connect: Connect) -> None:
    """An exception in a ``with`` block reaches the program."""
    with pytest.raises(LookupError), connect(server).api_client:
        raise LookupError


def test_connections_are_kept_alive(server: RecordingServer, connect: Connect) -> None:
    """Calls of every method share one connection."""
    api = connect(server)
    for _ in range(3):
        api.list_byok_v1_keys()
        api.create_byok_v1_key({"key": {"kind": "GcpKey", "key_id": "k"}})
        api.delete_byok_v1_key("cck-1")
    assert server.connections == 1


def test_one_client_for_many_threads(connect: Connect) -> None:
    """Many threads share a client: each of their calls is made once, and gets its own answer."""
    wrong: list[object] = []

    def echo(request: Request) -> Reply:
        return json_reply(200, {**KEY, "id": request.path.rpartition("/")[2]})

    def work(number: int) -> None:
        for turn in range(10):
            told = api.get_byok_v1_key_with_http_info(f"{number}-{turn}")
            (attempt,) = told.attempts
            if attempt.path != f"/byok/v1/keys/{number}-{turn}":
                wrong.append(attempt)
            if told.data.id != f"{number}-{turn}":
                wrong.append(told)

    with RecordingServer(echo) as server:
        api = connect(server)
        threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    paths = [request.path for request in server.requests]
    assert len(paths) == len(set(paths)) == 80


def test_default_client(server: RecordingServer) -> None:
    """An API made without a client uses the one that is set as default."""
    Configuration.set_default(Configuration(host=server.url))
    api = KeysByokV1Api()
    assert api.api_client is ApiClient.get_default() is KeysByokV1Api().api_client
    with api.api_client:
        api.list_byok_v1_keys()
    assert server.only.header("Authorization") is None
    own = ApiClient(Configuration(host=server.url))
    ApiClient.set_default(own)
    assert KeysByokV1Api().api_client is own
    assert KeysByokV1Api(api.api_client).api_client is api.api_client


def test_observer(server: RecordingServer, connect: Connect) -> None:
    """An observer sees each attempt, and a slip in it loses no answer."""
    seen: list[Attempt] = []

    def observe(attempt: Attempt) -> None:
        seen.append(attempt)
        raise LookupError("a slip of the observer")

    assert connect(server, on_attempt=observe).get_byok_v1_key("cck-1").id == "cck-1"
    assert [attempt.status for attempt in seen] == [200]


def test_a_configuration_is_no_client() -> None:
    """An API that is made of a configuration says what it has to be made of."""
    with pytest.raises(ApiTypeError, match=r"takes an ApiClient.* ApiClient\(configuration\)"):
        KeysByokV1Api(Configuration())  # type: ignore[arg-type]  # wrong on purpose


def test_a_client_tells_its_settings() -> None:
    """What generated code reads of a client is there: its user agent and whether it checks."""
    client = ApiClient(Configuration(client_side_validation=False, user_agent_suffix="job/1"))
    assert client.client_side_validation is False
    assert client.default_headers["User-Agent"] == client.user_agent
    assert client.user_agent.endswith(" job/1")
    client.default_headers["User-Agent"] = "own/1"
    assert client.default_headers["User-Agent"] == "own/1"
    with pytest.raises(KeyError, match="X-Other"):
        client.default_headers["X-Other"]
