"""What the tests of the command line share: keys, streams, and how a command ended."""

from collections.abc import Callable
from io import StringIO
from typing import NamedTuple

from typing_extensions import override

AWS = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
GCP = "projects/p/locations/us-east1/keyRings/ring/cryptoKeys/key"
AZURE = "https://vault-1.vault.azure.net/keys/name"
TENANT = "00000000-0000-0000-0000-000000000000"
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/vault-1"


class Terminal(StringIO):
    """A stream that leads to a terminal of an unknown size."""

    @override
    def isatty(self) -> bool:
        return True


class Result(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]
