"""One client in many threads and processes: nothing is lost, mixed up or left open."""

import contextlib
import copy
import logging
import multiprocessing
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from openapi_client import ApiClient, ApiException, KeysByokV1Api
from openapi_client._transport import forks
from openapi_client.testing import ByokEmulator
from support.fault_matrix import ALL_FAULTS
from support.fault_server import FaultServer
from support.recorder import RecordingServer
from support.socket_server import Connection
from support.unmeasured import unmeasured_environment
from support.waiting import wait_for

from .conftest import MakeApi
from .service import GOOD, answer

_THREADS = 32


def _read(client: ApiClient, key_id: str) -> str:
    return KeysByokV1Api(client).get_byok_v1_key(key_id).id


def test_threads_share_a_client(caplog: pytest.LogCaptureFixture) -> None:
    """Threads that share a client get their own answers, and no warning is logged."""
    caplog.set_level(logging.WARNING)
    with ByokEmulator(quota=None) as emulator, ApiClient(emulator.configuration()) as client:
        ids = emulator.seed(50)
        with ThreadPoolExecutor(_THREADS) as pool:
            read = list(pool.map(lambda key_id: _read(client, key_id), ids * 20))
    assert read == ids * 20
    assert caplog.records == []


def test_more_threads_than_kept_connections(caplog: pytest.LogCaptureFixture) -> None:
    """Connections beyond those that are kept are closed, and no log is filled with that."""
    caplog.set_level(logging.WARNING)
    with ByokEmulator(quota=None) as emulator:
        ids = emulator.seed(10)
        settings = emulator.configuration(connection_pool_maxsize=1)
        with ApiClient(settings) as client, ThreadPoolExecutor(_THREADS) as pool:
            read = list(pool.map(lambda key_id: _read(client, key_id), ids * 20))
    assert read == ids * 20
    assert caplog.records == []


def test_close_while_others_call() -> None:
    """Closing a client while other threads call breaks none of their calls."""
    with ByokEmulator(quota=None) as emulator:
        [key_id] = emulator.seed(1)
        client = ApiClient(emulator.configuration())
        done = threading.Event()

        def close_again_and_again() -> None:
            while not done.is_set():
                client.close()

        closer = threading.Thread(target=close_again_and_again)
        closer.start()
        try:
            with ThreadPoolExecutor(8) as pool:
                read = list(pool.map(lambda _: _read(client, key_id), range(200)))
        finally:
            done.set()
            closer.join()
        client.close()
    assert read == [key_id] * 200


@pytest.mark.parametrize("leave", [ApiClient.close, lambda c: c.__exit__(None, None, None)])
def test_close_closes_sockets(leave: Callable[[ApiClient], None]) -> None:
    """Closing a client, or leaving its block, closes its connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        client = ApiClient()
        client.configuration.host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        after_the_answer = pool.submit(_answer_once, listener)
        _read(client, "cck-1")
        leave(client)
        assert after_the_answer.result(timeout=10) == b"", "the client has hung up"


def _answer_once(listener: socket.socket) -> bytes:
    """Answer a request, keep the connection open, and return what comes next on it."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(10_000)
        connection.sendall(GOOD.head() + GOOD.payload())
        return connection.recv(1)


class _Counting(RecordingServer):
    """Knows which connections have ended."""

    def __init__(self) -> None:
        super().__init__(answer)
        self.ended: list[int] = []

    def serve(self, connection: Connection) -> None:
        """Answer until the client hangs up, and note that it did."""
        super().serve(connection)
        self.ended.append(connection.number)


def test_close_with_an_answer_that_is_kept(make_api: MakeApi) -> None:
    """An answer that is kept unread can be read after closing; then its connection ends."""
    with _Counting() as server:
        api = make_api(server.url)
        kept = api.get_byok_v1_key_without_preload_content("cck-1")
        api.get_byok_v1_key("cck-1")
        assert (server.connections, server.ended) == (2, [])
        api.api_client.close()
        wait_for(lambda: server.ended == [2])
        assert kept.json()["id"] == "cck-1"
        wait_for(lambda: server.ended == [2, 1])


