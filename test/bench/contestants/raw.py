"""urllib3 and json, with nothing in between."""

from __future__ import annotations

import json

import urllib3

from bench import answers

from . import API_KEY, API_SECRET, THREADS, Works


def works(url: str) -> Works:
    """What is to be called for each figure."""
    pools = urllib3.PoolManager(maxsize=THREADS)
    headers = urllib3.make_headers(basic_auth=f"{API_KEY}:{API_SECRET}")
    headers["Accept"] = "application/json"
    with_body = {**headers, "Content-Type": "application/json"}
    one_key, first_page = url + answers.ONE_KEY_PATH, url + answers.LIST_PATH
    create, body = url + answers.CREATE_PATH, answers.page_body()

    def get() -> object:
        return json.loads(pools.request("GET", one_key, headers=headers).data)

    def post() -> object:
        sent = json.dumps(answers.new_key()).encode()
        return json.loads(pools.request("POST", create, body=sent, headers=with_body).data)

    def page() -> object:
        return json.loads(pools.request("GET", first_page, headers=headers).data)

    def iterate() -> int:
        seen, address = 0, first_page
        while address:
            document = json.loads(pools.request("GET", address, headers=headers).data)
            for _ in document["data"]:
                seen += 1
            address = document["metadata"]["next"]
        return seen

    return {
        "get": get,
        "create": post,
        "build-and-create": post,
        "page": page,
        "decode": lambda: json.loads(body),
        "iterate": iterate,
    }
