"""Which proxy a URL is reached through, from settings or from the environment as curl reads it."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import unquote_to_bytes, urlsplit

from typing_extensions import Self

from .. import _checks
from .._core.urls import origin
from ..configuration import Configuration


@dataclass(frozen=True)
class Proxy:
    """The address of a proxy, and the credentials for it."""

    url: str
    credentials: str | None = field(repr=False)
    """``user:password``, or ``None``. For an HTTP proxy each character is one byte, as in
    a header."""

    @classmethod
    def parse(cls, address: str) -> Self:
        """Read the URL of a proxy; its scheme may be left out.

        Raises ``ApiValueError``, which does not repeat the address: it may hold a password.
        """
        parts = urlsplit(_checks.proxy("proxy", address))
        userinfo, _, location = parts.netloc.rpartition("@")
        # Curl sends the bytes that are written there; SOCKS libraries want text.
        is_socks = parts.scheme.startswith("socks")
        credentials = unquote_to_bytes(userinfo).decode(
            "utf-8" if is_socks else "latin-1", "replace"
        )
        return cls(f"{parts.scheme}://{location}", credentials or None)


class Proxies:
    """The choice of a proxy by URL, made from the settings and the environment of now."""

    def __init__(self, configuration: Configuration) -> None:
        from_environment = configuration.proxy is None
        self._by_scheme = {
            scheme: _environment(f"{scheme}_proxy") or _environment("all_proxy")
            if from_environment
            else configuration.proxy
            for scheme in ("http", "https")
        }
        none_for = configuration.no_proxy
        if from_environment and none_for is None:
            none_for = _environment("no_proxy")
        self._none_for = re.split(r"[,\s]+", none_for or "")

    def choose(self, url: str) -> Proxy | None:
        """The proxy for a URL, or ``None`` to go there directly."""
        scheme, host, port = origin(url)
        address = self._by_scheme.get(scheme)
        if not address or any(_covers(entry, host or "", port) for entry in self._none_for):
            return None
        return Proxy.parse(address)


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of ``no_proxy`` stands for a host.

    It is ``*``, an IP address or network, or a domain with all that is in it, maybe with a port.
    """
    if entry == "*":
        return True
    with suppress(ValueError):
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    name, _, only = entry.lower().partition(":")
    domain = name.strip(".")
    in_domain = f".{host.rstrip('.')}".endswith(f".{domain}")
    return bool(domain) and in_domain and only in {"", str(port)}


def _environment(name: str) -> str | None:
    # A web server gives its programs a header ``Proxy`` as ``HTTP_PROXY``, so curl ignores that.
    upper = None if name == "http_proxy" else os.environ.get(name.upper())
    return os.environ.get(name) or upper
