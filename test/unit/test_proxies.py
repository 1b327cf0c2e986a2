import pytest

from openapi_client import ApiValueError, Configuration
from openapi_client._transport.proxies import Proxies, Proxy

_URL = "https://api.test/byok/v1/keys"


def _chosen(url: str = _URL, **settings: str) -> str | None:
    proxy = Proxies(Configuration(**settings)).choose(url)  # type: ignore[arg-type]  # all are text
    return None if proxy is None else proxy.url


@pytest.mark.parametrize(
    ("address", "url", "credentials"),
    [
        ("proxy.test:3128", "http://proxy.test:3128", None),
        ("https://proxy.test/", "https://proxy.test", None),
        ("http://user:pw@proxy.test:1", "http://proxy.test:1", "user:pw"),
        ("user:pw@proxy.test", "http://proxy.test", "user:pw"),
        ("http://user@proxy.test", "http://proxy.test", "user"),
        ("http://u%40x:p%3Aw%2F@proxy.test", "http://proxy.test", "u@x:p:w/"),
        ("http://a@b:p@proxy.test", "http://proxy.test", "a@b:p"),
        ("http://u:%C3%A9@proxy.test", "http://proxy.test", "u:\xc3\xa9"),
        ("http://u:é@proxy.test", "http://proxy.test", "u:\xc3\xa9"),
        ("http://u:%FF@proxy.test", "http://proxy.test", "u:\xff"),
        ("socks5://u:%C3%A9@proxy.test:1080", "socks5://proxy.test:1080", "u:é"),
        ("socks5h://u:%FF@proxy.test:1080", "socks5h://proxy.test:1080", "u:\ufffd"),
    ],
)
def test_addresses(address: str, url: str, credentials: str | None) -> None:
    """An address is read as curl reads it, credentials included."""
    assert Proxy.parse(address) == Proxy(url, credentials)


def test_password_is_not_shown() -> None:
    """The password of a proxy stands in no log and no list of variables."""
    proxy = Proxy.parse("http://user:pw@proxy.test")
    assert "pw" not in repr(proxy)
    assert "pw" not in str(tuple(proxy))
    assert proxy.credentials == "user:pw"
    proxies = Proxies(Configuration(proxy="http://user:pw@proxy.test"))
    assert "pw" not in repr(vars(proxies))
    with pytest.raises(ApiValueError, match="proxy has to be the URL of a proxy") as caught:
        Proxy.parse("gopher://user:pw@proxy.test")
    assert "pw" not in str(caught.value)


def test_no_proxy_by_default() -> None:
    """Without a setting or a variable there is no proxy."""
    assert _chosen() is None


