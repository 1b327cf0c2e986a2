"""The plots of docs/benchmarks.md, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from .plots import Bar, Panel, bar_chart, stacked_chart
from .stages import parts
from .titles import CALLS, NAMES, OTHERS, Data, duration, stage_seconds


def _bars(values: Mapping[str, float | None], shown: str = "{:.2f}") -> list[Bar]:
    return [
        Bar(NAMES[client], value, shown.format(value), is_ours=client == "ours")
        for client, value in values.items()
        if value is not None
    ]


def calls_chart(data: Data) -> str:
    """CPU time of calls, as multiples of raw urllib3, and the speed of threads."""

    def ratio(figure: str, client: str) -> float | None:
        result = data["figures"][figure][client]
        return result and float(result["cpu_ratio"]["median"])

    panels = [
        Panel(title, _bars({client: ratio(figure, client) for client in OTHERS}), reference=1.0)
        for figure, title in CALLS.items()
    ]
    threads = data["figures"]["threads"]
    speeds = {client: 1 / threads[client]["wall_ratio"]["median"] for client in OTHERS}
    panels.append(Panel("32 threads: calls a second, more is better", _bars(speeds), 1.0))
    return bar_chart("CPU time as a multiple of raw urllib3 and json", panels)


def processes_chart(data: Data) -> str:
    """CPU time of imports and of first answers."""

    def over_bare(figure: str) -> dict[str, float | None]:
        results = data["figures"][figure]
        bare = results["bare Python"]["cpu"]["median"]
        clients = ("raw", *OTHERS)
        return {client: 1e3 * (results[client]["cpu"]["median"] - bare) for client in clients}

    first = data["figures"]["first-answer"]
    ratios = {client: first[client]["cpu_ratio"]["median"] for client in ("raw", *OTHERS)}
    panels = (
        Panel("importing the package", _bars(over_bare("import"), "{:.0f} ms")),
        Panel("importing what a get needs", _bars(over_bare("import-for-a-get"), "{:.0f} ms")),
        Panel("first answer, of the floor", _bars(ratios), reference=1.0),
    )
    return bar_chart("CPU time of a fresh process", panels)


def parts_chart(data: Data) -> str:
    """The parts of a get."""
    seconds = stage_seconds(data)
    clients = ("raw", "ours", "openapi-generator")
    stacks = {NAMES[client]: parts(client, seconds) for client in clients}
    totals = {NAMES[client]: duration(seconds[f"{client} get"]) for client in clients}
    return stacked_chart("Where the CPU time of a get goes", stacks, totals)
