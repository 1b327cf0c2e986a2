"""Where a redirect leads, and whether it may be followed."""

from collections.abc import Mapping
from urllib.parse import urldefrag, urljoin, urlsplit

from .._core.urls import DEFAULT_PORTS, origin
from .._transport.routes import can_be_asked

MOST = 5
"""Redirects that one attempt follows."""
_ANY = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD = frozenset({307, 308})


def target(method: str, url: str, status: int, headers: Mapping[str, str]) -> str | None:
    """The URL to ask instead of ``url``, or ``None`` where the answer is to be taken as it is.

    A read follows wherever it is sent, but never from https to http; a write goes only where its
    method and body are asked for again, and only within its origin.
    """
    reads = method == "GET"
    if status not in (_ANY if reads else _SAME_METHOD):
        return None
    location = headers.get("Location", "")
    if not location or not location.isprintable() or any(c in location for c in " \\"):
        return None
    try:
        goal = urldefrag(urljoin(url, location)).url
        scheme, host, _ = origin(goal)
        allowed = (reads or origin(goal) == origin(url)) and "@" not in urlsplit(goal).netloc
    except ValueError:
        return None
    downgraded = urlsplit(url).scheme == "https" and scheme != "https"
    # A URL is ASCII, and a host that is not may be read as another one by who connects to it.
    is_named = host and host.isascii() and scheme in DEFAULT_PORTS and can_be_asked(goal)
    return goal if allowed and is_named and not downgraded else None
