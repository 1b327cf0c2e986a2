"""Credentials on their way into a request."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

from .. import _checks
from .._core.secrets import conceal
from .._core.typeguards import is_mapping
from ..exceptions import ApiTypeError, ApiValueError

_NO_COOKIE = r"[^\x00-\x1f\x7f!#-+\--:<-\[\]-~]"
"""What no value of a cookie may hold (RFC 6265, 4.1.1); control characters are refused."""
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})


def request_auth(setting: object, cookie: str | None) -> dict[str, str]:
    """The header that ``_request_auth`` asks for; a cookie of its own joins ``cookie``.

    Raises ``ApiValueError`` where it asks for anything but a header or a cookie.
    """
    if not is_mapping(setting):
        raise ApiTypeError(f"_request_auth has to be a dict, not {type(setting).__name__}")
    where = setting.get("in")
    if where not in ("header", "cookie"):
        # A query would stand in logs.
        raise ApiValueError("_request_auth: 'in' has to be 'header' or 'cookie'")
    value = setting.get("value")
    if where == "cookie" and isinstance(value, str):
        value = re.sub(_NO_COOKIE, _percent_encoded, value)
    name, value = _checks.header("_request_auth", setting.get("key"), value)
    if where == "header":
        return {name: conceal(value)}
    return {"Cookie": conceal("; ".join(filter(None, [cookie, f"{name}={value}"])))}


def _percent_encoded(match: re.Match[str]) -> str:
    return quote(match[0], safe="")


def refuse_in_the_clear(host: str, headers: Mapping[str, str], secret: Iterable[str] = ()) -> None:
    """Raise ``ApiValueError`` where credentials would cross a network unencrypted.

    ``secret`` names headers that hold some, besides those that always do.
    """
    if host.startswith("https:") or _is_loopback(host):
        return
    if _CREDENTIALS.union(map(str.lower, secret)) & {name.lower() for name in headers}:
        raise ApiValueError(
            f"host is plain http, and credentials would go to {host} unencrypted: "
            "use https, or set allow_insecure_http"
        )


@lru_cache(maxsize=8)
def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
