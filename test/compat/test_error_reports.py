"""What tools report of a failure, local variables included, holds no secret."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from network.service import REQUEST
from openapi_client import ApiClient, ApiException, Configuration, KeysByokV1Api
from support.fault_server import FaultServer
from support.faults import Drop, cut_body
from support.replies import Reply, Step, json_reply
from support.tls import Authority

_USER, _SECRET = "KEYIDKEYIDKEYID1", "s3cr3t/" + "vErY+LoNg" * 6
_BASIC = base64.b64encode(f"{_USER}:{_SECRET}".encode()).decode()
# Reports cut long values: a piece of a secret is one too.
_PIECES = [_SECRET[:12], _SECRET[-12:], _BASIC[:12], _BASIC[24:36], _BASIC[-14:-2]]
_FAILURES: dict[str, Step] = {
    "conflict": json_reply(409, {"errors": [{"detail": "registered already"}]}),
    "forbidden": json_reply(403, {"message": "no"}),
    "error": Reply(500, body=b"<html>oops</html>"),
    "dropped": Drop.after_reading(),
    "cut": cut_body(json_reply(201, {"id": "cck-1"})),
    "no json": Reply(201, body=b"hello"),
}


@pytest.fixture(params=_FAILURES)
def failing_call(
    request: pytest.FixtureRequest, authority: Authority
) -> Iterator[Callable[[], object]]:
    """A call that fails over https, made with nothing set but what it needs."""
    step = _FAILURES[request.param]
    with FaultServer([step], tls=authority.server_context()) as server:
        configuration = Configuration(
            host=server.url, username=_USER, password=_SECRET, ca_cert_data=authority.pem
        )
        with ApiClient(configuration) as client:
            api = KeysByokV1Api(client)
            yield lambda: api.create_byok_v1_key(REQUEST)


def _assert_no_secret(report: str) -> None:
    # Of what nothing was reported, nothing can be said.
    assert "create_byok_v1_key" in report
    assert [piece for piece in _PIECES if piece in report] == []


def test_sentry(failing_call: Callable[[], object]) -> None:
    """An event of sentry-sdk, with its default settings, shows variables and no secret."""
    sentry_sdk = pytest.importorskip("sentry_sdk")
    events: list[Any] = []
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1",
        before_send=lambda event, hint: events.append((event, hint["exc_info"][0])),
        traces_sample_rate=1.0,
        before_send_transaction=lambda event, hint: events.append((event, None)),
    )
    try:
        with sentry_sdk.start_transaction(name="job"):
            try:
                failing_call()
            except ApiException:
                sentry_sdk.capture_exception()
    finally:
        sentry_sdk.get_client().close(timeout=0)
        sentry_sdk.init()
    assert len(events) == 2
    assert any(frame.get("vars") for frame in _frames(events[0][0]))
    _assert_no_secret(json.dumps([event for event, _ in events], default=repr))


def _frames(event: Any) -> list[Any]:
    return [
        frame
        for exception in event["exception"]["values"]
        for frame in exception["stacktrace"]["frames"]
    ]


def test_structlog(failing_call: Callable[[], object]) -> None:
    """Structlog's tracebacks as dicts, with local variables, hold no secret."""
    structlog = pytest.importorskip("structlog")
    shown = io.StringIO()
    transformer = structlog.tracebacks.ExceptionDictTransformer(
        show_locals=True, locals_max_string=100_000
    )
    for renderer in (
        structlog.processors.dict_tracebacks,
        structlog.processors.ExceptionRenderer(transformer),
    ):
        logger = structlog.wrap_logger(
            structlog.PrintLogger(shown),
            processors=[renderer, structlog.processors.JSONRenderer(default=repr)],
        )
        try:
            failing_call()
        except ApiException:
            logger.exception("failed")
    assert "locals" in shown.getvalue()
    _assert_no_secret(shown.getvalue())


@pytest.mark.parametrize("limits", [{}, {"locals_max_length": None, "locals_max_string": None}])
def test_rich(limits: dict[str, Any], failing_call: Callable[[], object]) -> None:
    """A traceback that rich prints, with local variables, holds no secret."""
    console = pytest.importorskip("rich.console").Console(file=io.StringIO(), width=10_000)
    traceback = pytest.importorskip("rich.traceback").Traceback
    try:
        failing_call()
    except ApiException:
        console.print(traceback(show_locals=True, max_frames=0, width=10_000, **limits))
    assert "locals" in console.file.getvalue()
    _assert_no_secret(console.file.getvalue())
