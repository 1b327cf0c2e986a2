"""`list`, `show` and `find`: what is registered, for people and for programs."""

import csv
import json
from io import StringIO
from typing import Any

import pytest

from cli.running import AWS, AZURE, GCP, TENANT, VAULT, Run
from openapi_client.cli.keys import KEYS
from openapi_client.testing import ByokEmulator
from support.recorder import RecordingServer
from support.replies import json_reply

_NAME = "café \x1b[31m\u202ered"


@pytest.fixture
def ids(emulator: ByokEmulator) -> list[str]:
    """Three keys, one in each cloud, the newest last."""
    keys: list[dict[str, Any]] = [
        {"key": {"kind": "AwsKey", "key_arn": AWS, "roles": ["r1", "r2"]}, "display_name": _NAME},
        {"key": {"kind": "GcpKey", "key_id": GCP}, "state": "IN_USE", "provider": "GCP"},
        {
            "key": {
                "kind": "AzureKey",
                "key_id": AZURE,
                "tenant_id": TENANT,
                "key_vault_id": VAULT,
            },
            "display_name": "=1+1",
            "provider": "Azure",
            "validation": {
                "phase": "INVALID",
                "message": "denied",
                "since": "2026-01-02T03:04:05Z",
            },
        },
    ]
    return emulator.seed(keys)


def test_table_lists_all_keys(ids: list[str], run: Run) -> None:
    """The table has a heading and a line for each key, and no control characters of a name."""
    code, out, err = run("list")
    assert (code, err) == (0, "3 keys\n")
    heading, *lines = out.splitlines()
    assert heading.split() == [column.name.upper() for column in KEYS.table]
    assert [line.split()[0] for line in lines] == ids[::-1]
    assert r"café \x1b[31m\u202ered" in lines[-1]
    assert lines[-1].endswith(AWS)


def test_json_is_an_array_of_whole_keys(ids: list[str], run: Run) -> None:
    """JSON has each key with all that the service sent, in ASCII that no terminal obeys."""
    out = run("list", "--output", "json").out
    keys = json.loads(out)
    assert [key["id"] for key in keys] == ids[::-1]
    assert keys[-1]["display_name"] == _NAME
    assert keys[-1]["key"]["roles"] == ["r1", "r2"]
    assert out.isascii()
    assert "\x1b" not in out


def test_json_lines_are_one_a_key(ids: list[str], run: Run) -> None:
    """A program can read the keys one by one."""
    out = run("list", "-o", "jsonl").out
    assert [json.loads(line)["id"] for line in out.splitlines()] == ids[::-1]


def test_csv_has_a_header_and_no_formulas(ids: list[str], run: Run) -> None:
    """A spreadsheet opens the list, and takes no name for a formula."""
    azure, gcp, aws = csv.DictReader(StringIO(run("list", "--output", "csv").out))
    assert [row["id"] for row in (aws, gcp, azure)] == ids
    assert (azure["name"], azure["tenant"], azure["vault"]) == ("'=1+1", TENANT, VAULT)
    assert (azure["phase"], azure["message"]) == ("INVALID", "denied")
    assert gcp["state"] == "IN_USE"
    assert aws["identifier"] == AWS


def test_ids_are_one_a_line(ids: list[str], run: Run) -> None:
    """A shell loop gets ids and nothing else."""
    assert run("list", "--output", "id").out.splitlines() == ids[::-1]


def test_empty_lists_can_be_parsed(run: Run) -> None:
    """No key at all is an empty array, a mere header, or nothing."""
    assert json.loads(run("list", "--output", "json").out) == []
    assert len(run("list", "--output", "csv").out.splitlines()) == 1
    for form in ("jsonl", "id", "table"):
        assert run("list", "--output", form).out == ""
    assert run("list").err == "0 keys\n"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (("--provider", "azure"), [2]),
        (("--provider", "GCP"), [1]),
        (("--state", "in-use"), [1]),
        (("--phase", "invalid"), [2]),
        (("--name", "CAF"), [0]),
        (("--key", "vault-1"), [2]),
        (("--region", "nowhere"), []),
        (("--state", "in_use", "--provider", "aws"), []),
        (("--state", "strange"), []),
    ],
)
def test_filters_take_what_a_person_writes(
    filters: tuple[str, ...], found: list[int], ids: list[str], run: Run
) -> None:
    """Filters take lower case and dashes, and hold together."""
    out = run("list", *filters, "--output", "id").out
    assert out.splitlines() == [ids[i] for i in found]


