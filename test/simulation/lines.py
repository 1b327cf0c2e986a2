"""Connections in memory, for worlds in which the client's own transport is at work.

What the jobs' sockets do is theirs in real time, and takes its time on the clock of the world.
A server closes a connection that is idle for too long, with notice or without, and that news
takes its time; a gateway on the way forgets one, and nobody learns of it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import inf
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

from typing_extensions import Buffer

from openapi_client import ApiException
from openapi_client.rest import RESTClientObject, RESTResponse

from .network import in_short
from .records import Exchange
from .service import Reply

if TYPE_CHECKING:
    from .jobs import Job

_MAX_IDLE_FOR_POST = 2.0
_NEWS = 0.2
"""Seconds that the news of a closed connection takes."""
REFUSED, CLOSED, FORGOTTEN, LOST = (
    "connection refused, really",
    "closed while idle",
    "forgotten while idle",
    "lost after, really",
)
"""What happens to such connections."""


@dataclass(frozen=True)
class Habits:
    """How long an idle connection lives; drawn once for each world."""

    closes_after: float
    announces: bool
    """Whether the server says so, in ``Keep-Alive``."""
    forgotten_after: float
    refused: float
    """The share of connections that are refused."""
    lost: float
    """The share of answers that are lost, and the connection with them."""

    @classmethod
    def drawn(cls, chance: Random) -> Habits:
        """One of many."""
        return cls(
            closes_after=chance.choice([0.7, 1.5, 5.0, 60.0]),
            announces=chance.random() < 0.5,
            forgotten_after=chance.choice([inf, 3.0, 30.0]),
            refused=chance.choice([0.0, 0.1]),
            lost=chance.choice([0.0, 0.2]),
        )

    @property
    def announced(self) -> int | None:
        """The whole seconds that the server announces, if it does."""
        seconds = int(self.closes_after)
        return seconds if self.announces and seconds else None


class Transport(RESTClientObject):
    """The client's own transport, whose exchanges are noted."""

    job: Job

    def request(self, method: str, url: str, *args: Any, **parts: Any) -> RESTResponse:
        """Send one request, over a socket in memory."""
        job = self.job
        seen = job.begin(method, url, parts.get("headers") or {}, parts.get("body"))
        job.world.connecting = job
        job.sending = seen
        job.tell(f"asks: {method} {in_short(url)}")
        try:
            answer = super().request(method, url, *args, **parts)
        except ApiException as failure:
            seen.delivery = failure.delivery
            job.tell(f"is told: {failure.reason}")
            raise
        finally:
            seen.end = job.world.turns.now
        seen.status = answer.status
        job.tell(f"is told: {answer.status}")
        return answer


class Line(socket.socket):
    """The client's end of a connection; the other end is played by the world."""

    def __init__(self, job: Job, habits: Habits, chance: Random) -> None:
        near, self._far = socket.socketpair()
        super().__init__(fileno=near.detach())
        self._job, self._habits, self._chance = job, habits, chance
        self._request = b""
        self._idle_since: float | None = None
        self._ends = inf
        """When the server closes it, unless a request comes before."""

    def sendall(self, data: Buffer, flags: int = 0, /) -> None:
        """Take a part of a request."""
        if not self._request:
            self._check_idleness(bytes(data)[:4] == b"POST")
        self._request += bytes(data)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """What of an answer is there, once the request has been answered."""
        if self._request:
            request, self._request = self._request, b""
            self._exchange(request)
        return super().recv_into(buffer, nbytes, flags)

    def close(self) -> None:
        """End both ends."""
        self._far.close()
        super().close()

    @property
    def _idle(self) -> float:
        now = self._job.world.turns.now
        return 0.0 if self._idle_since is None else now - self._idle_since

    def _check_idleness(self, is_post: bool) -> None:
        announced = self._habits.announced
        longest = _MAX_IDLE_FOR_POST
        if announced is not None:
            longest = min(longest, announced - min(1.0, announced / 2))
        if is_post and self._idle > longest + 1e-6:
            how = f"idle for {self._idle:.2f} s, {longest:g} s are allowed"
            self._job.world.note(self._job.name, [("a POST goes out on a live connection", how)])

    def _exchange(self, request: bytes) -> None:
        world, met = self._job.world, self._job.world.ending.met
        travel = self._chance.uniform(0.005, 0.2)
        if self._idle > self._habits.forgotten_after:
            met[f"fault: {FORGOTTEN}"] += 1
            world.turns.sleep(self.gettimeout() or 0.0)
            raise TimeoutError("timed out")
        if world.turns.now + travel > self._ends:
            met[f"fault: {CLOSED}"] += 1
            world.turns.sleep(max(self._ends + _NEWS - world.turns.now, travel))
            return  # By now the other end is closed.
        self._ends = inf
        patience = self.gettimeout()
        patience = inf if patience is None else patience
        self._travel(travel, patience)
        reply = world.deliver(self._job.tasks[-1], self._sending, *_parsed(request))
        self._travel(travel, patience - travel)
        if self._chance.random() < self._habits.lost:
            met[f"fault: {LOST}"] += 1
            self._far.close()
            return
        self._sending.told = reply.told
        self._far.sendall(self._head(reply) + reply.body)
        self._idle_since = world.turns.now
        self._ends = self._idle_since + self._habits.closes_after
        world.turns.at(self._ends + _NEWS, partial(self._hear_of_end, self._ends))

    def _travel(self, seconds: float, patience: float) -> None:
        self._job.world.turns.sleep(min(seconds, max(patience, 0.0)))
        if seconds > patience:
            raise TimeoutError("timed out")

    @property
    def _sending(self) -> Exchange:
        sending = self._job.sending
        assert sending is not None
        return sending

    def _head(self, reply: Reply) -> bytes:
        fields = {**reply.headers, "Content-Type": "application/json"}
        if reply.status != 204:
            fields["Content-Length"] = str(len(reply.body))
        if self._habits.announced is not None:
            fields["Keep-Alive"] = f"timeout={self._habits.announced}"
        lines = [f"{name}: {value}\r\n" for name, value in fields.items()]
        return f"HTTP/1.1 {reply.status} \r\n{''.join(lines)}\r\n".encode()

    def _hear_of_end(self, end: float) -> None:
        if self._ends == end:  # No request came before it.
            self._far.close()


def _parsed(request: bytes) -> tuple[str, str, bytes | None]:
    """Method, path and body."""
    head, _, body = request.partition(b"\r\n\r\n")
    method, path, _ = head.decode().split(" ", 2)
    return method, path, body or None


@contextmanager
def connected(job: Callable[[], Job], habits: Habits, chance: Random) -> Iterator[None]:
    """Let all connections that are made be lines to the service of a world."""

    def connect(address: object, *args: object, **options: object) -> Line:
        asking = job()
        asking.world.turns.sleep(chance.uniform(0.01, 0.1))
        if chance.random() < habits.refused:
            asking.world.ending.met[f"fault: {REFUSED}"] += 1
            raise ConnectionRefusedError("refused")
        return Line(asking, habits, chance)

    with mock.patch("urllib3.util.connection.create_connection", connect):
        yield
