"""The figures: what is measured, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from .answers import PAGE_SIZE, PAGES
from .contestants import THREADS
from .measuring import Blocks, Measured, measure, workers
from .processes import IMPORTS, IMPORTS_FOR_A_GET, first_answers, measure_programs


@dataclass(frozen=True)
class Figure:
    """One thing that is measured of each client."""

    title: str
    work: str
    plan: Blocks


CALLS = {
    "get": Figure("A get", "get", Blocks(calls=200, rounds=15)),
    "create": Figure("A create", "create", Blocks(calls=200, rounds=15)),
    "build-and-create": Figure(
        "A create, its request built anew", "build-and-create", Blocks(calls=200, rounds=15)
    ),
    "page": Figure(f"A page of {PAGE_SIZE} keys", "page", Blocks(calls=20, rounds=15)),
    "decode": Figure(f"Decoding {PAGE_SIZE} keys", "decode", Blocks(calls=20, rounds=15)),
    "threads": Figure(
        f"A get, {THREADS} threads at once",
        "get",
        Blocks(calls=40 * THREADS, rounds=7, threads=THREADS),
    ),
    "keys": Figure(
        f"Going through {PAGES * PAGE_SIZE:,} keys",
        "iterate",
        Blocks(calls=1, rounds=3, warm_up="page"),
    ),
}
PROGRAMS = {
    "import": "Importing the package",
    "import-for-a-get": "Importing what a get needs",
    "first-answer": "The first answer of a fresh process",
}
MEMORY = "memory"
STAGES = "stages"
ALL = (*CALLS, *PROGRAMS, MEMORY, STAGES)
_STAGE_RUNS = {
    f"{client} {stage}": (f"{client}, in stages", stage)
    for client, stages in {
        "raw": ("get", "request", "urlopen", "socket", "parse-head", "decode-one"),
        "ours": ("get", "without-transport", "decode-one"),
        "openapi-generator": ("get", "without-transport", "decode-one"),
    }.items()
    for stage in stages
}


@dataclass(frozen=True)
class Session:
    """What all measurements of one run have in common."""

    url: str
    clients: Sequence[str]
    folders: Sequence[Path]
    rounds: int | None = None
    """How many blocks of each, where it is not what the figure says."""
    launches: int = 1
    """How many times each process is started, for a part of the rounds each time."""

    def calls(self, name: str) -> dict[str, Measured | None]:
        """Measure a figure of `CALLS`."""
        figure = CALLS[name]
        runs = {client: (client, figure.work) for client in self.clients}
        return measure(runs, self._planned(figure.plan), self.url, self.folders)

    def programs(self, name: str) -> dict[str, Measured]:
        """Measure a figure of `PROGRAMS`."""
        if name == "first-answer":
            programs = first_answers(("floor", *self.clients), self.url)
        else:
            imports = IMPORTS if name == "import" else IMPORTS_FOR_A_GET
            programs = {client: imports[client] for client in ("bare Python", *self.clients)}
        return measure_programs(programs, self.rounds or 15, self.folders)

    def memory(self) -> dict[str, float]:
        """The bytes that going through all keys takes beyond what one page takes."""
        with workers(self.clients, self.url, self.folders) as running:
            found = {client: running[client].block(MEMORY, 1) for client in self.clients}
        return {client: block["bytes"] for client, block in found.items() if block}

    def stages(self) -> dict[str, Measured | None]:
        """Measure the parts of a get."""
        runs = {name: run for name, run in _STAGE_RUNS.items() if name.split()[0] in self.clients}
        plan = self._planned(Blocks(calls=500, rounds=15))
        return measure(runs, plan, self.url, self.folders)

    def _planned(self, plan: Blocks) -> Blocks:
        total = self.rounds or plan.rounds
        return replace(plan, rounds=ceil(total / self.launches), launches=self.launches)
