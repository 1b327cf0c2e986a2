"""Runs one contestant's blocks, in a process of its own.

    python -m bench.worker CONTESTANT URL

Reads orders from standard input, a JSON list each (figure, calls, threads), and answers each with
a line of JSON. Each contestant has a process of its own: none pays for what another imported, and
the garbage collector finds in each what that one made.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable

from .answers import PAGE_SIZE, PAGES
from .contestants import Works, works_of


def _block(call: Callable[[], object], calls: int) -> dict[str, float]:
    """The seconds of one call, of `calls` in a row."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu": cpu / calls, "wall": wall / calls}


def _threaded_block(call: Callable[[], object], calls: int, threads: int) -> dict[str, float]:
    """The seconds of one call, of `calls` that `threads` threads share out among them."""
    ready = threading.Barrier(threads + 1)

    def run() -> None:
        ready.wait()
        for _ in range(calls // threads):
            call()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    gc.collect()
    ready.wait()
    wall, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.join()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    made = calls // threads * threads
    return {"cpu": cpu / made, "wall": wall / made}


def _memory(works: Works) -> dict[str, float]:
    """The bytes that going through all keys takes at most, beyond what one page takes."""
    works["page"]()
    gc.collect()
    tracemalloc.start()
    works["page"]()
    _, one_page = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    works["iterate"]()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"bytes": peak - one_page}


def _obey(works: Works, figure: str, calls: int, threads: int) -> dict[str, float] | None:
    if figure == "memory":
        return _memory(works)
    if figure not in works:
        return None
    if threads > 1:
        return _threaded_block(works[figure], calls, threads)
    return _block(works[figure], calls)


def _checked(works: Works) -> Works:
    """The same, but going through all keys has to find all of them."""
    if "iterate" not in works:
        return works

    def iterate() -> None:
        seen = works["iterate"]()
        assert seen == PAGES * PAGE_SIZE, seen

    return {**works, "iterate": iterate}


def main(contestant: str, url: str) -> None:
    """Run blocks until standard input ends."""
    works = _checked(works_of(contestant, url))
    for line in sys.stdin:
        print(json.dumps(_obey(works, *json.loads(line))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
