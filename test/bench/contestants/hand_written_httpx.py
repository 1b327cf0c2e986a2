"""httpx and what a program would write around it: one client, and JSON as it comes."""

from __future__ import annotations

# Not imported by name: only the environment `bench` has it.
from importlib import import_module

from bench import answers

from . import API_KEY, API_SECRET, THREADS, Works


def works(url: str) -> Works:
    """What is to be called for each figure; it has no models to decode into."""
    httpx = import_module("httpx")
    limits = httpx.Limits(max_connections=THREADS, max_keepalive_connections=THREADS)
    client = httpx.Client(base_url=url, auth=(API_KEY, API_SECRET), limits=limits)

    def fetch(path: str) -> object:
        return client.get(path).raise_for_status().json()

    def create() -> object:
        answer = client.post(answers.CREATE_PATH, json=answers.new_key())
        return answer.raise_for_status().json()

    def iterate() -> int:
        seen, path = 0, answers.LIST_PATH
        while path:
            document = client.get(path).raise_for_status().json()
            for _ in document["data"]:
                seen += 1
            path = document["metadata"]["next"]
        return seen

    return {
        "get": lambda: fetch(answers.ONE_KEY_PATH),
        "create": create,
        "build-and-create": create,
        "page": lambda: fetch(answers.LIST_PATH),
        "iterate": iterate,
    }
