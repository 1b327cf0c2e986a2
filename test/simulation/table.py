"""The table of retries as the documentation has it, written once more, for the simulation alone.

It shares no line with the client, so that one cannot be wrong in the way of the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from openapi_client._core.attempts import Delivery

from .records import Exchange

_READS = frozenset({"GET"})
_HARMLESS = frozenset({"GET", "DELETE", "PATCH"})
_ALL = frozenset({"GET", "DELETE", "PATCH", "POST"})
_NONE = frozenset[str]()


@dataclass(frozen=True)
class Line:
    """What may happen to an attempt, and for which methods what follows."""

    what: str
    retried: frozenset[str] = _NONE
    """The methods that are sent again."""
    unknown: frozenset[str] = _NONE
    """The methods that may have had their effect."""


NOT_SENT = Line("surely not sent", retried=_ALL)
PROXY = Line("a proxy refuses us: 407")
REFUSED = Line("not trusted")
UNANSWERED = Line("sent, no complete answer", _HARMLESS, _ALL - _READS)
TOLD = Line("429 that says how long to wait", retried=_ALL)
BUSY = Line("429 that does not, 503 with Retry-After", retried=_ALL)
UNREADABLE = Line("2xx that cannot be the answer", unknown=_ALL - _READS)
TRANSIENT = Line("408, and every 5xx but 501 and 505", _HARMLESS, _ALL - _READS)
FINAL = Line("other 4xx, 501, 505, a redirect that is not followed")
DONE = Line("done")
LINES = (NOT_SENT, PROXY, REFUSED, UNANSWERED, TOLD, BUSY, UNREADABLE, TRANSIENT, FINAL, DONE)


def line_of(seen: Exchange) -> Line:
    """The line that an attempt stands in."""
    if seen.delivery is Delivery.NOT_SENT:
        return NOT_SENT
    if seen.delivery is Delivery.REFUSED:
        return REFUSED
    if seen.delivery is Delivery.UNANSWERED:
        return UNANSWERED
    status = seen.status or 0
    if status == 429:
        return BUSY if seen.told is None else TOLD
    if status == 503 and seen.told is not None:
        return BUSY
    if status == 407:
        return PROXY
    if 200 <= status <= 299:
        return DONE if seen.readable else UNREADABLE
    if status == 408 or (status >= 500 and status not in {501, 505}):
        return TRANSIENT
    return FINAL
