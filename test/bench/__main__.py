"""Measures, and prints a table."""

from __future__ import annotations

import argparse
from dataclasses import replace

from .contestants import MODULES
from .measuring import Blocks, Measured, measure, serving

_FIGURES = {
    plan.figure: plan
    for plan in (
        Blocks("get", calls=200, rounds=15),
        Blocks("create", calls=200, rounds=15),
        Blocks("build-and-create", calls=200, rounds=15),
        Blocks("page", calls=20, rounds=15),
        Blocks("decode", calls=20, rounds=15),
    )
}


def _line(figure: str, name: str, found: Measured | None) -> str:
    if found is None:
        return f"{figure:18}{name:24}{'–':>10}"
    cpu, wall = found.cpu_ratio, found.wall_ratio
    return (
        f"{figure:18}{name:24}{found.cpu.median * 1e6:8.1f} µs"
        f"{cpu.median:8.2f} ({cpu.low:.2f}–{cpu.high:.2f})"
        f"{wall.median:8.2f} ({wall.low:.2f}–{wall.high:.2f})"
    )


def main() -> None:
    """Measure the figures that are asked for."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("figure", nargs="*", help=", ".join(_FIGURES))
    parser.add_argument("--clients", nargs="+", default=["ours"], choices=list(MODULES)[1:])
    parser.add_argument("--rounds", type=int, help="how many blocks of each")
    parser.add_argument("--launches", type=int, default=1)
    options = parser.parse_args()
    print(f"{'':42}{'CPU':>11}{'CPU / raw':>21}{'wall / raw':>21}")
    with serving() as url:
        for figure in options.figure or _FIGURES:
            plan = replace(_FIGURES[figure], launches=options.launches)
            plan = replace(plan, rounds=options.rounds or plan.rounds)
            for name, found in measure(plan, ["raw", *options.clients], url, ()).items():
                print(_line(figure, name, found), flush=True)


if __name__ == "__main__":
    main()
