"""Registering a key once: however often it is asked for, and whatever becomes of the requests."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain, repeat
from typing import Any, NoReturn

import pytest

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiException,
    ApiResponseException,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    ConflictException,
    CreateByokV1KeyRequest,
    EnsuredByokV1Key,
    ForbiddenException,
    KeyMismatchException,
    KeysByokV1Api,
    PaymentRequiredException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
    UnprocessableEntityException,
)
from openapi_client.testing import ByokEmulator
from openapi_client.testing._faults.faults import When
from support.clock import FakeClock
from support.fault_proxy import FaultyProxy, Plan, SpoilAnswer
from support.faults import Drop, Silence, cut_body
from support.recorder import RecordingServer
from support.replies import Reply, Step, html_reply, json_reply
from support.wire import Request

from .conftest import Connect

Choose = Callable[[Request], Plan]
Through = Callable[[Choose], KeysByokV1Api]
_KEYS = "/byok/v1/keys"
_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_AWS = {"kind": "AwsKey", "key_arn": _ARN}
_OTHER = {"kind": "AwsKey", "key_arn": f"{_ARN}0"}
_AZURE = {
    "kind": "AzureKey",
    "key_id": "https://vault-name.vault.azure.net/keys/key-name",
    "key_vault_id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
    "tenant_id": "00000000-0000-0000-0000-00000000abcd",
}
_GCP = {"kind": "GcpKey", "key_id": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}
_ACCEPTED = pytest.mark.parametrize("key", [_AWS, _AZURE, _GCP], ids=["AWS", "Azure", "GCP"])
# The pipeline is about to refuse JSON that is no object; then these pass, and the mark goes.
# What may be said of a request whose outcome is then unknown, and what is known of it.
_UNKNOWN = pytest.mark.parametrize("status", [None, 408, 500, 502, 503, 504])


def _ensure(api: KeysByokV1Api, key: object = _AWS, **options: Any) -> EnsuredByokV1Key:
    return api.ensure_byok_v1_key(CreateByokV1KeyRequest.from_dict({"key": key}), **options)


def _methods(emulator: ByokEmulator) -> str:
    return " ".join(request.method for request in emulator.requests)


def _count(emulator: ByokEmulator) -> int:
    """How many registrations the service has seen."""
    return sum(request.method == "POST" for request in emulator.requests)


def _spoil(emulator: ByokEmulator, status: int | None, when: When, *, times: int = 1) -> None:
    """Have a status, or no answer at all, come in place of the answer to a registration."""
    if status is None:
        emulator.drop_next(when, method="POST", times=times)
    else:
        emulator.fail_next(status, when=when, method="POST", times=times)


def _planned(*plans: Plan) -> Choose:
    """One plan for each request, in their order; those after the last pass."""
    coming = iter(plans)
    return lambda request: next(coming, None)


def _posts(*plans: Plan) -> Choose:
    """One plan for each registration, in their order; all else passes."""
    coming = iter(plans)
    return lambda request: next(coming, None) if request.method == "POST" else None


@pytest.fixture
def through(emulator: ByokEmulator, connect: Connect) -> Iterator[Through]:
    """Makes an API whose requests to the emulator go wrong as planned."""
    with ExitStack() as proxies:

        def make(choose: Choose) -> KeysByokV1Api:
            proxy = proxies.enter_context(FaultyProxy(emulator.url, choose))
            return connect(
                proxy.url, username=emulator.api_key, password=emulator.api_secret, retries=False
            )

        yield make


class _Service:
    """A service that keeps the answers to its three operations as they are set."""

    def __init__(self) -> None:
        self.listed: list[Any] = []
        self.post: Step = json_reply(409, {})
        self.read: Step | None = None
        """The answer to a read; where there is none, the listed key, or 404."""

    def __call__(self, request: Request) -> Step:
        if request.method == "POST":
            return self.post
        if request.path == _KEYS:
            return json_reply(200, {"data": self.listed, "metadata": {}})
        return self.read or self._stored(request.path.rpartition("/")[2])

    def _stored(self, id: str) -> Step:
        found = [key for key in self.listed if isinstance(key, dict) and key.get("id") == id]
        return json_reply(200, found[0]) if found else json_reply(404, {})


@_ACCEPTED
def test_key_is_registered_once(
    emulator: ByokEmulator, api: KeysByokV1Api, key: dict[str, Any]
) -> None:
    """A job that runs a second time finds the key that the first run registered."""
    first = _ensure(api, key)
    assert (first.created, first.key.id) == (True, emulator.keys[0]["id"])
    assert first.key.state == "AVAILABLE"
    second = _ensure(api, key)
    assert (second.created, second.key.id) == (False, first.key.id)
    assert second.key.key == first.key.key
    assert _count(emulator) == 1


def test_whole_request_is_sent(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """The display name goes with a new key, and does not change one that was there."""
    request: dict[str, Any] = {"key": _AWS, "display_name": "billing"}
    assert api.ensure_byok_v1_key(request).key.display_name == "billing"
    assert (
        api.ensure_byok_v1_key({"key": _AWS, "display_name": "new"}).key.display_name == "billing"
    )


def test_registered_key_is_not_touched(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A key that is there costs one look at the list and one at the key, and no write."""
    (id,) = emulator.seed([{"key": _AWS}])
    assert _ensure(api).key.id == id
    assert [request.path for request in emulator.requests] == [_KEYS, f"{_KEYS}/{id}"]
    assert _methods(emulator) == "GET GET"


