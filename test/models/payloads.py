"""Bodies of every kind, for properties that hold for all of them."""

import json
from datetime import datetime
from typing import Any

import pydantic
from hypothesis import strategies as st

from models.samples import FULL, Document, places
from support.properties import UNICODE

FORGETS_VAR_SELF = (2, 13) <= tuple(map(int, pydantic.VERSION.split(".")[:3])) < (2, 14, 2)
"""Whether this pydantic drops an unknown field that is named as a field is in Python."""
AWKWARD = (
    "", "self", "self_" if FORGETS_VAR_SELF else "var_self", "cls", "data", "root",
    "actual_instance", "kind", "id", "_x", "__x",
    "__class__", "__dict__", "__init__", "__pydantic_extra__", "__pydantic_fields_set__",
    "_fields_set", "_strict", "copy", "json", "construct_leniently", "to_dict", "to_json",
    "from_dict", "checked", "identifier",
    "request_dict", "model_fields", "model_config", "model_extra", "model_construct", "errors",
)  # fmt: skip
"""Names that mean something to Python, to pydantic or to the models themselves."""


def _over_the_wire(value: Any) -> Any:
    # Two lone surrogates side by side are one character in JSON.
    return json.loads(json.dumps(value))


TEXT = st.text(st.characters(exclude_categories=()), max_size=20).map(_over_the_wire)
"""Text as it may be received: JSON can hold any character, escaped, and half of one."""
_NUMBERS = (
    st.integers()
    | st.integers(min_value=10**300, max_value=10**310)
    | st.floats(allow_nan=False, allow_infinity=False)
)
_NAMES = st.sampled_from(AWKWARD) | TEXT
JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=10,
).map(_over_the_wire)
OBJECTS: st.SearchStrategy[Document] = st.dictionaries(_NAMES, JSON, max_size=6)


def _as_sent(time: datetime) -> str:
    # RFC 3339 knows no seconds in an offset.
    offset = time.strftime("%z")
    local = time.replace(tzinfo=None).isoformat()
    return f"{local}{offset[:3]}:{offset[3:5]}" if offset else local


TIMES = st.datetimes(timezones=st.timezones() | st.none()).map(_as_sent)


@st.composite
def _objects(
    draw: st.DrawFn,
    required: dict[str, st.SearchStrategy[Any]],
    optional: dict[str, st.SearchStrategy[Any]],
) -> Document:
    """An object as documented, with fields besides of which nobody knows."""
    known = draw(
        st.fixed_dictionaries(
            required, optional={name: value | st.none() for name, value in optional.items()}
        )
    )
    extra = draw(st.dictionaries(_NAMES, JSON, max_size=2))
    return {name: value for name, value in extra.items() if name not in required | optional} | known


_META = _objects(
    {"self": TEXT},
    {"resource_name": TEXT, "created_at": TIMES, "updated_at": TIMES, "deleted_at": TIMES},
)
_LIST_META = _objects(
    {},
    dict.fromkeys(("first", "last", "prev", "next"), TEXT)
    | {"total_size": st.integers(min_value=0)},
)
_VALIDATION = _objects({"phase": TEXT, "since": TIMES}, {"message": TEXT, "region": TEXT})


