"""The jobs: what each does with the real client, as a program of a user would."""

from __future__ import annotations

from collections.abc import Callable
from functools import partialmethod
from random import Random
from typing import TYPE_CHECKING, Any

from openapi_client import (
    ApiClient,
    ApiException,
    Configuration,
    KeysByokV1Api,
    RetryPolicy,
)

from .lines import Transport
from .network import Killed
from .records import Call, Exchange, Task

if TYPE_CHECKING:
    from .world import World

Script = Callable[["Job"], None]
_LIVES = 4


class Clock:
    """The time of a job."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def monotonic(self) -> float:
        """Seconds, from a point in the past."""
        return 1_000.0 + self._job.world.turns.now

    def sleep(self, seconds: float) -> None:
        """Let the other jobs go on."""
        self._job.wait(seconds)


class WatchedApi(KeysByokV1Api):
    """The API as it is, which notes each call of an operation."""

    job: Job

    def _watched(self, operation: str, *args: Any, **options: Any) -> Any:
        original = getattr(super(), operation)
        return self.job.call(operation, lambda: original(*args, **options), args, options)


for _verb in (
    "create_byok_v1_key",
    "get_byok_v1_key",
    "list_byok_v1_keys",
    "update_byok_v1_key",
    "delete_byok_v1_key",
):
    for _operation in (_verb, f"{_verb}_with_http_info"):
        setattr(WatchedApi, _operation, partialmethod(WatchedApi._watched, _operation))


class Job:
    """One program: it does what its script says, and is started again when it is killed."""

    def __init__(self, world: World, name: str, script: Script, chance: Random) -> None:
        self.world = world
        self.name = name
        self.chance = chance
        self.tasks: list[Task] = []
        self.api: WatchedApi
        self.policy = RetryPolicy()
        self.requests = 0
        self.waits = 0
        self.sending: Exchange | None = None
        self._script = script
        self._call: Call | None = None

    def run(self) -> None:
        """Live, at most four times."""
        for _ in range(_LIVES):
            self.api = self._connected()
            try:
                self._script(self)
                return
            except Killed:
                self._call = None
                pause = self.chance.choice([0.0, 1.0, 20.0, 200.0])
                self.tell(f"is killed, and starts again in {pause:g} s")
                self.world.turns.sleep(pause)

    def tell(self, text: str) -> None:
        """Add to the story."""
        self.world.tell(self.name, text)

    def do(self, kind: str, target: str, action: Callable[[], Any], **options: Any) -> Any:
        """Do one thing, note what came of it and check that; its result, or ``None``."""
        task = Task(self.name, kind, target, self.world.turns.now, options)
        self.tasks.append(task)
        told = ", ".join(f"{name} {value}" for name, value in options.items())
        self.tell(f"is asked to {kind} {target}" + (f" ({told})" if told else ""))
        try:
            task.result = action()
        except Exception as error:  # noqa: BLE001 - whether it is of the family is checked.
            task.error = error
            self.tell(f"fails to {kind}: {type(error).__name__}: {error}")
        else:
            self.tell(f"is done with {kind}: {_short(task.result)}")
        task.end = self.world.turns.now
        self.world.task_ended(task)
        return task.result

    def call(
        self,
        operation: str,
        original: Callable[[], Any],
        args: tuple[Any, ...],
        options: dict[str, Any],
    ) -> Any:
        """Make one call of an operation, and check what it did and told."""
        if self._call is not None:  # One operation made of another.
            return original()
        budget = options.get("_request_timeout")
        if not isinstance(budget, int | float):
            budget = self.api.api_client.configuration.deadline
        call = self._call = Call(operation, args, self.world.turns.now, budget)
        self.tasks[-1].calls.append(call)
        try:
            call.result = original()
        except Exception as error:
            call.error = error
            self._ended(call)
            raise
        self._ended(call)
        return call.result

    def begin(self, method: str, url: str, headers: dict[str, str], body: object) -> Exchange:
        """Note a request that is about to be sent, and check it."""
        self.requests += 1
        seen = Exchange(self.name, self.requests, method, url, self.world.turns.now)
        self.world.exchange_begins(self.tasks[-1], seen, headers, body)
        if self._call is not None:
            self._call.exchanges.append(seen)
        return seen

    def wait(self, seconds: float) -> None:
        """Let the other jobs go on; the process may be killed meanwhile."""
        self.tell(f"waits {seconds:.2f} s")
        self.waits += 1
        if self.world.survives(self, self.waits):
            self.world.turns.sleep(seconds)
        else:
            self.world.turns.sleep(self.chance.uniform(0, seconds))
            raise Killed

    def _ended(self, call: Call) -> None:
        call.end, self._call = self.world.turns.now, None
        self.world.call_ended(self, call)

    def _connected(self) -> WatchedApi:
        chance = self.chance
        policy = chance.choice([None, None, None, RetryPolicy(max_attempts=2), False])
        configuration = Configuration(
            host=self.world.host,
            username="key",
            password="s3cret-s3cret",
            retries=policy,
            deadline=chance.choice([120.0, 120.0, 15.0]),
            read_timeout=chance.choice([60.0, 60.0, 5.0]),
        )
        self.policy = RetryPolicy.of(policy)
        client = ApiClient(configuration)
        client.clock = Clock(self)
        client.rest_client = self._transport(client)
        api = WatchedApi(client)
        api.job = self
        return api

    def _transport(self, client: ApiClient) -> Any:
        if self.world.habits is None:
            return _Seam(self)
        transport = Transport(client.configuration, client.clock)
        transport.job = self
        return transport


class _Seam:
    """What stands in place of the client's transport: the network of the world."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def request(
        self,
        method: str,
        url: str,
        headers: Any = None,
        body: Any = None,
        post_params: Any = None,
        _request_timeout: Any = None,
    ) -> Any:
        seen = self._job.begin(method, url, headers or {}, body or post_params)
        return self._job.world.carry(self._job, seen, body, _request_timeout)


