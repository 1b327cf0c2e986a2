"""Naming a key by what its cloud calls it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import (
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    ByokV1KeyListDataInner,
)
from openapi_client.models._identifiers import canonical_identifier

_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
_ARN = f"arn:aws:kms:us-west-2:111122223333:key/{_ID}"
_CRYPTO_KEY = "projects/my-project/locations/us-central1/keyRings/ring/cryptoKeys/key"
_URL = "https://vault-name.vault.azure.net/keys/key-name"
_VERSION = "dd554e3117e74ed8bbcd43390e1e3824"
_TENANT = "00000000-0000-0000-0000-000000000000"
_VAULT = "/subscriptions/1/resourceGroups/2/providers/Microsoft.KeyVault/vaults/vault-name"


def _azure(url: str, vault: str = "vault-name") -> ByokV1KeyKey:
    return ByokV1KeyKey.from_identifier(url, tenant_id=_TENANT, key_vault_id=_vault_id(vault))


def _vault_id(name: str) -> str:
    return _VAULT.replace("vault-name", name)


@pytest.mark.parametrize(
    "arn",
    [
        _ARN,
        _ARN.replace("aws", "aws-cn").replace("us-west-2", "cn-north-1"),
        _ARN.replace("aws", "aws-us-gov").replace("us-west-2", "us-gov-west-1"),
        _ARN.replace("aws", "aws-iso-b").replace("us-west-2", "us-isob-east-1"),
        _ARN.replace(_ID, "mrk-1234abcd12ab34cd56ef1234567890ab"),
    ],
)
def test_arn_in_any_partition_is_taken_as_it_is(arn: str) -> None:
    """The ARN of a key in any partition, or in many regions, is taken as it is."""
    assert ByokV1KeyKey.from_identifier(arn).actual_instance == ByokV1AwsKey(key_arn=arn)


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        ("arn:aws:kms:us-west-2:111122223333:alias/mine", "is an alias"),
        (_ARN.replace("kms", "s3"), "no ARN of a key in AWS KMS"),
        (_ARN.replace(_ID, ""), "no ARN of a key in AWS KMS"),
        (_ARN.replace(_ID, "*"), "no ARN of a key in AWS KMS"),
        (_ARN.replace("111122223333", ""), "no ARN of a key in AWS KMS"),
        (_ARN.replace("us-west-2", ""), "no ARN of a key in AWS KMS"),
        (f"{_ARN}/more", "no ARN of a key in AWS KMS"),
    ],
)
def test_arn_of_anything_but_a_key_is_refused(arn: str, reason: str) -> None:
    """An ARN that names no key in KMS, an alias for instance, is refused with the reason."""
    with pytest.raises(ValueError, match=f"^identifier .* {reason}"):
        ByokV1KeyKey.from_identifier(arn)


@pytest.mark.parametrize("name", [_CRYPTO_KEY, f"{_CRYPTO_KEY}/cryptoKeyVersions/3"])
def test_google_cloud_name_keeps_its_version_or_lack_of_one(name: str) -> None:
    """The name of a key in Google Cloud is kept as it is, with its version or without one."""
    assert ByokV1KeyKey.from_identifier(name).actual_instance == ByokV1GcpKey(key_id=name)


@pytest.mark.parametrize(
    "name",
    [
        "projects/my-project",
        "projects/p/locations/l/keyRings/r",
        "projects//locations/l/keyRings/r/cryptoKeys/k",
        f"{_CRYPTO_KEY}/cryptoKeyVersions/",
        f"{_CRYPTO_KEY}/cryptoKeyVersions/3/4",
        f"{_CRYPTO_KEY}/",
    ],
)
def test_google_cloud_name_of_anything_but_a_key_is_refused(name: str) -> None:
    """A key ring, or half a name, is refused with the form that a name has."""
    with pytest.raises(ValueError, match=r"^identifier .* like projects/PROJECT/"):
        ByokV1KeyKey.from_identifier(name)


@pytest.mark.parametrize(
    ("url", "registered", "vault"),
    [
        (_URL, _URL, "vault-name"),
        (f"{_URL}/{_VERSION}", _URL, "vault-name"),
        (f"{_URL}/", _URL, "Vault-Name"),
        (f"{_URL}/{_VERSION}//", _URL, "vault-name"),
        (f"{_URL.replace('.net', '.net:443')}/1/", _URL, "vault-name"),
        (_URL.replace(".net", ".net:8443"), _URL.replace(".net", ".net:8443"), "vault-name"),
        ("https://v.vault.azure.cn/keys/k/1", "https://v.vault.azure.cn/keys/k", "v"),
        (
            "https://v.vault.usgovcloudapi.net/keys/k/1",
            "https://v.vault.usgovcloudapi.net/keys/k",
            "v",
        ),
        ("https://h.managedhsm.azure.net/keys/k/1", "https://h.managedhsm.azure.net/keys/k", "h"),
        ("HTTPS://V.vault.azure.net/Keys/K/1", "HTTPS://V.vault.azure.net/Keys/K", "v"),
        ("https://gateway:443443/keys/k/1", "https://gateway:443443/keys/k", "any"),
        ("https://gateway/vault/keys/k/1", "https://gateway/vault/keys/k/1", "any"),
        ("https://gateway/vault/keys/k/", "https://gateway/vault/keys/k", "any"),
    ],
)
def test_azure_url_loses_its_version_and_spelling_but_nothing_else(
    url: str, registered: str, vault: str
) -> None:
    """A key is registered without a version that is soon out of date, and under one name."""
    key = _azure(url, vault)
    assert key.actual_instance == ByokV1AzureKey(
        key_id=registered, tenant_id=_TENANT, key_vault_id=_vault_id(vault)
    )
    assert _azure(registered, vault) == key
    assert canonical_identifier(key) == canonical_identifier(
        ByokV1AzureKey(key_id=url, tenant_id=_TENANT, key_vault_id=_VAULT)
    )


@pytest.mark.parametrize(
    ("url", "vault_id"),
    [
        (_URL, _vault_id("other")),
        (_URL, _vault_id("vault-name2")),
        (_URL.replace("vault.azure.net", "vault.azure.cn"), _vault_id("name") + "/"),
        ("https://h.managedhsm.azure.net/keys/k", _vault_id("x").replace("vaults", "managedHSMs")),
    ],
)
def test_vault_that_contradicts_the_url_is_refused(url: str, vault_id: str) -> None:
    """A key and the vault of another line of a list are not registered together."""
    with pytest.raises(ValueError, match=r"^key_vault_id names the vault .*, and identifier a key"):
        ByokV1KeyKey.from_identifier(url, tenant_id=_TENANT, key_vault_id=vault_id)


@pytest.mark.parametrize("vault_id", ["anything", "/subscriptions/1/vaults/Vault-Name/"])
def test_vault_that_does_not_contradict_is_taken(vault_id: str) -> None:
    """What this version cannot read of a vault, or is spelled otherwise, is left to the service."""
    key = ByokV1KeyKey.from_identifier(_URL, tenant_id=_TENANT, key_vault_id=vault_id)
    assert key.request_dict()["key_vault_id"] == vault_id


@pytest.mark.parametrize(
    ("tenant_id", "key_vault_id", "missing"),
    [
        (None, _VAULT, "tenant_id"),
        ("", _VAULT, "tenant_id"),
        (_TENANT, None, "key_vault_id"),
        (_TENANT, "", "key_vault_id"),
        (None, None, "tenant_id"),
    ],
)
def test_azure_needs_tenant_and_vault(
    tenant_id: str | None, key_vault_id: str | None, missing: str
) -> None:
    """A key in Azure without its tenant or vault is refused by the name of what is missing."""
    with pytest.raises(ValueError, match=f"^{missing} is missing"):
        ByokV1KeyKey.from_identifier(_URL, tenant_id=tenant_id, key_vault_id=key_vault_id)


@pytest.mark.parametrize("identifier", [_ARN, _CRYPTO_KEY])
@pytest.mark.parametrize("argument", ["tenant_id", "key_vault_id"])
def test_tenant_and_vault_are_refused_outside_azure(identifier: str, argument: str) -> None:
    """A tenant or vault that is given with a key of another cloud is refused by its name."""
    with pytest.raises(ValueError, match=f"^{argument} belongs to a key in Azure"):
        ByokV1KeyKey.from_identifier(identifier, **{argument: "something"})


@pytest.mark.parametrize(
    "url",
    [
        "https://vault.azure.net",
        "https:///keys/k",
        f"{_URL}?api-version=7.4",
        f"{_URL}#top",
        "https://user@v.vault.azure.net/keys/k",
        "https://v.vault.azure.net/keys/my key",
        "https://v.vault.azure.net\\keys\\k",
        "https://v.vault.azure.net/secrets/x",
        "https://v.vault.azure.net/certificates/x/1",
        "https://v.vault.azure.net/keys",
        "https://v.vault.azure.net/keys/",
        "https://v.vault.azure.net/keys//k",
        "https://v.vault.azure.net/a/keys/k",
        f"{_URL}/{_VERSION}/more",
        "https://gateway/vault/secrets/x",
        "https://example.com/",
    ],
)
def test_url_that_names_no_key_is_refused(url: str) -> None:
    """A URL that is mangled, or names no key in Azure, is refused."""
    with pytest.raises(ValueError, match="^identifier .* no URL of a key in Azure"):
        _azure(url)


@pytest.mark.parametrize(
    ("identifier", "advice"),
    [
        (f"https://cloudkms.googleapis.com/v1/{_CRYPTO_KEY}", "give the resource name in it"),
        (f"//cloudkms.googleapis.com/{_CRYPTO_KEY}", "give the resource name in it"),
        (f"{_VAULT}/keys/key-name", "give the URL of the key"),
        (_VAULT.upper(), "give the URL of the key"),
    ],
)
def test_other_names_of_a_key_are_refused_with_advice(identifier: str, advice: str) -> None:
    """Who has another name of the key at hand is told which one is asked for."""
    with pytest.raises(ValueError, match=f"^identifier .* {advice}"):
        ByokV1KeyKey.from_identifier(identifier)


@pytest.mark.parametrize(
    "identifier",
    [_ID, "alias/mine", "mrk-1", "http://v.vault.azure.net/keys/k", f"//cloudkms/{_CRYPTO_KEY}"],
)
def test_anything_else_is_refused(identifier: str) -> None:
    """A bare id, or anything else that names no key, is refused: nothing is guessed."""
    with pytest.raises(ValueError, match="^identifier .* is neither the ARN"):
        ByokV1KeyKey.from_identifier(identifier)


@pytest.mark.parametrize("identifier", ["", " ", f"{_ARN}\n", f" {_ARN}", f"{_URL}\x00", None, 7])
def test_what_is_no_line_of_text_is_refused_by_name(identifier: str) -> None:
    """An identifier that is no text, is empty, or has a stray blank or line end is refused."""
    with pytest.raises(ValueError, match=r"^identifier .*(has to be a str|is empty, or holds)"):
        ByokV1KeyKey.from_identifier(identifier, tenant_id=_TENANT, key_vault_id=_VAULT)


def test_identifier_that_is_built_is_refused_like_text() -> None:
    """A vault with a stray line end is refused by its name."""
    with pytest.raises(ValueError, match="^key_vault_id "):
        ByokV1KeyKey.from_identifier(_URL, tenant_id=_TENANT, key_vault_id=f"{_VAULT}\n")


_SPELLINGS = [
    _URL,
    f"{_URL}/{_VERSION}",
    _URL.upper(),
    _URL.replace(".net", ".net:443"),
    f"{_URL.replace('.net', '.NET:443')}/{_VERSION}",
    f"{_URL}/",
    f"{_URL}/{_VERSION}/",
    f"{_URL.replace('.net', '.net:443')}//",
]


@pytest.mark.parametrize("url", _SPELLINGS)
def test_spellings_of_an_azure_key_are_one_key(url: str) -> None:
    """Every spelling of a URL in Azure names the same key."""
    key = ByokV1AzureKey(key_id=url, tenant_id=_TENANT, key_vault_id=_VAULT)
    assert canonical_identifier(key) == _URL
    assert canonical_identifier(ByokV1KeyKey(key)) == _URL


@pytest.mark.parametrize("url", ["https://V/odd", "not a URL", "https://[", f"{_URL}/1/2"])
def test_odd_azure_identifier_is_compared_whole(url: str) -> None:
    """An odd identifier in Azure is compared as a whole, in any case of its letters."""
    key = ByokV1AzureKey(key_id=url, tenant_id=_TENANT, key_vault_id=_VAULT)
    assert canonical_identifier(key) == url.lower()


@given(st.text(min_size=1))
def test_identifiers_in_aws_and_google_cloud_are_compared_exactly(text: str) -> None:
    """Identifiers in AWS and Google Cloud are compared exactly, case and version included."""
    assert canonical_identifier(ByokV1AwsKey(key_arn=text)) == text
    assert canonical_identifier(ByokV1GcpKey(key_id=text)) == text


@pytest.mark.parametrize("identifier", [_ARN, _CRYPTO_KEY, f"{_CRYPTO_KEY}/cryptoKeyVersions/3"])
def test_identifier_is_the_inverse_of_from_identifier(identifier: str) -> None:
    """The name of a key can be read wherever a key can, without asking for its kind."""
    key = ByokV1KeyKey.from_identifier(identifier)
    assert key.identifier == key.actual_instance.identifier == identifier
    assert ByokV1KeyKey.from_identifier(str(key.identifier)) == key


def test_identifier_of_a_key_in_azure_is_its_url() -> None:
    """The name of a key can be read wherever a key can, without asking for its kind."""
    key = _azure(f"{_URL}/{_VERSION}")
    assert key.identifier == key.actual_instance.identifier == _URL
    assert _azure(str(key.identifier)) == key


def test_identifier_of_a_new_kind_of_key_is_unknown() -> None:
    """A loop over all keys that reads their names is not ended by one of a new kind."""
    key = ByokV1KeyKey.from_dict({"kind": "OciKey", "identifier": "i", "key_id": "k"})
    assert key.identifier is None
    assert key.actual_instance.identifier is None
    assert key.to_dict() == {"kind": "OciKey", "identifier": "i", "key_id": "k"}


_PARTS = st.from_regex(r"[A-Za-z0-9-]{1,12}", fullmatch=True)


@given(
    vault=_PARTS,
    key=_PARTS,
    version=st.none() | _PARTS,
    port=st.sampled_from(["", ":443"]),
    slashes=st.sampled_from(["", "/", "//"]),
)
def test_every_spelling_of_a_key_in_azure_is_registered_as_one(
    vault: str, key: str, version: str | None, port: str, slashes: str
) -> None:
    """One key is never registered twice for the way that its URL was copied."""
    plain = f"https://{vault}.vault.azure.net/keys/{key}"
    url = f"https://{vault}.vault.azure.net{port}/keys/{key}" + (f"/{version}" if version else "")
    assert _azure(url + slashes, vault) == _azure(plain, vault)
    assert _azure(url + slashes, vault).identifier == plain


def _outcome(text: str) -> str:
    try:
        return canonical_identifier(ByokV1KeyKey.from_identifier(text))
    except ValueError as error:
        return f"refused: {error}"


@given(st.text() | st.from_regex(r"\A(arn:aws:kms:|projects/|https://).*"))
def test_any_text_is_a_key_or_refused_by_name(text: str) -> None:
    """Any text is an identifier, or refused with a ``ValueError`` that names the argument."""
    outcome = _outcome(text)
    assert outcome == text or outcome.startswith(("refused: identifier ", "refused: tenant_id is "))


@pytest.mark.parametrize(
    "key", [{"kind": "OtherKey", "key_id": "x"}, {"kind": "AwsKey"}, {"kind": "GcpKey"}, None, "?"]
)
def test_unreadable_key_has_no_identifier(key: object) -> None:
    """A key that cannot be read has no identifier: asking for it is a ``ValueError``."""
    item = ByokV1KeyListDataInner.from_dict({"id": "cck-1", "key": key})
    with pytest.raises(ValueError, match="no identifier that can be read"):
        canonical_identifier(item.key)
