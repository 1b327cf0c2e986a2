"""Quirks by name, and which of them are in force: forms of an answer that a client must bear."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from .._http.message import Reply, Request
from .._store.checks import is_array, is_object
from .error_quirks import BROKEN_ERRORS, ERROR_QUIRKS
from .key_quirks import KEY_QUIRKS
from .page_quirks import LISTING_QUIRKS, PAGE_QUIRKS
from .reply_quirks import REPLY_QUIRKS

MOVED = "/moved"
_REDIRECTS = {f"redirect_{status}": status for status in (301, 302, 303, 307, 308)}

QUIRKS: Mapping[str, str] = {
    **{name: text for name, (text, _) in KEY_QUIRKS.items()},
    **{name: text for name, (text, _) in PAGE_QUIRKS.items()},
    **LISTING_QUIRKS,
    **{name: text for name, (text, _) in ERROR_QUIRKS.items()},
    **{name: text for name, (text, *_) in BROKEN_ERRORS.items()},
    **{name: text for name, (text, _) in REPLY_QUIRKS.items()},
    "unknown_fields": "fields nobody knows, in every object of every answer",
    "id_of_255": "new keys get an id of 255 characters",
    "create_without_id": "the answer to creating has no id, only a Location",
    **{
        name: f"{status}, leading to the same path below {MOVED}, where it is served"
        for name, status in _REDIRECTS.items()
    },
}
"""Every quirk: its name, and what it does."""


class Quirk:
    """Quirks that are in force until cancelled, or until the `with` block ends."""

    def __init__(self, owner: Quirks, names: frozenset[str]) -> None:
        self.names = names
        self._owner = owner

    def cancel(self) -> None:
        """Answer regularly again."""
        self._owner.remove(self)

    def __enter__(self) -> Quirk:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()


class Quirks:
    """The quirks in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Put all quirks out of force."""
        with self._lock:
            self._in_force: tuple[Quirk, ...] = ()

    def add(self, names: Iterable[str]) -> Quirk:
        """Put quirks in force. Raises `ValueError` for a name that is not in `QUIRKS`."""
        quirk = Quirk(self, frozenset(_known(name) for name in names))
        with self._lock:
            self._in_force += (quirk,)
        return quirk

    def remove(self, quirk: Quirk) -> None:
        """Put quirks out of force."""
        with self._lock:
            self._in_force = tuple(one for one in self._in_force if one is not quirk)

    def active(self) -> frozenset[str]:
        """The names of the quirks in force."""
        return frozenset[str]().union(*(quirk.names for quirk in self._in_force))


def _known(name: str) -> str:
    if name not in QUIRKS:
        close = difflib.get_close_matches(name, QUIRKS, n=3, cutoff=0.4)
        raise ValueError(f"no quirk is called {name!r}; did you mean one of {close}?")
    return name


def redirect(path: str, query: str, base: str, quirks: frozenset[str]) -> Reply | None:
    """A redirect to the same path below `MOVED`, if one is in force."""
    for name in _REDIRECTS.keys() & quirks if not path.startswith(MOVED) else ():
        location = f"{base}{MOVED}{path}?{query}".removesuffix("?")
        return Reply(_REDIRECTS[name], headers={"Location": location})
    return None


def finish(reply: Reply, request: Request, now: int, quirks: frozenset[str]) -> None:
    """Change a reply by the quirks in force, and encode it."""
    if quirks and reply.document is not None:
        reply.document = deepcopy(reply.document)  # The documents of stored keys are in there.
        _change_document(reply, quirks)
    reply.encode()
    for name, (_, change_reply) in REPLY_QUIRKS.items():
        if name in quirks:
            change_reply(reply, request, now)


def _change_document(reply: Reply, quirks: frozenset[str]) -> None:
    if "create_without_id" in quirks and reply.status == 201:
        del reply.document["id"]
    for key in _keys_in(reply.document):
        for name, (_, change_key) in KEY_QUIRKS.items():
            if name in quirks:
                change_key(key)
    if "unknown_fields" in quirks:
        reply.document = _extended(reply.document)
    for name, (_, change_errors) in ERROR_QUIRKS.items():
        if name in quirks and reply.document.get("errors"):
            reply.document = change_errors(reply.status, reply.document["errors"])
    for name in BROKEN_ERRORS.keys() & quirks if reply.status >= 400 else ():
        _, content_type, reply.body = BROKEN_ERRORS[name]
        reply.document = None
        reply.headers.update({"Content-Type": content_type} if content_type else {})


def _keys_in(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "key" in document:
        yield document
    yield from document.get("data") or ()


def _extended(value: Any) -> Any:
    if is_array(value):
        return [_extended(member) for member in value]
    if not is_object(value):
        return value
    extended = {name: _extended(member) for name, member in value.items()}
    return {**extended, "x_unknown": {"since": "tomorrow", "list": [1, None]}}
