"""What is known of one attempt of a call: what ``on_attempt`` is told, and what results keep."""

from dataclasses import dataclass
from enum import Enum


class Delivery(Enum):
    """How far an attempt came."""

    REFUSED = "not sent, and not worth another try"
    NOT_SENT = "surely not sent"
    UNANSWERED = "sent, no complete answer"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Attempt:
    """One exchange with the service, successful or not. It holds no secret."""

    number: int
    """1 for the first attempt of a call."""
    method: str
    """The HTTP method."""
    path: str
    """The path of the URL, without its query."""
    status: int | None
    """The HTTP status, or ``None`` where no answer came."""
    error: str | None
    """What went wrong where no answer came, in a few words."""
    request_id: str | None
    """The service's ``X-Request-Id``."""
    duration: float
    """Seconds from the start of the attempt to the end of its answer."""
    wait: float | None
    """Seconds that will be waited before the next attempt; ``None`` where this one is the last."""
