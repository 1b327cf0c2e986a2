"""Renders docs/benchmarks.md and its plots from what was measured.

PYTHONPATH=.:test python -m bench.page     renders anew from docs/benchmarks/data.json
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from .plots import Bar, Panel, bar_chart, stacked_chart
from .stages import PARTS, parts

_DOCS = Path(__file__).parents[2] / "docs"
_DATA = Path("benchmarks", "data.json")
_TRIED = Path(__file__).with_name("tried.md")
_NAMES = {
    "ours": "this client",
    "openapi-generator": "OpenAPI Generator",
    "openapi-python-client": "openapi-python-client",
    "httpx": "httpx by hand",
    "raw": "raw urllib3",
}
_OTHERS = ("ours", "openapi-generator", "openapi-python-client", "httpx")
_CALLS = {
    "get": "get",
    "create": "create",
    "build-and-create": "create, its request built anew",
    "page": "page of 100 keys",
    "decode": "decoding 100 keys",
    "keys": "going through 100,000 keys",
}
_CANNOT = {("httpx", "decode"): "has no models"}

Data = Mapping[str, Any]


def render(data: Data) -> dict[Path, str]:
    """The files of the page, by their paths beneath docs/."""
    return {
        Path("benchmarks.md"): _page(data),
        Path("benchmarks", "calls.svg"): _calls_chart(data),
        Path("benchmarks", "processes.svg"): _processes_chart(data),
        Path("benchmarks", "parts.svg"): _parts_chart(data),
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


# --- text --------------------------------------------------------------------------------------


def _page(data: Data) -> str:
    return _TEMPLATE.format(
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
        yield _time(results["raw"][clock]["median"])
        for client in _OTHERS:
            if results[client] is None:
                yield _CANNOT[client, figure]
            else:
                yield _spread(results[client][f"{clock}_ratio"])

    head = ("figure", "raw urllib3", *(_NAMES[client] for client in _OTHERS))
    return _table(head, (row(*figure) for figure in _CALLS.items()))


def _threads_table(data: Data) -> str:
    results = data["figures"]["threads"]
    raw = f"{1 / results['raw']['wall']['median']:,.0f} calls/s"
    ratios = (_spread(_inverse(results[client]["wall_ratio"])) for client in _OTHERS)
    head = ("figure", "raw urllib3", *(_NAMES[client] for client in _OTHERS))
    return _table(head, [("calls a second, of raw", raw, *ratios)])


def _processes_table(data: Data) -> str:
    def row(title: str, figure: str, shown: Callable[[Mapping[str, Any]], str]) -> Iterable[str]:
        results = data["figures"][figure]
        return (title, *(shown(results[client]) for client in ("raw", *_OTHERS)))

    def over(figure: str) -> Callable[[Mapping[str, Any]], str]:
        bare = data["figures"][figure]["bare Python"]["cpu"]["median"]
        return lambda result: _time(result["cpu"]["median"] - bare)

    head = ("figure", *(_NAMES[client] for client in ("raw", *_OTHERS)))
    rows = (
        row("import the package", "import", over("import")),
        row("import what a get needs", "import-for-a-get", over("import-for-a-get")),
        row("first answer, of the floor", "first-answer", lambda r: _spread(r["cpu_ratio"])),
    )
    return _table(head, rows)


def _memory_row(data: Data) -> str:
    clients = ("raw", *_OTHERS)
    found = (f"{data['memory'][client] / 2**20:.2f} MiB" for client in clients)
    return _table(("figure", *(_NAMES[c] for c in clients)), [("memory over one page", *found)])


def _seconds(data: Data) -> dict[str, float]:
    stages = data["stages"].items()
    return {name: result["cpu"]["median"] for name, result in stages if result is not None}


def _parts_table(data: Data) -> str:
    seconds = _seconds(data)
    clients = ("raw", "ours", "openapi-generator")
    divided = [parts(client, seconds) for client in clients]
    rows = ((part, *(_time(each[part]) for each in divided)) for part in PARTS)
    whole = ("the whole get", *(_time(seconds[f"{client} get"]) for client in clients))
    return _table(("part", *(_NAMES[client] for client in clients)), [*rows, whole])


def _stages_table(data: Data) -> str:
    seconds = _seconds(data)
    rows = ((title, _time(seconds[f"raw {stage}"])) for stage, title in _STAGES.items())
    return _table(("by itself", "CPU"), rows)


def _time(seconds: float) -> str:
    if seconds >= 0.1:
        return f"{seconds:.2f} s" if seconds >= 1 else f"{1e3 * seconds:.0f} ms"
    return f"{1e3 * seconds:.1f} ms" if seconds >= 0.001 else f"{1e6 * seconds:.0f} µs"


def _spread(ratio: Mapping[str, float]) -> str:
    return f"**{ratio['median']:.2f}** ({ratio['low']:.2f}–{ratio['high']:.2f})"


def _inverse(ratio: Mapping[str, float]) -> dict[str, float]:
    return {
        "low": 1 / ratio["high"],
        "median": 1 / ratio["median"],
        "high": 1 / ratio["low"],
    }


# --- plots -------------------------------------------------------------------------------------


def _bars(values: Mapping[str, float | None], unit: str = "") -> list[Bar]:
    return [
        Bar(_NAMES[client], value, f"{value:.2f}{unit}", is_ours=client == "ours")
        for client, value in values.items()
        if value is not None
    ]


def _calls_chart(data: Data) -> str:
    def ratio(figure: str, client: str) -> float | None:
        result = data["figures"][figure][client]
        return result and float(result["cpu_ratio"]["median"])

    panels = [
        Panel(title, _bars({client: ratio(figure, client) for client in _OTHERS}), reference=1.0)
        for figure, title in _CALLS.items()
    ]
    threads = data["figures"]["threads"]
    speeds = {client: 1 / threads[client]["wall_ratio"]["median"] for client in _OTHERS}
    panels.append(Panel("32 threads: calls a second, more is better", _bars(speeds), 1.0))
    return bar_chart("CPU time as a multiple of raw urllib3 and json", panels)


def _processes_chart(data: Data) -> str:
    def over_bare(figure: str) -> dict[str, float | None]:
        results = data["figures"][figure]
        bare = results["bare Python"]["cpu"]["median"]
        clients = ("raw", *_OTHERS)
        return {client: 1e3 * (results[client]["cpu"]["median"] - bare) for client in clients}

    first = data["figures"]["first-answer"]
    ratios = {client: first[client]["cpu_ratio"]["median"] for client in ("raw", *_OTHERS)}
    panels = (
        Panel("importing the package", _bars(over_bare("import"), " ms")),
        Panel("importing what a get needs", _bars(over_bare("import-for-a-get"), " ms")),
        Panel("first answer, of the floor", _bars(ratios), reference=1.0),
    )
    return bar_chart("CPU time of a fresh process", panels)


def _parts_chart(data: Data) -> str:
    seconds = _seconds(data)
    clients = ("raw", "ours", "openapi-generator")
    stacks = {_NAMES[client]: parts(client, seconds) for client in clients}
    totals = {_NAMES[client]: _time(seconds[f"{client} get"]) for client in clients}
    return stacked_chart("Where the CPU time of a get goes", stacks, totals)


_STAGES = {
    "request": "`PoolManager.request`",
    "urlopen": "the pool's own `urlopen`",
    "parse-head": "the standard library's parser, on the answer's head",
    "socket": "the socket: the same bytes sent and received",
    "decode-one": "`json.loads` of one key",
}
_TEMPLATE = """\
# Benchmarks

