"""A plain HTTP client for the emulator's tests, which must not know the client under test."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3

from openapi_client.testing import ByokEmulator

KEYS = "/byok/v1/keys"
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
AWS = {"kind": "AwsKey", "key_arn": ARN}
AZURE = {
    "kind": "AzureKey",
    "key_id": "https://vault-name.vault.azure.net/keys/key-name",
    "key_vault_id": "/subscriptions/1/resourceGroups/2/providers/Microsoft.KeyVault/vaults/v",
    "tenant_id": "00000000-0000-0000-0000-000000000000",
}
GCP = {
    "kind": "GcpKey",
    "key_id": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3",
}


class Answer:
    """An HTTP response, read whole."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.data

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The only error of a failure."""
        [error] = self.json()["errors"]
        found: dict[str, Any] = error
        return found


class Caller:
    """Sends requests to an emulator, with its API key, without retries or redirects."""

    def __init__(self, emulator: ByokEmulator) -> None:
        self.url = emulator.url
        self.basic = basic(emulator.api_key, emulator.api_secret)
        self._http = urllib3.PoolManager(retries=False, maxsize=40)

    def close(self) -> None:
        """Close all connections."""
        self._http.clear()

    def __call__(
        self,
        method: str,
        target: str,
        document: Any = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request; a document becomes a JSON body."""
        given = {"Authorization": self.basic, **(headers or {})}
        if document is not None:
            body = json.dumps(document).encode()
            given.setdefault("Content-Type", "application/json")
        url = target if "://" in target else self.url + target
        return Answer(self._http.request(method, url, body=body, headers=given, redirect=False))

    def create(self, key: Mapping[str, Any] = AWS, **fields: Any) -> dict[str, Any]:
        """Register a key, and return its document."""
        answer = self("POST", KEYS, {"key": key, **fields})
        assert answer.status in (200, 201), answer.body
        document: dict[str, Any] = answer.json()
        return document

    def get(self, key_id: str) -> dict[str, Any]:
        """Read a key, and return its document."""
        document: dict[str, Any] = self("GET", f"{KEYS}/{key_id}").json()
        return document

    def pages(self, query: str = "") -> Iterator[dict[str, Any]]:
        """Follow the pages of a listing, as long as there is a next one."""
        target: str | None = f"{KEYS}?{query}"
        while target:
            page: dict[str, Any] = self("GET", target).json()
            yield page
            target = page["metadata"].get("next")

    def list(self, query: str = "") -> list[str]:
        """The ids in a whole listing, page after page."""
        return [key["id"] for page in self.pages(query) for key in page["data"]]


def once(
    method: str, url: str, headers: Mapping[str, str], document: Any = None
) -> urllib3.BaseHTTPResponse:
    """Send one request, on a connection of its own."""
    with urllib3.PoolManager(retries=False) as http:
        return http.request(method, url, json=document, headers=headers)


def basic(name: str, password: str) -> str:
    """An Authorization header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def connect(url: str) -> socket.socket:
    """A bare connection to the emulator."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)


def exchange(url: str, request: bytes) -> bytes:
    """Send bytes, and return all that comes back until the emulator closes."""
    with connect(url) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))
