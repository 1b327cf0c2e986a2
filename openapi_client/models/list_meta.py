"""The model `ListMeta`."""

from typing import Annotated

from pydantic import Field

from ._base import Model
from ._fields import Int, Str


class ListMeta(Model):
    """Where a page stands in its list.

    The links are URIs, or ``None`` where there is no such page; ``total_size`` counts the items
    of the whole list.
    """

    first: Str | None = None
    last: Str | None = None
    prev: Str | None = None
    next: Str | None = None
    total_size: Annotated[Int | None, Field(ge=0)] = None