def test_neighbours_are_told_apart(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A key whose identifier begins like another's is registered."""
    emulator.seed([{"key": _OTHER}, {"key": {**_AWS, "key_arn": f"x{_ARN}"}}])
    ensured = _ensure(api)
    assert ensured.created
    assert ensured.key.key.to_dict()["key_arn"] == _ARN


def test_key_among_odd_ones_is_found(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Keys of an unknown kind hide none of the others."""
    ids = emulator.seed(
        [
            {"key": {"kind": "OciKey", "key_arn": _ARN}},
            {"key": _AWS},
            {"key": {"kind": "AwsKey", "key_arn": [_ARN]}},
        ]
    )
    assert _ensure(api).key.id == ids[1]


@pytest.mark.parametrize("odd", [None, "text", 7, [], {}, {"key": None}, {"key": "text"}])
def test_items_that_are_no_keys_do_not_matter(connect: Connect, odd: object) -> None:
    """A broken item of the list keeps no job from its key."""
    service = _Service()
    service.listed = [odd, {"id": "cck-7", "key": _AWS}]
    with RecordingServer(service) as server:
        assert _ensure(connect(server.url)).key.id == "cck-7"


def test_service_that_ignores_the_filter(emulator: ByokEmulator, connect: Connect) -> None:
    """A key is found, or registered, also with a service that knows no filter."""
    service = _Service()
    service.listed = [{"id": "cck-6", "key": _OTHER}, {"id": "cck-7", "key": _AWS}]
    with RecordingServer(service) as server:
        api = connect(server.url)
        assert _ensure(api).key.id == "cck-7"
        service.listed.pop()
        service.post = json_reply(201, {"id": "cck-8", "key": _AWS})
        assert _ensure(api).key.id == "cck-8"


@pytest.mark.parametrize(
    "registered",
    [
        "https://vault-name.vault.azure.net/keys/key-name/dd554e3117e74ed8bbcd43390e1e3824",
        "https://Vault-Name.vault.azure.net/keys/KEY-NAME",
        "https://vault-name.vault.azure.net:443/keys/key-name",
    ],
)
@pytest.mark.parametrize("is_case_blind", [True, False])
def test_azure_key_under_another_spelling(
    connect: Connect, registered: str, is_case_blind: bool
) -> None:
    """A version, a port or the case of a letter makes no second key in Azure."""
    service = _Service()

    def choose(request: Request) -> Step:
        told = request.query.partition("key=")[2]
        service.listed = [{"id": "cck-7", "key": {**_AZURE, "key_id": registered}}]
        if told and not is_case_blind:
            service.listed = []
        return service(request)

    upper = {name: value.upper() for name, value in _AZURE.items()} | {"kind": "AzureKey"}
    with RecordingServer(choose) as server:
        api = connect(server.url)
        for wanted in (_AZURE, {**_AZURE, "key_id": registered}, upper):
            ensured = _ensure(api, wanted)
            assert (ensured.created, ensured.key.id) == (False, "cck-7")
        assert {request.method for request in server.requests} == {"GET"}


@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize("field", ["tenant_id", "key_vault_id"])
def test_same_identifier_in_another_place(
    emulator: ByokEmulator, connect: Connect, field: str, is_listed: bool
) -> None:
    """A key of another tenant or vault is told as a mismatch, and not registered over."""
    registered = {"id": "cck-7", "key": {**_AZURE, field: "elsewhere"}}
    service = _Service()
    service.post = json_reply(409, {}, ("Location", f"{_KEYS}/cck-7"))
    service.read = json_reply(200, registered)
    service.listed = [registered] * is_listed
    with RecordingServer(service) as server:
        with pytest.raises(KeyMismatchException) as caught:
            _ensure(connect(server.url), _AZURE)
        assert len(server.requests) == (2 if is_listed else 3), "not registered over it, either"
    assert str(caught.value) == (
        f"key cck-7 differs: {field}: elsewhere is registered, {_AZURE[field]} was asked for"
    )
    assert caught.value.key.id == "cck-7"


def test_agreeing_key_beside_a_differing_one(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A job finds its own key beside one that somebody else has registered."""
    ids = emulator.seed([{"key": _AZURE}, {"key": {**_AZURE, "tenant_id": "elsewhere"}}])
    assert _ensure(api, _AZURE).key.id == ids[0]


def test_key_of_which_little_is_told_is_taken(connect: Connect) -> None:
    """A field that the service leaves out is no difference."""
    service = _Service()
    service.listed = [{"id": "cck-7", "key": {"kind": "AzureKey", "key_id": _AZURE["key_id"]}}]
    with RecordingServer(service) as server:
        assert _ensure(connect(server.url), _AZURE).key.id == "cck-7"


@_ACCEPTED
@pytest.mark.parametrize("shape", ["conflict_with_location", "conflict_without_location"])
def test_conflict_is_settled(
    emulator: ByokEmulator, connect: Connect, key: dict[str, Any], shape: str
) -> None:
    """Of two jobs that start together, the second finds the key of the first."""
    (id,) = emulator.seed([{"key": key}])
    emulator.seed(12)
    emulator.odd(shape)
    # As if the other job had been faster by the time between the look and the request.
    empty = json_reply(200, {"data": [], "metadata": {}})
    with RecordingServer(lambda request: empty) as server:
        api = connect(emulator.url, username=emulator.api_key, password=emulator.api_secret)
        first = api.api_client.rest_client

        class Before:
            def request(self, method: str, url: str, **sent: Any) -> Any:
                api.api_client.rest_client = first
                return first.request(method, url.replace(emulator.url, server.url), **sent)

        api.api_client.rest_client = Before()
        ensured = _ensure(api, key)
        assert len(server.requests) == 1
    assert (ensured.created, ensured.key.id) == (False, id)
    assert (_count(emulator), len(emulator.keys)) == (1, 13)


@pytest.mark.parametrize(
    "location",
    [
        f"{_KEYS}/cck-6",
        f"{_KEYS}/gone",
        f"{_KEYS}/..",
        f"{_KEYS}/",
        f"{_KEYS}/%00",
        f"{_KEYS}/{'x' * 300}",
        "/cmk/v2/clusters/lkc-1",
        "http://[bad/byok/v1/keys/cck-6",
    ],
)
@pytest.mark.parametrize("status", [200, 403, 404, 500])
def test_conflict_whose_location_does_not_help(
    connect: Connect, location: str, status: int
) -> None:
    """A wrong link does not hide the key that a conflict is about."""
    service = _Service()

    def choose(request: Request) -> Step:
        if request.method == "POST":
            service.listed = [{"id": "cck-7", "key": _AWS}]
            return json_reply(409, {}, ("Location", location))
        if request.path not in {_KEYS, f"{_KEYS}/cck-7"}:
            return json_reply(status, {"id": "cck-6", "key": _OTHER})
        return service(request)

    with RecordingServer(choose) as server:
        ensured = _ensure(connect(server.url, retries=False))
        assert (ensured.created, ensured.key.id) == (False, "cck-7")
        assert server.requests[-2].query == "page_size=100", "no filter hides it, either"
        assert all(request.path.startswith(_KEYS) for request in server.requests)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"null"] + [b"<html>"],
)
def test_key_at_the_location_cannot_be_read(connect: Connect, body: bytes) -> None:
    """A broken answer to a mere hint leaves the conflict as it is."""
    service = _Service()
    service.read = Reply(200, body=body)
    service.post = json_reply(409, {}, ("Location", f"{_KEYS}/cck-7"))
    with RecordingServer(service) as server, pytest.raises(ConflictException):
        _ensure(connect(server.url))


