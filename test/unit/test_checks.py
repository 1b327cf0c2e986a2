import math
from collections.abc import Callable
from enum import IntEnum
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from openapi_client import ApiTypeError, ApiValueError
from openapi_client import _checks as checks
from openapi_client._core.secrets import conceal


class _Size(IntEnum):
    SMALL = 3


def _refused(check: Callable[..., object], *args: object, **limits: object) -> ApiValueError:
    """The refusal of the argument called ``here``."""
    with pytest.raises(ApiValueError, match="^here") as caught:
        check("here", *args, **limits)
    return caught.value


def test_text_passes_unchanged() -> None:
    """Text is kept as it is, to the last blank."""
    assert checks.text("here", " é\u2028\n", longest=4) == " é\u2028\n"
    assert checks.text("here", "") == ""


@pytest.mark.parametrize("value", [None, 5, b"text", ["a"], True])
def test_what_is_no_text(value: object) -> None:
    """Only text is taken for text."""
    assert isinstance(_refused(checks.text, value), ApiTypeError)
    for check in (checks.header_value, checks.credential, checks.path):
        assert isinstance(_refused(check, value), ApiTypeError)


def test_text_that_is_too_long_or_in_no_encoding() -> None:
    """Text that is too long or cannot be sent is refused, and the argument named."""
    assert "4 characters; 3 are allowed" in str(_refused(checks.text, "four", longest=3))
    assert "no encoding" in str(_refused(checks.text, "\ud800"))


@pytest.mark.parametrize(
    "segment",
    [
        "cck-1",
        "a/b",
        "a b",
        "é",
        "...",
        "..a",
        "%2e%2ea",
        "%252e",
        "%",
        ";",
        "?x#y",
        "~",
        "x" * 999,
    ],
)
def test_ids_that_can_be_sent(segment: str) -> None:
    """An id of any form is taken if it can be one segment of a path."""
    assert checks.path_segment("here", segment) == segment


@pytest.mark.parametrize(
    "segment",
    ["", " ", "\u2003", ".", "..", " .. ", "%2e", "%2E%2e", ".%2E", "%20..", "..%20"]
    + ["a\x00", "a\r\nb", "\t", "a\x7f", "a\x85", "\ud800"],
)
def test_ids_that_would_lead_elsewhere(segment: str) -> None:
    """An empty id, and one that leads to another path, is refused."""
    _refused(checks.path_segment, segment)


@given(st.text() | st.lists(st.sampled_from([".", "%2e", "/", "%2F", "\\", "a", "%", ";", "?"])))
@example("..%2f..")
@example("%2e%2e%5c")
def test_an_accepted_id_is_one_segment(pieces: str | list[str]) -> None:
    """Whatever an accepted id holds, it stays one segment of the path that is requested."""
    segment = "".join(pieces)
    try:
        checks.path_segment("here", segment)
    except ApiValueError:
        return
    sent = parse_url(f"https://api.test/byok/v1/keys/{quote(segment, safe='')}").request_uri
    assert sent.startswith("/byok/v1/keys/")
    one = sent.removeprefix("/byok/v1/keys/")
    assert one not in ("", ".", "..")
    assert not set("/?#\\") & set(one)
    assert unquote(one) == segment


@pytest.mark.parametrize("value", [1, 100, _Size.SMALL])
def test_whole_numbers(value: int) -> None:
    """An integer within the limits is taken, the limits included."""
    assert checks.integer("here", value, least=1, most=100) == value


def test_whole_number_without_an_upper_limit() -> None:
    """Without an upper limit, any integer from the lower one on is taken."""
    assert checks.integer("here", 10**30, least=1) == 10**30
    assert str(_refused(checks.integer, 0, least=1)) == "here has to be at least 1, not 0"


@pytest.mark.parametrize("value", [0, -1, 101])
def test_whole_numbers_outside_the_limits(value: int) -> None:
    """An integer outside the limits is refused with the limits."""
    text = str(_refused(checks.integer, value, least=1, most=100))
    assert text == f"here has to be from 1 to 100, not {value}"


@pytest.mark.parametrize("value", [True, False, "10", 10.0, None])
def test_what_is_no_whole_number(value: object) -> None:
    """What is no integer is refused, a bool included."""
    assert isinstance(_refused(checks.integer, value, least=0), ApiTypeError)


def test_flags() -> None:
    """Only True and False are taken for booleans."""
    assert checks.boolean("here", True) is True
    assert checks.boolean("here", False) is False
    for value in ("false", 0, 1, None):
        assert isinstance(_refused(checks.boolean, value), ApiTypeError)


