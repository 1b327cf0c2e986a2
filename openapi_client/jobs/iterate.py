"""All keys of a list, page by page (contract, sections 2.5 and 3)."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus

from typing_extensions import override

from .._core.typeguards import is_array
from ..exceptions import ApiResponseException
from ..models.byok_v1_key_list import ByokV1KeyList
from ..models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner

# Services have been seen to leave out the question mark (contract, section 7).
_TOKEN = re.compile(r"(?:^|[?&]|/keys/?)page_token=([^&#]+)")


class KeyIterator(Iterator[ByokV1KeyListDataInner]):
    """The keys of a list, one page of them in memory at a time.

    A page is asked for when its first key is wanted; empty pages are passed over. Of the link to
    the next page only the token counts: requests go to the configured host. Where the link holds
    no token, or one that came before, ``ApiResponseException`` is raised after the last key of
    the page that has the link. After any other exception ``next`` asks for the same page again.

    Args:
        fetch: Gets the page for a token, or the first one for ``None``.
        page_token: The token to begin with; that of another iterator goes on where it stood.
    """

    def __init__(
        self, fetch: Callable[[str | None], object], page_token: str | None = None
    ) -> None:
        self.next_page_token = page_token
        """Where to go on: the token of the first page that has not been handed out whole.

        An iterator begun with it misses no key, and may repeat some of one page. ``None`` until
        the first page has been handed out, and once ``done``.
        """
        self._fetch = fetch
        self._ahead = page_token
        self._ended = False
        self._dead_end: str | None = None
        """Why the page after the last one fetched cannot be asked for."""
        self._keys: deque[ByokV1KeyListDataInner] = deque()
        # Hashes, because the tokens of a long list would outgrow a page.
        self._seen: set[int] = set()

    @property
    def done(self) -> bool:
        """Whether everything has been handed out."""
        return self._ended and not self._keys

    @override
    def __next__(self) -> ByokV1KeyListDataInner:
        while not self._keys:
            page = self._fetched()
            if page is None:
                raise StopIteration
            self._keys.extend(page.data or ())
            self._note_place()
        key = self._keys.popleft()
        self._note_place()
        return key

    def pages(self) -> Iterator[ByokV1KeyList]:
        """The pages that have not been begun, instead of their keys."""
        # No generator: an exception ends it, and a second ``next`` would tell of no more pages.
        return iter(self._next_page, None)

    def _next_page(self) -> ByokV1KeyList | None:
        page = self._fetched()
        self._note_place()
        return page

    def _fetched(self) -> ByokV1KeyList | None:
        """The page ahead; ``None`` after the last."""
        if self._ended:
            return None
        if self._dead_end:
            raise ApiResponseException(reason=self._dead_end)
        page = self._fetch(self._ahead)
        if not isinstance(page, ByokV1KeyList) or not is_array(page.data or []):
            raise ApiResponseException(reason="the page is no list of keys")
        self._seen.add(hash(self._ahead))
        self._look_ahead(getattr(page.metadata, "next", None))
        return page

    def _look_ahead(self, link: object) -> None:
        """Take the token from a link to the next page: relative, foreign or malformed."""
        found = _TOKEN.search(str(link))
        token = unquote_plus(found.group(1)) if found else None
        if not link:
            self._ahead, self._ended = None, True
        elif token is None:
            self._dead_end = "the link to the next page holds no page_token"
        elif hash(token) in self._seen:
            self._dead_end = "the list does not end: a page token came again"
        else:
            self._ahead = token

    def _note_place(self) -> None:
        if not self._keys:
            self.next_page_token = self._ahead
