"""Many keys at once, on many processes or machines: each is registered once and waited for.

    python docs/examples/fleet.py KEYS.txt --processes 8
    python docs/examples/fleet.py KEYS.txt --dask tcp://SCHEDULER:8786
    python docs/examples/fleet.py KEYS.txt --dask local

KEYS.txt holds an identifier a line: the ARN of a key in AWS or the name of one in Google Cloud.
Each worker has one client, with credentials from the environment of that worker, and keeps its
connections from key to key. All of them share the rate limit of one organization: a client that
is told to wait waits, so more workers than the limit feeds are idle and do no harm. It may run
again: what is done is found done. It ends with 0 where all keys are registered, else with 1.
"""

import argparse
import importlib
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from openapi_client import (
    ApiClient,
    ByokV1KeyKey,
    Configuration,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
    OpenApiException,
)


@dataclass(frozen=True)
class Row:
    """What became of one key."""

    identifier: str
    id: str = ""
    outcome: str = ""
    is_registered: bool = True


def connect() -> KeysByokV1Api:
    """The API for one worker; a job that is throttled may take its time."""
    return KeysByokV1Api(ApiClient(Configuration.from_env(deadline=600.0)))


def register(identifier: str, api: KeysByokV1Api) -> Row:
    """Register one key; a failure is a result like any other, so that the others go on."""
    try:
        request = CreateByokV1KeyRequest(key=ByokV1KeyKey.from_identifier(identifier))
        ensured = api.ensure_byok_v1_key(request)
    except (OpenApiException, ValueError) as error:
        return Row(identifier, outcome=f"failed: {error}", is_registered=False)
    return Row(identifier, ensured.key.id, "new" if ensured.created else "was registered")


class PerProcess:
    """The API of a worker in a pool of processes."""

    api: KeysByokV1Api

    @classmethod
    def open(cls) -> None:
        """Connect, once for each process."""
        cls.api = connect()

    @classmethod
    def register(cls, identifier: str) -> Row:
        """Register a key in this process."""
        return register(identifier, cls.api)


def on_processes(identifiers: list[str], count: int) -> Iterator[Row]:
    """The rows of all keys, from a pool of processes on this machine."""
    # A process that is spawned shares no socket and no lock with this one.
    context = get_context("spawn")
    with ProcessPoolExecutor(count, context, initializer=PerProcess.open) as pool:
        yield from pool.map(PerProcess.register, identifiers, chunksize=4)


def on_dask(identifiers: list[str], scheduler: str) -> Iterator[Row]:
    """The rows of all keys, as they come, from the workers of a Dask scheduler."""
    dask: Any = importlib.import_module("dask.distributed")
    where = {} if scheduler == "local" else {"address": scheduler}
    with dask.Client(**where) as client:
        # What a worker has begun before it died is begun again elsewhere, and done once.
        futures = client.map(register_on_worker, identifiers, pure=False, retries=2)
        for future in dask.as_completed(futures):
            yield future.result()


def register_on_worker(identifier: str) -> Row:
    """Register a key on the worker that Dask has chosen."""
    worker: Any = importlib.import_module("dask.distributed").get_worker()
    if not hasattr(worker, "byok_api"):
        worker.byok_api = connect()
    return register(identifier, worker.byok_api)


def main(arguments: list[str]) -> int:
    """Register the keys of a file, and print a table of what became of each."""
    parser = argparse.ArgumentParser(description="Register many keys.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--dask", metavar="SCHEDULER", help="its address, or 'local'")
    given = parser.parse_args(arguments)
    lines = given.file.read_text(encoding="utf-8").split()
    # Two workers that register the same key in the same moment would have to race for it.
    identifiers = [*dict.fromkeys(lines)]
    if given.dask:
        rows = on_dask(identifiers, given.dask)
    else:
        rows = on_processes(identifiers, given.processes)
    failed = 0
    for row in rows:
        print(f"{row.id:<12} {row.outcome:<16} {row.identifier}", flush=True)
        failed += not row.is_registered
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
