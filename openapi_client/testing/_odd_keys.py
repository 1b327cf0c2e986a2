"""Odd shapes of a key: what the service has sent or may send (contract section 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ._json import is_object

Document = dict[str, Any]
KeyShape = Callable[[Document], None]

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z")
_OTHER_PROVIDER = {"AWS": "GCP", "Azure": "AWS", "GCP": "Azure"}


def _each_timestamp(change: Callable[[str, str], str]) -> KeyShape:
    """Change every timestamp, given up to its seconds and its nine fractional digits apart."""

    def shape(document: Document) -> None:
        for part in (document.get("metadata"), document.get("validation")):
            if not is_object(part):
                continue
            for name, value in part.items():
                found = _TIMESTAMP.fullmatch(str(value))
                if found:
                    part[name] = change(found[1], found[2])

    return shape


def _in_another_zone(seconds: str, fraction: str) -> str:
    moved = datetime.fromisoformat(seconds) - timedelta(hours=7)
    return f"{moved.isoformat()}.{fraction}-07:00"


def _without(*path: str) -> KeyShape:
    def shape(document: Document) -> None:
        _parent(document, path).pop(path[-1], None)

    return shape


def _with(value: Any, *path: str) -> KeyShape:
    def shape(document: Document) -> None:
        _parent(document, path)[path[-1]] = value

    return shape


def _of_kind(kind: str, shape: KeyShape) -> KeyShape:
    def only(document: Document) -> None:
        if _parent(document, ("key", "kind")).get("kind") == kind:
            shape(document)

    return only


def _parent(document: Document, path: tuple[str, ...]) -> Document:
    # Shapes combine, and seeded keys have any shape: a part that is gone is changed in the void.
    for name in path[:-1]:
        value = document.get(name)
        document = value if is_object(value) else {}
    return document


def _self_of_other_key(document: Document) -> None:
    metadata = _parent(document, ("metadata", "self"))
    metadata["self"] = re.sub("[^/]*$", "cck-other", str(metadata.get("self", "")))


def _provider_contradicts_kind(document: Document) -> None:
    provider = str(document.get("provider"))
    document["provider"] = _OTHER_PROVIDER.get(provider, "AWS")


def _provider_upper_case(document: Document) -> None:
    document["provider"] = str(document.get("provider")).upper()


def _key_kind_unknown(document: Document) -> None:
    document["key"] = {"kind": "QuantumKey", "key_handle": "q-1", "qubits": {"count": 7}}


def _optional_fields_null(document: Document) -> None:
    document["display_name"] = None
    for path in (
        ("metadata", "resource_name"),
        ("metadata", "created_at"),
        ("metadata", "updated_at"),
        ("metadata", "deleted_at"),
        ("validation", "message"),
        ("validation", "region"),
    ):
        _with(None, *path)(document)
    for kind, name in _PRINCIPALS.items():
        _of_kind(kind, _with(None, "key", name))(document)


_PRINCIPALS = {"AwsKey": "roles", "AzureKey": "application_id", "GcpKey": "security_group"}


def _azure_key_id_versioned(document: Document) -> None:
    key = document["key"]
    key["key_id"] = f"{key.get('key_id')}/dd554e3117e74ed8bbcd43390e1e3824"


def _gcp_key_id_unversioned(document: Document) -> None:
    key = document["key"]
    key["key_id"] = str(key.get("key_id")).partition("/cryptoKeyVersions/")[0]


def _gcp_key_id_versioned(document: Document) -> None:
    _gcp_key_id_unversioned(document)
    document["key"]["key_id"] += "/cryptoKeyVersions/3"


def _valid_with_message(document: Document) -> None:
    _with("VALID", "validation", "phase")(document)
    _with("key access denied", "validation", "message")(document)


KEY_SHAPES: Mapping[str, tuple[str, KeyShape]] = {
    "timestamps_seconds": (
        "timestamps without fractional digits",
        _each_timestamp(lambda seconds, _: f"{seconds}Z"),
    ),
    "timestamps_milliseconds": (
        "timestamps with three fractional digits",
        _each_timestamp(lambda seconds, fraction: f"{seconds}.{fraction[:3]}Z"),
    ),
    "timestamps_microseconds": (
        "timestamps with six fractional digits",
        _each_timestamp(lambda seconds, fraction: f"{seconds}.{fraction[:6]}Z"),
    ),
    "timestamps_offset": (
        "timestamps with the offset -07:00, naming the same moments",
        _each_timestamp(_in_another_zone),
    ),
    "timestamps_leap_second": (
        "timestamps in a second numbered 60",
        _each_timestamp(lambda seconds, fraction: f"{seconds[:-2]}60.{fraction}Z"),
    ),
    "timestamps_empty": ("empty text for timestamps", _each_timestamp(lambda _, __: "")),
    "updated_at_missing": ("no metadata.updated_at", _without("metadata", "updated_at")),
    "validation_missing": ("no validation", _without("validation")),
    "display_name_missing": ("no display_name", _without("display_name")),
    "metadata_missing": ("no metadata", _without("metadata")),
    "metadata_null": ("null for metadata", _with(None, "metadata")),
    "api_version_missing": ("no api_version", _without("api_version")),
    "api_version_empty": ("empty text for api_version", _with("", "api_version")),
    "kind_missing": ("no kind", _without("kind")),
    "self_empty": ("empty text for metadata.self", _with("", "metadata", "self")),
    "self_of_other_key": ("metadata.self names another key than id", _self_of_other_key),
    "deleted_at_present": (
        "a deleted_at on a key that is alive",
        _with("2099-01-01T00:00:00.000000000Z", "metadata", "deleted_at"),
    ),
    "provider_contradicts_kind": (
        "a provider that is not that of the key material",
        _provider_contradicts_kind,
    ),
    "provider_upper_case": ("AZURE for Azure", _provider_upper_case),
    "provider_unknown": ("a provider nobody knows", _with("Nimbus", "provider")),
    "key_kind_unknown": ("key material of a kind nobody knows", _key_kind_unknown),
    "state_unknown": ("a state nobody knows", _with("ROTATING", "state")),
    "phase_unknown": (
        "a validation phase nobody knows",
        _with("REVALIDATING", "validation", "phase"),
    ),
    "optional_fields_null": ("null for every field that may be absent", _optional_fields_null),
    "azure_key_id_versioned": (
        "Azure: a key_id with a version",
        _of_kind("AzureKey", _azure_key_id_versioned),
    ),
    "gcp_key_id_versioned": (
        "GCP: a key_id with a version",
        _of_kind("GcpKey", _gcp_key_id_versioned),
    ),
    "gcp_key_id_unversioned": (
        "GCP: a key_id without a version, even if registered with one",
        _of_kind("GcpKey", _gcp_key_id_unversioned),
    ),
    "application_id_empty": (
        "Azure: empty text for application_id",
        _of_kind("AzureKey", _with("", "key", "application_id")),
    ),
    "security_group_missing": (
        "GCP: no security_group",
        _of_kind("GcpKey", _without("key", "security_group")),
    ),
    "roles_empty": ("AWS: no role in roles", _of_kind("AwsKey", _with([], "key", "roles"))),
    "valid_with_message": ("phase VALID with a message of failure", _valid_with_message),
}