What a call costs, beside urllib3 and `json` alone, and beside what else one might use. `tox -e
bench` measures all of it anew and writes this page; [the data](benchmarks/data.json) stand beside
it.

All figures are **ratios to raw urllib3**: `PoolManager.request` and `json.loads`, in a loop, and
nothing else. 1.00 is as fast as that; what is above is what the client takes for itself. The number
in bold is the median, behind it stand the lower and upper quartile.

- *this client*, as its [README](../README.md) shows it: arguments checked, retries, a deadline,
  typed models.
- *OpenAPI Generator*: the client that it makes of [openapi.yaml](openapi.yaml), on urllib3 and
  pydantic.
- *openapi-python-client*: the client that it makes of the same file, on httpx and attrs.
- *httpx by hand*: an `httpx.Client` and `.json()`; like raw urllib3, it has no models, and does
  less than the others.

Going through all keys is an iterator here, and a loop of calls with `page_token` in the others,
which have nothing for it.

## Calls

![CPU time as a multiple of raw urllib3](benchmarks/calls.svg)

CPU time of the client's process:

{cpu}

Wall time, the service's own included:

{wall}

Thirty-two threads that share one client and make gets; here more is better:

{threads}

Memory that going through 100,000 keys takes at most, beyond what one page takes:

{memory}

## A fresh process

![CPU time of a fresh process](benchmarks/processes.svg)

CPU time. Imports are what they take over a Python that does nothing. The first answer is a whole
process, from its start to its end: imports, client, one get. Its floor is a process that imports
urllib3 and pydantic and makes one raw call. The package itself loads its parts when they are first
used, which is why the second line is what a program that makes calls sees.

{processes}

## Where the time of a get goes

![Where the CPU time of a get goes](benchmarks/parts.svg)

{parts}

Each part is measured by itself and subtracted, with no profiler to slow it down: the socket as
bytes sent and received by hand; the transport as the whole get less one whose exchange is replaced
by an answer that is there already; the decoding as the body alone. For comparison:

{stages}

A get of this client makes {counts}. Those counts depend on no machine, and a test holds them.

## What was tried and not kept

{tried}

## How it is measured

{conditions}

- The service is a process of its own that answers with bytes made beforehand, over connections that
  stay open. Each client has a process of its own too, so that none pays for what another imported
  or left to the garbage collector, which is on, and has been run before each block.
- A block is many calls in a row. The clients' blocks take turns, in every round in the opposite
  order, and each is compared with raw urllib3's block of the same round: a machine that is busy for
  a while slows all of them down. All processes are started anew several times, because how one
  happens to lie in memory makes it some per cent faster or slower for as long as it lives.
- To try one figure: `PYTHONPATH=.:test python -m bench get`; the calls and the parts of a get:
  `PYTHONPATH=.:test python -m bench.profile_get`.
"""


if __name__ == "__main__":
    write(read())
