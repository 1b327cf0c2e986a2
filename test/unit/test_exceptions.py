import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

import openapi_client
from openapi_client import Attempt, ByokV1Key, Error, ErrorSource, Failure, exceptions
from openapi_client._core.attempts import Delivery
from openapi_client._core.headers import server_delay
from openapi_client._core.rate_limit import RateLimit
from openapi_client.exceptions import (
    ApiAttributeError,
    ApiConnectionException,
    ApiException,
    ApiKeyError,
    ApiTypeError,
    ApiValueError,
    ConflictException,
    KeyMismatchException,
    OpenApiException,
    WaitFailedException,
    WaitTimeoutException,
    exception_class,
    render_path,
)

_ATTEMPT = Attempt(1, "GET", "/byok/v1/keys", 503, None, "r1", 0.5, None)
_REFUSALS = [ApiValueError, ApiTypeError, ApiAttributeError, ApiKeyError]
_NAMED = {
    400: "BadRequestException",
    401: "UnauthorizedException",
    402: "PaymentRequiredException",
    403: "ForbiddenException",
    404: "NotFoundException",
    409: "ConflictException",
    422: "UnprocessableEntityException",
    429: "TooManyRequestsException",
}


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("ApiValueError", ValueError),
        ("ApiTypeError", TypeError),
        ("ApiTypeError", ApiValueError),
        ("ApiAttributeError", AttributeError),
        ("ApiKeyError", KeyError),
        ("WaitFailedException", OpenApiException),
        ("WaitTimeoutException", OpenApiException),
        ("KeyMismatchException", OpenApiException),
        ("ApiException", OpenApiException),
        ("ServiceException", ApiException),
        ("ApiConnectionException", ApiException),
        ("ApiTimeoutException", ApiException),
        ("ApiResponseException", ApiException),
        *[(name, ApiException) for name in _NAMED.values()],
    ],
)
def test_tree(name: str, base: type[Exception]) -> None:
    """An ``except`` clause that worked with the generated client catches what it did."""
    kind = getattr(exceptions, name)
    assert issubclass(kind, base)
    assert issubclass(kind, OpenApiException)
    assert getattr(openapi_client, name) is kind
    assert name in (exceptions.__doc__ or "")


def test_tree_is_drawn_whole() -> None:
    """Every exception stands in the tree that the documentation draws."""
    kinds = [OpenApiException]
    for kind in kinds:
        kinds += kind.__subclasses__()
    here = {k.__name__ for k in kinds if k.__module__ == exceptions.__name__}
    missing = {name for name in here if name not in (exceptions.__doc__ or "")}
    assert {name for name in missing if not name.startswith("_")} == set()


@pytest.mark.parametrize("status", range(300, 620))
def test_every_status_has_its_exception(status: int, answer: Callable[..., Any]) -> None:
    """Each status raises the exception that is named for it."""
    name = _NAMED.get(status, "ServiceException" if 500 <= status <= 599 else "ApiException")
    assert exception_class(status).__name__ == name
    with pytest.raises(ApiException) as caught:
        ApiException.from_response(http_resp=answer(status), body="b", data=None)
    assert type(caught.value) is exception_class(status)
    assert caught.value.status == status


def test_what_an_answer_tells(answer: Callable[..., Any]) -> None:
    """An exception keeps all that the answer told: request id, wait, limit, errors, body."""
    headers = {
        "x-request-id": "r1",
        "Retry-After": "7",
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "9",
    }
    error = Error(detail="too many")
    failure = Failure(errors=[error])
    with pytest.raises(ApiException) as caught:
        ApiException.from_response(
            http_resp=answer(429, headers, b"raw", "Slow Down"),
            body="text",
            data=failure,
            errors=[error],
        )
    told = caught.value
    assert (told.status, told.reason, told.body, told.data) == (429, "Slow Down", "text", failure)
    assert told.headers is not None
    assert told.headers["X-REQUEST-ID"] == told.request_id == "r1"
    assert told.errors == (error,)
    assert told.retry_after == 7
    assert told.rate_limit == RateLimit(60, 0, 9)
    assert told.attempts == ()
    assert told.outcome_unknown is False
    assert told.delivery is Delivery.ANSWERED


