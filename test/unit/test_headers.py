import copy
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPHeaderDict

from openapi_client._core.headers import (
    Headers,
    has_authorization,
    merged,
    retry_after,
)
from openapi_client._core.rate_limit import RateLimit

_DATE = "Sun, 06 Nov 1994 08:49:07 GMT"


def test_names_are_found_in_any_case() -> None:
    """A header is found by its name in any case."""
    headers = Headers({"X-Request-Id": "r1"})
    assert headers["x-request-id"] == headers.get("X-REQUEST-ID") == "r1"
    assert "x-Request-id" in headers
    assert headers.get("X-Other") is None
    assert len(headers) == 1


def test_names_keep_their_order_and_case() -> None:
    """Headers keep their order, and the case of their names."""
    headers = Headers([("B", "1"), ("a", "2"), ("b", "3")])
    assert list(headers.items()) == [("B", "1, 3"), ("a", "2")]


def test_repeated_headers_of_the_transport_are_joined() -> None:
    """The values of a header that was sent twice are joined."""
    fields = HTTPHeaderDict([("Via", "a"), ("via", "b")])
    assert Headers(fields)["Via"] == "a, b"


@pytest.mark.parametrize("name", ["Authorization", "proxy-authorization", "Cookie", "SET-COOKIE"])
def test_representation_hides_credentials(name: str) -> None:
    """The representation of headers hides credentials."""
    headers = Headers({name: "s3cret", "X-Ok": "shown"})
    assert "s3cret" not in repr(headers)
    assert "shown" in repr(headers)


def test_headers_are_copied_and_pickled() -> None:
    """Headers that are copied or pickled stay the same."""
    headers = Headers([("A", "1")])
    assert pickle.loads(pickle.dumps(headers)) == copy.deepcopy(headers) == headers


def test_only_keeps_what_is_named() -> None:
    """Of the headers only those that are named are kept."""
    headers = Headers({"ACCEPT": "x", "Authorization": "y"})
    assert dict(headers.only(["Accept", "User-Agent"])) == {"ACCEPT": "x"}


def test_merging_ignores_case_and_the_later_wins() -> None:
    """Headers are merged in any case of their names, and the later one wins."""
    assert merged({"Accept": "a", "X": "1"}, {"accept": "b"}, {"ACCEPT": "c"}) == {
        "ACCEPT": "c",
        "X": "1",
    }


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, False),
        ({"X": "1"}, False),
        ({"AUTHORIZATION": ""}, True),
        ({"authorization": "x"}, True),
    ],
)
def test_authorization_is_found(headers: dict[str, str], found: bool) -> None:
    """The header for credentials is found in any case of its name."""
    assert has_authorization(headers) == found


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 17 "}, 17.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"Retry-After": "9" * 400}, float("inf")),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1_0"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "5, 7"}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": _DATE}, 30.0),
        ({"Retry-After": "Sunday, 06-Nov-94 08:49:37 GMT", "Date": _DATE}, 30.0),
        ({"Retry-After": "Sun Nov  6 08:49:37 1994", "Date": _DATE}, 30.0),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 -0000", "Date": _DATE}, 30.0),
        ({"Retry-After": "Sun, 06 Nov 1994 10:49:37 +0200", "Date": _DATE}, 30.0),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:06 GMT", "Date": _DATE}, 0.0),
        ({"Retry-After": "Sun, 99 Nov 1994 08:49:37 GMT", "Date": _DATE}, None),
    ],
)
def test_retry_after(
    headers: dict[str, str], seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``Retry-After`` is read as seconds or as a date, in any time zone; what is odd is none."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert retry_after(Headers(headers)) == seconds
    finally:
        monkeypatch.undo()
        time.tzset()


def test_retry_after_date_without_a_date_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A date to wait for counts from now where the answer has no usable Date of its own."""
    monkeypatch.setattr(time, "time", lambda: 784_111_777.0 - 12)
    headers = {"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}
    assert retry_after(headers) == 12.0
    assert retry_after({**headers, "Date": "garbage"}) == 12.0


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (None, None),
        ("0", 0),
        ("60", 60),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("many", None),
        ("٣", None),
        ("9" * 5000, None),
    ],
)
def test_rate_limit(value: str | None, count: int | None) -> None:
    """A rate limit that is malformed is read as none."""
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    headers = Headers() if value is None else Headers(dict.fromkeys(names, value))
    assert RateLimit.from_headers(headers) == RateLimit(count, count, count)


_DATES = st.builds(
    "{}{} {} {} {}:{}:{} {}".format,
    st.sampled_from(["", "Sun, ", "Sunday, "]),
    st.integers(0, 99),
    st.sampled_from(["Nov", "Feb", "nov", "11"]),
    st.integers(-1, 100_000),
    st.integers(0, 30),
    st.integers(0, 70),
    st.integers(0, 70),
    st.sampled_from(["GMT", "-0000", "", "+9999", "-2400", "EST", "+99999999999"]),
)
_VALUES = st.text() | _DATES | st.floats().map(str) | st.integers().map(str)


@given(_VALUES, _VALUES)
def test_headers_that_mean_nothing_do_no_harm(value: str, date: str) -> None:
    """Whatever a header holds, it is read as a time from now on, or as nothing."""
    headers = Headers({"Retry-After": value, "Date": date, "X-RateLimit-Reset": value})
    seconds = retry_after(headers)
    assert seconds is None or seconds >= 0
    reset = RateLimit.from_headers(headers).reset
    assert reset is None or reset >= 0


@given(st.lists(st.tuples(st.text(), st.text())))
def test_every_field_is_found(fields: list[tuple[str, str]]) -> None:
    """Every header is found by its name, however odd that is."""
    headers = Headers(fields)
    for name, value in fields:
        assert value in headers[name]
        assert name in headers
    assert {name.lower() for name in headers} == {name.lower() for name, _ in fields}
    assert isinstance(repr(headers), str)