@pytest.mark.parametrize(
    ("variables", "for_https", "for_http"),
    [
        ({"https_proxy": "a:1"}, "http://a:1", None),
        ({"HTTPS_PROXY": "a:1"}, "http://a:1", None),
        ({"https_proxy": "a:1", "HTTPS_PROXY": "b:2"}, "http://a:1", None),
        ({"https_proxy": "", "HTTPS_PROXY": "b:2"}, "http://b:2", None),
        ({"http_proxy": "a:1"}, None, "http://a:1"),
        ({"HTTP_PROXY": "evil:1"}, None, None),
        ({"all_proxy": "a:1"}, "http://a:1", "http://a:1"),
        ({"ALL_PROXY": "a:1"}, "http://a:1", "http://a:1"),
        ({"ALL_PROXY": "a:1", "https_proxy": "b:2"}, "http://b:2", "http://a:1"),
        ({"HTTP_PROXY": "evil:1", "ALL_PROXY": "a:1"}, "http://a:1", "http://a:1"),
        ({"https_proxy": "socks5h://a:1"}, "socks5h://a:1", None),
    ],
)
def test_proxies_of_the_environment(
    variables: dict[str, str],
    for_https: str | None,
    for_http: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The variables count as for curl; a web request cannot choose the proxy."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert _chosen() == for_https
    assert _chosen("http://api.test/") == for_http
    assert _chosen("ftp://api.test/") is None


@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize(
    ("no_proxy", "url", "direct"),
    [
        ("*", _URL, True),
        ("other.test,*", _URL, True),
        ("api.test", _URL, True),
        ("API.Test", _URL, True),
        ("api.test", "https://API.test./", True),
        ("other.test, api.test", _URL, True),
        ("other.test api.test", _URL, True),
        ("test", _URL, True),
        (".test", _URL, True),
        (".api.test", _URL, True),
        ("api.test.", _URL, True),
        ("api.test:443", _URL, True),
        ("api.test:8443", _URL, False),
        ("api.test:8443", "https://api.test:8443/", True),
        ("api.test:80", "http://api.test/", True),
        ("est", _URL, False),
        ("pi.test", _URL, False),
        ("sub.api.test", _URL, False),
        ("", _URL, False),
        (" , ,", _URL, False),
        (".", _URL, False),
        ("127.0.0.1", "http://127.0.0.1:8080/", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", True),
        ("127.0.0.1:9090", "http://127.0.0.1:8080/", False),
        ("10.0.0.0/8", "https://10.1.2.3/", True),
        ("10.1.2.3/8", "https://10.200.2.3/", True),
        ("10.0.0.0/8", "https://11.1.2.3/", False),
        ("::1", "http://[::1]:8080/", True),
        ("[::1]", "http://[::1]:8080/", True),
        ("fe80::/10", "http://[fe80::1]/", True),
        ("127.0.0.0/8", "http://[::1]/", False),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("[::1]:9090", "http://[::1]:8080/", False),
        ("[::1]:443", "https://[::1]/", True),
        ("[fe80::/10]:80", "http://[fe80::1]/", True),
        ("[::2]:8080", "http://[::1]:8080/", False),
        ("10.0.0.0/8:443", "https://10.1.2.3/", True),
        ("10.0.0.0/8:80", "https://10.1.2.3/", False),
        ("*.test", _URL, True),
        ("*.api.test", _URL, True),
        ("*.API.test", "https://x.api.test/", True),
        ("*.test:443", _URL, True),
        ("*.test:80", _URL, False),
        ("*api.test", _URL, True),
        ("*.pi.test", _URL, False),
        ("*.", _URL, False),
        ("*:443", _URL, False),
    ],
)
def test_hosts_without_a_proxy(
    variable: str, no_proxy: str, url: str, direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry of ``no_proxy`` covers the hosts that it names, and no others."""
    monkeypatch.setenv("all_proxy", "proxy.test")
    monkeypatch.setenv(variable, no_proxy)
    assert (_chosen(url) is None) == direct


def test_settings_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program sets wins over what the machine has."""
    monkeypatch.setenv("https_proxy", "env.test")
    monkeypatch.setenv("no_proxy", "api.test")
    assert _chosen(proxy="own.test") == "http://own.test"
    assert _chosen(proxy="own.test", no_proxy="api.test") is None
    assert _chosen(no_proxy="other.test") == "http://env.test"
    assert _chosen(no_proxy="") == "http://env.test"
    assert _chosen(proxy="", no_proxy="") is None


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_wrong_proxy_of_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that is wrong is named, and how to write it, not a setting nobody set."""
    monkeypatch.setenv(name, "http://user:s3/cret@proxy.test:3128")
    proxies = Proxies(Configuration())
    with pytest.raises(ApiValueError, match=f"^{name} has to be.*percent-encoded") as caught:
        proxies.choose(_URL)
    assert "cret" not in str(caught.value)


def test_a_proxy_that_is_not_used_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in a variable for other schemes or hosts does not stop a call."""
    monkeypatch.setenv("http_proxy", "ftp://proxy.test")
    assert _chosen() is None
    monkeypatch.setenv("https_proxy", "ftp://proxy.test")
    monkeypatch.setenv("no_proxy", "api.test")
    assert _chosen() is None
