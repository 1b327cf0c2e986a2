"""The commands about what the owner of a key must allow: grants, audit."""

import json
import shlex
from argparse import Namespace
from dataclasses import asdict, is_dataclass
from typing import Any

from .._core.typeguards import is_list_or_tuple
from ..exceptions import ApiValueError, WaitTimeoutException
from ..key_access import AwsAccess, KeyAccess, access_grants
from ..key_access._shell import in_turn
from ..models.byok_v1_unknown_key import ByokV1UnknownKey
from ..models.get_byok_v1_key200_response import GetByokV1Key200Response
from .commands import PROGRAM
from .console import Console
from .exit_codes import CommandError, ExitCode
from .key_file import read_text
from .session import Session, open_session
from .text import printable

_PRINCIPALS = ("roles", "application_id", "security_group")
_PARTS = ("statements", "assignments", "role", "bindings")
"""What there is to allow, in one cloud or another."""


def grants_command(options: Namespace, console: Console) -> ExitCode:
    """Write what the owner of a key must allow, or a policy that allows it."""
    policy = None if options.merge is None else read_text(options.merge, console)
    with open_session(options, console) as session:
        access = read_access(session, options.id)
        if policy is not None:
            # As it was measured: KMS takes no byte more.
            console.write(_aws(access).merged_text(policy))
        elif options.output == "json":
            console.write(f"{json.dumps(_document(options.id, access), indent=2)}\n")
        else:
            console.write("".join(f"{command}\n" for command in commands_of(options.id, access)))
    return ExitCode.DONE


def audit_command(options: Namespace, console: Console) -> ExitCode:
    """Write what a policy lacks that the owner of a key must allow."""
    policy = read_text(options.policy, console)
    with open_session(options, console) as session:
        audit = read_access(session, options.id).audit(policy)
    if options.output == "json":
        document = {"id": options.id, "complete": audit.is_complete, **asdict(audit)}
        console.write(f"{json.dumps(document, indent=2)}\n")
    else:
        console.write("".join(f"{printable(line)}\n" for line in str(audit).split("\n")))
    return ExitCode.DONE if audit.is_complete else ExitCode.NOT_AS_WANTED


def read_access(session: Session, id: str) -> KeyAccess:
    """What the owner of a key must allow, as soon as the service has named whom to allow it."""
    session.progress.tell(f"{id}: waiting for the service to name whom to give access")
    try:
        key = session.api.wait_for_byok_v1_key(id, _has_principals, session.time_left)
    except WaitTimeoutException as error:
        if error.__cause__:  # It could not even be read.
            raise
        message = f"the service has not named yet whom {id} is for; run it again later"
        raise CommandError(ExitCode.TRY_AGAIN, message) from error
    try:
        return access_grants(key)
    except ApiValueError as error:
        raise CommandError(ExitCode.WILL_NOT_HELP, str(error)) from error


def commands_of(id: str, access: KeyAccess) -> list[str]:
    """Commands for a shell that allow it; in AWS the policy is merged in between."""
    commands = [*access.commands]
    if isinstance(access, AwsAccess):
        read, put = commands
        merge = shlex.join([PROGRAM, "grants", id, "--merge", access.policy_file])
        return [read, in_turn(f"{merge} > {shlex.quote(access.merged_policy_file)}", put)]
    return commands


def _has_principals(key: GetByokV1Key200Response) -> bool:
    variant: Any = getattr(key.key, "actual_instance", None)
    if variant is None or isinstance(variant, ByokV1UnknownKey):
        return True
    return any(getattr(variant, name, None) for name in _PRINCIPALS)


def _aws(access: KeyAccess) -> AwsAccess:
    if not isinstance(access, AwsAccess):
        raise CommandError(
            ExitCode.USAGE, "--merge is for keys in AWS: run the commands that grants writes"
        )
    return access


def _document(id: str, access: KeyAccess) -> dict[str, Any]:
    document: dict[str, Any] = {"id": id, **asdict(access)}
    for name in _PARTS:
        part = getattr(access, name, None)
        if part is not None:
            document[name] = _plain(part)
    return document | {"commands": commands_of(id, access)}


def _plain(part: Any) -> Any:
    if is_list_or_tuple(part):
        return [_plain(each) for each in part]
    return asdict(part) if is_dataclass(part) and not isinstance(part, type) else part
