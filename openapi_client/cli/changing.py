"""The commands that change keys: rename, delete."""

from argparse import Namespace

from ..exceptions import ConflictException
from ..models._base import Schema
from .commands import PROGRAM
from .console import Console
from .exit_codes import CommandError, ExitCode, combined
from .failures import is_for_all
from .keys import KEYS, key_record
from .output import write_one
from .session import Session, open_session
from .waiting import report_changes


def rename_command(options: Namespace, console: Console) -> ExitCode:
    """Change the display name of a key."""
    with open_session(options, console) as session:
        session.begin(f"renaming {options.id}")
        key = session.api.update_byok_v1_key(options.id, {"display_name": options.name})
    write_one(console, options.output, KEYS, key_record(key))
    return ExitCode.DONE


def delete_command(options: Namespace, console: Console) -> ExitCode:
    """Delete keys, and write the ids of those that are deleted."""
    if not options.yes and not console.is_interactive:
        raise CommandError(
            ExitCode.USAGE, f"nobody can be asked here: say {PROGRAM} delete --yes to delete"
        )
    codes: list[ExitCode] = []
    ids = [*dict.fromkeys(options.ids)]
    with open_session(options, console) as session:
        for done, id in enumerate(ids):
            session.begin(f"the deletion of {id}")
            session.progress.tell(f"deleting {id}", done, len(ids))
            try:
                with session.guarded():
                    code = _delete(session, console, id, options)
            except CommandError as error:
                if error.code is ExitCode.INTERRUPTED:
                    raise
                console.error(f"{id}: {error}")
                code = error.code
                if is_for_all(error) and ids[done + 1 :]:
                    console.error(f"not tried: {' '.join(ids[done + 1 :])}")
                    return combined([*codes, code])
            codes.append(code)
    return combined(codes)


def _delete(session: Session, console: Console, id: str, options: Namespace) -> ExitCode:
    if not options.yes and not console.ask(_question(session.api.get_byok_v1_key(id))):
        console.note(f"{id} is not deleted")
        return ExitCode.NOT_AS_WANTED
    # Thinking about the question took time.
    session.begin(f"the deletion of {id}")
    if options.when_available:
        session.api.delete_byok_v1_key_when_available(
            id, options.when_available, on_progress=report_changes(session, console)
        )
    else:
        _delete_now(session, id)
    console.write(f"{id}\n")
    console.flush()
    console.note(f"{id} is deleted")
    return ExitCode.DONE


def _delete_now(session: Session, id: str) -> None:
    try:
        session.api.delete_byok_v1_key(id)
    except ConflictException as error:
        raise CommandError(
            ExitCode.NOT_AS_WANTED, f"{error} --when-available waits until no cluster uses it"
        ) from error


def _question(key: Schema) -> str:
    cells = key_record(key).cells
    told = ", ".join(filter(None, (cells["name"], cells["identifier"], cells["state"])))
    return f"Delete {cells['id']} ({told})? What is encrypted with it is lost."
