"""The counter of our own calls counts what it says, and nothing else."""

import json
import re

import pytest
import urllib3
from urllib3.exceptions import ClosedPoolError

from openapi_client import Headers, RateLimit
from support.own_calls import own_calls


def _copied() -> Headers:
    return Headers(Headers({"A": "1"}))


def test_headers_are_counted() -> None:
    """Each `Headers` counts, also one that is made of another."""
    assert own_calls(lambda: Headers({"A": "1"})).headers_built == 1
    assert own_calls(_copied).headers_built == 2


def test_functions_are_listed_in_order() -> None:
    """The list shows who called whom."""
    functions = own_calls(lambda: Headers({"A": "1"}).get("a")).functions
    names = [re.split(r"[.:]", line)[-1] for line in functions]
    assert names.index("__init__") < names.index("__getitem__")
    assert not functions[0].startswith(" ")


def test_others_calls_are_not_counted() -> None:
    """What urllib3, the standard library and the test itself call is not ours."""
    counted = own_calls(lambda: json.loads(json.dumps({"a": urllib3.make_headers()})))
    assert (counted.functions, counted.headers_built) == ([], 0)
    assert counted.frames_before_urllib3 is None


def test_dataclasses_count() -> None:
    """A constructor that dataclasses wrote for one of our classes is a call like any other."""
    made = own_calls(lambda: RateLimit(limit=1, remaining=1, reset=1))
    assert len(made.functions) == 1


def test_frames_are_those_between() -> None:
    """Called directly, urllib3 has no frame before it."""
    pool = urllib3.HTTPConnectionPool("127.0.0.1")
    pool.close()

    def refused() -> None:
        with pytest.raises(ClosedPoolError):
            pool.request("GET", "/", retries=False)

    assert own_calls(refused).frames_before_urllib3 == 0
