"""Waiting for many keys at once: with one deadline, and with few calls."""

from collections.abc import Callable, Iterable, Mapping

from .. import _checks
from .._core.clock import Clock
from ..exceptions import (
    ApiTypeError,
    ForbiddenException,
    NotFoundException,
    WaitFailedException,
)
from ..models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner
from .failures import failure_in, is_transient
from .find import checked_key
from .polling import Schedule
from .results import Key, WaitProgress, WaitResult
from .wait import Goal, KeyWatch

_FEW = 3
"""So many keys are read one by one; for more, the list takes fewer calls."""


class KeysWatch:
    """Many keys that are waited for together.

    Args:
        ids: The ids of the keys.
        goal: What each is waited for to be.
        read: Reads one key, within so many seconds.
        list_all: Lists all keys.
        on_progress: Called for each key that is done with.
        clock: The source of time.
    """

    def __init__(
        self,
        ids: Iterable[str],
        goal: Goal,
        *,
        read: Callable[[str, float], object],
        list_all: Callable[[], Iterable[ByokV1KeyListDataInner]],
        on_progress: Callable[[WaitProgress], object] | None,
        clock: Clock,
    ) -> None:
        self._ids = _checked_ids(ids)
        self._waiting = {id: KeyWatch(goal) for id in self._ids}
        self._schedule = Schedule(goal.timeout, clock)
        self._read = read
        self._list_all = list_all
        self._on_progress = on_progress
        self._clock = clock
        self._results: dict[str, WaitResult] = {}

    def wait(self) -> list[WaitResult]:
        """The result of each key, in the order of their ids."""
        while self._waiting:
            error = self._look()
            failure = failure_in(error)
            if error and not (failure and is_transient(failure)):
                # It is not about one key: for the others, a try would end likewise.
                self._finish(dict.fromkeys(self._waiting, error))
            now = self._clock.monotonic()
            soon = min((each.grace_left(now) for each in self._waiting.values()), default=0.0)
            if self._waiting and not self._schedule.sleep(failure, at_most=soon):
                self._finish({id: each.timed_out() for id, each in self._waiting.items()})
        return [self._results[id] for id in self._ids]

    def _look(self) -> Exception | None:
        """Look at each key once; gives what kept it from looking at all, if anything did."""
        over: dict[str, Exception | None] = {}
        trouble: Exception | None = None
        # The end of all of it: each read by itself may take what is left of that.
        end = self._clock.monotonic() + self._schedule.time_to_look()
        try:
            seen = self._listed() if len(self._waiting) > _FEW else {}
            for id in [*self._waiting]:
                if id in seen or self._clock.monotonic() < end:
                    self._note(id, seen.get(id), end, over)
        except Exception as error:
            if failure_in(error) is None:
                raise
            trouble = error
        self._finish(over)
        return trouble

    def _listed(self) -> dict[str, Key]:
        try:
            return {
                item.id: Key.from_dict(item.to_dict())
                for item in self._list_all()
                if item.id in self._waiting
            }
        except Exception as error:
            for watch in self._waiting.values():
                watch.error = error
            raise

    def _note(
        self, id: str, key: Key | None, end: float, over: dict[str, Exception | None]
    ) -> None:
        """Note how a key is, and whether that is all. One that was not listed is read by itself."""
        # To the end of the line: a key that cannot be read keeps no other from being looked at.
        watch = self._waiting[id] = self._waiting.pop(id)
        try:
            key = key or checked_key(self._read(id, end - self._clock.monotonic()))
            watch.error = None
            if watch.is_reached(key, self._clock.monotonic()):
                over[id] = None
        except WaitFailedException as error:
            over[id] = error
        except Exception as error:
            watch.error = error
            if not isinstance(failure_in(error), NotFoundException | ForbiddenException):
                raise
            over[id] = error

    def _finish(self, over: Mapping[str, Exception | None]) -> None:
        for id, error in over.items():
            result = WaitResult(id, self._waiting.pop(id).key, error)
            self._results[id] = result
            if self._on_progress:
                self._on_progress(WaitProgress(result, len(self._results), len(self._ids)))


def _checked_ids(ids: Iterable[str]) -> list[str]:
    """The ids, each once."""
    if isinstance(ids, str):
        raise ApiTypeError("ids has to be a list of ids, not one")
    return [*dict.fromkeys(_checks.path_segment(f"ids[{i}]", id) for i, id in enumerate(ids))]
