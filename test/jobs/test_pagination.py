"""All keys of a list: lazily, each once, whatever the links to the next page are like."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import (
    ApiResponseException,
    ApiTypeError,
    ApiValueError,
    BadRequestException,
    ByokV1KeyList,
    ByokV1UnknownKey,
    KeyIterator,
    KeysByokV1Api,
    ServiceException,
)
from openapi_client.testing import ByokEmulator
from support.recorder import RecordingServer
from support.replies import Reply, Step, json_reply
from support.wire import Request

from .conftest import Connect

_LIST = "/byok/v1/keys"
_ODD_ENDS = ["last_page_empty", "last_page_null", "next_null", "next_empty"]
_ODD_LINKS = ["next_relative", "next_malformed", "next_other_host"]
_ODD_PAGES = ["short_pages", "total_size_missing", "filters_not_in_token", "unknown_fields"]


def _page(ids: Any, link: object) -> dict[str, Any]:
    keys = [{"id": id, "key": {"kind": "AwsKey", "key_arn": f"arn:{id}"}} for id in ids]
    return {"api_version": "byok/v1", "kind": "KeyList", "metadata": {"next": link}, "data": keys}


def _token(request: Request) -> str | None:
    return parse_qs(request.query).get("page_token", [None])[0]


def _listing(pages: Mapping[str | None, tuple[str, object]]) -> Callable[[Request], Step]:
    """Answers each page token with a page: the ids on it, a character each, and its link."""
    return lambda request: json_reply(200, _page(*pages[_token(request)]))


def _to(token: str) -> str:
    return f"https://api.confluent.cloud/byok/v1/keys?page_token={token}"


def _ids(keys: KeyIterator) -> str:
    return "".join(key.id for key in keys)


def test_each_key_comes_once_in_the_order_of_the_service(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A report on all keys has each of them once."""
    newest_first = emulator.seed(25)[::-1]
    assert [key.id for key in api.iter_byok_v1_keys(page_size=10)] == newest_first
    assert [key.id for key in api.iter_byok_v1_keys(page_size=5)] == newest_first
    assert len(emulator.requests) == 3 + 5, "the end of the last page is known without asking"


def test_no_keys_at_all(api: KeysByokV1Api) -> None:
    """A list without keys is an empty one."""
    keys = api.iter_byok_v1_keys()
    assert list(keys) == []
    assert keys.done
    assert next(keys, None) is None


