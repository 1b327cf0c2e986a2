"""`ensure`: keys are registered once, whatever happens on the way."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from cli.running import AWS, AZURE, GCP, TENANT, VAULT, Run
from openapi_client.testing import ByokEmulator, ValidationStep
from support.recorder import RecordingServer
from support.replies import html_reply

_HEADER = "identifier,tenant,vault,name\n"


def _posts(emulator: ByokEmulator) -> int:
    return sum(request.method == "POST" for request in emulator.requests)


def test_key_is_registered_once(emulator: ByokEmulator, run: Run) -> None:
    """The id is on stdout, and whether it is new on stderr; a second run finds it."""
    code, out, err = run("ensure", AWS, "--name", "billing")
    assert (code, err) == (0, f"{out.strip()} is registered now\n")
    assert emulator.key(out.strip())["display_name"] == "billing"
    assert run("ensure", AWS) == (0, out, f"{out.strip()} is registered already\n")
    assert _posts(emulator) == 1


@pytest.mark.parametrize(
    ("arguments", "field"),
    [((AZURE, "--tenant", TENANT, "--vault", VAULT), "tenant_id"), ((GCP,), "key_id")],
)
def test_key_of_every_cloud_is_registered(
    arguments: tuple[str, ...], field: str, emulator: ByokEmulator, run: Run
) -> None:
    """Keys in Azure take a tenant and a vault, others do not."""
    id = run("ensure", *arguments).out.strip()
    assert emulator.key(id)["key"][field]


def test_quiet_says_nothing(run: Run) -> None:
    """With `--quiet` a success leaves stderr empty."""
    for arguments in (("ensure", AWS), ("list",), ("ensure", "--from", "-")):
        assert run(*arguments, "--quiet", stdin=f"{_HEADER}{GCP}\n")[::2] == (0, "")


def test_incomplete_azure_key_is_refused(emulator: ByokEmulator, run: Run) -> None:
    """A key in Azure without its tenant exits with 64, and nothing is sent."""
    code, _, err = run("ensure", AZURE, "--vault", VAULT)
    assert code == 64
    assert "tenant_id is missing" in err
    assert not emulator.requests


def test_other_tenant_is_not_as_wanted(run: Run) -> None:
    """A key that is registered with another tenant exits with 3, and says what differs."""
    assert run("ensure", AZURE, "--tenant", TENANT, "--vault", VAULT).code == 0
    code, out, err = run("ensure", AZURE, "--tenant", "other", "--vault", VAULT)
    assert (code, out) == (3, "")
    assert "tenant_id" in err


def test_it_waits_until_the_key_is_valid(emulator: ByokEmulator, run: Run) -> None:
    """`--wait` ends when the key is valid; each change is a line."""
    emulator.settings.validation = [ValidationStep("VALID", seconds=120.0)]
    code, out, err = run("ensure", AWS, "--wait")
    assert code == 0
    id = out.strip()
    assert err.splitlines() == [
        f"{id} is registered now",
        f"{id}: INITIALIZING, AVAILABLE",
        f"{id}: VALID, AVAILABLE",
    ]


def test_the_id_is_told_though_the_wait_is_in_vain(emulator: ByokEmulator, run: Run) -> None:
    """A wait that takes too long exits with 1; the id is on stdout all the same."""
    code, out, err = run("ensure", AWS, "--wait", "10s")
    assert code == 1
    assert out.strip() == emulator.keys[0]["id"]
    assert "wait again, or longer" in err
    code, out, _ = run("ensure", AWS, "--wait", "10s", "--output", "json")
    told = json.loads(out)
    assert (code, told["code"], told["result"]) == (1, 1, "present")
    assert told["id"] == emulator.keys[0]["id"]


def test_an_invalid_key_is_not_as_wanted(emulator: ByokEmulator, run: Run) -> None:
    """A key that stays invalid exits with 3, and the service's message is told."""
    emulator.settings.validation = [ValidationStep("INVALID", "key access denied")]
    code, _, err = run("ensure", AWS, "--wait", "1h")
    assert code == 3
    assert "key access denied; let its owner allow what confluent-byok grants writes" in err


def test_grants_follow_the_id(emulator: ByokEmulator, run: Run) -> None:
    """`--grants` writes the commands below the id, as soon as the service names whom to admit."""
    emulator.settings.principals_delay = 60.0
    code, out, _ = run("ensure", GCP, "--grants")
    id, *commands = out.splitlines()
    assert (code, id) == (0, emulator.keys[0]["id"])
    assert commands == run("grants", id).out.splitlines()
    told = json.loads(run("ensure", GCP, "--grants", "--output", "json").out)
    assert told["commands"] == commands


