"""Whom the client trusts, who it is, and what it says where that does not fit."""

import pickle
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from cryptography.hazmat.primitives import serialization

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiException,
    ApiValueError,
    BadRequestException,
    Configuration,
    KeysByokV1Api,
)
from openapi_client._transport.tls import proxy_context_of
from support.fault_server import FaultServer
from support.faults import DropOnAccept
from support.recorder import RecordingServer
from support.replies import Step, html_reply
from support.socket_server import Exchange
from support.tls import Authority, BareAuthority, CertificateFiles, supports_tls_1_1

from .conftest import MakeApi
from .service import GOOD, REQUEST, answer

_AUTHORITY = Authority()
_MORE_THAN_A_HANDSHAKE = 300
_TRUSTING = {"ca_cert_data": _AUTHORITY.pem}
_BARE = BareAuthority()


@pytest.fixture
def certificate(tmp_path: Path) -> CertificateFiles:
    """The files of a client's certificate."""
    return _AUTHORITY.write_client_certificate(tmp_path)


def _trust_in(tmp_path: Path) -> list[dict[str, Any]]:
    der = ssl.PEM_cert_to_DER_cert(_AUTHORITY.pem)
    file = str(_AUTHORITY.write_root(tmp_path))
    strange = Authority().pem
    return [
        {"ssl_ca_cert": file},
        {"ca_cert_data": _AUTHORITY.pem},
        {"ca_cert_data": der},
        {"ssl_ca_cert": file, "ca_cert_data": strange},
    ]


@pytest.mark.parametrize("kind", range(4), ids=["file", "text", "bytes", "both"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_authority_of_ones_own(kind: int, host: str, tmp_path: Path, make_api: MakeApi) -> None:
    """An authority is trusted once it is named, by file, text or bytes."""
    with RecordingServer(answer, tls=_AUTHORITY.server_context(), host=host) as server:
        api = make_api(server.url, **_trust_in(tmp_path)[kind])
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        api.delete_byok_v1_key("cck-1")
        assert server.connections == 1


def test_files_by_pathlib(tmp_path: Path, certificate: CertificateFiles, make_api: MakeApi) -> None:
    """Files are named by text or by ``Path``, those of the client's own certificate too."""
    context = _AUTHORITY.server_context(clients=_AUTHORITY)
    with RecordingServer(answer, tls=context) as server:
        api = make_api(
            server.url,
            ssl_ca_cert=_AUTHORITY.write_root(tmp_path),
            cert_file=certificate.certificate,
            key_file=certificate.key,
        )
        assert api.get_byok_v1_key("cck-1").id == "cck-1"


def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=_AUTHORITY.pem)


@pytest.mark.parametrize("source", [_trusting, _trusting()], ids=["function", "context"])
def test_a_context_of_ones_own(source: Any, make_api: MakeApi) -> None:
    """What no setting covers is done in a context, which is used as it is."""
    with RecordingServer(answer, tls=_AUTHORITY.server_context()) as server:
        assert make_api(server.url, ssl_context=source).get_byok_v1_key("cck-1").id == "cck-1"
    with FaultServer([GOOD], tls=Authority().server_context()) as stranger:
        with pytest.raises(ApiConnectionException, match="its certificate is refused"):
            make_api(stranger.url, ssl_context=source).get_byok_v1_key("cck-1")
        assert stranger.requests == []


def test_a_client_with_a_function_for_its_context_travels(make_api: MakeApi) -> None:
    """A worker process makes a context of its own."""
    with RecordingServer(answer, tls=_AUTHORITY.server_context()) as server:
        settings = make_api(server.url, ssl_context=_trusting).api_client.configuration
        with ApiClient(pickle.loads(pickle.dumps(settings))) as client:
            assert KeysByokV1Api(client).get_byok_v1_key("cck-1").id == "cck-1"


@pytest.mark.parametrize(
    "settings",
    [
        {"ssl_ca_cert": "ca.pem"},
        {"ca_cert_data": "pem"},
        {"cert_file": "client.pem"},
        {"key_file": "client.key"},
        {"verify_ssl": False},
    ],
    ids=str,
)
def test_settings_that_a_context_would_make_idle(
    settings: dict[str, Any], make_api: MakeApi
) -> None:
    """Two sources of trust are refused; nobody is left to guess which of them holds."""
    api = make_api("https://127.0.0.1:1", ssl_context=_trusting, **settings)
    (name,) = settings
    with pytest.raises(ApiValueError, match=f"ssl_context is set, so {name} does nothing"):
        api.get_byok_v1_key("cck-1")


def test_the_context_for_a_proxy() -> None:
    """An https proxy may be trusted in another way than the service; by default in the same."""
    context = _trusting()
    assert proxy_context_of(Configuration()) is None
    assert proxy_context_of(Configuration(proxy_ssl_context=context)) is context
    made = proxy_context_of(Configuration(proxy_ssl_context=_trusting))
    assert isinstance(made, ssl.SSLContext)
    with pytest.raises(ApiValueError, match="^proxy_ssl_context failed"):
        proxy_context_of(Configuration(proxy_ssl_context=_no_such))


def _strict() -> ssl.SSLContext:
    """A context with the checks of Python 3.13, on any Python."""
    context = ssl.create_default_context(cadata=_BARE.pem)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def _relaxed() -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=_BARE.pem)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