def test_conflict_about_something_else(connect: Connect, clock: FakeClock) -> None:
    """A refusal for another reason is raised, once the list has had time to catch up."""
    service = _Service()
    service.listed = [{"id": "cck-6", "key": _OTHER}]
    service.post = json_reply(409, {"errors": [{"detail": "the vault is locked"}]})
    with RecordingServer(service) as server:
        with pytest.raises(ConflictException, match="the vault is locked") as caught:
            _ensure(connect(server.url))
        methods = [request.method for request in server.requests]
        assert methods[:2] == ["GET", "POST"]
        assert {*methods[2:]} == {"GET"}
    assert not caught.value.outcome_unknown
    assert clock.slept == pytest.approx(120, rel=1e-3), "the list may lag behind the other key"


@_UNKNOWN
def test_registration_whose_answer_is_lost(
    emulator: ByokEmulator, api: KeysByokV1Api, status: int | None
) -> None:
    """A key whose registration was not answered is found, and counts as created."""
    _spoil(emulator, status, "after")
    ensured = _ensure(api)
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])
    assert _methods(emulator) == "GET POST GET GET"


@_UNKNOWN
def test_registration_that_was_lost(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, status: int | None
) -> None:
    """A request that never arrived is repeated, once it is clear that it left nothing."""
    _spoil(emulator, status, "before")
    ensured = _ensure(api)
    assert (ensured.created, len(emulator.keys)) == (True, 1)
    first, *looks, last = _methods(emulator).split()[1:]
    assert (first, {*looks}, last) == ("POST", {"GET"}, "POST")
    assert clock.slept == pytest.approx(120, rel=1e-3), "it might have been on its way"
    assert 15 <= len(looks) <= 40


def test_registration_that_is_answered_too_late(emulator: ByokEmulator, connect: Connect) -> None:
    """A slow answer makes no second key."""
    silence = SpoilAnswer(lambda answer: Silence())
    with FaultyProxy(emulator.url, _planned(None, silence)) as proxy:
        api = connect(
            proxy.url,
            username=emulator.api_key,
            password=emulator.api_secret,
            read_timeout=2.0,
        )
        ensured = _ensure(api)
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])
    assert _methods(emulator) == "GET POST GET GET"


