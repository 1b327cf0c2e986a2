"""Blocks in turn: the same work by each contestant, again and again, and what came out of it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

Seconds = dict[str, float]
"""`cpu` and `wall` of one call, as a block measured them."""

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Spread:
    """The median of many, and the quartiles around it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up `values`."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        return cls(*statistics.quantiles(values, n=4, method="inclusive"))


@dataclass(frozen=True)
class Measured:
    """One contestant's result in one figure: seconds of a call, and ratios to the first one."""

    cpu: Spread
    wall: Spread
    cpu_ratio: Spread
    wall_ratio: Spread

    @classmethod
    def of(cls, blocks: Sequence[Seconds], first: Sequence[Seconds]) -> Measured:
        """Compare each block with the one of the first contestant in the same round."""
        clocks, pairs = ("cpu", "wall"), list(zip(blocks, first, strict=True))
        seconds = [Spread.of([block[clock] for block in blocks]) for clock in clocks]
        ratios = [
            Spread.of([block[clock] / base[clock] for block, base in pairs]) for clock in clocks
        ]
        return cls(*seconds, *ratios)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """As data for JSON, with the digits that mean something."""
        return {
            name: {part: float(f"{value:.4g}") for part, value in spread.items()}
            for name, spread in asdict(self).items()
        }


def environment(folders: Sequence[Path]) -> dict[str, str]:
    """The environment of a measured process: no proxies, nobody's credentials, the made clients."""
    unwanted = ("CONFLUENT_", "PYTHON", "COV_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(unwanted) and not name.lower().endswith("_proxy")
    }
    paths = [_ROOT, _ROOT / "test", *folders]
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, paths))}


@contextmanager
def _child(arguments: Sequence[str], folders: Sequence[Path]) -> Iterator[subprocess.Popen[str]]:
    """A process that ends when its standard input does."""
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(folders),
    ) as process:
        yield process
        with suppress(BrokenPipeError):
            process.communicate()


@contextmanager
def serving() -> Iterator[str]:
    """The service, in a process of its own; gives its address."""
    with _child(["bench.server"], ()) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


class Worker:
    """A contestant in its process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def block(self, figure: str, calls: int, threads: int = 1) -> Seconds | None:
        """Have a block run; None where the contestant has nothing for the figure.

        Raises:
            RuntimeError: the process ended; what it wrote stands on standard error.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # Told below, when there is no result either.
            self._process.stdin.write(json.dumps([figure, calls, threads]) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"no result for {figure}: {self._process.args!r}")
        result: Seconds | None = json.loads(line)
        return result


@contextmanager
def workers(
    names: Iterable[str], url: str, folders: Sequence[Path]
) -> Iterator[Mapping[str, Worker]]:
    """The processes of contestants."""
    with ExitStack() as stack:
        yield {
            name: Worker(stack.enter_context(_child(["bench.worker", name, url], folders)))
            for name in names
        }


@dataclass(frozen=True)
class Blocks:
    """How much is measured."""

    calls: int
    rounds: int
    """How many of each contestant, in each launch."""
    launches: int = 1
    threads: int = 1
    warm_up: str | None = None
    """What is called beforehand, to open connections and fill caches; by default the same."""


Run = tuple[str, str]
"""A contestant, and which of its works."""


def measure(
    runs: Mapping[str, Run], plan: Blocks, url: str, folders: Sequence[Path]
) -> dict[str, Measured | None]:
    """Let each of `runs` have a block in turn, in every round in the opposite order.

    The processes are launched anew `plan.launches` times: how one happens to lie in memory makes it
    a few per cent faster or slower for as long as it lives.

    Returns:
        By the names of the runs, what was measured, compared with the first run; None where the
        contestant has no such work.
    """
    blocks: dict[str, list[Seconds]] = {name: [] for name in runs}
    for _ in range(plan.launches):
        with workers({contestant for contestant, _ in runs.values()}, url, folders) as running:
            able = [name for name, run in runs.items() if _warm(running, run, plan)]
            for number in range(plan.rounds):
                for name in able[:: 1 if number % 2 else -1]:
                    contestant, work = runs[name]
                    block = running[contestant].block(work, plan.calls, plan.threads)
                    assert block is not None
                    blocks[name].append(block)
    first = next(iter(blocks.values()))
    return {name: Measured.of(found, first) if found else None for name, found in blocks.items()}


def _warm(running: Mapping[str, Worker], run: Run, plan: Blocks) -> bool:
    """Warm up; tell whether there is anything to measure."""
    contestant, work = run
    calls = max(plan.calls // 4, plan.threads)
    return running[contestant].block(plan.warm_up or work, calls, plan.threads) is not None
