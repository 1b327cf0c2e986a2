"""Many writes through a network that loses every fifth: what callers are told is what is so."""

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from openapi_client import (
    ApiClient,
    ApiException,
    ApiResponseException,
    ByokV1AwsKey,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
)
from openapi_client.testing import ByokEmulator
from support.campaign import LossyNetwork
from support.clock import FakeClock
from support.fault_proxy import FaultyProxy

_THREADS = 4


class _Worker:
    """Creates keys and deletes some, and believes what it is told."""

    def __init__(self, number: int, url: str, emulator: ByokEmulator) -> None:
        self.known: dict[str, str] = {}
        self.perhaps_there: set[str] = set()
        self.perhaps_gone: set[str] = set()
        self.told: Counter[str] = Counter()
        self._number = number
        self._random = random.Random(number)
        configuration = emulator.configuration()
        configuration.host = url
        self.client = ApiClient(configuration)
        self.client.clock = FakeClock()
        self._api = KeysByokV1Api(self.client)

    def run(self, calls: int) -> None:
        """Make so many calls."""
        for call in range(calls):
            if self.known and self._random.random() < 0.4:
                self._delete(self._random.choice(sorted(self.known)))
            else:
                self._create(f"arn:aws:kms:eu-west-1:111122223333:key/{self._number}-{call}")
        self.client.close()

    def _create(self, arn: str) -> None:
        try:
            key = ByokV1AwsKey(key_arn=arn)
            created = self._api.create_byok_v1_key(CreateByokV1KeyRequest(key=key))
        except ApiResponseException as error:
            # The status says that it is registered, though the body could not be read.
            assert error.status == 201
            self.told["created, body lost"] += 1
            self.perhaps_there.add(arn)
        except ApiException as error:
            if error.outcome_unknown:
                self.perhaps_there.add(arn)
            self.told["unknown" if error.outcome_unknown else "not created"] += 1
        else:
            self.told["created"] += 1
            self.known[arn] = created.id

    def _delete(self, arn: str) -> None:
        key_id = self.known.pop(arn)
        try:
            self._api.delete_byok_v1_key(key_id)
        except ApiException as error:
            assert error.outcome_unknown or error.status in {429, 503}
            if error.outcome_unknown:
                self.perhaps_gone.add(arn)
            else:
                self.known[arn] = key_id
            self.told["unknown" if error.outcome_unknown else "not deleted"] += 1
        else:
            self.told["deleted"] += 1


def _union(sets: Iterable[Iterable[str]]) -> set[str]:
    return {arn for each in sets for arn in each}


def test_campaign(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> None:
    """No key is there, or gone, against what its owner was told."""
    calls = 10_000 if pytestconfig.getoption("--campaign") else 2_000
    with (
        ByokEmulator(quota=None, log_limit=0) as emulator,
        FaultyProxy(emulator.url, LossyNetwork(seed=7)) as network,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        workers = [_Worker(number, network.url, emulator) for number in range(_THREADS)]
        list(pool.map(lambda worker: worker.run(calls // _THREADS), workers))
        passages = list(network.passages)
        there = Counter(document["key"]["key_arn"] for document in emulator.keys)

    told = sum((worker.told for worker in workers), Counter[str]())
    with capsys.disabled():
        print(f"\n{calls} calls, {len(passages)} requests: {dict(told)}")
    certain = _union(worker.known for worker in workers)
    uncertain = _union(worker.perhaps_there | worker.perhaps_gone for worker in workers)
    assert set(there.values()) == {1}, "a key is registered twice"
    assert certain <= there.keys(), "a key is gone that its owner was told is there"
    assert there.keys() <= certain | uncertain, "a key is there of which nobody was told"
    posts = Counter(
        passage.request.body
        for passage in passages
        if passage.request.method == "POST" and passage.delivered
    )
    assert set(posts.values()) == {1}, "a registration was delivered twice"
    assert {"created", "deleted", "unknown"} <= told.keys()
