"""Servers and proxies that people run, as they are: nginx, squid, tinyproxy."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from network.service import REQUEST
from openapi_client import ApiClient, ApiException, Configuration, KeysByokV1Api
from openapi_client.testing import ByokEmulator
from support.socket_server import Connection, SocketServer
from support.tls import Authority
from support.waiting import wait_for


def _program(name: str) -> str:
    # Debian keeps servers where the PATH of a user does not lead.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {name}")
    return found


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """Run a server until the block ends; it answers on the port by then."""
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        try:
            wait_for(lambda: _answers(process, port, log))
            yield
        finally:
            process.terminate()
            process.wait(30)


def _answers(process: subprocess.Popen[bytes], port: int, log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"the server ended: {log.read_text()}")
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class _DelayedRelay(SocketServer):
    """Carries bytes to a port and back; each takes a while on its way, an end of stream too."""

    def __init__(self, port: int, one_way: float) -> None:
        super().__init__()
        self._target = ("127.0.0.1", port)
        self._one_way = one_way

    def serve(self, connection: Connection) -> None:
        """Carry both ways until both are at their end."""
        upstream = connection.dial(self._target).sock
        downstream = connection.wire.sock
        back = threading.Thread(target=self._carry, args=[upstream, downstream], daemon=True)
        back.start()
        self._carry(downstream, upstream)
        back.join()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            time.sleep(self._one_way)
            try:
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)
            except OSError:
                return


_NGINX = """
    daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
    events {{ worker_connections 64; }}
    http {{
        access_log {folder}/access.log;
        client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
        uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
        keepalive_timeout {keep_alive};
        server {{
            listen 127.0.0.1:{port};
            location / {{ proxy_pass {target}; }}
        }}
    }}
"""


@contextmanager
def _nginx(folder: Path, target: str, keep_alive: str) -> Iterator[int]:
    program, port = _program("nginx"), _free_port()
    text = _NGINX.format(folder=folder, port=port, target=target, keep_alive=keep_alive)
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(path), "-e", str(folder / "error.log")]
    with _running(command, port, folder):
        yield port


_POSTS, _THREADS = 60, 12


def _unknown_outcomes(configuration: Configuration) -> int:
    """How many of 60 POSTs end without anybody knowing what became of them.

    Twelve clients each send one about every second, which is how long the server waits for it.
    """
    failures: list[ApiException] = []

    def post(number: int) -> None:
        with ApiClient(configuration) as client:
            api = KeysByokV1Api(client)
            for turn in range(_POSTS // _THREADS):
                try:
                    api.create_byok_v1_key(REQUEST)
                except ApiException as error:
                    failures.append(error)
                # From well before the end of the connection to just after it.
                time.sleep(0.88 + 0.02 * ((number + turn * 5) % 12))

    threads = [threading.Thread(target=post, args=[number]) for number in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(failure.outcome_unknown for failure in failures), failures
    return len(failures)


@pytest.mark.parametrize(
    ("keep_alive", "settings"),
    [("1s 1s", {}), ("1s", {"max_idle_for_post": 0.5})],
    ids=["announced", "unannounced"],
)
def test_nginx_closes_idle_connections(
    keep_alive: str, settings: dict[str, Any], tmp_path: Path
) -> None:
    """No POST is lost with a connection that nginx is about to close.

    Where nginx announces its timeout that needs no setting, else `max_idle_for_post` is set to
    less than the timeout.
    """
    assert _unknown_through_nginx(keep_alive, settings, tmp_path) == 0


def test_nginx_closes_connections_that_are_used(tmp_path: Path) -> None:
    """Without care for idle connections POSTs are lost, so the test above can fail."""
    assert _unknown_through_nginx("1s", {"max_idle_for_post": 1e9}, tmp_path) > 0


def _unknown_through_nginx(keep_alive: str, settings: dict[str, Any], folder: Path) -> int:
    with (
        ByokEmulator(duplicates="allow", quota=None) as emulator,
        _nginx(folder, emulator.url, keep_alive) as port,
        _DelayedRelay(port, 0.05) as relay,
    ):
        credentials: dict[str, Any] = {
            "username": emulator.api_key,
            "password": emulator.api_secret,
        }
        configuration = Configuration(host=relay.url, **credentials, **settings)
        unknown = _unknown_outcomes(configuration)
        print(f"\nkeepalive_timeout {keep_alive}, {settings}: {unknown} of {_POSTS} unknown")
        return unknown


_SQUID = """
    http_port 127.0.0.1:{port}
    pid_filename {folder}/pid
    cache_log {folder}/cache.log
    access_log stdio:{folder}/access.log
    cache deny all
    coredump_dir {folder}
    auth_param basic program {helper} {folder}/passwords
    acl known proxy_auth REQUIRED
    http_access allow known
    http_access deny all
    shutdown_lifetime 0 seconds
