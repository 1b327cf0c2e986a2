"""Odd shapes by name, and which of them are in force (contract section 7)."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ._json import copied, is_array, is_object
from ._listing import LISTING_SHAPES
from ._message import Reply, Request
from ._odd_errors import ERROR_SHAPES
from ._odd_keys import KEY_SHAPES
from ._odd_pages import PAGE_SHAPES
from ._odd_replies import REPLY_SHAPES

MOVED = "/moved"
_REDIRECTS = {f"redirect_{status}": status for status in (301, 302, 303, 307, 308)}

ODD_SHAPES: Mapping[str, str] = {
    **{name: text for name, (text, _) in KEY_SHAPES.items()},
    **{name: text for name, (text, _) in PAGE_SHAPES.items()},
    **LISTING_SHAPES,
    **{name: text for name, (text, _) in ERROR_SHAPES.items()},
    **{name: text for name, (text, _) in REPLY_SHAPES.items()},
    "unknown_fields": "fields nobody knows, in every object of every answer",
    "id_of_255": "new keys get an id of 255 characters",
    "create_without_id": "the answer to creating has no id, only a Location",
    **{
        name: f"{status}, leading to the same path below {MOVED}, where it is served"
        for name, status in _REDIRECTS.items()
    },
}
"""Every odd shape there is: its name, and what it does."""


class OddShape:
    """Odd shapes that are in force until cancelled, or until the `with` block ends."""

    def __init__(self, owner: OddShapes, names: frozenset[str]) -> None:
        self.names = names
        self._owner = owner

    def cancel(self) -> None:
        """Answer regularly again."""
        self._owner.remove(self)

    def __enter__(self) -> OddShape:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()


class OddShapes:
    """The odd shapes in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_force: tuple[OddShape, ...] = ()

    def add(self, names: Iterable[str]) -> OddShape:
        """Put shapes in force. Raises `ValueError` for a name that is not in `ODD_SHAPES`."""
        shape = OddShape(self, frozenset(_known(name) for name in names))
        with self._lock:
            self._in_force += (shape,)
        return shape

    def remove(self, shape: OddShape) -> None:
        """Put shapes out of force."""
        with self._lock:
            self._in_force = tuple(one for one in self._in_force if one is not shape)

    def clear(self) -> None:
        """Put all shapes out of force."""
        with self._lock:
            self._in_force = ()

    def active(self) -> frozenset[str]:
        """The names of the shapes in force."""
        return frozenset[str]().union(*(shape.names for shape in self._in_force))


def _known(name: str) -> str:
    if name not in ODD_SHAPES:
        close = difflib.get_close_matches(name, ODD_SHAPES, n=3, cutoff=0.4)
        raise ValueError(f"no odd shape is called {name!r}; did you mean one of {close}?")
    return name


def redirect(path: str, query: str, base: str, odd: frozenset[str]) -> Reply | None:
    """A redirect to the same path below `MOVED`, if one is in force."""
    for name in _REDIRECTS.keys() & odd:
        location = f"{base}{MOVED}{path}?{query}".removesuffix("?")
        return Reply(_REDIRECTS[name], headers={"Location": location})
    return None


def finish(reply: Reply, request: Request, now: int, odd: frozenset[str]) -> None:
    """Spoil a reply by the shapes in force, and encode it."""
    if odd and reply.document is not None:
        # The documents of stored keys are in there.
        reply.document = copied(reply.document)
        _spoil_document(reply, odd)
    reply.encode()
    for name, (_, reply_shape) in REPLY_SHAPES.items():
        if name in odd:
            reply_shape(reply, request, now)


def _spoil_document(reply: Reply, odd: frozenset[str]) -> None:
    if "create_without_id" in odd and reply.status == 201:
        del reply.document["id"]
    for key in _keys_in(reply.document):
        for name, (_, key_shape) in KEY_SHAPES.items():
            if name in odd:
                key_shape(key)
    if "unknown_fields" in odd:
        reply.document = _extended(reply.document)
    errors = reply.document.get("errors")
    for name, (_, error_shape) in ERROR_SHAPES.items():
        if name in odd and errors:
            error_shape(reply, errors)


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
