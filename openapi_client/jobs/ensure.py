"""Registering a key once, whatever happens on the way (contract, sections 4.2, 4.3 and 8)."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .. import _checks
from .._core.clock import Clock
from ..exceptions import (
    ApiException,
    ApiResponseException,
    ApiValueError,
    ConflictException,
    KeyMismatchException,
)
from ..models._identifiers import canonical_identifier, id_in_location
from ..models.byok_v1_azure_key import ByokV1AzureKey
from ..models.byok_v1_key_key import ByokV1KeyKey
from ..models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner
from ..models.create_byok_v1_key201_response import CreateByokV1Key201Response
from ..models.get_byok_v1_key200_response import GetByokV1Key200Response
from .wait import may_pass

Key = GetByokV1Key200Response
Registered = GetByokV1Key200Response | ByokV1KeyListDataInner
_IN_FLIGHT = 7.0
"""Seconds after which a request that was not answered is taken to have had its effect or none;
twice as long for each further one."""
_LONGEST_PAUSE = 8.0


@dataclass(frozen=True)
class EnsuredByokV1Key:
    """A key that is registered."""

    key: GetByokV1Key200Response
    """The key, as the service has it."""
    created: bool
    """Whether this call registered it. A request of its own that was never answered counts as
    the one that did, where the key was not there before and is there now."""


@dataclass(frozen=True)
class Operations:
    """What registering a key once takes of the API."""

    create: Callable[[], object]
    read: Callable[[str], Key]
    """Reads a key by its id."""
    search: Callable[[str | None], Iterable[ByokV1KeyListDataInner]]
    """Lists the keys whose identifier holds a text, or all keys."""


def ensure_key(
    wanted: ByokV1KeyKey, operations: Operations, *, timeout: float, clock: Clock
) -> EnsuredByokV1Key:
    """Look for a key, and register it where it is not there.

    A registration that may have gone through is repeated only after the key was looked for again,
    over seven seconds at least, and was not there.

    Raises:
        KeyMismatchException: It is registered with another tenant or vault.
        ApiException: A call failed; ``outcome_unknown`` tells whether the key may be registered.
    """
    end = clock.monotonic() + _checks.seconds("timeout", timeout)
    found = _find(wanted, operations)
    maybe_created, in_flight = False, _IN_FLIGHT
    while found is None:
        try:
            return EnsuredByokV1Key(_created(operations.create()), created=True)
        except ApiException as failure:
            is_success = 200 <= (failure.status or 0) <= 299
            maybe_created |= failure.outcome_unknown or is_success
            try:
                if isinstance(failure, ConflictException):
                    found = _holder(wanted, operations, failure)
                elif maybe_created:
                    settled = min(clock.monotonic() + in_flight, end)
                    found = _look_again(wanted, operations, clock, settled, end)
            except ApiException as error:
                error.outcome_unknown = maybe_created
                raise
            may_repeat = failure.outcome_unknown and not is_success
            if found is None and (not may_repeat or clock.monotonic() >= end):
                failure.outcome_unknown = maybe_created
                raise
            in_flight *= 2
    return EnsuredByokV1Key(found, created=maybe_created)


def _created(answer: object) -> Key:
    """The key in the answer to a registration."""
    if isinstance(answer, CreateByokV1Key201Response) and answer.id:
        return Key.from_dict(answer.to_dict())
    raise ApiResponseException(201, "the key is registered, but the answer does not tell its id")


def _look_again(
    wanted: ByokV1KeyKey, operations: Operations, clock: Clock, settled: float, end: float
) -> Key | None:
    """Look until a time whether a request of unknown outcome registered the key after all.

    Where the list cannot be read then, go on until ``end``.
    """
    pause = 1.0
    while True:
        now = clock.monotonic()
        try:
            found = _find(wanted, operations)
            if found or now >= settled:
                return found
        except ApiException as error:
            if now >= end or not may_pass(error):
                raise
        clock.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _holder(
    wanted: ByokV1KeyKey, operations: Operations, conflict: ConflictException
) -> Key | None:
    """The key that stands in the way of a registration, if it is the one that is wanted."""
    id = id_in_location(conflict.location)
    if id:
        # The link is a hint, and may be wrong in any way.
        with suppress(ApiException, ApiValueError):
            holder = operations.read(id)
            if _identifier(holder) == canonical_identifier(wanted):
                return _agreeing(wanted, holder)
    return _find(wanted, operations, in_all=True)


def _find(wanted: ByokV1KeyKey, operations: Operations, *, in_all: bool = False) -> Key | None:
    """The registered key with the identifier that is wanted."""
    identifier = canonical_identifier(wanted)
    # Azure does not tell upper from lower case, but the service's filter may (contract, 1.1).
    in_all = in_all or isinstance(wanted.root, ByokV1AzureKey)
    mismatch: KeyMismatchException | None = None
    for candidate in operations.search(None if in_all else identifier):
        if _identifier(candidate) == identifier:
            try:
                return _agreeing(wanted, candidate)
            except KeyMismatchException as error:
                mismatch = mismatch or error
    if mismatch:
        raise mismatch
    return None


def _agreeing(wanted: ByokV1KeyKey, registered: Registered) -> Key:
    """The registered key, if nothing that is known of it differs."""
    ours, theirs = wanted.request_dict(), registered.key.request_dict()
    differences = [
        f"{name}: {theirs[name]} is registered, {ours[name]} was asked for"
        for name in ("tenant_id", "key_vault_id")
        if theirs.get(name) and str(theirs[name]).casefold() != str(ours.get(name)).casefold()
    ]
    key = Key.from_dict(registered.to_dict())
    if differences:
        raise KeyMismatchException(f"key {key.id} differs: {'; '.join(differences)}", key)
    return key


def _identifier(registered: object) -> str | None:
    """The identifier of a registered key; ``None`` where this version cannot read it."""
    key: Any = getattr(registered, "key", None)
    try:
        return canonical_identifier(key)
    except ValueError:
        return None
