"""Shows where a get goes: its calls of our own functions, and the time of its stages.

PYTHONPATH=.:test python -m bench.profile_get            the calls, in order, then the times
PYTHONPATH=.:test python -m bench.profile_get --calls    the calls only
PYTHONPATH=.:test python -m bench.profile_get --times    the times only
"""

from __future__ import annotations

import sys
from collections import Counter

from .counts import calls_of_a_get
from .figures import Session
from .measuring import serving
from .stages import parts


def _calls(url: str) -> None:
    counted = calls_of_a_get(url)
    print(counted)
    print("\nThe same by function, the most frequent first:")
    for function, count in Counter(map(str.strip, counted.functions)).most_common():
        print(f"{count:4} {function}")


def _times(url: str) -> None:
    stages = Session(url, ["raw", "ours"], ()).stages()
    print("\nCPU time by itself, µs (lower and upper quartile):")
    for name, measured in stages.items():
        assert measured is not None
        cpu = measured.cpu
        print(f"{cpu.median * 1e6:9.1f}  {name:26} ({cpu.low * 1e6:.1f}–{cpu.high * 1e6:.1f})")
    seconds = {name: measured.cpu.median for name, measured in stages.items() if measured}
    for client in ("raw", "ours"):
        print(f"\nThe CPU time of a get, {client}, by its parts, µs and of the raw get:")
        for part, amount in parts(client, seconds).items():
            print(f"{amount * 1e6:9.1f} {amount / seconds['raw get']:6.2f}  {part}")


def main() -> None:
    """Print what is asked for."""
    with serving() as url:
        if "--times" not in sys.argv:
            _calls(url)
        if "--calls" not in sys.argv:
            _times(url)


main()
