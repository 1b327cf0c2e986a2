"""What happened, as data: exchanges, calls of operations, and the tasks that jobs made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

from openapi_client._core.attempts import Delivery

from .service import Effect


@dataclass
class Exchange:
    """One request, and what the client saw of its answer."""

    who: str
    number: int
    """Of this job's requests, through all its restarts; from 1."""
    method: str
    url: str
    start: float
    fault: str | None = None
    delivery: Delivery = Delivery.ANSWERED
    status: int | None = None
    told: float | None = None
    """The seconds that the answer told the client to wait."""
    readable: bool = True
    """Whether the body can be the answer of the operation."""
    location: str | None = None
    """Where a redirect leads."""
    effects: list[Effect] = field(default_factory=list[Effect])
    """What this request changed, at whatever time."""
    end: float = inf


@dataclass
class Call:
    """One call of an operation by a job, or by what a job calls."""

    operation: str
    arguments: tuple[Any, ...]
    start: float
    budget: float
    """The seconds that it may take."""
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    result: Any = None
    error: BaseException | None = None
    end: float = inf

    @property
    def effects(self) -> list[Effect]:
        """What it changed."""
        return [effect for exchange in self.exchanges for effect in exchange.effects]


@dataclass
class Task:
    """One thing that a job was asked to do: what it was told in the end, and what that took."""

    who: str
    kind: str
    target: str
    """The identifier or the id of the key that it is about."""
    start: float
    options: dict[str, Any]
    calls: list[Call] = field(default_factory=list[Call])
    result: Any = None
    error: BaseException | None = None
    end: float = inf

    @property
    def exchanges(self) -> list[Exchange]:
        """All its requests."""
        return [exchange for call in self.calls for exchange in call.exchanges]

    @property
    def effects(self) -> list[Effect]:
        """What it changed."""
        return [effect for call in self.calls for effect in call.effects]
