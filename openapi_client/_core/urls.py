"""What the parts of a URL say: which server it leads to, and which page of a list."""

import re
from urllib.parse import unquote, unquote_plus, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
# Services have been seen to leave out the question mark.
_PAGE_TOKEN = r"(?:^|[?&]|/keys/?)page_token=([^&#]+)"
_LONGEST_ID = 255
"""Characters of the id of a registered key."""


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: who a request goes to."""
    parts = urlsplit(url)
    port = DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
    return parts.scheme, parts.hostname, port


def page_token_in(link: object) -> str | None:
    """The page token in a link: absolute, relative or malformed; ``None`` where it has none."""
    found = re.search(_PAGE_TOKEN, str(link))
    return unquote_plus(found.group(1)) if found else None


def as_page_token(token_or_link: str | None) -> str | None:
    """The page token, also where the whole link to the page was given, as in ``metadata.next``."""
    return page_token_in(token_or_link) or token_or_link


def id_in_location(location: str | None) -> str | None:
    """The id of the key that a ``Location`` leads to; ``None`` where it leads to none."""
    try:
        found = re.fullmatch(r"(?:.*/)?keys/([^/]+)/?", urlsplit(location or "").path)
    except ValueError:
        return None
    id = unquote(found.group(1)).strip() if found else ""
    return id if 0 < len(id) <= _LONGEST_ID and id.isprintable() else None
