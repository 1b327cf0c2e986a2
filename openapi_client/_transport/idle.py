"""The idle connections of a pool, in a queue that Ctrl-C cannot leave locked."""

import queue
from typing import Any

from typing_extensions import override


class IdleConnections(queue.LifoQueue[Any]):
    """The connections that a pool keeps, the last one first.

    The standard library's queue takes its lock in Python: where Ctrl-C comes before the block that
    gives it back, nobody does, and the next to ask waits for ever. To append to a list and to pop
    takes one step each, and no lock. Threads that put at once may keep a few more than the most.
    """

    _is_waited_for = False

    @override
    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Keep a connection. Raises ``queue.Full`` where enough are kept; it never waits."""
        if 0 < self.maxsize <= len(self.queue):
            raise queue.Full
        self.queue.append(item)
        # Whoever waits says so before looking for a connection: either finds the other.
        if self._is_waited_for:
            with self.not_empty:
                self.not_empty.notify()

    @override
    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take a connection. Raises ``queue.Empty`` where there is none, or none comes in time."""
        try:
            if block:  # Only a pool that makes callers wait for each other asks so.
                self._is_waited_for = True
                return super().get(block, timeout)
            return self.queue.pop()
        except IndexError:
            raise queue.Empty from None


def queue_class(chosen: Any) -> Any:
    """``IdleConnections`` in place of the standard library's queue, and of no other.

    gevent, eventlet and programs may have put queues of theirs in its place.
    """
    is_standard = chosen is queue.LifoQueue and chosen.__module__ == queue.__name__
    return IdleConnections if is_standard else chosen
