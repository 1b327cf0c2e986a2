"""All keys of a list, page by page."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from typing_extensions import override

from .._core.typeguards import is_array
from .._core.urls import as_page_token, page_token_in
from ..exceptions import ApiResponseException
from ..models.byok_v1_key_list import ByokV1KeyList
from ..models.byok_v1_key_list_data_inner import ByokV1KeyListDataInner


class KeyIterator(Iterator[ByokV1KeyListDataInner]):
    """The keys of a list, one page of them in memory at a time.

    A page is asked for when its first key is wanted; empty pages are passed over. Of the link to
    the next page only the token counts: requests go to the configured host. Where the link holds
    no token, or one that came before, ``ApiResponseException`` is raised after the last key of
    the page that has the link. After any other exception of a call ``next`` asks for the same page
    again.

    Args:
        fetch: Gets the page for a token, or the first one for ``None``.
        page_token: The token to begin with, or the link that holds it, such as the
            ``metadata.next`` of a page; that of another iterator goes on where it stood.
        filters: What the list is limited to, for ``repr``.
    """

    def __init__(
        self,
        fetch: Callable[[str | None], object],
        page_token: str | None = None,
        *,
        filters: Mapping[str, object] | None = None,
    ) -> None:
        self.next_page_token = as_page_token(page_token)
        """Where to go on: the token of the first page that has not been handed out whole.

        An iterator begun with it misses no key, and may repeat some of one page. ``None`` until
        the first page has been handed out, and once ``done``.
        """
        self.total_size: int | None = None
        """The number of keys in the whole list, as the service counts them.

        ``None`` until the first page has been asked for, and where the service does not say.
        """
        self._fetch = fetch
        self._filters = {**(filters or {})}
        self._handed_out = 0
        self._ahead = self.next_page_token
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
        self._handed_out += 1
        if not self._keys:
            self._note_place()
        return key

    @override
    def __repr__(self) -> str:
        shown = {
            **self._filters,
            "handed_out": self._handed_out,
            "total_size": self.total_size,
            "next_page_token": self.next_page_token,
            "done": self.done,
        }
        return f"KeyIterator({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def pages(self) -> Iterator[ByokV1KeyList]:
        """The pages that have not been begun, instead of their keys."""
        # No generator: an exception ends it, and a second ``next`` would tell of no more pages.
        return iter(self._next_page, None)

    def _next_page(self) -> ByokV1KeyList | None:
        page = self._fetched()
        self._handed_out += len(page.data or ()) if page else 0
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
        total = getattr(page.metadata, "total_size", None)
        self.total_size = total if isinstance(total, int) else self.total_size
        self._look_ahead(getattr(page.metadata, "next", None))
        return page

    def _look_ahead(self, link: object) -> None:
        """Take the token from a link to the next page: relative, foreign or malformed."""
        token = page_token_in(link)
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
