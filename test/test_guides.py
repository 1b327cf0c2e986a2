"""What the guides list is all there is, and as the code has it."""

import configparser
import inspect
import re
from pathlib import Path

import pytest

import openapi_client
from openapi_client import RetryPolicy, exceptions
from openapi_client._core.attempts import Delivery
from openapi_client.retry import Outcome, is_ambiguous, wait_before_retry

_ROOT = Path(__file__).parents[1]


def _page(name: str) -> str:
    return (_ROOT / name).read_text(encoding="utf-8")


def _table(page: str, first_cell: str) -> list[list[str]]:
    """The rows of the table whose head begins with a cell, each as its cells."""
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in page[page.index(f"| {first_cell} |") :].partition("\n\n")[0].splitlines()
    ]
    return rows[2:]


# Failures


def test_every_exception_has_advice() -> None:
    """A user who looks an exception up finds what it means and what to do."""
    page = _page("docs/failures.md")
    public = [
        name
        for name in dir(openapi_client)
        if inspect.isclass(getattr(openapi_client, name))
        and issubclass(getattr(openapi_client, name), openapi_client.OpenApiException)
    ]
    assert len(public) > 15
    tree, _, rest = page.partition("## What each has")
    advised = rest[rest.index("## What to do") :]
    assert [name for name in public if name not in tree] == []
    bases = {"OpenApiException", "ApiException", "ApiKeyError"}
    assert [name for name in public if f"`{name}`" not in advised and name not in bases] == []


def _drawn(text: str) -> list[tuple[str, str]]:
    """The tree of exceptions in a text, from the top: each class with the one it stands below."""
    [(margin, root)] = re.findall(r"^( *)(OpenApiException)$", text, re.MULTILINE)
    found: list[tuple[str, str]] = []
    above: list[str] = [root]
    for before, name in re.findall(r"^([ │]*[├└]── )(\w+)", text, re.MULTILINE):
        depth = (len(before) - len(margin)) // 4
        found.append((name, above[depth - 1]))
        above[depth:] = [name]
    return found


def test_the_tree_is_that_of_the_code() -> None:
    """The page and the docstring draw the same tree, and it is the one of the classes."""
    tree = _drawn(_page("docs/failures.md"))
    assert tree == _drawn(exceptions.__doc__ or "")
    assert len(tree) > 15
    names = {"OpenApiException", *dict(tree)}
    for name, parent in tree:
        ancestors = [base.__name__ for base in getattr(exceptions, name).__mro__[1:]]
        assert next(each for each in ancestors if each in names) == parent, name


# Retries

_OUTCOMES: dict[str, list[Outcome]] = {
    "surely not sent: no name, no connection, no proxy": [Outcome(Delivery.NOT_SENT)],
    "a proxy refuses the request (407)": [Outcome(Delivery.REFUSED)],
    "sent, and no complete answer": [Outcome(Delivery.UNANSWERED)],
    "429 that says how long to wait": [Outcome(Delivery.ANSWERED, 429, 1.0)],
    "429 that does not; 503 with `Retry-After`": [
        Outcome(Delivery.ANSWERED, 429),
        Outcome(Delivery.ANSWERED, 503, 1.0),
    ],
    "408, and every 5xx but 501 and 505": [
        Outcome(Delivery.ANSWERED, status) for status in (408, 500, 502, 503, 504, 520, 599)
    ],
    "other 4xx, 501, 505, a certificate that is refused": [
        Outcome(Delivery.ANSWERED, status) for status in (400, 401, 403, 404, 409, 422, 501, 505)
    ],
}
_METHODS = {1: ("GET",), 2: ("DELETE", "PATCH"), 3: ("POST",)}


def _decision(method: str, outcome: Outcome) -> str:
    wait = wait_before_retry(
        RetryPolicy(), method, 1, outcome, {outcome.delivery: 1}, time_left=60.0, jitter=0.5
    )
    if wait is not None:
        return "retry"
    return "raise, `outcome_unknown`" if is_ambiguous(method, outcome) else "raise"


@pytest.mark.parametrize("row", _table(_page("docs/retries.md"), "what happened"), ids=str)
def test_table_of_retries(row: list[str]) -> None:
    """What the table says of a method is what the policy decides."""
    if row[0] == "a 2xx that cannot be the answer":  # Not the policy's: test/wire has it.
        return
    for column, methods in _METHODS.items():
        said = row[column].replace("the same", row[1]).removesuffix(" at once")
        for outcome in _OUTCOMES[row[0]]:
            for method in methods:
                assert said.partition(", until")[0] == _decision(method, outcome)


def test_a_wait_that_is_told_is_no_failed_attempt() -> None:
    """A 429 that says how long to wait is retried however often it came, until the deadline."""
    told = Outcome(Delivery.ANSWERED, 429, 1.0)
    for time_left, waits in ((60.0, True), (0.5, False)):
        wait = wait_before_retry(
            RetryPolicy(), "POST", 50, told, {}, time_left=time_left, jitter=0.5
        )
        assert (wait is not None) == waits


# Settings


def test_every_environment_variable_is_listed() -> None:
    """A variable that changes what the library does is on the page, and no other is."""
    sources = (_ROOT / "openapi_client").rglob("*.py")
    read = {
        name
        for path in sources
        if "testing" not in path.parts
        for name in re.findall(r'"(CONFLUENT_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert read == set(re.findall(r"`(CONFLUENT_[A-Z_]+)`", _page("docs/settings.md")))


# Contributing


def test_every_environment_of_tox_is_explained() -> None:
    """A maintainer knows what each environment is for."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(_ROOT / "tox.ini", encoding="utf-8")
    names = [section.partition(":")[2] for section in tox.sections() if ":" in section]
    page = _page("CONTRIBUTING.md")
    assert [name for name in names if f"`tox -e {name}" not in page] == []
