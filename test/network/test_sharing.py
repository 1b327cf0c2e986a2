"""One client in many threads and processes: nothing is lost, mixed up or left open."""

import copy
import logging
import multiprocessing
import os
import pickle
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from openapi_client import ApiClient, KeysByokV1Api
from openapi_client.testing import ByokEmulator
from support.recorder import RecordingServer

from .service import GOOD, answer

_THREADS = 32


def _read(client: ApiClient, key_id: str) -> str:
    return KeysByokV1Api(client).get_byok_v1_key(key_id).id


def test_threads_share_a_client(caplog: pytest.LogCaptureFixture) -> None:
    """Threads get each other's answers, or a log full of discarded connections."""
    caplog.set_level(logging.WARNING)
    with ByokEmulator(quota=None) as emulator, ApiClient(emulator.configuration()) as client:
        ids = emulator.seed(50)
        with ThreadPoolExecutor(_THREADS) as pool:
            read = list(pool.map(lambda key_id: _read(client, key_id), ids * 20))
    assert read == ids * 20
    assert caplog.records == []


def test_close_while_others_call() -> None:
    """Closing a client at the end of one job breaks the calls of another."""
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
    """A long-running program runs out of file descriptors."""
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


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda client: pickle.loads(pickle.dumps(client))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_copies_have_connections_of_their_own(copied: Callable[[ApiClient], ApiClient]) -> None:
    """Closing a copy closes the original, or a copy cannot be made at all."""
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
    """A job cannot fan out over a process pool."""
    with ByokEmulator() as emulator, ApiClient(emulator.configuration()) as client:
        [key_id] = emulator.seed(1)
        api = KeysByokV1Api(client)
        api.get_byok_v1_key(key_id)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            read = pool.submit(KeysByokV1Api.get_byok_v1_key, api, key_id)
            assert read.result(timeout=30).id == key_id


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork_while_threads_call() -> None:
    """A forked worker reads its parent's answers, or hangs on a lock that nobody holds."""
    with RecordingServer(answer) as server:
        client = ApiClient()
        client.configuration.host = server.url
        done = threading.Event()

        def read_again_and_again() -> None:
            while not done.is_set():
                _read(client, "cck-1")

        threads = [threading.Thread(target=read_again_and_again) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(5):
                _read(client, "cck-1")
                child = os.fork()
                if child == 0:
                    status = 1
                    try:
                        status = 0 if _read(client, "cck-child") == "cck-1" else 2
                    finally:
                        os._exit(status)
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        finally:
            done.set()
            for thread in threads:
                thread.join()
        client.close()
    in_child = {r.connection for r in server.requests if r.path.endswith("cck-child")}
    in_parent = {r.connection for r in server.requests if not r.path.endswith("cck-child")}
    assert len(in_child) == 5
    assert not in_child & in_parent
