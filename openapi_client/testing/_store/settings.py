"""How an emulator behaves where nobody outside knows how the service does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from .checks import is_count, is_duration, is_text, require


@dataclass(frozen=True)
class ValidationStep:
    """One step of a validation script.

    Attributes:
        phase: the phase the key enters: `VALID`, `INVALID`, or any other text.
        message: what the service says about it; empty for no message.
        seconds: how long the phase before lasts at least (the first: since the script began).
        reads: how many GETs of this very key see the phase before at least.

    Raises:
        ValueError: for a value that is none of these.
    """

    phase: str
    message: str = ""
    seconds: float = 0.0
    reads: int = 0

    def __post_init__(self) -> None:
        require(is_text(self.phase, 1), "phase", "text", self.phase)
        require(is_text(self.message), "message", "text", self.message)
        require(is_duration(self.seconds), "seconds", "a number from 0 up", self.seconds)
        require(is_count(self.reads), "reads", "a whole number from 0 up", self.reads)


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
            practice.
        duplicates: whether registering an identifier again answers 409 or makes a second key.
        empty_source: whether errors that name no source carry `"source": {}`.
        page_token_lifetime: seconds for which a page token is accepted.
        list_lag: seconds by which listings are behind: what was created, changed or deleted since
            does not show yet. Reading a single key does not lag, and seeded keys show at once.

    Raises:
        ValueError: for a value that is none of these, here or when it is assigned.
    """

    quota: int | None = 20
    rate_limit: tuple[int, float] | None = None
    principals_delay: float | None = 0.0
    validation: Sequence[ValidationStep] = ()
    absent_status: Literal[404, 403] = 404
    duplicates: Literal["conflict", "allow"] = "conflict"
    empty_source: bool = False
    page_token_lifetime: float = 3600.0
    list_lag: float = 0.0

    if not TYPE_CHECKING:  # pragma: no branch  (Type checkers would accept any attribute.)

        def __setattr__(self, name: str, value: object) -> None:
            if name in _RULES:
                is_valid, expected = _RULES[name]
                require(is_valid(value), name, expected, value)
            object.__setattr__(self, name, value)


def _is_rate(value: Any) -> bool:
    match value:
        case requests, seconds:
            return is_count(requests, 1) and is_duration(seconds) and seconds > 0
        case _:
            return False


def _is_script(value: Any) -> bool:
    steps = cast("Sequence[object]", value)
    return isinstance(value, Sequence) and all(isinstance(one, ValidationStep) for one in steps)


_RULES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "quota": (lambda v: v is None or is_count(v), "a whole number from 0 up, or None"),
    "rate_limit": (
        lambda v: v is None or _is_rate(v),
        "a pair of requests and seconds, both above 0, or None",
    ),
    "principals_delay": (lambda v: v is None or is_duration(v), "seconds from 0 up, or None"),
    "validation": (_is_script, "a list or tuple of ValidationStep"),
    "absent_status": (lambda v: v in (403, 404), "403 or 404"),
    "duplicates": (lambda v: v in ("conflict", "allow"), "'conflict' or 'allow'"),
    "empty_source": (lambda v: isinstance(v, bool), "True or False"),
    "page_token_lifetime": (is_duration, "seconds from 0 up"),
    "list_lag": (is_duration, "seconds from 0 up"),
}
