"""The memory that a long list takes, with the service in a process of its own."""

import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from openapi_client import KeysByokV1Api

from .conftest import Connect

_PAGE = 100
_BEGINNING = 10 * _PAGE


@pytest.fixture
def size(pytestconfig: pytest.Config) -> int:
    """How many keys there are."""
    return 100_000 if pytestconfig.getoption("--campaign") else 6_000


@pytest.fixture
def url(size: int, tmp_path: Path) -> Iterator[str]:
    """Where an emulator with so many keys listens, outside of this process."""
    arn = "arn:aws:kms:us-west-2:111122223333:key"
    keys = [{"key": {"kind": "AwsKey", "key_arn": f"{arn}/{i}"}} for i in range(size)]
    seed = tmp_path / "keys.json"
    seed.write_text(json.dumps(keys), encoding="ascii")
    options = ["--seed", str(seed), "--api-key", "id", "--api-secret", "s3cret"]
    with subprocess.Popen(
        [sys.executable, "-m", "openapi_client.testing", *options],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            process.communicate()


@pytest.fixture
def api(url: str, connect: Connect) -> KeysByokV1Api:
    """The API, with all that its first calls load and keep."""
    api = connect(url)
    assert len(list(islice(api.iter_byok_v1_keys(), _PAGE + 1))) == _PAGE + 1
    return api


@pytest.fixture
def traced(api: KeysByokV1Api) -> Iterator[KeysByokV1Api]:
    """The API, while the memory that Python takes is counted."""
    gc.collect()
    tracemalloc.start()
    yield api
    tracemalloc.stop()


@pytest.mark.timeout(300)
def test_memory_does_not_grow_with_the_list(traced: KeysByokV1Api, size: int) -> None:
    """A job on a large organization needs no more memory than on a small one."""
    page = next(traced.iter_byok_v1_keys().pages())
    one_page = tracemalloc.get_traced_memory()[0]
    assert len(page.data) == _PAGE
    del page

    tracemalloc.reset_peak()
    keys = traced.iter_byok_v1_keys()
    assert sum(1 for _ in islice(keys, _BEGINNING)) == _BEGINNING
    _, at_first = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    assert sum(1 for _ in keys) == size - _BEGINNING
    _, at_last = tracemalloc.get_traced_memory()
    assert at_last - at_first < one_page
