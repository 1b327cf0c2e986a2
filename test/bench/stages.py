"""The time of a get, divided up: by subtracting what a part takes by itself from the whole."""

from __future__ import annotations

from collections.abc import Mapping

SOCKET = "socket"
TRANSPORT = "HTTP: request, head, body"
DECODING = "decoding the body"
REST = "arguments, retries, result"
PARTS = (SOCKET, TRANSPORT, DECODING, REST)


def parts(client: str, seconds: Mapping[str, float]) -> dict[str, float]:
    """The seconds of each part of a get.

    Args:
        client: "raw", or one that has the interface of OpenAPI Generator's.
        seconds: what was measured, by client and stage (see `contestants/stages.py`).
    """
    whole, decoding = seconds[f"{client} get"], seconds[f"{client} decode-one"]
    socket = seconds["raw socket"]
    if client == "raw":
        transport = seconds["raw request"]
    else:
        transport = whole - seconds[f"{client} without-transport"]
    rest = whole - transport - decoding
    # Where there is next to nothing left, noise may make it less than that.
    amounts = (socket, transport - socket, decoding, max(rest, 0.0))
    return dict(zip(PARTS, amounts, strict=True))
