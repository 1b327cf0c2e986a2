"""How a key is named in its cloud and in links of the service, and which names mean one key."""

import re
from typing import Any, NamedTuple

from .byok_v1_aws_key import ByokV1AwsKey
from .byok_v1_azure_key import ByokV1AzureKey
from .byok_v1_gcp_key import ByokV1GcpKey

# Patterns are compiled when they are first used: most programs use none.
_ARN = r"arn:([a-z0-9-]+):kms:([a-z0-9-]+):([0-9]{12}):key/([A-Za-z0-9_-]+)"
_ALIAS_ARN = r"arn:[^:]*:kms:[^:]*:[^:]*:alias/.*"
_CRYPTO_KEY = (
    r"projects/([^/]+)/locations/([^/]+)/keyRings/([^/]+)/cryptoKeys/([^/]+)"
    r"(?:/cryptoKeyVersions/([^/]+))?"
)
_KEY_URL = (
    r"(?P<vault>https://(?P<host>[^/?#@\\:\s]+)(?::(?!443/)[0-9]+)?)(?::443)?"
    r"(?P<key>/keys/[^/?#\\\s]+)(?:/[^/?#\\\s]+)?/*"
)
_URL_BEHIND_GATEWAY = r"https://[^/?#@\\\s]+(?:/[^/?#\\\s]+)+/keys/[^/?#\\\s]+(?:/[^/?#\\\s]+)?/*"
_AZURE_HOST = r"([^.]+)\.(?:vault|managedhsm)\.(?:azure|usgovcloudapi|microsoftazure)\.[a-z]+"
_VAULT_ID = r"/subscriptions/.*/(?:vaults|managedHSMs)/([^/]+)/*"


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
    _refuse_other_names(text)
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


def canonical_identifier(key: object) -> str:
    """The one spelling of all identifiers of a key, be it a ``ByokV1KeyKey`` or what is in it.

    In Azure neither case nor a version, the port 443 or slashes at the end tell keys apart; in
    AWS and Google Cloud everything does. Raises ``ValueError`` where there is no identifier that
    can be read, as in a new kind of key.
    """
    # Whatever the service sent has come this far: no type can be relied on.
    variant = getattr(key, "actual_instance", key)
    text: Any = None
    if isinstance(variant, ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey):
        text = variant.identifier
    if not isinstance(text, str):
        raise ValueError("key has no identifier that can be read")
    return _canonical_url(text) if isinstance(variant, ByokV1AzureKey) else text


def kms_key_arn(name: str, value: object) -> KmsKeyArn:
    """The parts of an ARN, in any partition. Raises ``ValueError`` that calls it ``name``."""
    arn = one_line(name, value)
    match = re.fullmatch(_ARN, arn)
    if match:
        return KmsKeyArn(*match.groups())
    if re.fullmatch(_ALIAS_ARN, arn):
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
    match = re.fullmatch(_CRYPTO_KEY, resource)
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


def _refuse_other_names(text: str) -> None:
    """Raise for what names a key in other places of its cloud, saying which name it takes."""
    if re.match(r"(https:)?//cloudkms\.googleapis\.com(/|$)", text, re.IGNORECASE):
        raise ValueError(
            f"identifier {text!r} is a link to Google Cloud KMS: give the resource name in it, "
            "projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY"
        )
    if text.lower().startswith("/subscriptions/"):
        raise ValueError(
            f"identifier {text!r} is a resource id of Azure: give the URL of the key, "
            "https://VAULT.vault.azure.net/keys/NAME, and the resource id of its vault as "
            "key_vault_id"
        )


def _azure_key(url: str, *, tenant_id: str | None, key_vault_id: str | None) -> ByokV1AzureKey:
    match = re.fullmatch(_KEY_URL, url, re.IGNORECASE)
    if match is None and not re.fullmatch(_URL_BEHIND_GATEWAY, url, re.IGNORECASE):
        raise _no_key_url(url)
    host = url.split("/")[2].partition(":")[0].rstrip(".")
    vault = re.fullmatch(_AZURE_HOST, host, re.IGNORECASE)
    if match is None and vault:
        raise _no_key_url(url)
    tenant_id = _needed("tenant_id", tenant_id)
    key_vault_id = _needed("key_vault_id", key_vault_id)
    named = re.fullmatch(_VAULT_ID, key_vault_id, re.IGNORECASE)
    if vault and named and vault[1].casefold() != named[1].casefold():
        raise ValueError(
            f"key_vault_id names the vault {named[1]}, and identifier a key in {vault[1]}"
        )
    return ByokV1AzureKey(
        key_id=match["vault"] + match["key"] if match else url.rstrip("/"),
        tenant_id=tenant_id,
        key_vault_id=key_vault_id,
    )


def _no_key_url(url: str) -> ValueError:
    return ValueError(
        f"identifier {url!r} is no URL of a key in Azure, "
        "which is like https://VAULT.vault.azure.net/keys/NAME"
    )


def _needed(name: str, value: str | None) -> str:
    if not value:
        raise ValueError(f"{name} is missing: a key in Azure needs tenant_id and key_vault_id")
    return one_line(name, value)


def _canonical_url(url: str) -> str:
    match = re.fullmatch(_KEY_URL, url, re.IGNORECASE)
    return (match["vault"] + match["key"] if match else url.rstrip("/")).casefold()