def _short(result: Any) -> str:
    key = getattr(result, "key", None)
    if key is not None and getattr(key, "id", None):
        return f"{key.id}, created {result.created}"
    if isinstance(result, list):
        return f"{len(result)} keys"
    return str(getattr(result, "id", result))


# --- what they do -----------------------------------------------------------------------------


def _registration(identifier: str) -> dict[str, Any]:
    return {"key": {"kind": "AwsKey", "key_arn": identifier}}


def ensure(job: Job, identifier: str) -> Any:
    """Register a key once."""
    settle = job.chance.choice([120.0, 120.0, 30.0])
    timeout = job.chance.choice([300.0, 300.0, 60.0])
    limits: dict[str, Any] = {"settle": settle, "timeout": timeout}
    request = _registration(identifier)
    return job.do(
        "ensure", identifier, lambda: job.api.ensure_byok_v1_key(request, **limits), **limits
    )


def ensure_and_wait(job: Job, identifier: str) -> None:
    """Register a key, and wait until it is validated."""
    ensured = ensure(job, identifier)
    if ensured:
        wait(job, ensured.key.id)


def find(job: Job, identifier: str) -> Any:
    """Look whether a key is registered."""
    return job.do("find", identifier, lambda: job.api.find_byok_v1_key(identifier))


def wait(job: Job, id: str) -> Any:
    """Wait until a key is validated."""
    limits: dict[str, Any] = {
        "until": job.chance.choice(["VALID", "valid", "VALID"]),
        "timeout": job.chance.choice([900.0, 30.0, 9_000.0]),
        "invalid_grace": job.chance.choice([600.0, 60.0]),
    }
    return job.do("wait", id, lambda: job.api.wait_for_byok_v1_key(id, **limits), **limits)


def wait_for_many(job: Job, _: str) -> None:
    """Wait for all keys that were there in the beginning."""
    limits: dict[str, Any] = {
        "until": "VALID",
        "timeout": job.chance.choice([900.0, 30.0]),
        "invalid_grace": job.chance.choice([600.0, 60.0]),
    }
    ids = [f"cck-{number:05}" for number in range(job.world.first_keys)]
    job.do(
        "wait for many",
        f"{len(ids)} keys",
        lambda: job.api.wait_for_byok_v1_keys(ids, **limits),
        **limits,
    )


def iterate(job: Job, _: str) -> None:
    """List all keys."""
    job.do("iter", "all keys", lambda: list(job.api.iter_byok_v1_keys()))


def rename(job: Job, id: str) -> None:
    """Give a key a name."""
    body = {"display_name": f"by {job.name}"}
    job.do("rename", id, lambda: job.api.update_byok_v1_key(id, body))


def delete(job: Job, id: str) -> None:
    """Delete a key."""
    job.do("delete", id, lambda: job.api.delete_byok_v1_key(id))


def delete_when_available(job: Job, id: str) -> None:
    """Delete a key as soon as no cluster uses it."""
    timeout = job.chance.choice([900.0, 600_000.0])
    job.do(
        "delete when available",
        id,
        lambda: job.api.delete_byok_v1_key_when_available(id, timeout=timeout),
        timeout=timeout,
    )


def wrapper(job: Job, identifier: str) -> None:
    """Register a key as a wrapping SDK does, which settles an unknown outcome by itself."""

    def register() -> str | None:
        try:
            return _id_of(job.api.create_byok_v1_key_with_http_info(_registration(identifier)))
        except ApiException as error:
            if not error.outcome_unknown:
                raise
            job.tell("does not know what came of it, and looks")
            wait = max(200.0, error.retry_after or 0.0)
        job.api.api_client.clock.sleep(wait)
        listed = job.api.iter_byok_v1_keys(key=identifier)
        # The filter takes a part of an identifier.
        same = (key.id for key in listed if key.to_dict()["key"]["key_arn"] == identifier)
        return next(same, None)

    job.do("wrapper", identifier, register)


def _id_of(response: Any) -> str:
    return str(response.data.id)
