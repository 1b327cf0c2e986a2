"""How property tests draw their values: the same on every run, or, under `fuzz`, others each time.

The profile `quick` draws the first few of those values: it is for further interpreters, on which
the same code meets the same values once more. `tox -e fuzz` draws as many again for each seed.

`load_profiles` is called once, before any test is collected. `examples` says how many values a
test draws where the hundred that others draw are too few or too many. The strategies below are for
text, of which Python has more than anything else can hold.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

_Test = TypeVar("_Test", bound=Callable[..., Any])
# A slow machine is no defect of the code under test; and what one run found has to be found by the
# next one from the same source, not from a folder that is there on one machine alone.
_COMMON = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
_USUAL = 100
_FEWER = 30

UNICODE = st.characters(exclude_categories=["Cs"])
"""Every character that can be sent. A lone surrogate is none: it has no UTF-8."""


def load_profiles() -> None:
    """Make the profiles known, and the steady one the default: `--hypothesis-profile=fuzz`."""
    settings.register_profile("steady", _COMMON, derandomize=True, max_examples=_USUAL)
    settings.register_profile("quick", _COMMON, derandomize=True, max_examples=_FEWER)
    # More of them by more seeds, each of which begins the search somewhere else.
    settings.register_profile("fuzz", _COMMON, max_examples=_USUAL)
    settings.load_profile("steady")


def examples(usual: int, *, shared_fixture: bool = False) -> Callable[[_Test], _Test]:
    """Draw so many values, and under `quick` as many times fewer as every other test does.

    `shared_fixture` is for a test whose fixture, made once for all the values, keeps no state that
    one of them could leave to the next.
    """
    profile = settings.default
    assert profile is not None
    checks = [*profile.suppress_health_check]
    if shared_fixture:
        checks.append(HealthCheck.function_scoped_fixture)
    count = usual * profile.max_examples // _USUAL
    return settings(profile, max_examples=count, suppress_health_check=checks)
