import pytest

from openapi_client import ApiTypeError, ApiValueError
from openapi_client._pipeline.credentials import refuse_in_the_clear, request_auth


def _own(where: object, key: object = "X-Token", value: object = "t") -> dict[str, object]:
    return {"in": where, "key": key, "value": value}


def test_header() -> None:
    """A call can bring credentials of its own, in a header."""
    own = _own("header", "Authorization", "Bearer t") | {"type": "oauth2"}
    assert request_auth(own, "a=1") == {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    ("cookie", "sent"), [(None, "X-Token=t"), ("", "X-Token=t"), ("a=1", "a=1; X-Token=t")]
)
def test_cookie(cookie: str | None, sent: str) -> None:
    """A cookie of the call is sent beside those of the client."""
    assert request_auth(_own("cookie"), cookie) == {"Cookie": sent}


@pytest.mark.parametrize(
    "setting",
    [
        {},
        _own("query"),
        _own("body"),
        _own(None),
        _own(["header"]),
        _own("header", "a b"),
        _own("header", ""),
        _own("header", value="a\r\nX: y"),
        _own("cookie", value="a\r\nX: y"),
    ],
)
def test_what_is_refused(setting: object) -> None:
    """Credentials for a URL, or that would break the head of the request, are refused."""
    with pytest.raises(ApiValueError, match="^_request_auth"):
        request_auth(setting, None)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("plain-value=1&x", "plain-value=1&x"),
        ('a b;c,"d"', "a%20b%3Bc%2C%22d%22"),
        ("€ \\", "%E2%82%AC%20%5C"),
    ],
)
def test_cookies_are_encoded(value: str, sent: str) -> None:
    """What no cookie may hold is percent-encoded, as the generated client does."""
    assert request_auth(_own("cookie", "sid", value), "a=1") == {"Cookie": f"a=1; sid={sent}"}
    assert request_auth(_own("cookie", "sid", value), None) == {"Cookie": f"sid={sent}"}


@pytest.mark.parametrize(
    "setting", ["token", None, [("in", "header")], _own("header", None), _own("header", value=None)]
)
def test_what_is_of_the_wrong_type(setting: object) -> None:
    """Credentials of the wrong type, as a token in place of the dict, are refused."""
    with pytest.raises(ApiTypeError, match="^_request_auth"):
        request_auth(setting, None)


@pytest.mark.parametrize(
    "name", ["Authorization", "authorization", "COOKIE", "Proxy-Authorization"]
)
@pytest.mark.parametrize(
    "host",
    ["http://api.test", "http://10.0.0.1", "http://localhost.api.test", "http://127.0.0.1.api.test"]
    + ["http://[2001:db8::1]:80", "http://0.0.0.0", "http://127.1"],
)
def test_credentials_stay_off_the_open_network(host: str, name: str) -> None:
    """Credentials for another machine are refused over plain http, and not shown."""
    with pytest.raises(ApiValueError, match="host is plain http") as caught:
        refuse_in_the_clear(host, {"Accept": "x", name: "s3cret"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    ["https://api.test", "http://localhost:80", "http://LOCALHOST", "http://127.0.0.1:8080/api"]
    + ["http://127.9.9.9", "http://[::1]:8080"],
)
def test_credentials_may_be_encrypted_or_stay_here(host: str) -> None:
    """Credentials may go over https, and over plain http to this machine."""
    refuse_in_the_clear(host, {"Authorization": "x"})


def test_http_without_credentials() -> None:
    """A request without credentials may go over plain http to another machine."""
    refuse_in_the_clear("http://api.test", {"Accept": "x"})


def test_credentials_in_a_header_of_their_own() -> None:
    """A header that the caller names as a credential is refused over plain http."""
    headers = {"X-Token": "s3cret"}
    refuse_in_the_clear("http://api.test", headers)
    refuse_in_the_clear("http://api.test", headers, ["X-Other"])
    refuse_in_the_clear("https://api.test", headers, headers)
    with pytest.raises(ApiValueError, match="host is plain http"):
        refuse_in_the_clear("http://api.test", headers, ["x-token"])
