from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from openapi_client._core.headers import Headers
from openapi_client._core.urls import origin
from openapi_client._pipeline.redirects import target

_URL = "https://api.test/v1/keys?page_size=2"
_READS = (301, 302, 303, 307, 308)
_WRITES = ("POST", "PATCH", "DELETE")


def _target(method: str, status: int, location: str, url: str = _URL) -> str | None:
    return target(method, url, status, Headers({"Location": location}))


@pytest.mark.parametrize("status", range(300, 400))
def test_which_statuses_are_followed(status: int) -> None:
    """A read follows 301, 302, 303, 307 and 308, and a write follows 307 and 308 alone."""
    followed = "https://api.test/v2"
    assert _target("GET", status, "/v2") == (followed if status in _READS else None)
    for method in _WRITES:
        assert _target(method, status, "/v2") == (followed if status in (307, 308) else None)


@pytest.mark.parametrize(
    ("location", "reads", "writes"),
    [
        ("/v2/keys", "https://api.test/v2/keys", "https://api.test/v2/keys"),
        ("?page_token=x", "https://api.test/v1/keys?page_token=x", "..."),
        ("other", "https://api.test/v1/other", "..."),
        ("/v2#part", "https://api.test/v2", "..."),
        ("https://api.test:443/v2", "https://api.test:443/v2", "..."),
        ("https://API.test/v2", "https://API.test/v2", "..."),
        ("//api.test/v2", "https://api.test/v2", "..."),
        ("https://other.test/v2", "https://other.test/v2", None),
        ("//other.test/v2", "https://other.test/v2", None),
        ("https://api.test:8443/v2", "https://api.test:8443/v2", None),
        ("https://api.test.other.test/", "https://api.test.other.test/", None),
        ("https://api.test:0/v2", "https://api.test:0/v2", None),
        ("http://api.test/v2", None, None),
        ("http://other.test/v2", None, None),
        ("https://user:pw@api.test/v2", None, None),
        ("https://api.test@other.test/v2", None, None),
        ("//@api.test/v2", None, None),
        ("https:\\\\other.test\\v2", None, None),
        ("https://api.test\\@other.test/", None, None),
        ("ftp://api.test/v2", None, None),
        ("javascript:alert(1)", None, None),
        ("file:///etc/passwd", None, None),
        ("https://", _URL, "..."),
        ("https://[::1/v2", None, None),
        ("https://api.test:port/v2", None, None),
        ("//https[::1]", None, None),
        ("https://api.test:99999/v2", None, None),
        ("/a b", None, None),
        ("/a\tb", None, None),
        ("/a\r\nX-Evil: 1", None, None),
        ("/a\x00", None, None),
        ("", None, None),
    ],
)
def test_where_a_location_leads(location: str, reads: str | None, writes: str | None) -> None:
    """No write is sent to another origin, and nothing from https to http."""
    assert _target("GET", 307, location) == reads
    for method in _WRITES:
        assert _target(method, 307, location) == (reads if writes == "..." else writes)


def test_no_location_is_no_redirect() -> None:
    """A redirect without a Location leads nowhere."""
    assert target("GET", _URL, 302, Headers()) is None


def test_http_may_become_https() -> None:
    """A read may be sent from http to https, and a write may not."""
    assert _target("GET", 301, "https://api.test/", "http://api.test/") == "https://api.test/"
    assert _target("POST", 308, "https://api.test/", "http://api.test/") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h", ("https", "h", 443)),
        ("http://H:80/x", ("http", "h", 80)),
        ("https://h:8443", ("https", "h", 8443)),
        ("https://h:0", ("https", "h", 0)),
        ("https://[::1]/", ("https", "::1", 443)),
        ("ftp://h", ("ftp", "h", None)),
    ],
)
def test_origin(url: str, expected: tuple[str, str, int | None]) -> None:
    """The origin of a URL is the same in any spelling, and tells scheme, host and port."""
    assert origin(url) == expected


_PIECES = st.sampled_from(
    ["https", "http", ":", "//", "/", "\\", "@", "api.test", "other.test", ":443", ":80", "..", "."]
    + ["?", "#", "%2e", "%40", "[::1]", "[", "é", "\t", "\n", " ", "user", "\u2028", "ſ", "。", "℀"]
)
_LOCATIONS = st.lists(_PIECES, max_size=8).map("".join) | st.text()


@given(
    st.sampled_from(["GET", *_WRITES]),
    st.sampled_from([*_READS, 300, 304, 200]),
    st.sampled_from(["https", "http"]),
    _LOCATIONS,
)
@example("POST", 307, "https", "https://api.test\\@other.test/")
@example("GET", 302, "https", "https:/\\other.test")
@example("GET", 301, "https", "//\u017f")
@example("GET", 301, "https", "//https[::1]")
def test_a_redirect_never_betrays(method: str, status: int, scheme: str, location: str) -> None:
    """No Location leads a write elsewhere, adds a password, or leaves https."""
    url = f"{scheme}://api.test/v1/keys"
    goal = _target(method, status, location, url)
    if goal is None:
        return
    # urllib3's own reading of the URL counts: it is what makes the connection.
    seen = parse_url(goal)
    port = seen.port if seen.port is not None else {"https": 443, "http": 80}[seen.scheme or ""]
    same = (seen.scheme, seen.host, port) == (scheme, "api.test", origin(url)[2])
    assert same or method == "GET"
    assert same == (origin(goal) == origin(url))
    assert seen.auth is None
    assert (scheme, seen.scheme) != ("https", "http")
    assert goal.isprintable()
    assert goal == urljoin(url, location).partition("#")[0]
