"""Serves the emulator in the foreground: `python -m openapi_client.testing [--port N]`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._json import is_array, is_object
from .emulator import ByokEmulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit status."""
    options = _parser().parse_args(arguments)
    stop = threading.Event()

    # Before anything is printed: who reads the address may send the signal at once.
    def leave(_: int, __: object) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    try:
        emulator = _emulator(options)
        emulator.start()
    except (OSError, ValueError) as error:
        print(f"cannot serve: {error}", file=sys.stderr)
        return 1
    print(_greeting(emulator), flush=True)
    stop.wait()
    emulator.stop()
    print("Stopped.", flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m openapi_client.testing",
        description="Serve an emulator of the BYOK keys API, until SIGINT or SIGTERM.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (any free one)")
    parser.add_argument(
        "--seed", type=Path, metavar="FILE", help="JSON array of keys to begin with"
    )
    parser.add_argument("--quota", type=_quota, default=20, help="keys allowed, or none (20)")
    parser.add_argument("--rate-limit", type=_rate_limit, metavar="REQUESTS/SECONDS", help="(none)")
    parser.add_argument("--api-key", help="id of the API key to accept (made up)")
    parser.add_argument("--api-secret", help="its secret (made up)")
    parser.add_argument("--access-token", help="bearer token to accept (made up)")
    return parser


def _quota(text: str) -> int | None:
    return None if text == "none" else int(text)


def _rate_limit(text: str) -> tuple[int, float]:
    requests, _, seconds = text.partition("/")
    return int(requests), float(seconds)


def _emulator(options: argparse.Namespace) -> ByokEmulator:
    emulator = ByokEmulator(
        host=options.host,
        port=options.port,
        quota=options.quota,
        rate_limit=options.rate_limit,
        api_key=options.api_key,
        api_secret=options.api_secret,
        access_token=options.access_token,
    )
    if options.seed:
        emulator.seed(_keys(options.seed))
    return emulator


def _keys(file: Path) -> list[Mapping[str, Any]]:
    keys = json.loads(file.read_bytes())
    if not is_array(keys) or not all(is_object(key) for key in keys):
        raise ValueError(f"{file} does not hold a JSON array of objects")
    return keys


def _greeting(emulator: ByokEmulator) -> str:
    return "\n".join(
        [
            f"The BYOK keys API is served at {emulator.url}",
            f"CONFLUENT_CLOUD_ENDPOINT={emulator.url}",
            f"CONFLUENT_CLOUD_API_KEY={emulator.api_key}",
            f"CONFLUENT_CLOUD_API_SECRET={emulator.api_secret}",
            f"access token: {emulator.access_token}",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
