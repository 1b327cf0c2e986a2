"""Every fault of the network, on every operation, once and for ever: the design's retry table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from openapi_client import (
    ApiException,
    ApiResponseException,
    ByokV1KeyUpdate,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
)
from support.clock import FakeClock
from support.documents import KEY, PAGE
from support.fault_matrix import ALL_FAULTS, FaultCase, Outcome
from support.replies import Reply, json_reply

from .conftest import MakeApi

_DEADLINE = 60.0
"""Seconds by the clock of the test, which for what drips has passed after so many looks at it."""
_LOOKS = 30
_KEY = KEY | {"display_name": "clé"}
_PAGE = PAGE | {"data": [_KEY]}
_REQUEST = CreateByokV1KeyRequest(key=KEY["key"])


@dataclass(frozen=True)
class Operation:
    """An operation, its good answer, and what of that answer the caller has to get."""

    method: str
    call: Callable[[KeysByokV1Api], Any]
    good: Reply
    told: Callable[[Any], object]
    data: object

    @property
    def reads_json(self) -> bool:
        """Whether a success has a body."""
        return self.method != "DELETE"


_OPERATIONS = {
    "create": Operation(
        "POST",
        lambda api: api.create_byok_v1_key(_REQUEST),
        json_reply(201, _KEY),
        lambda key: (key.id, key.display_name),
        ("cck-1", "clé"),
    ),
    "delete": Operation(
        "DELETE", lambda api: api.delete_byok_v1_key("cck-1"), Reply(204), lambda gone: gone, None
    ),
    "get": Operation(
        "GET",
        lambda api: api.get_byok_v1_key("cck-1"),
        json_reply(200, _KEY),
        lambda key: (key.id, key.display_name),
        ("cck-1", "clé"),
    ),
    "list": Operation(
        "GET",
        lambda api: api.list_byok_v1_keys(),
        json_reply(200, _PAGE),
        lambda page: [(key.id, key.display_name) for key in page.data],
        [("cck-1", "clé")],
    ),
    "update": Operation(
        "PATCH",
        lambda api: api.update_byok_v1_key("cck-1", ByokV1KeyUpdate(display_name="n")),
        json_reply(200, _KEY),
        lambda key: (key.id, key.display_name),
        ("cck-1", "clé"),
    ),
}


def _mismatch(
    outcome: Outcome, operation: Operation, always: bool, result: Any, error: ApiException | None
) -> str | None:
    """In what way the end of a call contradicts a row of the table; ``None`` where it agrees."""
    writes = operation.method != "GET"
    if outcome is Outcome.UNREADABLE or (outcome is Outcome.EMPTY and operation.reads_json):
        good = isinstance(error, ApiResponseException) and error.outcome_unknown == writes
        return None if good and error and error.status in range(200, 300) else "not unreadable"
    if outcome in {Outcome.SUCCESS, Outcome.EMPTY} or (
        outcome.repeats(operation.method) and not always
    ):
        if error is not None:
            return f"failed: {error!r}"
        return None if operation.told(result) == operation.data else f"told {result!r}"
    if error is None:
        return f"succeeded with {result!r}"
    unknown = writes and outcome in {Outcome.NO_ANSWER, Outcome.SERVER_ERROR}
    if error.outcome_unknown != unknown:
        return f"outcome_unknown is {error.outcome_unknown}"
    answered = outcome not in {Outcome.NOT_SENT, Outcome.NO_ANSWER}
    return "no status" if answered and not error.status else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Take all operations; with `--quick` two, which show what differs between interpreters."""
    names = ["create", "list"] if metafunc.config.getoption("quick") else [*_OPERATIONS]
    metafunc.parametrize("operation", [_OPERATIONS[name] for name in names], ids=names)


@pytest.mark.parametrize("always", [False, True], ids=["once", "always"])
@pytest.mark.parametrize("case", ALL_FAULTS.values(), ids=ALL_FAULTS)
def test_every_fault_ends_as_the_table_says(
    case: FaultCase, operation: Operation, always: bool, make_api: MakeApi
) -> None:
    """Every fault ends as the table says: in the answer, in a failure, or in doubt."""
    with case.server(operation.good, always=always) as server:
        opens = case.refuses and not always
        clock = FakeClock(
            on_sleep=lambda _: server.listen() if opens else None,
            tick=_DEADLINE / _LOOKS if case.drips else 0.0,
        )
        # Silence ends by the machine's clock; a busy one has time for the good answer after it.
        patience = 0.1 if always else 1.0
        limit = patience if case.lasts and not case.drips else None
        limits = {"connect_timeout": _DEADLINE, "read_timeout": limit, "deadline": _DEADLINE}
        api = make_api(server.url, clock=clock, **limits)
        result, error = None, None
        try:
            result = operation.call(api)
        except ApiException as caught:
            error = caught
    # What drips uses up the deadline, so that there is no time for a second attempt.
    ever = always or case.drips
    mismatches = [_mismatch(o, operation, ever, result, error) for o in case.outcomes]
    assert None in mismatches, mismatches
    if operation.method == "POST" and not case.outcome.repeats("POST"):
        assert len(server.requests) <= 1
    if error is not None:
        assert "s3cret" not in str(error)
        assert error.attempts[-1].wait is None
