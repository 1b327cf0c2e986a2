"""Everything fails in every way, and nothing that the library lets out holds a secret."""

import base64
import logging
import pickle
import secrets
import sys
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest

from openapi_client import (
    ApiClient,
    ApiException,
    ApiValueError,
    Attempt,
    Configuration,
    KeysByokV1Api,
    OpenApiException,
    StsTokenProvider,
)
from support.clock import FakeClock
from support.fault_matrix import ALL_FAULTS
from support.fault_server import FaultServer, refusing_port
from support.faults import Send
from support.proxies import CONNECT_FAULTS
from support.recorder import RecordingServer
from support.replies import Reply, Step, html_reply, json_reply, redirect
from support.socks import SocksProxy
from support.tls import Authority
from support.wire import Request

from .service import CREATED, GOOD, REQUEST

_AUTHORITY = Authority()
# Made at run time, lest a traceback find it in this file.
_MARK = secrets.token_hex(8)
_SECRET = f"{_MARK}/{_MARK}"
_LOGIN = f"user:{_MARK}@"


class _Lines(logging.Handler):
    """What would be written to a log, and what a handler of another form could write.

    Pytest's own `caplog` is of no use here: it is empty by the time that a fixture ends.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as text, with its exception and whatever is attached to it."""
        self.texts += [self.format(record), str(vars(record))]


class Emissions:
    """All that the library lets out: its results, its exceptions, its logs, what it prints."""

    def __init__(self, log: _Lines, prints: pytest.CaptureFixture[str]) -> None:
        self.texts: list[str] = []
        self.exceptions: set[str] = set()
        self.attempts = 0
        self._log, self._prints = log, prints

    def take(self, *things: object) -> None:
        """Things in the forms in which they may be shown or sent elsewhere."""
        self.texts += [form(thing) for thing in things for form in (str, repr)]

    def take_attempt(self, attempt: Attempt) -> None:
        """What the library tells of an attempt. It has to be in the log as well."""
        self.attempts += 1
        self.take(attempt)

    def take_exception(self, error: BaseException) -> None:
        """An exception in the forms in which it may be shown or sent elsewhere."""
        self.exceptions.add(type(error).__name__)
        self.take(error, error.args, vars(error), error.__cause__)
        self.texts += traceback.format_exception(error)
        self.texts.append(pickle.dumps(error).decode("latin-1"))
        self.take(pickle.loads(pickle.dumps(error)))

    def attempt(self, make_call: Callable[[], object]) -> None:
        """A call that may fail."""
        try:
            self.take(make_call())
        except OpenApiException as error:
            self.take_exception(error)

    def assert_no_secret(self) -> None:
        """Fail where the mark of the secrets is in any of it, also in the forms they are sent."""
        self.take(*self._prints.readouterr())
        self.texts += self._log.texts
        assert len(self._log.texts) >= self.attempts, "the log is looked at"
        everything = "\n".join(self.texts)
        assert len(everything) > 1000
        assert _MARK not in everything
        for pair in (f"key-id-is-long:{_SECRET}", f"user:{_MARK}"):
            encoded = base64.b64encode(pair.encode()).decode()
            assert encoded[24:36] not in everything


@contextmanager
def _nothing_secret(prints: pytest.CaptureFixture[str]) -> Generator[Emissions, None, None]:
    """Collect from everywhere, and look at the end."""
    root, lines = logging.getLogger(), _Lines()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            collected = Emissions(lines, prints)
            yield collected
            collected.take(*(warning.message for warning in caught))
    finally:
        root.removeHandler(lines)
        root.setLevel(level)
    collected.assert_no_secret()


@pytest.fixture
def emissions(capsys: pytest.CaptureFixture[str]) -> Iterator[Emissions]:
    """All that the library lets out during a test, which fails where a secret is in it."""
    with _nothing_secret(capsys) as collected:
        yield collected


def _raise(text: str) -> None:
    raise OpenApiException(text)


_HEADER = "Basic " + base64.b64encode(f"key-id-is-long:{_SECRET}".encode()).decode()
_LEAKS: dict[str, Callable[[Emissions], object]] = {
    "log": lambda _: logging.getLogger("openapi_client").debug("sent %s", _HEADER),
    "log of urllib3": lambda _: logging.getLogger("urllib3").debug("sent %s", _SECRET),
    "extra of a log": lambda _: logging.getLogger("x").warning("sent", extra={"auth": _HEADER}),
    "print": lambda _: print(_SECRET),
    "print to stderr": lambda _: print(_HEADER, file=sys.stderr),
    "warning": lambda _: warnings.warn(_SECRET, stacklevel=1),
    "exception": lambda emissions: emissions.attempt(lambda: _raise(_SECRET)),
    "result": lambda emissions: emissions.attempt(lambda: {"value": _HEADER}),
}


