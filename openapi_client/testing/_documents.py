"""The document of a key: what the service makes around the key material (contract section 2.1).

Documents are replaced, never changed, so that one can be sent while another thread moves on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _keys
from ._clock import timestamp
from ._json import is_object

_ORGANIZATION = "00000000-0000-0000-0000-000000000000"


def new_document(given: Mapping[str, Any], key_id: str, now: int) -> dict[str, Any]:
    """The full document of a key. What is `given` wins, whatever its shape."""
    moment, key = timestamp(now), given.get("key")
    kind = _keys.kind_of(key)
    made: dict[str, Any] = {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": key_id,
        "metadata": {
            "resource_name": f"crn://confluent.cloud/organization={_ORGANIZATION}/key={key_id}",
            "created_at": moment,
            "updated_at": moment,
        },
        "key": key,
        "provider": kind.provider if kind else "UNKNOWN",
        "state": "AVAILABLE",
        "validation": _validation_made(given, moment),
    }
    for name, value in given.items():
        made[name] = _over(made.get(name), value) if name in ("metadata", "validation") else value
    return made


def _validation_made(given: Mapping[str, Any], moment: str) -> dict[str, Any]:
    made = {"phase": "INITIALIZING", "since": moment}
    region = _keys.region(given.get("key"))
    phase = _over(made, given.get("validation", {}))
    if region and is_object(phase) and phase["phase"] == "VALID":
        made["region"] = region
    return made


def _over(made: Any, given: Any) -> Any:
    return {**made, **given} if is_object(given) else given


def with_principals(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the principals that the service makes for its key."""
    key = document["key"]
    made = _keys.principals(key, document["id"])
    return {**document, "key": {**key, **made, **key} if made else key}


def renamed(document: Mapping[str, Any], display_name: str, now: int) -> dict[str, Any]:
    """The document under another display name."""
    metadata = document["metadata"]
    if is_object(metadata):
        metadata = {**metadata, "updated_at": timestamp(now)}
    return {**document, "metadata": metadata, "display_name": display_name}


def validated(
    document: Mapping[str, Any], phase: str, message: str, region: str | None, now: int
) -> dict[str, Any]:
    """The document after a validation attempt.

    `since` moves when phase or message change; the region is known from the first success on.
    """
    before: dict[str, Any] = {}
    if is_object(document["validation"]):
        before = document["validation"]
    region = region or before.get("region")
    if phase == "VALID":
        region = region or _keys.region(document["key"])
    same = (before.get("phase"), before.get("message", "")) == (phase, message)
    after: dict[str, Any] = {"phase": phase, "since": before["since"] if same else timestamp(now)}
    after.update({"message": message} if message else {})
    after.update({"region": region} if region else {})
    return {**document, "validation": after}


def with_self(document: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The document as it is sent: its metadata name the URL it can be read at."""
    metadata = document["metadata"]
    if not is_object(metadata):
        return dict(document)
    return {**document, "metadata": {"self": url, **metadata}}
