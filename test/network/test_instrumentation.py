"""Libraries that trace, record or replace what goes through urllib3 see the calls of this one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openapi_client import ApiConnectionException, NotFoundException
from support.documents import KEY
from support.fault_server import FaultServer
from support.recorder import RecordingServer
from support.replies import Reply
from support.tls import Authority

from .conftest import MakeApi
from .service import CREATED, GOOD, REQUEST, answer

_AUTHORITY = Authority()


@pytest.fixture
def spans() -> Iterator[Any]:
    """What OpenTelemetry's instrumentation of urllib3 exports."""
    instrumentation = pytest.importorskip("opentelemetry.instrumentation.urllib3")
    trace = pytest.importorskip("opentelemetry.sdk.trace")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    exporter = memory.InMemorySpanExporter()
    provider = trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    instrumentor = instrumentation.URLLib3Instrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()


@pytest.mark.parametrize("is_tls", [False, True], ids=["http", "https"])
def test_tracing(spans: Any, is_tls: bool, make_api: MakeApi) -> None:
    """A trace would end at this library, or the tracing take headers from the request."""
    tls = _AUTHORITY.server_context() if is_tls else None
    with RecordingServer(answer, tls=tls) as server:
        api = make_api(server.url, ca_cert_data=_AUTHORITY.pem)
        assert api.create_byok_v1_key(REQUEST, _headers={"X-Own": "1"}).id == "cck-1"
        request = server.only
    (span,) = spans.get_finished_spans()
    trace_id = f"{span.context.trace_id:032x}"
    traceparent = request.header("traceparent")
    assert traceparent is not None
    assert trace_id in traceparent
    for name in ("Authorization", "User-Agent", "Accept", "Content-Type", "X-Own"):
        assert request.header(name), name
    assert "s3cret" not in str(span.to_json())


def test_tracing_of_a_client_that_was_used_before(make_api: MakeApi, request: Any) -> None:
    """Tracing that begins late would not see the clients that are there already."""
    with FaultServer([Reply(503), GOOD]) as server:
        api = make_api(server.url)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        spans = request.getfixturevalue("spans")
        api.get_byok_v1_key("cck-1")
        assert len(spans.get_finished_spans()) == 1
        assert server.requests[-1].header("traceparent")
        assert server.requests[0].header("traceparent") is None


def test_a_span_for_each_attempt(spans: Any, make_api: MakeApi) -> None:
    """A slow call would look like one slow request, where it was many quick ones."""
    with FaultServer([Reply(503), Reply(429), GOOD]) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
    codes = [
        dict(span.attributes)[name]
        for span in spans.get_finished_spans()
        for name in ("http.status_code", "http.response.status_code")
        if name in span.attributes
    ]
    assert codes == [503, 429, 200]


@pytest.mark.parametrize("is_tls", [False, True], ids=["http", "https"])
def test_record_and_replay(is_tls: bool, make_api: MakeApi, tmp_path: Path) -> None:
    """A program could not be tested with recorded answers."""
    vcr = pytest.importorskip("vcr")
    recorder = vcr.VCR(filter_headers=["authorization"], match_on=["method", "path", "body"])
    cassette = str(tmp_path / "calls.yaml")
    tls = _AUTHORITY.server_context() if is_tls else None
    with RecordingServer(answer, tls=tls) as server:
        api = make_api(server.url, ca_cert_data=_AUTHORITY.pem)
        with recorder.use_cassette(cassette):
            assert api.create_byok_v1_key(REQUEST).id == "cck-1"
            assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert len(server.requests) == 2
    assert "s3cret" not in Path(cassette).read_text(encoding="utf-8")
    again = make_api(server.url, ca_cert_data=_AUTHORITY.pem, retries=0)
    with recorder.use_cassette(cassette, record_mode=vcr.record_mode.RecordMode.NONE) as tape:
        assert again.create_byok_v1_key_with_http_info(REQUEST).raw_data == CREATED.body
        assert again.get_byok_v1_key_with_http_info("cck-1").raw_data == GOOD.body
        assert tape.all_played
    with pytest.raises(ApiConnectionException):
        again.get_byok_v1_key("cck-1")


def test_answers_of_a_mock(make_api: MakeApi) -> None:
    """A program could not be tested with a mock of urllib3."""
    pook = pytest.importorskip("pook")
    url = "https://api.confluent.cloud/byok/v1/keys"
    with pook.use():
        created = pook.post(url, reply=201, response_json=KEY)
        pook.get(f"{url}/gone", reply=404, response_json={"message": "gone"})
        api = make_api("https://api.confluent.cloud")
        assert api.create_byok_v1_key(REQUEST).id == "cck-1"
        with pytest.raises(NotFoundException, match="gone"):
            api.get_byok_v1_key("gone")
        assert created.calls == 1
