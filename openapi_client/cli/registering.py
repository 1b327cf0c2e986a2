"""The command that registers keys: ensure, of one key or of a file of them."""

from argparse import Namespace
from collections import Counter
from dataclasses import dataclass
from typing import Any

from .access import commands_of, read_access
from .console import Console
from .exit_codes import CommandError, ExitCode, combined
from .failures import is_for_all
from .key_file import Line, WantedKey, key_lines
from .keys import key_record
from .output import Layout, Record, Writer, write_one
from .session import Session, open_session
from .table import Column
from .waiting import Waited, wait_for_many, wait_for_one

REPORT = Layout(
    table=(
        Column("line", 4),
        Column("result", 10),
        Column("id", 20),
        Column("phase", 12),
        Column("identifier", 16, keeps_end=True),
        Column("message", 16),
    ),
    csv=("line", "result", "code", "id", "phase", "identifier", "message"),
)
"""What became of each key."""
_IN_LINES = ("json", "jsonl")
_TOLD = {"registered": "registered now", "present": "registered already"}


@dataclass
class _Result:
    """What became of one key."""

    identifier: str
    line: int | None = None
    result: str = "failed"
    """``registered``, ``present``, ``failed``, or ``skipped`` where it was not tried."""
    code: ExitCode = ExitCode.DONE
    id: str = ""
    phase: str = ""
    message: str = ""
    commands: list[str] | None = None

    def fail(self, error: CommandError) -> None:
        """Note why it is not as it should be."""
        self.code, self.message = error.code, str(error)

    def record(self) -> Record:
        """The result as it is written."""
        document: dict[str, Any] = {name: value for name, value in vars(self).items() if value}
        document["code"] = int(self.code)
        cells = {name: str(value) for name, value in document.items()}
        return Record(self.id, document, cells)


def ensure_command(options: Namespace, console: Console) -> ExitCode:
    """Register a key, or those of a file, each once."""
    if (options.identifier is None) == (options.file is None):
        raise CommandError(ExitCode.USAGE, "give an IDENTIFIER, or --from FILE")
    form: str = options.output or ("id" if options.file is None else "table")
    if options.grants and form not in (_IN_LINES if options.file else (*_IN_LINES, "id")):
        raise CommandError(ExitCode.USAGE, f"--grants goes with --output {' or '.join(_IN_LINES)}")
    if options.file is None:
        return _ensure_one(options, console, form)
    if options.tenant or options.vault or options.name:
        raise CommandError(
            ExitCode.USAGE, "--tenant, --vault and --name stand in the file of --from"
        )
    return _ensure_file(options, console, form)


def _ensure_one(options: Namespace, console: Console, form: str) -> ExitCode:
    wanted = WantedKey(options.identifier, options.tenant, options.vault, options.name)
    result = _Result(wanted.identifier)
    with open_session(options, console) as session:
        _register(session, wanted, result)
        console.note(f"{result.id} is {_TOLD[result.result]}")
        try:
            with session.guarded():
                _tell_and_wait(session, console, result, options, in_lines=form == "id")
        except CommandError as error:
            result.fail(error)
            raise
        finally:
            if form != "id":
                write_one(console, form, REPORT, result.record())
    return ExitCode.DONE


def _tell_and_wait(
    session: Session, console: Console, result: _Result, options: Namespace, *, in_lines: bool
) -> None:
    """What follows a registration; ``in_lines``, each thing is written as soon as it is known.

    The id, and whom to admit, are of use while the key is not valid yet.
    """
    if in_lines:
        _write_lines(console, [result.id])
    if options.grants:
        result.commands = _commands(session, result)
        if in_lines:
            _write_lines(console, result.commands)
    if options.wait:
        key = wait_for_one(session, console, result.id, "VALID", options.wait)
        result.phase = key_record(key).cells["phase"]


def _write_lines(console: Console, lines: list[str]) -> None:
    console.write("".join(f"{line}\n" for line in lines))
    console.flush()


def _register(session: Session, wanted: WantedKey, result: _Result) -> None:
    """Register a key unless it is registered, and note what came of it."""
    try:
        request = wanted.request()
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, str(error)) from None
    session.begin(f"the registration of {wanted.identifier}")
    with session.guarded():
        ensured = session.api.ensure_byok_v1_key(request, timeout=session.time_left)
    cells = key_record(ensured.key).cells
    result.id, result.phase, result.code = cells["id"], cells["phase"], ExitCode.DONE
    result.result = "registered" if ensured.created else "present"


def _commands(session: Session, result: _Result) -> list[str]:
    session.begin(f"reading {result.id}")
    with session.guarded():
        access = read_access(session, result.id)
    return commands_of(result.id, access)


def _ensure_file(options: Namespace, console: Console, form: str) -> ExitCode:
    lines = key_lines(options.file, console)
    results = [
        _Result(line.wanted.identifier if line.wanted else "", line.number) for line in lines
    ]
    writer = Writer(console, form, REPORT)
    with open_session(options, console) as session:
        try:
            _register_all(session, console, lines, results, grants=options.grants)
            if options.wait:
                _wait_for_all(session, console, results, options.wait)
        finally:
            for result in results:
                writer.add(result.record())
            writer.close()
    counted = Counter(result.result for result in results)
    told = ", ".join(f"{number} {word}" for word, number in counted.items())
    console.note(f"{len(results)} keys: {told}")
    return combined(result.code for result in results)


def _register_all(
    session: Session, console: Console, lines: list[Line], results: list[_Result], *, grants: bool
) -> None:
    """Register one after another, and go on after a failure that is not one for all of them."""
    for result in results:
        result.result, result.code = "skipped", ExitCode.TRY_AGAIN
    for done, (line, result) in enumerate(zip(lines, results, strict=True)):
        session.progress.tell(result.identifier, done, len(lines))
        result.result, result.code = "failed", ExitCode.TRY_AGAIN
        try:
            if line.wanted is None:
                raise CommandError(ExitCode.USAGE, line.problem)
            _register(session, line.wanted, result)
            if grants:
                result.commands = _commands(session, result)
        except CommandError as error:
            result.fail(error)
            if error.code is ExitCode.INTERRUPTED:
                raise
            console.error(f"line {line.number}: {error}")
            if is_for_all(error):
                for rest in results[done + 1 :]:
                    rest.code = error.code
                break
    session.progress.tell("all lines", len(lines), len(lines))


def _wait_for_all(
    session: Session, console: Console, results: list[_Result], timeout: float
) -> None:
    registered = [result for result in results if result.id]
    ids = [result.id for result in registered]
    waiting = [result for result in registered if result.code is ExitCode.DONE]
    for result in waiting:  # What they are if the wait does not come to its end.
        result.fail(CommandError(ExitCode.INTERRUPTED, "interrupted while it was waited for"))
    waited = {each.id: each for each in wait_for_many(session, console, ids, "VALID", timeout)}
    for result in waiting:
        result.code, result.message = ExitCode.DONE, ""
    for each in waited.values():
        if each.error:
            console.error(f"{each.id}: {each.error}")
    for result in registered:
        _note_wait(result, waited[result.id])


def _note_wait(result: _Result, waited: Waited) -> None:
    result.phase = waited.record.cells.get("phase", result.phase)
    if waited.error:
        result.fail(waited.error)
