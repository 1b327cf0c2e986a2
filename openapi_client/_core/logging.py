"""The one logger of the library, and what ``debug`` adds to it."""

import logging
import sys
from functools import cache

from typing_extensions import override

logger: logging.Logger = logging.getLogger(__name__.partition("._core")[0])
"""Named as the package is, also where it was vendored under another name."""
# Without a handler, Python would print the warnings of a library to stderr.
logger.addHandler(logging.NullHandler())


def logger_for(*, debug: bool) -> logging.Logger:
    """The logger for the calls of one configuration.

    Where ``debug`` is set, it prints every record to stderr, besides what ``logger`` does with
    them. Levels and handlers of ``logger`` stay as they are.
    """
    return _debug_logger() if debug else logger


@cache
def _debug_logger() -> logging.Logger:
    return _DebugLogger(logger.name, logging.DEBUG)


class _DebugLogger(logging.Logger):
    """A logger that nobody else can get hold of, so that nobody else's records are printed."""

    def __init__(self, name: str, level: int) -> None:
        super().__init__(name, level)
        self._printer = _Printer()
        self._printer.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    @override
    def isEnabledFor(self, level: int) -> bool:
        # The base remembers its answer, and does not learn of ``logging.disable``.
        return self.manager.disable < level

    @override
    def callHandlers(self, record: logging.LogRecord) -> None:
        if not _prints(logger, record.levelno):
            self._printer.handle(record)
        if logger.isEnabledFor(record.levelno):
            logger.handle(record)


class _Printer(logging.Handler):
    """Prints to what ``sys.stderr`` is at the time."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201 - that is the point
        except Exception:  # noqa: BLE001 - as every handler of ``logging`` does.
            self.handleError(record)


def _prints(source: logging.Logger, level: int) -> bool:
    """Whether the program itself has records of this level printed to stderr."""
    if not source.isEnabledFor(level):
        return False
    found: logging.Logger | None = source
    while found:
        for handler in found.handlers:
            if getattr(handler, "stream", None) is sys.stderr and handler.level <= level:
                return True
        found = found.parent if found.propagate else None
    return False
