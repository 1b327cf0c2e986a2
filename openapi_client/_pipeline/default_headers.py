"""The headers that a client sends with all its calls."""

from collections.abc import Mapping
from typing import Any, Protocol

from typing_extensions import override


class _HasUserAgent(Protocol):
    @property
    def user_agent(self) -> str: ...


class DefaultHeaders(dict[str, str]):
    """Headers for all calls.

    ``User-Agent``, where it is not among them, reads as that of the client: by ``[]``, by ``get``
    and by ``in``.
    """

    def __init__(self, client: _HasUserAgent, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._client = client

    def __missing__(self, name: str) -> str:
        if name == "User-Agent":
            return self._client.user_agent
        raise KeyError(name)

    @override
    def get(self, name: str, default: Any = None, /) -> Any:
        """The value of a header, or ``default``."""
        try:
            return self[name]
        except KeyError:
            return default

    @override
    def __contains__(self, name: object) -> bool:
        return name == "User-Agent" or super().__contains__(name)

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return _plain_headers, (dict(self),)


def _plain_headers(headers: dict[str, str]) -> dict[str, str]:
    return headers