@pytest.mark.parametrize("value", [1, 0.001, 1e9, 10**9])
def test_seconds(value: float) -> None:
    """Seconds may be any positive number, up to years."""
    seconds = checks.seconds("here", value)
    assert seconds == value
    assert isinstance(seconds, float)


@pytest.mark.parametrize("value", [0, -1, -0.0, math.inf, -math.inf, math.nan, 1e300, 10**400])
def test_seconds_that_never_end_or_begin(value: float) -> None:
    """A time that does not begin or never ends is refused."""
    assert not isinstance(_refused(checks.seconds, value), ApiTypeError)


def test_a_time_that_may_be_zero() -> None:
    """An idle time may be 0, and is never negative or endless."""
    assert checks.idle_time("here", 0) == 0.0
    assert checks.idle_time("here", 2) == 2.0
    for wrong in (-1, math.nan, math.inf):
        assert (
            str(_refused(checks.idle_time, wrong)) == "here has to be 0 seconds or more, and finite"
        )


def test_paths() -> None:
    """A file can be named by text or by a path of ``pathlib``."""
    assert checks.path("here", "~/ca.pem") == "~/ca.pem"
    assert checks.path("here", PurePosixPath("/a/b")) == "/a/b"

    class Bytes:
        """A path that is no text."""

        def __fspath__(self) -> bytes:
            return b"/a"

    assert isinstance(_refused(checks.path, Bytes()), ApiTypeError)


def test_the_nearest_name() -> None:
    """A misspelt name is answered with the one that was meant, if there is one like it."""
    assert checks.did_you_mean("dedline", ["host", "deadline"]) == "; did you mean deadline?"
    assert checks.did_you_mean("xyz", ["host", "deadline"]) == ""


@pytest.mark.parametrize("value", ["5", None, True, (1, 2)])
def test_what_is_no_time(value: object) -> None:
    """What is no number of seconds is refused."""
    assert isinstance(_refused(checks.seconds, value), ApiTypeError)


@pytest.mark.parametrize(
    ("value", "sent"),
    [("é", "é"), ("a\tb", "a\tb"), ("", ""), (5, "5"), (1.5, "1.5"), (True, "true")],
)
def test_header_values(value: object, sent: str) -> None:
    """A header that is legal is sent, numbers and bools in the spelling of HTTP."""
    assert checks.header("here", "X", value) == ("X", sent)


@pytest.mark.parametrize(
    "value", ["a\r\nX: y", "a\n", "\r", "a\x00", "\x7f", "a\x85b", "€", "\ud800"]
)
def test_header_values_that_break_the_line(value: str) -> None:
    """A value that would break out of its header is refused."""
    _refused(checks.header_value, value)


def test_credentials_may_be_in_any_language() -> None:
    """Passwords are UTF-8 once they are encoded; a line break is a slip in any language."""
    for password in ("пароль", "密码", "é€", "a\tb", ""):
        assert checks.credential("here", password) == password
    for broken in ("п\n", "a\x00", "\x85", "\ud800"):
        _refused(checks.credential, broken)


@given(st.text() | st.text(st.characters(max_codepoint=255)))
def test_an_accepted_header_value_is_one_line(value: str) -> None:
    """Whatever an accepted value holds, it stays one line of the head."""
    try:
        line = checks.header_value("here", value)
    except ApiValueError:
        return
    assert len(f"X: {line}".encode("latin-1").decode("latin-1").splitlines()) == 1


def test_header_names() -> None:
    """The name of a header is a token of HTTP, and nothing else."""
    assert checks.header("here", "X-Own!", 1) == ("X-Own!", "1")
    for name in ("", "a b", "a:", "a\r\n", "é", "a\x00"):
        _refused(checks.header, name, "value")
    for odd in (None, 5):
        assert isinstance(_refused(checks.header, odd, "value"), ApiTypeError)


def test_headers_are_named_where_they_are_wrong() -> None:
    """Of many headers, the one that is wrong is named."""
    assert dict(checks.headers("here", {"A": "1", "B": 2})) == {"A": "1", "B": "2"}
    assert str(_refused(checks.headers, {"A": "1", "B": "2\n"})).startswith("here['B'] holds")
    assert isinstance(_refused(checks.headers, {"A": None}), ApiTypeError)
    assert isinstance(_refused(checks.headers, [("A", "1")]), ApiTypeError)


