"""JSON values as Python has them, told apart for the type checkers."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


def copied(value: Any) -> Any:
    """A copy, all the way down, of a JSON value."""
    if is_object(value):
        return {name: copied(member) for name, member in value.items()}
    return [copied(member) for member in value] if is_array(value) else value
