"""The five operations: what they answer when all is well, and when it is not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from emulator.calling import ARN, AWS, AZURE, GCP, KEYS, Caller
from openapi_client.testing import ByokEmulator

NANOSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")


def test_create_answers_201_with_the_whole_key(emulator: ByokEmulator, call: Caller) -> None:
    """A registered key is answered with 201, its Location, and the whole document."""
    answer = call("POST", KEYS, {"key": AWS, "display_name": "für Rechnungen"})

    document = answer.json()
    key_id = document["id"]
    url = f"{emulator.url}{KEYS}/{key_id}"
    since = document["metadata"]["created_at"]
    assert answer.status == 201
    assert answer.headers["Location"] == url
    assert answer.headers["Content-Type"] == "application/json"
    assert re.fullmatch("cck-[0-9a-z]{6}", key_id)
    assert NANOSECONDS.fullmatch(since)
    roles = document["key"].pop("roles")
    assert all(role.startswith("arn:aws:iam::") for role in roles)
    assert len(set(roles)) == 2
    assert document == {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": key_id,
        "metadata": {
            "self": url,
            "resource_name": document["metadata"]["resource_name"],
            "created_at": since,
            "updated_at": since,
        },
        "key": AWS,
        "display_name": "für Rechnungen",
        "provider": "AWS",
        "state": "AVAILABLE",
        "validation": {"phase": "INITIALIZING", "since": since},
    }
    assert document["metadata"]["resource_name"].endswith(f"/key={key_id}")
    assert "für".encode() in answer.body


@pytest.mark.parametrize(
    ("key", "provider", "principal"),
    [(AWS, "AWS", "roles"), (AZURE, "Azure", "application_id"), (GCP, "GCP", "security_group")],
)
def test_each_kind_of_key_gets_its_provider_and_principal(
    call: Caller, key: dict[str, str], provider: str, principal: str
) -> None:
    """Each kind of key gets its provider, and whom to authorize."""
    document = call.create(key)

    assert document["provider"] == provider
    assert document["key"].keys() - key.keys() == {principal}
    assert call.get(document["id"]) == document


def test_principals_follow_partition_and_id(call: Caller) -> None:
    """The principals are those of the key's AWS partition, and of this key alone."""
    china = call.create({**AWS, "key_arn": ARN.replace("aws", "aws-cn", 1)})
    gcp = call.create(GCP)

    assert all(role.startswith("arn:aws-cn:iam::") for role in china["key"]["roles"])
    assert gcp["key"]["security_group"] == f"{gcp['id']}@confluent.io"
    bare = call.create({**AWS, "key_arn": "alias"})
    assert bare["key"]["roles"][0].startswith("arn:aws:iam::")


def test_read_only_and_unknown_fields_of_a_request_are_ignored(call: Caller) -> None:
    """Fields that a request may not set, and those nobody knows, are ignored."""
    document = call.create(
        {**AWS, "roles": "mine", "more": 1}, id="cck-mine", state=7, validation=None, extra=[]
    )

    assert document["id"] != "cck-mine"
    assert document["state"] == "AVAILABLE"
    assert "mine" not in document["key"]["roles"]
    assert "more" not in document["key"]
    assert "extra" not in document


def test_get_and_list_agree_with_create(call: Caller) -> None:
    """A key looks the same in the answers to create, get and list."""
    created = call.create()

    page = call("GET", KEYS).json()

    assert call.get(created["id"]) == created
    assert page["data"] == [created]
    assert (page["api_version"], page["kind"]) == ("byok/v1", "KeyList")


def test_update_renames_and_moves_updated_at(emulator: ByokEmulator, call: Caller) -> None:
    """A rename changes the name and updated_at, nothing else."""
    created = call.create(display_name="before")
    emulator.advance(60)

    answer = call("PATCH", f"{KEYS}/{created['id']}", {"display_name": "after", "state": "IN_USE"})

    renamed = answer.json()
    assert answer.status == 200
    assert renamed["metadata"]["updated_at"] > created["metadata"]["updated_at"]
    created["metadata"]["updated_at"] = renamed["metadata"]["updated_at"]
    assert renamed == {**created, "display_name": "after"} == call.get(created["id"])


