"""Registering a key once, whatever happens on the way."""

import random
from collections.abc import Callable

from .. import _checks
from .._core.clock import Clock
from .._core.urls import id_in_location
from ..exceptions import (
    ApiException,
    ApiResponseException,
    ApiTimeoutException,
    ApiValueError,
    ConflictException,
    NotFoundException,
)
from ..models._identifiers import canonical_identifier
from ..models.create_byok_v1_key201_response import CreateByokV1Key201Response
from .failures import (
    failure_in,
    is_refused,
    is_success,
    is_transient,
    may_be_passed_over,
    may_have_registered,
)
from .find import Material, Reads, Sighting, agreeing, checked_key, identifier_of, look_for
from .polling import ROUNDING, Pauses, server_delay
from .results import EnsuredByokV1Key, Key

_LONGEST_PAUSE = 8.0
"""Seconds between two looks for a key that may have been registered."""


class Registrations:
    """What was registered here, and what may have been: a list may not show it yet."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        """The ids of registered keys, by their identifiers."""
        self.unsettled: dict[str, float] = {}
        """By identifiers, when the last request was sent whose outcome is unknown."""


class Registration:
    """One key on its way to be registered once.

    Args:
        wanted: Where the key lies.
        create: Registers it.
        reads: What finding it takes.
        before: The registrations before this one, which is added to them.
        settle: Seconds for which a list may lag behind a registration or a deletion.
        timeout: Seconds after which nothing is repeated any more.
        clock: The source of time.
    """

    def __init__(
        self,
        wanted: Material,
        create: Callable[[], object],
        reads: Reads,
        before: Registrations,
        *,
        settle: float,
        timeout: float,
        clock: Clock,
    ) -> None:
        self._wanted = wanted
        self._create = create
        self._reads = reads
        self._before = before
        self._identifier = canonical_identifier(wanted)
        self._settle = _checks.seconds("settle", settle, may_be_zero=True)
        self._end = clock.monotonic() + _checks.seconds("timeout", timeout)
        self._clock = clock
        self._may_be_ours = False
        """Whether a request of ours may have registered the key."""

    def ensure(self) -> EnsuredByokV1Key:
        """Look for the key, and register it where it is not there.

        Raises:
            KeyMismatchException: It is registered with another tenant or vault.
            ApiException: A call failed; ``outcome_unknown`` tells whether the key may be
                registered.
        """
        found = self._found_before()
        unsettled = self._before.unsettled
        while found is None:
            was_unsettled = self._identifier in unsettled
            # Noted before, for Ctrl-C may come at any moment.
            unsettled[self._identifier] = self._clock.monotonic()
            try:
                created = _created(self._create())
            except Exception as error:  # noqa: BLE001 - it is raised again, or settled.
                failure = failure_in(error)
                if failure and not (was_unsettled or may_have_registered(failure)):
                    unsettled.pop(self._identifier, None)
                found = self._found_after(error)
            else:
                unsettled.pop(self._identifier, None)
                self._before.ids[self._identifier] = created.id
                return EnsuredByokV1Key(created, created=True)
        unsettled.pop(self._identifier, None)
        return EnsuredByokV1Key(found, created=self._may_be_ours)

    def _found_before(self) -> Key | None:
        """The key, if it is registered already."""
        sighting = self._look()
        # The list may still show what was deleted; nothing is registered beside what is there.
        if sighting.forbidden:
            return self._found_in_time(self._look)
        found = sighting.key or self._found_by_id()
        since = self._before.unsettled.get(self._identifier)
        if found is None and since is not None:
            found = self._found_in_time(self._look, since)
            if found is None and self._left_until(since + self._settle) > ROUNDING:
                raise _unsettled()
        return found

    def _found_by_id(self) -> Key | None:
        """The key, if it was registered here before and the list does not show it yet."""
        id = self._before.ids.get(self._identifier)
        if id is None:
            return None
        try:
            key = checked_key(self._reads.read(id))
        except Exception as error:
            if isinstance(failure_in(error), NotFoundException):
                return None
            raise
        return agreeing(self._wanted, key, key)

    def _found_after(self, error: Exception) -> Key | None:
        """The key that a registration left behind, or found in its way, although it failed.

        ``None`` where it has left no trace and may be repeated; else ``error`` is raised.
        """
        failure = failure_in(error)
        if failure is None:
            raise error
        is_ours = may_have_registered(failure)
        self._may_be_ours |= is_ours
        is_conflict = isinstance(failure, ConflictException)
        found, may_repeat = None, False
        delay = server_delay(failure)
        may_be_there = is_conflict or self._may_be_ours
        if may_be_there and not is_refused(failure) and delay < self._left_until(self._end):
            if delay:  # With something on top, so that a fleet does not come back as one.
                self._clock.sleep(delay * random.uniform(1.0, 1.25))
            found = self._found_in_time(lambda: self._look_behind(failure))
            # Nothing is repeated for which nobody has looked.
            may_repeat = is_ours and not is_conflict and not is_success(failure)
        if found is None and (not may_repeat or self._left_until(self._end) <= ROUNDING):
            failure.outcome_unknown = self._may_be_ours
            raise error
        return found

    def _found_in_time(
        self, look: Callable[[], Sighting], since: float | None = None
    ) -> Key | None:
        """The key, as soon as a look shows it; ``None`` if none does until it has settled.

        It has ``settle`` seconds for that, from ``since`` or from now on. A failed look proves
        neither presence nor absence: it is repeated, at most until the end.
        """
        since = self._clock.monotonic() if since is None else since
        settled = min(since + self._settle, self._end)
        pauses = Pauses(_LONGEST_PAUSE)
        while True:
            is_over = self._left_until(settled) <= ROUNDING
            try:
                sighting = look()
            except Exception as error:  # noqa: BLE001 - it is raised again, or settled.
                pause = self._pause_after(error, pauses)
            else:
                forbidden = failure_in(sighting.forbidden)
                if sighting.key or (is_over and not forbidden):
                    return sighting.key
                if is_over and forbidden:
                    forbidden.outcome_unknown = self._may_be_ours
                    raise sighting.forbidden or forbidden
                pause = min(pauses.after(), max(self._left_until(settled), 0.0))
            self._clock.sleep(pause)

    def _pause_after(self, error: Exception, pauses: Pauses) -> float:
        """The seconds until the next look, after one that failed; raises it where none is due."""
        failure = failure_in(error)
        if failure is None:
            raise error
        left = self._left_until(self._end)
        if not is_transient(failure) or left <= max(server_delay(failure), ROUNDING):
            failure.outcome_unknown = self._may_be_ours
            raise error
        return min(pauses.after(failure), left)

    def _left_until(self, time: float) -> float:
        return time - self._clock.monotonic()

    def _look(self) -> Sighting:
        return look_for(self._wanted, self._reads)

    def _look_behind(self, failure: ApiException) -> Sighting:
        """A look for what a failed registration was about."""
        if not isinstance(failure, ConflictException):
            return self._look()
        holder = self._holder(failure)
        return Sighting(holder) if holder else look_for(self._wanted, self._reads, in_all=True)

    def _holder(self, conflict: ConflictException) -> Key | None:
        """The key that a conflict points to, if it is the one that is wanted."""
        id = id_in_location(conflict.location)
        if not id:
            return None
        try:
            holder = checked_key(self._reads.read(id))
        except Exception as error:
            # The link is a hint, and may be wrong in any way.
            if isinstance(error, ApiValueError) or may_be_passed_over(failure_in(error)):
                return None
            raise
        if identifier_of(holder) != self._identifier:
            return None
        return agreeing(self._wanted, holder, holder)


def _unsettled() -> ApiException:
    """Why a registration is not repeated yet."""
    failure = ApiTimeoutException(0, "an earlier registration of this key may have taken effect")
    failure.outcome_unknown = True
    return failure


def _created(answer: object) -> Key:
    """The key in the answer to a registration."""
    if isinstance(answer, CreateByokV1Key201Response) and answer.id:
        return Key.from_dict(answer.to_dict())
    raise ApiResponseException(201, "the key is registered, but the answer does not tell its id")
