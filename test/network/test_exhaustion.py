"""A program that can open no more files still learns what became of its calls."""

import subprocess
import sys

import pytest

from support.recorder import RecordingServer
from support.replies import Reply, Step, json_reply
from support.unmeasured import unmeasured_environment

from .service import CREATED, GOOD

_PROGRAM = """
import resource, sys
from openapi_client import ApiClient, ApiException, Configuration, KeysByokV1Api

before, most = resource.getrlimit(resource.RLIMIT_NOFILE)

class Client(ApiClient):
    def call_api(self, *args, **kwargs):
        answer = super().call_api(*args, **kwargs)
        resource.setrlimit(resource.RLIMIT_NOFILE, (1, most))  # As where others leak files.
        return answer

client = Client(Configuration(host=sys.argv[1], username="id", password="s3cret", retries=0))
key = {"key": {"kind": "AwsKey", "key_arn": "arn:aws:kms:us-west-2:111122223333:key/1"}}
try:
    told = KeysByokV1Api(client).create_byok_v1_key(key).id
except ApiException as error:
    told = f"{error.status} {error.outcome_unknown} {len(error.errors)}"
resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))
print(told)
"""
_ODD = {
    "id": "cck-1",
    "key": {"kind": "HsmKey"},
    "metadata": {"self": "https://byok.test", "created_at": "Fri, 20 Jan 2023 10:17:45 +0000"},
}
_ERRORS = {"errors": [{"detail": "no"}]}


def _run(program: str, reply: Step) -> tuple[str, str]:
    """What a program prints, and says of errors, beside a service that gives one reply."""
    with RecordingServer(lambda _: reply) as server:
        done = subprocess.run(
            [sys.executable, "-c", program, server.url],
            env=unmeasured_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    return done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (CREATED, "cck-1"),
        (json_reply(201, {"id": "cck-1", "new": True}), "cck-1"),
        (json_reply(201, _ODD), "cck-1"),
        (json_reply(403, _ERRORS), "403 False 1"),
        (json_reply(409, {"error": {"code": 409, "message": "there"}}), "409 False 1"),
        (json_reply(500, _ERRORS), "500 True 1"),
        (Reply(500, body=b"<html>"), "500 True 0"),
        (Reply(307, (("Location", "https://other.test/"),)), "307 False 0"),
        (Reply(200, body=b"<html>"), "200 True 0"),
    ],
    ids=[
        "created",
        "unknown field",
        "odd",
        "errors",
        "conflict",
        "failure",
        "page",
        "redirect",
        "portal",
    ],
)
def test_an_answered_write_is_told_without_another_file(reply: Step, told: str) -> None:
    """Nothing has to be loaded once a write is answered: its outcome is told as ever."""
    assert _run(_PROGRAM, reply) == (told, "")


_UNCONNECTED = """
import resource, sys
from openapi_client import ApiClient, ApiConnectionException, Configuration, KeysByokV1Api

before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
api = KeysByokV1Api(ApiClient(Configuration(host=sys.argv[1], retries=0)))
api.get_byok_v1_key("cck-1")
api.api_client.close()
resource.setrlimit(resource.RLIMIT_NOFILE, (1, most))
try:
    api.get_byok_v1_key("cck-1")
except ApiConnectionException as error:
    told = f"{error.status} {error.delivery.name} {error.outcome_unknown}"
resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))
print(told)
"""


def test_a_call_without_a_connection_is_told_without_another_file() -> None:
    """A program that can open no more sockets is told so, as of any other trouble to connect."""
    assert _run(_UNCONNECTED, GOOD) == ("0 NOT_SENT False", "")
