"""Under gevent and eventlet a call waits without holding up the others."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from openapi_client.testing import ByokEmulator
from support.waiting import wait_for

from .conftest import RunProgram, child_environment

_COUNT = 10
_CALLS = """
    import threading, time
    from openapi_client import ApiClient, KeysByokV1Api

    def get(number, times, api):
        began = time.monotonic()
        assert api.get_byok_v1_key("{key_id}", _request_timeout=30).id == "{key_id}"
        times.append(time.monotonic() - began)

    times, ticks = [], []
    with ApiClient() as client:
        api = KeysByokV1Api(client)
        get(0, [], api)
        began = time.monotonic()
        tasks = [spawn(get, number, times, api) for number in range({count})]
        while len(times) < {count}:
            sleep(0.05)
            ticks.append(time.monotonic() - began)
    gaps = [later - sooner for sooner, later in zip([0, *ticks], ticks)]
    assert max(gaps) < 1.0, gaps  # Nobody else was held up,
    assert max(times) < 8.0, times  # and the calls went side by side.
    print("all", len(times))
"""
_LOADINGS = {
    "gevent, patched before": """
        from gevent import monkey; monkey.patch_all()
        import openapi_client; from openapi_client import KeysByokV1Api
        from gevent import spawn, sleep
    """,
    "gevent, patched after": """
        import openapi_client; from openapi_client import ApiClient, KeysByokV1Api
        import openapi_client.jobs.key_jobs, openapi_client._transport.client
        from gevent import monkey; monkey.patch_all()
        from gevent import spawn, sleep
    """,
    "eventlet, patched before": """
        import warnings; warnings.simplefilter("ignore")
        import eventlet; eventlet.monkey_patch()
        from eventlet import spawn, sleep
    """,
    "eventlet, patched after": """
        import warnings; warnings.simplefilter("ignore")
        import openapi_client; from openapi_client import ApiClient, KeysByokV1Api
        import openapi_client.jobs.key_jobs, openapi_client._transport.client
        import eventlet; eventlet.monkey_patch()
        from eventlet import spawn, sleep
    """,
}


@pytest.mark.parametrize("loading", _LOADINGS)
def test_calls_side_by_side(loading: str, run_program: RunProgram, emulator: ByokEmulator) -> None:
    """Ten calls of a second each take far less than ten, and the hub turns meanwhile."""
    pytest.importorskip(loading.partition(",")[0])
    [key_id] = emulator.seed(1)
    # The first call answers at once, and leaves an idle connection to one of the others.
    emulator.delay_next(0.0)
    emulator.delay_next(1.0, times=_COUNT)
    calls = dedent(_CALLS).format(key_id=key_id, count=_COUNT)
    assert run_program(dedent(_LOADINGS[loading]) + calls).strip() == f"all {_COUNT}"


_APPLICATION = """
    from openapi_client import ApiClient, KeysByokV1Api

    client = ApiClient()
    api = KeysByokV1Api(client)
    # The master has a connection open when it forks.
    assert api.list_byok_v1_keys().data == []

    def application(environ, start_response):
        page = api.list_byok_v1_keys(_request_timeout=10)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(len(page.data)).encode()]
"""
_LISTENING = re.compile(r"Listening at: (http://127\.0\.0\.1:\d+)")


@pytest.fixture
def gunicorn(service_environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of an application under ``gunicorn -k gevent --preload``."""
    for module in ("gunicorn", "gevent"):
        pytest.importorskip(module)
    (tmp_path / "mine.py").write_text(
        "\n".join(line[4:] for line in _APPLICATION.splitlines()), encoding="utf-8"
    )
    log = tmp_path / "log"
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", "2"),
        *(
            "--worker-class",
            "gevent",
            "--preload",
            "--graceful-timeout=2",
            "--no-control-socket",
            "mine:application",
        ),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            cwd=tmp_path,
            env=child_environment() | service_environment,
        )
        try:
            yield wait_for(lambda: _listening_at(process, log))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            finally:
                process.kill()
                process.wait()


def _listening_at(process: subprocess.Popen[bytes], log: Path) -> str | None:
    text = log.read_text()
    if process.poll() is not None:
        raise RuntimeError(f"gunicorn ended: {text}")
    # Workers that failed to boot would be started again and again.
    found = _LISTENING.search(text)
    return found[1] if found and text.count("Booting worker") >= 2 else None


def test_gunicorn(gunicorn: str, emulator: ByokEmulator) -> None:
    """A client that was made, and used, before gunicorn forked and patched serves each worker."""
    emulator.seed(3)
    for _ in range(20):
        with urllib.request.urlopen(gunicorn, timeout=30) as answer:
            assert answer.read() == b"3"
