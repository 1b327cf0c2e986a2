import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
import urllib3

from support.fault_proxy import FaultyProxy
from support.fault_server import FaultServer
from support.faults import Drop, DropOnAccept, Silence, cut_body
from support.recorder import RecordingServer
from support.replies import json_reply
from support.tls import Authority, supports_tls_1_1

GOOD = json_reply(200, {"id": "cck-1"})
AUTHORITY = Authority()


def _client(**options: Any) -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=5, ca_cert_data=AUTHORITY.pem, **options)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_trusted_server_is_reached(host: str) -> None:
    """A server is reached over TLS by a client that trusts its authority."""
    context = AUTHORITY.server_context()
    with FaultServer([GOOD], tls=context, host=host) as server, _client() as http:
        assert server.url.startswith(f"https://{host}:")
        for _ in range(2):
            assert http.request("POST", server.url + "/x", body=b"{}").json() == {"id": "cck-1"}
        assert [request.connection for request in server.requests] == [1, 1]


def test_the_root_can_be_a_file(tmp_path: Path) -> None:
    """The certificate of the authority can be a file."""
    root = AUTHORITY.write_root(tmp_path)
    with (
        FaultServer([GOOD], tls=AUTHORITY.server_context()) as server,
        urllib3.PoolManager(ca_certs=str(root)) as http,
    ):
        assert http.request("GET", server.url).status == 200


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        (AUTHORITY.server_context(expired=True), "expired"),
        (AUTHORITY.server_context("other.test"), "doesn't match|mismatch"),
        (Authority().server_context(), "unable to get local issuer"),
    ],
    ids=["expired", "wrong name", "unknown authority"],
)
def test_a_wrong_certificate_is_refused(context: ssl.SSLContext, reason: str) -> None:
    """A client that verifies refuses a certificate that is wrong."""
    with FaultServer([GOOD], tls=context) as server, _client() as http:
        with pytest.raises(urllib3.exceptions.SSLError, match=reason):
            http.request("GET", server.url)
        assert server.requests == []
    assert len(server.handshake_errors) == 1


def test_a_client_certificate_is_demanded(tmp_path: Path) -> None:
    """A client is let in only if it presents its certificate."""
    files = AUTHORITY.write_client_certificate(tmp_path)
    context = AUTHORITY.server_context(clients=AUTHORITY)
    with FaultServer([GOOD], tls=context) as server:
        with _client() as http, pytest.raises(urllib3.exceptions.HTTPError):
            http.request("GET", server.url)
        assert server.requests == []
        for chosen in (
            {"cert_file": str(files.certificate), "key_file": str(files.key)},
            {"cert_file": str(files.both)},
        ):
            with _client(**chosen) as http:
                assert http.request("GET", server.url).status == 200


def test_the_name_asked_for_is_reported() -> None:
    """The server name in a client's handshake is reported."""
    names: list[str | None] = []
    context = AUTHORITY.server_context("api.test", on_server_name=names.append)
    with FaultServer([GOOD], tls=context) as server, _client(server_hostname="api.test") as http:
        assert http.request("GET", server.url).status == 200
    assert names == ["api.test"]


@pytest.mark.skipif(not supports_tls_1_1(), reason="this OpenSSL has no TLS 1.1")
def test_an_outdated_server_is_outdated() -> None:
    """A client that does not accept TLS 1.1 refuses the outdated server."""
    context = AUTHORITY.outdated_server_context()
    with FaultServer([GOOD], tls=context) as server, _client() as http:
        with pytest.raises(urllib3.exceptions.SSLError, match=r"(?i)version|protocol"):
            http.request("GET", server.url)
        assert server.requests == []


@pytest.mark.parametrize(
    "fault",
    [
        DropOnAccept(),
        DropOnAccept(reset=True),
        Drop.before_reading(),
        Drop.after_reading(reset=True),
        cut_body(GOOD),
    ],
    ids=["on accept", "reset on accept", "before", "reset", "cut"],
)
def test_faults_work_over_tls(fault: Drop) -> None:
    """Faults can be played over https."""
    context = AUTHORITY.server_context()
    with FaultServer([fault, GOOD], tls=context) as server, _client() as http:
        with pytest.raises((urllib3.exceptions.ProtocolError, urllib3.exceptions.SSLError)):
            http.request("GET", server.url)
        assert http.request("GET", server.url).status == 200


def test_closing_ends_a_silent_tls_server() -> None:
    """A silent server can be closed over TLS too, and its threads end."""
    before = set(threading.enumerate())
    with FaultServer([Silence()], tls=AUTHORITY.server_context()) as server:
        with _client() as http, pytest.raises(urllib3.exceptions.ReadTimeoutError):
            http.request("GET", server.url, timeout=0.1)
        server.close()
    assert set(threading.enumerate()) == before


def test_a_plain_server_gets_https() -> None:
    """A server over plain http can be put behind TLS."""
    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url, tls=AUTHORITY.server_context()) as front,
        _client() as http,
    ):
        assert http.request("GET", front.url + "/a").status == 200
        assert upstream.only.target == "/a"
