"""The public face: every name is there, where a user of the generated client looks for it."""

import ast
import inspect
import json
import pickle
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

import openapi_client
from structure.source import MODULES

_NAMES = [name for name in dir(openapi_client) if name != "__version__"]
_FACE = ast.parse(MODULES[""].read_text(encoding="utf-8"))

# Import paths of the generated client, for what is public in them.
_EXCEPTIONS = """
    OpenApiException ApiTypeError ApiValueError ApiKeyError ApiAttributeError ApiException
    BadRequestException NotFoundException UnauthorizedException ForbiddenException
    ConflictException UnprocessableEntityException ServiceException render_path
"""
_MODELS = """
    ByokV1AwsKey ByokV1AzureKey ByokV1GcpKey ByokV1Key ByokV1KeyKey ByokV1KeyList
    ByokV1KeyListDataInner ByokV1KeyListMetadata ByokV1KeyMetadata ByokV1KeyUpdate
    ByokV1KeyValidation CreateByokV1Key201Response CreateByokV1KeyRequest Error ErrorSource
    Failure GetByokV1Key200Response ListMeta ObjectMeta ObjectReference
"""
_GENERATED = {
    "": f"""
        KeysByokV1Api ApiResponse ApiClient Configuration OpenApiException ApiTypeError
        ApiValueError ApiKeyError ApiAttributeError ApiException __version__ {_MODELS}
    """,
    "api": "KeysByokV1Api",
    "api.keys_byok_v1_api": "KeysByokV1Api",
    "api_client": "ApiClient RequestSerialized",
    "api_response": "ApiResponse T",
    "configuration": "Configuration",
    "exceptions": _EXCEPTIONS,
    "models": _MODELS,
    "models.byok_v1_aws_key": "ByokV1AwsKey",
    "models.byok_v1_azure_key": "ByokV1AzureKey",
    "models.byok_v1_gcp_key": "ByokV1GcpKey",
    "models.byok_v1_key": "ByokV1Key",
    "models.byok_v1_key_key": "ByokV1KeyKey",
    "models.byok_v1_key_list": "ByokV1KeyList",
    "models.byok_v1_key_list_data_inner": "ByokV1KeyListDataInner",
    "models.byok_v1_key_list_metadata": "ByokV1KeyListMetadata",
    "models.byok_v1_key_metadata": "ByokV1KeyMetadata",
    "models.byok_v1_key_update": "ByokV1KeyUpdate",
    "models.byok_v1_key_validation": "ByokV1KeyValidation",
    "models.create_byok_v1_key201_response": "CreateByokV1Key201Response",
    "models.create_byok_v1_key_request": "CreateByokV1KeyRequest",
    "models.error": "Error",
    "models.error_source": "ErrorSource",
    "models.failure": "Failure",
    "models.get_byok_v1_key200_response": "GetByokV1Key200Response",
    "models.list_meta": "ListMeta",
    "models.object_meta": "ObjectMeta",
    "models.object_reference": "ObjectReference",
    "rest": "RESTClientObject RESTResponse RESTResponseType ApiException ApiValueError",
}
_IMPORTS = [(module, name) for module, names in _GENERATED.items() for name in names.split()]


