"""Beside niquests, whose urllib3-future takes the place of urllib3 under its name.

The two cannot be installed beside the other tools: `tox -e compat-niquests` has them.
"""

from __future__ import annotations

import pytest
import urllib3

from network.service import REQUEST
from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiTimeoutException,
    KeysByokV1Api,
    NotFoundException,
)
from openapi_client.testing import ByokEmulator
from support.tls import Authority

pytest.importorskip("niquests")


def test_urllib3_is_replaced() -> None:
    """What these tests import as urllib3 is the other one."""
    assert int(vars(urllib3)["__version__"].split(".")[2]) >= 900


@pytest.mark.parametrize("is_tls", [False, True], ids=["http", "https"])
def test_calls(is_tls: bool, authority: Authority) -> None:
    """Calls are made and answered, errors are told, and a closed client can be used again."""
    tls = authority.server_context() if is_tls else None
    with ByokEmulator(tls=tls) as emulator:
        client = ApiClient(emulator.configuration(ca_cert_data=authority.pem))
        with client:
            api = KeysByokV1Api(client)
            created = api.create_byok_v1_key(REQUEST)
            assert [key.id for key in api.list_byok_v1_keys().data] == [created.id]
            with pytest.raises(NotFoundException):
                api.get_byok_v1_key("cck-absent")
            emulator.fail_next(503, times=2)
            api.delete_byok_v1_key(created.id)
        client.close()
        assert api.list_byok_v1_keys().data == []
        client.close()


def test_slow_and_broken_answers(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Deadlines hold, and a dropped connection is told as such."""
    emulator.delay_next(30.0)
    with pytest.raises(ApiTimeoutException):
        api.list_byok_v1_keys(_request_timeout=0.5)
    emulator.drop_next()
    with pytest.raises(ApiConnectionException) as caught:
        api.create_byok_v1_key(REQUEST)
    assert caught.value.outcome_unknown
