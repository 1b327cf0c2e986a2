"""The filters of a listing (contract section 1.1).

Exact filters respect case, partial ones do not. An empty value filters nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ._json import is_object
from ._keys import identifier


@dataclass(frozen=True)
class Filters:
    """What a listing is restricted to; the fields are the names of the query parameters."""

    provider: str = ""
    state: str = ""
    display_name: str = ""
    validation_phase: str = ""
    validation_region: str = ""
    key: str = ""

    def test(self) -> Callable[[Mapping[str, Any]], bool]:
        """A test that tells whether a key document passes every filter given."""
        tests = [_TESTS[name](wanted) for name, wanted in vars(self).items() if wanted]
        return lambda document: all(test(document) for test in tests)


FILTER_NAMES = tuple(field.name for field in fields(Filters))


def _equals(*path: str) -> Callable[[str], Callable[[Mapping[str, Any]], bool]]:
    return lambda wanted: lambda document: _value(document, path) == wanted


def _contains(read: Callable[[Mapping[str, Any]], Any]) -> Callable[[str], Any]:
    def test(wanted: str) -> Callable[[Mapping[str, Any]], bool]:
        part = wanted.casefold()
        return lambda document: part in str(read(document) or "").casefold()

    return test


def _value(document: Any, path: Iterable[str]) -> Any:
    # Seeded documents may have any shape, so that nothing can be taken for granted on the way.
    for name in path:
        document = document.get(name) if is_object(document) else None
    return document


_TESTS: Mapping[str, Callable[[str], Callable[[Mapping[str, Any]], bool]]] = {
    "provider": _equals("provider"),
    "state": _equals("state"),
    "display_name": _contains(lambda document: document.get("display_name")),
    "validation_phase": _equals("validation", "phase"),
    "validation_region": _equals("validation", "region"),
    "key": _contains(lambda document: identifier(document.get("key"))),
}
