"""Measures, prints tables, and with `--write` renews docs/benchmarks.md.

PYTHONPATH=.:test python -m bench                  our client, every figure
PYTHONPATH=.:test python -m bench get page         these figures
PYTHONPATH=.:test python -m bench get --clients openapi-generator httpx
PYTHONPATH=.:test python -m bench --all --write    every client, each launched three times
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from . import figures, page, report
from .contestants import CLIENTS
from .figures import Session
from .made_clients import available, make
from .measuring import serving


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measures calls beside raw urllib3.")
    parser.add_argument("figure", nargs="*", metavar="FIGURE", help=", ".join(figures.ALL))
    parser.add_argument("--clients", nargs="+", default=[], choices=CLIENTS[2:])
    parser.add_argument("--all", action="store_true", help="beside all other clients, at length")
    parser.add_argument("--rounds", type=int, help="how many blocks of each")
    parser.add_argument("--launches", type=int, help="how often each process is started")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    options = parser.parse_args()
    if unknown := set(options.figure) - set(figures.ALL):
        parser.error(f"no such figure: {', '.join(unknown)}")
    if options.write and (options.figure or not options.all):
        parser.error("--write takes --all, and every figure")
    return options


def main() -> None:
    """Measure the figures that are asked for."""
    options = _options()
    clients = list(CLIENTS) if options.all else ["raw", "ours", *options.clients]
    if missing := [client for client in clients if not available(client)]:
        sys.exit(f"not installed here: {', '.join(missing)}; `tox -e bench` brings them")
    with tempfile.TemporaryDirectory() as folder, serving() as url:
        make(clients, Path(folder))
        launches = options.launches or (3 if options.all else 1)
        session = Session(url, clients, [Path(folder)], options.rounds, launches)
        data = report.measured(session, options.figure or figures.ALL)
    if options.write:
        page.write(data)


main()
