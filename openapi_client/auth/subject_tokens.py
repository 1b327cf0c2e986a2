"""The token of an identity provider: where it comes from, and whether it can still be used."""

import base64
import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from os import PathLike
from pathlib import Path

from .. import _checks
from .._core.secrets import Secret
from .._core.typeguards import is_object
from ..exceptions import ApiTypeError, ApiValueError

SubjectToken = str | Callable[[], str] | PathLike[str]
"""A token (JWT), a function that gives one, or the path of a file that holds one."""


class SubjectTokenSource:
    """Gives the token of an identity provider, anew each time.

    Args:
        subject_token: The token, a function that gives it, or the path of the file to read.
        name: What the caller calls it, for errors.
    """

    def __init__(self, subject_token: SubjectToken, name: str = "subject_token") -> None:
        self._name = name
        self._source: Secret | Callable[[], str] | Path
        if callable(subject_token):
            self._source = subject_token
        elif isinstance(subject_token, str):
            self._source = _filled(name, subject_token)
        elif hasattr(subject_token, "__fspath__"):
            self._source = Path(subject_token)
            self._name = f"the file {self._source} ({name})"
        else:
            kind = type(subject_token).__name__
            raise ApiTypeError(f"{name} has to be a str, a function or a path, not {kind}")

    def __call__(self) -> Secret:
        """The token.

        Raises ``ApiValueError``, which names the source, where there is none or it has expired.
        """
        source = self._source
        if isinstance(source, Path):
            token = _filled(self._name, _text_in(source, self._name))
        else:
            token = _filled(self._name, source() if callable(source) else source)
        expiry = expiry_of(token)
        if expiry is not None and expiry <= time.time():
            when = datetime.fromtimestamp(expiry, timezone.utc).isoformat(timespec="seconds")
            raise ApiValueError(
                f"{self._name} holds a token that expired at {when}: "
                "what provides it has to renew it"
            )
        return token


def required_text(name: str, value: object) -> str:
    """Text with something in it; what it is read from may end with a new line."""
    text = _checks.text(name, value).strip()
    if not text:
        raise ApiValueError(f"{name} is empty")
    return text


def expiry_of(token: str) -> float | None:
    """When a token says that it expires, in seconds since the epoch, as far as it can be read.

    Nothing is verified: only the service can tell whether a token is good.
    """
    try:
        payload = token.split(".")[1]
        claims: object = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, IndexError):
        return None
    expiry = claims.get("exp") if is_object(claims) else None
    if not isinstance(expiry, int | float) or isinstance(expiry, bool):
        return None
    # What lies outside the years that have a name is no time.
    return expiry if 0 <= expiry < _END_OF_TIME else None


_LONGEST_TOKEN = 1_000_000
"""Characters; tokens of identity providers have some thousands."""
_END_OF_TIME = datetime(9999, 12, 31, tzinfo=timezone.utc).timestamp()


def _filled(name: str, value: object) -> Secret:
    return Secret(required_text(name, value))


def _text_in(path: Path, name: str) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_LONGEST_TOKEN + 1)
    except OSError as error:
        raise ApiValueError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ApiValueError(f"{name} holds no text") from None
    if len(text) > _LONGEST_TOKEN:
        raise ApiValueError(f"{name} holds more than a token")
    return text
