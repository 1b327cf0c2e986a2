"""The documented values are those of the API's description, and plain text on the wire."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi_client import ApiClient, KeysByokV1Api, KeyState, Provider, ValidationPhase
from openapi_client.testing import ByokEmulator

_DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.yaml"
_SCHEMAS: dict[str, Any] = yaml.safe_load(_DESCRIPTION.read_text(encoding="utf-8"))["components"][
    "schemas"
]


@pytest.mark.parametrize(
    ("values", "schema", "field"),
    [
        (Provider, "ByokV1Key", "provider"),
        (KeyState, "ByokV1Key", "state"),
        (ValidationPhase, "ByokV1KeyValidation", "phase"),
    ],
)
def test_values_are_the_described_ones(values: type, schema: str, field: str) -> None:
    """The constants are the described values, under the same names in upper case."""
    described = _SCHEMAS[schema]["properties"][field]["x-extensible-enum"]
    ours = {name: value for name, value in vars(values).items() if name.isupper()}
    assert sorted(ours.values()) == sorted(described)
    assert {name: value.upper() for name, value in ours.items()} == {name: name for name in ours}


def test_values_filter_a_list() -> None:
    """A list can be filtered by the constants."""
    with ByokEmulator() as emulator:
        [azure] = emulator.seed(1, provider="Azure")
        emulator.seed(1, provider="AWS")
        with ApiClient(emulator.configuration()) as client:
            page = KeysByokV1Api(client).list_byok_v1_keys(Provider.AZURE, KeyState.AVAILABLE)
    assert [key.id for key in page.data] == [azure]