def test_lost_registration_that_lags_behind(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A list that does not show a new key at once makes no second one."""
    _spoil(emulator, None, "before")

    def arrive(_: float) -> None:
        if clock.slept > 30 and not emulator.keys:
            emulator.seed([{"key": _AWS}])

    clock = api.api_client.clock = FakeClock(on_sleep=arrive)
    assert _ensure(api).created
    assert _count(emulator) == len(emulator.keys) == 1


@pytest.mark.parametrize("shape", ["conflict_with_location", "conflict_without_location"])
def test_lost_registration_that_goes_through_at_last(
    emulator: ByokEmulator, through: Through, shape: str
) -> None:
    """The first request may go through after all, and the key is found."""
    posts = iter(["lost", "overtaken"])

    def choose(request: Request) -> Plan:
        post = next(posts) if request.method == "POST" else None
        if post == "overtaken":
            emulator.seed([{"key": _AWS}])
        return Drop.after_reading() if post == "lost" else None

    emulator.odd(shape)
    ensured = _ensure(through(choose))
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])
    assert len(emulator.keys) == 1


def test_quota_that_the_lost_registration_has_used_up(
    emulator: ByokEmulator, through: Through
) -> None:
    """A quota that the job's own key has used up is no failure."""
    posts = iter(["lost", "overtaken"])

    def choose(request: Request) -> Plan:
        post = next(posts) if request.method == "POST" else None
        if post == "overtaken":
            emulator.seed([{"key": _AWS}])
            return json_reply(402, {})
        return Drop.after_reading() if post == "lost" else None

    ensured = _ensure(through(choose))
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])


@pytest.mark.parametrize(
    "trouble", [Drop.after_reading(reset=True), json_reply(500, {}), json_reply(429, {})]
)
def test_lookups_that_fail_are_repeated(
    emulator: ByokEmulator, through: Through, trouble: Plan
) -> None:
    """A second fault after the first is settled too."""
    lost = SpoilAnswer(lambda answer: Drop.after_reading())
    api = through(_planned(None, lost, *[trouble] * 6))
    ensured = _ensure(api)
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])
    assert _methods(emulator) == "GET POST GET GET"


def test_lookups_that_fail_prove_nothing(
    emulator: ByokEmulator, through: Through, clock: FakeClock
) -> None:
    """A request is repeated only after a look that showed that it had left nothing."""
    api = through(_planned(None, Drop.after_reading(), *[json_reply(500, {})] * 20))
    assert _ensure(api, settle=60).created
    assert _methods(emulator) == "GET GET POST", "one look that tells, and that after a minute"
    assert clock.slept > 60


@pytest.mark.parametrize("trouble", [Drop.after_reading(), json_reply(500, {})])
def test_lookups_that_never_succeed(
    emulator: ByokEmulator, through: Through, clock: FakeClock, trouble: Plan
) -> None:
    """A job that cannot look says that the key may be registered."""
    lost = SpoilAnswer(lambda answer: Drop.after_reading())
    plans = chain([None, lost], repeat(trouble))
    with pytest.raises(ApiException) as caught:
        _ensure(through(lambda request: next(plans)), timeout=60)
    assert caught.value.outcome_unknown
    assert "The outcome is unknown" in str(caught.value)
    assert isinstance(caught.value.__context__, ApiConnectionException), "what began it"
    assert clock.slept == pytest.approx(60, rel=1e-3)
    assert _count(emulator) == 1


def test_lookup_that_is_refused(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Credentials that were withdrawn meanwhile end the job at once, and it tells of the doubt."""
    _spoil(emulator, None, "after")
    emulator.fail_next(200, body={"data": [], "metadata": {}}, method="GET")
    emulator.fail_next(401, method="GET")
    with pytest.raises(UnauthorizedException) as caught:
        _ensure(api)
    assert caught.value.outcome_unknown
    assert _methods(emulator) == "GET POST GET"


def test_conflict_that_cannot_be_looked_into(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A refused registration is not reported as one that may have succeeded."""
    emulator.fail_next(409, method="POST")
    emulator.fail_next(200, body={"data": [], "metadata": {}}, method="GET")
    emulator.fail_next(500, method="GET", times=None)
    with pytest.raises(ServiceException) as caught:
        _ensure(api)
    assert not caught.value.outcome_unknown
    assert isinstance(caught.value.__context__, ConflictException)


@_UNKNOWN
def test_registration_that_never_succeeds(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, status: int | None
) -> None:
    """A job with a service that is down ends in time, in doubt, after few requests."""
    emulator.fail_next(200, body={"data": [], "metadata": {}}, method="GET")
    _spoil(emulator, status, "before", times=1_000)
    with pytest.raises(ApiException) as caught:
        _ensure(api)
    assert caught.value.status == (status or 0)
    assert caught.value.outcome_unknown
    assert clock.slept == pytest.approx(300, rel=1e-3)
    assert _count(emulator) == 3


@pytest.mark.parametrize("timeout", [2.0, 3.0])
def test_timeout_that_is_short(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, timeout: float
) -> None:
    """A job that has little time waits no longer."""
    _spoil(emulator, 500, "before")
    with pytest.raises(ServiceException) as caught:
        _ensure(api, timeout=timeout)
    assert caught.value.outcome_unknown
    assert clock.slept <= 3 + 1e-9
    assert _count(emulator) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ApiException),
        (401, UnauthorizedException),
        (402, PaymentRequiredException),
        (403, ForbiddenException),
        (422, UnprocessableEntityException),
        (429, ApiException),
        (501, ServiceException),
    ],
)
def test_refused_registration_is_not_repeated(
    emulator: ByokEmulator,
    api: KeysByokV1Api,
    clock: FakeClock,
    status: int,
    kind: type[ApiException],
) -> None:
    """A used-up quota or a wrong key is told at once, and without doubt."""
    emulator.fail_next(status, method="POST", times=None)
    with pytest.raises(kind) as caught:
        _ensure(api)
    assert (caught.value.status, caught.value.outcome_unknown) == (status, False)
    assert _methods(emulator) == "GET POST"
    assert clock.sleeps == []


