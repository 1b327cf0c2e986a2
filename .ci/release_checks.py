"""The checklist of a release: ``python .ci/release_checks.py`` before the tag is set.

First what can be read off the files, then what takes time: the environments of tox, one after the
other. With ``--files`` only the first part runs. What is not in order is printed, and the exit code
is 1 then.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_ENVIRONMENTS = (
    "lint,types,pyright",
    "full,py310,py311,py312,py313,py314",
    "lowest",
    "package",
    "docs,site",
    "parity",
    "compat,compat-niquests",
    "simulation",
    "conformance",
    "campaign",
    "fuzz",
)
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_VERSION = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.MULTILINE)


def faults_of_files(root: Path) -> Iterator[str]:
    """What in the files of the project is not fit for a release, a line each."""
    found = _VERSION.search((root / "openapi_client" / "_version.py").read_text(encoding="utf-8"))
    if found is None:
        yield "openapi_client/_version.py: the version is no x.y.z"
        return
    version = found[1]
    sections = _SECTION.findall((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    titles = [title for title, _ in sections]
    if titles[:2] != ["Unreleased", version]:
        yield f"CHANGELOG.md: its first sections have to be Unreleased and {version}"
    if any(text.strip() for title, text in sections if title == "Unreleased"):
        yield f"CHANGELOG.md: what is under Unreleased belongs under {version}"
    least = ".".join(version.split(".")[:2])
    if f"confluent-byok-client>={least}," not in _text(root / "docs" / "wrapping.md"):
        yield f"docs/wrapping.md: the pin that it shows has to begin with {least}"


def faults_of_the_tree(root: Path) -> Iterator[str]:
    """What git says against a release."""
    if _git(root, "status", "--porcelain"):
        yield "there are changes that are not committed"
    found = _VERSION.search(_text(root / "openapi_client" / "_version.py"))
    if found and _git(root, "tag", "--list", f"v{found[1]}"):
        yield f"the tag v{found[1]} is there already: raise the version"
    if locks := _git(root, "ls-files", "*.lock", "*-lock.json"):
        yield f"lock files name somebody's registry: {locks}"


def faults_of_environments() -> Iterator[str]:
    """What tox says, an environment at a time."""
    for names in _ENVIRONMENTS:
        print(f"tox -e {names}", flush=True)
        if subprocess.run([sys.executable, "-m", "tox", "-q", "-e", names], check=False).returncode:
            yield f"tox -e {names} failed"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> int:
    """Run the list; 0 where all is in order."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", action="store_true", help="only what is read off the files")
    options = parser.parse_args()
    faults = [*faults_of_files(_ROOT), *faults_of_the_tree(_ROOT)]
    if not options.files:
        faults += faults_of_environments()
    print(*faults or ["Set the tag, build, upload: all is in order."], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