@pytest.mark.parametrize(
    ("status", "headers", "delay"),
    [
        (429, {"X-RateLimit-Reset": "9"}, 9.0),
        (429, {"X-RateLimit-Reset": "0"}, 0.0),
        (429, {"X-RateLimit-Reset": "9", "Retry-After": "7"}, 7.0),
        (429, {"X-RateLimit-Reset": "soon"}, None),
        (429, {}, None),
        (503, {"X-RateLimit-Reset": "9"}, None),
        (503, {"Retry-After": "0"}, 0.0),
    ],
)
def test_how_long_to_wait(
    status: int, headers: dict[str, str], delay: float | None, answer: Callable[..., Any]
) -> None:
    """``retry_after`` says when to come back, whichever header of a 429 has it."""
    assert exception_class(status)(http_resp=answer(status, headers)).retry_after == delay
    assert server_delay(status, headers) == delay


def test_no_answer_is_status_0() -> None:
    """A handler that compares the status with numbers works on failures of the network too."""
    failed = ApiConnectionException(0, "no connection to h: timed out")
    assert failed.status is not None
    assert not failed.status >= 500
    assert failed.delivery is Delivery.UNANSWERED
    assert str(failed) == "no connection to h: timed out."
    assert ApiException(0).delivery is Delivery.UNANSWERED
    assert str(ApiException(0)) == ""


def test_without_an_answer() -> None:
    """Code that looks at any exception's attributes works where no answer came."""
    bare = ApiException()
    assert (bare.status, bare.reason, bare.body, bare.data, bare.headers) == (None,) * 5
    assert (bare.request_id, bare.retry_after, bare.errors) == (None, None, ())
    assert bare.rate_limit == RateLimit(None, None, None)
    assert bare.delivery is Delivery.UNANSWERED
    assert ApiException(500).delivery is Delivery.ANSWERED
    assert ConflictException().location is None


def test_as_the_generated_client_makes_them(answer: Callable[..., Any]) -> None:
    """Exceptions can be made as those of the generated client are."""
    assert ApiException(0, "why").reason == "why"
    made = ApiException(http_resp=answer(404, {"A": "1"}, b'{"x": "\xc3\xa9\xff"}', "Gone"))
    assert (made.status, made.reason, made.body) == (404, "Gone", '{"x": "é\ufffd"}')
    assert dict(made.headers or {}) == {"A": "1"}
    own = ApiException(409, "Mine", answer(404, body=b"raw"), body="own")
    assert (own.status, own.reason, own.body) == (409, "Mine", "own")
    unread = answer(404)
    unread.data = None
    assert ApiException(http_resp=unread).body is None


@pytest.mark.parametrize(
    "double",
    [
        SimpleNamespace(status=404, reason="Gone", data="text", headers={"A": "1"}),
        SimpleNamespace(status=404, reason="Gone", data=b"text", getheaders=lambda: {"A": "1"}),
        SimpleNamespace(status=404, reason="Gone", data=b"text", getheaders=lambda: [("A", "1")]),
        urllib3.HTTPResponse(b"text", {"A": "1"}, 404, reason="Gone"),
    ],
    ids=["attributes", "method", "pairs", "urllib3"],
)
def test_doubles_of_an_answer(double: Any) -> None:
    """A test may make an exception of any object that has what an answer has."""
    made = ApiException(http_resp=double)
    assert (made.status, made.reason, made.body) == (404, "Gone", "text")
    assert made.headers is not None
    assert dict(made.headers) == {"A": "1"}


def test_doubles_that_lack_something() -> None:
    """A mock whose attributes are mocks still makes an exception that can be shown."""
    made = ApiException(http_resp=Mock(status=409, reason="In Use"))
    assert (made.status, made.reason, made.body) == (409, "In Use", None)
    assert dict(made.headers or {}) == {}
    bare = ApiException(http_resp=SimpleNamespace(status=500, reason=None))
    assert str(bare) == "500 Internal Server Error."


def test_conflict_names_what_it_conflicts_with(answer: Callable[..., Any]) -> None:
    """A conflict tells where the object is that it conflicts with."""
    assert ConflictException(http_resp=answer(409)).location is None
    headers = {"location": "/byok/v1/keys/cck-1"}
    assert ConflictException(http_resp=answer(409, headers)).location == "/byok/v1/keys/cck-1"


def _error(**fields: Any) -> Error:
    return Error.from_dict(fields)


