"""Frameworks that build, check or invent models do so with those of this library."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openapi_client import (
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyList,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
)
from support.documents import KEY

_MODELS = [
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
    ByokV1Key,
    ByokV1KeyList,
]
_ARN = "arn:aws:kms:us-west-2:1:key/a"


@pytest.fixture
def web() -> Any:
    """A client of an application that takes a request model and returns a key."""
    fastapi = pytest.importorskip("fastapi")
    client = pytest.importorskip("fastapi.testclient")
    application = fastapi.FastAPI()

    def create(request: CreateByokV1KeyRequest) -> GetByokV1Key200Response:
        return GetByokV1Key200Response.from_dict({**KEY, **request.to_dict()})

    application.post("/keys")(create)
    return client.TestClient(application)


def test_fastapi(web: Any) -> None:
    """An application takes a request model and answers with a key."""
    body = {"key": {"kind": "AwsKey", "key_arn": _ARN}, "display_name": "mine"}
    answer = web.post("/keys", json=body)
    assert answer.status_code == 200
    assert answer.json()["display_name"] == "mine"
    assert answer.json()["key"]["key_arn"] == _ARN
    assert answer.json()["id"] == KEY["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"key": {"kind": "AwsKey", "key_arn": _ARN}, "displayname": "x"}, "displayname"),
        ({"key": {"kind": "AwsKey", "key_arn": _ARN, "roels": []}}, "roels"),
        ({"key": {"kind": "AwsKey"}}, "key_arn"),
        ({"key": {"kind": "OtherKey"}}, "key"),
        ({}, "key"),
    ],
)
def test_fastapi_refuses(web: Any, body: Any, field: str) -> None:
    """A body that a request model refuses is answered with 422, which names the field."""
    answer = web.post("/keys", json=body)
    assert answer.status_code == 422
    assert field in {place for error in answer.json()["detail"] for place in error["loc"]}


def test_fastapi_description(web: Any) -> None:
    """The application's own description shows the kinds of key, and that no field may be added."""
    schemas = web.get("/openapi.json").json()["components"]["schemas"]
    request = next(value for name, value in schemas.items() if "CreateByokV1KeyRequest" in name)
    assert request["required"] == ["key"]
    assert request["additionalProperties"] is False
    assert any("ByokV1AzureKey" in name for name in schemas)


@pytest.mark.parametrize("model", _MODELS)
def test_hypothesis(model: Any) -> None:
    """Hypothesis builds the model from its type."""

    @settings(
        max_examples=20,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        deadline=None,
        database=None,
    )
    @given(st.from_type(model))
    def build(value: Any) -> None:
        assert isinstance(value, model)

    build()


@pytest.mark.parametrize("model", _MODELS)
def test_polyfactory(model: Any) -> None:
    """Polyfactory builds the model, with values of the types that its fields have."""
    factories = pytest.importorskip("polyfactory.factories.pydantic_factory")
    factory = factories.ModelFactory.create_factory(model)
    for _ in range(20):
        value = factory.build()
        assert isinstance(value, model)
        assert value.to_dict()
