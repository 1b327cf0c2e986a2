from collections import OrderedDict
from types import MappingProxyType

import pytest

from openapi_client._core.headers import Headers
from openapi_client._core.typeguards import is_array, is_list_or_tuple, is_mapping, is_object


@pytest.mark.parametrize(
    ("value", "is_an_object", "is_an_array", "is_a_mapping", "is_a_row"),
    [
        ({}, True, False, True, False),
        (OrderedDict(), True, False, True, False),
        (MappingProxyType({}), False, False, True, False),
        (Headers(), False, False, True, False),
        ([], False, True, False, True),
        ((), False, False, False, True),
        ("text", False, False, False, False),
        (b"ab", False, False, False, False),
        ({1, 2}, False, False, False, False),
        (None, False, False, False, False),
    ],
)
def test_shapes(
    value: object, is_an_object: bool, is_an_array: bool, is_a_mapping: bool, is_a_row: bool
) -> None:
    """Text is not taken for a list, and a mapping need not be a dict."""
    assert is_object(value) == is_an_object
    assert is_array(value) == is_an_array
    assert is_mapping(value) == is_a_mapping
    assert is_list_or_tuple(value) == is_a_row
