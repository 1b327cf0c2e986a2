"""Prism, which invents answers from `docs/openapi.yaml` and checks requests by it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from network.service import REQUEST
from openapi_client import ApiClient, Configuration, KeysByokV1Api
from support.waiting import wait_for

from .conftest import ROOT

_LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prism in dynamic mode; `PRISM` may name the program."""
    program = os.environ.get("PRISM") or shutil.which("prism")
    if program is None:
        pytest.skip("prism is not installed: npm install --global @stoplight/prism-cli")
    log = tmp_path_factory.mktemp("prism") / "log"
    description = ROOT / "docs" / "openapi.yaml"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "mock", "--dynamic", "--errors", "--host=127.0.0.1", "--port=0", description],
            stdout=output,
            stderr=output,
        )
        try:
            yield wait_for(lambda: _listening_at(process, log))
        finally:
            process.terminate()
            process.wait(30)


def _listening_at(process: subprocess.Popen[bytes], log: Path) -> str | None:
    text = log.read_text(encoding="utf-8")
    if process.poll() is not None:
        raise RuntimeError(f"prism ended: {text}")
    found = _LISTENING.search(text)
    return found[1] if found else None


@pytest.fixture
def api(prism: str) -> Iterator[KeysByokV1Api]:
    """The keys API, talking to Prism."""
    with ApiClient(Configuration(host=prism, username="key", password="s3cret")) as client:
        yield KeysByokV1Api(client)


def test_every_operation(api: KeysByokV1Api) -> None:
    """Prism takes each request for what the description allows, and its answers fit the models."""
    for _ in range(20):
        for answer in (
            api.create_byok_v1_key_with_http_info(REQUEST),
            api.get_byok_v1_key_with_http_info("cck-1"),
            api.list_byok_v1_keys_with_http_info(page_size=10, provider="AWS"),
            api.update_byok_v1_key_with_http_info("cck-1", {"display_name": "new"}),
        ):
            assert not answer.validation_errors, answer.raw_data
        api.delete_byok_v1_key("cck-1")
