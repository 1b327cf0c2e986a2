"""The jobs, as methods of the class that has the operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from typing_extensions import Unpack

from .. import _checks, jobs, models
from .._core.urls import as_page_token
from .._pipeline.call import CallOptions
from .._pipeline.signatures import show_options
from ..api_client import ApiClient


@show_options
class KeyJobs(ABC):
    """Jobs that take more than one call, made of the operations of the class that has them.

    A wrapper that overrides an operation or a stage of the client changes the jobs with it.
    Where it translates exceptions on the way, it raises its own ``from`` the library's: a job
    finds the ``ApiException`` among the causes, settles what it would have settled without the
    wrapper, and raises the wrapper's exception where it gives up.
    """

    api_client: ApiClient

    def iter_byok_v1_keys(
        self,
        *,
        provider: str | None = None,
        state: str | None = None,
        display_name: str | None = None,
        validation_phase: str | None = None,
        validation_region: str | None = None,
        key: str | None = None,
        page_size: int | None = 100,
        page_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> jobs.KeyIterator:
        """All keys, asked for page by page as they are wanted; takes what a list takes.

        Arguments are checked at once. ``page_token`` goes on where another iterator stood, or
        from the page that a link leads to; see ``KeyIterator``.
        """
        filters: dict[str, Any] = {
            "provider": provider,
            "state": state,
            "display_name": display_name,
            "validation_phase": validation_phase,
            "validation_region": validation_region,
            "key": key,
            "page_size": page_size,
        }
        first = as_page_token(page_token)
        self._check_list_arguments(options, **filters, page_token=first)

        def fetch(token: str | None) -> models.ByokV1KeyList:
            return self.list_byok_v1_keys(**filters, page_token=token, **options)

        told = {name: value for name, value in filters.items() if value is not None}
        return jobs.KeyIterator(fetch, first, filters=told)

    def find_byok_v1_key(
        self,
        identifier_or_key: str
        | models.ByokV1KeyKey
        | models.ByokV1AwsKey
        | models.ByokV1AzureKey
        | models.ByokV1GcpKey
        | Mapping[str, Any],
        **options: Unpack[CallOptions],
    ) -> models.GetByokV1Key200Response | None:
        """The registered key that has an identifier; ``None`` where there is none.

        It only reads. Where the same key is registered twice, one that is ``VALID`` is
        preferred, and then the newest.

        Args:
            identifier_or_key: The ARN (AWS), the resource name (Google Cloud) or the URL (Azure)
                of the key; or the key itself, whose tenant and vault then have to agree.
            **options: See the class; they hold for each call that this takes.

        Raises:
            KeyMismatchException: It is registered with another tenant or vault.
            ForbiddenException: The list shows it, and it may not be read.
            ApiException: Another call failed.
        """
        return jobs.find_key(jobs.material_of(identifier_or_key), self._reads(options))

    def ensure_byok_v1_key(
        self,
        create_byok_v1_key_request: models.CreateByokV1KeyRequest | Mapping[str, Any],
        *,
        settle: float = 120.0,
        timeout: float = 300.0,
        **options: Unpack[CallOptions],
    ) -> jobs.EnsuredByokV1Key:
        """Register a key unless it is registered already, however often this runs.

        A conflict and a lost answer are settled by looking the identifier up, for as long as the
        list may lag behind. A key that the list shows and that is deleted counts as absent; one
        that may not be read does not. Keys that this object has registered are found by their
        ids while the list does not show them yet; of other processes, and of
        ``create_byok_v1_key``, only the list tells. The display name is given to a key that is
        registered now, and is not changed on one that was there.

        Args:
            create_byok_v1_key_request: The key.
            settle: Seconds for which a list may lag behind what was done. A registration whose
                outcome is unknown is repeated only after this time without a trace of it.
            timeout: Seconds after which what is not settled is given up.
            **options: See the class; they hold for each call that this takes.

        Raises:
            KeyMismatchException: The identifier is registered with another tenant or vault.
            ForbiddenException: The list shows it for all of ``settle``, and it may not be read.
            ApiException: A call failed; ``outcome_unknown`` tells whether the key may be
                registered all the same.
        """
        name = "create_byok_v1_key_request"
        body = _checks.body(name, models.CreateByokV1KeyRequest, create_byok_v1_key_request)
        within = self._budget(timeout, options)
        registration = jobs.Registration(
            body.key,
            lambda: self.create_byok_v1_key(body, **within()),
            jobs.Reads(
                read=lambda id: self.get_byok_v1_key(id, **within()),
                search=lambda part: self._listed(part, within),
            ),
            vars(self).setdefault("_registrations", jobs.Registrations()),
            settle=settle,
            timeout=timeout,
            clock=self.api_client.clock,
        )
        return registration.ensure()

    def wait_for_byok_v1_key(
        self,
        id: str,
        until: jobs.Until = "VALID",
        timeout: float = 900.0,
        on_progress: Callable[[models.GetByokV1Key200Response], object] | None = None,
        *,
        invalid_grace: float = 600.0,
        **options: Unpack[CallOptions],
    ) -> models.GetByokV1Key200Response:
        """Wait until a key is validated, or is otherwise as it should be.

        Args:
            id: The id of the key.
            until: The phase of validation or the state to wait for, in upper or lower case, or a
                condition on the key, such as ``lambda key: key.display_name == "new"``.
            timeout: Seconds.
            on_progress: Called with the key each time it was read.
            invalid_grace: Seconds for which the key may be ``INVALID`` without interruption
                before the wait fails: the service validates again and again, and what it says
                may be from before the owner of the key mended its policy. 0 for none. It counts
                only where ``VALID`` or ``INITIALIZING`` is waited for.
            **options: See the class; they hold for each call that this takes.

        Raises:
            WaitFailedException: It stayed ``INVALID``; ``key`` is the last that was read.
            WaitTimeoutException: It did not become so in time; ``key`` likewise, or ``None``.
            NotFoundException: There is no such key.
            ApiException: It cannot be read, for a reason that is not transient.
        """
        return jobs.wait_for_key(
            lambda time_left: self._read_within(id, time_left, options),
            until=until,
            timeout=timeout,
            invalid_grace=invalid_grace,
            on_progress=on_progress,
            clock=self.api_client.clock,
        )

    def wait_for_byok_v1_keys(
        self,
        ids: Iterable[str],
        until: jobs.Until = "VALID",
        timeout: float = 900.0,
        on_progress: Callable[[jobs.WaitProgress], object] | None = None,
        *,
        invalid_grace: float = 600.0,
        **options: Unpack[CallOptions],
    ) -> list[jobs.WaitResult]:
        """Wait for many keys at once, within one time, and say what became of each.

        It takes fewer calls than a wait for each of them. A key that does not become as wanted
        does not end the wait for the others: its result holds the exception.

        Args:
            ids: The ids of the keys; each counts once.
            until: As for one key.
            timeout: Seconds for all of them together.
            on_progress: Called for each key that is done with, whether or not it is as wanted.
            invalid_grace: As for one key.
            **options: See the class; they hold for each call that this takes.

        Returns:
            One result for each key, in the order of ``ids``.
        """
        within = self._budget(timeout, options)
        watch = jobs.KeysWatch(
            ids,
            jobs.Goal(until, timeout, invalid_grace),
            read=lambda id, time_left: self._read_within(id, time_left, options),
            list_all=lambda: self._listed(None, within),
            on_progress=on_progress,
            clock=self.api_client.clock,
        )
        return watch.wait()

    def delete_byok_v1_key_when_available(
        self,
        id: str,
        timeout: float = 900.0,
        on_progress: Callable[[models.GetByokV1Key200Response], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Delete a key as soon as no cluster uses it.

        A key stays in use for days after its cluster was deleted. What was encrypted with a key
        cannot be read without it.

        Args:
            id: The id of the key.
            timeout: Seconds.
            on_progress: Called with the key each time it was read.
            **options: See the class; they hold for each call that this takes.

        Raises:
            WaitTimeoutException: It could not be deleted in time, mostly as a cluster still uses
                it; ``key`` is the last that was read.
            NotFoundException: There is no such key.
            ApiException: It cannot be read or deleted, for a reason that is not transient.
        """
        jobs.delete_when_available(
            lambda time_left: self._read_within(id, time_left, options),
            lambda time_left: self.delete_byok_v1_key(id, **self._within(time_left, options)),
            timeout=_checks.seconds("timeout", timeout),
            on_progress=on_progress,
            clock=self.api_client.clock,
        )

    def _reads(self, options: CallOptions) -> jobs.Reads:
        return jobs.Reads(
            read=lambda id: self.get_byok_v1_key(id, **options),
            search=lambda part: self.iter_byok_v1_keys(key=part, **options),
        )

    def _budget(self, timeout: float, options: CallOptions) -> Callable[[], CallOptions]:
        """The options of each call of a job that ends after ``timeout`` seconds from now."""
        clock = self.api_client.clock
        # The last look may begin at the end, and has to take some time.
        end = clock.monotonic() + _checks.seconds("timeout", timeout) + jobs.last_look(timeout)
        return lambda: self._within(max(end - clock.monotonic(), 0.001), options)

    def _listed(self, part: str | None, within: Callable[[], CallOptions]) -> jobs.KeyIterator:
        """All keys whose identifier holds a text; each page is asked for within the time left."""
        return jobs.KeyIterator(
            lambda token: self.list_byok_v1_keys(
                key=part, page_size=100, page_token=token, **within()
            )
        )

    def _read_within(
        self, id: str, time_left: float, options: CallOptions
    ) -> models.GetByokV1Key200Response:
        return self.get_byok_v1_key(id, **self._within(time_left, options))

    def _within(self, time_left: float, options: CallOptions) -> CallOptions:
        budget = min(time_left, self.api_client.configuration.deadline)
        return {"_request_timeout": budget, **options}

    @abstractmethod
    def create_byok_v1_key(
        self,
        create_byok_v1_key_request: models.CreateByokV1KeyRequest | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> models.CreateByokV1Key201Response:
        """Register a key."""

    @abstractmethod
    def delete_byok_v1_key(self, id: str, **options: Unpack[CallOptions]) -> None:
        """Delete a key."""

    @abstractmethod
    def get_byok_v1_key(
        self, id: str, **options: Unpack[CallOptions]
    ) -> models.GetByokV1Key200Response:
        """Read a key."""

    @abstractmethod
    def list_byok_v1_keys(
        self,
        provider: str | None = None,
        state: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        *,
        display_name: str | None = None,
        validation_phase: str | None = None,
        validation_region: str | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.ByokV1KeyList:
        """List one page of the keys."""

    @abstractmethod
    def _check_list_arguments(self, options: CallOptions, **query: Any) -> None:
        """Refuse what ``list_byok_v1_keys`` would refuse, and send nothing."""
