"""What a type checker sees of results and failures. It is checked, not run."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import ErrorDetails
from typing_extensions import assert_type

from openapi_client import (
    ApiConnectionException,
    ApiException,
    ApiResponse,
    ApiResponseException,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
    Attempt,
    ByokV1KeyList,
    ConflictException,
    Error,
    Headers,
    KeysByokV1Api,
    NotFoundException,
    OpenApiException,
    RateLimit,
)


def an_answer(response: ApiResponse[ByokV1KeyList]) -> None:
    """All that `_with_http_info` gives."""
    assert_type(response.status_code, int)
    assert_type(response.status, int)
    assert_type(response.headers, Headers)
    assert_type(response.headers.get("X-Request-Id"), str | None)
    assert_type(response.data, ByokV1KeyList)
    assert_type(response.raw_data, bytes)
    assert_type(response.request_id, str | None)
    assert_type(response.rate_limit, RateLimit)
    assert_type(response.rate_limit.remaining, int | None)
    assert_type(response.attempts, Sequence[Attempt])
    assert_type(response.validation_errors, Sequence[ErrorDetails])


def an_attempt(attempt: Attempt) -> None:
    """What `on_attempt` is told."""
    assert_type(attempt.number, int)
    assert_type(attempt.method, str)
    assert_type(attempt.path, str)
    assert_type(attempt.status, int | None)
    assert_type(attempt.error, str | None)
    assert_type(attempt.request_id, str | None)
    assert_type(attempt.duration, float)
    assert_type(attempt.wait, float | None)


def a_failure(api: KeysByokV1Api) -> None:
    """All that an exception tells."""
    try:
        api.delete_byok_v1_key("cck-1")
    except ConflictException as error:
        assert_type(error.location, str | None)
    except NotFoundException as error:
        assert_type(error.status, int | None)
        assert_type(error.reason, str | None)
        assert_type(error.body, str | None)
        assert_type(error.data, Any)
        assert_type(error.headers, Headers | None)
        assert_type(error.errors, tuple[Error, ...])
        assert_type(error.request_id, str | None)
        assert_type(error.retry_after, float | None)
        assert_type(error.rate_limit, RateLimit)
        assert_type(error.attempts, tuple[Attempt, ...])
        assert_type(error.outcome_unknown, bool)


def the_tree(
    answerless: ApiConnectionException | ApiTimeoutException | ApiResponseException,
    refusal: ApiTypeError,
) -> tuple[OpenApiException, ValueError, TypeError]:
    """One clause catches all failures of calls, one all refusals; both are `OpenApiException`."""
    call: ApiException = answerless
    argument: ApiValueError = refusal
    assert_type(argument.path_to_item, Sequence[str | int] | None)
    return call, argument, refusal
