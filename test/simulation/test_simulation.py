"""The client in simulated worlds: whatever happens there, what it promises holds."""

from __future__ import annotations

import pytest

from .campaign import never_met, report, run, run_many
from .shrinking import story_of
from .turns import Endless, Turns
from .world import World

_FEW, _MANY = range(100), range(100_000)


def test_promises_hold_in_a_hundred_worlds() -> None:
    """Nothing is lost, doubled, unasked, late or untrue, whatever the network does."""
    broken = run(_FEW).broken
    assert not broken, "\n\n".join(story_of(seeds[0], name) for name, seeds in broken.items())


def test_simulation_campaign(
    pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same in a hundred thousand worlds, with a report of what was met."""
    if not pytestconfig.getoption("--simulation"):
        pytest.skip("takes minutes: asked for by --simulation")
    campaign = run_many(_MANY, processes=2)
    with capsys.disabled():
        print("\n" + report(campaign))
    told = [story_of(min(seeds), name) for name, seeds in campaign.broken.items()]
    assert not campaign.broken, "\n\n".join(told)
    assert not never_met(campaign.met)


def test_a_seed_tells_the_same_story_each_time() -> None:
    """A failure that nobody can repeat is no find."""
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