@pytest.mark.parametrize(
    "settings",
    [
        {"ssl_context": _strict},
        pytest.param(
            {"ca_cert_data": _BARE.pem},
            marks=pytest.mark.skipif(sys.version_info < (3, 13), reason="strict since 3.13"),
        ),
    ],
    ids=["strict context", "Python 3.13"],
)
def test_an_authority_without_key_identifiers(settings: dict[str, Any], make_api: MakeApi) -> None:
    """A company's authority that Python refuses is told with advice, and the advice works."""
    with RecordingServer(answer, tls=_BARE.server_context()) as server:
        api = make_api(server.url, **settings)
        with pytest.raises(ApiConnectionException, match="VERIFY_X509_STRICT") as caught:
            api.get_byok_v1_key("cck-1")
        assert "set ssl_ca_cert" not in str(caught.value)
        assert make_api(server.url, ssl_context=_relaxed).get_byok_v1_key("cck-1").id == "cck-1"


def test_a_file_in_the_home_directory(
    tmp_path: Path, make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ``~`` of a path stands for the home directory."""
    monkeypatch.setenv("HOME", str(tmp_path))
    _AUTHORITY.write_root(tmp_path)
    with RecordingServer(answer, tls=_AUTHORITY.server_context()) as server:
        assert make_api(server.url, ssl_ca_cert="~/root.pem").get_byok_v1_key("x").id == "cck-1"


@pytest.mark.parametrize(
    ("context", "settings", "told"),
    [
        (_AUTHORITY.server_context(expired=True), _TRUSTING, "expired.*clock"),
        (_AUTHORITY.server_context("other.test"), _TRUSTING, "not valid for.*assert_hostname"),
        (_AUTHORITY.server_context(), _TRUSTING | {"assert_hostname": "a.test"}, "a.test"),
        (_AUTHORITY.server_context(), _TRUSTING | {"tls_server_name": "a.test"}, "assert_hostname"),
        (Authority().server_context(), _TRUSTING, "issuer.*ssl_ca_cert"),
        (_AUTHORITY.server_context(), {}, "ssl_ca_cert"),
    ],
    ids=["expired", "wrong name", "other name expected", "other name asked for", "other", "system"],
)
def test_a_certificate_that_does_not_fit(
    context: ssl.SSLContext, settings: dict[str, Any], told: str, make_api: MakeApi
) -> None:
    """A certificate that does not fit ends the call at once, with what to do about it."""
    with FaultServer([GOOD], tls=context) as server:
        with pytest.raises(ApiConnectionException, match=f"(?s)no connection to.*{told}") as caught:
            make_api(server.url, **settings).create_byok_v1_key(REQUEST)
        assert server.requests == []
        assert server.connections == 1
    assert len(caught.value.attempts) == 1
    assert not caught.value.outcome_unknown
    assert isinstance(caught.value.__cause__, urllib3.exceptions.SSLError)


@pytest.mark.parametrize(
    "settings",
    [{"tls_server_name": "api.test"}, {"assert_hostname": "api.test"}, {"assert_hostname": False}],
    ids=str,
)
def test_another_name_than_that_of_the_host(settings: dict[str, Any], make_api: MakeApi) -> None:
    """A service that is reached by another name can be asked for, and checked, by its own."""
    asked: list[str | None] = []
    context = _AUTHORITY.server_context("api.test", on_server_name=asked.append)
    with RecordingServer(answer, tls=context, host="localhost") as server:
        api = make_api(server.url, **_TRUSTING, **settings)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert server.only.header("Host") == f"localhost:{server.port}"
    assert asked == [settings.get("tls_server_name", "localhost")]


def test_no_check_of_the_certificate(make_api: MakeApi) -> None:
    """Without checks any certificate does, and urllib3 warns of it."""
    context = _AUTHORITY.server_context("other.test", expired=True)
    with RecordingServer(answer, tls=context) as server:
        api = make_api(server.url, verify_ssl=False)
        with pytest.warns(urllib3.exceptions.InsecureRequestWarning):
            assert api.get_byok_v1_key("cck-1").id == "cck-1"


@pytest.mark.skipif(not supports_tls_1_1(), reason="this OpenSSL has no TLS 1.1")
@pytest.mark.parametrize("verify_ssl", [True, False])
def test_tls_1_1_is_refused(verify_ssl: bool, make_api: MakeApi) -> None:
    """Nothing older than TLS 1.2 is spoken, with or without checks."""
    with FaultServer([GOOD], tls=_AUTHORITY.outdated_server_context()) as server:
        api = make_api(server.url, verify_ssl=verify_ssl, **_TRUSTING)
        with pytest.raises(ApiConnectionException, match=r"(?i)version|protocol") as caught:
            api.create_byok_v1_key(REQUEST)
        assert server.requests == []
    assert not caught.value.outcome_unknown


class _PlainRefusal(Step):
    """What a plain http server says to the hello of a TLS client."""

    at_accept = True

    def play(self, exchange: Exchange) -> None:
        """Say it."""
        exchange.connection.wire.fill()
        exchange.send(html_reply(400).head())
        exchange.connection.close()


def test_no_tls_at_all(make_api: MakeApi) -> None:
    """A port that speaks no TLS is told as a connection that failed: nothing was sent."""
    with FaultServer([_PlainRefusal()]) as server:
        api = make_api(server.url.replace("http:", "https:"))
        with pytest.raises(ApiConnectionException, match="no connection to") as caught:
            api.create_byok_v1_key(REQUEST)
    assert not caught.value.outcome_unknown


@pytest.mark.parametrize("reset", [False, True])
def test_a_handshake_that_breaks_off_is_tried_again(reset: bool, make_api: MakeApi) -> None:
    """A handshake that breaks off is tried again, also for a write."""
    faults = [DropOnAccept(reset=reset)] * 2
    with FaultServer([*faults, GOOD], tls=_AUTHORITY.server_context()) as server:
        api = make_api(server.url, **_TRUSTING)
        assert api.create_byok_v1_key(REQUEST).id == "cck-1"
        assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["one file", "two files"])
def test_a_client_certificate(kind: str, certificate: CertificateFiles, make_api: MakeApi) -> None:
    """A client certificate is shown, from one file or two."""
    files = {"cert_file": str(certificate.both)}
    if kind == "two files":
        files = {"cert_file": str(certificate.certificate), "key_file": str(certificate.key)}
    context = _AUTHORITY.server_context(clients=_AUTHORITY)
    with RecordingServer(answer, tls=context) as server:
        assert make_api(server.url, **_TRUSTING, **files).get_byok_v1_key("x").id == "cck-1"


@pytest.mark.parametrize("has_one", [True, False], ids=["of another authority", "none"])
def test_a_client_certificate_that_is_refused(
    has_one: bool, tmp_path: Path, make_api: MakeApi
) -> None:
    """A missing or wrong client certificate is told, and the write had no effect."""
    files = Authority().write_client_certificate(tmp_path)
    own: dict[str, Any] = {"cert_file": str(files.both)} if has_one else {}
    context = _AUTHORITY.server_context(clients=_AUTHORITY)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with FaultServer([GOOD], tls=context) as server:
        with pytest.raises(ApiConnectionException, match="no connection to") as caught:
            make_api(server.url, **_TRUSTING, **own).create_byok_v1_key(REQUEST)
        assert server.requests == []
    assert not caught.value.outcome_unknown
    # Without one, the server says only that the handshake failed.
    assert ("see cert_file and key_file" in str(caught.value)) == has_one


class _LateAlert(Step):
    """A server of TLS 1.3: it asks for a certificate, and the request is under way with none.

    It works in memory, so that the request is sure to be sent before the server says no.
    """

    at_accept = True

    def play(self, exchange: Exchange) -> None:
        """Greet, take all that comes, and refuse it."""
        sock = exchange.connection.wire.sock
        received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = _AUTHORITY.server_context(clients=_AUTHORITY)
        server = context.wrap_bio(received, sent, server_side=True)
        received.write(sock.recv(65536))
        with pytest.raises(ssl.SSLWantReadError):
            server.do_handshake()
        sock.sendall(sent.read())
        while received.pending < _MORE_THAN_A_HANDSHAKE:
            received.write(sock.recv(65536))
        with pytest.raises(ssl.SSLError, match="certificate"):
            server.do_handshake()
        sock.sendall(sent.read())
        exchange.connection.close()


def test_a_client_certificate_that_is_missed_later(make_api: MakeApi) -> None:
    """A write that is refused late, as with TLS 1.3, is known to have had no effect."""
    with FaultServer([_LateAlert()]) as server:
        api = make_api(server.url.replace("http:", "https:"), **_TRUSTING)
        with pytest.raises(ApiConnectionException, match="see cert_file and key_file") as caught:
            api.create_byok_v1_key(REQUEST)
    assert len(caught.value.attempts) == 1
    assert not caught.value.outcome_unknown


def test_a_client_certificate_that_a_page_refuses(make_api: MakeApi) -> None:
    """What a gateway says about the missing certificate reaches the caller, once."""
    page = html_reply(400)
    with FaultServer([page], tls=_AUTHORITY.server_context()) as server:
        with pytest.raises(BadRequestException) as caught:
            make_api(server.url, **_TRUSTING).create_byok_v1_key(REQUEST)
        assert len(server.requests) == 1
    assert caught.value.body == page.body.decode()
    assert not caught.value.outcome_unknown


def _empty(path: Path) -> str:
    path.write_text("")
    return str(path)


def _other_key(path: Path, files: CertificateFiles) -> dict[str, str]:
    other = path / "other"
    other.mkdir()
    key = Authority().write_client_certificate(other).key
    return {"cert_file": str(files.certificate), "key_file": str(key)}


def _locked_key(path: Path, files: CertificateFiles) -> dict[str, str]:
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    locked = path / "locked.key"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"hush"),
        )
    )
    return {"cert_file": str(files.certificate), "key_file": str(locked)}


def _locked_in_one_file(path: Path, files: CertificateFiles) -> dict[str, str]:
    locked = _locked_key(path, files)
    both = path / "both.pem"
    both.write_text(files.certificate.read_text() + Path(locked["key_file"]).read_text())
    return {"cert_file": str(both)}


def _no_such() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=_no_file("/no/such"))


def _no_file(name: str) -> str:
    raise FileNotFoundError(name)


_NO_SUCH, _DICT = {"ssl_context": _no_such}, {"ssl_context": dict}


_Useless = Callable[[Path, CertificateFiles], dict[str, Any]]


@pytest.mark.parametrize(
    ("named", "useless"),
    [
        ("ssl_ca_cert '/no/such'", lambda path, files: {"ssl_ca_cert": "/no/such"}),
        ("ssl_ca_cert", lambda path, files: {"ssl_ca_cert": str(path)}),
        ("ssl_ca_cert", lambda path, files: {"ssl_ca_cert": _empty(path / "x")}),
        ("ca_cert_data", lambda path, files: {"ca_cert_data": "no certificate"}),
        ("ca_cert_data", lambda path, files: {"ca_cert_data": "n\xf8 certificate"}),
        ("ca_cert_data", lambda path, files: {"ca_cert_data": b"no certificate"}),
        ("cert_file '/no/such'", lambda path, files: {"cert_file": "/no/such"}),
        ("cert_file", lambda path, files: {"cert_file": _empty(path / "x")}),
        ("cert_file", lambda path, files: {"cert_file": str(files.certificate)}),
        ("key_file", lambda path, files: {"cert_file": str(files.both), "key_file": "/no/such"}),
        ("key_file", lambda path, files: {"key_file": str(files.key)}),
        ("key_file", _other_key),
        ("key_file.*the key is encrypted; decrypt it.*ssl_context", _locked_key),
        ("cert_file.*the key is encrypted", _locked_in_one_file),
        ("ssl_context failed to make a context: /no/such", lambda path, files: _NO_SUCH),
        ("ssl_context has to make an ssl.SSLContext, and made a dict", lambda path, files: _DICT),
    ],
    ids=[
        *("CA missing", "CA directory", "CA empty", "data text", "data accented", "data bytes"),
        *("certificate missing", "certificate empty", "no key", "key missing", "only key"),
        *("other key", "locked key", "locked key in one file"),
        *("context cannot be made", "no context"),
    ],
)
def test_files_of_no_use(
    named: str,
    useless: _Useless,
    tmp_path: Path,
    certificate: CertificateFiles,
    make_api: MakeApi,
) -> None:
    """A file or context that cannot be used is refused by the name of its setting, at once."""
    settings = useless(tmp_path, certificate)
    with FaultServer([GOOD], tls=_AUTHORITY.server_context()) as server:
        trusting = {} if "ssl_context" in settings else _TRUSTING
        api = make_api(server.url, **trusting | settings)
        for _ in range(2):
            with pytest.raises(ApiValueError, match=named):
                api.get_byok_v1_key("x")
        assert server.connections == 0
        for name in settings:
            setattr(api.api_client.configuration, name, None)
        api.api_client.configuration.ca_cert_data = _AUTHORITY.pem
        assert api.get_byok_v1_key("x").id == "cck-1"


def test_trust_is_in_the_file_of_when_the_pool_was_made(tmp_path: Path, make_api: MakeApi) -> None:
    """A renewed CA file is read by a client that is closed and used again."""
    root = Authority().write_root(tmp_path)
    with RecordingServer(answer, tls=_AUTHORITY.server_context()) as server:
        api = make_api(server.url, ssl_ca_cert=str(root))
        with pytest.raises(ApiException, match="ssl_ca_cert"):
            api.get_byok_v1_key("x")
        _AUTHORITY.write_root(tmp_path)
        api.api_client.close()
        assert api.get_byok_v1_key("x").id == "cck-1"
