"""A key as it is written: a table of keys, and a page about one."""

import json
from typing import Any

from .._core.typeguards import is_array, is_object
from ..models._base import Schema
from .output import Layout, Record
from .table import Column
from .text import printable, text_width

KEYS = Layout(
    table=(
        Column("id", 20),
        Column("provider", 8),
        Column("state", 9),
        Column("phase", 12),
        Column("region", 6),
        Column("name", 8),
        Column("identifier", 14, keeps_end=True),
    ),
    csv=(
        "id",
        "identifier",
        "tenant",
        "vault",
        "name",
        "provider",
        "state",
        "phase",
        "message",
        "since",
        "region",
        "created",
    ),
)
_PLACES = {
    "id": ("id",),
    "tenant": ("key", "tenant_id"),
    "vault": ("key", "key_vault_id"),
    "name": ("display_name",),
    "provider": ("provider",),
    "state": ("state",),
    "phase": ("validation", "phase"),
    "message": ("validation", "message"),
    "since": ("validation", "since"),
    "region": ("validation", "region"),
    "created": ("metadata", "created_at"),
    "roles": ("key", "roles"),
    "application": ("key", "application_id"),
    "security group": ("key", "security_group"),
}


def key_record(key: Schema) -> Record:
    """A key as the service sent it, whatever its shape."""
    document: dict[str, Any] = json.loads(key.to_json())
    cells = {name: _text(document, *place) for name, place in _PLACES.items()}
    cells["identifier"] = _text(document, "key", "key_arn") or _text(document, "key", "key_id")
    return Record(cells["id"], document, cells)


def page(record: Record) -> str:
    """A key laid out for a person: what is known of it, a line each."""
    names = ("id", "name", "identifier", *_PLACES)
    told = {name: record.cells[name] for name in dict.fromkeys(names) if record.cells[name]}
    width = max(map(text_width, told), default=0) + 2
    return "".join(
        f"{name.capitalize() + ':':{width}}{printable(text)}\n" for name, text in told.items()
    )


def _text(document: Any, *place: str) -> str:
    """What stands at a place of a document, as text; empty where nothing does."""
    for step in place:
        document = document.get(step) if is_object(document) else None
    if document is None:
        return ""
    if is_array(document):
        return ", ".join(map(str, document))
    return document if isinstance(document, str) else json.dumps(document)