@pytest.mark.parametrize("leak", _LEAKS.values(), ids=_LEAKS)
def test_a_leak_is_seen(
    leak: Callable[[Emissions], object], capsys: pytest.CaptureFixture[str]
) -> None:
    """These tests see a secret wherever it is let out: in logs, print, warnings and results."""
    watch = _nothing_secret(capsys)
    emissions = watch.__enter__()
    emissions.take("." * 1000)
    leak(emissions)
    with pytest.raises(AssertionError, match="not in"):
        watch.__exit__(None, None, None)


class _Token:
    """A function that gives tokens, and shows them to whoever looks at it."""

    def __call__(self) -> str:
        return _SECRET

    def __repr__(self) -> str:
        return f"Token({_SECRET})"


_API_KEY: dict[str, Any] = {"username": "key-id-is-long", "password": _SECRET}
# Settings of the client, and options of the call.
_CREDENTIALS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "API key": (_API_KEY, {}),
    "token": ({"access_token": _SECRET}, {}),
    "function": ({"access_token": _Token()}, {}),
    "header of the call": (_API_KEY, {"_headers": {"authorization": f"Bearer {_SECRET}"}}),
    "header for the call": (
        _API_KEY,
        {"_request_auth": {"in": "header", "key": "X-Token", "value": _SECRET}},
    ),
    "cookie for the call": (
        _API_KEY,
        {"_request_auth": {"in": "cookie", "key": "sid", "value": _SECRET}},
    ),
}


def _try_everything(emissions: Emissions, host: str, kind: str, **settings: Any) -> None:
    """Make calls with secrets wherever there can be some."""
    own, options = _CREDENTIALS[kind]
    configuration = Configuration(
        host,
        debug=True,
        proxy_headers={"X-Proxy-Token": _SECRET},
        on_attempt=emissions.take_attempt,
        **own,
        **settings,
    )
    with ApiClient(configuration, cookie=f"session={_SECRET}") as client:
        client.clock = FakeClock()
        api = KeysByokV1Api(client)
        emissions.attempt(lambda: api.create_byok_v1_key_with_http_info(REQUEST, **options))
        emissions.attempt(lambda: api.get_byok_v1_key_with_http_info("cck-1", **options))
        emissions.attempt(lambda: api.delete_byok_v1_key_with_http_info("cck-1", **options))
        emissions.take(client, configuration, configuration.to_debug_report(), vars(api))
        configuration.debug = False


def test_every_fault_of_the_network(emissions: Emissions) -> None:
    """Whatever goes wrong in the network, no credentials are shown."""
    for case, kind in zip(ALL_FAULTS.values(), cycle(_CREDENTIALS), strict=False):
        if not case.lasts:
            with case.server(GOOD, always=True) as server:
                _try_everything(emissions, server.url, kind)
    assert {"ApiConnectionException", "ApiResponseException"} <= emissions.exceptions
    assert len(emissions.exceptions) >= 12


def test_every_fault_of_a_proxy(emissions: Emissions) -> None:
    """Whatever a proxy does, its login is not shown."""
    host = "https://api.test"
    for case, kind in zip(CONNECT_FAULTS.values(), cycle(_CREDENTIALS), strict=False):
        if not case.lasts:
            with FaultServer([case.make(GOOD)]) as proxy:
                url = proxy.url.replace("://", f"://{_LOGIN}")
                _try_everything(emissions, host, kind, proxy=url)
    with SocksProxy(login=("user", "other")) as socks:
        url = socks.url.replace("://", f"://{_LOGIN}")
        _try_everything(emissions, host, "API key", proxy=url)
    with refusing_port() as port:
        for scheme in ("http", "https", "socks4", "socks5h"):
            url = f"{scheme}://{_LOGIN}127.0.0.1:{port}"
            _try_everything(emissions, host, "token", proxy=url)