"""
_TINYPROXY = """
    Port {port}
    Listen 127.0.0.1
    Timeout 60
    LogFile "{folder}/access.log"
    LogLevel Connect
    MaxClients 20
    BasicAuth user right
"""


@contextmanager
def _squid(folder: Path) -> Iterator[int]:
    program, port = _program("squid"), _free_port()
    helper = Path("/usr/lib/squid/basic_ncsa_auth")
    if not helper.exists():
        pytest.skip("squid's basic_ncsa_auth is not where Debian has it")
    # squid gives up its rights, and so needs to be let in.
    for place in (folder, *folder.parents[:3]):
        place.chmod(0o755)
    folder.chmod(0o777)
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "right"], check=True, capture_output=True, text=True
    ).stdout.strip()
    (folder / "passwords").write_text(f"user:{hashed}\n", encoding="utf-8")
    path = folder / "squid.conf"
    text = _SQUID.format(folder=folder, port=port, helper=helper)
    path.write_text("\n".join(line.strip() for line in text.splitlines()), encoding="utf-8")
    with _running([program, "-N", "-f", str(path)], port, folder):
        yield port


@contextmanager
def _tinyproxy(folder: Path) -> Iterator[int]:
    program, port = _program("tinyproxy"), _free_port()
    path = folder / "tinyproxy.conf"
    text = _TINYPROXY.format(folder=folder, port=port)
    path.write_text("\n".join(line.strip() for line in text.splitlines()), encoding="utf-8")
    with _running([program, "-d", "-c", str(path)], port, folder):
        yield port


_PROXIES: dict[str, Callable[[Path], Any]] = {"squid": _squid, "tinyproxy": _tinyproxy}


@pytest.mark.parametrize("name", _PROXIES)
def test_proxy(name: str, tmp_path: Path, authority: Authority) -> None:
    """A real proxy is gone through; one that refuses the password is asked once only."""
    with (
        ByokEmulator(tls=authority.server_context()) as emulator,
        _PROXIES[name](tmp_path) as port,
        _CountingRelay(port) as relay,
    ):
        emulator.seed(1)

        def api(password: str) -> KeysByokV1Api:
            proxy = f"http://user:{password}@127.0.0.1:{relay.port}"
            configuration = emulator.configuration(proxy=proxy, ca_cert_data=authority.pem)
            return KeysByokV1Api(ApiClient(configuration))

        right, wrong = api("right"), api("wr0ng-secret")
        with right.api_client, wrong.api_client:
            assert len(right.list_byok_v1_keys().data) == 1
            before = relay.connections
            with pytest.raises(ApiException) as caught:
                wrong.list_byok_v1_keys()
            assert relay.connections == before + 1
            assert len(caught.value.attempts) == 1
            assert "wr0ng" not in str(caught.value)
            with pytest.raises(ApiException):
                wrong.wait_for_byok_v1_key("cck-1", timeout=30)
            assert relay.connections == before + 2
        assert len(emulator.requests) == 1


class _CountingRelay(_DelayedRelay):
    """Counts the connections to a proxy, and delays nothing."""

    def __init__(self, port: int) -> None:
        super().__init__(port, 0.0)


def test_nginx_error_pages(tmp_path: Path) -> None:
    """A page of nginx's own, where nothing is behind it, is told with its status."""
    with _nginx(tmp_path, f"http://127.0.0.1:{_free_port()}", "65s") as port:
        configuration = Configuration(
            host=f"http://127.0.0.1:{port}", username="key", password="s3cret", retries=0
        )
        with ApiClient(configuration) as client, pytest.raises(ApiException) as caught:
            KeysByokV1Api(client).create_byok_v1_key(REQUEST)
    assert caught.value.status == 502
    assert caught.value.outcome_unknown
    assert "Bad Gateway" in str(caught.value)
