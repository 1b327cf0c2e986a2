"""The model `ByokV1KeyValidation`."""

from ._base import Model
from ._fields import ReadOnly, Str, Time


class ByokV1KeyValidation(Model):
    """Whether the service could use the key.

    ``phase`` is ``INITIALIZING`` until the first success, then ``VALID`` or ``INVALID`` as the
    last attempt went; others may come. ``since`` changes with ``phase`` and with ``message``.
    ``region`` is the cloud region of the key, known after a success.
    """

    phase: Str
    message: Str | None = None
    since: Time
    region: ReadOnly[Str | None] = None