@pytest.mark.parametrize(
    ("failed", "text"),
    [
        (ApiException(), ""),
        (ApiException(404), "404 Not Found."),
        (ApiException(404, ""), "404 Not Found."),
        (ApiException(404, "Nope"), "404 Nope."),
        (ApiException(599), "599."),
        (ApiException(reason="no connection to h: timed out"), "no connection to h: timed out."),
        (ApiException(400, errors=[_error(detail="Bad page.")]), "400 Bad Request: Bad page."),
        (
            ApiException(
                422,
                "Refused",  # Python's own phrase for 422 has changed with 3.13.
                errors=[
                    _error(detail="too long", source={"pointer": "/key/key_arn"}),
                    _error(detail="unknown", source={"parameter": "state"}),
                ],
            ),
            "422 Refused: too long (/key/key_arn); unknown (state).",
        ),
        (ApiException(422, "No", errors=[_error(detail="twice")] * 20), "422 No: twice."),
        (ApiException(400, "No", errors=[_error(message="old")]), "400 No: old."),
        (ApiException(400, "No", errors=[_error(details=["a", "b"])]), "400 No: a; b."),
        (ApiException(400, "No", errors=[_error(detail={"detail": "d"})]), "400 No: d."),
        (ApiException(400, "No", errors=[_error(detail={"message": "m"})]), "400 No: m."),
        (ApiException(400, "No", errors=[_error(detail={"why": 7})]), "400 No: {'why': 7}."),
        (ApiException(400, "No", errors=[_error(title="T", code="c")]), "400 No: T."),
        (ApiException(400, "No", errors=[_error(code="out_of_gas")]), "400 No: out_of_gas."),
        (ApiException(400, "No", errors=[_error()]), "400 No: no details."),
        (ApiException(400, "No", errors=[_error(detail=7, source="x")]), "400 No: 7."),
        (ApiException(400, "No", errors=[_error(detail="d", source={})]), "400 No: d."),
        (
            ApiException(402, "No", errors=[_error(detail="full", resolution="Ask for more.")]),
            "402 No: full; Ask for more.",
        ),
        (ApiException(402, "No", errors=[_error(message="m", suggestion="s")]), "402 No: m; s."),
    ],
)
def test_text(failed: ApiException, text: str) -> None:
    """The text is one line with status, reason, and what the service said was wrong."""
    assert str(failed) == text
    assert repr(failed) == f"ApiException({text!r})"


def test_text_is_one_short_paragraph(answer: Callable[..., Any]) -> None:
    """The text tells the call, what happened to it, and whether it may have had its effect."""
    headers = {"X-Request-Id": "r1", "Set-Cookie": "s3cret", "X-Other": "noise"}
    failed = ApiException(http_resp=answer(500, headers, b"page", "Oops"), body="It broke.")
    failed.attempts = (_ATTEMPT,)
    assert str(failed) == "500 Oops: It broke. GET /byok/v1/keys. Request id r1."
    failed.attempts = (_ATTEMPT, replace(_ATTEMPT, method="DELETE", path="/byok/v1/keys/cck-1"))
    failed.outcome_unknown = True
    assert str(failed) == (
        "500 Oops: It broke. DELETE /byok/v1/keys/cck-1. Request id r1. 2 attempts. "
        "The outcome is unknown: the request may have taken effect."
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"unexpected": 1}', '501 No: {"unexpected": 1}.'),
        ("no healthy upstream", "501 No: no healthy upstream."),
        ('"text"', '501 No: "text".'),
        ("[1,\n 2]", "501 No: [1, 2]."),
        ("<html>\r\n<body>\x1b[2JBlocked.</body>", "501 No: <html> <body> [2JBlocked.</body>."),
        (" \n\t", "501 No."),
        ("", "501 No."),
    ],
)
def test_a_body_that_nobody_understands(body: str, text: str) -> None:
    """What the gateway or the proxy said is in the text, on one line; errors are told instead."""
    assert str(ApiException(501, "No", body=body)) == text
    errors = [_error(detail="full")]
    assert str(ApiException(501, "No", body=body, errors=errors)) == "501 No: full."


def test_of_a_long_body_the_beginning() -> None:
    """A page is not poured into the log."""
    text = str(ApiException(501, "No", body="x" * 5_000_000))
    assert text == f"501 No: {'x' * 299}…."


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\r\n\tb", "a\x1b[2Jb", "a\x00b", "a\u202eb", "a\u2028b", "a\ud800b", "a \n b"],
)
def test_text_is_on_one_line(text: str, answer: Callable[..., Any]) -> None:
    """Whatever an answer holds, the text is one printable line."""
    failed = ApiException(400, text, errors=[_error(detail=text, source={"pointer": text})])
    failed.request_id = text
    failed.attempts = (replace(_ATTEMPT, path=f"/{text}"),)
    shown = str(failed)
    assert shown.isprintable()
    assert shown.replace("[2J", "") == "400 a b: a b (a b). GET /a b. Request id a b."


