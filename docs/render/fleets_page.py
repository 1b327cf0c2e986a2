"""The page of fleets, and its plots, from what the simulation measured."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import plots

_PLOTTED = (10, 40, 100, 300, 1_000)
_LOAD_OF = 100
Fleet = Mapping[str, Any]


def fleets_pages(data_file: Path, template_file: Path) -> dict[str, str]:
    """The page and its plots, by their file names."""
    data = json.loads(data_file.read_text(encoding="utf-8"))
    fleets: list[Fleet] = data["fleets"]
    usual = [fleet for fleet in fleets if fleet["deadline"] == 120.0]
    patient = [fleet for fleet in fleets if fleet["deadline"] != 120.0]
    values = {
        "limit": str(data["limit"]),
        "window": f"{data['window']:g}",
        "table": _table(usual),
        "patient": "\n".join(map(_patient_row, patient)),
    }
    page = template_file.read_text(encoding="utf-8")
    for name, value in values.items():
        page = page.replace(f"<<{name}>>", value)
    return {"fleets.md": page, "fleets-done.svg": _done(usual), "fleets-load.svg": _load(usual)}


def _by_size(fleets: list[Fleet]) -> dict[int, dict[str, Fleet]]:
    found: dict[int, dict[str, Fleet]] = {}
    for fleet in fleets:
        found.setdefault(fleet["jobs"], {})[_name(fleet["policy"])] = fleet
    return found


def _name(policy: str) -> str:
    return "this library" if policy == "ours" else policy


def _table(fleets: list[Fleet]) -> str:
    sizes = _by_size(fleets)
    policies = list(next(iter(sizes.values())))
    head = f"| jobs | {' | '.join(policies)} |\n| --: |{' --: |' * len(policies)}\n"
    rows = (
        f"| {size:,} | {' | '.join(_cell(row[policy]) for policy in policies)} |"
        for size, row in sizes.items()
    )
    return head + "\n".join(rows)


def _cell(fleet: Fleet) -> str:
    """What came of a fleet: all of it within a multiple of the least time, or how many failed."""
    if fleet["done"] == fleet["jobs"]:
        return f"all, {fleet['seconds'] / fleet['least']:.2f} ×"
    return f"{fleet['jobs'] - fleet['done']:,} fail"


def _patient_row(fleet: Fleet) -> str:
    return (
        f"| {fleet['jobs']:,} | {fleet['deadline']:.0f} s | {fleet['done']:,} | "
        f"{fleet['seconds']:.0f} s | {fleet['least']:.0f} s | "
        f"{fleet['requests'] / fleet['jobs']:.0f} |"
    )


def _done(fleets: list[Fleet]) -> str:
    groups = {
        f"{size:,} jobs": {name: fleet["done"] / fleet["jobs"] for name, fleet in row.items()}
        for size, row in _by_size(fleets).items()
        if size in _PLOTTED
    }
    return plots.grouped_bars("How many jobs of a fleet succeed", groups)


def _load(fleets: list[Fleet]) -> str:
    series = {name: fleet["load"] for name, fleet in _by_size(fleets)[_LOAD_OF].items()}
    return plots.panels(f"Requests a second of {_LOAD_OF} jobs", "seconds since the start", series)
