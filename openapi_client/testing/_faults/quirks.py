"""Quirks by name, and which of them are in force: forms of an answer that a client must bear."""

import contextlib
import difflib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from .._http.message import RecordedRequest, Reply
from .._store.checks import is_array, is_object
from .answer_quirks import ANSWER_QUIRKS, change_errors, change_reply
from .key_quirks import KEY_QUIRKS, change_key

MOVED = "/moved"
_REDIRECTS = {f"redirect_{status}": status for status in (301, 302, 303, 307, 308)}

QUIRKS: Mapping[str, str] = {
    **{name: KEY_QUIRKS[name][0] for name in KEY_QUIRKS},
    **ANSWER_QUIRKS,
    "unknown_fields": "fields nobody knows, in every object of every answer",
    "id_of_255": "new keys get an id of 255 characters",
    "create_without_id": "the answer to creating has no id, only a Location",
    **{name: f"{_REDIRECTS[name]} to below {MOVED}, where it is served" for name in _REDIRECTS},
}
"""Every quirk: its name, and what it does."""


class Quirk(contextlib.AbstractContextManager["Quirk"]):
    """Quirks that are in force until cancelled, or until the `with` block ends."""

    def __init__(self, names: Iterable[str], in_force: list["Quirk"]) -> None:
        self.names: frozenset[str] = frozenset(names)
        for name in self.names - QUIRKS.keys():
            close = difflib.get_close_matches(name, QUIRKS, n=3, cutoff=0.4)
            raise ValueError(f"no quirk is called {name!r}; did you mean one of {close}?")
        self._in_force = in_force
        in_force.append(self)

    def cancel(self) -> None:
        """Answer regularly again."""
        with contextlib.suppress(ValueError):  # It may have been cancelled before.
            self._in_force.remove(self)

    def __exit__(self, *_: object) -> None:
        self.cancel()


def redirect(path: str, query: str, base: str, quirks: frozenset[str]) -> Reply | None:
    """A redirect to the same path below `MOVED`, if one is in force."""
    for name in _REDIRECTS.keys() & quirks if not path.startswith(MOVED) else ():
        location = f"{base}{MOVED}{path}?{query}".removesuffix("?")
        return Reply(_REDIRECTS[name], headers={"Location": location})
    return None


def finish(reply: Reply, request: RecordedRequest, now: int, quirks: frozenset[str]) -> None:
    if quirks and reply.document is not None:
        # The documents of stored keys are in there.
        document: dict[str, Any] = deepcopy(reply.document)
        if "create_without_id" in quirks and reply.status == 201:
            del document["id"]
        for key in [document] if "key" in document else document.get("data") or ():
            for name, (_, edits) in KEY_QUIRKS.items():
                if name in quirks:
                    change_key(key, edits)
        reply.document = _extended(document) if "unknown_fields" in quirks else document
        change_errors(reply, quirks)
    reply.encode()
    change_reply(reply, request, now, quirks)


def _extended(value: Any) -> Any:
    if is_array(value):
        return [_extended(member) for member in value]
    if not is_object(value):
        return value
    extended = {name: _extended(member) for name, member in value.items()}
    return {**extended, "x_unknown": {"since": "tomorrow", "list": [1, None]}}
