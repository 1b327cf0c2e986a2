"""The emulator: the BYOK keys service on a local port, with strings to pull."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ._call import Backend
from ._clock import Clock
from ._credentials import Credentials
from ._faults import Fault, Faults, When
from ._http import HttpServer
from ._json import copied
from ._log import RecordedRequest, RequestLog
from ._odd import OddShape, OddShapes
from ._service import Service
from ._settings import Settings, ValidationStep
from ._state import KeyStore
from ._tokens import PageTokens

if TYPE_CHECKING:
    import ssl

    from ..configuration import Configuration


class ByokEmulator:
    """The BYOK keys service of one organization, served over HTTP/1.1 from this process.

        with ByokEmulator() as emulator:
            requests_go_to(emulator.url, emulator.api_key, emulator.api_secret)
            assert emulator.requests[0].method == "POST"

    It behaves as contract sections 1 to 4 tell, and where those leave a choice as section 8
    suggests. All methods may be called from any thread, while it runs or not.

    Args:
        quota: this and all down to `page_token_lifetime`: what `settings` begin with; `Settings`
            tells the meaning.
        clock: the present moment in nanoseconds since the epoch, a callable like `time.time_ns`.
        host: the address to listen on.
        port: the port to listen on; 0 for any that is free.
        path_prefix: a path, like `/api`, below which everything is served.
        tls: serve HTTPS with this server-side context.
        api_key: the id of the API key to accept; made up by default, as are the next two.
        api_secret: the secret of that API key.
        access_token: the bearer token to accept besides those from the STS exchange.
        log_limit: how many requests `requests` remembers; None for all.
        random_seed: what the chances of faults with a `probability` depend on.
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
        )
        if path_prefix and not (
            path_prefix.startswith("/") and path_prefix.rstrip("/") == path_prefix
        ):
            raise ValueError(f"a path prefix begins and does not end with '/': {path_prefix!r}")
        self._initial = dataclasses.replace(self._settings)
        self._address = (host, port)
        self._prefix = path_prefix
        self._tls = tls
        self._clock = Clock(clock)
        self._credentials = Credentials(api_key, api_secret, access_token)
        self._store = KeyStore(self._settings, self._clock)
        self._tokens = PageTokens()
        self._faults = Faults(random_seed)
        self._odd = OddShapes()
        self._log = RequestLog(log_limit)
        backend = Backend(self._settings, self._clock, self._credentials, self._store, self._tokens)
        self._service = Service(backend, self._faults, self._odd, self._log, path_prefix)
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
        host = "127.0.0.1" if self._address[0] in ("", "0.0.0.0") else self._address[0]
        return f"{scheme}://{host}:{self._server.port}{self._prefix}"

    @property
    def settings(self) -> Settings:
        """The choices that may change while it runs; `clear` puts them back."""
        return self._settings

    @property
    def api_key(self) -> str:
        """The id of the API key it accepts: the user name of HTTP Basic."""
        return self._credentials.api_key

    @property
    def api_secret(self) -> str:
        """The secret of that API key: the password of HTTP Basic."""
        return self._credentials.api_secret

    @property
    def access_token(self) -> str:
        """A bearer token it accepts, which does not expire."""
        return self._credentials.access_token

    def configuration(self, **options: Any) -> Configuration:
        """A client configuration that leads here, with the API key unless `access_token` is given.

        Args:
            options: further arguments of `Configuration`.
        """
        from ..configuration import Configuration

        if "access_token" not in options:
            options = {"username": self.api_key, "password": self.api_secret, **options}
        return Configuration(host=self.url, **options)

    @property
    def keys(self) -> list[dict[str, Any]]:
        """A copy of all keys as documents, newest first; `metadata.self` is made when sending."""
        return [copied(document) for document in self._store.documents()]

    def key(self, key_id: str) -> dict[str, Any]:
        """A copy of one key as a document. Raises `KeyError` if there is no key of that id."""
        document: dict[str, Any] = copied(self._store.document(key_id))
        return document

    def seed(
        self, keys: int | Iterable[Mapping[str, Any]] = 1, *, provider: str = "AWS"
    ) -> list[str]:
        """Add keys as they stand, whatever quota and duplicates; return their ids in order.

        Args:
            keys: how many keys to make up, or their documents: each as in a response, with
                anything left out. What is given wins, whatever its shape. The last is the newest.
            provider: the cloud of the keys made up: `AWS`, `Azure` or `GCP`.

        Raises:
            ValueError: for an unknown provider, or an id that is taken.
        """
        if isinstance(keys, int):
            keys = [{"key": self._store.sample(provider)} for _ in range(keys)]
        return [self._store.seed(copied(dict(key))) for key in keys]

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
        self._store.validate(key_id, phase, message, region)

    def script_validation(self, key_id: str, *steps: ValidationStep) -> None:
        """Begin a validation script for a key, now; see `Settings.validation` for all new keys."""
        self._store.run_script(key_id, steps)

    def mark_in_use(self, key_id: str) -> None:
        """Have a cluster use a key: its state is `IN_USE`, and deleting it answers 409."""
        self._store.set_state(key_id, "IN_USE")

    def release(self, key_id: str) -> None:
        """Have no cluster use a key: its state is `AVAILABLE`."""
        self._store.set_state(key_id, "AVAILABLE")

    def provide_principals(self, key_id: str) -> None:
        """Make, now, the principals of a key that `Settings.principals_delay` keeps back."""
        self._store.give_principals(key_id)

    def advance(self, seconds: float) -> None:
        """Move the emulator's time forward: scripts, delays, tokens and limits follow it."""
        self._clock.advance(seconds)

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests received, oldest first, at most the last `log_limit`."""
        return self._log.entries()

    def odd(self, *names: str) -> OddShape:
        """Answer in odd shapes until the result is cancelled, left as a `with` block, or `clear`.

        Args:
            names: which shapes, of those in `ODD_SHAPES`; they combine.

        Raises:
            ValueError: for a name that is not there.
        """
        return self._odd.add(names)

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
    ) -> Fault:
        """Answer the next requests with a status of your own; see `Fault` for the arguments."""
        return self._faults.add(
            Fault(
                status=status,
                headers=headers or {},
                body=body,
                delay=delay,
                when=when,
                times=times,
                probability=probability,
                method=method,
                path=path,
            )
        )

    def drop_next(
        self,
        when: When = "before",
        *,
        times: int | None = 1,
        delay: float = 0.0,
        method: str | None = None,
        path: str | None = None,
        probability: float = 1.0,
    ) -> Fault:
        """Close the connection of the next requests in place of answering; see `Fault`."""
        return self._faults.add(
            Fault(
                drop=True,
                delay=delay,
                when=when,
                times=times,
                probability=probability,
                method=method,
                path=path,
            )
        )

    def delay_next(
        self,
        seconds: float,
        *,
        when: When = "before",
        times: int | None = 1,
        method: str | None = None,
        path: str | None = None,
        probability: float = 1.0,
    ) -> Fault:
        """Answer the next requests truly but late; see `Fault` for the arguments."""
        return self._faults.add(
            Fault(
                delay=seconds,
                when=when,
                times=times,
                probability=probability,
                method=method,
                path=path,
            )
        )

    def clear(self) -> None:
        """Be as new, at the same URL; only ids are still never given out twice.

        No key, request, fault, odd shape and token is left; the settings and the time are as at
        the beginning.
        """
        for field in dataclasses.fields(Settings):
            setattr(self._settings, field.name, getattr(self._initial, field.name))
        self._clock.reset()
        self._credentials.revoke()
        self._store.clear()
        self._tokens.forget()
        self._faults.clear()
        self._odd.clear()
        self._service.forget_requests()
        self._log.clear()
