"""Tools that freeze a test's time make no wait endless, and no deadline early."""

from __future__ import annotations

from typing import Any

import pytest

from openapi_client import ApiTimeoutException, KeysByokV1Api, WaitTimeoutException
from openapi_client.testing import ByokEmulator

_LONG_AGO = "2012-01-14 12:00:01"


def _freezegun() -> Any:
    return pytest.importorskip("freezegun").freeze_time(_LONG_AGO)


def _time_machine() -> Any:
    return pytest.importorskip("time_machine").travel(_LONG_AGO, tick=False)


@pytest.mark.parametrize("frozen", [_freezegun, _time_machine])
def test_wait_ends(frozen: Any, api: KeysByokV1Api, emulator: ByokEmulator) -> None:
    """Under frozen time a wait sees the key become valid, and another one gives up."""
    [key_id] = emulator.seed(1)
    emulator.validate(key_id, "INITIALIZING")
    with frozen():
        key = api.wait_for_byok_v1_key(
            key_id, on_progress=lambda _: emulator.validate(key_id, "VALID")
        )
        assert key.validation.phase == "VALID"
        with pytest.raises(WaitTimeoutException):
            api.wait_for_byok_v1_key(key_id, until="IN_USE", timeout=0.5)


@pytest.mark.parametrize("frozen", [_freezegun, _time_machine])
def test_deadline_holds(frozen: Any, api: KeysByokV1Api, emulator: ByokEmulator) -> None:
    """Under frozen time a call to a slow service ends when its time is up."""
    emulator.delay_next(30.0)
    with frozen(), pytest.raises(ApiTimeoutException):
        api.get_byok_v1_key("cck-1", _request_timeout=0.5)