def test_page_is_asked_for_when_its_first_key_is_wanted(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """Looking for one key among the newest takes one call."""
    emulator.seed(25)
    keys = api.iter_byok_v1_keys(page_size=10)
    assert emulator.requests == []
    calls = [len(emulator.requests) for _ in keys]
    assert calls == [1] * 10 + [2] * 10 + [3] * 5


@pytest.mark.parametrize("shape", [*_ODD_ENDS, *_ODD_LINKS, *_ODD_PAGES])
def test_odd_lists_are_complete(emulator: ByokEmulator, api: KeysByokV1Api, shape: str) -> None:
    """A list of another shape than usual is complete, and ends."""
    newest_first = emulator.seed(20)[::-1]
    emulator.odd(shape)
    assert [key.id for key in api.iter_byok_v1_keys(page_size=8)] == newest_first


def test_all_oddities_at_once(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Odd shapes are met together as well as alone."""
    newest_first = emulator.seed(20)[::-1]
    emulator.odd("next_relative", "next_malformed", "last_page_null", "short_pages")
    assert [key.id for key in api.iter_byok_v1_keys(page_size=8)] == newest_first


def test_empty_page_in_the_middle_is_passed_over(connect: Connect) -> None:
    """Keys after a page without any are found."""
    pages = {None: ("ab", _to("1")), "1": ("", _to("2")), "2": ("", _to("3")), "3": ("c", None)}
    with RecordingServer(_listing(pages)) as server:
        assert _ids(connect(server.url).iter_byok_v1_keys()) == "abc"


def test_filters_and_options_are_sent_for_every_page(connect: Connect) -> None:
    """All pages hold what was asked for, and nothing else."""
    filters: dict[str, Any] = {
        "provider": "AWS",
        "state": "IN_USE",
        "display_name": "a b",
        "validation_phase": "VALID",
        "validation_region": "eu-west-1",
        "key": "arn:aws",
        "page_size": 7,
    }
    sent = {name: [str(value)] for name, value in filters.items()}
    with RecordingServer(_listing({None: ("a", _to("t")), "t": ("b", None)})) as server:
        api = connect(server.url)
        assert _ids(api.iter_byok_v1_keys(**filters, _headers={"X-Trace": "7"})) == "ab"
        first, second = server.requests
    assert parse_qs(first.query) == sent
    assert parse_qs(second.query) == {**sent, "page_token": ["t"]}
    assert [first.header("X-Trace"), second.header("X-Trace")] == ["7", "7"]


def test_only_the_configured_host_is_asked(connect: Connect) -> None:
    """A link to another host gets no credentials."""
    with (
        RecordingServer(lambda request: json_reply(200, _page("x", None))) as foreign,
        RecordingServer(
            _listing({None: ("a", f"{foreign.url}{_LIST}?page_token=t"), "t": ("b", None)})
        ) as server,
    ):
        assert _ids(connect(server.url).iter_byok_v1_keys()) == "ab"
        assert foreign.requests == []


@pytest.mark.parametrize("link", [_to("1"), _to("2")], ids=["to itself", "in a circle"])
def test_endless_list_ends_with_an_error(connect: Connect, link: str) -> None:
    """A list that does not end is told, and no part is taken for the whole."""
    pages = {None: ("a", _to("1")), "1": ("b", _to("2")), "2": ("c", link)}
    with RecordingServer(_listing(pages)) as server:
        keys = connect(server.url).iter_byok_v1_keys()
        assert [key.id for key in islice(keys, 3)] == ["a", "b", "c"], "nothing that came is lost"
        for _ in range(2):
            with pytest.raises(ApiResponseException, match="token came again"):
                next(keys)
        assert len(server.requests) == 3
        assert (keys.next_page_token, keys.done) == ("2", False)


def test_repeated_link_of_the_emulator_ends_with_an_error(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A list whose second page links to itself ends with an error, also page by page."""
    emulator.seed(30)
    emulator.odd("next_repeats")
    pages = api.iter_byok_v1_keys(page_size=10).pages()
    assert [len(page.data) for page in islice(pages, 2)] == [10, 10]
    with pytest.raises(ApiResponseException, match="token came again"):
        next(pages)


@pytest.mark.parametrize("link", ["/byok/v1/keys", "/byok/v1/keys?page_token=", "?token=t", 7])
def test_link_without_a_token_ends_with_an_error(connect: Connect, link: object) -> None:
    """The first page is not taken for all there is."""
    with RecordingServer(_listing({None: ("a", link)})) as server:
        keys = connect(server.url).iter_byok_v1_keys()
        assert next(keys).id == "a"
        with pytest.raises(ApiResponseException, match="no page_token"):
            next(keys)
        assert keys.next_page_token is None
        assert not keys.done, "so None does not mean the end"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b'{"data": "text"}', b'{"data": {"id": "a"}}'])
def test_page_that_is_no_list_is_an_error(connect: Connect, body: bytes) -> None:
    """A broken answer does not pass for an organization without keys."""
    with RecordingServer(lambda request: Reply(200, body=body)) as server:
        keys = connect(server.url).iter_byok_v1_keys()
        with pytest.raises(ApiResponseException, match="no list of keys|no JSON object"):
            next(keys)
        with pytest.raises(ApiResponseException, match="no list of keys|no JSON object"):
            next(keys.pages())


