"""Renders docs/benchmarks.md and its plots from what was measured.

PYTHONPATH=.:test python -m bench.page     renders anew from docs/benchmarks/data.json
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from .charts import calls_chart, parts_chart, processes_chart
from .stages import PARTS, parts
from .titles import CALLS, NAMES, OTHERS, Data, duration, stage_seconds

_DOCS = Path(__file__).parents[2] / "docs"
_DATA = Path("benchmarks", "data.json")
_TEMPLATE = Path(__file__).with_name("template.md")
_TRIED = Path(__file__).with_name("tried.md")
_CANNOT = {("httpx", "decode"): "has no models"}


def render(data: Data) -> dict[Path, str]:
    """The files of the page, by their paths beneath docs/."""
    return {
        Path("benchmarks.md"): _page(data),
        Path("benchmarks", "calls.svg"): calls_chart(data),
        Path("benchmarks", "processes.svg"): processes_chart(data),
        Path("benchmarks", "parts.svg"): parts_chart(data),
    }


def write(data: Data) -> None:
    """Write the data, the page and its plots into docs/."""
    files = {_DATA: json.dumps(data, indent=1, ensure_ascii=False) + "\n", **render(data)}
    for path, text in files.items():
        (_DOCS / path).parent.mkdir(exist_ok=True)
        (_DOCS / path).write_text(text, encoding="utf-8")


def read() -> Data:
    """The data of the last run that was written."""
    data: Data = json.loads((_DOCS / _DATA).read_text(encoding="utf-8"))
    return data


def _page(data: Data) -> str:
    return _TEMPLATE.read_text(encoding="utf-8").format(
        conditions=_conditions(data),
        cpu=_calls_table(data, "cpu"),
        wall=_calls_table(data, "wall"),
        threads=_threads_table(data),
        processes=_processes_table(data),
        memory=_memory_row(data),
        parts=_parts_table(data),
        stages=_stages_table(data),
        counts="{functions} calls of the package's own functions, {headers} `Headers`, "
        "{frames} frames before urllib3".format(**data["counts"]),
        tried=_TRIED.read_text(encoding="utf-8").strip(),
    )


def _conditions(data: Data) -> str:
    rows = [*data["machine"].items(), *data["versions"].items()]
    return _table(("what", "which"), ((name, value) for name, value in rows))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _calls_table(data: Data, clock: str) -> str:
    def row(figure: str, title: str) -> Iterable[str]:
        results = data["figures"][figure]
        yield title
        yield duration(results["raw"][clock]["median"])
        for client in OTHERS:
            if results[client] is None:
                yield _CANNOT[client, figure]
            else:
                yield _spread(results[client][f"{clock}_ratio"])

    head = ("figure", "raw urllib3", *(NAMES[client] for client in OTHERS))
    return _table(head, (row(*figure) for figure in CALLS.items()))


def _threads_table(data: Data) -> str:
    results = data["figures"]["threads"]
    raw = f"{1 / results['raw']['wall']['median']:,.0f} calls/s"
    ratios = (_spread(_inverse(results[client]["wall_ratio"])) for client in OTHERS)
    head = ("figure", "raw urllib3", *(NAMES[client] for client in OTHERS))
    return _table(head, [("calls a second, of raw", raw, *ratios)])


def _processes_table(data: Data) -> str:
    def row(title: str, figure: str, shown: Callable[[Mapping[str, Any]], str]) -> Iterable[str]:
        results = data["figures"][figure]
        return (title, *(shown(results[client]) for client in ("raw", *OTHERS)))

    def over(figure: str) -> Callable[[Mapping[str, Any]], str]:
        bare = data["figures"][figure]["bare Python"]["cpu"]["median"]
        return lambda result: duration(result["cpu"]["median"] - bare)

    head = ("figure", *(NAMES[client] for client in ("raw", *OTHERS)))
    rows = (
        row("import the package", "import", over("import")),
        row("import what a get needs", "import-for-a-get", over("import-for-a-get")),
        row("first answer, of the floor", "first-answer", lambda r: _spread(r["cpu_ratio"])),
    )
    return _table(head, rows)


def _memory_row(data: Data) -> str:
    clients = ("raw", *OTHERS)
    found = (f"{data['memory'][client] / 2**20:.2f} MiB" for client in clients)
    return _table(("figure", *(NAMES[c] for c in clients)), [("memory over one page", *found)])


def _parts_table(data: Data) -> str:
    seconds = stage_seconds(data)
    clients = ("raw", "ours", "openapi-generator")
    divided = [parts(client, seconds) for client in clients]
    rows = ((part, *(duration(each[part]) for each in divided)) for part in PARTS)
    whole = ("the whole get", *(duration(seconds[f"{client} get"]) for client in clients))
    return _table(("part", *(NAMES[client] for client in clients)), [*rows, whole])


def _stages_table(data: Data) -> str:
    seconds = stage_seconds(data)
    rows = ((title, duration(seconds[f"raw {stage}"])) for stage, title in _STAGES.items())
    return _table(("by itself", "CPU"), rows)


def _spread(ratio: Mapping[str, float]) -> str:
    return f"**{ratio['median']:.2f}** ({ratio['low']:.2f}–{ratio['high']:.2f})"


def _inverse(ratio: Mapping[str, float]) -> dict[str, float]:
    return {
        "low": 1 / ratio["high"],
        "median": 1 / ratio["median"],
        "high": 1 / ratio["low"],
    }


_STAGES = {
    "request": "`PoolManager.request`",
    "urlopen": "the pool's own `urlopen`",
    "parse-head": "the standard library's parser, on the answer's head",
    "socket": "the socket: the same bytes sent and received",
    "decode-one": "`json.loads` of one key",
}


if __name__ == "__main__":
    write(read())
