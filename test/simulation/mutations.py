"""Faults put into the client by hand, one at a time: the simulation has to find each.

``python -m simulation.mutations`` tells after how many seeds it does.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from openapi_client._core.attempts import Delivery

from .world import World

_MOST_SEEDS = 20_000
Change = Callable[[Any], Any]
"""From a part of the client to the faulty one."""


@contextmanager
def _changed(*changes: tuple[str, Change]) -> Iterator[None]:
    """Put faulty parts in the place of some: ``module:name`` or ``module:class.name``."""
    with ExitStack() as stack:
        for place, change in changes:
            module, _, path = place.partition(":")
            *owners, name = path.split(".")
            owner: Any = importlib.import_module(f"openapi_client.{module}")
            for part in owners:
                owner = getattr(owner, part)
            stack.enter_context(mock.patch.object(owner, name, change(getattr(owner, name))))
        yield


def _repeats_unknown_posts(original: Any) -> Any:
    return lambda method, outcome: original("GET", outcome)


def _repeats_407(original: Any) -> Any:
    return lambda method, outcome: outcome.status == 407 or original(method, outcome)


def _gives_up_unsent_posts(original: Any) -> Any:
    def may_repeat(method: str, outcome: Any) -> bool:
        return original(method, outcome) and (method != "POST" or outcome.status is not None)

    return may_repeat


def _counts_429(original: Any) -> Any:
    return property(lambda outcome: False)


def _ignores_what_it_is_told(original: Any) -> Any:
    def wait(*args: Any, **options: Any) -> float | None:
        waits: float | None = original(*args, **options)
        return waits and min(waits, 0.5)

    return wait


def _forgets_524(original: Any) -> Any:
    return lambda method, outcome: outcome.status != 524 and original(method, outcome)


def _sleeps_too_long(original: Any) -> Any:
    return lambda timeout: original(timeout) + 20.0


def _trusts_the_list(original: Any) -> Any:
    def look(wanted: Any, reads: Any, **options: Any) -> Any:
        find = importlib.import_module("openapi_client.jobs.find")
        listed: dict[str, Any] = {}

        def search(part: str | None) -> Iterator[Any]:
            for item in reads.search(part):
                listed[item.id] = item
                yield item

        def read(id: str) -> Any:
            return find.Key.from_dict(listed[id].to_dict())

        return original(wanted, find.Reads(read, search), **options)

    return look


def _settles_in_seven_seconds(original: Any) -> Any:
    def init(self: Any, *args: Any, **options: Any) -> None:
        original(self, *args, **{**options, "settle": min(7.0, options["settle"])})

    return init


def _fails_at_once(original: Any) -> Any:
    return lambda self, until, timeout, grace: original(self, until, timeout, 0.0)


def _reads_one_page(original: Any) -> Any:
    def look_ahead(self: Any, link: object) -> Any:
        return original(self, None)

    return look_ahead


def _believes_any_404(original: Any) -> Any:
    def send(*args: Any, **options: Any) -> Any:
        answer, history = original(*args, **options)
        history.outcome_unknown = True
        return answer, history

    return send


def _claims_all(original: Any) -> Any:
    return lambda self: dataclasses.replace(original(self), created=True)


def _follows_anywhere(original: Any) -> Any:
    return lambda method, *where: original("GET", *where)


def _believes_block_pages(original: Any) -> Any:
    def read_data(answer: Any, model: Any, *rest: Any) -> Any:
        return (None, ()) if model in (None, type(None)) else original(answer, model, *rest)

    return read_data


def _calls_lost_unsent(original: Any) -> Any:
    def failure_of(*args: Any, **options: Any) -> Any:
        failure = original(*args, **options)
        failure.delivery = Delivery.NOT_SENT
        return failure

    return failure_of


FAULTY: dict[str, list[tuple[str, Change]]] = {
    "a POST of unknown outcome is repeated": [("retry:_may_repeat", _repeats_unknown_posts)],
    "a 429 that tells how long counts as an attempt": [
        ("retry:Outcome.is_told_to_wait", _counts_429)
    ],
    "ensure returns a key that is listed but dead": [
        ("jobs.find:look_for", _trusts_the_list),
        ("jobs.ensure:look_for", _trusts_the_list),
    ],
    "a redirect elsewhere takes the credentials along": [
        ("_pipeline.send:origin", lambda original: lambda url: "anywhere")
    ],
    "a wait ignores Retry-After": [("_pipeline.send:wait_before_retry", _ignores_what_it_is_told)],
    "outcome_unknown is forgotten on a 524": [
        ("retry:is_ambiguous", _forgets_524),
        ("_pipeline.history:is_ambiguous", _forgets_524),
    ],
    "a deadline is kept twenty seconds too late": [
        ("_transport.timeouts:CallTimeout.left", _sleeps_too_long)
    ],
    "ensure posts again after seven seconds": [
        ("jobs.ensure:Registration.__init__", _settles_in_seven_seconds)
    ],
    "a proxy's 407 is tried again": [("retry:_may_repeat", _repeats_407)],
    "a POST that was never sent is not repeated": [("retry:_may_repeat", _gives_up_unsent_posts)],
    "wait takes yesterday's INVALID for the end": [("jobs.wait:Goal.__init__", _fails_at_once)],
    "a list ends after its first page": [("jobs.iterate:KeyIterator._look_ahead", _reads_one_page)],
    "a POST goes out on a connection that may be dying": [
        ("_transport.connections:TimedConnection.may_be_dying", lambda original: lambda *_: False)
    ],
    "what was lost on its way is called unsent": [
        ("_transport.client:failure_of", _calls_lost_unsent)
    ],
    "ensure claims to have created whatever it finds": [
        ("jobs.ensure:Registration.ensure", _claims_all)
    ],
    "a write follows a redirect elsewhere": [("_pipeline.redirects:target", _follows_anywhere)],
    "a block page is taken for a deletion": [("api_client:read_data", _believes_block_pages)],
    "a DELETE takes any 404 for its success": [("api_client:send", _believes_any_404)],
}


def seeds_until_found(name: str, most: int = _MOST_SEEDS) -> tuple[int, str] | None:
    """After how many seeds a fault is found, and by which invariant; ``None`` if it is not."""
    for seed in range(most):
        with _changed(*FAULTY[name]):
            broken = World(seed).run().broken
        # What breaks without the fault too is no proof.
        if broken and broken[0][0] not in dict(World(seed).run().broken):
            return seed + 1, broken[0][0]
    return None


def main() -> None:
    """Tell after how many seeds each is found."""
    for number, name in enumerate(FAULTY, 1):
        found = seeds_until_found(name)
        told = f"{found[0]:>6,} seeds, by: {found[1]}" if found else "NOT FOUND"
        print(f"{number:>2}  {name:<50} {told}")


if __name__ == "__main__":
    main()
