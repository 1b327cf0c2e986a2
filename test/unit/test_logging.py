"""Where the library's log goes: to the program's handlers, and to stderr for who debugs."""

import io
import logging
import pickle
import subprocess
import sys
from collections.abc import Iterator

import pytest

from openapi_client._core.logging import logger, logger_for


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Leave no level and no handler behind."""
    handlers = logger.handlers.copy()
    yield
    logger.setLevel(logging.NOTSET)
    logger.handlers = handlers


def _levels() -> dict[str, int]:
    named = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    return {each.name: each.level for each in [*named, logging.root]}


def test_silence_by_default(capfd: pytest.CaptureFixture[str]) -> None:
    """A program without logging finds nothing of the library's on stderr, not even warnings."""
    program = (
        "from openapi_client._core.logging import logger_for\n"
        "logger_for(debug=False).warning('hush')\n"
        "logger_for(debug=True).warning('told %s', 1)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    (line,) = capfd.readouterr().err.splitlines()
    assert line.endswith(" WARNING told 1")


def test_debug_prints_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """Every record is printed, with its time, whatever levels the program has set."""
    before = _levels()
    logger.setLevel(logging.ERROR)
    debugging = logger_for(debug=True)
    assert debugging.isEnabledFor(logging.DEBUG)
    debugging.debug("GET %s", "/keys")
    try:
        raise ZeroDivisionError("oops")
    except ZeroDivisionError:
        debugging.exception("failed")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith(" DEBUG GET /keys")
    assert lines[1].endswith(" ERROR failed")
    assert lines[-1] == "ZeroDivisionError: oops"
    logger.setLevel(logging.NOTSET)
    assert _levels() == before


def test_debug_is_printed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program was told before it crashed is there, though stderr has a buffer."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written))
    logger_for(debug=True).debug("GET /keys")
    assert written.getvalue().endswith(b" DEBUG GET /keys\n")


def test_debug_is_for_nobody_else(capsys: pytest.CaptureFixture[str]) -> None:
    """The calls of other configurations, and other libraries, stay as quiet as they were."""
    logger_for(debug=True).debug("told")
    capsys.readouterr()
    other = logger_for(debug=False)
    assert other is logger is logging.getLogger("openapi_client")
    other.debug("hush")
    logging.getLogger("urllib3").debug("hush")
    assert not other.isEnabledFor(logging.DEBUG)
    assert capsys.readouterr().err == ""


def test_the_program_gets_what_it_asked_for(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Handlers of the program see the records of their level, and no others, whoever debugs."""
    logger.setLevel(logging.INFO)
    for debug in (False, True):
        log = logger_for(debug=debug)
        log.debug("attempt")
        log.info("retry")
    assert [record.getMessage() for record in caplog.records] == ["retry", "retry"]
    assert {record.name for record in caplog.records} == {"openapi_client"}
    assert [record.funcName for record in caplog.records] == [
        "test_the_program_gets_what_it_asked_for"
    ] * 2
    assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == [
        "attempt",
        "retry",
    ]


@pytest.mark.parametrize("name", ["", "openapi_client"])
def test_a_record_that_is_on_stderr_is_not_printed_twice(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program whose own logging goes to stderr sees each line once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.INFO)
    holder = logging.getLogger(name)
    holder.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        log = logger_for(debug=True)
        log.info("one")
        log.debug("two")
        logger.propagate = False
        log.info("three")
    finally:
        logger.propagate = True
        holder.removeHandler(handler)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[-1] for line in lines] == ["one", "two", "three"]


def test_a_handler_elsewhere_does_not_count(capsys: pytest.CaptureFixture[str]) -> None:
    """Who logs to a file still sees on stderr what was asked to be seen there."""
    handler = logging.StreamHandler(io.StringIO())
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger_for(debug=True).info("one")
    assert handler.stream.getvalue() == "one\n"
    assert capsys.readouterr().err.endswith(" INFO one\n")


def test_logging_can_be_switched_off(capsys: pytest.CaptureFixture[str]) -> None:
    """``logging.disable`` silences this log as any other."""
    logging.disable(logging.CRITICAL)
    try:
        logger_for(debug=True).error("hush")
    finally:
        logging.disable(logging.NOTSET)
    assert capsys.readouterr().err == ""


def test_a_stderr_that_fails_does_not_fail_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed or missing stderr is no reason to lose the answer to a write."""
    closed = io.StringIO()
    closed.close()
    for stream in (closed, None):
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(logging, "raiseExceptions", False)
        logger_for(debug=True).info("lost")


def test_settings_with_debug_travel() -> None:
    """What prints is no part of a configuration, which can be pickled as before."""
    from openapi_client import Configuration

    assert pickle.loads(pickle.dumps(Configuration(debug=True))).debug is True
