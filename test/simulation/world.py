"""One world: a service, a network and some jobs, all of it drawn from one seed."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from openapi_client import ApiException

from . import checks, jobs, lines, table
from .jobs import Job
from .lines import Habits
from .network import ARN, FAULTS, HOST, LOOPBACK, Answer, Fault, Passage, in_short, undisturbed
from .records import Call, Exchange, Task
from .service import Climate, Key, Reply, Service
from .turns import Turns

Spared = frozenset[str | tuple[str, int]]
"""What is left out of a world: jobs by name, faults by the job and the number of its request."""
DIES_WAITING = "dies while it waits"
_ABOUT_AN_IDENTIFIER = (jobs.ensure, jobs.ensure_and_wait, jobs.find, jobs.wrapper)
_ABOUT_A_KEY = (
    jobs.wait,
    jobs.wait_for_many,
    jobs.rename,
    jobs.delete,
    jobs.delete_when_available,
    jobs.iterate,
)


@dataclass
class Ending:
    """What came of a world."""

    seed: int
    broken: list[checks.Broken] = field(default_factory=list[checks.Broken])
    story: list[str] = field(default_factory=list[str])
    struck: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """The faults that came to pass."""
    jobs: list[str] = field(default_factory=list[str])
    """All that were drawn."""
    lived: int = 0
    """How many of them were not left out."""
    met: Counter[str] = field(default_factory=Counter[str])
    """How often each fault, line of the table and kind of ending was met."""
    hours: float = 0.0
    """Simulated."""


class World:
    """A world from its beginning to its end."""

    def __init__(self, seed: int, *, spare: Spared = frozenset(), telling: bool = False) -> None:
        chance = Random(seed)
        self.turns = Turns()
        self.ending = Ending(seed)
        self.habits = Habits.drawn(chance) if chance.random() < 0.15 else None
        """Those of the connections, where the client's own transport is at work."""
        self.host = HOST if self.habits is None else LOOPBACK
        self.connecting: Job | None = None
        self.service = Service(Climate.drawn(chance), Random(chance.random()))
        self.first_keys = chance.choice([2, 2, 5])
        """How many keys are there from the beginning."""
        self._spare = spare
        self._telling = telling
        self._rate = chance.choice([0.0, 0.05, 0.15, 0.4])
        # Few kinds at once go deeper than all of them: each has its time.
        kinds = sorted(FAULTS)
        self._kinds = chance.sample(kinds, chance.choice([1, 4, 12, len(kinds)]))
        self._jobs = self._drawn_jobs(chance)
        self.ending.jobs = [job.name for job in self._jobs]

    def run(self) -> Ending:
        """Run it to its end."""
        before, logger = random.getstate(), logging.getLogger("openapi_client")
        logger.disabled = True
        random.seed(self.ending.seed)  # The jitter of the client.
        try:
            self._begin()
            if self.habits is None:
                self.turns.run()
            else:
                with lines.connected(self._connecting, self.habits, Random(self.ending.seed)):
                    self.turns.run()
        finally:
            random.setstate(before)
            logger.disabled = False
        self._end()
        return self.ending

    def tell(self, who: str, text: str) -> None:
        """Add a line to the story, if anybody listens."""
        if self._telling:
            self.ending.story.append(f"{self.turns.now:9.2f} s  {who:<10} {text}")

    def _connecting(self) -> Job:
        assert self.connecting is not None
        return self.connecting

    # --- what jobs call ---

    def exchange_begins(
        self, task: Task, seen: Exchange, headers: dict[str, str], body: object
    ) -> None:
        """Check a request before it goes anywhere."""
        self.note(seen.who, checks.exchange_begins(task, seen, headers, body, self.host))

    def call_ended(self, job: Job, call: Call) -> None:
        """Check what a call did and told."""
        for seen in call.exchanges:
            self.ending.met[f"{seen.method}: {table.line_of(seen).what}"] += 1
        self.note(job.name, checks.call_ended(call, job.policy))

    def task_ended(self, task: Task) -> None:
        """Check what a task told, and whether it is true."""
        what = "done" if task.error is None else type(task.error).__name__
        self.ending.met[f"{task.kind}: {what}"] += 1
        self.note(task.who, checks.task_ended(task, self.service))

    def carry(self, job: Job, seen: Exchange, body: bytes | None, limits: Any) -> Answer:
        """Carry a request to the service and its answer back, through whatever happens."""
        chance = Random(f"{self.ending.seed}/{job.name}/{seen.number}")
        task = job.tasks[-1]
        passage = Passage(
            exchange=seen,
            limits=limits,
            chance=chance,
            sleep=self.turns.sleep,
            later=lambda delay, act: self.turns.at(self.turns.now + delay, act),
            deliver=lambda: self.deliver(task, seen, seen.method, seen.url, body),
        )
        fault = self._fault(seen, chance)
        told = f"asks: {seen.method} {in_short(seen.url)}"
        self.tell(job.name, told + (f"   ({seen.fault})" if seen.fault else ""))
        try:
            answer = fault(passage)
        except ApiException as failure:
            self.tell(job.name, f"is told: {failure.reason}")
            raise
        finally:
            seen.end = self.turns.now
        wait = "" if seen.told is None else f", wait {seen.told:g} s"
        self.tell(job.name, f"is told: {answer.status}{wait}")
        return answer

    def survives(self, job: Job, number: int) -> bool:
        """Whether a job outlives the wait with a number."""
        struck = (job.name, -number)
        if Random(f"{self.ending.seed}/{job.name}/{struck[1]}").random() >= self._rate / 20:
            return True
        if struck in self._spare:
            return True
        self.ending.met[f"fault: {DIES_WAITING}"] += 1
        self.ending.struck.append(struck)
        return False

    def deliver(
        self, task: Task, seen: Exchange, method: str, url: str, body: bytes | None
    ) -> Reply:
        """Bring a request to the service."""
        reply, effect = self.service.answer(method, url, body, self.turns.now)
        if effect:
            seen.effects.append(effect)
            self.tell("service", f"{effect.key.id} is {effect.kind}: {_as_text(effect.key)}")
            self.note(seen.who, checks.effect_was_asked_for(task, effect))
        return reply

    def note(self, who: str, broken: Iterable[checks.Broken]) -> None:
        """Note what was broken, if anything was."""
        for invariant, how in broken:
            self.tell(who, f"BROKEN: {invariant}: {how}")
            self.ending.broken.append((invariant, f"{who}: {how}"))

    # --- its inside ---

    def _fault(self, seen: Exchange, chance: Random) -> Fault:
        struck = (seen.who, seen.number)
        # There are few writes, and they matter most.
        rate = self._rate if seen.method == "GET" else min(0.8, 3 * self._rate)
        if chance.random() >= rate or struck in self._spare:
            return undisturbed
        seen.fault = chance.choice(self._kinds)
        self.ending.met[f"fault: {seen.fault}"] += 1
        self.ending.struck.append(struck)
        return FAULTS[seen.fault]

    def _drawn_jobs(self, chance: Random) -> list[Job]:
        identifiers = [f"{ARN}key/{n}" for n in range(2)]
        ids = ["cck-00000", "cck-00001"]
        number = chance.choice([1, 2, 3, 5])
        drawn: list[Job] = []
        for n in range(number):
            about_a_key = chance.random() < 0.5
            script = chance.choice(_ABOUT_A_KEY if about_a_key else _ABOUT_AN_IDENTIFIER)
            target = chance.choice(ids if about_a_key else identifiers)
            # Two at once, now and then.
            for twin in range(chance.choice([1, 1, 2])):
                name = f"job-{n}{'ab'[twin]}"
                own = Random(f"{self.ending.seed}/{name}")
                drawn.append(Job(self, name, _scripted(script, target), own))
        return drawn

    def _begin(self) -> None:
        # Of these identifiers somebody may want the first.
        for number in (1, 7, 8, 9, 10)[: self.first_keys]:
            key = self.service.add(f"{ARN}key/{number}", 0.0)
            self.tell("service", f"holds {key.id}: {_as_text(key)}")
        self.tell("service", self.service.climate.as_text())
        for job in self._jobs:
            if job.name not in self._spare:
                self.ending.lived += 1
                first = Random(f"{self.ending.seed}/{job.name}/start")
                self.turns.start(first.choice([0.0, 0.0, first.uniform(0, 200)]), job.run)

    def _end(self) -> None:
        tasks = [task for job in self._jobs for task in job.tasks]
        self.note("the end", checks.world_ended(tasks))
        for excuse, broken in checks.registered_again(tasks, self.service):
            if broken:
                self.note("the end", [broken])
            else:
                self.ending.met[excuse] += 1
        self.ending.hours = self.turns.now / 3600


def _scripted(script: Callable[[Job, str], Any], target: str) -> Callable[[Job], None]:
    return partial(lambda script, target, job: script(job, target), script, target)


def _as_text(key: Key) -> str:
    phases = ", ".join(f"{phase} at {start:.0f} s" for start, phase in key.phases)
    return f"{key.identifier[-5:]}, listed from {key.listed_from:.1f} s; {phases}"
