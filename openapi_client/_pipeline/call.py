"""The description of one call, from the operation to the pipeline."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from typing_extensions import NamedTuple, TypedDict

T = TypeVar("T")


class CallOptions(TypedDict, total=False):
    """What every operation takes besides its own arguments, by keyword."""

    _request_timeout: float | tuple[float, float] | None
    """Seconds for the whole call, or a pair (connect, read) for each attempt."""
    _request_auth: Mapping[str, Any] | None
    """Credentials for this call alone: a dict with ``in`` (``header`` or ``cookie``), ``key``
    and ``value``."""
    _content_type: str | None
    """The media type of the body; JSON of some sort."""
    _headers: Mapping[str, Any] | None
    """Headers for this call alone; they win over all others."""
    _host_index: int
    """There is one server, so 0."""


class Call(NamedTuple, Generic[T]):
    """One call of an operation, its arguments checked. It carries the type of its result."""

    method: str
    path: str
    """With the names of ``path_params`` in braces."""
    path_params: Mapping[str, str]
    returns: type[T]
    """The model of a successful answer; ``type(None)`` where the body does not matter."""
    options: CallOptions
    query_params: Sequence[tuple[str, Any]] = ()
    body: Any = None
    form: Sequence[tuple[str, str]] = ()
    """The fields of a form, in place of a body."""
    is_idempotent: bool = False
    """Whether a POST may be repeated as a read may, because it registers nothing."""

    @property
    def retried_as(self) -> str:
        """The method whose rules for retries hold."""
        return "GET" if self.is_idempotent else self.method
