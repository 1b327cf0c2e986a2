"""Times are read to the microsecond, and those that are none do no harm."""

import json
import subprocess
import sys
import time as clock
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.payloads import TIMES
from models.samples import KEY, body, changed
from openapi_client.models import ByokV1KeyValidation, GetByokV1Key200Response
from openapi_client.models._decoding import decode
from openapi_client.models._times import parse_time


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
    """A time with any fraction and offset is read as the moment that it is."""
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
    """A time in any zone and year is read as the one that was sent."""
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
        "10000-01-01T00:00:00Z",
        "２０２６-01-02T03:04:05Z",
        "2026-01-02T03:04:05Z\x00",
    ],
)
def test_what_is_no_time_stays_text(text: str) -> None:
    """What is no time, as a leap second or an empty text, stays text."""
    time, fits = both_ways(text)
    assert time == text
    assert not fits
    key, _ = decode(GetByokV1Key200Response, body(changed(KEY, ("metadata", "created_at"), text)))
    assert key.metadata.created_at == text
    assert json.loads(key.to_json())["metadata"]["created_at"] == text


UTC = timezone.utc


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("20230120T101745Z", datetime(2023, 1, 20, 10, 17, 45, tzinfo=UTC)),
        ("20230120T101745.123456Z", datetime(2023, 1, 20, 10, 17, 45, 123456, UTC)),
        ("20230120T101745+0530", datetime(2023, 1, 20, 4, 47, 45, tzinfo=UTC)),
        ("Fri, 20 Jan 2023 10:17:45 GMT", datetime(2023, 1, 20, 10, 17, 45, tzinfo=UTC)),
        ("Fri, 20 Jan 2023 10:17:45 -0500", datetime(2023, 1, 20, 15, 17, 45, tzinfo=UTC)),
        ("20 Jan 2023 10:17 UTC", datetime(2023, 1, 20, 10, 17, tzinfo=UTC)),
        ("2023-01-02T10:17:45.5 +0000", datetime(2023, 1, 2, 10, 17, 45, 500000, UTC)),
        ("01/20/2023 10:17:45 +00:00", datetime(2023, 1, 20, 10, 17, 45, tzinfo=UTC)),
    ],
)
def test_other_forms_of_a_whole_time_are_read_and_reported(text: str, time: datetime) -> None:
    """The age of a key is known though a service writes its times in another form."""
    read, fits = both_ways(text)
    assert read == time
    assert read.utcoffset() is not None
    assert not fits
    key, errors = decode(
        GetByokV1Key200Response, body(changed(KEY, ("metadata", "created_at"), text))
    )
    assert key.metadata.created_at == time
    assert [error["loc"] for error in errors] == [("metadata", "created_at")]
    assert GetByokV1Key200Response.from_json(key.to_json()) == key


@pytest.mark.parametrize(
    "text",
    [
        "Monday",
        "10",
        "0",
        "-1",
        "1.5",
        "10:17:45Z",
        "Jan 2023 10:17:45 GMT",
        "20 Jan 10:17:45 GMT",
        "Fri, 20 Jan 2023 10:17:45 EST",
        "Fri, 20 Jan 2023 10:17:45 CET",
        "Fri, 20 Jan 2023 10:17:45",
        "20230120T101745",
        "20230120",
        "01/02/2023 10:17:45 +00:00",
        "20 Jan 22 10:17:45 GMT",
        "Fri, 20 Jan 2023 10:17:45 +9999",
        "20230120T101745Z\n",
        "20230120T101745Z and more",
        "99999999999999999999Z",
    ],
)
def test_half_a_time_is_not_completed(text: str) -> None:
    """A time that lacks a part is not completed by a guess, and stays text."""
    assert both_ways(text) == (text, False)


