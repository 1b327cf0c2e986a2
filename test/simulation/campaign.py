"""Many seeds, by several processes, and what was met on the way."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .lines import CLOSED, FORGOTTEN, LOST, REFUSED
from .network import FAULTS
from .table import LINES
from .world import DIES_WAITING, World

_SHARE = 250
"""Seeds that a process takes at a time."""
_METHODS = ("GET", "PATCH", "DELETE", "POST")


@dataclass
class Campaign:
    """What came of many seeds."""

    seeds: int = 0
    hours: float = 0.0
    """Simulated."""
    seconds: float = 0.0
    """Spent."""
    met: Counter[str] = field(default_factory=Counter[str])
    broken: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """The seeds that broke an invariant, by its name."""

    def add(self, other: Campaign) -> None:
        """Take in what another process found."""
        self.seeds += other.seeds
        self.hours += other.hours
        self.met.update(other.met)
        for name, seeds in other.broken.items():
            self.broken.setdefault(name, []).extend(seeds)


def run(seeds: Iterable[int]) -> Campaign:
    """Run some seeds here."""
    found = Campaign()
    for seed in seeds:
        ending = World(seed).run()
        found.seeds += 1
        found.hours += ending.hours
        found.met.update(ending.met)
        for name in dict(ending.broken):
            found.broken.setdefault(name, []).append(seed)
    return found


def run_many(seeds: Sequence[int], processes: int) -> Campaign:
    """Run many seeds by several processes."""
    start, found = time.perf_counter(), Campaign()
    shares = [seeds[at : at + _SHARE] for at in range(0, len(seeds), _SHARE)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for part in pool.imap(run, shares):
            found.add(part)
    found.seconds = time.perf_counter() - start
    return found


def never_met(met: Counter[str]) -> list[str]:
    """The faults and the lines of the table that no seed came to."""
    others = [REFUSED, CLOSED, FORGOTTEN, LOST, DIES_WAITING]
    faults = [f"fault: {name}" for name in [*FAULTS, *others]]
    lines = [f"{method}: {line.what}" for line in LINES for method in _METHODS]
    return [name for name in [*faults, *lines] if not met[name]]


def report(campaign: Campaign) -> str:
    """What was met how often, what was not, and what broke."""
    rows = [f"{count:>10,}  {name}" for name, count in sorted(campaign.met.items())]
    missing = [f"     never  {name}" for name in never_met(campaign.met)]
    broken = [
        f"    BROKEN  {name}: {len(seeds)} seeds, the first {sorted(seeds)[:5]}"
        for name, seeds in sorted(campaign.broken.items())
    ]
    head = f"{campaign.seeds:,} seeds, {campaign.hours:,.0f} hours in {campaign.seconds:,.0f} s"
    return "\n".join([head, *rows, *missing, *broken])
