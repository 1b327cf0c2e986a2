"""Tokens in the links from one page of a list to another."""

import re
from urllib.parse import unquote_plus

# Services have been seen to leave out the question mark.
_IN_LINK = re.compile(r"(?:^|[?&]|/keys/?)page_token=([^&#]+)")


def page_token_in(link: object) -> str | None:
    """The page token in a link: absolute, relative or malformed; ``None`` where it has none."""
    found = _IN_LINK.search(str(link))
    return unquote_plus(found.group(1)) if found else None


def as_page_token(token_or_link: str | None) -> str | None:
    """The page token, also where the whole link to the page was given, as in ``metadata.next``."""
    return page_token_in(token_or_link) or token_or_link
