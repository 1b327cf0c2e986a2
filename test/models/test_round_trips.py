"""What a model is given, it gives back: nothing that the service sent gets lost on the way."""

import copy
import json
import pickle
from datetime import datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.payloads import AWKWARD, SENT_KEYS, TEXT, WELL_FORMED, any_of
from models.samples import TOLERANT, Document, body, model_named
from openapi_client.models import ByokV1Key, ByokV1KeyUpdate, CreateByokV1KeyRequest
from openapi_client.models._decoding import decode, parse_json
from support.properties import UNICODE, examples

EVERY = any_of("well-formed", "mutated", "arbitrary")


def same(sent: Any, kept: Any) -> bool:
    """Whether nothing that was sent is lost; times may have been read."""
    if isinstance(kept, datetime):
        return isinstance(sent, str)
    if isinstance(sent, dict) and isinstance(kept, dict):
        # A key that came without its kind is given the one that it has.
        if kept.keys() - sent.keys() - {"kind"}:
            return False
        return all(name in kept and same(value, kept[name]) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(kept, list):
        return len(sent) == len(kept) and all(map(same, sent, kept))
    return type(sent) is type(kept) and bool(sent == kept)


def test_every_tolerant_model_has_payloads() -> None:
    """Every model of an answer has payloads for the tests here."""
    assert set(WELL_FORMED) == set(TOLERANT)


@examples(200)
@given(EVERY)
def test_nothing_that_was_sent_is_lost(case: tuple[str, Document]) -> None:
    """Every field of an answer is kept, known or not, as documented or not."""
    name, document = case
    model = model_named(name).from_dict(document)
    assert same(document, model.to_dict())


@examples(200)
@given(EVERY)
def test_a_model_survives_its_dict_and_its_json(case: tuple[str, Document]) -> None:
    """A key that is stored as a dict or as JSON comes back as the same."""
    name, document = case
    kind = model_named(name)
    model = kind.from_dict(document)
    assert kind.from_dict(model.to_dict()) == model
    assert kind.from_json(model.to_json()) == model
    assert kind.from_json(model.to_json().encode()) == model


@given(EVERY)
def test_a_model_survives_copying_and_pickling(case: tuple[str, Document]) -> None:
    """A key that is copied or pickled stays the same."""
    name, document = case
    model = model_named(name).from_dict(document)
    assert copy.copy(model) == model
    assert copy.deepcopy(model) == model
    assert pickle.loads(pickle.dumps(model)) == model


@examples(200)
@given(any_of("well-formed"))
def test_a_documented_body_fits_and_is_read_alike_both_ways(case: tuple[str, Document]) -> None:
    """A documented body fits, and is read the same strictly and leniently."""
    name, document = case
    kind = model_named(name)
    model, errors = decode(kind, body(document))
    assert model == kind.construct_leniently(parse_json(body(document)))
    # Pydantic reads no lone surrogates: to it, such a body is no JSON.
    assert {error["type"] for error in errors} <= {"json_invalid"}
    assert not errors or "\\ud" in json.dumps(document)


@examples(200)
@given(any_of("mutated"))
def test_what_fits_is_read_alike_both_ways(case: tuple[str, Document]) -> None:
    """An answer with something odd in it is read the same, whichever way decoding takes."""
    name, document = case
    kind = model_named(name)
    model, _ = decode(kind, body(document))
    assert model == kind.construct_leniently(parse_json(body(document)))


@examples(150)
@given(
    st.sampled_from(TOLERANT),
    st.binary(max_size=40)
    | st.text(max_size=40).map(str.encode)
    | any_of("mutated").map(lambda case: body(case[1])[:-3]),
)
@example("ByokV1Key", b"")
@example("ByokV1Key", b"null")
@example("ByokV1Key", b'{"id": "\xe4"}')
def test_any_bytes_give_a_value_or_a_value_error(name: str, raw: bytes) -> None:
    """Any bytes are read, or are a ``ValueError`` because they are no JSON."""
    try:
        decode(model_named(name), raw)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011  # Whatever the reason, it is no JSON.
            json.loads(raw)


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("value", [1, None, {"a": [None]}, "text"])
@pytest.mark.parametrize("state", ["IN_USE", 7], ids=["well-formed", "odd"])
def test_unknown_fields_may_have_any_name(name: str, value: object, state: object) -> None:
    """An unknown field may have any name, that of a method of the model too."""
    document = {"id": "cck-1", "kind": "Key", "state": state, name: value}
    key, _ = decode(ByokV1Key, body(document))
    assert key.to_dict() == document
    assert type(key) is ByokV1Key
    assert ByokV1Key.from_json(key.to_json()) == key
    assert pickle.loads(pickle.dumps(copy.deepcopy(key))) == key


@given(key=SENT_KEYS, name=st.none() | TEXT)
def test_a_request_survives_its_dict_and_its_json(key: Document, name: str | None) -> None:
    """A request that is kept as a dict or as JSON comes back as the same."""
    request = CreateByokV1KeyRequest(key=key, display_name=name)
    assert CreateByokV1KeyRequest.from_dict(request.to_dict()) == request
    assert CreateByokV1KeyRequest.from_json(request.to_json()) == request
    assert pickle.loads(pickle.dumps(copy.deepcopy(request))) == request
    update = ByokV1KeyUpdate(display_name=name)
    assert ByokV1KeyUpdate.from_dict(update.to_dict()) == update
    assert ByokV1KeyUpdate.from_json(update.to_json()) == update


@given(SENT_KEYS)
def test_keys_that_are_drawn_for_requests_can_be_sent(key: Document) -> None:
    """The keys that are made up for tests of requests can all be sent."""
    assert json.dumps(key, ensure_ascii=False).encode()


@given(SENT_KEYS, st.text(UNICODE), st.data())
def test_key_material_that_cannot_be_sent_is_refused(
    key: Document, start: str, data: st.DataObject
) -> None:
    """Key material with half a character in it is refused by the name of its field."""
    required = {"key_arn", "key_id", "key_vault_id", "tenant_id"}
    field = data.draw(st.sampled_from(sorted(required & key.keys())))
    with pytest.raises(ValueError, match=f"{field}\\n.*unicode"):
        CreateByokV1KeyRequest(key=key | {field: f"{start}\ud800"})


@examples(200)
@given(EVERY)
def test_the_json_form_of_a_dict_is_json(case: tuple[str, Document]) -> None:
    """A key can be handed to ``json.dump``, and to whatever takes no more than JSON."""
    name, document = case
    model = model_named(name).from_dict(document)
    plain = model.to_dict(mode="json")
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain == json.loads(model.to_json()) == json.loads(model.to_json(indent=2))
    assert model_named(name).from_dict(plain) == model


def test_the_text_of_a_model_can_be_laid_out() -> None:
    """A key that is written to a file can be read by a person."""
    key = ByokV1Key.from_dict({"id": "cck-1", "news": [1]})
    assert key.to_json(indent=2) == '{\n  "id": "cck-1",\n  "news": [\n    1\n  ]\n}'
    assert key.to_json() == '{"id": "cck-1", "news": [1]}'


def test_there_are_two_forms_of_a_dict() -> None:
    """A mistyped form is refused, and not taken for the usual one."""
    mode: Any = "yaml"
    with pytest.raises(ValueError, match='mode has to be "python" or "json", not \'yaml\''):
        ByokV1Key().to_dict(mode=mode)
    assert ByokV1Key().to_dict(mode="python") == {}
