"""Finding the key that is registered under an identifier: by reading alone."""

from typing import Any

import pytest

from openapi_client import (
    ApiTypeError,
    ApiValueError,
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    ForbiddenException,
    KeyMismatchException,
    KeysByokV1Api,
)
from openapi_client.testing import ByokEmulator
from support.recorder import RecordingServer
from support.replies import json_reply

from .conftest import Connect

_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_URL = "https://vault-name.vault.azure.net/keys/key-name"
_NAME = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
_AWS = {"kind": "AwsKey", "key_arn": _ARN}
_AZURE = {
    "kind": "AzureKey",
    "key_id": _URL,
    "key_vault_id": (
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/vault-name"
    ),
    "tenant_id": "00000000-0000-0000-0000-00000000abcd",
}
_GCP = {"kind": "GcpKey", "key_id": _NAME}


@pytest.mark.parametrize(
    ("registered", "named"),
    [
        (_AWS, _ARN),
        (_AWS, _AWS),
        (_AWS, ByokV1AwsKey(key_arn=_ARN)),
        (_AWS, ByokV1KeyKey(_AWS)),
        (_AZURE, _URL),
        (_AZURE, _URL.upper().replace("HTTPS", "https")),
        (_AZURE, f"{_URL}/dd554e3117e74ed8bbcd43390e1e3824"),
        (_AZURE, ByokV1AzureKey.from_dict(_AZURE)),
        (_GCP, _NAME),
        (_GCP, ByokV1GcpKey(key_id=_NAME)),
    ],
)
def test_key_is_found_by_any_of_its_names(
    emulator: ByokEmulator, api: KeysByokV1Api, registered: dict[str, Any], named: Any
) -> None:
    """Whoever knows a key in its cloud learns its id here."""
    _, id, _ = emulator.seed([{}, {"key": registered}, {}])
    found = api.find_byok_v1_key(named)
    assert found
    assert found.id == id
    assert found.validation.phase
    assert {request.method for request in emulator.requests} == {"GET"}


@pytest.mark.parametrize("named", [_ARN, _URL, _NAME])
def test_key_that_is_not_there_is_none(
    emulator: ByokEmulator, api: KeysByokV1Api, named: str
) -> None:
    """A key that nobody has registered is no failure."""
    emulator.seed(3)
    assert api.find_byok_v1_key(named) is None


def test_valid_one_of_two_is_preferred(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Of a key that is registered twice, the registration that works is given."""
    valid, _ = emulator.seed(
        [
            {"key": _AWS, "validation": {"phase": "VALID"}},
            {"key": _AWS, "validation": {"phase": "INVALID"}},
        ]
    )
    found = api.find_byok_v1_key(_ARN)
    assert found
    assert found.id == valid


@pytest.mark.parametrize("times", [[9, 10, 8], [None, 10, 8], ["odd", 10, 8]])
def test_newest_of_several_is_preferred(connect: Connect, times: list[Any]) -> None:
    """Of registrations that are alike, the newest is given, in whatever order they are listed."""
    keys = [
        {
            "id": f"cck-{i}",
            "key": _AWS,
            "metadata": {"created_at": f"2026-01-{time:02}T00:00:00Z"}
            if isinstance(time, int)
            else {"created_at": time},
        }
        for i, time in enumerate(times)
    ]

    def choose(request: Any) -> Any:
        id = request.path.rpartition("/")[2]
        read = [key for key in keys if key["id"] == id]
        return json_reply(200, read[0] if read else {"data": keys, "metadata": {}})

    with RecordingServer(choose) as server:
        found = connect(server.url).find_byok_v1_key(_ARN)
    assert found
    assert found.id == "cck-1"


def test_deleted_key_is_not_found(connect: Connect) -> None:
    """A key that the list still shows, and that is gone, is not found."""

    def choose(request: Any) -> Any:
        listed = {"data": [{"id": "cck-1", "key": _AWS}], "metadata": {}}
        return json_reply(404, {}) if "cck-1" in request.path else json_reply(200, listed)

    with RecordingServer(choose) as server:
        assert connect(server.url).find_byok_v1_key(_ARN) is None


def test_key_that_may_not_be_read_is_no_absent_one(
    emulator: ByokEmulator, connect: Connect
) -> None:
    """A job without rights is told so, and does not take the key for unregistered."""

    def choose(request: Any) -> Any:
        listed = {"data": [{"id": "cck-1", "key": _AWS}], "metadata": {}}
        return json_reply(403, {}) if "cck-1" in request.path else json_reply(200, listed)

    with RecordingServer(choose) as server, pytest.raises(ForbiddenException):
        connect(server.url).find_byok_v1_key(_ARN)


def test_key_of_another_tenant_is_a_mismatch(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A registration with another tenant is not passed off as the key that was asked for."""
    (id,) = emulator.seed([{"key": {**_AZURE, "tenant_id": "elsewhere"}}])
    with pytest.raises(KeyMismatchException, match="tenant_id: elsewhere is registered"):
        api.find_byok_v1_key(_AZURE)
    found = api.find_byok_v1_key(_URL)
    assert found
    assert found.id == id, "its URL alone says nothing of a tenant"


def test_vault_with_a_slash_at_its_end_is_the_same(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A slash more in the id of a vault makes no mismatch."""
    emulator.seed([{"key": {**_AZURE, "key_vault_id": f"{_AZURE['key_vault_id']}/"}}])
    assert api.find_byok_v1_key(_AZURE)


@pytest.mark.parametrize(
    ("named", "kind", "text"),
    [
        ("cck-12345", ApiValueError, "identifier"),
        ("", ApiValueError, "identifier"),
        ("https://v.vault.azure.net/keys/k\n", ApiValueError, "identifier"),
        ({"kind": "AwsKey"}, ApiValueError, "key_arn"),
        ({"kind": "OciKey"}, ApiValueError, "^identifier_or_key"),
        (7, ApiTypeError, "^identifier_or_key has to be the identifier of a key.*not int"),
    ],
)
def test_what_is_no_key_is_refused(
    emulator: ByokEmulator, api: KeysByokV1Api, named: Any, kind: type[Exception], text: str
) -> None:
    """A slip is named before anything is sent."""
    with pytest.raises(kind, match=text):
        api.find_byok_v1_key(named)
    assert emulator.requests == []
