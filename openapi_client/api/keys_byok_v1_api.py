"""The operations on keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from typing_extensions import Unpack, override

from .. import _checks, models
from .._core.urls import as_page_token
from .._pipeline.call import Call, CallOptions
from .._pipeline.signatures import show_options
from ..api_response import ApiResponse
from ..jobs.key_jobs import KeyJobs
from ..rest import RESTResponseType
from ..values import filter_value
from ._base import Api, checked_options

if TYPE_CHECKING:
    from ..models import ByokV1KeyList as ByokV1KeyList
    from ..models import ByokV1KeyUpdate as ByokV1KeyUpdate
    from ..models import CreateByokV1Key201Response as CreateByokV1Key201Response
    from ..models import CreateByokV1KeyRequest as CreateByokV1KeyRequest
    from ..models import GetByokV1Key200Response as GetByokV1Key200Response
else:

    def __getattr__(name: str) -> Any:
        # In a generated client the models are among the names of this module.
        if name in models.__all__:
            return getattr(models, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_KEYS = "/byok/v1/keys"
_KEY = "/byok/v1/keys/{id}"


@show_options
class KeysByokV1Api(KeyJobs, Api):
    """The operations on the keys of an organization.

    Each comes in three variants: the plain one gives the data, ``..._with_http_info`` an
    ``ApiResponse`` with status and headers, ``..._without_preload_content`` urllib3's response.
    All take these options by keyword: ``_request_timeout`` (seconds for the whole call, or a
    pair of seconds to connect and to read for each attempt), ``_request_auth`` (a dict with
    ``in``, ``key`` and ``value``, instead of the configured credentials), ``_headers`` (a dict;
    these win over all others), ``_content_type`` and ``_host_index`` (0).

    All raise ``ApiValueError`` for an argument that is refused, before anything is sent, and
    ``ApiException`` where the call fails; ``openapi_client.exceptions`` shows the tree.
    """

    def create_byok_v1_key(
        self,
        create_byok_v1_key_request: models.CreateByokV1KeyRequest | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> models.CreateByokV1Key201Response:
        """Register a key.

        The service has no idempotency key: where ``outcome_unknown`` of an exception is true,
        look for the key before you register it again, or use ``ensure_byok_v1_key``.

        Args:
            create_byok_v1_key_request: The key; required unless local checks are off.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            The registered key.

        Raises:
            ConflictException: It is registered already; ``location`` tells where.
            PaymentRequiredException: The quota of keys is used up.
            UnprocessableEntityException: The service finds it invalid.
            ApiException: The call failed in another way.
        """
        call = self._create(options, create_byok_v1_key_request)
        return self.api_client.execute(call).data

    def create_byok_v1_key_with_http_info(
        self,
        create_byok_v1_key_request: models.CreateByokV1KeyRequest | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> ApiResponse[models.CreateByokV1Key201Response]:
        """As ``create_byok_v1_key``, as an ``ApiResponse`` with status, headers and attempts.

        Args:
            create_byok_v1_key_request: The key; required unless local checks are off.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            An ``ApiResponse`` with the data, status, headers and attempts.

        Raises:
            ConflictException: It is registered already; ``location`` tells where.
            PaymentRequiredException: The quota of keys is used up.
            UnprocessableEntityException: The service finds it invalid.
            ApiException: The call failed in another way.
        """
        call = self._create(options, create_byok_v1_key_request)
        return self.api_client.execute(call)

    def create_byok_v1_key_without_preload_content(
        self,
        create_byok_v1_key_request: models.CreateByokV1KeyRequest | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> RESTResponseType:
        """As ``create_byok_v1_key``, as urllib3's response: its body unread, its status unchecked.

        Args:
            create_byok_v1_key_request: The key; required unless local checks are off.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            urllib3's response, whose body is still to be read.

        Raises:
            ApiException: There was no answer.
        """
        call = self._create(options, create_byok_v1_key_request)
        return self.api_client.stream(call)

    def delete_byok_v1_key(self, id: str, **options: Unpack[CallOptions]) -> None:
        """Delete a key.

        Args:
            id: The id of the key.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to delete.
            ConflictException: It is in use by a cluster.
            ApiException: The call failed in another way.
        """
        self.api_client.execute(self._delete(options, id))

    def delete_byok_v1_key_with_http_info(
        self,
        id: str,
        **options: Unpack[CallOptions],
    ) -> ApiResponse[None]:
        """As ``delete_byok_v1_key``, as an ``ApiResponse`` with status, headers and attempts.

        Args:
            id: The id of the key.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            An ``ApiResponse`` with the data, status, headers and attempts. Its status is 404 where
            an attempt before the last one deleted the key, and its answer was lost.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to delete.
            ConflictException: It is in use by a cluster.
            ApiException: The call failed in another way.
        """
        call = self._delete(options, id)
        return self.api_client.execute(call)

    def delete_byok_v1_key_without_preload_content(
        self,
        id: str,
        **options: Unpack[CallOptions],
    ) -> RESTResponseType:
        """As ``delete_byok_v1_key``, as urllib3's response: its body unread, its status unchecked.

        Args:
            id: The id of the key.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            urllib3's response, whose body is still to be read.

        Raises:
            ApiException: There was no answer.
        """
        call = self._delete(options, id)
        return self.api_client.stream(call)

    def get_byok_v1_key(
        self, id: str, **options: Unpack[CallOptions]
    ) -> models.GetByokV1Key200Response:
        """Read a key.

        Args:
            id: The id of the key.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            The key.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to read.
            ApiException: The call failed in another way.
        """
        call = self._get(options, id)
        return self.api_client.execute(call).data

    def get_byok_v1_key_with_http_info(
        self,
        id: str,
        **options: Unpack[CallOptions],
    ) -> ApiResponse[models.GetByokV1Key200Response]:
        """As ``get_byok_v1_key``, as an ``ApiResponse`` with status, headers and attempts.

        Args:
            id: The id of the key.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            An ``ApiResponse`` with the data, status, headers and attempts.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to read.
            ApiException: The call failed in another way.
        """
        call = self._get(options, id)
        return self.api_client.execute(call)

    def get_byok_v1_key_without_preload_content(
        self,
        id: str,
        **options: Unpack[CallOptions],
    ) -> RESTResponseType:
        """As ``get_byok_v1_key``, as urllib3's response: its body unread, its status unchecked.

        Args:
            id: The id of the key.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            urllib3's response, whose body is still to be read.

        Raises:
            ApiException: There was no answer.
        """
        call = self._get(options, id)
        return self.api_client.stream(call)

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
        """List one page of the keys, in the order of the service.

        A value that is documented is sent in the service's own spelling, whatever its case
        (``aws`` as ``AWS``), unless local checks are off; any other as it is given.

        Args:
            provider: The cloud, exactly.
            state: The state, exactly.
            page_size: Keys on the page, from 1 to 100; the service's default is 10.
            page_token: The token in ``metadata.next`` of the page before, or that whole link.
            display_name: A part of the display name.
            validation_phase: The phase of validation, exactly.
            validation_region: The cloud region of the key.
            key: A part of the ``key_arn`` (AWS) or ``key_id`` (Azure, Google Cloud).
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            The page.

        Raises:
            BadRequestException: The service does not take a value; ``errors`` names it.
            ApiException: The call failed in another way.
        """
        call = self._list(
            options,
            provider=provider,
            state=state,
            page_size=page_size,
            page_token=page_token,
            display_name=display_name,
            validation_phase=validation_phase,
            validation_region=validation_region,
            key=key,
        )
        return self.api_client.execute(call).data

    def list_byok_v1_keys_with_http_info(
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
    ) -> ApiResponse[models.ByokV1KeyList]:
        """As ``list_byok_v1_keys``, as an ``ApiResponse`` with status, headers and attempts.

        Args:
            provider: The cloud, exactly.
            state: The state, exactly.
            page_size: Keys on the page, from 1 to 100; the service's default is 10.
            page_token: The token in ``metadata.next`` of the page before, or that whole link.
            display_name: A part of the display name.
            validation_phase: The phase of validation, exactly.
            validation_region: The cloud region of the key.
            key: A part of the ``key_arn`` (AWS) or ``key_id`` (Azure, Google Cloud).
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            An ``ApiResponse`` with the data, status, headers and attempts.

        Raises:
            BadRequestException: The service does not take a value; ``errors`` names it.
            ApiException: The call failed in another way.
        """
        call = self._list(
            options,
            provider=provider,
            state=state,
            page_size=page_size,
            page_token=page_token,
            display_name=display_name,
            validation_phase=validation_phase,
            validation_region=validation_region,
            key=key,
        )
        return self.api_client.execute(call)

    def list_byok_v1_keys_without_preload_content(
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
    ) -> RESTResponseType:
        """As ``list_byok_v1_keys``, as urllib3's response: its body unread, its status unchecked.

        Args:
            provider: The cloud, exactly.
            state: The state, exactly.
            page_size: Keys on the page, from 1 to 100; the service's default is 10.
            page_token: The token in ``metadata.next`` of the page before, or that whole link.
            display_name: A part of the display name.
            validation_phase: The phase of validation, exactly.
            validation_region: The cloud region of the key.
            key: A part of the ``key_arn`` (AWS) or ``key_id`` (Azure, Google Cloud).
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            urllib3's response, whose body is still to be read.

        Raises:
            ApiException: There was no answer.
        """
        call = self._list(
            options,
            provider=provider,
            state=state,
            page_size=page_size,
            page_token=page_token,
            display_name=display_name,
            validation_phase=validation_phase,
            validation_region=validation_region,
            key=key,
        )
        return self.api_client.stream(call)

    def update_byok_v1_key(
        self,
        id: str,
        byok_v1_key_update: models.ByokV1KeyUpdate | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> models.GetByokV1Key200Response:
        """Change the display name of a key.

        Args:
            id: The id of the key.
            byok_v1_key_update: The new display name; fields that are ``None`` stay as they are.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            The changed key.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to change.
            UnprocessableEntityException: The service finds the name invalid.
            ApiException: The call failed in another way.
        """
        call = self._update(options, id, byok_v1_key_update)
        return self.api_client.execute(call).data

    def update_byok_v1_key_with_http_info(
        self,
        id: str,
        byok_v1_key_update: models.ByokV1KeyUpdate | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> ApiResponse[models.GetByokV1Key200Response]:
        """As ``update_byok_v1_key``, as an ``ApiResponse`` with status, headers and attempts.

        Args:
            id: The id of the key.
            byok_v1_key_update: The new display name; fields that are ``None`` stay as they are.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            An ``ApiResponse`` with the data, status, headers and attempts.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to change.
            UnprocessableEntityException: The service finds the name invalid.
            ApiException: The call failed in another way.
        """
        call = self._update(options, id, byok_v1_key_update)
        return self.api_client.execute(call)

    def update_byok_v1_key_without_preload_content(
        self,
        id: str,
        byok_v1_key_update: models.ByokV1KeyUpdate | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> RESTResponseType:
        """As ``update_byok_v1_key``, as urllib3's response: its body unread, its status unchecked.

        Args:
            id: The id of the key.
            byok_v1_key_update: The new display name; fields that are ``None`` stay as they are.
            **options: ``_request_timeout`` (seconds for the whole call, or a pair of seconds to
                connect and to read), ``_request_auth``, ``_headers``, ``_content_type``,
                ``_host_index``; see the class.

        Returns:
            urllib3's response, whose body is still to be read.

        Raises:
            ApiException: There was no answer.
        """
        call = self._update(options, id, byok_v1_key_update)
        return self.api_client.stream(call)

    # The builders: each defines an operation, whose variants differ in what they give.

    def _create(self, given: CallOptions, request: Any) -> Call[models.CreateByokV1Key201Response]:
        if self.api_client.configuration.client_side_validation:
            request = _checks.body(
                "create_byok_v1_key_request", models.CreateByokV1KeyRequest, request
            )
        return Call(
            method="POST",
            path=_KEYS,
            path_params={},
            body=request,
            returns=models.CreateByokV1Key201Response,
            options=given and checked_options(self.create_byok_v1_key, given),
        )

    def _delete(self, given: CallOptions, id: str) -> Call[None]:
        return Call(
            method="DELETE",
            path=_KEY,
            path_params={"id": self._checked_id(id)},
            returns=type(None),
            options=given and checked_options(self.delete_byok_v1_key, given),
        )

    def _get(self, given: CallOptions, id: str) -> Call[models.GetByokV1Key200Response]:
        return Call(
            method="GET",
            path=_KEY,
            path_params={"id": self._checked_id(id)},
            returns=models.GetByokV1Key200Response,
            options=given and checked_options(self.get_byok_v1_key, given),
        )

    def _list(self, given: CallOptions, **query: Any) -> Call[models.ByokV1KeyList]:
        query["page_token"] = as_page_token(query["page_token"])
        if self.api_client.configuration.client_side_validation:
            query = _checked_query(query)
        return Call(
            method="GET",
            path=_KEYS,
            path_params={},
            query_params=tuple(query.items()),
            returns=models.ByokV1KeyList,
            options=given and checked_options(self.list_byok_v1_keys, given),
        )

    def _update(
        self, given: CallOptions, id: str, update: Any
    ) -> Call[models.GetByokV1Key200Response]:
        if self.api_client.configuration.client_side_validation and update is not None:
            update = _checks.body("byok_v1_key_update", models.ByokV1KeyUpdate, update)
        return Call(
            method="PATCH",
            path=_KEY,
            path_params={"id": self._checked_id(id)},
            body=update,
            returns=models.GetByokV1Key200Response,
            options=given and checked_options(self.update_byok_v1_key, given),
        )

    @override
    def _check_list_arguments(self, options: CallOptions, **query: Any) -> None:
        self._list(checked_options(self.iter_byok_v1_keys, options), **query)

    def _checked_id(self, id: str) -> str:
        """The id, checked for its type and length; ``path_segment`` checks the rest."""
        if self.api_client.configuration.client_side_validation:
            is_short_text = type(id) is str and len(id) <= 255
            return id if is_short_text else _checks.text("id", id, longest=255)
        return id


def _checked_query(query: Mapping[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for name, value in query.items():
        if value is None:
            continue
        if name == "page_size":
            checked[name] = _checks.integer(name, value, least=1, most=100)
        elif name == "page_token":
            checked[name] = _checks.text(name, value, longest=255)
        else:
            checked[name] = filter_value(name, _checks.text(name, value))
    return checked
