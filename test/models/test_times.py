"""Times are read to the microsecond, and those that are none do no harm (contract, section 3)."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.payloads import TIMES
from models.samples import KEY, body, changed
from openapi_client.models import ByokV1KeyValidation, GetByokV1Key200Response
from openapi_client.models._decoding import decode


def both_ways(text: str) -> tuple[Any, bool]:
    """The time that is read, strictly or for the odd phase beside it not; whether it fits."""
    plain, errors = decode(ByokV1KeyValidation, body({"phase": "VALID", "since": text}))
    odd, _ = decode(ByokV1KeyValidation, body({"phase": 5, "since": text}))
    assert plain.since == odd.since
    assert type(plain.since) is type(odd.since)
    return plain.since, not errors


@pytest.mark.parametrize("digits", range(10))
@pytest.mark.parametrize("offset", ["Z", "z", "+00:00", "-00:00", "-07:00", "+05:45", "+23:59", ""])
@pytest.mark.parametrize("between", ["T", "t", " "])
def test_fractions_and_offsets_are_read(digits: int, offset: str, between: str) -> None:
    """A key would seem to be of another age, or its age be a text that cannot be compared."""
    fraction = f".{'987654321'[:digits]}" if digits else ""
    time, fits = both_ways(f"2026-01-02{between}03:04:05{fraction}{offset}")
    assert fits
    sign = -1 if offset.startswith("-") else 1
    hours, minutes = (int(offset[1:3]), int(offset[4:])) if len(offset) > 1 else (0, 0)
    zone = timezone(sign * timedelta(hours=hours, minutes=minutes))
    microseconds = 987654 // 10 ** max(6 - digits, 0) * 10 ** max(6 - digits, 0)
    assert time == datetime(2026, 1, 2, 3, 4, 5, microseconds, zone)
    assert time.utcoffset() == zone.utcoffset(None)


@given(TIMES)
def test_every_time_is_the_one_that_was_sent(text: str) -> None:
    """A time in some zone or year would be read as another."""
    time, fits = both_ways(text)
    assert fits
    sent = datetime.fromisoformat(text)
    assert time == (sent if sent.tzinfo else sent.replace(tzinfo=timezone.utc))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-01-02",
        "2026-01-02T03:04:60Z",
        "2026-12-31T23:59:60.123456789Z",
        "2026-02-30T00:00:00Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:05+24:00",
        "0000-00-00T00:00:00Z",
        "20260102T030405Z",
        "10000-01-01T00:00:00Z",
        "２０２６-01-02T03:04:05Z",
        "2026-01-02T03:04:05Z\x00",
    ],
)
def test_what_is_no_time_stays_text(text: str) -> None:
    """A leap second, or an empty text for a time, would fail the call."""
    time, fits = both_ways(text)
    assert time == text
    assert not fits
    key, _ = decode(GetByokV1Key200Response, body(changed(KEY, ("metadata", "created_at"), text)))
    assert key.metadata.created_at == text
    assert json.loads(key.to_json())["metadata"]["created_at"] == text


@given(st.text())
@example("1767323045")
@example("2026-01-02_03:04:05Z")
@example("2026-01-02T03:04:05\N{MINUS SIGN}07:00")
@example("2026-01-02T03:04Z")
def test_any_text_for_a_time_is_read_alike_both_ways(text: str) -> None:
    """The age of a key would depend on what else is on its page."""
    time, fits = both_ways(text)
    assert isinstance(time, datetime) == fits
    assert fits or time == text


@pytest.mark.parametrize("since", [1767323045, 1.5, True, None, [], {}])
def test_numbers_are_no_times(since: object) -> None:
    """A number would be read as seconds or as milliseconds, at a guess."""
    validation, errors = decode(ByokV1KeyValidation, body({"phase": "VALID", "since": since}))
    assert validation.since == since
    assert type(validation.since) is type(since)
    assert [error["loc"] for error in errors] == [("since",)]


def test_times_are_written_as_rfc_3339() -> None:
    """What is stored as JSON could not be read by other programs."""
    key = GetByokV1Key200Response.from_dict(KEY)
    assert isinstance(key.to_dict()["metadata"]["created_at"], datetime)
    written = json.loads(key.to_json())
    assert written["metadata"]["created_at"] == "2026-01-02T03:04:05.678901+00:00"
    assert written["metadata"]["deleted_at"] == "2030-01-02T03:04:05-07:00"
    assert written["validation"]["since"] == "2026-01-02T03:10:05+00:00"