def test_lost_answer_registers_nothing_twice(emulator: ByokEmulator, run: Run) -> None:
    """An answer that is lost on the way is settled by looking."""
    emulator.drop_next(when="after", method="POST")
    code, out, err = run("ensure", AWS)
    assert (code, out) == (0, f"{emulator.keys[0]['id']}\n")
    assert "registered now" in err
    assert _posts(emulator) == 1


def test_unknown_outcome_is_told(emulator: ByokEmulator, run: Run) -> None:
    """Where nobody can tell whether a key is registered, the command says so and exits with 1."""
    emulator.drop_next(when="after", method="POST")
    emulator.delay_next(0.0, method="GET")
    emulator.fail_next(401, method="GET", times=None)
    code, out, err = run("ensure", AWS)
    assert (code, out) == (1, "")
    assert "run the same command again in two minutes to find out" in err


def test_file_of_keys_is_registered(emulator: ByokEmulator, run: Run, tmp_path: Path) -> None:
    """A file registers the keys of all clouds, once, however often it is run."""
    file = tmp_path / "keys.csv"
    file.write_text(f"{_HEADER}{AWS},,,billing\n\n{AZURE},{TENANT},{VAULT},\n{GCP}\n", "utf-8-sig")
    code, out, err = run("ensure", "--from", str(file))
    assert (code, err) == (0, "3 keys: 3 registered\n")
    heading, *lines = out.splitlines()
    assert heading.split() == ["LINE", "RESULT", "ID", "PHASE", "IDENTIFIER", "MESSAGE"]
    assert [line.split()[:2] for line in lines] == [[n, "registered"] for n in ("2", "4", "5")]
    assert run("ensure", "--from", str(file)).err == "3 keys: 3 present\n"
    assert _posts(emulator) == 3
    assert [key["display_name"] for key in emulator.keys if "display_name" in key] == ["billing"]


def test_list_can_be_registered_again(emulator: ByokEmulator, run: Run) -> None:
    """What `list --output csv` writes is a file that `ensure --from` takes, names included."""
    run("ensure", AWS, "--name", "=SUM(A1)")
    listed = run("list", "--output", "csv").out
    emulator.clear()
    assert run("ensure", "--from", "-", stdin=listed).code == 0
    assert emulator.keys[0]["display_name"] == "=SUM(A1)"


def test_it_goes_on_after_a_failure(emulator: ByokEmulator, run: Run) -> None:
    """A line that fails is reported, and the others are registered."""
    lines = [
        {"identifier": AWS},
        {"identifier": "nonsense"},
        {"identifer": "a slip"},
        {"identifier": 7},
        ["no object"],
        {"name": "no identifier"},
        {"identifier": GCP, "name": "last"},
    ]
    stdin = "\n".join([*map(json.dumps, lines), "{", ""])
    code, out, err = run("ensure", "--from", "-", "--output", "jsonl", stdin=stdin)
    assert code == 64
    report = [json.loads(line) for line in out.splitlines()]
    assert [(each["line"], each["code"]) for each in report] == [
        (1, 0),
        *((number, 64) for number in range(2, 7)),
        (7, 0),
        (8, 64),
    ]
    assert "neither the ARN" in report[1]["message"]
    assert report[2]["message"] == "'identifer' is unknown"
    assert report[3]["message"] == "'identifier' is no text"
    assert report[4]["message"] == "it is no JSON object"
    assert report[5]["message"] == "it has no identifier"
    assert "no JSON" in report[7]["message"]
    assert len(emulator.keys) == 2
    assert "confluent-byok: line 2: identifier 'nonsense'" in err
    assert err.endswith("8 keys: 2 registered, 6 failed\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file on stdin has to begin with the line identifier,"),
        (_HEADER, "holds no keys"),
        ("arn,name\nx,y\n", "has to begin with the line identifier,tenant,vault,name"),
        ("identifier,nmae\nx,y\n", "has the unknown column 'nmae'"),
        ("identifier,name,name\nx,y,z\n", "has a column twice"),
        (f'{_HEADER}"{AWS}\n', "is no CSV, in line 2"),
    ],
)
def test_file_that_is_none_is_refused(
    text: str, told: str, emulator: ByokEmulator, run: Run
) -> None:
    """A file that cannot be read as a whole exits with 64, and nothing is sent."""
    code, out, err = run("ensure", "--from", "-", stdin=text)
    assert (code, out) == (64, "")
    assert told in err
    assert not emulator.requests


def test_file_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    """A file that is not there, or no text, exits with 64."""
    assert "No such file" in run("ensure", "--from", str(tmp_path / "absent")).err
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    code, _, err = run("ensure", "--from", str(binary))
    assert code == 64
    assert "no UTF-8 text" in err


