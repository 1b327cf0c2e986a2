"""The commands that only read: list, show, find."""

from argparse import Namespace

from ..models._base import Schema
from .arguments import is_identifier
from .commands import PROGRAM
from .console import Console
from .exit_codes import CommandError, ExitCode
from .keys import KEYS, key_record, page
from .output import Writer, write_one
from .session import Session, open_session


def list_command(options: Namespace, console: Console) -> ExitCode:
    """Write all keys, page by page."""
    with open_session(options, console) as session:
        writer = Writer(console, options.output, KEYS)
        keys = session.api.iter_byok_v1_keys(
            provider=options.provider,
            state=options.state,
            display_name=options.name,
            validation_phase=options.phase,
            validation_region=options.region,
            key=options.key,
        )
        count = 0
        session.progress.tell("listing keys")
        while console.is_read:
            session.limit()
            key = next(keys, None)
            if key is None:
                break
            count += 1
            writer.add(key_record(key))
            session.progress.tell("keys", count, keys.total_size)
        writer.close()
    console.note(f"{count} key{'' if count == 1 else 's'}")
    return ExitCode.DONE


def show_command(options: Namespace, console: Console) -> ExitCode:
    """Write one key."""
    with open_session(options, console) as session:
        if is_identifier(options.key):
            key: Schema = found(session, options.key)
        else:
            key = session.api.get_byok_v1_key(options.key)
    record = key_record(key)
    if options.output == "table":
        console.write(page(record))
    else:
        write_one(console, options.output, KEYS, record)
    return ExitCode.DONE


def find_command(options: Namespace, console: Console) -> ExitCode:
    """Write the id of a registered key."""
    with open_session(options, console) as session:
        key = found(session, options.identifier)
    write_one(console, options.output, KEYS, key_record(key))
    return ExitCode.DONE


def found(session: Session, identifier: str) -> Schema:
    """The registered key; ``CommandError`` where there is none."""
    key = session.api.find_byok_v1_key(identifier)
    if key is None:
        raise CommandError(
            ExitCode.NOT_FOUND,
            f"{identifier} is not registered: {PROGRAM} ensure registers it",
        )
    return key