def test_refusal_after_a_lost_registration(emulator: ByokEmulator, through: Through) -> None:
    """A refused repetition still tells that the first request may have succeeded."""
    with pytest.raises(UnprocessableEntityException) as caught:
        _ensure(through(_posts(Drop.after_reading(), json_reply(422, {}))))
    assert caught.value.outcome_unknown
    with pytest.raises(ConflictException) as conflict:
        _ensure(through(_posts(Drop.after_reading(), json_reply(409, {}))))
    assert conflict.value.outcome_unknown


def test_quota_of_the_emulator(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A used-up quota is told in a text that can be acted on."""
    emulator.settings.quota = 1
    emulator.seed()
    with pytest.raises(PaymentRequiredException, match="402 Payment Required: .*1"):
        _ensure(api)


def test_first_look_that_fails(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Nothing is registered blindly, and a failure that did nothing is not in doubt."""
    emulator.fail_next(500, method="GET")
    with pytest.raises(ServiceException) as caught:
        _ensure(api)
    assert not caught.value.outcome_unknown
    assert _count(emulator) == 0


@pytest.mark.parametrize("shape", ["create_without_id", "create_200", "unknown_fields"])
def test_odd_answers_to_a_registration(
    emulator: ByokEmulator, api: KeysByokV1Api, shape: str
) -> None:
    """A success of another shape than usual is one, and has its id."""
    emulator.odd(shape)
    ensured = _ensure(api)
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])
    assert _count(emulator) == 1


_UNREADABLE = pytest.mark.parametrize(
    "answer",
    [
        json_reply(201, {"key": _AWS}),
        json_reply(201, {"key": _AWS, "id": ""}),
        json_reply(201, []),
        html_reply(201),
        Reply(202),
        cut_body(json_reply(201, {"key": _AWS, "id": "cck-7"})),
    ],
    ids=["no id", "empty id", "array", "page", "nothing", "cut"],
)


@_UNREADABLE
def test_success_that_cannot_be_read(
    emulator: ByokEmulator, through: Through, answer: Step
) -> None:
    """A key whose registration succeeded in an unreadable answer is found."""
    ensured = _ensure(through(_planned(None, SpoilAnswer(lambda _: answer))))
    assert (ensured.created, ensured.key.id) == (True, emulator.keys[0]["id"])
    assert _count(emulator) == 1


@_UNREADABLE
def test_success_that_cannot_be_found(
    emulator: ByokEmulator, through: Through, answer: Step
) -> None:
    """A registration that was said to have succeeded is never repeated."""
    with pytest.raises(ApiException) as caught:
        _ensure(through(_planned(None, answer)))
    assert caught.value.outcome_unknown
    assert isinstance(caught.value, ApiResponseException | ApiConnectionException)
    assert _count(emulator) == 0


def test_key_that_is_listed_and_deleted_counts_as_absent(connect: Connect) -> None:
    """A job does not take for registered what a list that lags behind still shows."""
    service = _Service()
    service.listed = [{"id": "cck-6", "key": _AWS}]
    service.read = json_reply(404, {})
    service.post = json_reply(201, {"id": "cck-7", "key": _AWS})
    with RecordingServer(service) as server:
        ensured = _ensure(connect(server.url))
    assert (ensured.created, ensured.key.id) == (True, "cck-7")


def test_readable_key_behind_a_deleted_one_is_found(connect: Connect) -> None:
    """A key is not registered again because another registration of it was deleted."""
    service = _Service()
    service.listed = [{"id": "cck-7", "key": _AWS}]

    def choose(request: Request) -> Step:
        if request.path == _KEYS:
            listed = [{"id": "cck-6", "key": _AWS}, *service.listed]
            return json_reply(200, {"data": listed, "metadata": {}})
        return service(request)

    with RecordingServer(choose) as server:
        ensured = _ensure(connect(server.url))
    assert (ensured.created, ensured.key.id) == (False, "cck-7")