def test_update_of_nothing_changes_nothing(call: Caller) -> None:
    """An empty update changes nothing, not even updated_at."""
    created = call.create()

    answer = call("PATCH", f"{KEYS}/{created['id']}", {"unknown": 1})

    assert (answer.status, answer.json()) == (200, created)


def test_delete_answers_204_and_the_key_is_gone(emulator: ByokEmulator, call: Caller) -> None:
    """A deleted key is gone, and deleting it again is a 404."""
    created = call.create()
    path = f"{KEYS}/{created['id']}"

    answer = call("DELETE", path)

    assert (answer.status, answer.body) == (204, b"")
    assert "Content-Length" not in answer.headers
    assert "Content-Type" not in answer.headers
    assert call("DELETE", path).status == call("GET", path).status == 404
    assert (emulator.keys, call.list()) == ([], [])


def test_a_key_in_use_is_not_deleted(emulator: ByokEmulator, call: Caller) -> None:
    """A key in use is kept, and the answer is a conflict."""
    created = call.create()
    path = f"{KEYS}/{created['id']}"
    emulator.mark_in_use(created["id"])

    refused = call("DELETE", path)

    assert refused.status == 409
    assert created["id"] in refused.error["detail"]
    assert "Location" not in refused.headers
    assert call.get(created["id"])["state"] == "IN_USE"
    emulator.release(created["id"])
    assert call.get(created["id"])["state"] == "AVAILABLE"
    assert call("DELETE", path).status == 204


@pytest.mark.parametrize("key", [AWS, AZURE, GCP])
def test_an_identifier_is_registered_once(call: Caller, key: dict[str, str]) -> None:
    """An identifier is registered once; the conflict leads to the key that has it."""
    created = call.create(key)

    answer = call("POST", KEYS, {"key": key})

    assert answer.status == 409
    assert answer.error["code"] == "resource_already_exists"
    assert answer.headers["Location"] == created["metadata"]["self"]
    assert call("GET", answer.headers["Location"]).json() == created
    call("DELETE", created["metadata"]["self"])
    assert call.create(key)["id"] != created["id"]


def test_duplicates_may_be_allowed(emulator: ByokEmulator, call: Caller) -> None:
    """An identifier may be registered again where duplicates are allowed."""
    emulator.settings.duplicates = "allow"
    first, second = call.create(), call.create()
    emulator.settings.duplicates = "conflict"

    call("DELETE", first["metadata"]["self"])

    assert call("POST", KEYS, {"key": AWS}).headers["Location"] == second["metadata"]["self"]


@pytest.mark.parametrize(("method", "document"), [("GET", None), ("PATCH", {}), ("DELETE", None)])
@pytest.mark.parametrize("key_id", ["cck-none", "%2e%2e", "a%2Fb", "%20", "x" * 255])
def test_an_absent_key_is_not_found(call: Caller, method: str, document: Any, key_id: str) -> None:
    """An unknown id is a 404."""
    answer = call(method, f"{KEYS}/{key_id}", document)

    assert answer.status == 404
    assert answer.error.keys() == {"id", "status", "title"}
    assert answer.error["status"] == "404"
    assert re.fullmatch("[0-9a-f]{32}", answer.error["id"])


def test_an_absent_key_may_be_forbidden(emulator: ByokEmulator, call: Caller) -> None:
    """An unknown id may be a 403, as seen in practice."""
    emulator.settings.absent_status = 403

    answer = call("GET", f"{KEYS}/cck-none")

    assert (answer.status, answer.error["code"]) == (403, "forbidden_access")


