"""The keys of one organization: what is registered, and what happens to it."""

import sched
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .checks import is_object
from .clock import Clock, moment_of, nanoseconds
from .documents import Document, identifier, new_document, validated, with_principals
from .listing import NEWEST, Cursor, Listing, Page, Position
from .settings import Settings, ValidationStep

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_STEP = 1_234_567_891  # Shares no factor with 36, so that ids look random yet never repeat.


class Refused(Exception):
    """The base of what the store refuses to do."""


class UnknownKeyError(Refused, KeyError):
    """There is no key of that id."""


class DuplicateError(Refused):
    """An identifier is registered under an id: the arguments."""


class QuotaError(Refused):
    """There are as many keys as the quota, the argument, allows."""


class InUseError(Refused):
    """The key of that id is in use, and cannot be deleted."""


@dataclass(slots=True, eq=False)
class Record:
    """One key. Its document is replaced, never changed, so that it can be sent without a lock."""

    position: Position
    id: str
    document: Document
    steps: Sequence[ValidationStep] = ()  # Still before it, in its validation script.
    due: int = 0  # The moment before which the first of them is not taken.
    reads: int = 0  # Since the step before.


class KeyStore:
    """All keys, under one lock. The documents it hands out must not be changed.

    Methods that take the id of a key raise `UnknownKeyError` if there is none of that id. Ids are
    made of `numbers`, each of which comes once.
    """

    def __init__(self, settings: Settings, clock: Clock, numbers: Iterator[int]) -> None:
        self._settings = settings
        self._clock = clock
        self._numbers = numbers
        self._lock = threading.RLock()
        # What is due later; only what is due is run, so that nothing ever waits.
        self._scheduler = sched.scheduler(clock.now, lambda _: None)
        self._listing = Listing()
        self._records: dict[str, Record] = {}
        self._ids: dict[str, list[str]] = {}

    def create(self, fields: Mapping[str, Any], id_length: int) -> Document:
        """Register a key as a request does, or raise `Refused`; `id_length` pads its id."""
        with self._lock:
            now, name = self._catch_up(), identifier(fields["key"])
            registered, quota = self._ids.get(name), self._settings.quota
            if registered and self._settings.duplicates == "conflict":
                raise DuplicateError(name, registered[0])
            if quota is not None and len(self._records) >= quota:
                raise QuotaError(quota)
            record = self._add(fields, now, id_length)
            self._listing.change(now, record.position, record.document)
            delay = self._settings.principals_delay
            if delay is not None:
                self._at(
                    now + nanoseconds(delay),
                    lambda due: self._replace(record, with_principals(record.document), due),
                )
                self._scheduler.run(blocking=False)  # Without a delay they are in the answer.
            self._start(record, self._settings.validation, now)
            return record.document

    def seed(self, fields: Mapping[str, Any]) -> str:
        """Add a key as it stands, filled up with what the service makes; return its id."""
        with self._lock:
            record = self._add(fields, self._catch_up())
            record.document = with_principals(record.document)
            self._listing.show(record.position, record.document)
            return record.id

    def read(self, key_id: str) -> Document:
        """The key as a GET sees it; the read counts for its validation script."""
        with self._lock:
            record = self._find(key_id)
            self._advance(record, record.due, self._clock.now())
            record.reads += 1
            return record.document

    def document(self, key_id: str) -> Document:
        """The key as it stands, without counting as a read."""
        with self._lock:
            return self._find(key_id).document

    def documents(self) -> list[Document]:
        with self._lock:
            self._catch_up()
            records = sorted(self._records.values(), key=lambda one: one.position, reverse=True)
            return [record.document for record in records]

    def page(self, cursor: Cursor, size: int, overlap: int) -> Page:
        with self._lock:
            self._catch_up()
            return self._listing.page(cursor, size, overlap)

    def edit(self, key_id: str, change: Callable[[Document, int], Document]) -> Document:
        """Have a function make another document of a key; it is called with the time, too."""
        with self._lock:
            record, now = self._find(key_id), self._clock.now()
            self._replace(record, change(record.document, now), now)
            return record.document

    def delete(self, key_id: str) -> None:
        """Remove a key. Raises `InUseError` if it is in use."""
        with self._lock:
            record = self._find(key_id)
            if record.document["state"] == "IN_USE":
                raise InUseError(key_id)
            del self._records[key_id]
            name = identifier(record.document["key"])
            self._ids[name].remove(key_id)
            if not self._ids[name]:
                del self._ids[name]
            self._listing.change(self._clock.now(), record.position, None)

    def run_script(self, key_id: str, steps: Sequence[ValidationStep]) -> None:
        """Begin a validation script for a key, now, in place of any it has."""
        with self._lock:
            self._start(self._find(key_id), steps, self._clock.now())

    def _catch_up(self) -> int:
        self._scheduler.run(blocking=False)
        now, lag = self._clock.now(), self._settings.list_lag
        # Without a lag everything shows, even where the clock was set back.
        self._listing.catch_up(now - nanoseconds(lag) if lag else NEWEST[0])
        return now

    def _find(self, key_id: str) -> Record:
        self._catch_up()
        record = self._records.get(key_id)
        if record is None:
            raise UnknownKeyError(key_id)
        return record

    def _add(self, fields: Mapping[str, Any], now: int, id_length: int = 0) -> Record:
        key_id = str(fields.get("id") or self._new_id(id_length))
        if key_id in self._records:
            raise ValueError(f"there is a key {key_id} already")
        document = new_document(fields, key_id, now)
        metadata = document["metadata"]
        created = moment_of(metadata.get("created_at")) if is_object(metadata) else None
        position = (now if created is None else created, next(self._numbers))
        record = self._records[key_id] = Record(position, key_id, document)
        self._ids.setdefault(identifier(fields.get("key")), []).append(key_id)
        return record

    def _at(self, due: int, action: Callable[[int], None]) -> None:
        self._scheduler.enterabs(due, 0, action, (due,))

    def _new_id(self, length: int) -> str:
        ids = (_id_of(number).ljust(length, "0") for number in self._numbers)
        # Keys that were seeded with ids of their own may have taken one.
        return next(key_id for key_id in ids if key_id not in self._records)

    def _replace(self, record: Record, document: Document, now: int) -> None:
        if self._records.get(record.id) is record:  # What was scheduled may find it deleted.
            record.document = document
            self._listing.change(now, record.position, document)

    def _start(self, record: Record, steps: Sequence[ValidationStep], now: int) -> None:
        record.steps, record.reads = tuple(steps), 0
        if steps:
            record.due = now + nanoseconds(steps[0].seconds)
            self._at(record.due, lambda due: self._advance(record, due, due))

    def _advance(self, record: Record, due: int, now: int) -> None:
        # Another script may have begun since something was due.
        if record.steps and record.due == due <= now and record.reads >= record.steps[0].reads:
            step, *others = record.steps
            document = validated(record.document, step.phase, step.message, None, now)
            self._replace(record, document, now)
            self._start(record, others, now)


def _id_of(number: int) -> str:
    digits = (_DIGITS[number * _ID_STEP // 36**place % 36] for place in range(6))
    return f"cck-{''.join(digits)}"
