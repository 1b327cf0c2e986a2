"""How an operation is defined once, and offered in three variants."""

import inspect
from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, get_args, get_type_hints

from .. import _checks
from .._pipeline.call import Call, CallOptions
from ..api_client import ApiClient
from ..api_response import ApiResponse
from ..exceptions import ApiTypeError, ApiValueError
from ..rest import RESTResponseType


class Api:
    """Operations that share a client."""

    def __init__(self, api_client: ApiClient | None = None) -> None:
        self.api_client: ApiClient = ApiClient.get_default() if api_client is None else api_client
        """The client that makes the calls."""


A = TypeVar("A", bound=Api)
P = ParamSpec("P")
T = TypeVar("T")


_Declared = Callable[[Any], None]
"""A method that gives a variant its name and its docstring, and nothing else."""


def operation(build: Callable[Concatenate[A, P], Call[T]]) -> Callable[Concatenate[A, P], T]:
    """The plain variant of an operation: it gives the data of the answer.

    ``build`` defines the operation: from the arguments, once checked, it makes the call.
    """

    @wraps(build)
    def plain(self: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.api_client.execute(build(self, *args, **kwargs)).data

    plain.__doc__ = inspect.getdoc(build)
    _sign(plain, build, _result(build))
    return plain


def with_http_info(
    plain: Callable[Concatenate[A, P], T],
) -> Callable[[_Declared], Callable[Concatenate[A, P], ApiResponse[T]]]:
    """The variant of an operation that gives the data with status, headers and attempts."""
    build: Callable[Concatenate[A, P], Call[T]] = inspect.unwrap(plain)

    def declared_as(declared: _Declared) -> Callable[Concatenate[A, P], ApiResponse[T]]:
        def info(self: A, /, *args: P.args, **kwargs: P.kwargs) -> ApiResponse[T]:
            return self.api_client.execute(build(self, *args, **kwargs))

        _present(info, declared, plain)
        generic: Any = ApiResponse
        _sign(info, build, generic[_result(build)])
        return info

    return declared_as


def without_preload_content(
    plain: Callable[Concatenate[A, P], T],
) -> Callable[[_Declared], Callable[Concatenate[A, P], RESTResponseType]]:
    """The variant of an operation that gives urllib3's response, unread and unchecked."""
    build: Callable[Concatenate[A, P], Call[T]] = inspect.unwrap(plain)

    def declared_as(declared: _Declared) -> Callable[Concatenate[A, P], RESTResponseType]:
        def raw(self: A, /, *args: P.args, **kwargs: P.kwargs) -> RESTResponseType:
            return self.api_client.stream(build(self, *args, **kwargs))

        _present(raw, declared, plain)
        _sign(raw, build, RESTResponseType)
        return raw

    return declared_as


def checked_options(options: CallOptions) -> CallOptions:
    """The options of a call; ``ApiValueError`` names one that is wrong, or is none."""
    unknown = sorted(options.keys() - CallOptions.__annotations__.keys())
    if unknown:
        raise ApiTypeError(f"there is no argument {unknown[0]}")
    if options.get("_host_index", 0) != 0:
        raise ApiValueError("_host_index has to be 0: there is one server")
    own = options.get("_headers")
    if own is not None:
        options["_headers"] = _checks.headers("_headers", own)
    content_type = options.get("_content_type")
    if content_type and "json" not in _checks.line("_content_type", content_type).lower():
        raise ApiValueError(f"_content_type has to be JSON of some sort, not {content_type}")
    return options


def _result(build: Callable[..., Call[Any]]) -> Any:
    return get_args(get_type_hints(build)["return"])[0]


def _present(variant: Any, declared: _Declared, plain: Callable[..., Any]) -> None:
    """Let a variant be what it was declared as, documented as the operation is."""
    update_wrapper(variant, declared)
    variant.__doc__ = f"{plain.__doc__}\n\n{declared.__doc__}"
    del variant.__wrapped__


def _sign(variant: Any, build: Callable[..., Any], returns: Any) -> None:
    """Let ``help`` and IDEs see the arguments and options that a variant takes."""
    arguments = [
        parameter
        for parameter in inspect.signature(build).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=0 if kind is int else None,
            annotation=kind,
        )
        for name, kind in get_type_hints(CallOptions).items()
    ]
    variant.__signature__ = inspect.Signature([*arguments, *options], return_annotation=returns)
    variant.__annotations__ = {
        parameter.name: parameter.annotation for parameter in [*arguments[1:], *options]
    } | {"return": returns}
