"""OpenTelemetry sees each attempt, and the service is told which trace it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from network.conftest import MakeApi
from network.service import GOOD, REQUEST, answer
from support.fault_server import FaultServer
from support.recorder import RecordingServer
from support.replies import Reply
from support.tls import Authority

instrumentation = pytest.importorskip("opentelemetry.instrumentation.urllib3")
trace = pytest.importorskip("opentelemetry.sdk.trace")
export = pytest.importorskip("opentelemetry.sdk.trace.export")
memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")


@pytest.fixture
def spans() -> Iterator[Any]:
    """What OpenTelemetry's instrumentation of urllib3 exports."""
    exporter = memory.InMemorySpanExporter()
    provider = trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    instrumentor = instrumentation.URLLib3Instrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()


@pytest.mark.parametrize("is_tls", [False, True], ids=["http", "https"])
def test_trace_goes_on(spans: Any, is_tls: bool, make_api: MakeApi, authority: Authority) -> None:
    """A request carries the trace on, beside every header of its own, and no secret into it."""
    tls = authority.server_context() if is_tls else None
    with RecordingServer(answer, tls=tls) as server:
        api = make_api(server.url, ca_cert_data=authority.pem)
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


def test_client_that_was_used_before(make_api: MakeApi, request: Any) -> None:
    """Tracing that begins late sees the clients that are there already."""
    with FaultServer([Reply(503), GOOD]) as server:
        api = make_api(server.url)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        spans = request.getfixturevalue("spans")
        api.get_byok_v1_key("cck-1")
        assert len(spans.get_finished_spans()) == 1
        assert server.requests[-1].header("traceparent")
        assert server.requests[0].header("traceparent") is None


def test_span_for_each_attempt(spans: Any, make_api: MakeApi) -> None:
    """Each attempt has a span of its own, with its status, and is sent under it."""
    with FaultServer([Reply(503), Reply(429), GOOD]) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
    finished = spans.get_finished_spans()
    codes = [
        dict(span.attributes)[name]
        for span in finished
        for name in ("http.status_code", "http.response.status_code")
        if name in span.attributes
    ]
    assert codes == [503, 429, 200]
    sent = [str(request.header("traceparent")).split("-")[2] for request in server.requests]
    assert sent == [f"{span.context.span_id:016x}" for span in finished]
