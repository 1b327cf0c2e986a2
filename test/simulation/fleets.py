"""Fleets: many jobs that start at the same moment and share one limit, under several policies.

``python -m simulation.fleets ../docs/data/fleets.json`` writes the data for the documentation.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from math import ceil
from pathlib import Path
from random import Random, getstate, seed, setstate
from typing import Any

from openapi_client import ApiClient, ApiException, Configuration, KeysByokV1Api

from .network import HOST, Answer
from .service import Climate, Reply, Service
from .turns import Turns

_LIMIT, _WINDOW = 5, 2.0
"""Requests in so many seconds, for all jobs together."""
_ROUND_TRIP = 0.1
_ONE_WAY = 0.03, 0.07
"""Seconds, from and to."""
_DEADLINE = 120.0
_SIZES = (1, 3, 10, 40, 100, 300, 1_000, 3_000, 10_000)
_PATIENCE = {300: 300.0, 1_000: 600.0}
"""By the size of a fleet, a deadline within which all of it can be done."""
_MOST_STEPS = 100_000_000
_STACK = 512 * 1024
"""Bytes: ten thousand threads with the usual stack would not fit."""


@dataclass(frozen=True)
class Fleet:
    """What came of one fleet."""

    policy: str
    jobs: int
    deadline: float
    done: int
    seconds: float
    """Until the last job was done or gave up."""
    least: float
    """The seconds that it takes where the limit is used up all the time."""
    requests: int
    load: list[int]
    """How many requests came in each second."""


class _World:
    """One service, and the way to it: a tenth of a second, there and back."""

    def __init__(self) -> None:
        self.turns = Turns(most_steps=_MOST_STEPS)
        self.load = Counter[int]()
        self._service = Service(Climate(limit=_LIMIT, window=_WINDOW), Random(0))
        self._travel = Random(0)

    def ask(self, method: str, url: str, body: bytes | None) -> Reply:
        self.load[int(self.turns.now)] += 1
        self.turns.sleep(self._travel.uniform(*_ONE_WAY))
        reply, _ = self._service.answer(method, url, body, self.turns.now)
        self.turns.sleep(self._travel.uniform(*_ONE_WAY))
        return reply

    # The clock and the transport of a client.

    def monotonic(self) -> float:
        return self.turns.now

    def sleep(self, seconds: float) -> None:
        self.turns.sleep(seconds)

    def request(self, method: str, url: str, body: Any = None, **rest: Any) -> Answer:
        reply = self.ask(method, url, body)
        return Answer(reply, lambda: reply.body)


Policy = Callable[[_World, int, float], bool]
"""Registers a key with a number within so many seconds; whether that succeeded."""


def ours(world: _World, number: int, deadline: float) -> bool:
    """This library, as it comes."""
    client = ApiClient(Configuration(host=HOST, username="k", password="s", deadline=deadline))
    client.clock = world
    client.rest_client = world
    try:
        KeysByokV1Api(client).create_byok_v1_key(_registration(number))
    except ApiException:
        return False
    return True


def _looping(waits: Callable[[int, Reply], float | None]) -> Policy:
    def policy(world: _World, number: int, deadline: float) -> bool:
        body, end = json.dumps(_registration(number)).encode(), world.turns.now + deadline
        attempt = 0
        while True:
            reply = world.ask("POST", f"{HOST}/byok/v1/keys", body)
            if reply.status == 201:
                return True
            wait = waits(attempt, reply)
            if wait is None or world.turns.now + wait > end:
                return False
            world.turns.sleep(wait)
            attempt += 1

    return policy


def _terraform(attempt: int, reply: Reply) -> float | None:
    return min(30.0, 2.0**attempt) if attempt < 4 else None


def _terraform_told(attempt: int, reply: Reply) -> float | None:
    wait = _terraform(attempt, reply)
    return wait if wait is None else reply.told or wait


def _naive(attempt: int, reply: Reply) -> float | None:
    return 1.0 if attempt < 4 else None


POLICIES: dict[str, Policy] = {
    "ours": ours,
    "Terraform": _looping(_terraform),
    "Terraform, where it honours Retry-After": _looping(_terraform_told),
    "naive: five attempts, a second apart": _looping(_naive),
}


def sail(policy: str, jobs: int, deadline: float = _DEADLINE, draw: int = 0) -> Fleet:
    """Let a fleet of jobs, each of which registers one key, start at the same moment."""
    world, done = _World(), list[bool]()
    before, stack = getstate(), threading.stack_size(_STACK)
    seed(draw)  # The jitter.

    def work(number: int) -> None:
        done.append(POLICIES[policy](world, number, deadline))

    try:
        for number in range(jobs):
            world.turns.start(0, partial(work, number))
        world.turns.run()
    finally:
        setstate(before)
        threading.stack_size(stack)
    least = (ceil(jobs / _LIMIT) - 1) * _WINDOW + _ROUND_TRIP
    load = [world.load[second] for second in range(max(world.load) + 1)]
    return Fleet(policy, jobs, deadline, sum(done), world.turns.now, least, sum(load), load)


def _registration(number: int) -> dict[str, Any]:
    arn = f"arn:aws:kms:eu-west-1:111122223333:key/{number}"
    return {"key": {"kind": "AwsKey", "key_arn": arn}}


def main() -> None:
    """Write the data."""
    parser = argparse.ArgumentParser(prog="simulation.fleets", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--largest", type=int, default=max(_SIZES), help="jobs in the last fleet")
    options = parser.parse_args()
    sizes = [size for size in _SIZES if size <= options.largest]
    fleets = [asdict(sail(policy, size)) for policy in POLICIES for size in sizes]
    patient = [(size, _PATIENCE[size]) for size in sizes if size in _PATIENCE]
    fleets += [asdict(sail("ours", size, deadline)) for size, deadline in patient]
    data = {"limit": _LIMIT, "window": _WINDOW, "fleets": fleets}
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(json.dumps(data) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