def _sockets() -> int:
    """How many sockets this process has open."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += str(entry.readlink()).startswith("socket:")
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not tell")
def test_failures_leave_no_socket_open(make_api: MakeApi) -> None:
    """After many failures, whose exceptions are kept, no socket is open."""
    before = _sockets()
    kept: list[ApiException] = []
    quick = [case for case in ALL_FAULTS.values() if not case.lasts and not case.refuses]
    with FaultServer([case.make(GOOD) for case in quick], then=GOOD) as server:
        api = make_api(server.url, retries=0)
        while server.unplayed:
            try:
                api.get_byok_v1_key("cck-1")
            except ApiException as error:
                kept.append(error)
        api.api_client.close()
    assert len(kept) > 50
    assert _sockets() == before


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda client: pickle.loads(pickle.dumps(client))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_copies_have_connections_of_their_own(copied: Callable[[ApiClient], ApiClient]) -> None:
    """A copy has connections of its own, and closing it leaves the original open."""
    with RecordingServer(answer) as server:
        original = ApiClient()
        original.configuration.host = server.url
        original.set_default_header("X-Team", "platform")
        _read(original, "cck-1")
        with copied(original) as twin:
            _read(twin, "cck-1")
        _read(original, "cck-1")
        original.close()
    assert [request.connection for request in server.requests] == [1, 2, 1]
    assert [request.header("X-Team") for request in server.requests] == ["platform"] * 3


def test_client_goes_to_other_processes() -> None:
    """An API goes to another process, and makes calls there."""
    with ByokEmulator() as emulator, ApiClient(emulator.configuration()) as client:
        [key_id] = emulator.seed(1)
        api = KeysByokV1Api(client)
        api.get_byok_v1_key(key_id)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            read = pool.submit(KeysByokV1Api.get_byok_v1_key, api, key_id)
            assert read.result(timeout=30).id == key_id


_FORKING = """
import os, sys, threading, warnings
from openapi_client import ApiClient, Configuration, KeysByokV1Api

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
client = ApiClient(Configuration(host=sys.argv[1]))
done = threading.Event()


def read(key_id):
    return KeysByokV1Api(client).get_byok_v1_key(key_id).id


def read_again_and_again():
    while not done.is_set():
        read("cck-1")


threads = [threading.Thread(target=read_again_and_again) for _ in range(4)]
for thread in threads:
    thread.start()
for _ in range(5):
    read("cck-1")
    child = os.fork()
    if child == 0:
        os._exit(0 if read("cck-child") == "cck-1" else 2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
done.set()
for thread in threads:
    thread.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_fork_while_threads_call() -> None:
    """A forked worker reads its own answers, and waits for no lock of its parent's threads."""
    with RecordingServer(answer) as server:
        # A program without coverage, of which a thread may hold a lock when another forks.
        command = [sys.executable, "-c", _FORKING, server.url]
        subprocess.run(command, env=unmeasured_environment(), check=True)
    in_child = {r.connection for r in server.requests if r.path.endswith("cck-child")}
    in_parent = {r.connection for r in server.requests if not r.path.endswith("cck-child")}
    assert len(in_child) == 5
    assert not in_child & in_parent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork_while_a_pool_is_locked() -> None:
    """A forked worker makes calls although a thread of its parent held the pool's lock."""
    with RecordingServer(answer) as server:
        client = ApiClient()
        client.configuration.host = server.url
        _read(client, "cck-1")
        pool = client.rest_client.pool_manager.connection_from_url(server.url)
        with pool.pool.mutex:
            child = os.fork()
            if child == 0:
                signal.alarm(10)
                status = 1
                try:
                    status = 0 if _read(client, "cck-1") == "cck-1" else 2
                finally:
                    os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        _read(client, "cck-1")
        client.close()
    assert [request.connection for request in server.requests] == [1, 2, 1]


def test_what_runs_at_a_fork_holds_nothing_of_the_package() -> None:
    """A program ends soon: Python need not keep the package until all else is taken down."""
    held = [value for name, value in vars(forks).items() if not name.startswith("__")]
    modules = {value for value in held if isinstance(value, ModuleType)}
    homes = {value.__module__ for value in held if isinstance(value, type | FunctionType)}
    assert modules == {os, weakref}
    assert homes == {forks.__name__}
