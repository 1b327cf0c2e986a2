"""The operations on keys (contract, section 1)."""

import inspect
from collections.abc import Mapping
from typing import Any

from typing_extensions import Unpack, override

from .. import _checks
from .._core.headers import Headers
from .._pipeline.call import Call, CallOptions
from ..jobs.key_jobs import KeyJobs
from ..models._locations import id_in_location
from ..models.byok_v1_key_list import ByokV1KeyList
from ..models.byok_v1_key_update import ByokV1KeyUpdate
from ..models.create_byok_v1_key201_response import CreateByokV1Key201Response
from ..models.create_byok_v1_key_request import CreateByokV1KeyRequest
from ..models.get_byok_v1_key200_response import GetByokV1Key200Response
from ._base import (
    Api,
    checked_options,
    operation,
    with_http_info,
    without_preload_content,
)

_KEYS = "/byok/v1/keys"
_KEY = "/byok/v1/keys/{id}"


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

    @operation
    def create_byok_v1_key(
        self,
        create_byok_v1_key_request: CreateByokV1KeyRequest | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> Call[CreateByokV1Key201Response]:
        """Register a key (contract, sections 1 and 4.2).

        The service has no idempotency key: where ``outcome_unknown`` of an exception is true,
        look for the key before you register it again.

        Args:
            create_byok_v1_key_request: The key; required unless local checks are off.
            **options: See the class.

        Raises:
            ConflictException: It is registered already; ``location`` tells where.
            PaymentRequiredException: The quota of keys is used up.
            UnprocessableEntityException: The service finds it invalid.
        """
        body: Any = create_byok_v1_key_request
        if self.api_client.client_side_validation:
            body = _checks.body("create_byok_v1_key_request", CreateByokV1KeyRequest, body)
        return Call(
            method="POST",
            path=_KEYS,
            body=body,
            returns=CreateByokV1Key201Response,
            options=checked_options(options),
            complete=_take_id_from_location,
        )

    @with_http_info(create_byok_v1_key)
    def create_byok_v1_key_with_http_info(self) -> None:
        """As ``create_byok_v1_key``, as an ``ApiResponse`` with status and headers."""

    @without_preload_content(create_byok_v1_key)
    def create_byok_v1_key_without_preload_content(self) -> None:
        """As ``create_byok_v1_key``, as urllib3's response: unread and unchecked."""

    @operation
    def delete_byok_v1_key(self, id: str, **options: Unpack[CallOptions]) -> Call[None]:
        """Delete a key (contract, sections 1 and 4.3).

        Args:
            id: The id of the key.
            **options: See the class.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to delete.
            ConflictException: It is in use by a cluster.
        """
        return Call(
            method="DELETE",
            path=_KEY,
            path_params={"id": self._checked_id(id)},
            returns=type(None),
            options=checked_options(options),
        )

    @with_http_info(delete_byok_v1_key)
    def delete_byok_v1_key_with_http_info(self) -> None:
        """As ``delete_byok_v1_key``, as an ``ApiResponse`` with status and headers."""

    @without_preload_content(delete_byok_v1_key)
    def delete_byok_v1_key_without_preload_content(self) -> None:
        """As ``delete_byok_v1_key``, as urllib3's response: unread and unchecked."""

    @operation
    def get_byok_v1_key(
        self, id: str, **options: Unpack[CallOptions]
    ) -> Call[GetByokV1Key200Response]:
        """Read a key (contract, section 1).

        Args:
            id: The id of the key.
            **options: See the class.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to read.
        """
        return Call(
            method="GET",
            path=_KEY,
            path_params={"id": self._checked_id(id)},
            returns=GetByokV1Key200Response,
            options=checked_options(options),
        )

    @with_http_info(get_byok_v1_key)
    def get_byok_v1_key_with_http_info(self) -> None:
        """As ``get_byok_v1_key``, as an ``ApiResponse`` with status and headers."""

    @without_preload_content(get_byok_v1_key)
    def get_byok_v1_key_without_preload_content(self) -> None:
        """As ``get_byok_v1_key``, as urllib3's response: unread and unchecked."""

    @operation
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
    ) -> Call[ByokV1KeyList]:
        """List one page of the keys, in the order of the service (contract, sections 1.1 and 4.5).

        Filters are sent as they are given: use the service's own spelling (``AWS``, ``Azure``,
        ``GCP``; ``AVAILABLE``, ``IN_USE``).

        Args:
            provider: The cloud, exactly.
            state: The state, exactly.
            page_size: Keys on the page, from 1 to 100; the service's default is 10.
            page_token: The token in ``metadata.next`` of the page before.
            display_name: A part of the display name.
            validation_phase: The phase of validation, exactly.
            validation_region: The cloud region of the key.
            key: A part of the ``key_arn`` (AWS) or ``key_id`` (Azure, Google Cloud).
            **options: See the class.
        """
        query: dict[str, Any] = {
            "provider": provider,
            "state": state,
            "page_size": page_size,
            "page_token": page_token,
            "display_name": display_name,
            "validation_phase": validation_phase,
            "validation_region": validation_region,
            "key": key,
        }
        if self.api_client.client_side_validation:
            _check_query(query)
        return Call(
            method="GET",
            path=_KEYS,
            query_params=tuple(query.items()),
            returns=ByokV1KeyList,
            options=checked_options(options),
        )

    @with_http_info(list_byok_v1_keys)
    def list_byok_v1_keys_with_http_info(self) -> None:
        """As ``list_byok_v1_keys``, as an ``ApiResponse`` with status and headers."""

    @without_preload_content(list_byok_v1_keys)
    def list_byok_v1_keys_without_preload_content(self) -> None:
        """As ``list_byok_v1_keys``, as urllib3's response: unread and unchecked."""

    @operation
    def update_byok_v1_key(
        self,
        id: str,
        byok_v1_key_update: ByokV1KeyUpdate | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> Call[GetByokV1Key200Response]:
        """Change the display name of a key (contract, sections 1 and 2.6).

        Args:
            id: The id of the key.
            byok_v1_key_update: The new display name; fields that are ``None`` stay as they are.
            **options: See the class.

        Raises:
            NotFoundException: There is no such key.
            ForbiddenException: There is none, or it is not yours to change.
            UnprocessableEntityException: The service finds the name invalid.
        """
        body: Any = byok_v1_key_update
        if self.api_client.client_side_validation and body is not None:
            body = _checks.body("byok_v1_key_update", ByokV1KeyUpdate, body)
        return Call(
            method="PATCH",
            path=_KEY,
            path_params={"id": self._checked_id(id)},
            body=body,
            returns=GetByokV1Key200Response,
            options=checked_options(options),
        )

    @with_http_info(update_byok_v1_key)
    def update_byok_v1_key_with_http_info(self) -> None:
        """As ``update_byok_v1_key``, as an ``ApiResponse`` with status and headers."""

    @without_preload_content(update_byok_v1_key)
    def update_byok_v1_key_without_preload_content(self) -> None:
        """As ``update_byok_v1_key``, as urllib3's response: unread and unchecked."""

    @override
    def _check_list_arguments(self, **arguments: Any) -> None:
        inspect.unwrap(KeysByokV1Api.list_byok_v1_keys)(self, **arguments)

    def _checked_id(self, id: str) -> str:
        if self.api_client.client_side_validation:
            _checks.text("id", id, longest=255)
        return id


def _check_query(query: Mapping[str, Any]) -> None:
    for name, value in query.items():
        if name == "page_size" and value is not None:
            _checks.whole(name, value, least=1, most=100)
        elif value is not None:
            _checks.text(name, value, longest=255 if name == "page_token" else None)


def _take_id_from_location(created: object, headers: Headers) -> str | None:
    """By the letter of the description a 201 needs no id in its body (contract, section 2.7)."""
    found = id_in_location(headers.get("Location"))
    if found and isinstance(created, CreateByokV1Key201Response) and not created.id:
        created.id = found
        return "id"
    return None
