"""What all operations share: their client, and the checks of their arguments."""

import inspect
from typing import Any

from .. import _checks
from .._pipeline.call import CallOptions
from ..api_client import ApiClient
from ..configuration import Configuration
from ..exceptions import ApiTypeError, ApiValueError

_OPTIONS = CallOptions.__annotations__.keys()
_NO_OPTIONS = {
    "async_req": "calls are synchronous; use a thread pool, such as concurrent.futures",
    "pool_threads": "calls are synchronous; use a thread pool, such as concurrent.futures",
    "_preload_content": "use the variant ..._without_preload_content",
    "_return_http_data_only": "use the variant ..._with_http_info",
    "_check_return_type": "answers are never refused for their types",
    "_check_input_type": "set client_side_validation of the configuration",
    "_spec_property_naming": "models take the names of the service and those of Python",
}
"""Options of older generated clients, and what to do instead."""


class Api:
    """Operations that share a client.

    Args:
        api_client: The client that makes the calls; ``ApiClient.get_default()`` by default.
    """

    def __init__(self, api_client: ApiClient | None = None) -> None:
        if isinstance(api_client, Configuration):
            raise ApiTypeError(
                f"{type(self).__name__} takes an ApiClient, not a Configuration: "
                "give it ApiClient(configuration)"
            )
        self.api_client: ApiClient = ApiClient.get_default() if api_client is None else api_client
        """The client that makes the calls."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.api_client!r})"


def checked_options(operation: Any, options: CallOptions) -> CallOptions:
    """The options of a call; ``ApiValueError`` names one that is wrong, or is none."""
    if not options:
        return options
    if not options.keys() <= _OPTIONS:
        _refuse_unknown(operation, next(name for name in options if name not in _OPTIONS))
    if options.get("_host_index", 0) != 0:
        raise ApiValueError("_host_index has to be 0: there is one server")
    headers = options.get("_headers")
    if headers is not None:
        options["_headers"] = _checks.headers("_headers", headers)
    content_type = options.get("_content_type")
    if content_type and "json" not in _checks.header_value("_content_type", content_type).lower():
        raise ApiValueError(f"_content_type has to be JSON of some sort, not {content_type}")
    return options


def _refuse_unknown(operation: Any, name: str) -> None:
    """Raise ``ApiTypeError`` for an argument that there is none of, and say what there is."""
    known = {*inspect.signature(operation).parameters, *_OPTIONS} - {"self", "options"}
    advice = f": {_NO_OPTIONS[name]}" if name in _NO_OPTIONS else _checks.did_you_mean(name, known)
    raise ApiTypeError(f"{operation.__name__}() has no argument {name}{advice}")