def test_failure_midway_can_be_tried_again(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """After a failing call, `next` goes on where the list stood."""
    newest_first = emulator.seed(6)[::-1]
    keys = api.iter_byok_v1_keys(page_size=2)
    got = [next(keys).id for _ in range(2)]
    emulator.fail_next(500)
    with pytest.raises(ServiceException):
        next(keys)
    assert [*got, *(key.id for key in keys)] == newest_first


def test_failure_midway_does_not_end_the_pages(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """After a failing call, the pages go on where they stood."""
    newest_first = emulator.seed(6)[::-1]
    pages = api.iter_byok_v1_keys(page_size=2).pages()
    got = [next(pages)]
    emulator.fail_next(500)
    with pytest.raises(ServiceException):
        next(pages)
    got += pages
    assert [key.id for page in got for key in page.data] == newest_first
    assert next(pages, None) is None


def test_pages_and_their_metadata(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A list can be read page by page, each with its metadata."""
    newest_first = emulator.seed(5)[::-1]
    keys = api.iter_byok_v1_keys(page_size=2)
    pages = list(keys.pages())
    assert [[key.id for key in page.data] for page in pages] == [
        newest_first[:2],
        newest_first[2:4],
        newest_first[4:],
    ]
    assert [page.metadata.total_size for page in pages] == [5, 5, 5]
    assert (keys.done, next(keys, None)) == (True, None)


def test_pages_after_some_keys_skip_none(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A page that was begun is finished, also when the rest is read page by page."""
    newest_first = emulator.seed(6)[::-1]
    keys = api.iter_byok_v1_keys(page_size=2)
    got = [next(keys).id]
    got += [key.id for page in keys.pages() for key in page.data]
    assert not keys.done
    resumed = api.iter_byok_v1_keys(page_size=2, page_token=keys.next_page_token)
    assert newest_first[1] in [key.id for key in resumed]
    got += [key.id for key in keys]
    assert sorted(got) == sorted(newest_first)
    assert keys.done


def test_another_process_goes_on_from_the_token(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A job that was interrupted goes on where it stood."""
    newest_first = emulator.seed(6)[::-1]
    keys = api.iter_byok_v1_keys(page_size=2)
    assert keys.next_page_token is None
    midway = [next(keys).id for _ in range(3)]
    resumed = api.iter_byok_v1_keys(page_size=2, page_token=keys.next_page_token)
    assert [*midway[:2], *(key.id for key in resumed)] == newest_first
    next(keys)
    resumed = api.iter_byok_v1_keys(page_size=2, page_token=keys.next_page_token)
    assert [key.id for key in resumed] == newest_first[4:], "a page that was handed out is over"


def test_unknown_kinds_of_keys_come_too(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A key of a new cloud does not end the list."""
    emulator.seed([{"key": {"kind": "OciKey", "ocid": "o"}}, {"display_name": "no key at all"}])
    nameless, unknown = api.iter_byok_v1_keys()
    assert nameless.display_name == "no key at all"
    assert isinstance(unknown.key.actual_instance, ByokV1UnknownKey)


def test_resuming_where_no_list_stood_is_refused_by_the_service(api: KeysByokV1Api) -> None:
    """A token that has expired does not begin the list anew."""
    with pytest.raises(BadRequestException, match="page_token"):
        next(api.iter_byok_v1_keys(page_token="expired"))


def test_wrong_arguments_are_refused_where_they_are_given(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A slip shows on the line that made it, and not where the first key is wanted."""
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"limit": 2}, ApiTypeError, "limit"),
        ({"page_size": 0}, ApiValueError, "page_size"),
        ({"page_size": "2"}, ApiTypeError, "page_size"),
        ({"provider": 7}, ApiTypeError, "provider"),
        ({"page_token": "x" * 256}, ApiValueError, "page_token"),
        ({"_headers": "text"}, ApiTypeError, "_headers"),
    ]
    for arguments, kind, name in wrong:
        with pytest.raises(kind, match=name):
            api.iter_byok_v1_keys(**arguments)
    assert emulator.requests == []


def test_total_is_known_after_the_first_page(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A progress bar knows its end."""
    emulator.seed(25)
    keys = api.iter_byok_v1_keys(page_size=10)
    sizes = [keys.total_size]
    next(keys)
    assert [*sizes, keys.total_size] == [None, 25]
    emulator.odd("total_size_missing")
    unknown = api.iter_byok_v1_keys()
    next(unknown)
    assert unknown.total_size is None


def test_total_is_kept_where_a_later_page_is_silent() -> None:
    """A progress bar does not lose its end on the way; a total that is no number is none."""
    first, second = _page("a", _to("t")), _page("b", None)
    first["metadata"]["total_size"], second["metadata"]["total_size"] = 2, "two"
    keys = KeyIterator(lambda token: ByokV1KeyList.from_dict(second if token else first))
    assert (_ids(keys), keys.total_size) == ("ab", 2)


def test_link_to_a_page_does_as_its_token(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """``metadata.next`` can be given as it is."""
    newest_first = emulator.seed(30)[::-1]
    link = api.list_byok_v1_keys(page_size=2).metadata.next
    assert link
    assert "://" in link
    keys = api.iter_byok_v1_keys(page_size=2, page_token=link)
    assert [key.id for key in keys] == newest_first[2:]
    long = f"https://{'host.' * 60}test/byok/v1/keys?page_token=t"
    assert api.iter_byok_v1_keys(page_token=long).next_page_token == "t"
    assert KeyIterator(_Fetch([1]), link).next_page_token not in {None, link}


def test_iterator_shows_where_it_stands(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A log line or a debugger tells what is iterated over and how far it came."""
    emulator.seed(3)
    keys = api.iter_byok_v1_keys(state="AVAILABLE", page_size=2)
    assert repr(keys) == (
        "KeyIterator(state='AVAILABLE', page_size=2, handed_out=0, total_size=None, "
        "next_page_token=None, done=False)"
    )
    next(keys)
    assert "handed_out=1, total_size=3" in repr(keys)
    assert len(list(keys.pages())) == 1
    list(keys)
    assert repr(keys).endswith("handed_out=3, total_size=3, next_page_token=None, done=True)")


class _Fetch:
    """Hands out pages of given sizes, the keys on them numbered throughout."""

    def __init__(self, sizes: list[int]) -> None:
        self.pages: list[list[int]] = []
        for size in sizes:
            start = sum(map(len, self.pages))
            self.pages.append(list(range(start, start + size)))

    def __call__(self, token: str | None) -> object:
        at = int(token or 0)
        link = f"{_LIST}?page_token={at + 1}" if at + 1 < len(self.pages) else None
        return ByokV1KeyList.from_dict(_page([str(key) for key in self.pages[at]], link))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(0, 24), st.booleans())
def test_resumption_misses_nothing(sizes: list[int], taken: int, by_page: bool) -> None:
    """Wherever a job is interrupted, no key is missed and at most a page repeated."""
    fetch = _Fetch(sizes)
    everything = list(range(sum(sizes)))
    keys = KeyIterator(fetch)
    if by_page:
        got = [int(key.id) for page in islice(keys.pages(), taken) for key in page.data]
    else:
        got = [int(key.id) for key in islice(keys, taken)]
    assert got == everything[: len(got)]
    if keys.done:
        assert (got, keys.next_page_token) == (everything, None)
        return
    rest = [int(key.id) for key in KeyIterator(fetch, keys.next_page_token)]
    assert rest == everything[len(everything) - len(rest) :]
    repeated = len(got) + len(rest) - len(everything)
    assert 0 <= repeated <= max(sizes)


@given(
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.sampled_from([quote, quote_plus]),
    st.sampled_from(
        [
            "https://api.confluent.cloud/byok/v1/keys?page_token={}",
            "http://other.test/api/byok/v1/keys/?page_size=7&page_token={}&key=page_token=x#top",
            "/byok/v1/keys?key=previous_page_token=x&page_token={}",
            "?page_token={}",
            "page_token={}",
            "https://api.confluent.cloud/byok/v1/keyspage_token={}&page_size=7",
        ]
    ),
)
def test_token_of_any_link(token: str, encode: Callable[[str], str], link: str) -> None:
    """A token with signs that have a meaning in URLs gets its page."""
    wanted: list[str | None] = []

    def fetch(asked: str | None) -> object:
        wanted.append(asked)
        return ByokV1KeyList.from_dict(_page("a", None if asked else link.format(encode(token))))

    assert _ids(KeyIterator(fetch)) == "aa"
    assert wanted == [None, token]
