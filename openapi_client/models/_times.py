"""Points in time: as the service writes them, and as others might."""

from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Annotated, Any

from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, SchemaValidator, core_schema

_FIRST = datetime(2000, 1, 1, tzinfo=timezone.utc)
"""Pydantic reads a number in a text as seconds since 1970; one before this is something else."""


def _in_utc_if_naive(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


def _validate_in_python(value: object, validate: ValidatorFunctionWrapHandler) -> datetime:
    time = _read_rfc_3339(value) if isinstance(value, str) else None
    if time is None and not isinstance(value, date):
        raise ValueError("not a time as RFC 3339 writes it")
    return time or _in_utc_if_naive(validate(value))


def _read_rfc_3339(text: str) -> datetime | None:
    try:
        time = _in_utc_if_naive(_rfc_3339().validate_strings(text, strict=True))
    except ValidationError:
        return None
    return time if time >= _FIRST or text[4:5] == "-" else None


class _AwareInJson:
    """A time without offset is UTC in Python; in JSON the fast, strict pass refuses it.

    It refuses times before 2000 as well; ``parse_time`` reads what is refused.
    """

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # To call back for each time of an answer would cost a tenth of its decoding.
        time = core_schema.datetime_schema(tz_constraint="aware", ge=_FIRST)
        # A number is no time, for which pydantic takes it where it is not strict.
        time_in_text = core_schema.chain_schema([core_schema.str_schema(strict=True), time])
        return core_schema.json_or_python_schema(
            core_schema.lax_or_strict_schema(time_in_text, time),
            core_schema.lax_or_strict_schema(
                core_schema.no_info_wrap_validator_function(_validate_in_python, handler(source)),
                core_schema.no_info_after_validator_function(_in_utc_if_naive, handler(source)),
            ),
        )

    @staticmethod
    def __get_pydantic_json_schema__(
        schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


AwareTime = Annotated[datetime, _AwareInJson]
"""A point in time, to the microsecond; in UTC where no offset is given."""


_SOME_DAY, _OTHER_DAY = datetime(1999, 2, 3), datetime(2010, 11, 12)  # noqa: DTZ001  # Of no zone.


def parse_time(text: str) -> datetime | str:
    """The time that a text tells; the text itself where it tells none.

    RFC 3339 is read first. Of other forms (RFC 2822, ISO 8601 without hyphens) only those count
    that name a whole date, in one reading of its numbers, and a known offset.
    """
    return _read_rfc_3339(text) or _parse_other_form(text) or text


@cache
def _rfc_3339() -> Any:
    # Its stub knows only dicts of text, where any text will do.
    return SchemaValidator(core_schema.datetime_schema())


def _parse_other_form(text: str) -> datetime | None:
    if not (text.isascii() and text.isprintable()):
        return None
    try:
        from dateutil.parser import parse  # Few programs ever meet such a time.
    except (ImportError, OSError):  # A process that can open no more files still gets its answer.
        return None
    # Read twice, the second time with another default date, and with day and month swapped: a text
    # that comes to something else then is ambiguous.
    swaps_day_and_month = not text[:4].isdigit()
    try:
        time = parse(text, default=_SOME_DAY, tzinfos=_offset)
        again = parse(
            text,
            default=_OTHER_DAY,
            tzinfos=_offset,
            dayfirst=swaps_day_and_month,
            yearfirst=swaps_day_and_month,
        )
    except (ValueError, OverflowError):
        return None
    return time if time.tzinfo and time == again else None


def _offset(name: str | None, seconds: int | None) -> tzinfo | None:
    """The offset that is told; a mere name, such as EST, means several."""
    return None if seconds is None else timezone(timedelta(seconds=seconds))