@pytest.mark.parametrize(
    ("given_url", "host"),
    [
        ("https://api.test", "https://api.test"),
        ("https://api.test/", "https://api.test"),
        ("https://api.test/api//", "https://api.test/api"),
        ("https://api.test:8443/a/b", "https://api.test:8443/a/b"),
        ("HTTPS://API.test", "https://API.test"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://a_b.test/%7Ex;y=1", "https://a_b.test/%7Ex;y=1"),
    ],
)
def test_hosts(given_url: str, host: str) -> None:
    """A base URL that works is taken, without the slash at its end."""
    assert checks.host("here", given_url) == host


@pytest.mark.parametrize(
    "url",
    ["", " ", "api.test", "api.test:443", "//api.test", "/api", "ftp://api.test", "https:api.test"]
    + ["https://", "https:///api", "https://:443", "https://api.test:0", "https://api.test:port"]
    + [
        "https://api.test:65536",
        "https://api.test:8_0",
        "https://a:1:2",
        "https://[::1",
        "https://::1",
    ]
    + ["https://[::1]x", "https://[v1.a]", "https://a]b", "https://a%41"]
    + ["https://user@api.test", "https://user:pw@api.test", "https://@api.test"]
    + ["https://api.test?x=1", "https://api.test/?", "https://api.test#", "https://api.test/a#b"]
    + [
        "https://api.test/..",
        "https://api.test/a/../b",
        "https://api.test/%2e%2E/",
        "https://h/.",
        "https://h/%zz",
        "https://h/a%2",
    ]
    + ["https://api .test", "https://api.test/a b", "https://api.test\\x", "https://api.test/\n"]
    + ["https://bücher.test", "https://api.test/é", "https://api.test\x00"],
)
def test_hosts_that_are_none(url: str) -> None:
    """A base URL that might lead elsewhere than it seems to is refused."""
    assert not isinstance(_refused(checks.host, url), ApiTypeError)


def test_a_refused_host_does_not_show_its_password() -> None:
    """A refusal does not repeat a password that is in the URL."""
    for url in ("https://user:s3cret@api.test", "https://user:s3/cret@api.test", "u:s3cret@h"):
        assert "cret" not in str(_refused(checks.host, url))


_PIECES = st.sampled_from(
    ["https://", "http://", "HTTPS://", "api.test", "[::1]", "127.0.0.1", ":", "8080", "/", "//"]
    + ["..", ".", "%2e", "%2F", "%zz", "%", "@", "\\", "?", "#", " ", "\t", "\n", "a", "é", "{id}"]
)
_HOSTS = st.lists(_PIECES, min_size=1, max_size=9).map("".join) | st.text()


@given(st.sampled_from(["", "https://api.test", "https://api.test/"]), _HOSTS)
@example("https://", "api.test:")
def test_an_accepted_host_is_the_one_that_is_asked(start: str, rest: str) -> None:
    """An accepted base URL is read by urllib3 as it is read here."""
    try:
        host = checks.host("here", start + rest)
    except ApiValueError:
        return
    configured = urlsplit(start + rest)
    asked = parse_url(f"{host}/byok/v1/keys")
    assert asked.scheme == configured.scheme
    assert (asked.host or "").strip("[]") == configured.hostname
    assert asked.port == configured.port
    assert asked.auth is None
    assert asked.query is None
    assert asked.fragment is None
    assert unquote(asked.path or "") == f"{unquote(configured.path.rstrip('/'))}/byok/v1/keys"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("", ""),
        ("proxy.test", "http://proxy.test"),
        ("proxy.test:3128", "http://proxy.test:3128"),
        ("user:p%40ss@proxy.test:3128", "http://user:p%40ss@proxy.test:3128"),
        ("https://proxy.test", "https://proxy.test"),
        ("socks5h://[::1]:1080", "socks5h://[::1]:1080"),
    ],
)
def test_proxies(address: str, url: str) -> None:
    """A proxy may be written as for curl."""
    assert checks.proxy("here", address) == url


@pytest.mark.parametrize(
    "address",
    [
        "ftp://proxy.test",
        "http://",
        "://",
        ":3128",
        "proxy.test:port",
        "proxy.test:0",
        "http://[::1",
    ]
    + ["http://pro xy.test", "http://user:s3/cret@proxy.test", "http://user:s3cret@", "http://é"],
)
def test_proxies_that_are_none(address: str) -> None:
    """A slip in the proxy is refused at once; the text tells how to write it, not the password."""
    text = str(_refused(checks.proxy, address))
    assert "cret" not in text
    assert "special characters in its user name and password are percent-encoded" in text


@pytest.mark.parametrize("check", [checks.host, checks.proxy])
def test_nothing_of_the_package_is_kept_by_the_cache_for_urls(
    check: Callable[[str, object], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that has set a host or a proxy ends as soon as one that has not."""
    remembered: list[object] = []

    def remember(url: str) -> SplitResult:
        remembered.append(url)
        return urlsplit(url)

    monkeypatch.setattr(checks, "urlsplit", remember)
    check("here", conceal("http://user.test:3128"))
    assert [type(url) for url in remembered] == [str]
