"""The model `Failure`."""

from ._base import Model
from ._fields import Tolerant
from .error import Error


class Failure(Model):
    """The body of an answer that is no success."""

    errors: Tolerant[list[Error]]
