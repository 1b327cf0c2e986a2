"""Arguments as they go over the wire, for whoever calls the stages of a client directly."""

from datetime import date, datetime, timezone
from enum import Enum
from typing import Any

import pytest

from openapi_client import ApiClient, ApiTypeError, ByokV1AwsKey, Configuration


class _Word(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "a word"


class _Number(int):
    def __str__(self) -> str:
        return "a number"

    __repr__ = __str__


class _Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, None),
        ("text", "text"),
        (True, True),
        (1.5, 1.5),
        (_Colour.RED, "red"),
        (_Word("text"), "text"),
        (_Number(7), 7),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, tzinfo=timezone.utc), "2026-11-23T00:00:00+00:00"),
        (("a", [1]), ["a", [1]]),
        ({"a": _Colour.RED, 1: ()}, {"a": "red", "1": []}),
        (ByokV1AwsKey(key_arn="arn", roles=["r"]), {"key_arn": "arn", "kind": "AwsKey"}),
    ],
)
def test_values_become_json(given: Any, sent: Any) -> None:
    """Each value becomes the JSON that it means: members, times, tuples and models too."""
    assert ApiClient().sanitize_for_serialization(given) == sent


def test_value_without_a_form_in_json_is_refused() -> None:
    """A value without a form in JSON is refused."""
    with pytest.raises(ApiTypeError, match="set has no form"):
        ApiClient().sanitize_for_serialization({"a": {1}})


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["text/html", "application/JSON"], "application/JSON"),
        (["text/html", "text/plain"], "text/html"),
        ([], None),
    ],
)
def test_json_is_preferred(offered: list[str], chosen: str | None) -> None:
    """Of the media types that are offered JSON is chosen, and else the first."""
    assert ApiClient().select_header_accept(offered) == chosen
    assert ApiClient().select_header_content_type(offered) == chosen


def test_values_in_a_url_mean_what_they_are() -> None:
    """A value of a class that prints as something else is sent as its value."""
    request = ApiClient(Configuration("https://api.test")).param_serialize(
        "GET",
        "/keys/{word}",
        path_params={"word": _Word("text")},
        query_params=[("page_size", _Number(8)), ("display_name", _Word("name"))],
    )
    assert request[1] == "https://api.test/keys/text?page_size=8&display_name=name"