def test_all_pages_are_listed(emulator: ByokEmulator, run: Run) -> None:
    """Keys beyond the first page are not left out, and progress tells the total."""
    emulator.seed(250)
    code, out, err = run("list", "-o", "id", terminal=True)
    assert code == 0
    assert len(out.splitlines()) == 250
    assert "] 250/250 keys" in err


def test_failure_in_the_middle_leaves_no_half_array(emulator: ByokEmulator, run: Run) -> None:
    """JSON on stdout is whole, or is not there at all."""
    emulator.seed(150)
    emulator.delay_next(0.0)  # The first page comes, ...
    emulator.fail_next(400)  # ... and the second does not.
    assert run("list", "-o", "json")[:2] == (2, "")


def test_key_is_shown_to_a_person(ids: list[str], run: Run) -> None:
    """A key is laid out one fact a line, and its name commands no terminal."""
    code, out, err = run("show", ids[0])
    assert (code, err) == (0, "")
    told = dict(line.split(":", 1) for line in out.splitlines())
    assert told["Id"].strip() == ids[0]
    assert told["Name"].strip() == r"café \x1b[31m\u202ered"
    assert told["Roles"].strip() == "r1, r2"
    assert "Tenant" not in told


def test_key_is_shown_to_a_program(ids: list[str], run: Run) -> None:
    """JSON of one key is an object; CSV has its row."""
    assert json.loads(run("show", ids[0], "--output", "json").out)["id"] == ids[0]
    assert len(run("show", ids[0], "--output", "csv").out.splitlines()) == 2
    assert run("show", ids[0], "-o", "id").out == f"{ids[0]}\n"


@pytest.mark.parametrize(("position", "identifier"), [(0, AWS), (1, GCP), (2, AZURE.upper())])
def test_key_is_shown_and_found_by_its_identifier(
    position: int, identifier: str, ids: list[str], run: Run
) -> None:
    """What the cloud calls a key leads to its id; in Azure, in any case and without a tenant."""
    identifier = identifier.replace("HTTPS", "https")
    assert run("find", identifier) == (0, f"{ids[position]}\n", "")
    assert json.loads(run("show", identifier, "-o", "json").out)["id"] == ids[position]


def test_absent_key_is_not_found(emulator: ByokEmulator, run: Run) -> None:
    """A key that is not registered exits with 4, only after reads."""
    code, out, err = run("find", AWS)
    assert (code, out) == (4, "")
    assert "is not registered" in err
    assert run("show", "cck-absent").code == 4
    assert run("show", AWS).code == 4
    assert {request.method for request in emulator.requests} == {"GET"}


def test_wrong_identifier_is_refused(emulator: ByokEmulator, run: Run) -> None:
    """A slip in an identifier exits with 64, and nothing is sent."""
    code, out, err = run("find", "arn:aws:kms:us-west-2:1:alias/mine")
    assert (code, out) == (64, "")
    assert "alias" in err
    assert not emulator.requests


@pytest.mark.parametrize("form", ["table", "json", "csv", "id"])
def test_key_of_which_nothing_is_known_is_shown(
    form: str, run: Run, emulator: ByokEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that holds nothing is no internal error."""
    with RecordingServer(lambda _: json_reply(200, {})) as server:
        monkeypatch.setenv("CONFLUENT_CLOUD_ENDPOINT", server.url)
        assert run("show", "cck-1", "-o", form).code == 0


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "id"])
def test_odd_keys_are_listed(form: str, emulator: ByokEmulator, run: Run) -> None:
    """A key of a new kind, or one that lacks everything, spoils no list."""
    emulator.seed([{"key": {"kind": "NewKey", "key_id": 7}, "state": None, "validation": "soon"}])
    code, out, _ = run("list", "--output", form)
    assert code == 0
    assert "cck-" in out
