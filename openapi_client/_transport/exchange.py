"""One exchange while it goes on: how far it came, and how long its next step may take."""

from contextvars import ContextVar
from typing import Any

from .timeouts import CallTimeout


class Exchange:
    """What the parts of one exchange know of each other; urllib3 makes them one by one."""

    __slots__ = (
        "began",
        "connect_by",
        "connecting",
        "connection",
        "is_sending",
        "limits",
        "max_idle_for_post",
        "method",
        "proxy_status",
        "response",
        "timeout",
    )

    def __init__(self, method: str, timeout: CallTimeout, max_idle_for_post: float) -> None:
        self.method: str = method
        self.max_idle_for_post: float = max_idle_for_post
        """Seconds for which a connection may have been idle that a POST goes out on."""
        self.timeout: CallTimeout = timeout
        self.connecting: bool = False
        """Whether a failure now comes before the first byte of the request."""
        self.is_sending: bool = False
        """Whether a part of the request has been sent; until then the socket's timeout is fresh."""
        self.limits: Any = None
        """The ``urllib3.Timeout`` of the exchange."""
        self.connection: Any = None
        """The connection, once it was taken from its pool."""
        self.response: Any = None
        """The ``TimedResponse`` that is being read, or ``None`` where another class reads it."""
        self.proxy_status: int | None = None
        """The status of a proxy's answer to ``CONNECT``."""
        self.began: float = timeout.clock.monotonic()
        """The time by the clock of the call."""
        self.connect_by: float = min(self.began + timeout[0], timeout.deadline)
        """When a connection has to stand, by the clock of the call."""

    def left(self, longest: float) -> float:
        """The seconds for the next step: at most ``longest``, and not beyond the deadline.

        Raises ``TimeoutError`` where none are left.
        """
        left = min(longest, self.timeout.left())
        if left <= 0:
            raise TimeoutError("the time is up")
        return left

    def left_to_connect(self) -> float:
        """As ``left``, for all that comes before the request: addresses, proxy and TLS."""
        return self.left(self.connect_by - self.timeout.clock.monotonic())


current: ContextVar[Exchange | None] = ContextVar("openapi_client_exchange", default=None)
"""The exchange that goes on in this thread, for the parts that urllib3 makes itself."""
