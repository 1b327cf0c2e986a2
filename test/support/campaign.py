"""A network that loses every fifth request or answer, for campaigns of many calls."""

from __future__ import annotations

import random

from .fault_proxy import Plan, SpoilAnswer
from .faults import Drop, cut_body, cut_headers
from .replies import Reply, html_reply
from .wire import Request

_SHARE = 0.2


class LossyNetwork:
    """Chooses a fault for every fifth request, the same ones for the same seed.

    Half of the faults strike before the service has the request, half after it did the work.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, request: Request) -> Plan:
        """The plan for one request; ``FaultyProxy`` asks for one at a time."""
        if self._random.random() >= _SHARE:
            return None
        return self._random.choice(_PLANS)


_PLANS: tuple[Plan, ...] = (
    Drop.before_reading(),
    Drop.before_reading(reset=True),
    Reply(429).with_headers(("Retry-After", "1")),
    html_reply(503, ("Retry-After", "1")),
    html_reply(500),
    html_reply(502),
    SpoilAnswer(lambda answer: Drop.after_reading()),
    SpoilAnswer(lambda answer: Drop.after_reading(reset=True)),
    SpoilAnswer(cut_headers),
    SpoilAnswer(cut_body),
    SpoilAnswer(lambda answer: html_reply(500)),
    SpoilAnswer(lambda answer: html_reply(504)),
)
