import random
import threading
from collections import Counter

import pytest
import urllib3

from support.fault_matrix import ALL_FAULTS
from support.fault_proxy import FaultyProxy, Plan, SpoilAnswer
from support.fault_server import FaultServer, refusing_port
from support.faults import Drop, cut_body
from support.recorder import RecordingServer
from support.replies import End, Framing, Reply, json_reply
from support.wire import Request

GOOD = json_reply(201, {"id": "cck-1"}, ("X-Request-Id", "r1"))


def test_requests_pass_through_unchanged() -> None:
    """A request and its answer pass through the proxy unchanged."""
    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url) as proxy,
        urllib3.PoolManager() as http,
    ):
        reply = http.request("POST", proxy.url + "/a%2F?b=%20", body=b"{}", headers={"X-y": "z"})
        assert (reply.status, reply.json()) == (201, {"id": "cck-1"})
        assert reply.headers["X-Request-Id"] == "r1"
        seen = upstream.only
        assert (seen.method, seen.target, seen.body) == ("POST", "/a%2F?b=%20", b"{}")
        assert seen.headers == proxy.requests[0].headers
        (passage,) = proxy.passages
    assert passage.delivered
    assert passage.answer is passage.upstream
    assert passage.upstream is not None
    assert passage.upstream.status == 201


def test_connections_are_kept_alive_on_both_sides() -> None:
    """Connections are kept alive on both sides of the proxy."""
    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url) as proxy,
        urllib3.PoolManager() as http,
    ):
        for _ in range(20):
            http.request("GET", proxy.url)
    assert (proxy.connections, upstream.connections) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(200, (("Connection", "close"),), b"{}", end=End.CLOSE),
        Reply(200, body=b"{}", framing=Framing.CLOSE),
        Reply(200, body=b"{}" * 3000, framing=Framing.CHUNKED),
        Reply(200, body=b"{}", version="HTTP/1.0", framing=Framing.CLOSE),
        Reply(204),
        Reply(304),
    ],
    ids=["closing", "until close", "chunked", "1.0", "no content", "not modified"],
)
def test_every_framing_of_an_upstream_passes(answer: Reply) -> None:
    """An answer passes through in whichever way the upstream frames it."""
    with (
        FaultServer([answer]) as upstream,
        FaultyProxy(upstream.url) as proxy,
        urllib3.PoolManager(retries=False) as http,
    ):
        for _ in range(3):
            reply = http.request("GET", proxy.url)
            assert (reply.status, reply.data) == (answer.status, answer.body)


def test_a_fault_before_delivery_spares_the_upstream() -> None:
    """After a fault before delivery, the upstream has seen nothing."""
    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url, lambda request: Drop.after_reading()) as proxy,
        urllib3.PoolManager(retries=False) as http,
    ):
        with pytest.raises(urllib3.exceptions.ProtocolError):
            http.request("POST", proxy.url)
        assert upstream.requests == []
        (passage,) = proxy.passages
    assert (passage.delivered, passage.upstream, passage.answer) == (False, None, None)


def test_a_reply_in_place_of_the_upstream() -> None:
    """The proxy can reply in place of the upstream."""
    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url, lambda request: Reply(429)) as proxy,
        urllib3.PoolManager(retries=False) as http,
    ):
        assert http.request("POST", proxy.url).status == 429
        assert upstream.requests == []
        assert proxy.passages[0].answer == Reply(429)


def test_a_spoiled_answer_after_delivery() -> None:
    """A request can be delivered and its answer be spoiled."""
    plan = SpoilAnswer(cut_body)
    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url, lambda request: plan) as proxy,
        urllib3.PoolManager(retries=False) as http,
    ):
        with pytest.raises(urllib3.exceptions.ProtocolError, match="10 more expected"):
            http.request("POST", proxy.url)
        assert len(upstream.requests) == 1
        (passage,) = proxy.passages
    assert passage.delivered
    assert passage.answer is None
    assert passage.upstream is not None
    assert passage.upstream.status == 201


def test_an_upstream_that_refuses_was_not_reached() -> None:
    """A request to an upstream that refuses counts as undelivered."""
    with (
        refusing_port() as port,
        FaultyProxy(f"http://127.0.0.1:{port}") as proxy,
        urllib3.PoolManager(retries=False) as http,
    ):
        with pytest.raises(urllib3.exceptions.ProtocolError):
            http.request("GET", proxy.url)
        assert [passage.delivered for passage in proxy.passages] == [False]


def test_an_upstream_that_hangs_up_was_reached() -> None:
    """A request on which the upstream hangs up counts as delivered."""
    with (
        FaultServer([Drop.after_reading()]) as upstream,
        FaultyProxy(upstream.url) as proxy,
        urllib3.PoolManager(retries=False) as http,
    ):
        with pytest.raises(urllib3.exceptions.ProtocolError):
            http.request("GET", proxy.url)
        (passage,) = proxy.passages
    assert (passage.delivered, passage.upstream) == (True, None)


def test_it_is_a_forward_proxy_too() -> None:
    """The proxy can be a forward proxy, which keeps its login from the upstream."""
    with RecordingServer(lambda request: GOOD) as upstream, FaultyProxy(upstream.url) as proxy:
        headers = {"Proxy-Authorization": "Basic eDp5"}
        with urllib3.ProxyManager(proxy.url, proxy_headers=headers) as http:
            assert http.request("GET", "http://api.invalid/a?b").status == 201
        assert proxy.requests[0].target == "http://api.invalid/a?b"
        assert proxy.requests[0].header("Proxy-Authorization") == "Basic eDp5"
        assert upstream.only.target == "/a?b"
        assert upstream.only.header("Proxy-Authorization") is None


def test_only_plain_http_upstreams() -> None:
    """An https upstream is refused."""
    with pytest.raises(ValueError, match="plain http"):
        FaultyProxy("https://127.0.0.1:1")


def test_a_campaign_with_many_threads_adds_up() -> None:
    """With many threads, the proxy's account is what upstream and clients have seen."""
    lottery = random.Random(3)
    spoilers = [
        ALL_FAULTS[name].make for name in ("cut_body", "reset_after_reading", "bad_chunk_size")
    ]

    def choose(request: Request) -> Plan:
        draw = lottery.random()
        if draw < 0.1:
            return lottery.choice([Drop.after_reading(), Drop.before_reading(), Reply(503)])
        return SpoilAnswer(lottery.choice(spoilers)) if draw < 0.2 else None

    told: Counter[int] = Counter()

    def call(number: int) -> None:
        with urllib3.PoolManager(retries=False) as http:
            for step in range(50):
                told[_status(http, f"{proxy.url}/{number}/{step}")] += 1

    with (
        RecordingServer(lambda request: GOOD) as upstream,
        FaultyProxy(upstream.url, choose) as proxy,
    ):
        threads = [threading.Thread(target=call, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    delivered = [passage.request.target for passage in proxy.passages if passage.delivered]
    assert sorted(delivered) == sorted(request.target for request in upstream.requests)
    answered = Counter(passage.answer.status if passage.answer else 0 for passage in proxy.passages)
    assert told == answered
    assert told.total() == 400
    assert 20 < told[0] < 120


def _status(http: urllib3.PoolManager, url: str) -> int:
    """The status of the answer; 0 if there was none."""
    try:
        return http.request("POST", url).status
    except urllib3.exceptions.HTTPError:
        return 0
