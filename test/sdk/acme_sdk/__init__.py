"""Keys, as the SDK of the company Acme offers them: an example of an SDK around this library."""

from .errors import AcmeError, KeyInUse, NotPermitted, Unavailable
from .keys import Keys
from .sessions import Session

__all__ = ["AcmeError", "KeyInUse", "Keys", "NotPermitted", "Session", "Unavailable"]
