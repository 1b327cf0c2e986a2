"""The model `Failure`."""

from ._base import Model
from .error import Error


class Failure(Model):
    """The body of an answer that is no success (contract, section 2.8)."""

    errors: list[Error]
