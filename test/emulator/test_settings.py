"""Settings, steps and faults that make no sense are refused where they are given."""

from __future__ import annotations

import math
import socket
from typing import Any

import pytest

from emulator.calling import AWS, KEYS, Caller
from openapi_client.testing import ByokEmulator, Fault, Settings, ValidationStep

WRONG: list[tuple[str, Any]] = [
    ("quota", "20"),
    ("quota", -1),
    ("quota", 1.5),
    ("quota", True),
    ("rate_limit", 5),
    ("rate_limit", "5/1"),
    ("rate_limit", (5,)),
    ("rate_limit", (0, 1)),
    ("rate_limit", (5, 0)),
    ("rate_limit", ("5", 1)),
    ("rate_limit", (5, "1")),
    ("principals_delay", "soon"),
    ("principals_delay", -1),
    ("principals_delay", math.nan),
    ("validation", "VALID"),
    ("validation", ["VALID"]),
    ("validation", None),
    ("validation", ValidationStep("VALID")),
    ("absent_status", 410),
    ("absent_status", "404"),
    ("duplicates", True),
    ("duplicates", "refuse"),
    ("empty_source", "yes"),
    ("page_token_lifetime", None),
    ("page_token_lifetime", math.inf),
    ("list_lag", -0.1),
    ("list_lag", None),
    ("list_lag", True),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_refused(emulator: ByokEmulator, name: str, value: Any) -> None:
    """A mistake in a setting is an error that names it, and not a service that answers 500."""
    before = getattr(emulator.settings, name)

    with pytest.raises(ValueError, match=f"^{name} must be .*, not "):
        ByokEmulator(**{name: value})
    with pytest.raises(ValueError, match=f"^{name} must be "):
        Settings(**{name: value})
    with pytest.raises(ValueError, match=f"^{name} must be "):
        setattr(emulator.settings, name, value)
    assert getattr(emulator.settings, name) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 99_999),
        ("port", -1),
        ("port", "8080"),
        ("log_limit", -1),
        ("log_limit", "all"),
        ("path_prefix", "api"),
    ],
)
def test_a_wrong_argument_is_refused(name: str, value: Any) -> None:
    """A mistake in any other argument is told when the emulator is made, too."""
    with pytest.raises(ValueError, match=name):
        ByokEmulator(**{name: value})


@pytest.mark.parametrize(
    "wrong",
    [{"phase": ""}, {"phase": None}, {"message": 7}, {"seconds": -1}, {"seconds": "5"}]
    + [{"reads": -1}, {"reads": 1.5}],
)
def test_a_wrong_step_is_refused(wrong: dict[str, Any]) -> None:
    """A step that can never be taken is an error, and not a key that stays INITIALIZING."""
    [name] = wrong
    with pytest.raises(ValueError, match=f"^{name} must be "):
        ValidationStep(**{"phase": "VALID", **wrong})


@pytest.mark.parametrize(
    "wrong",
    [{"status": "503"}, {"status": 600}, {"delay": -1}, {"delay": "1"}, {"times": "2"}]
    + [{"times": -1}, {"every": 0}, {"every": None}, {"probability": 2}, {"probability": "1"}],
)
def test_a_wrong_fault_is_refused(emulator: ByokEmulator, wrong: dict[str, Any]) -> None:
    """A fault that strikes otherwise than it was meant to is an error."""
    [name] = wrong
    with pytest.raises(ValueError, match=f"^{name} must be "):
        Fault(**wrong)
    with pytest.raises(ValueError, match=f"^{name} must be "):
        emulator.fail_next(**wrong)
    caller = Caller(emulator)
    assert caller("GET", KEYS).status == 200
    caller.close()


def test_right_settings_are_taken() -> None:
    """What may be set can be set, at the edge of what makes sense."""
    settings = Settings(quota=None, rate_limit=(1, 0.001), principals_delay=None, list_lag=0)
    settings.rate_limit = None
    settings.quota = 0
    settings.validation = [ValidationStep("VALID", "message", 0, 0)]
    settings.absent_status = 403
    assert (settings.quota, settings.rate_limit, settings.list_lag) == (0, None, 0)


def test_faults_may_strike_each_so_manieth_request(emulator: ByokEmulator, call: Caller) -> None:
    """A service that fails regularly can be imitated."""
    emulator.fail_next(503, times=2, every=3, method="GET")

    found = [call("GET", KEYS).status for _ in range(10)]

    assert found == [200, 200, 503, 200, 200, 503, 200, 200, 200, 200]
    emulator.drop_next(every=2)
    assert call("POST", KEYS, {"key": AWS}).status == 201
    emulator.clear()
    emulator.delay_next(0.0, every=2)
    assert call("GET", KEYS).status == 200


def has_ipv6() -> bool:
    """Whether this machine can listen on the loopback address of IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 on this machine")
@pytest.mark.parametrize("host", ["::1", "::"])
def test_ipv6_is_served(host: str) -> None:
    """A program that reaches the service over IPv6 can be tested, and follows its links."""
    with ByokEmulator(host=host) as emulator:
        caller = Caller(emulator)
        assert emulator.url.startswith("http://[::1]:")
        created = caller.create()
        assert caller("GET", created["metadata"]["self"]).json() == created
        caller.close()
