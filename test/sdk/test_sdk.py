"""An SDK around this library, as docs/wrapping.md describes it, does what its users expect."""

import os
import re
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

import openapi_client
from openapi_client import ApiException, ConflictException
from openapi_client.testing import ByokEmulator
from sdk.acme_sdk import AcmeError, KeyInUse, Keys, NotPermitted, Session, Unavailable
from sdk.acme_sdk.client import Span
from structure.source import PACKAGE
from support.clock import FakeClock
from support.documents import KEY
from support.recorder import RecordingServer
from support.replies import json_reply

_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_SDK = Path(__file__).parent / "acme_sdk"
_GUIDE = Path(__file__).parents[2] / "docs" / "wrapping.md"


@pytest.fixture
def service() -> Iterator[ByokEmulator]:
    """The service."""
    with ByokEmulator() as emulator:
        yield emulator


@pytest.fixture
def spans() -> list[Span]:
    """The spans of the session."""
    return []


@pytest.fixture
def session(service: ByokEmulator, spans: list[Span]) -> Iterator[Session]:
    """A session whose clock moves only when it sleeps."""
    with Session(spans.append, host=service.url) as session:
        session.client.clock = FakeClock()
        yield session


@pytest.fixture
def keys(session: Session, service: ByokEmulator) -> Keys:
    """The keys of the tenant that the service knows."""
    return session.tenant(service.api_key, service.api_secret)


# Pin it


def test_pin_covers_this_version() -> None:
    """The dependency that the guide shows is one that this version meets."""
    guide = _GUIDE.read_text(encoding="utf-8")
    ((lower, upper),) = re.findall(r'"confluent-byok-client>=([\d.]+),<([\d.]+)"', guide)
    version, least, first_not = (
        tuple(map(int, text.split("."))) for text in (openapi_client.__version__, lower, upper)
    )
    assert least <= version < first_not


# Own exceptions


def test_users_catch_exceptions_of_the_sdk(keys: Keys, service: ByokEmulator) -> None:
    """Nobody who uses the SDK has to know this library; what it said is the cause."""
    key_id = keys.register(_ARN)
    service.mark_in_use(key_id)
    with pytest.raises(KeyInUse, match="in use") as failure:
        keys.remove(key_id)
    assert isinstance(failure.value.__cause__, ConflictException)


def test_wrong_credentials(session: Session, service: ByokEmulator) -> None:
    """A tenant with the wrong secret hears so, in the SDK's words."""
    with pytest.raises(NotPermitted):
        list(session.tenant(service.api_key, "wrong").ids())


def test_unknown_outcome_reaches_the_user(keys: Keys, service: ByokEmulator) -> None:
    """A deletion that nobody answered, again and again, may have happened."""
    key_id = keys.register(_ARN)
    service.drop_next("before", times=9, method="DELETE")
    with pytest.raises(Unavailable) as failure:
        keys.remove(key_id)
    assert failure.value.may_have_happened
    assert isinstance(failure.value.__cause__, ApiException)


def test_jobs_see_through_own_exceptions(keys: Keys, service: ByokEmulator) -> None:
    """A registration whose answer was lost is found, though the SDK's exception was raised."""
    service.drop_next("after", method="POST")
    key_id = keys.register(_ARN)
    assert [document["id"] for document in service.keys] == [key_id]


# Stages and tracing


def test_one_span_for_a_call(keys: Keys, service: ByokEmulator, spans: list[Span]) -> None:
    """A span has all attempts of its call, and its id goes out with each of them."""
    service.fail_next(status=503)
    list(keys.ids())
    (span,) = spans
    assert span.attempts == [503, 200]
    assert [each.headers["X-Acme-Trace"] for each in service.requests] == [span.trace_id] * 2
    assert all("acme-sdk/1.0" in each.headers["User-Agent"] for each in service.requests)


def test_a_failure_has_its_span(keys: Keys, service: ByokEmulator, spans: list[Span]) -> None:
    """A trace shows the calls that failed, too."""
    service.fail_next(status=400)
    with pytest.raises(AcmeError):
        list(keys.ids())
    assert spans[0].attempts == [400]