def _run(program: str) -> Any:
    """What a fresh interpreter prints, in JSON."""
    command = [sys.executable, "-c", f"import json, sys, openapi_client\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(("module", "name"), _IMPORTS)
def test_import_of_the_generated_client_works(module: str, name: str) -> None:
    """Every import of the generated client works."""
    home = import_module(".".join(filter(None, ["openapi_client", module])))
    assert hasattr(home, name)


@pytest.mark.parametrize("module", [name for name in _GENERATED if name and "models." not in name])
def test_import_of_the_package_brings_its_modules(module: str) -> None:
    """`openapi_client.exceptions` and its like are there after `import openapi_client`."""
    assert _run(f"print(json.dumps(openapi_client.{module}.__name__))").endswith(module)


def test_importing_loads_nothing() -> None:
    """Importing the package loads its version and the means to find its names, and no more."""
    loaded = _run("print(json.dumps([m for m in sys.modules if m.startswith('openapi_client.')]))")
    assert set(loaded) == {
        f"openapi_client.{name}" for name in ("_core", "_core.lazy_exports", "_version")
    }


def test_a_get_loads_neither_jobs_nor_other_models() -> None:
    """A program that reads one key starts without what other programs need."""
    loaded = _run(
        """
settings = openapi_client.Configuration(host="http://127.0.0.1:1", retries=0)
api = openapi_client.KeysByokV1Api(openapi_client.ApiClient(settings))
try:
    api.get_byok_v1_key("cck-1")
except openapi_client.ApiConnectionException:
    openapi_client.models.GetByokV1Key200Response.from_json("{}")
print(json.dumps([name for name in sys.modules if name.startswith("openapi_client.")]))
"""
    )
    ours = [name.removeprefix("openapi_client.") for name in loaded]
    assert sorted(name for name in ours if name.startswith("jobs.")) == ["jobs.key_jobs"]
    models = {name.removeprefix("models.") for name in ours if name.startswith("models.")}
    assert {name for name in models if not name.startswith("_")} == {
        "byok_v1_aws_key",
        "byok_v1_azure_key",
        "byok_v1_gcp_key",
        "byok_v1_key_key",
        "byok_v1_key_metadata",
        "byok_v1_key_validation",
        "get_byok_v1_key200_response",
        "object_meta",
    }


@pytest.mark.parametrize("name", _NAMES)
def test_name_is_the_class_itself(name: str) -> None:
    """A public name is the class itself, wherever it is imported from."""
    value = getattr(openapi_client, name)
    assert inspect.isclass(value)
    assert value.__name__ == name
    assert value is getattr(import_module(value.__module__), name)
    assert openapi_client.__dict__[name] is value, "the second look at it does not run code again"


@pytest.mark.parametrize("name", _NAMES)
def test_name_pickles(name: str) -> None:
    """A public class can be pickled."""
    value = getattr(openapi_client, name)
    assert pickle.loads(pickle.dumps(value)) is value


def test_type_checkers_see_the_same_names() -> None:
    """A type checker sees the names that are there, and no others."""
    [block] = [node for node in _FACE.body if isinstance(node, ast.If)]
    declared = [
        (statement.module or "", alias.name, alias.asname)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]
    assert all(name == alias for _, name, alias in declared), "PEP 484 exports only `X as X`"
    homes = {name: home for home, name, _ in declared if home}
    homes.pop("__version__", None)
    assert homes == {
        name: getattr(openapi_client, name).__module__.removeprefix("openapi_client.")
        for name in _NAMES
    }
    modules = {name for home, name, _ in declared if not home}
    assert {name for name in _GENERATED if name and "." not in name} <= modules
    assert all(inspect.ismodule(getattr(openapi_client, name)) for name in modules)


def test_listed_names_are_the_exported_ones() -> None:
    """Completion in a shell, and `from openapi_client import *`, leave nothing out."""
    listed = vars(openapi_client)["__all__"]
    assert dir(openapi_client) == sorted(listed) == listed
    star: dict[str, Any] = {}
    exec("from openapi_client import *", star)
    assert set(dir(openapi_client)) <= star.keys()


def test_unknown_name_is_an_attribute_error() -> None:
    """An unknown name is an `AttributeError`, and an `ImportError` where it is imported."""
    with pytest.raises(AttributeError, match=r"'openapi_client' has no attribute 'KeysByokV2Api'"):
        getattr(openapi_client, "KeysByokV2Api")  # noqa: B009 - type checkers know that it is not there
    with pytest.raises(ImportError, match="KeysByokV2Api"):
        exec("from openapi_client import KeysByokV2Api")
