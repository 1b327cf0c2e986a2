"""The values that are documented for fields which may hold any text.

The service may send others at any time, so none of these is an enumeration::

    if key.validation.phase == ValidationPhase.VALID: ...
    api.list_byok_v1_keys(provider=Provider.AZURE)
"""

from functools import cache
from typing import Final


class Provider:
    """The cloud of a key: ``provider`` of keys, and a filter of lists."""

    AWS: Final = "AWS"
    AZURE: Final = "Azure"
    """As it is on the wire; the description of 2023 had ``AZURE``."""
    GCP: Final = "GCP"


class KeyState:
    """Whether a cluster uses a key: ``state`` of keys, and a filter of lists."""

    AVAILABLE: Final = "AVAILABLE"
    IN_USE: Final = "IN_USE"


class ValidationPhase:
    """How the service's attempts to use a key went: ``validation.phase`` of keys."""

    INITIALIZING: Final = "INITIALIZING"
    """No attempt has succeeded yet."""
    VALID: Final = "VALID"
    """The last attempt succeeded."""
    INVALID: Final = "INVALID"
    """The last attempt failed."""


_FILTERS: dict[str, type] = {
    "provider": Provider,
    "state": KeyState,
    "validation_phase": ValidationPhase,
}


def documented(*kinds: type) -> list[str]:
    """The values that these classes document."""
    return [value for kind in kinds for name, value in vars(kind).items() if name.isupper()]


def as_documented(value: str, *kinds: type) -> str:
    """The value in the service's own spelling, where one of the classes documents it.

    Upper and lower case are the same here, and so are ``-`` and ``_``.
    """
    return _spellings(*kinds).get(_folded(value), value)


def filter_value(name: str, value: str) -> str:
    """The value of a filter of lists, as ``as_documented`` gives it."""
    kind = _FILTERS.get(name)
    return as_documented(value, kind) if kind else value


@cache
def _spellings(*kinds: type) -> dict[str, str]:
    return {_folded(spelling): spelling for spelling in documented(*kinds)}


def _folded(value: str) -> str:
    return value.casefold().replace("-", "_")
