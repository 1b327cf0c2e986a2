"""Serves the emulator in the foreground: `python -m openapi_client.testing [--port N]`."""

import argparse
import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ._store.checks import is_array, is_object
from ._store.settings import ValidationStep
from .emulator import ByokEmulator

_EXAMPLE = """
example: eval "$(python -m openapi_client.testing --export &)"
         curl --user "$CONFLUENT_CLOUD_API_KEY:$CONFLUENT_CLOUD_API_SECRET" \\
             "$CONFLUENT_CLOUD_ENDPOINT/byok/v1/keys"
         kill "$BYOK_EMULATOR_PID"
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit status."""
    parser = _parser()
    options = vars(parser.parse_args(arguments))
    export, seed, every = (options.pop(name) for name in ("export", "seed", "fail_every"))
    stop = threading.Event()
    # Before anything is printed: who reads the address may send the signal at once.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        emulator = ByokEmulator(**options)
        if every is not None:
            emulator.fail_next(503, headers={"Retry-After": "0"}, times=None, every=every)
    except ValueError as error:
        parser.error(str(error))
    try:
        emulator.seed(_keys(seed) if seed else [])
        emulator.start()
    except (OSError, ValueError) as error:
        print(f"cannot serve: {error}", file=sys.stderr)
        return 1
    _say(_announcement(emulator, export))
    if export:
        _close_stdout()  # Who reads the lines, like `eval`, waits for their end.
    stop.wait()
    emulator.stop()
    _say("Stopped.")
    return 0


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:  # Who read the address has gone away.
        _close_stdout()


def _close_stdout() -> None:
    """Let go of what reads it; what is written from now on goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m openapi_client.testing",
        description="Serve an emulator of the BYOK keys API, until SIGINT or SIGTERM.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add: Callable[..., object] = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=0, help="port to listen on (any free one)")
    add("--seed", type=Path, metavar="FILE", help="JSON array of keys to begin with")
    add("--quota", type=_count_or_none, default=20, help="keys allowed, or none (%(default)s)")
    add("--rate-limit", type=_requests_per_seconds, metavar="REQUESTS/SECONDS", help="(none)")
    step: dict[str, Any] = {"type": _phase_and_seconds, "metavar": "PHASE[:SECONDS]"}
    script = "what becomes of new keys, each so long after the step before: INVALID:2 VALID:9"
    add("--validation", nargs="+", default=(), help=script, **step)
    delay = "seconds until new keys name who needs access, or none for never (%(default)s)"
    add("--principals-delay", type=_seconds_or_none, default=0.0, metavar="SECONDS", help=delay)
    add("--list-lag", type=float, default=0.0, metavar="SECONDS", help="how late listings are (0)")
    add("--duplicates", default="conflict", help="conflict or allow (%(default)s)")
    add("--absent-status", type=int, default=404, help="404 or 403 (%(default)s)")
    add("--fail-every", type=int, metavar="N", help="answer each N-th request with a 503")
    add("--api-key", help="id of the API key to accept (made up)")
    add("--api-secret", help="its secret (made up)")
    add("--access-token", help="bearer token to accept (made up)")
    add("--export", action="store_true", help="print only lines that a shell can evaluate")
    return parser


# Their names stand in the messages of usage errors.
def _count_or_none(text: str) -> int | None:
    return None if text == "none" else int(text)


def _seconds_or_none(text: str) -> float | None:
    return None if text == "none" else float(text)


def _requests_per_seconds(text: str) -> tuple[int, float]:
    requests, _, seconds = text.partition("/")
    return int(requests), float(seconds)


def _phase_and_seconds(text: str) -> ValidationStep:
    phase, _, seconds = text.partition(":")
    return ValidationStep(phase, seconds=float(seconds or 0))


def _keys(file: Path) -> list[Mapping[str, Any]]:
    keys: Any = json.loads(file.read_bytes())
    if not is_array(keys) or not all(is_object(key) for key in keys):
        raise ValueError(f"{file} does not hold a JSON array of objects")
    return keys


def _announcement(emulator: ByokEmulator, export: bool) -> str:
    variables = {
        "CONFLUENT_CLOUD_ENDPOINT": emulator.url,
        "CONFLUENT_CLOUD_API_KEY": emulator.api_key,
        "CONFLUENT_CLOUD_API_SECRET": emulator.api_secret,
    }
    if export:
        variables["BYOK_EMULATOR_PID"] = str(os.getpid())
        return "\n".join(f"export {name}={shlex.quote(text)}" for name, text in variables.items())
    lines = [f"{name}={text}" for name, text in variables.items()]
    address = f"The BYOK keys API is served at {emulator.url}"
    return "\n".join([address, *lines, f"access token: {emulator.access_token}"])


if __name__ == "__main__":
    sys.exit(main())
