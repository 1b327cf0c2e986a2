"""The values that are documented for fields which may hold any text.

The service may send others at any time, so none of these is an enumeration::

    if key.validation.phase == ValidationPhase.VALID: ...
    api.list_byok_v1_keys(provider=Provider.AZURE)
"""

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


_DOCUMENTED = {
    "provider": {"AWS", "Azure", "GCP"},
    "state": {"AVAILABLE", "IN_USE"},
    "validation_phase": {"INITIALIZING", "VALID", "INVALID"},
}
_BY_FOLDED = {
    name: {value.casefold(): value for value in values} for name, values in _DOCUMENTED.items()
}


def as_documented(name: str, value: str) -> str:
    """The value of a filter in the service's own spelling, where it is a documented one."""
    return _BY_FOLDED.get(name, {}).get(value.casefold(), value)
