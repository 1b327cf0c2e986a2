"""Acme's own exceptions: what its users catch."""

from openapi_client import (
    ApiException,
    ConflictException,
    ForbiddenException,
    UnauthorizedException,
)


class AcmeError(Exception):
    """Something in Acme failed; ``may_have_happened`` says whether to look before trying again."""

    may_have_happened = False


class NotPermitted(AcmeError):
    """The credentials do not allow it."""


class KeyInUse(AcmeError):
    """A cluster uses the key."""


class Unavailable(AcmeError):
    """It did not work this time."""


def translated(error: ApiException) -> AcmeError:
    """The exception of Acme for a failed call, to be raised *from* it."""
    if isinstance(error, UnauthorizedException | ForbiddenException):
        kind: type[AcmeError] = NotPermitted
    elif isinstance(error, ConflictException):
        kind = KeyInUse
    else:
        kind = Unavailable
    acme_error = kind(str(error))
    acme_error.may_have_happened = error.outcome_unknown
    return acme_error
