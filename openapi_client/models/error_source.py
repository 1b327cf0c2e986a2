"""The model `ErrorSource`."""

from ._base import Model
from ._fields import Str


class ErrorSource(Model):
    """The part of a request that an error is about.

    ``pointer`` is a JSON Pointer into the body, ``parameter`` the name of a query parameter.
    """

    pointer: Str | None = None
    parameter: Str | None = None