def _aws(text: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    return _objects(
        {"key_arn": text.filter(bool), "kind": st.just("AwsKey")},
        {"roles": st.lists(text, max_size=3)},
    )


def _azure(text: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    parts = dict.fromkeys(("key_id", "key_vault_id", "tenant_id"), text.filter(bool))
    return _objects({"kind": st.just("AzureKey"), **parts}, {"application_id": text})


def _gcp(text: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    return _objects(
        {"kind": st.just("GcpKey"), "key_id": text.filter(bool)}, {"security_group": text}
    )


_AWS, _AZURE, _GCP = _aws(TEXT), _azure(TEXT), _gcp(TEXT)
_MATERIAL = _AWS | _AZURE | _GCP


def _without_extra(key: Document) -> Document:
    known = next(full for full in FULL.values() if full.get("kind") == key["kind"])
    return {name: value for name, value in key.items() if name in known}


_SENT = st.text(UNICODE, max_size=20)
SENT_KEYS = (_aws(_SENT) | _azure(_SENT) | _gcp(_SENT)).map(_without_extra)
"""Key material as requests take it: every field is known, and its text has no lone surrogates."""
_KEY: dict[str, st.SearchStrategy[Any]] = {
    "api_version": TEXT,
    "kind": TEXT,
    "id": TEXT,
    "metadata": _META,
    "key": _MATERIAL,
    "display_name": TEXT,
    "provider": TEXT,
    "state": TEXT,
    "validation": _VALIDATION,
}
_SOURCE = _objects({}, {"pointer": TEXT, "parameter": TEXT})
_ERROR = _objects(
    {},
    dict.fromkeys(("id", "status", "code", "title", "detail", "message"), TEXT)
    | {"source": _SOURCE, "error_code": st.integers()},
)


def _keys(*required: str) -> st.SearchStrategy[Document]:
    promised = {name: _KEY[name] for name in required}
    return _objects(promised, {name: _KEY[name] for name in _KEY if name not in promised})


_ITEM = _keys("id", "metadata", "key", "provider", "state", "validation")
WELL_FORMED: dict[str, st.SearchStrategy[Document]] = {
    "ByokV1AwsKey": _AWS,
    "ByokV1AzureKey": _AZURE,
    "ByokV1GcpKey": _GCP,
    "ByokV1Key": _keys(),
    "ByokV1KeyKey": _MATERIAL,
    "ByokV1KeyList": _objects(
        {
            "api_version": TEXT,
            "kind": TEXT,
            "metadata": _LIST_META,
            "data": st.lists(_ITEM, max_size=2),
        },
        {},
    ),
    "ByokV1KeyListDataInner": _ITEM,
    "ByokV1KeyListMetadata": _LIST_META,
    "ByokV1KeyMetadata": _META,
    "ByokV1KeyValidation": _VALIDATION,
    "ByokV1UnknownKey": _objects({}, {"kind": TEXT}),
    "CreateByokV1Key201Response": _keys("id", "key"),
    "Error": _ERROR,
    "ErrorSource": _SOURCE,
    "Failure": _objects({"errors": st.lists(_ERROR, max_size=3)}, {}),
    "GetByokV1Key200Response": _keys(
        "api_version", "kind", "id", "key", "provider", "state", "validation"
    ),
    "ListMeta": _LIST_META,
    "ObjectMeta": _META,
    "ObjectReference": _objects(
        {},
        dict.fromkeys(
            ("id", "environment", "related", "resource_name", "api_version", "kind"), TEXT
        ),
    ),
}


@st.composite
def mutated(draw: st.DrawFn, documents: st.SearchStrategy[Document]) -> Document:
    """A document with something in it removed or replaced, wherever."""
    document: Document = _over_the_wire(draw(documents))
    for _ in range(draw(st.integers(1, 3))):
        spots = places(document)
        if not spots:
            break
        *way, last = draw(st.sampled_from(spots))
        parent: Any = document
        for step in way:
            parent = parent[step]
        if draw(st.booleans()):
            del parent[last]
        else:
            parent[last] = draw(JSON)
    return document


def any_of(*kinds: str) -> st.SearchStrategy[tuple[str, Document]]:
    """The name of a model that takes what it gets, and a document for it.

    ``kinds`` are ``"well-formed"``, ``"mutated"`` and ``"arbitrary"``.
    """

    def documents(name: str) -> st.SearchStrategy[tuple[str, Document]]:
        forms = {
            "well-formed": WELL_FORMED[name],
            "mutated": mutated(WELL_FORMED[name]),
            "arbitrary": OBJECTS,
        }
        return st.tuples(st.just(name), st.one_of([forms[kind] for kind in kinds]))

    return st.sampled_from(sorted(WELL_FORMED)).flatmap(documents)
