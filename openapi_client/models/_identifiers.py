"""How a key is named in its cloud, and which names mean the same key (contract, section 5)."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import RootModel

from .byok_v1_aws_key import ByokV1AwsKey
from .byok_v1_azure_key import ByokV1AzureKey
from .byok_v1_gcp_key import ByokV1GcpKey

if TYPE_CHECKING:
    from .byok_v1_key_key import ByokV1KeyKey
    from .byok_v1_unknown_key import ByokV1UnknownKey

_ARN = re.compile(r"arn:([a-z0-9-]+):kms:([a-z0-9-]+):([0-9]{12}):key/([A-Za-z0-9_-]+)")
_CRYPTO_KEY = re.compile(
    r"projects/([^/]+)/locations/([^/]+)/keyRings/([^/]+)/cryptoKeys/([^/]+)"
    r"(?:/cryptoKeyVersions/([^/]+))?"
)
_URL = re.compile(r"https://[^/?#@\\]+/[^?#\\]+", re.IGNORECASE)
_KEY_URL = re.compile(
    r"(?P<vault>https://[^/?#]+?)(?::443)?(?P<key>/keys/[^/?#]+)(?:/[^/?#]+)?", re.IGNORECASE
)


class KmsKeyArn(NamedTuple):
    """The parts of the ARN of a key in AWS KMS."""

    partition: str
    region: str
    account: str
    key_id: str


class CryptoKeyName(NamedTuple):
    """The parts of the resource name of a key in Google Cloud KMS."""

    project: str
    location: str
    key_ring: str
    key: str
    version: str | None


def key_from_identifier(
    identifier: str, *, tenant_id: str | None, key_vault_id: str | None
) -> ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey:
    """The key that an identifier names; see ``ByokV1KeyKey.from_identifier``."""
    text = one_line("identifier", identifier)
    if text[:8].lower() == "https://":
        return _azure_key(text, tenant_id=tenant_id, key_vault_id=key_vault_id)
    for name, value in (("tenant_id", tenant_id), ("key_vault_id", key_vault_id)):
        if value is not None:
            raise ValueError(f"{name} belongs to a key in Azure, and identifier names none")
    if text.startswith("projects/"):
        crypto_key_name("identifier", text)
        return ByokV1GcpKey(key_id=text)
    if text.startswith("arn:"):
        kms_key_arn("identifier", text)
        return ByokV1AwsKey(key_arn=text)
    raise ValueError(
        f"identifier {text!r} is neither the ARN of a key in AWS KMS (arn:aws:kms:...), nor the "
        "name of a key in Google Cloud KMS (projects/...), nor the URL of a key in Azure "
        "(https://...)"
    )


def canonical_identifier(
    key: "ByokV1KeyKey | ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey | ByokV1UnknownKey",
) -> str:
    """The one spelling of all identifiers of a key.

    In Azure neither case nor a version tell keys apart; in AWS and Google Cloud everything does.
    Raises ``ValueError`` where there is no identifier that can be read, as in a new kind of key.
    """
    # Whatever the service sent has come this far: no type can be relied on.
    variant: Any = key.root if isinstance(key, RootModel) else key
    text = variant.key_arn if isinstance(variant, ByokV1AwsKey) else None
    if isinstance(variant, ByokV1AzureKey | ByokV1GcpKey):
        text = variant.key_id
    if not isinstance(text, str):
        raise ValueError("key has no identifier that can be read")
    return _canonical_url(text) if isinstance(variant, ByokV1AzureKey) else text


def kms_key_arn(name: str, value: object) -> KmsKeyArn:
    """The parts of an ARN, in any partition. Raises ``ValueError`` that calls it ``name``."""
    arn = one_line(name, value)
    match = _ARN.fullmatch(arn)
    if match:
        return KmsKeyArn(*match.groups())
    if re.match(r"arn:[^:]*:kms:[^:]*:[^:]*:alias/", arn):
        raise ValueError(
            f"{name} {arn!r} is an alias, which may come to mean another key: "
            "give the ARN of the key itself"
        )
    raise ValueError(
        f"{name} {arn!r} is no ARN of a key in AWS KMS, "
        "which is like arn:aws:kms:REGION:ACCOUNT:key/ID"
    )


def crypto_key_name(name: str, value: object) -> CryptoKeyName:
    """The parts of a resource name, with or without a version; ``ValueError`` as above."""
    resource = one_line(name, value)
    match = _CRYPTO_KEY.fullmatch(resource)
    if match is None:
        raise ValueError(
            f"{name} {resource!r} is no name of a key in Google Cloud KMS, which is like "
            "projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY"
        )
    return CryptoKeyName(*match.groups())


def one_line(name: str, value: object) -> str:
    """Text with something on it and nothing unseen. Raises ``ValueError`` that names it."""
    if not isinstance(value, str):
        raise ValueError(f"{name} has to be a str, not {type(value).__name__}")
    if not value or not value.isprintable() or value.strip() != value:
        raise ValueError(f"{name} {value!r} is empty, or holds control characters or outer blanks")
    return value


def _azure_key(url: str, *, tenant_id: str | None, key_vault_id: str | None) -> ByokV1AzureKey:
    if " " in url or not _URL.fullmatch(url):
        raise ValueError(
            f"identifier {url!r} is no URL of a key in Azure, "
            "which is like https://VAULT.vault.azure.net/keys/NAME"
        )
    key_url = _KEY_URL.fullmatch(url)
    return ByokV1AzureKey(
        key_id=url[: key_url.end("key")] if key_url else url,
        tenant_id=_needed("tenant_id", tenant_id),
        key_vault_id=_needed("key_vault_id", key_vault_id),
    )


def _needed(name: str, value: str | None) -> str:
    if not value:
        raise ValueError(f"{name} is missing: a key in Azure needs tenant_id and key_vault_id")
    return one_line(name, value)


def _canonical_url(url: str) -> str:
    # Some of Azure's own tools write the port that goes without saying.
    match = _KEY_URL.fullmatch(url)
    return (match["vault"] + match["key"] if match else url).casefold()
