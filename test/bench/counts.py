"""The calls of a get, counted: what no machine makes faster."""

from __future__ import annotations

from openapi_client import ApiClient, Configuration, KeysByokV1Api
from support.own_calls import OwnCalls, own_calls

from . import answers
from .contestants import API_KEY, API_SECRET


def calls_of_a_get(url: str) -> OwnCalls:
    """Count a get once its connection is open and everything is loaded."""
    with ApiClient(Configuration(host=url, username=API_KEY, password=API_SECRET)) as client:
        api = KeysByokV1Api(client)
        for _ in range(3):
            api.get_byok_v1_key(answers.ONE_KEY)
        return own_calls(lambda: api.get_byok_v1_key(answers.ONE_KEY))
