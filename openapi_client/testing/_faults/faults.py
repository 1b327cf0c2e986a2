"""Faults: wrong statuses, delays, dropped connections."""

import json
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .._http.message import Problem, Reply, error, merged
from .._store.checks import is_count, is_duration, require

When = Literal["before", "after"]


@dataclass(eq=False)
class Fault:
    """Something that goes wrong with the next requests that it applies to.

    Attributes:
        status: the status to answer with; None for the true answer.
        headers: further headers of that answer, or in place of its own.
        body: its body: bytes or text as they are, anything else as JSON, None for the error body
            of the status (429: no body).
        drop: whether the connection is closed instead of answering.
        delay: seconds to wait before the answer.
        when: whether it strikes `before` the request's work, which is then not done (a mere delay
            only puts it off), or `after` it.
        times: how many more requests it strikes; None for all until it is cancelled.
        every: it strikes the last of each so many requests it applies to; 1 for all of them.
        probability: the chance that it strikes a request it applies to.
        method: the method it applies to; None for any.
        path: the path it applies to, as sent or as a template like `/byok/v1/keys/{id}`; None for
            any.

    Raises:
        ValueError: for a value that is none of these.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    drop: bool = False
    delay: float = 0.0
    when: When = "before"
    times: int | None = 1
    every: int = 1
    probability: float = 1.0
    method: str | None = None
    path: str | None = None
    _passed: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        status, times, chance = self.status, self.times, self.probability
        is_status = status is None or (is_count(status, 200) and status <= 599)
        require(is_status, "status", "a whole number of 200 to 599", status)
        require(is_duration(self.delay), "delay", "seconds from 0 up", self.delay)
        require(self.when in ("before", "after"), "when", "'before' or 'after'", self.when)
        require(times is None or is_count(times), "times", "a whole number, or None", times)
        require(is_count(self.every, 1), "every", "a whole number from 1 up", self.every)
        is_chance = is_duration(chance) and chance <= 1
        require(is_chance, "probability", "a number of 0 to 1", chance)

    def cancel(self) -> None:
        """Let all further requests pass."""
        self.times = 0

    @property
    def is_mere_delay(self) -> bool:
        """Whether the client gets the true answer, only later."""
        return self.status is None and not self.drop

    def strikes(self, method: str, path: str, template: str, chance: random.Random) -> bool:
        """Whether the fault strikes such a request; if so, it is counted down."""
        if (self.method or method).upper() != method or (self.path or path) not in (path, template):
            return False
        self._passed += 1
        struck = self._passed % self.every == 0
        struck = struck and (self.probability >= 1 or chance.random() < self.probability)
        if struck and self.times is not None:
            self.times -= 1
        return struck

    def reply(self) -> Reply | None:
        """What the client gets in place of the true answer; None for a dropped connection."""
        status, body, headers, document = self.status, self.body, dict[str, str](), None
        if self.drop or status is None:
            return None
        if isinstance(body, str):
            body = body.encode()
        elif body is None and status >= 400 and status != 429:
            document = Problem(status, error(status)).reply().document
        elif body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        return Reply(status, document, merged(headers, self.headers), body or b"")


class Faults:
    """The faults put in, first come first served; at most one strikes a request."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._chance = random.Random(seed)

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, method: str, path: str, template: str) -> Fault | None:
        """The fault that strikes this request, counted down, or None."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.times != 0]
            strikes = (f for f in self._faults if f.strikes(method, path, template, self._chance))
            return next(strikes, None)
