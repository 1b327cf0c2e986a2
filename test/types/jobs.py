"""What a type checker sees of the jobs made of calls. It is checked, not run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

from openapi_client import (
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    ByokV1KeyList,
    ByokV1KeyListDataInner,
    Configuration,
    CreateByokV1KeyRequest,
    EnsuredByokV1Key,
    GetByokV1Key200Response,
    KeyIterator,
    KeysByokV1Api,
    KeyState,
    Provider,
    StsTokenProvider,
    ValidationPhase,
    WaitResult,
)
from openapi_client.key_access import (
    AwsAccess,
    AwsAudit,
    AzureAccess,
    GcpAccess,
    KeyAccess,
    RoleAudit,
    access_grants,
)

Key = GetByokV1Key200Response


def iteration(api: KeysByokV1Api) -> None:
    """All keys, and where to go on."""
    keys = api.iter_byok_v1_keys(provider=Provider.AZURE, state=KeyState.IN_USE, page_size=50)
    assert_type(keys, KeyIterator)
    assert_type(next(keys), ByokV1KeyListDataInner)
    assert_type(keys.pages(), Iterator[ByokV1KeyList])
    assert_type(keys.next_page_token, str | None)
    assert_type(api.iter_byok_v1_keys(page_token="t", _request_timeout=5).done, bool)
    assert_type(keys.total_size, int | None)


def registration(api: KeysByokV1Api, request: CreateByokV1KeyRequest) -> None:
    """A key that is registered once."""
    ensured = api.ensure_byok_v1_key(request, settle=30, timeout=60)
    assert_type(ensured, EnsuredByokV1Key)
    assert_type(ensured.key, Key)
    assert_type(ensured.created, bool)
    assert_type(api.ensure_byok_v1_key({"key": {"kind": "GcpKey"}}), EnsuredByokV1Key)


def finding(api: KeysByokV1Api, aws: ByokV1AwsKey) -> None:
    """A key by its name, or as it is."""
    assert_type(api.find_byok_v1_key("arn:aws:kms:..."), Key | None)
    assert_type(api.find_byok_v1_key(aws, _request_timeout=5), Key | None)
    assert_type(api.find_byok_v1_key({"kind": "GcpKey"}), Key | None)


def waiting(api: KeysByokV1Api) -> None:
    """A phase, or any condition on the key."""
    assert_type(api.wait_for_byok_v1_key("cck-1"), Key)
    assert_type(api.wait_for_byok_v1_key("cck-1", until=ValidationPhase.VALID, timeout=60), Key)
    assert_type(
        api.wait_for_byok_v1_key(
            "cck-1",
            lambda key: key.state == KeyState.AVAILABLE,
            on_progress=lambda key: print(key.validation.phase),
        ),
        Key,
    )


def waiting_for_many(api: KeysByokV1Api) -> None:
    """A result for each key."""
    results = api.wait_for_byok_v1_keys(
        ["cck-1"], "VALID", invalid_grace=0, on_progress=lambda told: print(told.done, told.total)
    )
    assert_type(results, list[WaitResult])
    for result in results:
        assert_type(result.id, str)
        assert_type(result.key, Key | None)
        assert_type(result.error, Exception | None)


def deletion(api: KeysByokV1Api) -> None:
    """Sooner or later."""
    api.delete_byok_v1_key_when_available(
        "cck-1", timeout=60, on_progress=lambda key: print(key.state)
    )


def access(
    key: Key,
    aws: ByokV1AwsKey,
    azure: ByokV1AzureKey,
    gcp: ByokV1GcpKey,
    policy: Mapping[str, Any],
) -> None:
    """What is to be allowed is as precise as what is known of the key."""
    assert_type(access_grants(key), KeyAccess)
    assert_type(access_grants(key.key), KeyAccess)
    assert_type(access_grants(aws), AwsAccess)
    assert_type(access_grants(aws).merge_into(policy), dict[str, Any])
    assert_type(access_grants(aws).merged_text(policy), str)
    assert_type(access_grants(aws).audit(policy), AwsAudit)
    assert_type(access_grants(azure).audit([policy]), RoleAudit)
    assert_type(access_grants(gcp).audit(policy), RoleAudit)
    assert_type(access_grants(aws).audit("{}").missing[0].actions, tuple[str, ...])
    assert_type(access_grants(aws).audit("{}").lines, tuple[str, ...])
    assert_type(access_grants(azure), AzureAccess)
    assert_type(access_grants(gcp), GcpAccess)
    for command in access_grants(key).commands:
        assert_type(command, str)


def identifiers() -> None:
    """A key by the name that its cloud gives it."""
    assert_type(ByokV1KeyKey.from_identifier("arn:aws:kms:..."), ByokV1KeyKey)
    assert_type(
        ByokV1KeyKey.from_identifier("https://...", tenant_id="t", key_vault_id="v"), ByokV1KeyKey
    )


def tokens() -> None:
    """A provider of tokens is an access token."""
    provider = StsTokenProvider("pool-1", lambda: "jwt", expires_in=900)
    assert_type(StsTokenProvider("pool-1", Path("token")), StsTokenProvider)
    assert_type(provider(), str)
    assert_type(Configuration(access_token=provider), Configuration)
