"""Move every pinned tool to its newest version, in the files in which it is pinned.

All of them together are resolved by pip, for the interpreter that this runs on: the oldest one
that the library supports. What changed is printed; run the tests before you commit it.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_RUNNERS = re.compile(r"(?<= )(tox|virtualenv)()==(\S+)")
_PLACES = {
    "pyproject.toml": re.compile(r'(?<=")([A-Za-z0-9._-]+)(\[[a-z]+\])?==([^"]+)(?=")'),
    "tox.ini": _RUNNERS,
    "README.md": _RUNNERS,
    ".ci/run": _RUNNERS,
}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _newest(names: set[str]) -> dict[str, str]:
    """The newest versions that go together."""
    report = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"),
            *("--ignore-installed", "--report", "-", *sorted(names)),
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    found = (item["metadata"] for item in json.loads(report.stdout)["install"])
    return {_normal(each["name"]): each["version"] for each in found}


def main() -> None:
    """Rewrite the pins."""
    texts = {name: (_ROOT / name).read_text(encoding="utf-8") for name in _PLACES}
    pins = [pin for name, text in texts.items() for pin in _PLACES[name].findall(text)]
    newest = _newest({tool for tool, _, _ in pins})

    def moved(pin: re.Match[str]) -> str:
        tool, extra, old = pin.group(1), pin.group(2) or "", pin.group(3)
        new = newest[_normal(tool)]
        if new != old:
            print(f"{tool}: {old} -> {new}")
        return f"{tool}{extra}=={new}"

    for name, text in texts.items():
        (_ROOT / name).write_text(_PLACES[name].sub(moved, text), encoding="utf-8")


if __name__ == "__main__":
    main()
