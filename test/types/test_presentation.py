"""What `help()`, shells and IDEs show of each variant of an operation is what it is."""

import inspect
import pickle
import pydoc
import re
from dataclasses import is_dataclass
from typing import Any, get_type_hints

import pytest
import urllib3

import openapi_client
from openapi_client import (
    ApiResponse,
    ByokV1KeyList,
    CreateByokV1Key201Response,
    EnsuredByokV1Key,
    GetByokV1Key200Response,
    KeyIterator,
    KeysByokV1Api,
    WaitResult,
)

_DATA: dict[str, Any] = {
    "create_byok_v1_key": CreateByokV1Key201Response,
    "delete_byok_v1_key": type(None),
    "get_byok_v1_key": GetByokV1Key200Response,
    "list_byok_v1_keys": ByokV1KeyList,
    "update_byok_v1_key": GetByokV1Key200Response,
}
_RESPONSE: Any = ApiResponse
_RESULTS = {
    **_DATA,
    **{f"{name}_with_http_info": _RESPONSE[data] for name, data in _DATA.items()},
    **{f"{name}_without_preload_content": urllib3.BaseHTTPResponse for name in _DATA},
}
_OPTIONS = {
    "_request_timeout": None,
    "_request_auth": None,
    "_content_type": None,
    "_headers": None,
    "_host_index": 0,
}
_VARIANTS = pytest.mark.parametrize("name", _RESULTS)


def _operation(name: str) -> str:
    return name.removesuffix("_with_http_info").removesuffix("_without_preload_content")


@_VARIANTS
def test_signature_is_the_true_one(name: str) -> None:
    """A shell completes the options that are taken, and shows the type of the result."""
    signature = inspect.signature(getattr(KeysByokV1Api, name))
    options = {
        each.name: each.default
        for each in signature.parameters.values()
        if each.kind is each.KEYWORD_ONLY and each.name.startswith("_")
    }
    assert options == _OPTIONS
    assert (signature.return_annotation or type(None)) == _RESULTS[name]
    assert not [each for each in signature.parameters.values() if each.kind is each.VAR_KEYWORD]


_JOBS: dict[str, Any] = {
    "delete_byok_v1_key_when_available": type(None),
    "ensure_byok_v1_key": EnsuredByokV1Key,
    "find_byok_v1_key": GetByokV1Key200Response | None,
    "iter_byok_v1_keys": KeyIterator,
    "wait_for_byok_v1_key": GetByokV1Key200Response,
    "wait_for_byok_v1_keys": list[WaitResult],
}


@pytest.mark.parametrize("name", _JOBS)
def test_signature_of_a_job_is_the_true_one(name: str) -> None:
    """A shell completes the options of a job, and says what it gives."""
    job = getattr(KeysByokV1Api, name)
    signature = inspect.signature(job)
    assert signature.parameters.keys() >= _OPTIONS.keys()
    assert signature.return_annotation == _JOBS[name]
    assert get_type_hints(job)["return"] == _JOBS[name]
    assert "_request_timeout: float | tuple" in pydoc.render_doc(job)


@pytest.mark.parametrize("name", ["ApiClient", "ApiException", "Configuration", "KeysByokV1Api"])
def test_type_hints_can_be_had(name: str) -> None:
    """A tool that builds something from annotations can evaluate those of every public method."""
    kind = getattr(openapi_client, name)
    methods = [
        method
        for name, method in inspect.getmembers(kind)
        if not name.startswith("_") and (inspect.isfunction(method) or inspect.ismethod(method))
    ]
    assert methods
    assert all("return" in get_type_hints(method) for method in methods)
    assert get_type_hints(kind) is not None


_FROZEN = [
    value
    for module in (openapi_client, openapi_client.key_access)
    for value in (getattr(module, name) for name in module.__all__)
    if isinstance(value, type) and is_dataclass(value)
]


@pytest.mark.parametrize("kind", _FROZEN)
def test_results_cannot_be_changed(kind: Any) -> None:
    """What the library gave stays as it was given, whoever else holds it."""
    assert kind.__dataclass_params__.frozen


def test_signature_is_an_ordinary_one() -> None:
    """A signature can be asked for what it has not, changed, pickled and bound."""
    signature = inspect.signature(KeysByokV1Api.get_byok_v1_key)
    assert not hasattr(signature, "no_such_attribute")
    changed = signature.replace(return_annotation=str)
    assert not hasattr(changed, "no_such_attribute")
    assert (changed.return_annotation, changed.parameters) == (str, signature.parameters)
    assert pickle.loads(pickle.dumps(signature)) == signature
    assert signature.bind(None, "cck-1").arguments["id"] == "cck-1"


@_VARIANTS
def test_variants_take_the_same(name: str) -> None:
    """All variants of an operation take the same parameters."""
    variant = inspect.signature(getattr(KeysByokV1Api, name))
    plain = inspect.signature(getattr(KeysByokV1Api, _operation(name)))
    assert variant.parameters == plain.parameters


@_VARIANTS
def test_type_hints_agree_with_the_signature(name: str) -> None:
    """The type hints of a method are those of its signature."""
    method = getattr(KeysByokV1Api, name)
    signature = inspect.signature(method)
    hints = get_type_hints(method)
    assert hints.pop("return") == _RESULTS[name]
    assert hints == {
        each.name: each.annotation for each in signature.parameters.values() if each.name != "self"
    }


@_VARIANTS
def test_name_is_its_own(name: str) -> None:
    """Each variant has a name of its own in tracebacks, profiles and pickles."""
    method = getattr(KeysByokV1Api, name)
    assert (method.__name__, method.__qualname__) == (name, f"KeysByokV1Api.{name}")
    assert method.__module__ == KeysByokV1Api.__module__


@_VARIANTS
def test_help_tells_all(name: str) -> None:
    """`help()` tells what a parameter means, what is raised, and what this variant gives."""
    text = pydoc.plain(pydoc.render_doc(getattr(KeysByokV1Api, name)))
    parameters = [*inspect.signature(getattr(KeysByokV1Api, name)).parameters]
    own = [each for each in parameters if each != "self" and not each.startswith("_")]
    assert re.search(rf"\b{name}\(\s*self,", text), "Python 3.13 breaks a long signature"
    assert [each for each in own if f"{each}: " not in text.partition("Args:")[2]] == []
    assert "Raises:" in text or name.startswith("list_")
    gives = {"_info": "ApiResponse", "_content": "urllib3's response"}
    wanted = next((gives[end] for end in gives if name.endswith(end)), "")
    assert wanted in text.partition("Args:")[2]
