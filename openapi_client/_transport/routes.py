"""From the origin of a URL to the pool of its connections, past the manager of the pools."""

import sys
import types
from collections.abc import Collection
from typing import Any

import urllib3
from urllib3.util import parse_url

_METHODS = frozenset({"request", "urlopen"})
_URLLIB3_FILES = {sys.modules[base.__module__].__file__ for base in urllib3.PoolManager.__mro__[:2]}


class Route:
    """How requests reach one origin: by which pool, as long as its manager stays as it was."""

    __slots__ = ("_key", "_manager", "_pools", "_request", "_settings", "_urlopen", "pool")

    def __init__(self, manager: urllib3.PoolManager, url: str) -> None:
        self.pool: Any = manager.connection_from_url(url)
        self._manager = manager
        self._settings = manager.connection_pool_kw.copy()
        self._request, self._urlopen = _methods(manager)
        self._pools: Any = manager.pools
        keys = self._pools.keys()  # It cannot be iterated over by itself.
        self._key = next((key for key in keys if self._pools.get(key) is self.pool), None)

    def is_current(self) -> bool:
        """Whether the manager has still that pool, the same settings and its own methods."""
        manager = self._manager
        methods: Any = type(manager)
        return (
            self._pools.get(self._key) is self.pool
            and self._settings == manager.connection_pool_kw
            and methods.request is self._request
            and methods.urlopen is self._urlopen
            and _METHODS.isdisjoint(vars(manager))
        )


def _methods(manager: urllib3.PoolManager) -> tuple[Any, Any]:
    manager_class: Any = type(manager)
    return manager_class.request, manager_class.urlopen


def is_patched(manager: urllib3.PoolManager) -> bool:
    """Whether somebody, a tracer or a test, has replaced a method that a request goes through."""
    return not _METHODS.isdisjoint(vars(manager)) or not all(
        is_defined_in(_URLLIB3_FILES, method) for method in _methods(manager)
    )


def is_defined_in(files: Collection[str | None], method: Any) -> bool:
    """Whether a method is the one that stands in one of ``files``, and is not wrapped."""
    return type(method) is types.FunctionType and method.__code__.co_filename in files


def has_keys(manager: urllib3.PoolManager) -> bool:
    """Whether its pools are kept as urllib3 keeps them: urllib3-future has a way of its own."""
    return hasattr(manager.pools, "keys")


def can_be_asked(url: str) -> bool:
    """Whether urllib3 finds a host in a URL: what it cannot read it refuses in words of its own."""
    try:
        return parse_url(url).host is not None
    except urllib3.exceptions.LocationParseError:
        return False
