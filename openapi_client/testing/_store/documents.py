"""The document of a key: what the service makes around the key material.

Documents are replaced, never changed, so that one can be sent while another thread moves on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .checks import is_object
from .clock import timestamp
from .clouds import cloud_of, region

Document = dict[str, Any]

_RESOURCE = "crn://confluent.cloud/organization=00000000-0000-0000-0000-000000000000/key="


def new_document(fields: Mapping[str, Any], key_id: str, now: int) -> Document:
    """The full document of a key. The `fields` that are there win, whatever their shape."""
    moment, key, validation = timestamp(now), fields.get("key"), fields.get("validation")
    cloud, found = cloud_of(key), region(key)
    made: Document = {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": key_id,
        "metadata": {
            "resource_name": f"{_RESOURCE}{key_id}",
            "created_at": moment,
            "updated_at": moment,
        },
        "key": key,
        "provider": cloud.provider if cloud else "UNKNOWN",
        "state": "AVAILABLE",
        "validation": {"phase": "INITIALIZING", "since": moment},
    }
    if found and is_object(validation) and validation.get("phase") == "VALID":
        made["validation"]["region"] = found
    for name, value in fields.items():
        extends = name in ("metadata", "validation") and is_object(value)
        made[name] = {**made[name], **value} if extends else value
    return made


def with_principals(document: Document) -> Document:
    """The document with the principals that the service makes for its key."""
    key = document["key"]
    cloud = cloud_of(key)
    made = cloud.principals(key, document["id"]) if cloud else {}
    return {**document, "key": {**key, **made, **key} if made else key}


def renamed(document: Document, display_name: str, now: int) -> Document:
    metadata = document["metadata"]
    if is_object(metadata):
        metadata = {**metadata, "updated_at": timestamp(now)}
    return {**document, "metadata": metadata, "display_name": display_name}


def validated(
    document: Document, phase: str, message: str, found: str | None, now: int
) -> Document:
    """The document after an attempt to validate the key, `found` in some region.

    `since` moves when phase or message change; the region is known from the first success on.
    """
    before: Document = document["validation"] if is_object(document["validation"]) else {}
    found = found or before.get("region") or (region(document["key"]) if phase == "VALID" else None)
    same = (before.get("phase"), before.get("message", "")) == (phase, message)
    after: Document = {"phase": phase, "since": before["since"] if same else timestamp(now)}
    after.update({"message": message} if message else {})
    after.update({"region": found} if found else {})
    return {**document, "validation": after}


def with_self(document: Document, url: str) -> Document:
    """The document as it is sent: its metadata name the URL it can be read at."""
    metadata = document["metadata"]
    return {**document, "metadata": {"self": url, **metadata}} if is_object(metadata) else document
