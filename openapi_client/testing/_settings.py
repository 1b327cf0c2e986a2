"""How an emulator behaves where the contract leaves a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ValidationStep:
    """One step of a validation script.

    The step is taken `seconds` after the one before it (the first: after the script began), and
    once that many `reads` (GETs of this very key) have seen the phase before it.

    Attributes:
        phase: the phase the key enters: `VALID`, `INVALID`, or any other text.
        message: what the service says about it; empty for no message.
        seconds: how long the phase before lasts at least.
        reads: how many GETs of the key see the phase before at least.
    """

    phase: str
    message: str = ""
    seconds: float = 0.0
    reads: int = 0


@dataclass(slots=True, kw_only=True)
class Settings:
    """Choices that may change while the emulator runs; `ByokEmulator.clear` puts them back.

    Attributes:
        quota: how many keys may be registered before creating answers 402; None for no limit.
        rate_limit: requests allowed, and the seconds they are counted over; None for no limit.
            Without a limit no rate-limit headers are sent.
        principals_delay: seconds after its creation at which a key shows the principals made by
            the service (`roles`, `application_id`, `security_group`); None for never by itself.
        validation: the script that each key created through the API runs; empty to stay
            `INITIALIZING`.
        absent_status: what a missing key answers: 404 as declared, or 403 as also seen in
            practice (contract section 4.3).
        duplicates: whether registering an identifier again answers 409 or makes a second key.
        empty_source: whether errors that name no source carry `"source": {}`.
        page_token_lifetime: seconds for which a page token is accepted.
    """

    quota: int | None = 20
    rate_limit: tuple[int, float] | None = None
    principals_delay: float | None = 0.0
    validation: Sequence[ValidationStep] = ()
    absent_status: Literal[404, 403] = 404
    duplicates: Literal["conflict", "allow"] = "conflict"
    empty_source: bool = False
    page_token_lifetime: float = 3600.0
