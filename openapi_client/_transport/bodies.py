"""Bodies as they were before the server packed them."""

import zlib
from contextlib import suppress
from email.message import Message

_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_OR_GZIP, _BARE = 47, -15
LARGEST_BODY = 256 * 1024 * 1024
"""Bytes; no answer of this API comes near it, and no memory is filled by one that never ends."""


def unpacked(raw: bytes, encoding: str | None) -> bytes:
    """The body without its content encoding; as it came where that cannot be undone.

    Gzip is known by its first bytes, whether or not ``Content-Encoding`` says so: both kinds of
    wrong label have been met. Unpacked, it may have as many bytes as any body.
    """
    if raw.startswith(_GZIP_MAGIC):
        forms: tuple[int, ...] = (_ZLIB_OR_GZIP,)
    elif encoding and encoding.strip().lower() == "deflate":
        forms = (_ZLIB_OR_GZIP, _BARE)
    else:
        forms = ()
    for form in forms:
        with suppress(zlib.error):
            return _inflated(raw, form)
    return raw


def _inflated(raw: bytes, form: int) -> bytes:
    """All that was packed; ``zlib.error`` where it is malformed, cut short or too large."""
    parts: list[bytes] = []
    room = LARGEST_BODY
    while True:
        unpacker = zlib.decompressobj(form)
        parts.append(unpacker.decompress(raw, room))
        room -= len(parts[-1])
        if not unpacker.eof or not room:
            raise zlib.error("cut short, or too large")
        raw = unpacker.unused_data
        if not raw.startswith(_GZIP_MAGIC):  # Gzip may have several members (RFC 1952, 2.2).
            return b"".join(parts)


def in_utf8(body: bytes, content_type: str | None) -> bytes:
    """The body in UTF-8, where its media type names another charset that it is in."""
    head = Message()
    head["Content-Type"] = content_type or ""
    try:
        return body.decode(head.get_content_charset("utf-8")).encode()
    except (LookupError, ValueError):  # A codec's name may even hold a null character.
        return body
