"""Which proxy a URL is reached through, from settings or from the environment as curl reads it."""

import os
import re
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from typing_extensions import Self

from .. import _checks
from .._core.secrets import conceal
from .._core.urls import origin
from ..configuration import Configuration

_WITH_PORT = r"(\[.*\]|[^:]*):([0-9]*)"


class Proxy(NamedTuple):
    """The address of a proxy, and the credentials for it."""

    url: str
    credentials: str | None
    """``user:password``, or ``None``. For an HTTP proxy each character is one byte, as in
    a header."""

    @classmethod
    def parse(cls, address: str, source: str = "proxy") -> Self:
        """Read the URL of a proxy; its scheme may be left out.

        Raises ``ApiValueError``, which names the ``source`` of the address and does not repeat
        it: it may hold a password.
        """
        address = conceal(address)
        parts = urlsplit(_checks.proxy(source, address))
        userinfo, _, location = parts.netloc.rpartition("@")
        # Curl sends the bytes that are written there; SOCKS libraries want text.
        is_socks = parts.scheme.startswith("socks")
        credentials = unquote_to_bytes(userinfo).decode(
            "utf-8" if is_socks else "latin-1", "replace"
        )
        return cls(f"{parts.scheme}://{location}", conceal(credentials or None))


_Source = tuple[str, str]
"""What was set, and the name of the setting or of the variable."""


class Proxies:
    """The choice of a proxy by URL, made from the settings and the environment of now."""

    def __init__(self, configuration: Configuration) -> None:
        own = configuration.proxy
        self._by_scheme = {
            scheme: _environment(f"{scheme}_proxy", "all_proxy")
            if own is None
            else (conceal(own), "proxy")
            for scheme in ("http", "https")
        }
        none_for = configuration.no_proxy
        if own is None and none_for is None:
            found = _environment("no_proxy")
            none_for = found[0] if found else None
        self._none_for = re.split(r"[,\s]+", none_for or "")

    def choose(self, url: str) -> Proxy | None:
        """The proxy for a URL, or ``None`` to go there directly.

        Raises ``ApiValueError``, which names the setting or the variable, for an address that is
        no proxy's.
        """
        scheme, host, port = origin(url)
        address, source = self._by_scheme.get(scheme) or ("", "")
        if not address:
            return None
        if any(_covers(entry, host or "", port) for entry in self._none_for):
            return None
        return Proxy.parse(address, source)


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of ``no_proxy`` stands for a host.

    It is ``*``, an IP address or network, or a domain with all that is in it, which may be written
    as ``*.domain``; each maybe with a port, before which an IPv6 address stands in brackets.
    """
    if entry == "*":
        return True
    with_port = re.fullmatch(_WITH_PORT, entry)
    name, only = with_port.groups() if with_port else (entry, "")
    if only not in {"", str(port)}:
        return False
    with suppress(ValueError):
        return ip_address(host) in ip_network(name.strip("[]"), strict=False)
    domain = name.lower().removeprefix("*").strip(".")
    return bool(domain) and f".{host.rstrip('.')}".endswith(f".{domain}")


def _environment(*names: str) -> _Source | None:
    """The first of these variables that is set and not empty, each also in capitals."""
    for name in names:
        # A web server gives its programs a header ``Proxy`` as ``HTTP_PROXY``: curl ignores that.
        for variable in (name,) if name == "http_proxy" else (name, name.upper()):
            if os.environ.get(variable):
                return conceal(os.environ[variable]), variable
    return None
