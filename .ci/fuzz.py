"""Search for values that break a property: the property tests, with one fresh seed after another.

Called with the number of seeds (20 if not given), and the first of them (drawn if not given).
Before that the whole suite runs once in a random order, to find tests that lean on one another.
For whatever fails, the command that makes it fail again is printed.
"""

import argparse
import os
import random
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PYTEST = [sys.executable, "-m", "pytest", "-q"]
_LARGEST = 2**32 - 1
"""What the generators of random numbers that are seeded take."""


def _property_files() -> list[str]:
    """The test modules with property tests: nothing else is imported for each seed."""
    modules = sorted((_ROOT / "test").rglob("test_*.py"))
    found = (module.relative_to(_ROOT) for module in modules if "hypothesis" in module.read_text())
    return [str(path) for path in found if path.parts[1] not in {"bench", "package", "parity"}]


def _passes(arguments: Sequence[str], title: str, *, alone: bool = False) -> bool:
    """Run pytest; show what fails, and how to have it fail again: where it does so, `alone`."""
    command = [*_PYTEST, *arguments]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return True
    failed = re.findall(r"^(?:FAILED|ERROR) (test/\S+)", done.stdout, re.MULTILINE)
    if alone and failed:
        options = [argument for argument in command if not argument.startswith("test/")]
        command = [*options, *dict.fromkeys(failed)]
    print(done.stdout, done.stderr, f"{title} fails. Again:\n{shlex.join(command)}", flush=True)
    return False


def _in_random_order(seed: int) -> bool:
    """Run every test once; one that leans on another, or leaves something behind, shows."""
    print(f"all tests, in the order of seed {seed}", flush=True)
    order = ["-n", "2", "--quick", f"--randomly-seed={seed}"]
    return _passes(order, f"the order of seed {seed}")


def _holds(seed: int, files: Sequence[str]) -> bool:
    """Run the property tests with a seed."""
    draws = ["--hypothesis-profile=fuzz", f"--hypothesis-seed={seed}", f"--randomly-seed={seed}"]
    return _passes(["-m", "hypothesis", *draws, *files], f"seed {seed}", alone=True)


def _with_seeds(seeds: Sequence[int]) -> list[int]:
    """Run the property tests with each seed; return those that fail."""
    files, started = _property_files(), time.monotonic()
    failing: list[int] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(lambda seed: _holds(seed, files), seeds)
        for number, (seed, passed) in enumerate(zip(seeds, runs, strict=True), 1):
            failing += [] if passed else [seed]
            so_far = f"{number} of {len(seeds)} seeds, {len(failing)} failing"
            print(f"{so_far}, {time.monotonic() - started:.0f} s", flush=True)
    return failing


def main() -> int:
    """Run what was asked for, and tell whether all of it passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="?", default=20, help="how many")
    parser.add_argument("first", type=int, nargs="?", help="the first of them")
    asked = parser.parse_args()
    drawn = random.randrange(_LARGEST - asked.seeds)
    first: int = drawn if asked.first is None else asked.first
    ordered = _in_random_order(first)
    failing = _with_seeds(range(first, first + asked.seeds))
    print(f"failing seeds: {failing or 'none'}; random order: {'passed' if ordered else 'failed'}")
    return 0 if ordered and not failing else 1


if __name__ == "__main__":
    sys.exit(main())
