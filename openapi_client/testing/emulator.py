"""The emulator: the BYOK keys service on a local port, which tests can steer."""

from __future__ import annotations

import functools
import itertools
import secrets
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Literal

from ._faults.faults import Fault, When
from ._faults.quirks import Quirk
from ._http.message import RecordedRequest
from ._http.server import HttpServer
from ._service.access import Credentials
from ._service.operations import Backend
from ._service.service import Service
from ._store.checks import is_count, require
from ._store.documents import sample, validated, with_principals
from ._store.settings import Settings, ValidationStep

if TYPE_CHECKING:
    from ..configuration import Configuration

_LOOPBACK = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


class ByokEmulator:
    """The BYOK keys service of one organization, served over HTTP/1.1 from this process.

        with ByokEmulator() as emulator:
            requests_go_to(emulator.url, emulator.api_key, emulator.api_secret)
            assert emulator.requests[0].method == "POST"

    It does what is documented of the service; where that leaves a choice, `settings` has it. All
    methods may be called from any thread, while it runs or not.

    Args:
        quota: this and all down to `list_lag`: what `settings` begin with; see `Settings`.
        clock: the present moment in nanoseconds since the epoch, a callable like `time.time_ns`.
        host: the address to listen on, of IPv4 or IPv6.
        port: the port to listen on; 0 for any that is free.
        path_prefix: a path, like `/api`, below which everything is served.
        tls: serve HTTPS with this server-side context.
        api_key: the id of the API key to accept; made up by default, as are the next two.
        api_secret: the secret of that API key.
        access_token: the bearer token to accept besides those from the STS exchange.
        log_limit: how many requests `requests` remembers; None for all.
        random_seed: what the chances of faults with a `probability` depend on.

    Raises:
        ValueError: for a value that is none of these.
    """

    def __init__(
        self,
        *,
        quota: int | None = 20,
        rate_limit: tuple[int, float] | None = None,
        principals_delay: float | None = 0.0,
        validation: Sequence[ValidationStep] = (),
        absent_status: Literal[404, 403] = 404,
        duplicates: Literal["conflict", "allow"] = "conflict",
        empty_source: bool = False,
        page_token_lifetime: float = 3600.0,
        list_lag: float = 0.0,
        clock: Callable[[], int] = time.time_ns,
        host: str = "127.0.0.1",
        port: int = 0,
        path_prefix: str = "",
        tls: ssl.SSLContext | None = None,
        api_key: str | None = None,
        api_secret: str | None = None,
        access_token: str | None = None,
        log_limit: int | None = 10_000,
        random_seed: int = 0,
    ) -> None:
        self._settings = Settings(
            quota=quota,
            rate_limit=rate_limit,
            principals_delay=principals_delay,
            validation=validation,
            absent_status=absent_status,
            duplicates=duplicates,
            empty_source=empty_source,
            page_token_lifetime=page_token_lifetime,
            list_lag=list_lag,
        )
        is_path = path_prefix.startswith("/") and not path_prefix.endswith("/")
        expected = "a path prefix that begins and does not end with '/'"
        require(path_prefix == "" or is_path, "path_prefix", expected, path_prefix)
        require(is_count(port) and port <= 65_535, "port", "a whole number of 0 to 65535", port)
        is_server = isinstance(tls, ssl.SSLContext) and tls.protocol is not ssl.PROTOCOL_TLS_CLIENT
        require(tls is None or is_server, "tls", "an ssl.SSLContext of a server", tls)
        is_limit = log_limit is None or is_count(log_limit)
        require(is_limit, "log_limit", "a whole number from 0 up, or None", log_limit)
        self._initial = replace(self._settings)
        self._address, self._prefix, self._tls = (host, port), path_prefix, tls
        credentials = Credentials(
            api_key or secrets.token_hex(8).upper(),
            api_secret or secrets.token_urlsafe(48),
            access_token or secrets.token_urlsafe(48),
        )
        self._numbers = itertools.count(1)
        lasting = (self._settings, clock, self._numbers, credentials, random_seed, log_limit)
        self._new_backend = functools.partial(Backend, *lasting)
        self._backend = self._new_backend()
        self._service = Service(self._backend, path_prefix)
        self._server: HttpServer | None = None

    def __repr__(self) -> str:
        where = f"at {self.url}" if self._server else "not running"
        return f"<{type(self).__name__} {where}>"

    def __enter__(self) -> ByokEmulator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to serve. Keys and all else are as they were left.

        Raises:
            RuntimeError: if it runs already.
            OSError: if the address cannot be listened on.
        """
        if self._server is not None:
            raise RuntimeError("the emulator is running already")
        self._service.closing.clear()
        self._server = HttpServer(self._address, self._service.answer, self._tls)
        self._service.url = self.url

    def stop(self) -> None:
        """Stop serving and close all connections; nothing happens if it does not run."""
        if self._server is not None:
            self._service.closing.set()
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        """The base URL it serves at, without a trailing slash.

        Raises:
            RuntimeError: if it does not run.
        """
        if self._server is None:
            raise RuntimeError("the emulator is not running")
        scheme = "https" if self._tls else "http"
        # Who listens everywhere is at home on the loopback address too.
        host = _LOOPBACK.get(self._address[0], self._address[0])
        host = f"[{host}]" if ":" in host else host
        return f"{scheme}://{host}:{self._server.server_address[1]}{self._prefix}"

    @property
    def settings(self) -> Settings:
        """The choices that may change while it runs; `clear` puts them back."""
        return self._settings

    @property
    def api_key(self) -> str:
        """The id of the API key it accepts: the user name of HTTP Basic."""
        return self._backend.credentials.api_key

    @property
    def api_secret(self) -> str:
        """The secret of that API key: the password of HTTP Basic."""
        return self._backend.credentials.api_secret

    @property
    def access_token(self) -> str:
        """A bearer token it accepts, which does not expire."""
        return self._backend.credentials.access_token

    def configuration(self, **options: Any) -> Configuration:
        """A client configuration that leads here, with further `options` of `Configuration`.

        It has the API key unless `access_token` is one of them.
        """
        from ..configuration import Configuration

        if "access_token" not in options:
            options = {"username": self.api_key, "password": self.api_secret, **options}
        return Configuration(host=self.url, **options)

    @property
    def keys(self) -> list[dict[str, Any]]:
        """A copy of all keys as documents, newest first; `metadata.self` is made when sending."""
        return deepcopy(self._backend.store.documents())

    def key(self, key_id: str) -> dict[str, Any]:
        """A copy of one key as a document. Raises `KeyError` if there is no key of that id."""
        return deepcopy(self._backend.store.document(key_id))

    def seed(
        self, keys: int | Iterable[Mapping[str, Any]] = 1, *, provider: str = "AWS"
    ) -> list[str]:
        """Add keys as they stand, whatever quota and duplicates; return their ids in order.

        Args:
            keys: how many keys to make up, or their documents: each as in a response, with
                anything left out. What is there wins, whatever its shape. Listings are in the
                order of `metadata.created_at`, newest first; without it, the last is the newest.
            provider: the cloud of the keys made up: `AWS`, `Azure` or `GCP`.

        Raises:
            ValueError: for an unknown provider, or an id that is taken.
        """
        if isinstance(keys, int):
            keys = [{"key": sample(provider, next(self._numbers))} for _ in range(keys)]
        return [self._backend.store.seed(deepcopy(dict(key))) for key in keys]

    def validate(
        self, key_id: str, phase: str, message: str = "", region: str | None = None
    ) -> None:
        """Have an attempt to validate a key end now; its validation script, if any, is dropped.

        Args:
            key_id: the key; `KeyError` if there is none of that id, as in all methods below.
            phase: `VALID`, `INVALID`, or any other text.
            message: what the service says about it; empty for no message.
            region: the cloud region found; by default that of the key material, once `VALID`.
        """
        store = self._backend.store
        store.run_script(key_id, ())
        store.edit(key_id, lambda old, now: validated(old, phase, message, region, now))

    def script_validation(self, key_id: str, *steps: ValidationStep) -> None:
        """Begin a validation script for a key, now; see `Settings.validation` for all new keys."""
        self._backend.store.run_script(key_id, steps)

    def mark_in_use(self, key_id: str) -> None:
        """Have a cluster use a key: its state is `IN_USE`, and deleting it answers 409."""
        self._backend.store.edit(key_id, lambda old, _: {**old, "state": "IN_USE"})

    def release(self, key_id: str) -> None:
        """Have no cluster use a key: its state is `AVAILABLE`."""
        self._backend.store.edit(key_id, lambda old, _: {**old, "state": "AVAILABLE"})

    def provide_principals(self, key_id: str) -> None:
        """Make, now, the principals of a key that `Settings.principals_delay` keeps back."""
        self._backend.store.edit(key_id, lambda old, _: with_principals(old))

    def advance(self, seconds: float) -> None:
        """Move the emulator's time forward: scripts, delays, tokens and limits follow it."""
        self._backend.clock.advance(seconds)

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests received, oldest first, at most the last `log_limit`."""
        return list(self._backend.log.copy())  # Safe while requests come in, as iterating is not.

    def quirks(self, *names: str) -> Quirk:
        """Answer with quirks until the result is cancelled, left as a `with` block, or `clear`.

        Args:
            names: which of those in `QUIRKS`; they combine.

        Raises:
            ValueError: for a name that is not there.
        """
        return Quirk(names, self._backend.quirks)

    odd = quirks  # Its earlier name.

    def fail_next(
        self,
        status: int = 503,
        *,
        times: int | None = 1,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        when: When = "before",
        delay: float = 0.0,
        method: str | None = None,
        path: str | None = None,
        probability: float = 1.0,
        every: int = 1,
    ) -> Fault:
        """Answer the next requests with a status of your own; see `Fault` for the arguments."""
        scope = (when, times, every, probability, method, path)
        return self._backend.faults.add(Fault(status, headers or {}, body, False, delay, *scope))

    def drop_next(
        self,
        when: When = "before",
        *,
        times: int | None = 1,
        delay: float = 0.0,
        method: str | None = None,
        path: str | None = None,
        probability: float = 1.0,
        every: int = 1,
    ) -> Fault:
        """Close the connection of the next requests in place of answering; see `Fault`."""
        scope = (when, times, every, probability, method, path)
        return self._backend.faults.add(Fault(None, {}, None, True, delay, *scope))

    def delay_next(
        self,
        seconds: float,
        *,
        when: When = "before",
        times: int | None = 1,
        method: str | None = None,
        path: str | None = None,
        probability: float = 1.0,
        every: int = 1,
    ) -> Fault:
        """Answer the next requests truly but late; see `Fault` for the arguments."""
        scope = (when, times, every, probability, method, path)
        return self._backend.faults.add(Fault(None, {}, None, False, seconds, *scope))

    def clear(self) -> None:
        """Be as new, at the same URL; only ids are still never used twice.

        No key, request, fault, quirk and token is left; the settings and the time are as at the
        beginning.
        """
        for field in fields(Settings):
            setattr(self._settings, field.name, getattr(self._initial, field.name))
        self._backend = self._service.backend = self._new_backend()
