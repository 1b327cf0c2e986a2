"""The model `ListMeta`."""

from ._base import Model
from ._fields import Count, Str


class ListMeta(Model):
    """Where a page stands in its list.

    The links are URIs, or ``None`` where there is no such page; ``total_size`` counts the items
    of the whole list.
    """

    first: Str | None = None
    last: Str | None = None
    prev: Str | None = None
    next: Str | None = None
    total_size: Count | None = None
