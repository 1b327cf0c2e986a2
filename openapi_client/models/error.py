"""The model `Error`."""

from ._base import Model
from ._fields import Id, Int, Str, Tolerant
from .error_source import ErrorSource


class Error(Model):
    """One thing that was wrong with a request.

    ``id`` is to be quoted to Confluent's support; ``status`` is the HTTP status as text; ``code``
    is for programs, ``title`` and ``detail`` are for people. ``error_code`` and ``message`` come
    from older services.
    """

    id: Id | None = None
    status: Str | None = None
    code: Str | None = None
    title: Str | None = None
    detail: Str | None = None
    source: Tolerant[ErrorSource | None] = None
    error_code: Int | None = None
    message: Str | None = None
