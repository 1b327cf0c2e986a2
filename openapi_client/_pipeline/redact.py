"""Credentials that a server repeats, taken out of what it says before that is shown or kept.

Gateways are known to quote a whole ``Authorization`` header in the message of a 403.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

_SHORTEST = 8
"""Characters. To mask what is shorter would spoil more texts than it protects."""


def redact(text: str, credentials: Iterable[str]) -> str:
    """The text with ``***`` in place of credentials: values of headers, or parts of them."""
    secrets = {secret for value in credentials for secret in _parts(value)}
    # The longest first: a part of it may be a secret too.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            # In a form it is percent-encoded, and in some JSON slashes are escaped.
            for written in (secret, quote(secret, safe=""), secret.replace("/", r"\/")):
                text = text.replace(written, "***")
    return text


def _parts(value: str) -> Iterator[str]:
    """A value, and what of it would do by itself: a token, a cookie, the secret of an API key."""
    yield value
    for word in re.split(r"[\s;]+", value):
        yield word
        yield word.partition("=")[2]
        yield _decoded(word).partition(":")[2]


def _decoded(word: str) -> str:
    try:
        return base64.b64decode(word, validate=True).decode("latin-1")
    except ValueError:
        return ""
