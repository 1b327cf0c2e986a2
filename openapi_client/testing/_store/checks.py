"""Checks of values whose types nobody has checked yet."""

import math
from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def is_text(value: object, least: int = 0) -> bool:
    return isinstance(value, str) and len(value) >= least


def is_count(value: object, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_duration(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < math.inf


def require(valid: bool, name: str, expected: str, value: object) -> None:
    """Refuse an argument with `ValueError` unless it is valid."""
    if not valid:
        raise ValueError(f"{name} must be {expected}, not {value!r}")
