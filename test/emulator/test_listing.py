"""Listing: order, filters, pages, and the tokens that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.calling import ARN, AWS, AZURE, GCP, KEYS, Caller
from openapi_client.testing import ByokEmulator, ValidationStep
from support.properties import examples


def token_of(link: str) -> str:
    """The page token in a link."""
    return parse_qs(urlsplit(link).query)["page_token"][0]


def test_the_newest_key_comes_first(emulator: ByokEmulator, call: Caller) -> None:
    """The newest key comes first."""
    oldest, *_, newest = ids = emulator.seed(5)

    assert call.list() == ids[::-1]
    assert [key["id"] for key in emulator.keys] == ids[::-1]
    assert (call.list()[0], call.list()[-1]) == (newest, oldest)


@pytest.mark.parametrize(("query", "sizes"), [("", [10, 10, 3]), ("page_size=23", [23])])
def test_pages_hold_ten_keys_by_default(
    emulator: ByokEmulator, call: Caller, query: str, sizes: list[int]
) -> None:
    """A page holds ten keys unless told otherwise."""
    emulator.seed(23)

    pages = list(call.pages(query))

    assert [len(page["data"]) for page in pages] == sizes
    assert {page["metadata"]["total_size"] for page in pages} == {23}
    assert "next" not in pages[-1]["metadata"]


def test_first_leads_back_to_the_beginning(emulator: ByokEmulator, call: Caller) -> None:
    """Each page links to the first one."""
    emulator.seed(5)
    *_, last = pages = list(call.pages("page_size=2&provider=AWS"))

    assert call("GET", last["metadata"]["first"]).json()["data"] == pages[0]["data"]


def test_an_empty_listing_is_a_page(call: Caller) -> None:
    """A listing without keys is a page without keys."""
    page = call("GET", KEYS).json()

    assert (page["data"], page["metadata"]["total_size"]) == ([], 0)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("provider=AWS", "aws"),
        ("provider=Azure", "azure"),
        ("provider=AZURE", ""),
        ("provider=", "gcp azure aws"),
        ("state=IN_USE", "azure"),
        ("state=in_use", ""),
        ("display_name=BILL", "azure aws"),
        ("display_name=stra%C3%9Fe", "gcp"),
        ("display_name=STRASSE", "gcp"),
        ("validation_phase=INVALID", "azure"),
        ("validation_phase=invalid", ""),
        ("validation_region=us-west-2", "aws"),
        ("validation_region=us-west", ""),
        ("validation_region=us-central1", "gcp"),
        ("key=VAULT-name", "azure"),
        ("key=kms:us", "aws"),
        ("key=cryptoKeys/k", "gcp"),
        ("key=111122223333&provider=GCP", ""),
        ("display_name=bill&state=AVAILABLE", "aws"),
        ("unknown=1&provider=AWS", "aws"),
        ("display_name=a+b", ""),
    ],
)
def test_filters_select(emulator: ByokEmulator, call: Caller, query: str, expected: str) -> None:
    """Each filter selects the keys it describes."""
    ids = {
        call.create(AWS, display_name="Billing")["id"]: "aws",
        call.create(AZURE, display_name="old billing")["id"]: "azure",
        call.create(GCP, display_name="Straße")["id"]: "gcp",
    }
    aws, azure, gcp = ids
    emulator.mark_in_use(azure)
    emulator.validate(aws, "VALID")
    emulator.validate(azure, "INVALID", "key access denied")
    emulator.validate(gcp, "VALID")

    found = call.list(query)

    assert " ".join(ids[key_id] for key_id in found) == expected
    assert call("GET", f"{KEYS}?{query}").json()["metadata"]["total_size"] == len(found)


def test_a_listing_sees_every_change(emulator: ByokEmulator, call: Caller) -> None:
    """A filtered listing shows every change at once."""
    [key_id] = emulator.seed()
    queries = ["state=AVAILABLE", "validation_phase=INITIALIZING", "display_name=new"]

    assert [len(call.list(query)) for query in queries] == [1, 1, 0]
    emulator.mark_in_use(key_id)
    emulator.validate(key_id, "VALID")
    call("PATCH", f"{KEYS}/{key_id}", {"display_name": "new"})
    assert [len(call.list(query)) for query in queries] == [0, 0, 1]
    emulator.release(key_id)
    call("DELETE", f"{KEYS}/{key_id}")
    assert [len(call.list(query)) for query in queries] == [0, 0, 0]
    call.create(display_name="newest")
    assert [len(call.list(query)) for query in queries] == [1, 1, 1]


def test_more_filters_than_are_remembered_still_work(emulator: ByokEmulator, call: Caller) -> None:
    """Any number of different filters may be used."""
    ids = emulator.seed(40, provider="GCP")
    ends = [key["key"]["key_id"].rpartition("/")[2] for key in reversed(emulator.keys)]

    for _ in range(2):
        assert [call.list(f"key={end}")[-1] for end in ends] == ids


@pytest.mark.parametrize(
    "size", ["0", "101", "-1", "1.0", "ten", "", "+5", " 5", "1_0", "5%00", "٣", "9" * 30, "1e1"]
)
def test_a_page_size_is_1_to_100(call: Caller, size: str) -> None:
    """A page size outside of 1 to 100 is refused."""
    answer = call("GET", f"{KEYS}?{urlencode({'page_size': size}).replace('%2500', '%00')}")

    assert answer.status == 400
    assert answer.error["code"] == "invalid_filter"
    assert answer.error["source"] == {"parameter": "page_size"}


@pytest.mark.parametrize("query", ["page_size=1&page_size=2", "state=A&state=B"])
def test_a_parameter_is_given_once(call: Caller, query: str) -> None:
    """A parameter that is repeated is refused."""
    answer = call("GET", f"{KEYS}?{query}")

    assert (answer.status, answer.error["source"]["parameter"]) == (400, query.partition("=")[0])


def test_a_query_is_utf_8(call: Caller) -> None:
    """A query that is not UTF-8 is refused."""
    assert call("GET", f"{KEYS}?display_name=%ff").status == 400


@pytest.mark.parametrize("token", ["garbled", "%00", "é", "a" * 256, "A" * 40, "next_page=2", "="])
def test_a_token_that_was_not_issued_is_refused(call: Caller, token: str) -> None:
    """A token that was never issued is refused."""
    answer = call("GET", f"{KEYS}?{urlencode({'page_token': token})}")

    assert answer.status == 400
    assert answer.error["source"] == {"parameter": "page_token"}


def test_a_token_with_any_sign_changed_is_refused(emulator: ByokEmulator, call: Caller) -> None:
    """A token with a single sign changed is refused."""
    emulator.seed(11)
    token = token_of(call("GET", KEYS).json()["metadata"]["next"])

    for place, sign in enumerate(token):
        garbled = token[:place] + ("A" if sign != "A" else "B") + token[place + 1 :]
        assert call("GET", f"{KEYS}?page_token={garbled}").status == 400
    assert call("GET", f"{KEYS}?page_token={token}").status == 200
    assert len(token) <= 255


def test_a_token_expires(still: ByokEmulator, still_call: Caller) -> None:
    """A token is accepted for its lifetime, and not longer."""
    still.settings.page_token_lifetime = 60
    still.seed(11)
    link = still_call("GET", KEYS).json()["metadata"]["next"]

    still.advance(59.999_999_999)
    assert still_call("GET", link).status == 200
    still.advance(0.000_000_001)
    answer = still_call("GET", link)
    assert (answer.status, answer.error["source"]) == (400, {"parameter": "page_token"})


def test_clear_makes_tokens_worthless(emulator: ByokEmulator, call: Caller) -> None:
    """After clear no token is accepted."""
    emulator.seed(11)
    link = call("GET", KEYS).json()["metadata"]["next"]

    emulator.clear()

    assert call("GET", link).status == 400


def test_a_token_carries_filters_and_size(emulator: ByokEmulator, call: Caller) -> None:
    """A link that is followed verbatim keeps filters and page size."""
    emulator.seed(5)
    emulator.seed(5, provider="GCP")
    link = call("GET", f"{KEYS}?provider=AWS&page_size=3").json()["metadata"]["next"]

    assert urlsplit(link).query.startswith("page_token=")
    for extra in ("", "&provider=AWS", "&provider=GCP"):
        page = call("GET", link + extra).json()
        assert [key["provider"] for key in page["data"]] == ["AWS", "AWS"]
    assert len(call("GET", link + "&page_size=1").json()["data"]) == 1


def test_an_empty_token_is_none(emulator: ByokEmulator, call: Caller) -> None:
    """An empty token asks for the first page."""
    emulator.seed(2)
    assert len(call("GET", f"{KEYS}?page_token=").json()["data"]) == 2


def test_pages_neither_repeat_nor_skip_when_keys_come_and_go(
    emulator: ByokEmulator, call: Caller
) -> None:
    """Whoever walks through the pages sees each key that was there all the time, once."""
    ids = emulator.seed(9)[::-1]
    pages = call.pages("page_size=3")
    seen = [key["id"] for key in next(pages)["data"]]

    emulator.seed(2)
    call("DELETE", f"{KEYS}/{ids[0]}")
    call("DELETE", f"{KEYS}/{ids[4]}")

    seen += [key["id"] for page in pages for key in page["data"]]
    assert seen == [*ids[:4], *ids[5:]]


def test_walking_through_many_keys(emulator: ByokEmulator, call: Caller) -> None:
    """A listing of many keys shows each of them once."""
    ids = emulator.seed(5000)

    assert call.list("page_size=100&provider=AWS") == ids[::-1]


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[ByokEmulator, Caller]]:
    """An emulator with some keys of every sort, which are not changed."""
    with ByokEmulator() as emulator:
        emulator.seed(
            {
                "key": {"kind": kind, "key_arn" if kind == "AwsKey" else "key_id": identifier},
                "display_name": name,
                "state": state,
                "validation": {"phase": phase},
            }
            for kind, identifier in [("AwsKey", ARN), ("GcpKey", "projects/P"), ("X", "y")]
            for name in ("alpha", "ALPHA beta", None)
            for state in ("AVAILABLE", "IN_USE")
            for phase in ("VALID", "INVALID")
        )
        caller = Caller(emulator)
        yield emulator, caller
        caller.close()


PARTS = {
    "provider": st.sampled_from(["AWS", "Azure", "UNKNOWN", "aws"]),
    "state": st.sampled_from(["AVAILABLE", "IN_USE", "in_use"]),
    "display_name": st.sampled_from(["alpha", "BETA", "z"]),
    "validation_phase": st.sampled_from(["VALID", "INVALID"]),
    "key": st.sampled_from(["ARN", "projects", "P", "q"]),
}


def passes(key: dict[str, Any], query: dict[str, str]) -> bool:
    """Whether a key passes filters, told in the simplest way."""
    name, identifier = key["display_name"] or "", list(key["key"].values())
    return all(
        [
            query.get("provider", key["provider"]) == key["provider"],
            query.get("state", key["state"]) == key["state"],
            query.get("validation_phase", key["validation"]["phase"]) == key["validation"]["phase"],
            query.get("display_name", "").lower() in name.lower(),
            any(query.get("key", "").lower() in str(part).lower() for part in identifier[1:2]),
        ]
    )


@examples(100, shared_fixture=True)
@given(
    query=st.fixed_dictionaries({}, optional=PARTS),
    size=st.integers(min_value=1, max_value=40),
)
def test_every_combination_of_filters_and_sizes_lists_the_same(
    filled: tuple[ByokEmulator, Caller], query: dict[str, str], size: int
) -> None:
    """Which keys are listed depends on the filters alone, never on the page size."""
    emulator, call = filled

    listed = call.list(urlencode({**query, "page_size": size}))

    assert listed == [key["id"] for key in emulator.keys if passes(key, query)]


def created_at(moment: str) -> dict[str, Any]:
    """A key as it was created at some moment."""
    return {"metadata": {"created_at": moment}}


def test_seeded_keys_are_in_the_order_of_their_creation(
    emulator: ByokEmulator, call: Caller
) -> None:
    """Keys that were copied from a listing come back in the order of that listing."""
    third, first, second, half, quarter = emulator.seed(
        [
            created_at("2024-01-01T00:00:00Z"),
            created_at("2024-01-03T00:00:00.000000001Z"),
            created_at("2024-01-02T20:00:00-04:00"),
            created_at("2024-01-01T00:00:00.5+00:00"),
            created_at("2024-01-01T00:00:00.25Z"),
        ]
    )
    [newest] = emulator.seed()

    expected = [newest, first, second, half, quarter, third]
    assert call.list() == expected
    assert call.list("page_size=2") == expected
    assert [key["id"] for key in emulator.keys] == expected


@pytest.mark.parametrize(
    "moment",
    ["", None, 7, "yesterday", "2024-01-01", "2024-13-01T00:00:00Z", "2024-01-01T00:00:60Z"],
)
def test_a_key_without_a_time_of_creation_is_new(
    emulator: ByokEmulator, call: Caller, moment: Any
) -> None:
    """Seeds of any form are listed, after those that are sure to be older."""
    [old, odd] = emulator.seed([created_at("2024-01-01T00:00:00Z"), created_at(moment)])

    assert call.list("page_size=1") == [odd, old]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_times_may_be_far_away(emulator: ByokEmulator, call: Caller, moment: str) -> None:
    """Keys with times that no clock shows are listed like all others."""
    ids = emulator.seed([created_at(moment), {}])

    assert sorted(call.list("page_size=1")) == sorted(ids)


def test_listings_may_lag_behind(still: ByokEmulator, still_call: Caller) -> None:
    """A list that is set to lag shows each change only after that time."""
    [seeded] = still.seed()
    still.settings.list_lag = 30

    created = still_call.create()["id"]
    still_call("DELETE", f"{KEYS}/{seeded}")
    assert still_call.list() == [seeded]
    assert still_call("GET", f"{KEYS}/{seeded}").status == 404
    assert still_call("GET", f"{KEYS}/{created}").status == 200
    assert still_call("POST", KEYS, {"key": AWS}).status == 409

    still.advance(29.999_999_999)
    assert still_call.list() == [seeded]
    still_call("PATCH", f"{KEYS}/{created}", {"display_name": "new"})
    still.advance(0.000_000_001)
    assert still_call.list() == [created]
    assert still_call.list("display_name=new") == []
    still.advance(30)
    assert still_call.list("display_name=new") == [created]


def test_a_lag_can_be_lifted(still: ByokEmulator, still_call: Caller) -> None:
    """Once a list is up to date again, it shows everything in its last state."""
    still.settings.list_lag = 30
    created = still_call.create()["id"]
    still_call("PATCH", f"{KEYS}/{created}", {"display_name": "new"})
    assert still_call.list() == []

    still.settings.list_lag = 0

    assert still_call.list("display_name=new") == [created]
    still.advance(60)
    assert still_call.list("display_name=new") == [created]


def test_what_happens_to_a_deleted_key_does_not_bring_it_back(
    still: ByokEmulator, still_call: Caller
) -> None:
    """A key whose principals or validation were still to come stays deleted."""
    still.settings.principals_delay = 5
    still.settings.validation = [ValidationStep("VALID", seconds=5)]
    created = still_call.create()["id"]
    still_call("DELETE", f"{KEYS}/{created}")

    still.advance(10)

    assert (still_call.list(), still.keys) == ([], [])


def test_very_many_tokens_do_not_fill_the_memory(
    emulator: ByokEmulator, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A campaign of any length runs; only tokens from long before are forgotten."""
    monkeypatch.setattr("openapi_client.testing._store.listing._TOKENS_KEPT", 10)
    emulator.seed(3)
    link = call("GET", f"{KEYS}?page_size=1").json()["metadata"]["next"]
    assert call("GET", link).status == 200

    for _ in range(10):
        call("GET", KEYS)

    assert call("GET", link).status == 400
    assert len(call.list("page_size=1")) == 3
