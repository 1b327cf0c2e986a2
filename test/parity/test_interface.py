"""Everything public in the generated client is here too, or on the list of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

import pytest
import urllib3

from .interface import Name, names, problems, resolve, signature
from .left_out import LEFT_OUT


def _stands_for_something(package: ModuleType, name: Name) -> bool:
    try:
        resolve(package, name)
    except (AttributeError, ImportError):
        return False
    return True


def _missing_names(theirs: ModuleType, ours: ModuleType) -> Iterator[str]:
    return (str(name) for name in names(theirs) if not _stands_for_something(ours, name))


def _missing_parameters(theirs: ModuleType, ours: ModuleType) -> Iterator[str]:
    for name in names(theirs):
        value = resolve(theirs, name)
        is_own = getattr(value, "__module__", "").startswith(theirs.__name__)
        theirs_called = signature(value) if is_own else None
        if theirs_called is None or not _stands_for_something(ours, name):
            continue
        ours_called = signature(resolve(ours, name))
        if ours_called is None:
            yield f"{name} is called"
        else:
            yield from (f"{name} {problem}" for problem in problems(theirs_called, ours_called))


def _instances(package: Any) -> Iterator[tuple[Name, object]]:
    # Their attributes are made in constructors, where looking at the class does not find them.
    module = "exceptions"
    yield Name("configuration", "Configuration"), package.Configuration(host="http://127.0.0.1")
    client = package.ApiClient(package.Configuration(host="http://127.0.0.1"))
    yield Name("api_client", "ApiClient"), client
    yield Name("rest", "RESTClientObject"), client.rest_client
    yield Name("rest", "RESTResponse"), package.rest.RESTResponse(urllib3.HTTPResponse(b"{}"))
    yield Name("api.keys_byok_v1_api", "KeysByokV1Api"), package.KeysByokV1Api(client)
    yield Name(module, "ApiException"), package.ApiException(status=400)
    for name in ("ApiTypeError", "ApiValueError", "ApiAttributeError", "ApiKeyError"):
        yield Name(module, name), getattr(package, name)("what happened")


def _missing_attributes(theirs: ModuleType, ours: ModuleType) -> Iterator[str]:
    for (name, their_instance), (_, our_instance) in zip(
        _instances(theirs), _instances(ours), strict=True
    ):
        public = (attribute for attribute in vars(their_instance) if not attribute.startswith("_"))
        yield from (
            f"{name}.{attribute}" for attribute in public if not hasattr(our_instance, attribute)
        )


def _missing_members(theirs: ModuleType, ours: ModuleType) -> Iterator[str]:
    # What classes inherit from pydantic is as much in use as what is written in them.
    for name in names(theirs):
        value = resolve(theirs, name)
        own = isinstance(value, type) and value.__module__ == f"{theirs.__name__}.{name.module}"
        if name.member or not own or not _stands_for_something(ours, name):
            continue
        here = dir(resolve(ours, name)) + list(getattr(resolve(ours, name), "model_fields", ()))
        yield from (
            f"{name}.{member}"
            for member in dir(value)
            if not member.startswith("_") and member not in here
        )


_MISSING: list[Callable[[ModuleType, ModuleType], Iterator[str]]] = [
    _missing_names,
    _missing_members,
    _missing_parameters,
    _missing_attributes,
]


def _is_listed(missing: str) -> bool:
    return any(fnmatchcase(missing, pattern) for pattern in LEFT_OUT)


@pytest.mark.parametrize("find", _MISSING)
def test_nothing_is_missing_but_what_is_listed(
    theirs: ModuleType, ours: ModuleType, find: Callable[[ModuleType, ModuleType], Iterator[str]]
) -> None:
    """All names and arguments of the generated client are here, but for those on the list."""
    assert [missing for missing in find(theirs, ours) if not _is_listed(missing)] == []


def test_what_is_listed_is_missing(theirs: ModuleType, ours: ModuleType) -> None:
    """All that is on the list of what was left out is missing."""
    missing = [each for find in _MISSING for each in find(theirs, ours)]
    stale = [p for p in LEFT_OUT if not any(fnmatchcase(each, p) for each in missing)]
    assert stale == []


def test_exports_are_the_same(theirs: Any, ours: Any) -> None:
    """`from openapi_client import *` brings in all that it did."""
    assert set(theirs.__all__) <= set(ours.__all__)


def test_exceptions_are_caught_as_before(theirs: Any, ours: Any) -> None:
    """An `except` clause written for the generated client catches what it did."""
    for name, their_class in vars(theirs.exceptions).items():
        if isinstance(their_class, type) and issubclass(their_class, theirs.OpenApiException):
            our_class = getattr(ours.exceptions, name)
            ancestors = {ancestor.__name__ for ancestor in our_class.__mro__}
            assert {ancestor.__name__ for ancestor in their_class.__mro__} <= ancestors


def test_api_response_is_made_as_before(theirs: Any, ours: Any) -> None:
    """A response is made with the same arguments, and has the same fields."""
    for package in (theirs, ours):
        made = package.ApiResponse[str](
            status_code=200, headers={"A": "1"}, data="x", raw_data=b"x"
        )
        assert (made.status_code, made.headers["A"]) == (200, "1")
        assert (made.data, made.raw_data) == ("x", b"x")


def test_models_have_the_same_fields(theirs: Any, ours: Any) -> None:
    """Models have the same fields under the same names, and demand no more of them."""
    for name, their_model in vars(theirs.models).items():
        if name == "ByokV1KeyKey" or not hasattr(their_model, "model_fields"):
            continue  # The first is one of three models and has no fields of its own on the wire.
        their_fields = their_model.model_fields
        our_fields = getattr(ours, name).model_fields
        assert list(our_fields) == list(their_fields), name
        for field, theirs_field in their_fields.items():
            for alias in (
                our_fields[field].validation_alias,
                our_fields[field].serialization_alias,
            ):
                assert (alias or field) == (theirs_field.alias or field), f"{name}.{field}"
            demanded = our_fields[field].is_required() and not theirs_field.is_required()
            assert not demanded, f"{name}.{field}"