def test_every_fault_of_tls(emissions: Emissions) -> None:
    """The report of a certificate that does not fit shows no credentials."""
    contexts = [
        _AUTHORITY.server_context(expired=True),
        _AUTHORITY.server_context("other.test"),
        Authority().server_context(),
        None,
    ]
    for tls, kind in zip(contexts, cycle(_CREDENTIALS), strict=False):
        with FaultServer([GOOD], tls=tls) as server:
            host = server.url.replace("http:", "https:")
            limits = {"connect_timeout": 0.1, "retries": 0}
            _try_everything(emissions, host, kind, ca_cert_data=_AUTHORITY.pem, **limits)
            _try_everything(emissions, host, kind, verify_ssl=False, **limits)


def _echo(status: int, *, as_page: bool = False) -> Callable[[Request], Step]:
    """A gateway that repeats what it was asked, with all the headers."""

    def choose(request: Request) -> Step:
        words = " ".join(f"'{value}' in {name}" for name, value in request.headers)
        if as_page:
            page = f"<html><body>not a valid pair: {words}</body></html>"
            return Reply(status, (("Content-Type", "text/html"),), page.encode())
        error = {"status": str(status), "detail": f"not a valid pair: {words}"}
        reply = json_reply(status, {"errors": [error], "message": words})
        escaped = replace(reply, body=reply.body.replace(b"/", rb"\/"), reason=f"No {words}")
        return escaped if request.method == "DELETE" else reply

    return choose


@pytest.mark.parametrize("kind", _CREDENTIALS)
@pytest.mark.parametrize("as_page", [False, True], ids=["JSON", "page"])
@pytest.mark.parametrize("status", [200, 201, 400, 401, 429, 500])
def test_a_server_that_repeats_the_credentials(
    status: int, as_page: bool, kind: str, emissions: Emissions
) -> None:
    """Credentials that a gateway quotes back are taken out of what it says, whatever the status."""
    with RecordingServer(_echo(status, as_page=as_page)) as server:
        _try_everything(emissions, server.url, kind)
        assert all(_MARK in str(request.headers) for request in server.requests)
    assert any("not a valid pair: " in text for text in emissions.texts)


def test_a_type_of_body_that_repeats_the_credentials() -> None:
    """What the text of an exception tells of an answer's headers holds no secret, either."""

    def echo(request: Request) -> Step:
        return Reply(200, (("Content-Type", f"text/{request.header('Authorization')}"),), b"<html>")

    with RecordingServer(echo) as server:
        client = ApiClient(Configuration(server.url, **_API_KEY))
        with client, pytest.raises(ApiException, match=r"no JSON \(text/\*\*\*") as caught:
            KeysByokV1Api(client).get_byok_v1_key("cck-1")
        sent = str(server.only.header("Authorization"))
    assert sent not in str(caught.value)


def test_a_credential_that_another_one_begins_with() -> None:
    """Of two credentials, one of which begins with the other, both are masked whole."""
    pairs = {secrets.token_hex(8): secrets.token_hex(8) for _ in range(10)}
    cookie = "; ".join(f"a={short}; b={short}{rest}" for short, rest in pairs.items())
    with RecordingServer(_echo(400)) as server:
        client = ApiClient(Configuration(server.url), cookie=cookie)
        with client, pytest.raises(ApiException) as caught:
            KeysByokV1Api(client).get_byok_v1_key("cck-1")
        assert cookie in str(server.requests)
    shown = f"{caught.value!r} {caught.value} {vars(caught.value)}"
    assert "not a valid pair: " in shown
    assert [rest for rest in pairs.values() if rest in shown] == []


@pytest.mark.parametrize("reply", [html_reply(401), CREATED], ids=["refused", "created"])
def test_a_redirect_elsewhere(reply: Reply, emissions: Emissions) -> None:
    """Another host gets no credentials, and the report of a redirect shows none."""
    with RecordingServer(lambda _: reply) as other:
        with FaultServer([redirect(307, f"{other.url}/x")]) as server:
            for kind in _CREDENTIALS:
                _try_everything(emissions, server.url, kind)
        assert other.requests
        assert _MARK not in str(other.requests)


def _refusal(request: Request) -> Step:
    return json_reply(400, {"error": "invalid_grant", "error_description": request.body.decode()})


def _token(_: Request) -> Step:
    return json_reply(200, {"access_token": f"bought-{_SECRET}", "expires_in": 900})


