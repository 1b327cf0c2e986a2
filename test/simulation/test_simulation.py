"""The client in simulated worlds: whatever happens there, what it promises holds."""

from __future__ import annotations

from statistics import mean

import pytest

from .campaign import never_met, report, run, run_many
from .fleets import sail
from .mutations import FAULTY, seeds_until_found
from .shrinking import story_of
from .turns import Endless, Turns
from .world import World

_FEW, _MANY = range(100), range(100_000)
_QUICKLY_FOUND = ("a POST of unknown outcome is repeated", "a wait ignores Retry-After")


def test_promises_hold_in_a_hundred_worlds() -> None:
    """Nothing is lost, doubled, unasked, late or untrue, whatever the network does."""
    broken = run(_FEW).broken
    assert not broken, "\n\n".join(story_of(seeds[0], name) for name, seeds in broken.items())


def test_simulation_campaign(
    pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    """Promises hold in a hundred thousand worlds, and all that can be met there is met."""
    if not pytestconfig.getoption("--simulation"):
        pytest.skip("takes minutes: asked for by --simulation")
    campaign = run_many(_MANY, processes=2)
    with capsys.disabled():
        print("\n" + report(campaign))
    told = [story_of(min(seeds), name) for name, seeds in campaign.broken.items()]
    assert not campaign.broken, "\n\n".join(told)
    assert not never_met(campaign.met)


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_put_in_by_hand_is_found(name: str, pytestconfig: pytest.Config) -> None:
    """A fault that is put into the client by hand is found."""
    long = pytestconfig.getoption("--simulation")
    if not (long or name in _QUICKLY_FOUND):
        pytest.skip("takes up to minutes: asked for by --simulation")
    found = seeds_until_found(name, 20_000 if long else 60)
    assert found
    print(f"\n{name}: {found[0]} seeds, by: {found[1]}")


def test_forty_jobs_under_one_limit_are_all_done_in_the_least_time() -> None:
    """Forty jobs under one limit are all done, in little more than the least time."""
    fleets = [sail("ours", 40, draw=draw) for draw in range(10)]
    assert {fleet.done for fleet in fleets} == {40}
    assert mean(fleet.seconds / fleet.least for fleet in fleets) <= 1.1


def test_a_thousand_jobs_under_one_limit_are_all_done(pytestconfig: pytest.Config) -> None:
    """A thousand jobs under one limit are all done, in little more than the least time."""
    if not pytestconfig.getoption("--simulation"):
        pytest.skip("takes a while: asked for by --simulation")
    fleet = sail("ours", 1_000, deadline=600)
    assert fleet.done == 1_000
    assert fleet.seconds <= 1.1 * fleet.least


def test_other_policies_let_jobs_fail() -> None:
    """The policies that ours is compared with let some of forty jobs fail."""
    assert sail("Terraform", 40).done < 40
    assert sail("naive: five attempts, a second apart", 40).done < 40


def test_a_seed_tells_the_same_story_each_time() -> None:
    """A seed tells the same story each time."""
    first, second = (World(7, telling=True).run().story for _ in range(2))
    assert first == second
    assert len(first) > 10


def test_turns_come_in_the_order_of_time() -> None:
    """Tasks that sleep wake in order, and time costs nothing."""
    turns, seen = Turns(), list[tuple[str, float]]()

    def task(name: str, pause: float) -> None:
        for _ in range(2):
            turns.sleep(pause)
            seen.append((name, turns.now))

    turns.start(0, lambda: task("slow", 3_600))
    turns.start(1, lambda: task("quick", 10))
    turns.at(15, lambda: seen.append(("bell", turns.now)))
    turns.run()
    assert seen == [("quick", 11), ("bell", 15), ("quick", 21), ("slow", 3_600), ("slow", 7_200)]


def test_a_world_that_does_not_end_is_ended() -> None:
    """A client that waits for ever is found, and does not hang the tests."""
    turns = Turns(most_steps=100)

    def task() -> None:
        while True:
            turns.sleep(0)

    turns.start(0, task)
    with pytest.raises(Endless):
        turns.run()
