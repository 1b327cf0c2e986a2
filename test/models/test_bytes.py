"""Bodies in odd encodings, and bodies that are made to do harm."""

import copy
import json
import sys
from typing import Any

import pytest

from models.samples import KEY, TOLERANT, body, changed, model_named
from openapi_client.models import (
    ByokV1Key,
    ByokV1KeyUpdate,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
)
from openapi_client.models._base import Schema
from openapi_client.models._decoding import decode

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    """An answer is read in whichever encoding of Unicode it comes."""
    text = json.dumps(changed(KEY, ("display_name",), "Schlüssel 🔑"), ensure_ascii=False)
    key, errors = decode(GetByokV1Key200Response, text.encode(encoding))
    assert key == GetByokV1Key200Response.from_json(text)
    assert key.display_name == "Schlüssel 🔑"
    assert [error["type"] for error in errors] == ["json_invalid"] * (encoding != "utf-8")
    update = json.dumps({"display_name": "Schlüssel 🔑"}, ensure_ascii=False).encode(encoding)
    assert ByokV1KeyUpdate.from_json(update).display_name == "Schlüssel 🔑"


@pytest.mark.parametrize("raw", [b"", b" ", b"{", b"<html></html>", b'{"id": "\xe4"}', b"\xff\xfe"])
@pytest.mark.parametrize("name", TOLERANT)
def test_what_is_no_json_raises_value_error(name: str, raw: bytes) -> None:
    """What is no JSON is a ``ValueError``, and not taken for a key with nothing in it."""
    with pytest.raises(ValueError):  # noqa: PT011  # Whatever the reason, it is no JSON.
        decode(model_named(name), raw)
    with pytest.raises(ValueError):  # noqa: PT011  # As above.
        model_named(name).from_json(raw)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_lone_surrogates_are_kept(text: str) -> None:
    """Half a character in a name is kept, and the key can be printed and stored."""
    for key in (
        ByokV1Key.from_dict({"display_name": text, text: 1}),
        ByokV1Key.from_json(f'{{"display_name": "{text}", "{text}": 1}}'),
    ):
        assert key.display_name == text
        assert key.to_dict() == {"display_name": text, text: 1}
        assert ByokV1Key.from_json(key.to_json()) == key
        # Both can be printed, on any terminal.
        assert repr(key.display_name) in repr(key)
        assert key.to_str().isascii()
    request = CreateByokV1KeyRequest(key=KEY["key"], display_name=text)
    assert CreateByokV1KeyRequest.from_dict(request.to_dict()) == request
    assert json.dumps(request.request_dict()).isascii()


@pytest.mark.parametrize("digits", [1, 19, 20, 300, 4000, 4301, 10_000])
def test_integers_of_any_length_are_kept(digits: int) -> None:
    """A whole number of any length is kept, as text where Python does not read it."""
    number = "9" * digits
    key = ByokV1Key.from_json(f'{{"id": "cck-1", "count": {number}, "state": -{number}}}')
    limit = getattr(sys, "get_int_max_str_digits", int)() or digits
    assert key.model_extra == {"count": int(number) if digits <= limit else number}
    assert ByokV1Key.from_json(key.to_json()) == key


@pytest.mark.parametrize("number", ["0.1", "-0.0", "1e-400", "1.5e300", "123456789.123456789"])
def test_numbers_with_a_fraction_are_kept(number: str) -> None:
    """A number with a fraction stays the same when the key is stored."""
    key = ByokV1Key.from_json(f'{{"x": {number}, "state": {number}}}')
    assert repr(key.model_extra) == repr({"x": float(number)})
    assert ByokV1Key.from_json(key.to_json()) == key


BRACKETS = [("[", "]"), ('{"a":', "}")]
NESTED_IN = [
    '{{"x": {}}}',
    '{{"id": {}}}',
    '{{"key": {}}}',
    '{{"key": {{"kind": {}}}}}',
    '{{"key": {{"kind": "AwsKey", "roles": {}}}}}',
    '{{"metadata": {{"created_at": {}}}}}',
]


def nested(template: str, brackets: tuple[str, str], depth: int) -> bytes:
    """A body with something nested in it."""
    opening, closing = brackets
    return template.format(opening * depth + "1" + closing * depth).encode()


@pytest.mark.parametrize("brackets", BRACKETS)
@pytest.mark.parametrize("template", [*NESTED_IN, "{}"])
def test_nesting_without_end_is_no_json(template: str, brackets: tuple[str, str]) -> None:
    """A body that is nested without end is a ``ValueError``."""
    raw = nested(template, brackets, 100_000)
    for model in (ByokV1Key, CreateByokV1KeyRequest):
        with pytest.raises(ValueError, match="JSON nested too deeply"):
            decode(model, raw)
        with pytest.raises(ValueError, match="JSON nested too deeply"):
            model.from_json(raw)


@pytest.mark.parametrize("brackets", BRACKETS)
@pytest.mark.parametrize("template", NESTED_IN)
@pytest.mark.parametrize("depth", [100, 190, 210, 600])
def test_deep_nesting_is_kept(template: str, brackets: tuple[str, str], depth: int) -> None:
    """A deeply nested document that Python can read is kept whole."""
    key = ByokV1Key.from_json(nested(template, brackets, depth))
    sent = json.loads(nested(template, brackets, depth))
    assert json.dumps(key.to_dict(), sort_keys=True) == json.dumps(sent, sort_keys=True)
    assert ByokV1Key.from_json(key.to_json()).to_json() == key.to_json()
    assert copy.copy(key).to_json() == key.to_json()


@pytest.mark.parametrize("brackets", BRACKETS)
@pytest.mark.parametrize("template", NESTED_IN)
def test_nesting_at_the_edge_is_read_or_refused(template: str, brackets: tuple[str, str]) -> None:
    """A body at the edge of what can be nested is read, or is a ``ValueError``."""
    outcomes = {_outcome(nested(template, brackets, depth)) for depth in range(800, 1000)}
    assert outcomes <= {"read", "refused"}


def _outcome(raw: bytes) -> str:
    try:
        decode(ByokV1Key, raw)
    except ValueError:
        return "refused"
    return "read"


@pytest.mark.parametrize("model", [ByokV1Key, ByokV1KeyUpdate])
def test_from_dict_refuses_what_goes_in_circles(model: type[Schema]) -> None:
    """A dict that holds itself is refused with a ``ValueError``."""
    circle: dict[str, Any] = {"display_name": "x"}
    circle["self"] = circle
    with pytest.raises(ValueError, match="Circular reference"):
        model.from_dict(circle)


def test_bytes_and_text_are_the_same() -> None:
    """``from_json`` reads the bytes of a body as it reads their text."""
    raw = body(KEY)
    assert GetByokV1Key200Response.from_json(raw) == GetByokV1Key200Response.from_json(raw.decode())


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("indent", [None, 2])
def test_what_json_cannot_hold_is_written_as_null(number: str, indent: int | None) -> None:
    """A key that is stored as JSON can be read by every other program."""
    key = ByokV1Key.from_json(f'{{"id": {number}, "news": [{{"a": {number}}}, 1]}}')
    assert isinstance(key.to_dict()["id"], float)
    expected = {"id": None, "news": [{"a": None}, 1]}

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    assert json.loads(key.to_json(indent=indent), parse_constant=refuse) == expected
    assert key.to_dict(mode="json") == expected
    assert ByokV1Key.from_json(key.to_json()).to_dict() == expected
