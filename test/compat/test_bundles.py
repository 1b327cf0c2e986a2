"""Programs that are packed into one file, and the certificates of the operating system."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from openapi_client import ApiClient, KeysByokV1Api
from openapi_client.testing import ByokEmulator
from support.tls import Authority

from .conftest import ROOT, child_environment

_PROGRAM = """\
from openapi_client import ApiClient, KeysByokV1Api
import openapi_client

with ApiClient() as client:
    print(openapi_client.__version__, len(KeysByokV1Api(client).list_byok_v1_keys().data))
"""


def _run(command: list[str | Path], cwd: Path, **variables: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=cwd, env=variables
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)  # It reads every module that could be meant.
def test_pyinstaller(
    emulator: ByokEmulator, service_environment: dict[str, str], tmp_path: Path
) -> None:
    """PyInstaller finds what is imported lazily, with no hook: the program runs on its own."""
    pytest.importorskip("PyInstaller")
    emulator.seed(3)
    (tmp_path / "mine.py").write_text(_PROGRAM, encoding="utf-8")
    _run(
        [sys.executable, "-m", "PyInstaller", "--onedir", "--log-level=ERROR", "mine.py"],
        tmp_path,
        **child_environment(),
        PYINSTALLER_CONFIG_DIR=str(tmp_path / "cache"),
    )
    program = tmp_path / "dist" / "mine" / "mine"
    assert _run([program], tmp_path, **service_environment).endswith(" 3\n")


def test_shiv(emulator: ByokEmulator, service_environment: dict[str, str], tmp_path: Path) -> None:
    """A zip application made by shiv runs where nothing is installed."""
    pytest.importorskip("shiv")
    emulator.seed(3)
    (tmp_path / "mine.py").write_text(_PROGRAM, encoding="utf-8")
    archive = tmp_path / "byok.pyz"
    _run([sys.executable, "-m", "shiv", "--quiet", "-o", archive, ROOT], tmp_path, **os.environ)
    environment = service_environment | {"SHIV_ROOT": str(tmp_path / "unpacked")}
    shown = _run([sys.executable, "-I", archive, "mine.py"], tmp_path, **environment)
    assert shown.endswith(" 3\n")


@pytest.mark.parametrize("injected", [False, True], ids=["as a setting", "injected"])
def test_truststore(injected: bool, authority: Authority, tmp_path: Path) -> None:
    """Truststore's context is a setting; injected into the whole program it serves as well."""
    truststore = pytest.importorskip("truststore")
    root = authority.write_root(tmp_path)
    with ByokEmulator(tls=authority.server_context()) as emulator:
        if injected:
            truststore.inject_into_ssl()
        try:
            settings = (
                {"ssl_ca_cert": root} if injected else {"ssl_context": _context(truststore, root)}
            )
            with ApiClient(emulator.configuration(**settings)) as client:
                assert KeysByokV1Api(client).list_byok_v1_keys().data == []
        finally:
            if injected:
                truststore.extract_from_ssl()


def _context(truststore: object, root: Path) -> ssl.SSLContext:
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # type: ignore[attr-defined]
    context.load_verify_locations(root)
    return context
