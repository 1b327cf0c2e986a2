"""Acme's client: this library's, with a few stages overridden."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from openapi_client import ApiClient, ApiException, ApiResponse, Configuration

from .errors import translated

T = TypeVar("T")


@dataclass
class Span:
    """What Acme's tracing keeps of one call."""

    trace_id: str
    seconds: float = 0.0
    attempts: list[int | None] = field(default_factory=list)


class AcmeClient(ApiClient):
    """Traces calls, and raises Acme's exceptions."""

    def __init__(self, configuration: Configuration, on_span: Callable[[Span], None]) -> None:
        super().__init__(configuration)
        self._on_span = on_span

    def execute(self, call: Any) -> ApiResponse[Any]:
        """One span for a whole call, its waits included; failures become Acme's."""
        span, started = Span(uuid.uuid4().hex), time.perf_counter()
        client = self.with_options(on_attempt=lambda each: span.attempts.append(each.status))
        client.default_headers["X-Acme-Trace"] = span.trace_id
        try:
            return super(AcmeClient, client).execute(call)
        except ApiException as error:
            raise translated(error) from error
        finally:
            span.seconds = time.perf_counter() - started
            self._on_span(span)
