"""Many jobs that register the same keys through a network that loses every fifth request."""

import json
from bisect import bisect_right
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest

from openapi_client import (
    ApiClient,
    ByokV1AwsKey,
    Configuration,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
    RetryPolicy,
)
from openapi_client.testing import ByokEmulator
from support.campaign import LossyNetwork
from support.clock import FakeClock
from support.fault_proxy import FaultyProxy
from support.recorder import RecordingServer
from support.replies import Step, json_reply
from support.wire import Request

_THREADS = 8
# With five attempts one call in three thousand would fail for good, which is not the point here.
_PERSISTENT = RetryPolicy(max_attempts=20, backoff_base=0.01)
_PATIENT = 3_600.0
"""Seconds of a clock that does not wait; by default a registration is repeated twice at most."""


def _ensure_all(url: str, emulator: ByokEmulator, arns: list[str]) -> list[tuple[str, str, bool]]:
    configuration = emulator.configuration(retries=_PERSISTENT)
    configuration.host = url
    with ApiClient(configuration) as client:
        client.clock = FakeClock()
        api = KeysByokV1Api(client)
        results: list[tuple[str, str, bool]] = []
        for arn in arns:
            request = CreateByokV1KeyRequest(key=ByokV1AwsKey(key_arn=arn))
            ensured = api.ensure_byok_v1_key(request, timeout=_PATIENT)
            assert ensured.key.key.to_dict()["key_arn"] == arn
            results.append((arn, ensured.key.id, ensured.created))
    return results


class _LaggingService:
    """Registers whatever it is sent, twice too, and lists it only after half a minute."""

    lag = 30.0

    def __init__(self, clock: FakeClock) -> None:
        self.keys: list[dict[str, Any]] = []
        self._clock = clock
        self._since: list[float] = []

    def __call__(self, request: Request) -> Step:
        """The answer to one request."""
        if request.method == "POST":
            document = {"id": f"cck-{len(self.keys)}", **json.loads(request.body)}
            self.keys.append(document)
            self._since.append(self._clock.monotonic())
            return json_reply(201, document)
        if request.path != "/byok/v1/keys":
            return json_reply(200, self.keys[int(request.path.rpartition("-")[2])])
        part = parse_qs(request.query)["key"][0]
        seen = bisect_right(self._since, self._clock.monotonic() - self.lag)
        found = [key for key in self.keys[:seen] if part in key["key"]["key_arn"]]
        return json_reply(200, {"data": found, "metadata": {}})


@pytest.mark.timeout(1_200)  # a busy machine is no defect
def test_campaign_with_a_list_that_lags(
    pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    """No key is registered twice, though the list is late and the service refuses nothing."""
    calls = 2_000 if pytestconfig.getoption("--campaign") else 200
    arns = [f"arn:aws:kms:eu-west-1:111122223333:key/{n:05}" for n in range(calls // 2)]
    clock = FakeClock()
    service = _LaggingService(clock)
    created: Counter[bool] = Counter()
    with (
        RecordingServer(service) as server,
        FaultyProxy(server.url, LossyNetwork(seed=30)) as network,
        ApiClient(Configuration(host=network.url, access_token="t", retries=_PERSISTENT)) as client,
    ):
        client.clock = clock
        api = KeysByokV1Api(client)
        for arn in [*arns, *arns]:
            clock.advance(1)  # The same key comes again when the list has caught up.
            request = {"key": {"kind": "AwsKey", "key_arn": arn}}
            ensured = api.ensure_byok_v1_key(request, timeout=_PATIENT)
            assert ensured.key.key.to_dict()["key_arn"] == arn
            created[ensured.created] += 1
        requests = len(network.passages)
    with capsys.disabled():
        print(f"\n{calls} calls, {requests} requests: {len(service.keys)} keys, {created}")
    assert sorted(key["key"]["key_arn"] for key in service.keys) == arns
    assert created == {True: len(arns), False: len(arns)}


@pytest.mark.timeout(1_200)
def test_campaign(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> None:
    """Each key is registered once, whichever of the jobs is first, and each job holds its own."""
    calls, identifiers = (10_000, 2_000) if pytestconfig.getoption("--campaign") else (1_000, 200)
    arns = [f"arn:aws:kms:eu-west-1:111122223333:key/{n:05}" for n in range(identifiers)]
    # All threads go over all the keys, in the same order, so that they meet.
    wanted = (arns * (calls // identifiers))[:calls]
    with (
        ByokEmulator(quota=None, log_limit=0) as emulator,
        FaultyProxy(emulator.url, LossyNetwork(seed=11)) as network,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        shares = [wanted[number::_THREADS] for number in range(_THREADS)]
        runs = pool.map(lambda share: _ensure_all(network.url, emulator, share), shares)
        results = [result for run in runs for result in run]
        requests = len(network.passages)
        there = {document["key"]["key_arn"]: document["id"] for document in emulator.keys}
        stored = len(emulator.keys)

    created = Counter(was_created for _, _, was_created in results)
    with capsys.disabled():
        print(f"\n{calls} calls, {requests} requests: {stored} keys, created {created[True]} times")
    assert len(results) == calls
    assert stored == len(there) == identifiers
    assert {(arn, key_id) for arn, key_id, _ in results} == set(there.items())
