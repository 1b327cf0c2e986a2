"""The tree of failures.

Whatever goes wrong in a call is one of these::

    OpenApiException
    ├── ApiValueError                  an argument or a setting is refused; nothing was sent
    │   └── ApiTypeError                   ... because it is of the wrong type
    ├── ApiAttributeError              there is no such setting
    ├── ApiKeyError                    never raised; here for code that names it
    ├── WaitFailedException            a key stayed INVALID while it was waited for
    ├── WaitTimeoutException           a key did not become as it was waited for in time
    ├── KeyMismatchException           a key is registered already, with other particulars
    └── ApiException                   a call failed
        ├── BadRequestException            400
        ├── UnauthorizedException          401
        ├── PaymentRequiredException       402  a quota is used up
        ├── ForbiddenException             403  or the object does not exist
        ├── NotFoundException              404
        ├── ConflictException              409  it exists already, or is in use
        ├── UnprocessableEntityException   422
        ├── TooManyRequestsException       429
        ├── ServiceException               5xx
        ├── ApiConnectionException         no answer: connection, TLS, proxy
        ├── ApiTimeoutException            no answer in time
        └── ApiResponseException           an answer that cannot be read

A model's constructor raises ``pydantic.ValidationError``, which is a ``ValueError`` as
``ApiValueError`` is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http.client import responses
from typing import TYPE_CHECKING, Any, NoReturn

from . import models
from ._core.attempts import Attempt, Delivery
from ._core.headers import Headers, server_delay
from ._core.typeguards import is_array, is_mapping, is_object

if TYPE_CHECKING:
    from ._core.rate_limit import RateLimit


class OpenApiException(Exception):
    """The base of all exceptions of this library."""


class _Refusal(OpenApiException):
    """The caller asked for something that cannot be done, and nothing was sent."""

    def __init__(self, msg: object = "", path_to_item: Sequence[str | int] | None = None) -> None:
        super().__init__(msg)
        self.path_to_item = path_to_item
        """Where in the argument the trouble is, or ``None``."""

    def __str__(self) -> str:
        where = f" at {render_path(self.path_to_item)}" if self.path_to_item else ""
        return f"{self.args[0]}{where}"


class ApiValueError(_Refusal, ValueError):
    """An argument or a setting is refused; the text names it. Nothing was sent."""


class ApiTypeError(ApiValueError, TypeError):
    """An argument or a setting is of the wrong type; the text names it. Nothing was sent."""

    def __init__(
        self,
        msg: object = "",
        path_to_item: Sequence[str | int] | None = None,
        valid_classes: Sequence[type] | None = None,
        key_type: bool | None = None,
    ) -> None:
        super().__init__(msg, path_to_item)
        self.valid_classes = valid_classes
        """The types that would have done, or ``None``."""
        self.key_type = key_type
        """Whether the trouble is with a key of a mapping rather than a value."""


class ApiAttributeError(_Refusal, AttributeError):
    """There is no setting of this name."""


class ApiKeyError(_Refusal, KeyError):
    """A key that is not there. Never raised: here for ``except`` clauses that name it."""


class _KeyException(OpenApiException):
    """Not a call that failed, but a key that is not as it should be."""

    def __init__(self, message: str, key: Any = None) -> None:
        super().__init__(message)
        self.key = key
        """The key as it was last seen; ``None`` where it never was."""


class WaitFailedException(_KeyException):
    """The service could not use the key: its validation came to ``INVALID``."""


class WaitTimeoutException(_KeyException):
    """The key did not become in time what was waited for."""


class KeyMismatchException(_KeyException):
    """The identifier is registered already, and something else about the key differs."""


class ApiException(OpenApiException):
    """A call failed. ``str()`` of it is a short text to act on, and holds no secret.

    Attributes:
        status: The HTTP status; 0 where a call got no answer, and ``None`` in an exception that
            was made by hand without one.
        reason: The reason phrase that came with it, or what went wrong.
        body: The body of the answer as text, or ``None``.
        data: The body as a ``Failure``, or ``None`` where it is no JSON object.
        headers: The headers of the answer, or ``None``; names in any case.
        errors: What the service said was wrong, whichever form of body it chose. Empty where it
            said nothing.
        request_id: The service's ``X-Request-Id``, for its support; ``None`` where it gave none.
        retry_after: The seconds that the service asked to wait, in ``Retry-After`` or, with a 429,
            in ``X-RateLimit-Reset``; ``None`` where it did not say.
        attempts: The attempts that the call made, in their order.
        outcome_unknown: True where the call may have had its effect all the same: it is a write,
            was sent, and no definite answer came. Look before you repeat it.
        delivery: How far the last attempt came.
    """

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: Any = None,
        *,
        body: str | None = None,
        data: Any = None,
        errors: Sequence[models.Error] = (),
    ) -> None:
        super().__init__()
        self.status: int | None = status
        self.reason: str | None = reason
        self.body: str | None = body
        self.data: Any = data
        self.errors: tuple[models.Error, ...] = tuple(errors)
        self.attempts: tuple[Attempt, ...] = ()
        self.outcome_unknown: bool = False
        self.headers: Headers | None = None
        if http_resp is not None:
            self.body = _text_of(http_resp) if body is None else body
            self.status = http_resp.status if status is None else status
            self.reason = http_resp.reason if reason is None else reason
            self.headers = _headers_of(http_resp)
        self.delivery: Delivery = Delivery.ANSWERED if self.status else Delivery.UNANSWERED
        headers = self.headers or Headers()
        self.request_id: str | None = headers.get("X-Request-Id")
        self.retry_after: float | None = server_delay(self.status, headers)

    @property
    def rate_limit(self) -> RateLimit:
        """The ``X-RateLimit-*`` headers of the answer."""
        from ._core.rate_limit import RateLimit  # Few programs ever ask.

        return RateLimit.from_headers(self.headers or {})

    @classmethod
    def from_response(
        cls, *, http_resp: Any, body: str | None, data: Any, errors: Sequence[models.Error] = ()
    ) -> NoReturn:
        """Raise the exception that goes with the status of ``http_resp``."""
        kind = exception_class(http_resp.status)
        raise kind(http_resp=http_resp, body=body, data=data, errors=errors)

    def __str__(self) -> str:
        return " ".join(f"{sentence}." for sentence in self._sentences() if sentence)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def _sentences(self) -> Iterator[str]:
        what = " ".join(filter(None, [str(self.status or ""), self._reason()]))
        yield ": ".join(filter(None, [what, self._explanation()]))
        if self.attempts:
            last = self.attempts[-1]
            yield _line(f"{last.method} {last.path}", 300)
        if self.request_id:
            yield f"Request id {_line(self.request_id, 100)}"
        if len(self.attempts) > 1:
            yield f"{len(self.attempts)} attempts"
        if self.outcome_unknown:
            yield "The outcome is unknown: the request may have taken effect"

    def _reason(self) -> str:
        return _line(self.reason or responses.get(self.status or 0, ""), 300)

    def _explanation(self) -> str:
        """What the service said; where nothing of it is understood, the beginning of it."""
        if self.errors:
            return _line("; ".join(dict.fromkeys(map(_described, self.errors))), 1000)
        return _line(self.body or "", 300).rstrip(_END)


class BadRequestException(ApiException):
    """400: the request was not understood. Some quotas are reported so too."""


class UnauthorizedException(ApiException):
    """401: the credentials are missing or wrong."""


class PaymentRequiredException(ApiException):
    """402: a quota would be exceeded, such as the number of keys."""


class ForbiddenException(ApiException):
    """403: not allowed, or there is no such object."""


class NotFoundException(ApiException):
    """404: there is no such object, or it is hidden from the caller."""


class ConflictException(ApiException):
    """409: the key is registered already, or is in use and cannot be deleted."""

    @property
    def location(self) -> str | None:
        """The URI of the object that the request is in conflict with, or ``None``."""
        return None if self.headers is None else self.headers.get("Location")


class UnprocessableEntityException(ApiException):
    """422: the request was understood and is invalid; ``errors`` tells which fields."""


class TooManyRequestsException(ApiException):
    """429: too many requests; ``retry_after`` and ``rate_limit`` tell how long to wait."""


class ServiceException(ApiException):
    """5xx: the service failed."""


class ApiConnectionException(ApiException):
    """No answer: the connection failed, was refused by a proxy, or broke."""


class ApiTimeoutException(ApiException):
    """No complete answer in time."""


class ApiResponseException(ApiException):
    """An answer that cannot be read: no JSON where JSON was due, or broken in transport."""


_BY_STATUS: dict[int, type[ApiException]] = {
    400: BadRequestException,
    401: UnauthorizedException,
    402: PaymentRequiredException,
    403: ForbiddenException,
    404: NotFoundException,
    409: ConflictException,
    422: UnprocessableEntityException,
    429: TooManyRequestsException,
}


def exception_class(status: int) -> type[ApiException]:
    """The exception that stands for an HTTP status."""
    return _BY_STATUS.get(status, ServiceException if 500 <= status <= 599 else ApiException)


def render_path(path_to_item: Sequence[str | int]) -> str:
    """The path to a part of an argument, in the way it is written in Python."""
    return "".join(f"[{step!r}]" for step in path_to_item)


def _text_of(answer: Any) -> str | None:
    """The body of an answer; a test may have put a double in its place that has text, or none."""
    content = getattr(answer, "data", None)
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    return content if isinstance(content, str) else None


def _headers_of(answer: Any) -> Headers:
    """The headers of an answer, or of a double of one, which may have one of the two names."""
    fields = getattr(answer, "headers", None)
    if isinstance(fields, Headers):
        return fields
    if not is_mapping(fields) and hasattr(answer, "getheaders"):
        fields = answer.getheaders()
    return Headers(fields) if is_mapping(fields) or is_array(fields) else Headers()


_END = ". \n"
"""What is stripped from the end of a text from elsewhere: its sentence gets a full stop anyhow."""


def _described(error: models.Error) -> str:
    """What a person has to know of an error: the most telling text, and where it belongs."""
    extra = error.model_extra or {}
    texts = (error.detail, error.message, extra.get("details"), error.title, error.code)
    text = next((_plain(text) for text in texts if text), "no details")
    source = error.source
    where = source and (getattr(source, "pointer", None) or getattr(source, "parameter", None))
    place = f" ({where})" if where else ""
    hint = extra.get("resolution") or extra.get("suggestion")
    return f"{text.rstrip(_END)}{place}" + (f"; {hint}".rstrip(_END) if hint else "")


def _plain(text: object) -> str:
    """A text, or the texts of a list of details."""
    if is_array(text):
        return "; ".join(_plain(item) for item in text)
    if is_object(text):
        return _plain(text.get("detail") or text.get("message") or str(text))
    return str(text)


def _line(text: str, limit: int) -> str:
    """The text on one line, and short: it may come from anyone."""
    start = text[: 10 * limit]
    line = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
