"""Libraries that record, replay or replace answers do so with the calls of this one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from network.conftest import MakeApi
from network.service import CREATED, GOOD, REQUEST, answer
from openapi_client import ApiConnectionException, KeysByokV1Api, NotFoundException
from openapi_client.testing import ByokEmulator
from support.documents import KEY
from support.recorder import RecordingServer
from support.tls import Authority

from .conftest import RunProgram

_SERVICE = "https://api.confluent.cloud"


@pytest.mark.parametrize("is_tls", [False, True], ids=["http", "https"])
def test_vcrpy(is_tls: bool, make_api: MakeApi, authority: Authority, tmp_path: Path) -> None:
    """What vcrpy recorded is played back to the byte, and what it did not is refused."""
    vcr = pytest.importorskip("vcr")
    recorder = vcr.VCR(filter_headers=["authorization"], match_on=["method", "path", "body"])
    cassette = str(tmp_path / "calls.yaml")
    tls = authority.server_context() if is_tls else None
    with RecordingServer(answer, tls=tls) as server:
        api = make_api(server.url, ca_cert_data=authority.pem)
        with recorder.use_cassette(cassette):
            assert api.create_byok_v1_key(REQUEST).id == "cck-1"
            assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert len(server.requests) == 2
    assert "s3cret" not in Path(cassette).read_text(encoding="utf-8")
    again = make_api(server.url, ca_cert_data=authority.pem, retries=0)
    with recorder.use_cassette(cassette, record_mode=vcr.record_mode.RecordMode.NONE) as tape:
        assert again.create_byok_v1_key_with_http_info(REQUEST).raw_data == CREATED.body
        assert again.get_byok_v1_key_with_http_info("cck-1").raw_data == GOOD.body
        assert tape.all_played
    with pytest.raises(ApiConnectionException):
        again.get_byok_v1_key("cck-1")


def test_vcrpy_with_a_warm_connection(
    api: KeysByokV1Api, emulator: ByokEmulator, tmp_path: Path
) -> None:
    """A client that has an idle connection does not get past the cassette with it."""
    vcr = pytest.importorskip("vcr")
    [key_id] = emulator.seed(1)
    assert api.get_byok_v1_key(key_id).id == key_id
    refused = pytest.importorskip("vcr.errors").CannotOverwriteExistingCassetteException
    with (
        vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"),
        pytest.raises(refused),
    ):
        api.delete_byok_v1_key(key_id)
    assert [request.method for request in emulator.requests] == ["GET"]
    assert api.get_byok_v1_key(key_id).id == key_id


def test_pytest_recording(run_program: RunProgram, emulator: ByokEmulator, tmp_path: Path) -> None:
    """A test that is marked with ``vcr`` passes from its cassette, without the service."""
    pytest.importorskip("pytest_recording")
    (tmp_path / "test_mine.py").write_text(
        "import pytest\n"
        "from openapi_client import ApiClient, KeysByokV1Api\n\n"
        '@pytest.fixture(scope="module")\n'
        "def vcr_config():\n"
        '    return {"filter_headers": ["authorization"]}\n\n'
        "@pytest.mark.vcr\n"
        "def test_list():\n"
        "    with ApiClient() as client:\n"
        "        assert len(KeysByokV1Api(client).list_byok_v1_keys().data) == 3\n",
        encoding="utf-8",
    )
    emulator.seed(3)
    program = """
        import sys, pytest
        sys.exit(pytest.main(["-q", "-p", "no:randomly", *sys.argv[1:], "test_mine.py"]))
    """
    run_program(program, "--record-mode=once")
    assert len(emulator.requests) == 1
    cassette = next(tmp_path.rglob("*.yaml")).read_text(encoding="utf-8")
    assert emulator.api_secret not in cassette
    assert "authorization" not in cassette.lower()
    run_program(program, "--record-mode=none", "--block-network")
    assert len(emulator.requests) == 1


def test_pook(make_api: MakeApi) -> None:
    """Instead of the service, pook answers."""
    pook = pytest.importorskip("pook")
    url = f"{_SERVICE}/byok/v1/keys"
    with pook.use():
        created = pook.post(url, reply=201, response_json=KEY)
        pook.get(f"{url}/gone", reply=404, response_json={"message": "gone"})
        api = make_api(_SERVICE)
        assert api.create_byok_v1_key(REQUEST).id == "cck-1"
        with pytest.raises(NotFoundException, match="gone"):
            api.get_byok_v1_key("gone")
        assert created.calls == 1


_SOCKET_MOCKS = {
    "mocket": """
        from mocket import Mocketizer
        from mocket.mocks.mockhttp import Entry, Response

        def serve(url, answers):
            for (method, path), (status, body) in answers.items():
                headers = {"Content-Type": "application/json"}
                Entry.register(method, url + path, Response(body, status=status, headers=headers))

        mocking = Mocketizer()
    """,
    "httpretty": """
        import warnings; warnings.simplefilter("ignore")
        import httpretty

        def serve(url, answers):
            for (method, path), (status, body) in answers.items():
                httpretty.register_uri(
                    method, url + path, body=body, status=status, content_type="application/json"
                )

        mocking = httpretty.httprettized(allow_net_connect=False)
    """,
}
_MOCKED_CALLS = """
    import ssl, sys, urllib3
    from openapi_client import (
        ApiClient, Configuration, CreateByokV1KeyRequest, KeysByokV1Api, NotFoundException
    )

    url = sys.argv[1]
    # mocket cannot use a context that is made while it mocks.
    context = ssl.create_default_context() if url.startswith("https") else None
    with mocking:
        serve(url, {
            ("GET", "/"): (200, "alone"),
            ("POST", "/byok/v1/keys"): (201, '{"id": "cck-1"}'),
            ("GET", "/byok/v1/keys/cck-1"): (200, '{"id": "cck-1"}'),
            ("GET", "/byok/v1/keys/gone"): (404, '{"message": "gone"}'),
        })
        try:
            urllib3.PoolManager(ssl_context=context).request("GET", url + "/", retries=False)
        except Exception as error:
            sys.exit(print("not even urllib3 alone:", type(error).__name__))
        settings = {"username": "key", "password": "s3cret", "allow_insecure_http": True}
        configuration = Configuration(host=url, ssl_context=context, retries=0, **settings)
        with ApiClient(configuration) as client:
            api = KeysByokV1Api(client)
            key = {"kind": "AwsKey", "key_arn": "arn:aws:kms:us-west-2:1:key/a"}
            print(api.create_byok_v1_key(CreateByokV1KeyRequest(key=key)).id)
            print(api.get_byok_v1_key("cck-1").id)
            try:
                api.get_byok_v1_key("gone")
            except NotFoundException as error:
                print(error.status)
"""


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("tool", _SOCKET_MOCKS)
def test_mocked_sockets(tool: str, scheme: str, run_program: RunProgram) -> None:
    """Mocks that replace sockets themselves answer in place of the service."""
    pytest.importorskip(tool)
    program = dedent(_SOCKET_MOCKS[tool]) + dedent(_MOCKED_CALLS)
    shown = run_program(program, f"{scheme}://api.confluent.test")
    if "alone" in shown:
        pytest.skip(f"{tool} and this version of urllib3 do not go together: {shown.strip()}")
    assert shown.split() == ["cck-1", "cck-1", "404"]
