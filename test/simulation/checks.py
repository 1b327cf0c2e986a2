"""What has to hold, whatever happens: of each exchange, call and task, and of the whole world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openapi_client import (
    ApiException,
    NotFoundException,
    RetryPolicy,
    WaitFailedException,
    WaitTimeoutException,
)

from . import table
from .records import Call, Exchange, Task
from .service import Effect, Key, Service

Broken = tuple[str, str]
"""The invariant, and how it was broken."""
_SLACK = 0.3
"""Seconds by which a deadline may be missed; a tenth of it where that is more."""


# --- one exchange -----------------------------------------------------------------------------


def exchange_begins(
    task: Task, seen: Exchange, headers: dict[str, str], body: object, host: str
) -> Iterator[Broken]:
    """Check a request before it goes anywhere."""
    secret = {name for name in headers if name.lower() in {"authorization", "cookie"}}
    if not seen.url.startswith(f"{host}/") and (secret or body):
        yield "no credential goes elsewhere", f"{', '.join(secret) or 'a body'} sent to {seen.url}"
    for earlier in task.exchanges[-2:]:
        if earlier.told and seen.start < earlier.end + earlier.told - 1e-6:
            sooner = seen.start - earlier.end
            yield "nobody asks sooner than told", f"after {sooner:.2f} s of {earlier.told:g} s"
        if table.line_of(earlier) is table.PROXY and earlier.end <= seen.start:
            yield "what a proxy refuses is not tried again", f"{seen.method} after a 407"


# --- one call ---------------------------------------------------------------------------------


def call_ended(call: Call, policy: RetryPolicy) -> Iterator[Broken]:
    """Check what a call did and what it told."""
    took = call.end - call.start
    if took > call.budget + max(_SLACK, call.budget / 10):
        yield "every call ends by its deadline", f"{took:.1f} s of {call.budget:g} s"
    yield from _followed_the_table(call, policy)
    if isinstance(call.error, ApiException):
        yield from _outcome_is_told(call, call.error)
    elif call.error is None and call.exchanges:
        yield from _success_is_one(call)


def _attempts(call: Call) -> list[Exchange]:
    """The exchanges that no redirect led on from."""
    following = [*call.exchanges[1:], None]
    pairs = zip(call.exchanges, following, strict=False)
    return [one for one, after in pairs if not (one.location and after)]


def _followed_the_table(call: Call, policy: RetryPolicy) -> Iterator[Broken]:
    attempts = _attempts(call)
    for seen in attempts[:-1]:
        line = table.line_of(seen)
        if seen.method not in line.retried or policy.max_attempts == 1:
            yield "repeated only as the table says", f"{seen.method} after: {line.what}"
    if not attempts or call.error is None:
        return
    last = attempts[-1]
    line = table.line_of(last)
    if last.method not in line.retried or policy.max_attempts == 1:
        return
    counted = sum(table.line_of(seen) is not table.TOLD for seen in attempts)
    if line is not table.TOLD and counted >= policy.max_attempts:
        return
    # The longest wait that may come next: a told one with its jitter, or one of our own.
    longest = max(policy.backoff_cap, (last.told or 0) * 1.25 + policy.backoff_base)
    left = call.start + call.budget - call.end
    if left > longest and (line is table.TOLD or counted < policy.max_attempts):
        yield "given up only as the table says", f"{line.what}, {left:.0f} s before the deadline"


def _outcome_is_told(call: Call, error: ApiException) -> Iterator[Broken]:
    possible = any(seen.method in table.line_of(seen).unknown for seen in call.exchanges)
    if possible != error.outcome_unknown:
        said = "unknown" if error.outcome_unknown else "known"
        lines = ", ".join(table.line_of(seen).what for seen in call.exchanges)
        yield "outcome_unknown where an effect is possible", f"told as {said} after: {lines}"


def _success_is_one(call: Call) -> Iterator[Broken]:
    last = call.exchanges[-1]
    lost = any(last.method in table.line_of(seen).unknown for seen in call.exchanges[:-1])
    gone = last.method == "DELETE" and last.status == 404 and lost
    if not gone and table.line_of(last) is not table.DONE:
        yield "a success is one", f"{call.operation} succeeded after: {table.line_of(last).what}"
    if last.method == "POST" and [effect.key.id for effect in last.effects] != [_id(call.result)]:
        yield "a success is one", f"{_id(call.result)} is not what the service registered"


def _id(result: Any) -> Any:
    return getattr(getattr(result, "data", result), "id", None)


# --- one task ---------------------------------------------------------------------------------


def task_ended(task: Task, service: Service) -> Iterator[Broken]:
    """Check what a task told the one who asked."""
    timeout = task.options.get("timeout")
    took = task.end - task.start
    if timeout is not None and took > timeout + max(_SLACK, timeout / 10):
        yield "every job ends by its timeout", f"{task.kind} took {took:.1f} s of {timeout:g} s"
    if task.error is None:
        yield from _TRUTHS[task.kind](task, service)
    elif isinstance(task.error, WaitFailedException | WaitTimeoutException):
        yield from _wait_gave_up(task, service)
    elif isinstance(task.error, ApiException):
        yield from _ensure_failed(task, task.error)
    else:
        yield "every failure is of the family", repr(task.error)


def _ensured(task: Task, service: Service) -> Iterator[Broken]:
    key = service.by_id(task.result.key.id)
    yield from _is_there(task, key)
    own = {effect.key.id for effect in task.effects if effect.kind == "registered"}
    told = {
        call.result.id
        for call in task.calls
        if call.operation.startswith("create") and call.error is None and hasattr(call.result, "id")
    }
    unsure = any(
        seen.method == "POST" and "POST" in table.line_of(seen).unknown for seen in task.exchanges
    )
    # With a request of its own that may have registered the key, "created" is a fair guess.
    if key and task.result.created and key.created < task.start and not unsure:
        yield "what is told is true", f"created is told of {key.id}, which was there before"
    if key and not task.result.created and key.id in own & told:
        yield "what is told is true", f"created is denied of {key.id}, which this call registered"


def _ensure_failed(task: Task, error: ApiException) -> Iterator[Broken]:
    possible = any(seen.method in table.line_of(seen).unknown for seen in task.exchanges)
    if task.kind == "ensure" and error.outcome_unknown and not possible:
        yield "outcome_unknown where an effect is possible", "nothing that ensure sent can have one"


def _is_there(task: Task, key: Key | None) -> Iterator[Broken]:
    if key is None or key.identifier != task.target:
        yield "what is told is true", f"the key returned is not {task.target}"
    elif not key.is_readable(task.start, task.end):
        yield "a key that is returned could be read", f"{key.id} is deleted since {key.deleted:.1f}"


def _found(task: Task, service: Service) -> Iterator[Broken]:
    if task.result is not None:
        yield from _is_there(task, service.by_id(task.result.id))
        return
    for key in service.of(task.target):
        if key.listed_from <= task.start and key.deleted > task.end:
            yield "what is told is true", f"{key.id} was there all the time, and not found"


def _waited(task: Task, service: Service) -> Iterator[Broken]:
    key, until = service.by_id(task.target), task.options["until"].upper()
    if key is None or until not in key.phases_in(task.start, task.end):
        yield "what is told is true", f"{task.target} was not {until} at any moment"


def _waited_for_many(task: Task, service: Service) -> Iterator[Broken]:
    for result in task.result:
        key = service.by_id(result.id)
        phases = set[str]() if key is None else key.phases_in(task.start, task.end)
        if result.error is None and "VALID" not in phases:
            yield "what is told is true", f"{result.id} was not VALID at any moment"
        if isinstance(result.error, NotFoundException) and key and key.deleted > task.end:
            yield "what is told is true", f"{result.id} is there, and told as not found"


def _wait_gave_up(task: Task, service: Service) -> Iterator[Broken]:
    left = task.start + task.options["timeout"] - task.end
    last = task.exchanges[-1]
    if isinstance(task.error, WaitTimeoutException) and not last.told and left > 2.0:
        yield "a wait is given up only at its end", f"{left:.0f} s before it"
    if task.kind != "wait":
        return
    until = task.options["until"].upper()
    seen = [_phase(call.result) for call in task.calls]
    if until in seen:
        yield "what is told is true", f"{until} was seen, and not told"
    grace = task.options.get("invalid_grace")
    if isinstance(task.error, WaitFailedException) and grace is not None:
        key = service.by_id(task.target)
        recent = set[str]() if key is None else key.phases_in(task.end - 31, task.end)
        if task.end - task.start < grace or "INVALID" not in recent:
            took = task.end - task.start
            yield "INVALID is told after its grace", f"after {took:.0f} s of {grace:g} s"


def _phase(key: Any) -> Any:
    return getattr(getattr(key, "validation", None), "phase", None)


def _iterated(task: Task, service: Service) -> Iterator[Broken]:
    ids = [key.id for key in task.result]
    if len(set(ids)) < len(ids):
        yield "what is told is true", "a key came twice"
    for key in service.keys:
        throughout = key.listed_from <= task.start and key.listed_until > task.end
        ever = key.listed_from <= task.end and key.listed_until > task.start
        if throughout and key.id not in ids:
            yield "what is told is true", f"{key.id} was listed all the time, and left out"
        if not ever and key.id in ids:
            yield "what is told is true", f"{key.id} was not listed at any moment"


def _renamed(task: Task, service: Service) -> Iterator[Broken]:
    name = task.calls[-1].arguments[1]["display_name"]
    if task.result.display_name != name or not task.effects:
        yield "what is told is true", f"{task.target} was not renamed"


def _deleted(task: Task, service: Service) -> Iterator[Broken]:
    key = service.by_id(task.target)
    if key is not None and key.is_readable(task.end, task.end):
        yield "what is told is true", f"{key.id} is told as deleted, and is there"


def _wrapped(task: Task, service: Service) -> Iterator[Broken]:
    if task.result is not None:
        yield from _is_there(task, service.by_id(task.result))


_TRUTHS: dict[str, Callable[[Task, Service], Iterable[Broken]]] = {
    "ensure": _ensured,
    "find": _found,
    "wait": _waited,
    "wait for many": _waited_for_many,
    "iter": _iterated,
    "rename": _renamed,
    "delete": _deleted,
    "delete when available": _deleted,
    "wrapper": _wrapped,
}


# --- the world, when all is over --------------------------------------------------------------

_ASKED = {
    "registered": {"ensure", "wrapper"},
    "renamed": {"rename"},
    "deleted": {"delete", "delete when available"},
}


def effect_was_asked_for(task: Task, effect: Effect) -> Iterator[Broken]:
    """Check what a request changed against what the job was asked to do."""
    about = effect.key.identifier if effect.kind == "registered" else effect.key.id
    if task.kind not in _ASKED[effect.kind] or about != task.target:
        yield "nothing happens unasked", f"{task.kind} of {task.target}: {about} {effect.kind}"


def world_ended(tasks: list[Task]) -> Iterator[Broken]:
    """Check what only the end can show: requests may arrive after their call has failed."""
    for call in (call for task in tasks for call in task.calls):
        error = call.error
        if isinstance(error, ApiException) and not error.outcome_unknown and call.effects:
            yield "outcome_unknown where an effect is possible", f"{call.operation} had its effect"
    for task in tasks:
        error = task.error
        is_told_as_none = isinstance(error, ApiException) and not error.outcome_unknown
        if is_told_as_none and task.kind == "ensure" and task.effects:
            yield "outcome_unknown where an effect is possible", "ensure registered the key"


def registered_again(tasks: list[Task], service: Service) -> Iterator[tuple[str, Broken | None]]:
    """Registrations of what was registered; what excuses each, or what it breaks.

    Only a service that allows duplicates lets it come to that.
    """
    for task in (task for task in tasks if task.kind == "ensure"):
        own: list[tuple[Exchange, Key]] = []
        for seen, effect in _registrations(task):
            for sent, earlier in own:
                if earlier.deleted > seen.start:
                    yield _twice_by_one(task, sent, earlier, effect)
            others = {key.id for key in service.of(task.target)} - {key.id for _, key in own}
            for key in service.of(task.target):
                if key.id in others and key.created < effect.at < key.deleted:
                    yield _beside_another(task, key, effect)
            own.append((seen, effect.key))


def _registrations(task: Task) -> list[tuple[Exchange, Effect]]:
    """In the order in which they were sent."""
    return [(seen, effect) for seen in task.exchanges for effect in seen.effects]


def _twice_by_one(
    task: Task, sent: Exchange, earlier: Key, effect: Effect
) -> tuple[str, Broken | None]:
    settle = task.options.get("settle", 120.0)
    if earlier.listed_from > sent.end + settle:
        return "settle outlasted", None
    how = f"{earlier.id} and {effect.key.id} are of one call, {settle:g} s were to settle"
    return "", ("no identifier twice", how)


def _beside_another(task: Task, there: Key, effect: Effect) -> tuple[str, Broken | None]:
    if there.listed_from > task.start:
        return "registered beside what no list showed yet", None
    how = f"{effect.key.id} beside {there.id}, which was listed before the call began"
    return "", ("no identifier twice", how)
