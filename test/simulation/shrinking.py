"""From a world that broke to the smallest part of it that still breaks, and its story."""

from __future__ import annotations

import re
from collections import Counter

from .world import Ending, Spared, World

_NUMBERS = re.compile(r"[0-9.]+ s")
_ODD = "   ("
"""Stands in the lines that tell of a fault."""
_GAP = "        …"


def shrunk(seed: int, invariant: str) -> Ending:
    """The same world with the fewest jobs and faults that still break an invariant."""
    spared: Spared = frozenset()
    while True:
        ending = World(seed, spare=spared).run()
        smaller = _smaller(ending, spared, invariant)
        if smaller is None:
            return World(seed, spare=spared, telling=True).run()
        spared = smaller


def _smaller(ending: Ending, spared: Spared, invariant: str) -> Spared | None:
    """What can be left out besides; the largest parts are tried first."""
    jobs: list[str | tuple[str, int]] = [job for job in ending.jobs if job not in spared]
    faults: list[str | tuple[str, int]] = list(ending.struck)
    for parts in (jobs, faults):
        size = len(parts)
        while size:
            for start in range(0, len(parts), size):
                without = spared.union(parts[start : start + size])
                if _breaks(ending.seed, without, invariant):
                    return without
            size //= 2
    return None


def _breaks(seed: int, spared: Spared, invariant: str) -> bool:
    broken = World(seed, spare=spared).run().broken
    return any(name == invariant for name, _ in broken)


def story_of(seed: int, invariant: str) -> str:
    """What a person has to read to understand how a world broke an invariant."""
    ending = shrunk(seed, invariant)
    how = next(how for name, how in ending.broken if name == invariant)
    ends = (n for n, line in enumerate(ending.story, 1) if f"BROKEN: {invariant}" in line)
    story = _abridged(ending.story[: next(ends)])
    head = f"Seed {seed} breaks “{invariant}”: {how}."
    enough = f"With {len(ending.struck)} of its faults, and {ending.lived} of its jobs:"
    again = f"Again: python -m simulation {seed}"
    return "\n".join([f"{head} {enough}", *story, again])


def _abridged(story: list[str]) -> list[str]:
    """The story, without what a job does again and again; the last two times are told."""
    seen: Counter[str] = Counter()
    told: list[str] = []
    for line in reversed(story):
        what = _NUMBERS.sub("", line)
        seen[what] += 1
        if seen[what] <= 2 or _ODD in line:
            told.append(line)
        elif told[-1] != _GAP:
            told.append(_GAP)
    return told[::-1]
