"""Many jobs that register the same keys through a network that loses every fifth request."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from openapi_client import (
    ApiClient,
    ByokV1AwsKey,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
    RetryPolicy,
)
from openapi_client.testing import ByokEmulator
from support.campaign import LossyNetwork
from support.clock import FakeClock
from support.fault_proxy import FaultyProxy

_THREADS = 8
# With five attempts one call in three thousand would fail for good, which is not the point here.
_PERSISTENT = RetryPolicy(max_attempts=20, backoff_base=0.01)


def _ensure_all(url: str, emulator: ByokEmulator, arns: list[str]) -> list[tuple[str, str, bool]]:
    configuration = emulator.configuration(retries=_PERSISTENT)
    configuration.host = url
    with ApiClient(configuration) as client:
        client.clock = FakeClock()
        api = KeysByokV1Api(client)
        results: list[tuple[str, str, bool]] = []
        for arn in arns:
            request = CreateByokV1KeyRequest(key=ByokV1AwsKey(key_arn=arn))
            ensured = api.ensure_byok_v1_key(request)
            assert ensured.key.key.to_dict()["key_arn"] == arn
            results.append((arn, ensured.key.id, ensured.created))
    return results


def test_campaign(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> None:
    """A key would be registered twice, or not at all, or a job would hold another one's key."""
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
