"""What a fresh process costs: importing a client, and its first answer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import answers
from .contestants import API_KEY, API_SECRET, openapi_generator, openapi_python_client
from .measuring import Measured, Seconds, environment

_RAW = """
import json
import urllib3
headers = urllib3.make_headers(basic_auth="{key}:{secret}")
answer = urllib3.PoolManager().request("GET", "{url}{path}", headers=headers)
assert json.loads(answer.data)["id"]
"""
_OF_OPENAPI_GENERATOR = """
from {package} import ApiClient, Configuration, KeysByokV1Api
client = ApiClient(Configuration(host="{url}", username="{key}", password="{secret}"))
assert KeysByokV1Api(client).get_byok_v1_key("{id}").id
"""
_OF_OPENAPI_PYTHON_CLIENT = """
from {package} import AuthenticatedClient
from {package}.api.keys_byokv_1.get_byok_v1_key import sync
client = AuthenticatedClient(base_url="{url}", token="{token}", prefix="Basic")
assert sync("{id}", client=client).id
"""
_HTTPX = """
import httpx
with httpx.Client(base_url="{url}", auth=("{key}", "{secret}")) as client:
    assert client.get("{path}").raise_for_status().json()["id"]
"""
IMPORTS = {
    "bare Python": "pass",
    "raw": "import json, urllib3",
    "ours": "import openapi_client",
    "openapi-generator": f"import {openapi_generator.PACKAGE}",
    "openapi-python-client": f"import {openapi_python_client.PACKAGE}",
    "httpx": "import httpx",
}
"""The package alone; the first is what each of them costs at least."""
_NAMES = "ApiClient, Configuration, KeysByokV1Api"
IMPORTS_FOR_A_GET = {
    **IMPORTS,
    "ours": f"from openapi_client import {_NAMES}",
    "openapi-generator": f"from {openapi_generator.PACKAGE} import {_NAMES}",
    "openapi-python-client": (
        f"from {openapi_python_client.PACKAGE} import AuthenticatedClient\n"
        f"from {openapi_python_client.PACKAGE}.api.keys_byokv_1 import get_byok_v1_key"
    ),
}
"""What a program that makes a get imports; where a package is lazy, that is when it loads."""
FIRST_ANSWERS = {
    # What a client made of these two cannot do without.
    "floor": "from pydantic import BaseModel\n" + _RAW,
    "raw": _RAW,
    "ours": _OF_OPENAPI_GENERATOR.replace("{package}", "openapi_client"),
    "openapi-generator": _OF_OPENAPI_GENERATOR.replace("{package}", openapi_generator.PACKAGE),
    "openapi-python-client": _OF_OPENAPI_PYTHON_CLIENT.replace(
        "{package}", openapi_python_client.PACKAGE
    ),
    "httpx": _HTTPX,
}
"""A whole program that prints nothing and ends; the first is what the others are compared with."""


def run(program: str, folders: Sequence[Path]) -> Seconds:
    """Run a program in a process of its own; return what the whole process took.

    Raises:
        RuntimeError: the program failed; what it wrote stands on standard error.
    """
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program], env=environment(folders))
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"failed with {process.returncode}: {program}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall}


def measure_programs(
    programs: Mapping[str, str], rounds: int, folders: Sequence[Path]
) -> dict[str, Measured]:
    """Run the programs in turn, in every round in the opposite order."""
    found: dict[str, list[Seconds]] = {name: [] for name in programs}
    for program in programs.values():
        run(program, folders)  # Leaves the compiled modules behind.
    for number in range(rounds):
        for name in list(programs)[:: 1 if number % 2 else -1]:
            found[name].append(run(programs[name], folders))
    first = next(iter(found.values()))
    return {name: Measured.of(blocks, first) for name, blocks in found.items()}


def first_answers(names: Sequence[str], url: str) -> dict[str, str]:
    """The programs of `names`, for the service at `url`."""
    return {name: _filled(FIRST_ANSWERS[name], url) for name in names}


def _filled(program: str, url: str) -> str:
    values = {
        "url": url,
        "key": API_KEY,
        "secret": API_SECRET,
        "path": answers.ONE_KEY_PATH,
        "id": answers.ONE_KEY,
        "token": openapi_python_client.token(),
    }
    for name, value in values.items():
        program = program.replace("{" + name + "}", value)
    return program
