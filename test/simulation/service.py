"""The service: its keys, its lists that lag, its limits. It knows nothing of the network."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from math import inf
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

_EPOCH = 1_700_000_000
_DAY = 86_400.0
_KEYS = "/byok/v1/keys"


@dataclass
class Climate:
    """How a service behaves; drawn once for each world."""

    lag: float = 0.0
    """The longest time, in seconds, until a list shows what was written."""
    duplicates: str = "refused with Location"
    """Or ``refused``, or ``allowed``."""
    absent: int = 404
    """The status for what is not there: 404 or 403."""
    quota: int | None = None
    limit: int | None = None
    """Requests that the organisation may make in each ``window``."""
    window: float = 2.0
    says_when: str = "Retry-After"
    """What a refusal for the rate names: that, ``X-RateLimit-Reset``, or nothing."""
    page: int = 100
    unsteady: bool = False
    """Whether keys become invalid, and valid again, and are used by clusters."""

    @classmethod
    def drawn(cls, chance: Random) -> Climate:
        """One of many, mostly mild."""
        return cls(
            lag=chance.choice([0.0, 0.0, 5.0, 30.0, 90.0]),
            duplicates=chance.choice(["refused with Location", "refused", "allowed"]),
            absent=chance.choice([404, 404, 403]),
            quota=chance.choice([None, None, None, None, 2]),
            limit=chance.choice([None, None, 2, 5]),
            window=chance.choice([1.0, 2.0, 10.0]),
            says_when=chance.choice(["Retry-After", "X-RateLimit-Reset", "nothing"]),
            page=chance.choice([100, 100, 1]),
            unsteady=chance.random() < 0.6,
        )

    def as_text(self) -> str:
        """What a person would say of it."""
        said = [f"duplicates are {self.duplicates}", f"what is absent gets {self.absent}"]
        if self.lag:
            said.append(f"lists lag by up to {self.lag:g} s")
        if self.quota is not None:
            said.append(f"{self.quota} keys are the quota")
        if self.limit is not None:
            rate = f"{self.limit} requests in {self.window:g} s"
            said.append(f"{rate} are the limit, refused with {self.says_when}")
        return "; ".join(said)


@dataclass
class Key:
    """A key, and all that ever becomes of it."""

    number: int
    identifier: str
    name: str | None
    created: float
    listed_from: float
    phases: list[tuple[float, str]]
    """Since when it has which phase of validation."""
    used: tuple[float, float]
    """From when to when a cluster uses it."""
    deleted: float = inf
    listed_until: float = inf
    names: list[str | None] = field(default_factory=list[str | None])
    """All it ever had."""

    @property
    def id(self) -> str:
        """As the service writes it."""
        return f"cck-{self.number:05}"

    def is_readable(self, since: float, until: float) -> bool:
        """Whether it was, at some moment of a time."""
        return self.created <= until and self.deleted > since

    def is_listed(self, now: float) -> bool:
        """Whether a list shows it."""
        return self.listed_from <= now < self.listed_until

    def is_used(self, now: float) -> bool:
        """Whether a cluster uses it."""
        return self.used[0] <= now < self.used[1]

    def phase(self, now: float) -> str:
        """The phase of its validation."""
        return self.phases[bisect_right(self.phases, (now, "~")) - 1][1]

    def phases_in(self, since: float, until: float) -> set[str]:
        """The phases that it had at some moment of a time."""
        begun = {phase for start, phase in self.phases if since <= start <= until}
        return begun | ({self.phase(since)} if since >= self.created else set())


@dataclass
class Reply:
    """An answer of the service, before the network does anything to it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    told: float | None = None
    """The seconds that it tells the client to wait."""


@dataclass(frozen=True)
class Effect:
    """What a request changed."""

    kind: str
    """``registered``, ``renamed`` or ``deleted``."""
    key: Key
    at: float


