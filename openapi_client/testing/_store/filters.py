"""The filters of a listing: exact ones respect case, partial ones do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from .checks import is_object
from .clouds import identifier


@dataclass(frozen=True)
class Filters:
    """What a listing is restricted to, by the names of the query parameters; empty for all."""

    provider: str = ""
    state: str = ""
    display_name: str = ""
    validation_phase: str = ""
    validation_region: str = ""
    key: str = ""

    def match(self, document: Mapping[str, Any]) -> bool:
        """Whether the document of a key passes every filter."""
        return all(_TESTS[name](document, text) for name, text in vars(self).items() if text)


FILTER_NAMES = tuple(field.name for field in fields(Filters))


def _validation(document: Mapping[str, Any], name: str) -> object:
    # Seeded documents may have any shape, so that nothing can be taken for granted.
    validation = document.get("validation")
    return validation.get(name) if is_object(validation) else None


def _contains(value: object, text: str) -> bool:
    return text.casefold() in str(value or "").casefold()


_TESTS: Mapping[str, Callable[[Mapping[str, Any], str], bool]] = {
    "provider": lambda document, text: document["provider"] == text,
    "state": lambda document, text: document["state"] == text,
    "display_name": lambda document, text: _contains(document.get("display_name"), text),
    "validation_phase": lambda document, text: _validation(document, "phase") == text,
    "validation_region": lambda document, text: _validation(document, "region") == text,
    "key": lambda document, text: _contains(identifier(document["key"]), text),
}