@pytest.mark.parametrize(
    "exchange",
    [
        _refusal,
        lambda _: html_reply(500),
        lambda _: Send(b"garbage"),
        lambda _: html_reply(200),
        lambda _: json_reply(200, {"access_token": ""}),
        _token,
    ],
    ids=["refused", "failed", "garbage", "page", "no token", "token"],
)
def test_an_exchange_of_tokens(exchange: Callable[[Request], Step], emissions: Emissions) -> None:
    """Neither the token that is exchanged nor the one that is bought is shown."""

    def choose(request: Request) -> Step:
        return (exchange if request.path.startswith("/sts") else _echo(401))(request)

    with RecordingServer(choose) as server:
        settings = Configuration(server.url)
        provider = StsTokenProvider("pool", lambda: _SECRET, configuration=settings)
        provider.api_client.clock = FakeClock()
        emissions.take(provider, provider.api_client)
        emissions.attempt(lambda: provider() and None)
        with ApiClient(Configuration(server.url, access_token=provider)) as client:
            client.clock = FakeClock()
            emissions.take(client, client.configuration)
            emissions.attempt(lambda: KeysByokV1Api(client).create_byok_v1_key(REQUEST))
        provider.api_client.close()
    assert len(emissions.exceptions) == 1


_BAD_SETTINGS: dict[str, Callable[[], object]] = {
    "password with a line break": lambda: Configuration(password=f"{_SECRET}\n"),
    "password of more lines in Cyrillic": lambda: Configuration(password=f"{_SECRET}ж\n"),
    "password of a wrong type": lambda: Configuration(password=_SECRET.encode()),  # type: ignore[arg-type]  # wrong on purpose
    "token in Cyrillic": lambda: Configuration(access_token=f"{_SECRET}ж"),
    "token with a line break": lambda: Configuration(access_token=f"{_SECRET}\r\n"),
    "username with a colon": lambda: Configuration(username=f"id:{_SECRET}"),
    "host with a login": lambda: Configuration(f"https://user:{_SECRET}@api.test"),
    "host with a query": lambda: Configuration(f"https://api.test?key={_SECRET}"),
    "proxy without a host": lambda: Configuration(proxy=f"http://user:{_MARK}@"),
    "proxy with a bad port": lambda: Configuration(proxy=f"http://user:{_MARK}@h:port"),
    "proxy of no kind": lambda: Configuration(proxy=f"gopher://user:{_MARK}@h"),
    "proxy with a slash in it": lambda: Configuration(proxy=f"http://user:{_SECRET}@h"),
    "proxy header": lambda: Configuration(proxy_headers={"X-Key": f"{_SECRET}\n"}),
    "certificate": lambda: Configuration(ca_cert_data=_SECRET, cert_file=0),  # type: ignore[arg-type]  # wrong on purpose
    "half an API key": lambda: Configuration(password=_SECRET).auth_settings(),
    "both, and the token is none": lambda: Configuration(
        **_API_KEY, access_token=lambda: f"{_SECRET}\n"
    ).auth_settings(),
    "empty token": lambda: Configuration(access_token=lambda: f"{_SECRET}\n").auth_settings(),
    "http": lambda: KeysByokV1Api(
        ApiClient(Configuration("http://api.test", **_API_KEY))
    ).list_byok_v1_keys(),
    "cookie": lambda: KeysByokV1Api(
        ApiClient(Configuration(**_API_KEY), cookie=f"{_SECRET}\n")
    ).list_byok_v1_keys(),
    "default header": lambda: ApiClient(Configuration(), "X-Key", f"{_SECRET}\n"),
    "header": lambda: KeysByokV1Api(ApiClient(Configuration())).list_byok_v1_keys(
        _headers={"X-Key": f"{_SECRET}\n"}
    ),
    "credentials for the call": lambda: KeysByokV1Api(ApiClient(Configuration())).list_byok_v1_keys(
        _request_auth={"in": "query", "key": "k", "value": _SECRET}
    ),
    "wrong credentials for the call": lambda: KeysByokV1Api(
        ApiClient(Configuration())
    ).list_byok_v1_keys(_request_auth={"in": "header", "key": "k", "value": f"{_SECRET}\n"}),
    "environment": lambda: Configuration.from_env(password=f"{_SECRET}\n"),
    "client certificate data": lambda: KeysByokV1Api(
        ApiClient(Configuration("https://127.0.0.1:1", **_API_KEY, ca_cert_data=_SECRET))
    ).list_byok_v1_keys(),
}


@pytest.mark.parametrize("make", _BAD_SETTINGS.values(), ids=_BAD_SETTINGS)
def test_a_wrong_setting(make: Callable[[], object], emissions: Emissions) -> None:
    """The message that refuses a secret does not repeat it."""
    with pytest.raises(ApiValueError) as caught:
        make()
    emissions.take_exception(caught.value)