class Service:
    """The state, and the answer to each request.

    All that chance decides is drawn when a key is registered, so that what becomes of it can be
    asked for any moment.
    """

    def __init__(self, climate: Climate, chance: Random) -> None:
        self.climate = climate
        self.keys: list[Key] = []
        self._chance = chance
        self._window = -1.0
        self._served = 0

    def answer(
        self, method: str, url: str, body: bytes | None, now: float
    ) -> tuple[Reply, Effect | None]:
        """The answer to a request, and what it changed."""
        refusal = self._refusal_for_rate(now)
        if refusal:
            return refusal, None
        parts = urlsplit(url)
        content = json.loads(body) if body else {}
        if parts.path == _KEYS:
            if method == "POST":
                return self._register(content, now)
            return self._list(parse_qs(parts.query), now), None
        key = self.by_id(parts.path.rpartition("/")[2])
        if key is None or key.deleted <= now:
            return self._error(self.climate.absent, "not found"), None
        return self._on_key(method, key, content, now)

    def add(self, identifier: str, now: float, name: str | None = None) -> Key:
        """Register a key, whoever wants it."""
        draw = self._chance
        key = Key(
            number=len(self.keys),
            identifier=identifier,
            name=name,
            created=now,
            listed_from=now + draw.uniform(0, self.climate.lag),
            phases=_phases(now, draw, unsteady=self.climate.unsteady),
            used=_use(now, draw) if self.climate.unsteady else (inf, inf),
            names=[name],
        )
        self.keys.append(key)
        return key

    def by_id(self, id: str) -> Key | None:
        """The key with an id, deleted or not."""
        return next((key for key in self.keys if key.id == id), None)

    def of(self, identifier: str) -> list[Key]:
        """All keys that were ever registered for an identifier."""
        return [key for key in self.keys if key.identifier == identifier]

    def _refusal_for_rate(self, now: float) -> Reply | None:
        climate = self.climate
        if climate.limit is None:
            return None
        window = now // climate.window
        if window != self._window:
            self._window, self._served = window, 0
        if self._served < climate.limit:
            self._served += 1
            return None
        left = float(int((window + 1) * climate.window - now) + 1)
        if climate.says_when == "nothing":
            return Reply(429)
        return Reply(429, headers={climate.says_when: f"{left:.0f}"}, told=left)

    def _register(self, content: Any, now: float) -> tuple[Reply, Effect | None]:
        identifier = content["key"]["key_arn"]
        there = [key for key in self.of(identifier) if key.is_readable(now, now)]
        if there and self.climate.duplicates != "allowed":
            reply = self._error(409, "this key is registered already")
            if self.climate.duplicates == "refused with Location":
                reply.headers["Location"] = f"{_KEYS}/{there[0].id}"
            return reply, None
        quota = self.climate.quota
        if quota is not None and sum(key.deleted > now for key in self.keys) >= quota:
            return self._error(402, "the quota of keys is used up"), None
        key = self.add(identifier, now, content.get("display_name"))
        location = {"Location": f"{_KEYS}/{key.id}"}
        return self._document(201, _as_json(key, now), location), Effect("registered", key, now)

    def _on_key(
        self, method: str, key: Key, content: Any, now: float
    ) -> tuple[Reply, Effect | None]:
        if method == "GET":
            return self._document(200, _as_json(key, now)), None
        if method == "PATCH":
            key.name = content.get("display_name", key.name)
            key.names.append(key.name)
            return self._document(200, _as_json(key, now)), Effect("renamed", key, now)
        if key.is_used(now):
            return self._error(409, "a cluster uses this key"), None
        key.deleted = now
        key.listed_until = max(now, key.listed_from) + self._chance.uniform(0, self.climate.lag)
        return Reply(204), Effect("deleted", key, now)

    def _list(self, query: dict[str, list[str]], now: float) -> Reply:
        part = query.get("key", [""])[0]
        before = int(query.get("page_token", [str(len(self.keys))])[0])
        size = min(int(query.get("page_size", ["10"])[0]), self.climate.page)
        found = [
            key
            for key in reversed(self.keys)
            if key.number < before and part in key.identifier and key.is_listed(now)
        ]
        metadata: dict[str, Any] = {"total_size": len(found)}
        if len(found) > size:
            metadata["next"] = f"{_KEYS}?page_token={found[size - 1].number}"
        data = [_as_json(key, now) for key in found[:size]]
        document = {"api_version": "byok/v1", "kind": "KeyList", "metadata": metadata, "data": data}
        return self._document(200, document)

    def _document(self, status: int, content: Any, headers: dict[str, str] | None = None) -> Reply:
        return Reply(status, json.dumps(content).encode(), headers or {})

    def _error(self, status: int, detail: str) -> Reply:
        return self._document(status, {"errors": [{"status": str(status), "detail": detail}]})


def _phases(now: float, draw: Random, *, unsteady: bool) -> list[tuple[float, str]]:
    phases = [(now, "INITIALIZING")]
    at = now + draw.uniform(30, 360)
    if not unsteady:
        return [*phases, (at, "VALID")]
    for phase in _to_and_fro(draw.choice(["VALID", "INVALID"])):
        phases.append((at, phase))
        at += draw.choice([20.0, 200.0, 2_000.0, 20_000.0])
        if len(phases) > 6:
            break
    return phases


def _to_and_fro(phase: str) -> Iterator[str]:
    while True:
        yield phase
        phase = "INVALID" if phase == "VALID" else "VALID"


def _use(now: float, draw: Random) -> tuple[float, float]:
    begin = now + draw.choice([0.0, 60.0, 3_000.0])
    # A key stays in use for five days after its cluster was deleted.
    return begin, begin + draw.choice([30.0, 600.0, 9_000.0, 5 * _DAY])


def _as_json(key: Key, now: float) -> dict[str, Any]:
    created = datetime.fromtimestamp(_EPOCH + key.created, tz=timezone.utc).isoformat()
    document = {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": key.id,
        "metadata": {"self": f"{_KEYS}/{key.id}", "created_at": created},
        "key": {"kind": "AwsKey", "key_arn": key.identifier, "roles": []},
        "provider": "AWS",
        "state": "IN_USE" if key.is_used(now) else "AVAILABLE",
        "validation": {"phase": key.phase(now), "since": created, "message": "as drawn"},
    }
    return document if key.name is None else {**document, "display_name": key.name}