def test_row_with_too_many_cells_is_reported(emulator: ByokEmulator, run: Run) -> None:
    """A row with a comma too many is reported, and its key is not registered without its name."""
    code, out, _ = run("ensure", "--from", "-", "-o", "csv", stdin=f"identifier\n{AWS},billing\n")
    [row] = csv.DictReader(StringIO(out))
    assert (code, row["code"]) == (64, "64")
    assert row["message"] == "it has more cells than the header"
    assert emulator.keys == []


def test_code_says_whether_another_run_may_help(emulator: ByokEmulator, run: Run) -> None:
    """Where any line may succeed later the code is 1, else that of the first failure."""
    stdin = f"{_HEADER}nonsense\n{AWS}\n{GCP}\n"
    emulator.fail_next(503, method="GET", times=5)
    assert run("ensure", "--from", "-", stdin=stdin).code == 1
    emulator.settings.quota = 0
    stdin = f"{_HEADER}{AWS[:-1]}0\nnonsense\n"
    assert run("ensure", "--from", "-", stdin=stdin).code == 2


def test_wrong_credentials_stop_it(
    emulator: ByokEmulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong credentials are sent once: the other lines of the file are skipped."""
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", "wrong")
    stdin = f"{_HEADER}{AWS}\n{GCP}\n"
    code, out, _ = run("ensure", "--from", "-", "-o", "jsonl", stdin=stdin)
    report = [json.loads(line) for line in out.splitlines()]
    assert [(each["result"], each["code"]) for each in report] == [("failed", 2), ("skipped", 2)]
    assert code == 2
    assert len(emulator.requests) == 1


def test_password_that_a_proxy_refuses_stops_it(emulator: ByokEmulator, run: Run) -> None:
    """A proxy's refusal of a tunnel is met once, and not for each line of the file."""
    with RecordingServer(lambda _: html_reply(407)) as proxy:
        stdin = f"{_HEADER}{AWS}\n{GCP}\n"
        arguments = ("--endpoint", "https://byok.test", "--proxy", proxy.url)
        code, out, _ = run("ensure", "--from", "-", "-o", "jsonl", *arguments, stdin=stdin)
        report = [json.loads(line) for line in out.splitlines()]
        assert [each["result"] for each in report] == ["failed", "skipped"]
        assert code == 2
        assert len(proxy.requests) == 1


def test_ids_are_those_of_registered_keys(emulator: ByokEmulator, run: Run) -> None:
    """A line that fails leaves no empty line among the ids."""
    stdin = f"{_HEADER}{AWS}\nnonsense\n{GCP}\n"
    code, out, _ = run("ensure", "--from", "-", "-o", "id", stdin=stdin)
    assert code == 64
    assert sorted(out.splitlines()) == sorted(key["id"] for key in emulator.keys)


def test_file_can_be_waited_for(emulator: ByokEmulator, run: Run) -> None:
    """With `--wait` all keys of a file are waited for together; each has its phase."""
    emulator.settings.validation = [ValidationStep("VALID", seconds=60.0)]
    stdin = "".join(f'{{"identifier": "{AWS[:-1]}{number}"}}\n' for number in (0, 1, 2, 3, 3))
    code, out, err = run("ensure", "--from", "-", "--wait", "-o", "json", stdin=stdin)
    report: list[dict[str, Any]] = json.loads(out)
    assert (code, [each["phase"] for each in report]) == (0, ["VALID"] * 5)
    assert "(4 of 4)" in err

    emulator.settings.validation = []
    stdin += f'{{"identifier": "{GCP}"}}\n'
    code, out, err = run("ensure", "--from", "-", "--wait", "60", "-o", "json", stdin=stdin)
    last = json.loads(out)[-1]
    assert (code, last["code"], last["phase"]) == (1, 1, "INITIALIZING")
    assert f"{last['id']}: " in err


def test_file_that_cannot_be_waited_for_is_reported(emulator: ByokEmulator, run: Run) -> None:
    """Where no key can be read any more, what was registered is reported all the same."""
    emulator.delay_next(0.0, method="GET")
    emulator.fail_next(503, method="GET", times=None)
    stdin = f"{_HEADER}{AWS}\n"
    code, out, _ = run("ensure", "--from", "-", "--wait", "60", "-o", "jsonl", stdin=stdin)
    told = json.loads(out)
    assert (code, told["result"], told["phase"]) == (1, "registered", "INITIALIZING")


def test_grants_of_a_file_are_in_its_report(run: Run) -> None:
    """With `--grants` each line of the report holds the commands."""
    stdin = f"{_HEADER}{GCP}\n"
    out = run("ensure", "--from", "-", "--grants", "-o", "jsonl", stdin=stdin).out
    assert "gcloud" in json.loads(out)["commands"][0]
