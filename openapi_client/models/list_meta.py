"""The model `ListMeta`."""

from typing import Annotated

from pydantic import Field, StrictInt

from ._base import Model
from ._fields import Str


class ListMeta(Model):
    """Where a page stands in its list (contract, section 2.5).

    The links are URIs, or ``None`` where there is no such page; ``total_size`` counts the items
    of the whole list.
    """

    first: Str | None = None
    last: Str | None = None
    prev: Str | None = None
    next: Str | None = None
    total_size: Annotated[StrictInt | None, Field(ge=0)] = None
