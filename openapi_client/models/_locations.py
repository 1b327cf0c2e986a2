"""The ids in links of the service."""

import re
from urllib.parse import unquote, urlsplit

_KEY = re.compile(r"(?:.*/)?keys/([^/]+)/?")
_LONGEST = 255
"""Characters of an id (contract, section 2.1)."""


def id_in_location(location: str | None) -> str | None:
    """The id of the key that a ``Location`` leads to; ``None`` where it leads to none."""
    try:
        found = _KEY.fullmatch(urlsplit(location or "").path)
    except ValueError:
        return None
    id = unquote(found.group(1)).strip() if found else ""
    return id if 0 < len(id) <= _LONGEST and id.isprintable() else None