# Tenants


def test_a_thousand_tenants_share_connections() -> None:
    """Each tenant has its own credentials, and all of them one connection."""
    page = {"api_version": "byok/v1", "kind": "KeyList", "metadata": {}, "data": [KEY]}
    with RecordingServer(lambda _: json_reply(200, page)) as server:
        with Session(host=server.url) as session:
            for number in range(1000):
                assert list(session.tenant(f"id-{number}", f"secret-{number}").ids()) == ["cck-1"]
        assert server.connections == 1
        assert len({request.header("Authorization") for request in server.requests}) == 1000


def test_a_tenant_is_small() -> None:
    """A thousand tenants fit into two megabytes."""
    with Session(host="http://127.0.0.1:9") as session:
        session.tenant("first", "secret")
        tracemalloc.start()
        try:
            tenants = [session.tenant(f"id-{n}", f"secret-{n}") for n in range(1000)]
            size, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    print(f"{size / len(tenants):.0f} bytes a tenant")
    assert size < 2_000_000


# Freeze and thaw


def test_a_registration_after_a_thaw_takes_a_new_connection() -> None:
    """A function that was frozen does not send a registration into a connection that is gone."""
    page = {"api_version": "byok/v1", "kind": "KeyList", "metadata": {}, "data": []}
    routes = {
        "GET /byok/v1/keys": json_reply(200, page),
        "POST /byok/v1/keys": json_reply(201, KEY),
        "GET /byok/v1/keys/cck-1": json_reply(200, KEY),
    }
    clock = FakeClock()
    with RecordingServer(routes) as server, Session(host=server.url) as session:
        session.client.clock = clock
        api = session.tenant("id", "secret")._api
        api.list_byok_v1_keys()
        api.list_byok_v1_keys()
        assert server.connections == 1
        clock.advance(600)
        api.create_byok_v1_key({"key": {"kind": "AwsKey", "key_arn": _ARN}})
        assert server.connections == 2


# Under another name, in a minimal image

_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from acme_sdk import Session
from acme_sdk._byok.testing import ByokEmulator

with ByokEmulator() as service, Session(host=service.url) as session:
    keys = session.tenant(service.api_key, service.api_secret)
    key_id = keys.register(sys.argv[2])
    assert list(keys.ids()) == [key_id]
    keys.remove(key_id)
print([name for name in sys.modules if name.partition(".")[0] == "openapi_client"])
"""
_TESTS = """
pytest_plugins = ["acme_sdk._byok.testing.pytest_plugin"]

def test_register(byok_emulator):
    from acme_sdk import Session

    with Session(host=byok_emulator.url) as session:
        keys = session.tenant(byok_emulator.api_key, byok_emulator.api_secret)
        assert list(keys.ids()) == []
"""


@pytest.fixture
def vendored(tmp_path: Path) -> Path:
    """A folder with the SDK, and this library within it under a name of the SDK's own."""
    folder = tmp_path / "lib"
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_SDK, folder / "acme_sdk", ignore=skipped)
    shutil.copytree(PACKAGE, folder / "acme_sdk" / "_byok", ignore=skipped)
    for path in (folder / "acme_sdk").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("from openapi_client", "from ._byok"), encoding="utf-8")
    return folder


def test_vendored_in_a_minimal_image(vendored: Path, tmp_path: Path) -> None:
    """A vendored copy runs without a home or metadata, and writes nothing where it lies."""
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    before = _files(vendored)
    for path in (*before, *{path.parent for path in before}):
        path.chmod(0o555 if path.is_dir() else 0o444)
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-I", "-B", str(program), str(vendored), _ARN]
    done = subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert _files(vendored) == before


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_vendored_pytest_plugin(vendored: Path, tmp_path: Path) -> None:
    """The fixtures come along under the SDK's name."""
    (tmp_path / "test_acme.py").write_text(_TESTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_acme.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(vendored)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
