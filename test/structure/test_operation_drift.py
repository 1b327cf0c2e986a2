"""The operations, the emulator and `docs/openapi.yaml` say the same; each is held to the others."""

import inspect
from http import HTTPStatus
from types import NoneType
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import pytest

import openapi_client
from openapi_client import ApiClient, ApiValueError, Configuration, KeysByokV1Api
from openapi_client._pipeline.call import CallOptions
from openapi_client.exceptions import ApiException, ServiceException, exception_class
from openapi_client.testing import ByokEmulator
from openapi_client.testing._service.operations import ROUTES, Route
from structure.description import OPERATIONS, Operation, Parameter

_TYPES = {str: "string", int: "integer"}
# It belongs to another API, and is here for clients that have their tokens from it.
_OWN_ROUTES = {"exchangeStsV1OauthToken"}
# The description has it for the emulator: a client that sends JSON does not meet it.
_STATUSES_WITHOUT_CLASS = {415}
_OPERATIONS = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
_PARAMETERS = pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        pytest.param(operation, parameter, id=f"{operation.id}-{parameter.name}")
        for operation in OPERATIONS
        for parameter in operation.parameters
    ],
)


class _Sent(Exception):
    """Ends a call when it would go out."""

    def __init__(self, method: str, url: str) -> None:
        super().__init__(method, url)
        self.method, self.url = method, urlsplit(url)


class _Transport:
    """Sends nothing."""

    def request(self, method: str, url: str, **_: Any) -> None:
        """Tell what would be sent."""
        raise _Sent(method, url)


@pytest.fixture
def api() -> KeysByokV1Api:
    """An API whose calls end where they would go out."""
    client = ApiClient(Configuration(username="user", password="secret"))
    client.rest_client = _Transport()
    return KeysByokV1Api(client)


def _call(api: KeysByokV1Api, operation: Operation, **values: object) -> None:
    """Call an operation with the values of the description, but for those that are given."""
    arguments = {each.name: _value(each) for each in operation.parameters}
    if operation.body:
        arguments[_body_name(operation)] = operation.body_example
    getattr(api, operation.python_name)(**arguments | values)


def _value(parameter: Parameter) -> object:
    return parameter.example or parameter.default or "anything"


def _body_name(operation: Operation) -> str:
    return str(getattr(openapi_client, str(operation.body)).__module__).rpartition(".")[2]


def _signature(operation: Operation) -> tuple[list[inspect.Parameter], Any]:
    """What an operation takes besides the options, and what it returns."""
    signature = inspect.signature(getattr(KeysByokV1Api, operation.python_name))
    own = [each for name, each in signature.parameters.items() if name != "self"]
    without_options = [each for each in own if each.name not in CallOptions.__annotations__]
    return without_options, signature.return_annotation


def _route(operation: Operation) -> Route:
    return next(route for route in ROUTES if route.operation_id == operation.id)


@_OPERATIONS
def test_parameters_are_the_described_ones(operation: Operation) -> None:
    """An operation takes the described parameters, in their order."""
    parameters, _ = _signature(operation)
    described = [(each.name, each.type, each.required) for each in operation.parameters]
    if operation.body:
        described.append((_body_name(operation), operation.body, False))
    assert described == [
        (each.name, _type(each.annotation), each.default is each.empty) for each in parameters
    ]


def _type(annotation: Any) -> str:
    # Of a body, the model comes first, before what is taken in its place.
    first, *_ = [kind for kind in get_args(annotation) or [annotation] if kind is not NoneType]
    return _TYPES.get(first) or str(first.__name__)


@_OPERATIONS
def test_result_is_the_described_one(operation: Operation) -> None:
    """An operation returns the described model."""
    _, result = _signature(operation)
    model = getattr(openapi_client, operation.result) if operation.result else None
    assert result in ([model] if model else [None, NoneType])


@_OPERATIONS
def test_request_is_the_described_one(operation: Operation, api: KeysByokV1Api) -> None:
    """A call goes where the description says, with every described parameter."""
    with pytest.raises(_Sent) as sent:
        _call(api, operation)
    identifiers = {each.name: _value(each) for each in operation.parameters if each.required}
    assert (sent.value.method, sent.value.url.path) == (
        operation.method,
        operation.path.format(**identifiers),
    )
    query = [name for name, _ in parse_qsl(sent.value.url.query)]
    assert query == [each.name for each in operation.parameters if each.place == "query"]


def _limits(parameter: Parameter) -> tuple[list[object], list[object]]:
    """Values that are just within the limits, and just beyond them."""
    if parameter.type == "string":
        longest = parameter.max_length
        return ["x" * (longest or 100_000)], ["x" * (longest + 1)] if longest else []
    least, most = parameter.minimum, parameter.maximum
    assert least is not None
    assert most is not None
    return [least, most], [least - 1, most + 1]


@_PARAMETERS
def test_limits_are_the_described_ones(
    operation: Operation, parameter: Parameter, api: KeysByokV1Api
) -> None:
    """A value within the described limits is sent, and one beyond them is refused."""
    within, beyond = _limits(parameter)
    for value in within:
        with pytest.raises(_Sent):
            _call(api, operation, **{parameter.name: value})
    for value in beyond:
        with pytest.raises(ApiValueError, match=parameter.name):
            _call(api, operation, **{parameter.name: value})


def test_failures_have_the_described_statuses() -> None:
    """Each described failure has its exception, and no other status has one of its own."""
    described = {status for operation in OPERATIONS for status in operation.failures}
    general = {ApiException, ServiceException}
    named = {int(status) for status in HTTPStatus if exception_class(status) not in general}
    assert described - _STATUSES_WITHOUT_CLASS == named | {500}


def test_emulator_serves_the_described_operations() -> None:
    """The emulator serves the described operations, and of others the token exchange alone."""
    assert {each.id for each in OPERATIONS} == {each.operation_id for each in ROUTES} - _OWN_ROUTES


@_OPERATIONS
def test_emulator_route_is_the_described_one(operation: Operation) -> None:
    """Each route of the emulator is as the description has it."""
    route = _route(operation)
    assert (route.method, route.template) == (operation.method, operation.path)
    assert (route.success, [*route.failures]) == (operation.success, sorted(operation.failures))
    in_query = {each.name for each in operation.parameters if each.place == "query"}
    assert {*route.query} == in_query
    assert route.accepts == ("application/json" if operation.body else None)
    assert route.secured


def test_emulator_has_the_described_page_size() -> None:
    """The pages of the emulator have the described size."""
    [parameter] = [
        each for operation in OPERATIONS for each in operation.parameters if each.default
    ]
    with ByokEmulator() as emulator, ApiClient(emulator.configuration()) as client:
        emulator.seed(parameter.default + 1)
        assert len(KeysByokV1Api(client).list_byok_v1_keys().data) == parameter.default