def test_key_that_may_not_be_read_is_not_registered_beside(
    connect: Connect, clock: FakeClock
) -> None:
    """The job looks for as long as the list may lag, then says that the key is forbidden."""
    service = _Service()
    service.listed = [{"id": "cck-6", "key": _AWS}]
    service.read = json_reply(403, {})
    with RecordingServer(service) as server:
        with pytest.raises(ForbiddenException) as caught:
            _ensure(connect(server.url))
        assert {request.method for request in server.requests} == {"GET"}
    assert not caught.value.outcome_unknown
    assert clock.slept == pytest.approx(120, rel=1e-3)


def test_key_that_may_not_be_read_and_then_is_gone_is_registered(connect: Connect) -> None:
    """A key that vanishes from the list while the job looks is registered."""
    service = _Service()
    service.listed = [{"id": "cck-6", "key": _AWS}]
    service.read = json_reply(403, {})
    service.post = json_reply(201, {"id": "cck-7", "key": _AWS})
    with RecordingServer(service) as server:
        api = connect(server.url)
        api.api_client.clock = FakeClock(on_sleep=lambda _: service.listed.clear())
        assert _ensure(api).created


def test_readable_key_beside_a_forbidden_one_is_taken(connect: Connect) -> None:
    """A registration that is not the job's to read hides no other of the same key."""
    service = _Service()
    service.listed = [{"id": "cck-6", "key": _AWS}, {"id": "cck-7", "key": _AWS}]

    def choose(request: Request) -> Step:
        return json_reply(403, {}) if request.path.endswith("cck-6") else service(request)

    with RecordingServer(choose) as server:
        assert _ensure(connect(server.url)).key.id == "cck-7"


@pytest.mark.parametrize("location", [(), (("Location", f"{_KEYS}/cck-7"),)])
def test_conflict_is_settled_though_the_list_lags(
    emulator: ByokEmulator, connect: Connect, clock: FakeClock, location: Any
) -> None:
    """Of two jobs that start together, neither fails because the list is behind."""
    service = _Service()
    service.post = json_reply(409, {}, *location)

    def appear(_: float) -> None:
        if clock.slept > 45:
            service.listed = [{"id": "cck-7", "key": _AWS}]

    with RecordingServer(service) as server:
        api = connect(server.url)
        clock = api.api_client.clock = FakeClock(on_sleep=appear)
        ensured = _ensure(api)
        assert (ensured.created, ensured.key.id) == (False, "cck-7")
        assert sum(request.method == "POST" for request in server.requests) == 1


def test_key_that_was_just_registered_is_known(connect: Connect) -> None:
    """A file that names a key twice registers it once, though the list does not show it yet."""
    service = _Service()
    service.post = json_reply(201, {"id": "cck-7", "key": _AWS})
    service.read = json_reply(200, {"id": "cck-7", "key": _AWS, "state": "AVAILABLE"})
    with RecordingServer(service) as server:
        api = connect(server.url, retries=False)
        ensured = [_ensure(api), _ensure(api)]
        assert [each.created for each in ensured] == [True, False]
        assert {each.key.id for each in ensured} == {"cck-7"}
        service.read = json_reply(404, {})
        assert _ensure(api).created, "it was deleted meanwhile"
        service.read = json_reply(500, {})
        with pytest.raises(ServiceException):
            _ensure(api)
        assert sum(request.method == "POST" for request in server.requests) == 2


@pytest.mark.parametrize("settle", [10.0, 0.0])
def test_settle_says_how_long_a_list_may_lag(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, settle: float
) -> None:
    """Who knows that the list does not lag need not wait two minutes for a lost request."""
    _spoil(emulator, 500, "before")
    assert _ensure(api, settle=settle).created
    assert clock.slept == pytest.approx(settle, rel=1e-3, abs=0.01)


