"""Faults on order: wrong statuses, delays, dropped connections."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ._errors import standard
from ._message import Reply

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
        probability: the chance that it strikes a request it applies to.
        method: the method it applies to; None for any.
        path: the path it applies to, as sent or as a template like `/byok/v1/keys/{id}`; None for
            any.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    drop: bool = False
    delay: float = 0.0
    when: When = "before"
    times: int | None = 1
    probability: float = 1.0
    method: str | None = None
    path: str | None = None

    def __post_init__(self) -> None:
        if self.when not in ("before", "after"):
            raise ValueError(f"when is 'before' or 'after', not {self.when!r}")
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError(f"a status is 200 to 599, not {self.status!r}")

    def cancel(self) -> None:
        """Strike no more."""
        self.times = 0

    @property
    def strikes_answer(self) -> bool:
        """Whether the client does not get the true answer, rather than getting it late."""
        return self.drop or self.status is not None

    def applies_to(self, method: str, path: str, template: str | None) -> bool:
        """Whether the fault is meant for such a request, and is not used up."""
        return (
            self.times != 0
            and (self.method is None or self.method.upper() == method)
            and (self.path is None or self.path in (path, template))
        )

    def reply(self, answer: Reply | None) -> Reply | None:
        """What the client gets in place of `answer`; None for a dropped connection."""
        if self.drop:
            return None
        if self.status is None:
            return answer
        reply = _reply(self.status, self.body)
        reply.replace_headers(self.headers)
        return reply


def _reply(status: int, body: Any) -> Reply:
    if isinstance(body, bytes):
        return Reply(status, body=body)
    if isinstance(body, str):
        return Reply(status, body=body.encode())
    if body is not None:
        encoded = json.dumps(body).encode()
        return Reply(status, body=encoded, headers={"Content-Type": "application/json"})
    if status < 400 or status == 429:
        return Reply(status)
    problem = standard(status)
    return Reply(status, problem.document(), dict(problem.headers))


class Faults:
    """The faults on order, first come first served; at most one strikes a request."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self._random = random.Random(seed)
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Order a fault."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, method: str, path: str, template: str | None) -> Fault | None:
        """The fault that strikes this request, counted down, or None."""
        if not self._faults:
            return None
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.times != 0]
            for fault in self._faults:
                if fault.applies_to(method, path, template) and self._strikes(fault):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
            return None

    def clear(self) -> None:
        """Drop all orders, and begin the same sequence of chances again."""
        with self._lock:
            self._faults = []
            self._random = random.Random(self._seed)

    def _strikes(self, fault: Fault) -> bool:
        return fault.probability >= 1 or self._random.random() < fault.probability
