"""What a successful call gives: the data, and what came with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic_core import ErrorDetails

from ._core.attempts import Attempt
from ._core.headers import Headers

if TYPE_CHECKING:
    from ._core.rate_limit import RateLimit

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class ApiResponse(Generic[T]):
    """The data of an answer, with its status, headers and history.

    Attributes:
        status_code: The HTTP status.
        headers: The headers of the answer; names in any case.
        data: The model of the body.
        raw_data: The body, as bytes.
        attempts: The attempts that the call made, in their order.
        validation_errors: What in the body did not fit the model, in the
            form of ``pydantic.ValidationError.errors()``; mostly empty.
    """

    status_code: int
    headers: Headers = field(default_factory=Headers)
    data: T
    raw_data: bytes
    attempts: Sequence[Attempt] = ()
    validation_errors: Sequence[ErrorDetails] = ()

    @property
    def status(self) -> int:
        """The HTTP status, by the name that it has in exceptions."""
        return self.status_code

    @property
    def request_id(self) -> str | None:
        """The service's ``X-Request-Id``, for its support; ``None`` where it gave none."""
        return self.headers.get("X-Request-Id")

    @property
    def rate_limit(self) -> "RateLimit":
        """The ``X-RateLimit-*`` headers of the answer."""
        from ._core.rate_limit import RateLimit  # Few programs ever ask.

        return RateLimit.from_headers(self.headers)
