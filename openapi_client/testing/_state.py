"""The keys of one organization: what is registered, in which order, and what happens to it."""

from __future__ import annotations

import itertools
import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from . import _documents, _keys
from ._agenda import Agenda
from ._clock import Clock, nanoseconds
from ._filters import Filters
from ._script import Script
from ._settings import Settings, ValidationStep

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_DIGITS = 6
_ID_STEP = 1_234_567_891  # Shares no factor with 36, so that ids look random yet never repeat.
_LISTINGS_REMEMBERED = 16


class Refused(Exception):
    """The base of what the store refuses to do."""


class UnknownKeyError(Refused, KeyError):
    """There is no key of that id."""


class DuplicateError(Refused):
    """An identifier is registered already, under `key_id`."""

    def __init__(self, identifier: str, key_id: str) -> None:
        super().__init__(identifier, key_id)
        self.identifier = identifier
        self.key_id = key_id


class QuotaError(Refused):
    """There are as many keys as the `quota` allows."""

    def __init__(self, quota: int) -> None:
        super().__init__(quota)
        self.quota = quota


class InUseError(Refused):
    """The key `key_id` is in use, and cannot be deleted."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


@dataclass(slots=True, eq=False)
class Record:
    """One key. Its document is replaced, never changed, so that it can be sent without a lock."""

    number: int
    id: str
    document: dict[str, Any]
    script: Script | None = None


@dataclass(frozen=True)
class Page:
    """Part of a listing.

    Attributes:
        documents: the keys, newest first.
        total: how many keys match on all pages together.
        next_before: where the next page begins; None on the last page.
    """

    documents: Sequence[dict[str, Any]]
    total: int
    next_before: int | None


class KeyStore:
    """All keys, under one lock. The documents it hands out must not be changed."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._agenda = Agenda()
        self._by_id: dict[str, Record] = {}
        self._by_identifier: dict[str, list[str]] = {}
        self._ordered: list[Record] = []
        self._listings: dict[Filters, list[Record]] = {}

    def create(
        self, key: Mapping[str, Any], display_name: str | None, id_length: int = 0
    ) -> dict[str, Any]:
        """Register a key as a request does; `id_length` pads its id.

        Raises:
            DuplicateError: If the identifier is registered, and duplicates are conflicts.
            QuotaError: If the quota is used up.
        """
        with self._lock:
            now = self._catch_up()
            self._admit(_keys.identifier(key))
            name = {} if display_name is None else {"display_name": display_name}
            record = self._add({"key": dict(key), **name}, now, id_length)
            self._promise_principals(record, now)
            self._start(record, Script(self._settings.validation, now))
            return record.document

    def seed(self, given: Mapping[str, Any]) -> str:
        """Add a key as it stands, filled up with what the service makes; return its id.

        Raises:
            ValueError: If a key with that id is there already.
        """
        with self._lock:
            record = self._add(given, self._catch_up())
            record.document = _documents.with_principals(record.document)
            return record.id

    def sample(self, provider: str) -> dict[str, Any]:
        """Key material of a provider that no other call gets."""
        return _keys.sample(provider, next(self._numbers))

    def read(self, key_id: str) -> dict[str, Any]:
        """The key as a GET sees it; the read counts for its validation script.

        Raises:
            UnknownKeyError: If there is no such key; so do all methods that take an id.
        """
        with self._lock:
            record = self._find(key_id)
            if record.script:
                self._advance(record, record.script, self._clock.now())
                record.script.read()
            return record.document

    def document(self, key_id: str) -> dict[str, Any]:
        """The key as it stands, without counting as a read."""
        with self._lock:
            return self._find(key_id).document

    def update(self, key_id: str, display_name: str | None) -> dict[str, Any]:
        """Rename a key; None leaves it as it is."""
        with self._lock:
            record = self._find(key_id)
            if display_name is not None:
                now = self._clock.now()
                self._replace(record, _documents.renamed(record.document, display_name, now))
            return record.document

    def delete(self, key_id: str) -> None:
        """Remove a key. Raises `InUseError` if it is in use."""
        with self._lock:
            record = self._find(key_id)
            if record.document["state"] == "IN_USE":
                raise InUseError(key_id)
            del self._by_id[key_id]
            del self._ordered[self._position(self._ordered, record.number)]
            self._listings.clear()
            identifier = _keys.identifier(record.document["key"])
            self._by_identifier[identifier].remove(key_id)
            if not self._by_identifier[identifier]:
                del self._by_identifier[identifier]

    def page(self, filters: Filters, before: int, size: int, overlap: int = 0) -> Page:
        """Up to `size` matching keys numbered below `before`, and `overlap` of those above."""
        with self._lock:
            self._catch_up()
            matching = self._matching(filters)
            end = self._position(matching, before)
            start = max(0, end - size)
            documents = [record.document for record in matching[start : end + overlap]]
            following = matching[start].number if start else None
            return Page(documents[::-1], len(matching), following)

    def validate(
        self, key_id: str, phase: str, message: str = "", region: str | None = None
    ) -> None:
        """Have a validation attempt end in `phase`, now; any script of the key is dropped."""
        with self._lock:
            record = self._find(key_id)
            record.script = None
            self._enter(record, phase, message, self._clock.now(), region)

    def run_script(self, key_id: str, steps: Iterable[ValidationStep]) -> None:
        """Begin a validation script for a key, now, in place of any it has."""
        with self._lock:
            self._start(self._find(key_id), Script(steps, self._clock.now()))

    def set_state(self, key_id: str, state: str) -> None:
        """Put a key in a state: `AVAILABLE`, `IN_USE`, or any other text."""
        with self._lock:
            record = self._find(key_id)
            self._replace(record, {**record.document, "state": state})

    def give_principals(self, key_id: str) -> None:
        """Make the principals of a key now, where they are delayed."""
        with self._lock:
            record = self._find(key_id)
            self._replace(record, _documents.with_principals(record.document))

    def documents(self) -> list[dict[str, Any]]:
        """All keys, newest first."""
        with self._lock:
            self._catch_up()
            return [record.document for record in reversed(self._ordered)]

    def clear(self) -> None:
        """Forget all keys. Their ids are never given out again."""
        with self._lock:
            self._agenda = Agenda()
            self._by_id.clear()
            self._by_identifier.clear()
            self._ordered.clear()
            self._listings.clear()

    def _admit(self, identifier: str) -> None:
        registered = self._by_identifier.get(identifier)
        if registered and self._settings.duplicates == "conflict":
            raise DuplicateError(identifier, registered[0])
        quota = self._settings.quota
        if quota is not None and len(self._ordered) >= quota:
            raise QuotaError(quota)

    def _catch_up(self) -> int:
        now = self._clock.now()
        self._agenda.run(now)
        return now

    def _find(self, key_id: str) -> Record:
        self._catch_up()
        record = self._by_id.get(key_id)
        if record is None:
            raise UnknownKeyError(key_id)
        return record

    def _add(self, given: Mapping[str, Any], now: int, id_length: int = 0) -> Record:
        key_id = str(given.get("id") or self._new_id(id_length))
        if key_id in self._by_id:
            raise ValueError(f"there is a key {key_id} already")
        document = _documents.new_document(given, key_id, now)
        record = Record(next(self._numbers), key_id, document)
        self._by_id[key_id] = record
        self._by_identifier.setdefault(_keys.identifier(given.get("key")), []).append(key_id)
        self._ordered.append(record)
        self._listings.clear()
        return record

    def _new_id(self, length: int) -> str:
        ids = (_made_id(number).ljust(length, "0") for number in self._numbers)
        # Keys that were seeded with ids of their own may have taken one.
        return next(key_id for key_id in ids if key_id not in self._by_id)

    def _replace(self, record: Record, document: dict[str, Any]) -> None:
        record.document = document
        self._listings.clear()

    def _position(self, records: Sequence[Record], number: int) -> int:
        return bisect_left(records, number, key=attrgetter("number"))

    def _matching(self, filters: Filters) -> list[Record]:
        # Kept until the next change, so that walking through the pages of a large listing costs
        # one scan and not one a page.
        if filters == Filters():
            return self._ordered
        if filters not in self._listings:
            if len(self._listings) >= _LISTINGS_REMEMBERED:
                self._listings.clear()
            matches = filters.test()
            self._listings[filters] = [one for one in self._ordered if matches(one.document)]
        return self._listings[filters]

    def _promise_principals(self, record: Record, now: int) -> None:
        delay = self._settings.principals_delay
        if delay == 0:
            record.document = _documents.with_principals(record.document)
        elif delay is not None:
            self._agenda.at(
                now + nanoseconds(delay),
                lambda _: self._replace(record, _documents.with_principals(record.document)),
            )

    def _start(self, record: Record, script: Script) -> None:
        record.script = script
        self._await(record, script)

    def _await(self, record: Record, script: Script) -> None:
        due = script.due()
        if due is not None:
            self._agenda.at(due, lambda moment: self._advance(record, script, moment))

    def _advance(self, record: Record, script: Script, now: int) -> None:
        step = script.take(now) if record.script is script else None
        if step is not None:
            self._enter(record, step.phase, step.message, now)
            self._await(record, script)

    def _enter(
        self, record: Record, phase: str, message: str, now: int, region: str | None = None
    ) -> None:
        document = _documents.validated(record.document, phase, message, region, now)
        self._replace(record, document)


def _made_id(number: int) -> str:
    rest, digits = number * _ID_STEP % len(_DIGITS) ** _ID_DIGITS, ""
    for _ in range(_ID_DIGITS):
        rest, digit = divmod(rest, len(_DIGITS))
        digits += _DIGITS[digit]
    return f"cck-{digits}"
