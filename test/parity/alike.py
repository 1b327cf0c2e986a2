"""What both clients made of the same answer, compared."""

from __future__ import annotations

from typing import Any


def assert_alike(theirs: Any, ours: Any) -> None:
    """Field by field: the same values under the same names, in models of the same names."""
    if hasattr(theirs, "actual_instance"):
        assert_alike(theirs.actual_instance, ours.actual_instance)
    elif hasattr(type(theirs), "model_fields"):
        assert type(ours).__name__ == type(theirs).__name__
        for name in type(theirs).model_fields:
            assert_alike(getattr(theirs, name), getattr(ours, name))
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for their_item, our_item in zip(theirs, ours, strict=True):
            assert_alike(their_item, our_item)
    else:
        assert ours == theirs
