"""Quirks of a key: what the service has sent or may send."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .._store.checks import is_object

Edits = Mapping[str, Callable[[Any], Any] | str | None]
"""What comes at dotted paths, or what makes it from what is there.

`AwsKey:` before a path restricts it to keys of that kind.
"""

_ABSENT: Any = object()
_TIMES = "metadata.created_at metadata.updated_at metadata.deleted_at validation.since"
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z")
_FUTURE = "2099-01-01T00:00:00.000000000Z"
_NEW_KEY = {"kind": "QuantumKey", "key_handle": "q-1", "qubits": {"count": 7}}
_OTHER_PROVIDER = {"AWS": "GCP", "Azure": "AWS", "GCP": "Azure"}
_OPTIONAL = (
    "display_name metadata.resource_name metadata.created_at metadata.updated_at"
    " metadata.deleted_at validation.message validation.region"
    " AwsKey:key.roles AzureKey:key.application_id GcpKey:key.security_group"
)


def change_key(document: dict[str, Any], edits: Edits) -> None:
    """Change the document of a key; where a part is missing, as in a seed of any form, nothing."""
    key = document.get("key")
    own_kind = key.get("kind") if is_object(key) else None
    for path, value in ((path, value) for paths, value in edits.items() for path in paths.split()):
        kind, _, place = path.rpartition(":")
        parent, _, name = place.rpartition(".")
        part = document.get(parent) if parent else document
        if not is_object(part) or kind not in ("", own_kind):
            continue
        if value is _ABSENT:
            part.pop(name, None)
        elif not callable(value):
            part[name] = value
        elif name in part:
            part[name] = value(part[name])


def _time(template: str) -> Callable[[Any], Any]:
    """Rewrite a timestamp, by a template for {seconds}, {digits} and the time {in_denver}."""

    def change(value: Any) -> Any:
        found = _TIMESTAMP.fullmatch(str(value))
        if found is None:
            return value
        denver = (datetime.fromisoformat(found[1]) - timedelta(hours=7)).isoformat()
        return template.format(seconds=found[1], digits=found[2], in_denver=denver)

    return change


def _unversioned(key_id: Any) -> str:
    return str(key_id).partition("/cryptoKeyVersions/")[0]


KEY_QUIRKS: Mapping[str, tuple[str, Edits]] = {
    "timestamps_seconds": ("timestamps to the second", {_TIMES: _time("{seconds}Z")}),
    "timestamps_milliseconds": ("times of 3 digits", {_TIMES: _time("{seconds}.{digits:.3}Z")}),
    "timestamps_microseconds": ("times of 6 digits", {_TIMES: _time("{seconds}.{digits:.6}Z")}),
    "timestamps_offset": ("times in another zone", {_TIMES: _time("{in_denver}.{digits}-07:00")}),
    "timestamps_leap_second": ("a second 60", {_TIMES: _time("{seconds:.17}60.{digits}Z")}),
    "timestamps_empty": ("empty text for timestamps", {_TIMES: _time("")}),
    "updated_at_missing": ("no metadata.updated_at", {"metadata.updated_at": _ABSENT}),
    "validation_missing": ("no validation", {"validation": _ABSENT}),
    "display_name_missing": ("no display_name", {"display_name": _ABSENT}),
    "metadata_missing": ("no metadata", {"metadata": _ABSENT}),
    "metadata_null": ("null for metadata", {"metadata": None}),
    "api_version_missing": ("no api_version", {"api_version": _ABSENT}),
    "api_version_empty": ("empty text for api_version", {"api_version": ""}),
    "kind_missing": ("no kind", {"kind": _ABSENT}),
    "self_empty": ("empty text for metadata.self", {"metadata.self": ""}),
    "self_of_other_key": ("metadata.self of another key", {"metadata.self": "{}-other".format}),
    "deleted_at_present": ("a deleted_at on a key that is alive", {"metadata.deleted_at": _FUTURE}),
    "provider_contradicts_kind": (
        "a provider that is not that of the key material",
        {"provider": lambda provider: _OTHER_PROVIDER.get(str(provider), "AWS")},
    ),
    "provider_upper_case": ("AZURE for Azure", {"provider": lambda name: str(name).upper()}),
    "provider_unknown": ("a provider nobody knows", {"provider": "Nimbus"}),
    "key_kind_unknown": ("key material of a kind nobody knows", {"key": lambda _: {**_NEW_KEY}}),
    "state_unknown": ("a state nobody knows", {"state": "ROTATING"}),
    "phase_unknown": ("a phase nobody knows", {"validation.phase": "REVALIDATING"}),
    "optional_fields_null": ("null for every field that may be absent", {_OPTIONAL: None}),
    "azure_key_id_versioned": (
        "Azure: a key_id with a version",
        {"AzureKey:key.key_id": "{}/dd554e3117e74ed8bbcd43390e1e3824".format},
    ),
    "gcp_key_id_versioned": (
        "GCP: a key_id with a version",
        {"GcpKey:key.key_id": lambda name: f"{_unversioned(name)}/cryptoKeyVersions/3"},
    ),
    "gcp_key_id_unversioned": (
        "GCP: a key_id without a version, even if registered with one",
        {"GcpKey:key.key_id": _unversioned},
    ),
    "application_id_empty": ("Azure: empty application_id", {"AzureKey:key.application_id": ""}),
    "security_group_missing": ("GCP: no group", {"GcpKey:key.security_group": _ABSENT}),
    "roles_empty": ("AWS: no role in roles", {"AwsKey:key.roles": lambda _: []}),
    "valid_with_message": (
        "phase VALID with a message of failure",
        {"validation.phase": "VALID", "validation.message": "key access denied"},
    ),
}
