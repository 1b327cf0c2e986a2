"""Finding the key that is registered under an identifier."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .. import _checks
from .._core.typeguards import is_mapping
from ..exceptions import (
    ApiTypeError,
    ApiValueError,
    ForbiddenException,
    KeyMismatchException,
    NotFoundException,
)
from ..models._identifiers import canonical_identifier, key_from_identifier
from ..models.byok_v1_aws_key import ByokV1AwsKey
from ..models.byok_v1_azure_key import ByokV1AzureKey
from ..models.byok_v1_gcp_key import ByokV1GcpKey
from ..models.byok_v1_key_key import ByokV1KeyKey
from ..models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner
from ..models.create_byok_v1_key_request import CreateByokV1KeyRequest
from ..values import ValidationPhase
from .failures import failure_in
from .results import Key

Material = ByokV1KeyKey | ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey
"""Where a key lies."""
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True)
class Reads:
    """What finding a key takes of the API."""

    read: Callable[[str], object]
    """Reads a key by its id."""
    search: Callable[[str | None], Iterable[ByokV1KeyListDataInner]]
    """Lists the keys whose identifier holds a text, or all keys."""


@dataclass(frozen=True)
class Sighting:
    """What one look at the service has shown of a key."""

    key: Key | None = None
    """The key, as it was read; ``None`` where it is not registered, or not to be read."""
    forbidden: Exception | None = None
    """Why a key that the list shows may not be read."""


def find_key(wanted: Material, reads: Reads) -> Key | None:
    """The registered key; ``None`` where there is none.

    Raises:
        KeyMismatchException: It is registered with another tenant or vault.
        ForbiddenException: The list shows it, and it may not be read.
    """
    sighting = look_for(wanted, reads)
    if sighting.forbidden:
        raise sighting.forbidden
    return sighting.key


def look_for(wanted: Material, reads: Reads, *, in_all: bool = False) -> Sighting:
    """Look once for the key that is wanted, with the service's filter unless ``in_all``.

    Of several, one that is ``VALID`` is preferred, and then the newest. What the list shows is
    taken for registered only where it can be read: a list may lag behind a deletion.
    """
    identifier = canonical_identifier(wanted)
    # Azure does not tell upper from lower case, but the service's filter may.
    in_all = in_all or isinstance(_variant(wanted), ByokV1AzureKey)
    listed = reads.search(None if in_all else identifier)
    same = [item for item in listed if identifier_of(item) == identifier]
    forbidden: Exception | None = None
    for item in sorted(same, key=lambda item: _preference(wanted, item)):
        try:
            key = checked_key(reads.read(item.id))
        except Exception as error:
            failure = failure_in(error)
            if isinstance(failure, ForbiddenException):
                forbidden = forbidden or error
            elif not isinstance(failure, NotFoundException):
                raise
        else:
            return Sighting(agreeing(wanted, item, key))
    return Sighting(forbidden=forbidden)


def agreeing(wanted: Material, registered: Key | ByokV1KeyListDataInner, key: Key) -> Key:
    """The key, if nothing that is known of it differs from what is wanted."""
    differences = [*_differences(wanted, registered)]
    if differences:
        raise KeyMismatchException(f"key {key.id} differs: {'; '.join(differences)}", key)
    return key


def identifier_of(registered: object) -> str | None:
    """The identifier of a registered key; ``None`` where this version cannot read it."""
    key: Any = getattr(registered, "key", None)
    try:
        return canonical_identifier(key)
    except ValueError:
        return None


def checked_key(answer: object) -> Key:
    """The answer to a read, if it is a key; ``TypeError`` for anything else, such as a mock.

    To ask for it again would not help.
    """
    if isinstance(answer, Key):
        return answer
    raise TypeError(f"get_byok_v1_key gave no {Key.__name__}, but {type(answer).__name__}")


def material_of(identifier_or_key: object) -> Material:
    """The key that an identifier, a dict or a model names."""
    if isinstance(identifier_or_key, Material):
        return identifier_or_key
    if isinstance(identifier_or_key, str):
        return _named(identifier_or_key)
    if is_mapping(identifier_or_key):
        return _from_dict(identifier_or_key)
    raise ApiTypeError(
        "identifier_or_key has to be the identifier of a key, or a ByokV1KeyKey, "
        f"not {type(identifier_or_key).__name__}"
    )


def _named(identifier: str) -> Material:
    is_azure = identifier[:8].lower() == "https://"
    unknown = "unknown" if is_azure else None
    try:
        key = key_from_identifier(identifier, tenant_id=unknown, key_vault_id=unknown)
    except ValueError as error:
        raise ApiValueError(str(error)) from None
    if isinstance(key, ByokV1AzureKey):
        # To find it, neither its tenant nor its vault need be known.
        return ByokV1AzureKey.model_construct(key_id=key.key_id, tenant_id="", key_vault_id="")
    return key


def _from_dict(key: Mapping[str, Any]) -> Material:
    checked = _checks.body("identifier_or_key", CreateByokV1KeyRequest, {"key": key})
    return checked.key


def _preference(wanted: Material, item: ByokV1KeyListDataInner) -> tuple[bool, bool, float]:
    phase = getattr(item.validation, "phase", None)
    created = getattr(item.metadata, "created_at", None)
    if not isinstance(created, datetime) or created.tzinfo is None:
        created = _LONG_AGO
    return (
        any(_differences(wanted, item)),
        phase != ValidationPhase.VALID,
        (_LONG_AGO - created).total_seconds(),
    )


def _differences(wanted: Material, registered: Key | ByokV1KeyListDataInner) -> Iterator[str]:
    """What is known of both, and is not the same."""
    key: Any = registered.key  # An answer may lack it, or have something else in its place.
    ours = wanted.request_dict()
    theirs = key.request_dict() if isinstance(key, ByokV1KeyKey) else {}
    for name in ("tenant_id", "key_vault_id"):
        asked, there = ours.get(name), theirs.get(name)
        if asked and there and _same_place(asked) != _same_place(there):
            yield f"{name}: {there} is registered, {asked} was asked for"


def _same_place(text: object) -> str:
    return str(text).casefold().rstrip("/")


def _variant(key: Material) -> object:
    return key.root if isinstance(key, ByokV1KeyKey) else key
