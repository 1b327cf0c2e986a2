"""Tasks that take turns on a clock of their own: one runs, all others sleep.

Each task is a thread, so that it may sleep anywhere inside code that knows nothing of it. Who
sleeps hands the turn to whoever wakes next, and the clock jumps there: a simulated hour costs
nothing, and the same seed gives the same order on every machine.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from itertools import count

_MOST_STEPS = 200_000
"""Of one world; whatever needs more is not going to end."""


class Endless(BaseException):
    """The world goes on and on. No ``Exception``, so that no handler keeps a task in it."""


class _Task:
    """One thread and the lock that holds it until its turn comes."""

    def __init__(self, run: Callable[[], None] | None = None) -> None:
        self._turn = threading.Lock()
        self._turn.acquire()
        self._thread = None if run is None else threading.Thread(target=run, daemon=True)

    def go_on(self) -> None:
        if self._thread is None or self._thread.ident is not None:
            self._turn.release()
        else:
            self._thread.start()

    def wait(self) -> None:
        self._turn.acquire()


class Turns:
    """The tasks of a world and its time, in seconds since it began."""

    def __init__(self, most_steps: int = _MOST_STEPS) -> None:
        self.now = 0.0
        self.steps = 0
        self._most_steps = most_steps
        self._queue: list[tuple[float, int, _Task | Callable[[], None]]] = []
        self._order = count()
        self._main = _Task()
        self._running = self._main
        self._failure: BaseException | None = None

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Do something at a time, in no task: it must not sleep."""
        self._plan(when, action)

    def start(self, when: float, run: Callable[[], None]) -> None:
        """Begin a task at a time."""

        def whole() -> None:
            try:
                run()
            except BaseException as error:  # noqa: BLE001 - `run` raises it where it is seen.
                self._failure = self._failure or error
            self._hand_on().go_on()

        self._plan(when, _Task(whole))

    def sleep(self, seconds: float) -> None:
        """Let the others go on for so long."""
        if self.steps > self._most_steps:
            raise Endless
        me = self._running
        self._plan(self.now + seconds, me)
        following = self._hand_on()
        if following is not me:
            following.go_on()
            me.wait()

    def run(self) -> None:
        """Run until every task has ended. Raises what a task did not catch."""
        following = self._hand_on()
        if following is not self._main:
            following.go_on()
            self._main.wait()
        if self._failure:
            raise self._failure

    def _plan(self, when: float, item: _Task | Callable[[], None]) -> None:
        heapq.heappush(self._queue, (max(when, self.now), next(self._order), item))

    def _hand_on(self) -> _Task:
        """Who is next; what is to be done before that is done."""
        self._running = self._main
        while self._queue:
            self.now, _, item = heapq.heappop(self._queue)
            self.steps += 1
            if isinstance(item, _Task):
                self._running = item
                break
            item()
        return self._running
