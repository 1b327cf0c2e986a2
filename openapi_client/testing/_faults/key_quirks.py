"""Quirks of a key: what the service has sent or may send."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .._store.checks import is_object

Document = dict[str, Any]
Change = Callable[[Document], None]

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z")
_TIMES = ("metadata.created_at", "metadata.updated_at", "metadata.deleted_at", "validation.since")
_OTHER_PROVIDER = {"AWS": "GCP", "Azure": "AWS", "GCP": "Azure"}
_FUTURE = "2099-01-01T00:00:00.000000000Z"


def _map(path: str, function: Callable[[Any], Any]) -> Change:
    """Replace what a dotted path leads to."""

    def change(document: Document) -> None:
        part, name = _part(document, path)
        part[name] = function(part.get(name))

    return change


def _set(path: str, value: Any) -> Change:
    return _map(path, lambda _: value)


def _drop(path: str) -> Change:
    def change(document: Document) -> None:
        part, name = _part(document, path)
        part.pop(name, None)

    return change


def _part(document: Document, path: str) -> tuple[Document, str]:
    # Quirks combine, and seeded keys have any form: a part that is gone is changed to no effect.
    parent, _, name = path.rpartition(".")
    part = document.get(parent) if parent else document
    return (part if is_object(part) else {}), name


def _all(*changes: Change) -> Change:
    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


def _only(kind: str, change: Change) -> Change:
    """Change the keys of one cloud."""

    def only(document: Document) -> None:
        if _part(document, "key.kind")[0].get("kind") == kind:
            change(document)

    return only


def _timestamps(function: Callable[[str, str], str]) -> Change:
    """Change every timestamp: the text up to its seconds, and the nine digits behind them."""

    def change(document: Document) -> None:
        for path in _TIMES:
            part, name = _part(document, path)
            found = _TIMESTAMP.fullmatch(str(part.get(name)))
            part.update({name: function(found[1], found[2])} if found else {})

    return change


def _in_another_zone(seconds: str, fraction: str) -> str:
    moved = datetime.fromisoformat(seconds) - timedelta(hours=7)
    return f"{moved.isoformat()}.{fraction}-07:00"


def _unversioned(key_id: Any) -> str:
    return str(key_id).partition("/cryptoKeyVersions/")[0]


def _unknown_key(_: Any) -> Document:
    return {"kind": "QuantumKey", "key_handle": "q-1", "qubits": {"count": 7}}


KEY_QUIRKS: Mapping[str, tuple[str, Change]] = {
    "timestamps_seconds": ("timestamps to the second", _timestamps(lambda s, _: f"{s}Z")),
    "timestamps_milliseconds": (
        "timestamps with three fractional digits",
        _timestamps(lambda seconds, digits: f"{seconds}.{digits[:3]}Z"),
    ),
    "timestamps_microseconds": (
        "timestamps with six fractional digits",
        _timestamps(lambda seconds, digits: f"{seconds}.{digits[:6]}Z"),
    ),
    "timestamps_offset": ("timestamps with the offset -07:00", _timestamps(_in_another_zone)),
    "timestamps_leap_second": (
        "timestamps in a second numbered 60",
        _timestamps(lambda seconds, digits: f"{seconds[:-2]}60.{digits}Z"),
    ),
    "timestamps_empty": ("empty text for timestamps", _timestamps(lambda _, __: "")),
    "updated_at_missing": ("no metadata.updated_at", _drop("metadata.updated_at")),
    "validation_missing": ("no validation", _drop("validation")),
    "display_name_missing": ("no display_name", _drop("display_name")),
    "metadata_missing": ("no metadata", _drop("metadata")),
    "metadata_null": ("null for metadata", _set("metadata", None)),
    "api_version_missing": ("no api_version", _drop("api_version")),
    "api_version_empty": ("empty text for api_version", _set("api_version", "")),
    "kind_missing": ("no kind", _drop("kind")),
    "self_empty": ("empty text for metadata.self", _set("metadata.self", "")),
    "self_of_other_key": (
        "metadata.self names another key than id",
        _map("metadata.self", lambda link: f"{str(link).rpartition('/')[0]}/cck-other"),
    ),
    "deleted_at_present": ("a deleted_at on a live key", _set("metadata.deleted_at", _FUTURE)),
    "provider_contradicts_kind": (
        "a provider that is not that of the key material",
        _map("provider", lambda provider: _OTHER_PROVIDER.get(str(provider), "AWS")),
    ),
    "provider_upper_case": ("AZURE for Azure", _map("provider", lambda name: str(name).upper())),
    "provider_unknown": ("a provider nobody knows", _set("provider", "Nimbus")),
    "key_kind_unknown": ("key material of a kind nobody knows", _map("key", _unknown_key)),
    "state_unknown": ("a state nobody knows", _set("state", "ROTATING")),
    "phase_unknown": ("a phase nobody knows", _set("validation.phase", "REVALIDATING")),
    "optional_fields_null": (
        "null for every field that may be absent",
        _all(
            _set("display_name", None),
            *(_set(f"metadata.{name}_at", None) for name in ("created", "updated", "deleted")),
            *(_set(f"validation.{name}", None) for name in ("message", "region")),
            _set("metadata.resource_name", None),
            _only("AwsKey", _set("key.roles", None)),
            _only("AzureKey", _set("key.application_id", None)),
            _only("GcpKey", _set("key.security_group", None)),
        ),
    ),
    "azure_key_id_versioned": (
        "Azure: a key_id with a version",
        _only("AzureKey", _map("key.key_id", lambda n: f"{n}/dd554e3117e74ed8bbcd43390e1e3824")),
    ),
    "gcp_key_id_versioned": (
        "GCP: a key_id with a version",
        _only("GcpKey", _map("key.key_id", lambda n: f"{_unversioned(n)}/cryptoKeyVersions/3")),
    ),
    "gcp_key_id_unversioned": (
        "GCP: a key_id without a version, even if registered with one",
        _only("GcpKey", _map("key.key_id", _unversioned)),
    ),
    "application_id_empty": (
        "Azure: empty text for application_id",
        _only("AzureKey", _set("key.application_id", "")),
    ),
    "security_group_missing": ("GCP: no group", _only("GcpKey", _drop("key.security_group"))),
    "roles_empty": ("AWS: no role in roles", _only("AwsKey", _map("key.roles", lambda _: []))),
    "valid_with_message": (
        "phase VALID with a message of failure",
        _all(_set("validation.phase", "VALID"), _set("validation.message", "key access denied")),
    ),
}
