"""Where a program using Acme begins: one session, with the connections of all tenants."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from typing_extensions import Self

from openapi_client import Configuration, KeysByokV1Api

from .client import AcmeClient, Span
from .keys import Keys


def _forget(span: Span) -> None:
    """Trace nothing."""


class Session:
    """Connections to the service, and the keys of tenants.

    Args:
        on_span: Called after each call, with its ``Span``.
        settings: Any of ``openapi_client.Configuration``.
    """

    def __init__(self, on_span: Callable[[Span], None] = _forget, **settings: Any) -> None:
        settings = {"user_agent_suffix": "acme-sdk/1.0"} | settings
        self.client = AcmeClient(Configuration(**settings), on_span)

    def tenant(self, api_key: str, api_secret: str) -> Keys:
        """The keys of one tenant, over the connections of all."""
        client = self.client.with_options(username=api_key, password=api_secret)
        return Keys(KeysByokV1Api(client))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.client.close()
