"""Requests of which a plain header field is written in one step."""

import http.client
import re
from functools import cache
from typing import Any

import urllib3.connection
from typing_extensions import override
from urllib3.connection import HTTPConnection
from urllib3.util import SKIP_HEADER

from .._core.headers import TOKEN
from .routes import is_defined_in

_is_name = re.compile(TOKEN).fullmatch
_is_plain = re.compile(r"[\t\x20-\x7e]*").fullmatch
_STANDARD_FILES = frozenset({http.client.__file__, urllib3.connection.__file__})


class PlainFields(HTTPConnection):
    """A connection that writes plain fields itself, and leaves all others to urllib3."""

    @override
    def putheader(self, header: Any, *values: Any) -> None:
        """Add a field to the head of the request.

        ``http.client`` calls this for ``Host``, and urllib3 for each other field; they take
        several steps for each value. The head is a list of lines, empty before it is begun.
        """
        base: Any = self
        if (
            len(values) == 1
            and isinstance(header, str)
            and isinstance(values[0], str)
            and _is_name(header)
            and _is_plain(values[0])
            and values[0] != SKIP_HEADER
            and base._buffer
        ):
            # What a text holds is sent, however it shows itself when it is formatted.
            base._output(b"%b: %b" % (header.encode("ascii"), values[0].encode("ascii")))
        else:
            super().putheader(header, *values)


def with_plain_fields(base: Any) -> Any:
    """The class of connection with ``PlainFields`` before it, if its fields are written as usual.

    Libraries that record or trace may have put methods of theirs in place of the standard ones, and
    urllib3-future has connections of its own.
    """
    standard = http.client.HTTPConnection
    methods = base.putheader, standard.putheader
    if issubclass(base, standard) and all(is_defined_in(_STANDARD_FILES, each) for each in methods):
        return _with_plain_fields(base)
    return base


@cache
def _with_plain_fields(base: Any) -> Any:
    return type(base.__name__, (PlainFields, base), {"__slots__": ()})