def test_a_name_of_the_local_zone_is_no_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time reads the same on every machine."""
    monkeypatch.setenv("TZ", "EST5EDT")
    clock.tzset()
    try:
        assert both_ways("Fri, 20 Jan 2023 10:17:45 EST")[0] == "Fri, 20 Jan 2023 10:17:45 EST"
    finally:
        monkeypatch.undo()
        clock.tzset()


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda time: time.year > 1900))
def test_every_time_in_a_mail_or_without_hyphens_is_the_one_that_was_sent(time: datetime) -> None:
    """A time in another form than the documented one is never read as another time."""
    second = time.replace(microsecond=0)
    assert both_ways(format_datetime(second, usegmt=True))[0] == second
    assert both_ways(second.strftime("%Y%m%dT%H%M%SZ"))[0] == second


@given(st.from_regex(r"[0-9a-zA-Z:/,.+ -]{1,40}", fullmatch=True))
@example(".")
@example("1.1.1Z")
@example("0:0:0.0.0Z")
@example("infZ")
@example("nan Z")
def test_what_looks_like_a_time_does_no_harm(text: str) -> None:
    """No text in an answer ends a program with an error that nobody catches."""
    time, _ = both_ways(text)
    assert time == text or time.tzinfo


def test_odd_time_without_dateutil(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ``dateutil`` cannot be loaded, a time in another form stays the text that came."""
    monkeypatch.setitem(sys.modules, "dateutil.parser", None)
    odd = "Fri, 20 Jan 2023 10:17:45 +0000"
    assert parse_time(odd) == odd


def test_dateutil_is_loaded_for_odd_times_alone() -> None:
    """``dateutil`` is loaded only for times in another form than the documented one."""
    code = (
        "import sys; from openapi_client import ByokV1KeyValidation as V; "
        'V.from_json(\'{"phase": 5, "since": "2023-01-20T10:17:45Z"}\'); '
        "assert 'dateutil' not in sys.modules; "
        "V.from_json('{\"since\": \"20230120T101745Z\"}'); assert 'dateutil' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("phase", ["VALID", 5])
def test_a_time_without_offset_is_as_documented(phase: object) -> None:
    """Nothing is warned of for a time that is in UTC without saying so."""
    document = {"phase": phase, "since": "2026-01-02T03:04:05", "news": 1}
    for known in (document, {k: v for k, v in document.items() if k != "news"}):
        validation, errors = decode(ByokV1KeyValidation, body(known))
        assert validation.since == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        assert [error["loc"] for error in errors] == ([] if phase == "VALID" else [("phase",)])


@given(st.text())
@example("1767323045")
@example("2026-01-02_03:04:05Z")
@example("2026-01-02T03:04:05\N{MINUS SIGN}07:00")
@example("2026-01-02T03:04Z")
def test_any_text_for_a_time_is_read_alike_both_ways(text: str) -> None:
    """The age of a key does not depend on what else is on its page, nor on who decodes it."""
    time, fits = both_ways(text)
    assert isinstance(time, datetime) or not fits
    assert by_pydantic(text) == [time, time]
    if isinstance(time, datetime):
        assert time.tzinfo
    else:
        assert time == text


def by_pydantic(since: object) -> list[object]:
    """The time as pydantic's own entries read it, from Python's values and from JSON."""
    document = {"phase": "VALID", "since": since}
    return [
        ByokV1KeyValidation.model_validate(document).since,
        ByokV1KeyValidation.model_validate_json(json.dumps(document)).since,
    ]


@pytest.mark.parametrize("since", [0, 1767323045, 1.5, True, None, [], {}])
def test_numbers_are_no_times(since: object) -> None:
    """A number is not read as seconds or as milliseconds, at a guess."""
    assert by_pydantic(since) == [since, since]
    with pytest.raises(ValidationError, match="since"):
        ByokV1KeyValidation(phase="VALID", since=cast("Any", since))
    validation, errors = decode(ByokV1KeyValidation, body({"phase": "VALID", "since": since}))
    assert validation.since == since
    assert type(validation.since) is type(since)
    assert [error["loc"] for error in errors] == [("since",)]


def test_strict_validation_takes_no_text_for_a_time() -> None:
    """Who asks for strictness gets it for times, too."""
    fields = {"phase": "VALID", "since": datetime(2026, 1, 2)}  # noqa: DTZ001  # It is in UTC then.
    validation = ByokV1KeyValidation.model_validate(fields, strict=True)
    assert validation.since == datetime(2026, 1, 2, tzinfo=UTC)
    with pytest.raises(ValidationError, match="since"):
        ByokV1KeyValidation.model_validate(fields | {"since": "2026-01-02T00:00:00Z"}, strict=True)


def test_times_are_written_as_rfc_3339() -> None:
    """Times are stored in JSON in the form of RFC 3339."""
    key = GetByokV1Key200Response.from_dict(KEY)
    assert isinstance(key.to_dict()["metadata"]["created_at"], datetime)
    written = json.loads(key.to_json())
    assert written["metadata"]["created_at"] == "2026-01-02T03:04:05.678901+00:00"
    assert written["metadata"]["deleted_at"] == "2030-01-02T03:04:05-07:00"
    assert written["validation"]["since"] == "2026-01-02T03:10:05+00:00"