@pytest.mark.parametrize("key_id", ["x" * 256, "%ff"])
@pytest.mark.parametrize(("method", "document"), [("GET", None), ("PATCH", {}), ("DELETE", None)])
def test_an_id_that_can_be_none_is_refused(
    call: Caller, key_id: str, method: str, document: Any
) -> None:
    """What cannot be the id of any key is refused."""
    answer = call(method, f"{KEYS}/{key_id}", document)

    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "id"}


@pytest.mark.parametrize("key_id", ["%00", "a%0d%0ab", "%7F", "%F0%9F%94%91"])
def test_any_other_id_is_merely_absent(call: Caller, key_id: str) -> None:
    """An id of any other form is answered as one that is unknown."""
    assert call("GET", f"{KEYS}/{key_id}").status == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", KEYS, "GET, POST"),
        ("DELETE", KEYS, "GET, POST"),
        ("OPTIONS", KEYS, "GET, POST"),
        ("HEAD", KEYS, "GET, POST"),
        ("TRACE", f"{KEYS}/x", "DELETE, GET, PATCH"),
        ("POST", f"{KEYS}/x", "DELETE, GET, PATCH"),
        ("BREW", f"{KEYS}/x", "DELETE, GET, PATCH"),
        ("GET", "/sts/v1/oauth2/token", "POST"),
    ],
)
def test_other_methods_are_not_allowed(call: Caller, method: str, path: str, allowed: str) -> None:
    """A wrong method is told which ones are right."""
    answer = call(method, path)

    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
    assert (answer.body == b"") is (method == "HEAD")


@pytest.mark.parametrize(
    "path", ["/", "/byok/v1", f"{KEYS}/", f"{KEYS}/a/b", f"/{KEYS}", "/byok/v2/keys", "/x%00"]
)
def test_other_paths_are_not_found(call: Caller, path: str) -> None:
    """A doubled or trailing slash leads nowhere, as in production."""
    assert call("GET", path).status == 404


def test_every_answer_has_a_request_id_of_its_own(emulator: ByokEmulator, call: Caller) -> None:
    """Every answer has a request id of its own, which the log has too."""
    answers = [
        call("POST", KEYS, {"key": AWS}),
        call("GET", KEYS),
        call("GET", "/nowhere"),
        call("PUT", KEYS),
        call("GET", KEYS, headers={"Authorization": ""}),
        call("DELETE", f"{KEYS}/{emulator.keys[0]['id']}"),
    ]

    ids = [answer.headers["X-Request-Id"] for answer in answers]

    assert len(set(ids)) == len(answers)
    assert [request.request_id for request in emulator.requests] == ids


def test_links_lead_back_the_way_the_client_came(emulator: ByokEmulator, call: Caller) -> None:
    """Links lead back by the host that the client used."""
    emulator.seed(11)
    host = {"Host": "byok.example:8443"}

    page = call("GET", KEYS, headers=host).json()

    base = f"http://byok.example:8443{KEYS}"
    assert page["metadata"]["next"].startswith(f"{base}?page_token=")
    assert page["data"][0]["metadata"]["self"] == f"{base}/{page['data'][0]['id']}"
    created = call("POST", KEYS, {"key": AWS}, headers=host)
    assert created.headers["Location"].startswith(base)


def test_everything_may_be_served_below_a_prefix() -> None:
    """Everything can be served below a prefix of the path."""
    with ByokEmulator(path_prefix="/api") as emulator:
        caller = Caller(emulator)
        created = caller.create()
        emulator.seed(11)

        assert emulator.url.endswith("/api")
        assert created["metadata"]["self"] == f"{emulator.url}{KEYS}/{created['id']}"
        assert len(caller.list()) == 12
        assert caller("GET", emulator.url.removesuffix("/api") + KEYS).status == 404
        caller.close()


@pytest.mark.parametrize("prefix", ["api", "/api/", "/"])
def test_a_prefix_is_a_path(prefix: str) -> None:
    """A prefix that is no path is refused."""
    with pytest.raises(ValueError, match="path prefix"):
        ByokEmulator(path_prefix=prefix)