def test_text_stays_short() -> None:
    """The text stays short, however long the answer is."""
    huge = "x" * 5_000_000
    failed = ApiException(400, huge, errors=[_error(detail=huge), _error(detail=huge + "y")])
    failed.request_id = huge
    failed.attempts = (replace(_ATTEMPT, path=huge),)
    assert len(str(failed)) < 1800
    assert "…" in str(failed)


_SCALARS = st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False)
_JSON = st.recursive(_SCALARS, lambda x: st.lists(x) | st.dictionaries(st.text(), x))


@given(_JSON)
def test_text_of_any_error(value: Any) -> None:
    """There is a text for errors of any form."""
    names = ("detail", "message", "details", "title", "code", "source", "resolution", "suggestion")
    errors = [_error(**{name: value}) for name in names]
    failed = ApiException(400, "No", errors=errors)
    assert str(failed).isprintable()
    assert str(failed).startswith("400 No: ")


_COPIES = [
    pytest.param(copy.copy, id="copy"),
    pytest.param(copy.deepcopy, id="deepcopy"),
    pytest.param(lambda error: pickle.loads(pickle.dumps(error)), id="pickle"),
]


@pytest.mark.parametrize("copied", _COPIES)
@pytest.mark.parametrize("status", [*_NAMED, 418, 500, 0])
def test_exceptions_travel(
    status: int, copied: Callable[[Any], Any], answer: Callable[..., Any]
) -> None:
    """An exception is copied and pickled with all its facts."""
    headers = {"X-Request-Id": "r1", "Retry-After": "7", "Location": "/x"}
    failed = exception_class(status)(
        http_resp=answer(status, headers, b"{}", "Why"),
        data=Failure(errors=[]),
        errors=[Error(detail="d", source=ErrorSource(pointer="/p"))],
    )
    failed.attempts = (_ATTEMPT,)
    failed.outcome_unknown = True
    failed.delivery = Delivery.UNANSWERED
    other = copied(failed)
    assert type(other) is type(failed)
    assert vars(other) == vars(failed)
    assert str(other) == str(failed)


@pytest.mark.parametrize("copied", _COPIES)
@pytest.mark.parametrize("kind", _REFUSALS)
def test_refusals_travel(kind: type[Any], copied: Callable[[Any], Any]) -> None:
    """A refusal is copied and pickled with the place that it names."""
    refusal = kind("bad", ["key", 0])
    other = copied(refusal)
    assert type(other) is kind
    assert str(other) == str(refusal) == "bad at ['key'][0]"
    assert other.path_to_item == ["key", 0]


@pytest.mark.parametrize("copied", _COPIES)
@pytest.mark.parametrize("kind", [WaitFailedException, WaitTimeoutException, KeyMismatchException])
def test_failures_of_jobs_travel(kind: type[Any], copied: Callable[[Any], Any]) -> None:
    """A job's failure is copied and pickled with the key that it is about."""
    other = copied(kind("bad", ByokV1Key(id="cck-1")))
    assert (str(other), other.key) == ("bad", ByokV1Key(id="cck-1"))
    assert kind("bad").key is None


@pytest.mark.parametrize("kind", _REFUSALS)
def test_text_of_a_refusal(kind: type[Any]) -> None:
    """The text of a refusal is its message, without quotes."""
    assert str(kind("it's bad")) == "it's bad"
    assert str(kind("bad", [])) == "bad"
    assert str(kind()) == ""
    assert kind("bad").path_to_item is None


def test_type_error_keeps_what_the_generated_one_has() -> None:
    """A type error has the attributes that the generated client's has."""
    error = ApiTypeError("bad", valid_classes=(str,), key_type=True)
    assert (error.valid_classes, error.key_type) == ((str,), True)
    assert (ApiTypeError("bad").valid_classes, ApiTypeError("bad").key_type) == (None, None)


@pytest.mark.parametrize(
    ("path", "text"),
    [([], ""), (["key"], "['key']"), (["data", 0, "it's"], "['data'][0][\"it's\"]")],
)
def test_render_path(path: list[str | int], text: str) -> None:
    """The place of a mistake is written as in Python."""
    assert render_path(path) == text
