"""What the simulation has found and nobody has mended yet, where it would hide what else there is.

Each has a test that waits for its mending, in ``test/jobs/test_simulation_finds.py``. Whoever
mends one takes it out here.
"""

TOLD_BY_A_HEAD = "a wait is forgotten that the head of a broken answer told"
"""Left out of the worlds while it is open."""
JOBS_OUTLAST_THEIR_TIMEOUT = "every job ends by its timeout"
"""The invariant is not counted while it is open."""
OPEN = frozenset({TOLD_BY_A_HEAD, JOBS_OUTLAST_THEIR_TIMEOUT})
