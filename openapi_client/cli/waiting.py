"""The command that waits for keys: wait."""

from argparse import Namespace
from collections.abc import Callable
from typing import NamedTuple

from ..jobs.results import WaitProgress, WaitResult
from ..models._base import Schema
from ..models.get_byok_v1_key200_response import GetByokV1Key200Response
from ..values import KeyState, ValidationPhase, as_documented
from .console import Console
from .exit_codes import CommandError, ExitCode, combined
from .failures import command_error
from .keys import KEYS, key_record
from .output import Record, Writer, write_one
from .session import Session, open_session


class Waited(NamedTuple):
    """What became of one of many keys."""

    id: str
    record: Record
    """The key as it was last read; only its id where it never was."""
    error: CommandError | None
    """Why it is not as wanted."""


def wait_command(options: Namespace, console: Console) -> ExitCode:
    """Wait until keys are as they should be, and write those that are."""
    timeout: float = options.timeout
    until = as_documented(options.until, ValidationPhase, KeyState)
    with open_session(options, console) as session:
        if len(options.ids) == 1:
            key = wait_for_one(session, console, options.ids[0], until, timeout)
            write_one(console, options.output, KEYS, key_record(key))
            return ExitCode.DONE
        waited = wait_for_many(session, console, options.ids, until, timeout)
    writer = Writer(console, options.output, KEYS)
    for each in waited:
        if each.error:
            console.error(f"{each.id}: {each.error}")
        else:
            writer.add(each.record)
    writer.close()
    return combined(each.error.code if each.error else ExitCode.DONE for each in waited)


def wait_for_one(
    session: Session, console: Console, id: str, until: str, timeout: float
) -> GetByokV1Key200Response:
    """Wait for a key; each change is told."""
    session.begin("")
    return session.api.wait_for_byok_v1_key(
        id, until, timeout, on_progress=report_changes(session, console)
    )


def wait_for_many(
    session: Session, console: Console, ids: list[str], until: str, timeout: float
) -> list[Waited]:
    """Wait for keys together; each that is done with is told."""

    def tell(progress: WaitProgress) -> None:
        result = progress.result
        phase = key_record(result.key).cells["phase"] if result.key else "unknown"
        if not console.shows_progress:
            console.note(f"{result.id}: {phase} ({progress.done} of {progress.total})")
        session.progress.tell(f"waiting for {until}", progress.done, progress.total)

    session.begin("")
    session.progress.tell(f"waiting for {until}", 0, len(set(ids)))
    results = session.api.wait_for_byok_v1_keys(ids, until, timeout, on_progress=tell)
    return [_waited(result) for result in results]


def report_changes(session: Session, console: Console) -> Callable[[Schema], None]:
    """A function to call with a key each time it was read; it tells when the key has changed."""
    told = ""

    def tell(key: Schema) -> None:
        nonlocal told
        cells = key_record(key).cells
        state = f"{cells['id']}: {cells['phase'] or 'not validated'}, {cells['state']}"
        text = f"{state}: {cells['message']}" if cells["message"] else state
        if text != told and not console.shows_progress:
            console.note(text)
        told = text
        session.progress.tell(text)

    return tell


def _waited(result: WaitResult) -> Waited:
    unread = Record(result.id, {"id": result.id}, {"id": result.id})
    record = key_record(result.key) if result.key else unread
    return Waited(result.id, record, command_error(result.error) if result.error else None)