def test_nothing_is_repeated_before_it_has_settled(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A timeout within the time of settling ends in doubt, and not in a second request."""
    _spoil(emulator, 500, "before", times=9)
    with pytest.raises(ServiceException) as caught:
        _ensure(api, timeout=60)
    assert caught.value.outcome_unknown
    assert clock.slept == pytest.approx(60, rel=1e-3)
    assert _count(emulator) == 1


def test_looks_heed_what_the_service_says(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A job that looks for a lost registration asks no sooner than it was told."""
    _spoil(emulator, None, "after")
    emulator.fail_next(200, body={"data": [], "metadata": {}}, method="GET")
    emulator.fail_next(429, method="GET", headers={"Retry-After": "40"})
    assert _ensure(api).created
    [told] = clock.sleeps
    assert 40 <= told <= 50
    emulator.clear()
    _spoil(emulator, None, "after")
    emulator.fail_next(200, body={"data": [], "metadata": {}}, method="GET")
    emulator.fail_next(429, method="GET", headers={"Retry-After": "400"})
    with pytest.raises(TooManyRequestsException) as caught:
        _ensure(api)
    assert caught.value.outcome_unknown
    assert len(clock.sleeps) == 1, "a wait beyond the end is not begun"


class _WrapperError(Exception):
    """What an SDK that wraps this one raises."""


class _WrappingClient(ApiClient):
    """Translates exceptions where the answer is decoded and where the request is sent."""

    def call_api(self, *args: Any, **kwargs: Any) -> Any:
        """As before, with exceptions of its own."""
        try:
            return super().call_api(*args, **kwargs)
        except ApiException as error:
            raise _WrapperError("no answer") from error

    def response_deserialize(self, *args: Any, **kwargs: Any) -> Any:
        """As before, with exceptions of its own."""
        try:
            return super().response_deserialize(*args, **kwargs)
        except ApiException as error:
            raise _WrapperError("a bad answer") from error


@pytest.fixture
def wrapped(emulator: ByokEmulator, clock: FakeClock) -> Iterator[KeysByokV1Api]:
    """The API of a wrapper that raises its own exceptions from overridden stages."""
    with _WrappingClient(emulator.configuration(retries=False)) as client:
        client.clock = clock
        yield KeysByokV1Api(client)


@pytest.mark.parametrize("status", [None, 500, 409])
def test_wrappers_exceptions_are_settled(
    emulator: ByokEmulator, wrapped: KeysByokV1Api, status: int | None
) -> None:
    """A wrapper that translates exceptions keeps what the job settles."""
    _spoil(emulator, status, "after")
    ensured = _ensure(wrapped)
    assert ensured.key.id == emulator.keys[0]["id"]
    assert _count(emulator) == 1


def test_wrappers_exception_is_raised_in_the_end(
    emulator: ByokEmulator, wrapped: KeysByokV1Api
) -> None:
    """What a job gives up with is the wrapper's own, and still tells of the doubt."""
    emulator.fail_next(422, method="POST")
    with pytest.raises(_WrapperError) as refused:
        _ensure(wrapped)
    assert isinstance(refused.value.__cause__, UnprocessableEntityException)
    emulator.fail_next(500, method="POST", times=None)
    with pytest.raises(_WrapperError) as caught:
        _ensure(wrapped)
    assert isinstance(caught.value.__cause__, ServiceException)
    assert caught.value.__cause__.outcome_unknown


def test_exception_that_is_about_something_else_ends_the_job(
    emulator: ByokEmulator, api: KeysByokV1Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in a wrapper shows at once, and not after five minutes."""
    for name in ("create_byok_v1_key", "get_byok_v1_key"):
        with monkeypatch.context() as patch:
            patch.setattr(api, name, lambda *_, **__: 1 / 0)
            emulator.fail_next(409, method="POST", headers={"Location": f"{_KEYS}/cck-0"})
            with pytest.raises(ZeroDivisionError):
                _ensure(api)
            emulator.clear()


def test_mocked_read_that_gives_no_key_ends_the_job(
    emulator: ByokEmulator, api: KeysByokV1Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test with a wrong mock fails at once, and says what the mock should give."""
    emulator.seed([{"key": _AWS}])
    monkeypatch.setattr(api, "get_byok_v1_key", lambda *_, **__: {"id": "cck-1"})
    with pytest.raises(TypeError, match="get_byok_v1_key gave no GetByokV1Key200Response"):
        _ensure(api)


def test_two_jobs_at_once(emulator: ByokEmulator, connect: Connect) -> None:
    """Jobs that start together end with one key, and one of them has created it."""
    apis = [
        connect(emulator.url, username=emulator.api_key, password=emulator.api_secret)
        for _ in range(8)
    ]
    start = threading.Barrier(len(apis))

    def job(api: KeysByokV1Api) -> EnsuredByokV1Key:
        start.wait()
        return _ensure(api)

    for _ in range(5):
        emulator.clear()
        emulator.settings.quota = None
        with ThreadPoolExecutor(len(apis)) as pool:
            ensured = list(pool.map(job, apis))
        (key,) = emulator.keys
        assert {each.key.id for each in ensured} == {key["id"]}
        assert sum(each.created for each in ensured) == 1


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ({}, "key"),
        ({"key": {"kind": "AwsKey"}}, "key_arn"),
        ({"key": {"kind": "OciKey"}}, "kind"),
        ({"key": _AWS, "colour": "red"}, "colour"),
        (None, "create_byok_v1_key_request"),
    ],
)
def test_wrong_requests_are_refused(
    emulator: ByokEmulator, api: KeysByokV1Api, request_: Any, name: str
) -> None:
    """A slip is named before anything is sent."""
    with pytest.raises(ApiValueError, match=name):
        api.ensure_byok_v1_key(request_)
    with pytest.raises(ApiValueError, match="timeout"):
        _ensure(api, timeout=0)
    with pytest.raises(ApiValueError, match="settle"):
        _ensure(api, settle=-1)
    assert emulator.requests == []


def test_every_form_of_a_request_does(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A key in any form that create takes is taken, and is the same key."""
    gcp = ByokV1GcpKey(key_id=_GCP["key_id"])
    forms: list[Any] = [
        CreateByokV1KeyRequest(key=gcp),
        CreateByokV1KeyRequest(key=ByokV1KeyKey(gcp)),
        CreateByokV1KeyRequest(key=_GCP),
        {"key": _GCP},
        {"key": gcp},
    ]
    ensured = [api.ensure_byok_v1_key(form) for form in forms]
    assert [each.created for each in ensured] == [True, False, False, False, False]
    assert len({each.key.id for each in ensured}) == 1
    azure = ByokV1AzureKey.from_dict(_AZURE)
    assert api.ensure_byok_v1_key(CreateByokV1KeyRequest(key=azure)).created


def test_options_hold_for_every_call(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A header that a gateway needs is sent with each of the calls."""
    emulator.fail_next(409, method="POST", headers={"Location": f"{_KEYS}/cck-0"})
    with pytest.raises(ConflictException):
        _ensure(api, settle=0, _headers={"X-Trace": "7"})
    assert _methods(emulator) == "GET POST GET GET"
    assert {request.headers["X-Trace"] for request in emulator.requests} == {"7"}


class _Answers:
    """Answers registrations with what it is told to, and shows no keys."""

    def __init__(self, *registrations: Step) -> None:
        self._registrations = [*registrations]
        self.methods: list[str] = []

    def __call__(self, request: Request) -> Step:
        self.methods.append(request.method)
        if request.method == "POST":
            return self._registrations.pop(0)
        return json_reply(200, {"api_version": "byok/v1", "kind": "KeyList", "data": []})


@pytest.mark.parametrize("status", [408, 500, 502, 504])
def test_nothing_is_repeated_unseen_where_the_wait_is_too_long(
    status: int, connect: Connect
) -> None:
    """A lost registration that is told to wait for longer than there is time is not sent again."""
    busy = json_reply(status, {}, ("Retry-After", "60"))
    answers = _Answers(busy, busy, busy)
    with RecordingServer(answers) as server, pytest.raises(ApiException) as caught:
        _ensure(connect(server.url), timeout=30.0)
    assert answers.methods == ["GET", "POST"]
    assert caught.value.outcome_unknown
    assert caught.value.retry_after == 60


def test_key_that_was_registered_here_is_found_whatever_is_read_of_it(
    connect: Connect, clock: FakeClock
) -> None:
    """A key that the list does not show yet, and whose answer lacks parts, is not lost."""
    registered = {"id": "cck-1", "key": _AZURE}

    def answer(request: Request) -> Step:
        if request.method == "POST":
            return json_reply(201, registered)
        if request.path == _KEYS:
            return json_reply(200, {"data": []})
        return json_reply(200, {"id": "cck-1"})

    with RecordingServer(answer) as server:
        api = connect(server.url)
        assert _ensure(api, _AZURE).created
        again = _ensure(api, _AZURE)
    assert (again.key.id, again.created) == ("cck-1", False)


@pytest.mark.parametrize(("settle", "kind"), [(-1, ApiValueError), (False, ApiTypeError)])
def test_time_to_settle_may_be_none(settle: Any, kind: type[Exception], connect: Connect) -> None:
    """The refusal of a time to settle says what is allowed."""
    with pytest.raises(kind, match="settle has to be (0 seconds or more|a number)"):
        _ensure(connect("http://127.0.0.1:9"), settle=settle)


class _Interrupted(FakeClock):
    """A clock during whose first sleep a person presses Ctrl-C."""

    def sleep(self, seconds: float) -> NoReturn:
        """Never return."""
        raise KeyboardInterrupt


@pytest.fixture
def slow() -> Iterator[ByokEmulator]:
    """A service that does not tell registered keys from others, and whose lists lag a minute."""
    with ByokEmulator(duplicates="allow", list_lag=60) as running:
        yield running


def _to(service: ByokEmulator, clock: FakeClock) -> KeysByokV1Api:
    client = ApiClient(service.configuration())
    client.clock = clock
    return KeysByokV1Api(client)


@pytest.mark.parametrize("interrupted", [False, True])
def test_second_run_registers_nothing_beside_the_first(
    interrupted: bool, slow: ByokEmulator
) -> None:
    """What a job that gave up, or was stopped, may have registered is not registered again."""
    clock = FakeClock(on_sleep=slow.advance)
    api = _to(slow, _Interrupted() if interrupted else clock)
    slow.drop_next("after", method="POST")
    with pytest.raises(KeyboardInterrupt if interrupted else ApiException):
        _ensure(api, timeout=3.0)
    api.api_client.clock = clock
    with pytest.raises(ApiTimeoutException, match="may have taken effect") as caught:
        _ensure(api, timeout=3.0)
    assert caught.value.outcome_unknown
    assert not _ensure(api).created
    assert len(slow.keys) == 1
    assert _count(slow) == 1


def test_registration_that_left_no_trace_is_repeated_by_a_later_run(slow: ByokEmulator) -> None:
    """What a job that gave up has not registered is registered once it is known."""
    api = _to(slow, FakeClock(on_sleep=slow.advance))
    slow.drop_next("before", method="POST")
    with pytest.raises(ApiException):
        _ensure(api, timeout=3.0)
    assert _ensure(api).created
    assert len(slow.keys) == 1
    slow.fail_next(402, method="POST")
    with pytest.raises(PaymentRequiredException):
        _ensure(api, _GCP)
    before = len(slow.requests)
    assert _ensure(api, _GCP).created
    assert len(slow.requests) == before + 2, "of a refusal nothing is unknown"
