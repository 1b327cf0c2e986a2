"""The life of a key, told as it happens: registered, read, listed, renamed, deleted, gone.

    python docs/examples/key_lifecycle.py [KEY]

It happens on an emulator of the service, on this machine. With CONFLUENT_CLOUD_API_KEY and
CONFLUENT_CLOUD_API_SECRET in the environment it happens in Confluent Cloud, to a KEY of your own
that is not registered there yet: an ARN (AWS), a resource name (Google Cloud), or a JSON object
like {"kind": "AzureKey", "key_id": ..., "key_vault_id": ..., "tenant_id": ...}.

It deletes only what it has registered itself, and does so even where a step in between fails.
"""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from openapi_client import (
    ApiClient,
    ByokV1KeyUpdate,
    Configuration,
    CreateByokV1KeyRequest,
    ForbiddenException,
    KeysByokV1Api,
    NotFoundException,
    OpenApiException,
)
from openapi_client.testing import ByokEmulator

EXAMPLE = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FIRST_NAME, LATER_NAME = "Quickstart key", "Quickstart key, older and wiser"


def tell_the_life_of(key: dict[str, Any], api: KeysByokV1Api) -> None:
    """Register a key, see it through its life, and leave nothing behind."""
    created = api.create_byok_v1_key(CreateByokV1KeyRequest(key=key, display_name=FIRST_NAME))
    print(f"Registered  Welcome, {created.id}! You shall be called {FIRST_NAME!r}.")
    try:
        read = api.get_byok_v1_key(created.id)
        phase = read.validation.phase
        print(f"Read        It lies in {read.provider}, is {read.state}, its validation {phase}.")

        page = api.list_byok_v1_keys(display_name=FIRST_NAME)
        found = created.id in [item.id for item in page.data]
        print(f"Listed      Roll call for {FIRST_NAME!r}: {'present!' if found else 'silence.'}")

        renamed = api.update_byok_v1_key(created.id, ByokV1KeyUpdate(display_name=LATER_NAME))
        print(f"Renamed     From now on it answers to {renamed.display_name!r}.")
    finally:
        # What was registered here goes again, whatever went wrong in between.
        api.delete_byok_v1_key(created.id)
        print(f"Deleted     Farewell, {created.id}. The key in your cloud has not noticed a thing.")
    try:
        api.get_byok_v1_key(created.id)
        print("Fading      It can still be seen: the service takes its time to forget.")
    except (NotFoundException, ForbiddenException) as error:  # Either may stand for what is gone.
        print(f"Gone        Asked for it once more, the service says {error.status}: no such key.")


def has_credentials() -> bool:
    """Whether this is about Confluent Cloud, and not about an emulator."""
    names = ("CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET")
    return any(os.environ.get(name) for name in names)


@contextmanager
def service() -> Generator[Configuration, None, None]:
    """The settings that lead to the service, for as long as it is there."""
    if has_credentials():
        yield Configuration.from_env()  # Names the variable that is missing, if one is.
        return
    with ByokEmulator() as emulator:
        yield emulator.configuration()


def key_to_register(arguments: list[str]) -> dict[str, Any]:
    """What the service has to be told of a key."""
    if not arguments and has_credentials():  # Confluent Cloud has no use for a key made up here.
        raise ValueError("Say which key it is about: its ARN, its name, or a JSON object.")
    text = arguments[0] if arguments else EXAMPLE
    if text.startswith("arn:"):
        return {"kind": "AwsKey", "key_arn": text}
    if text.startswith("projects/"):
        return {"kind": "GcpKey", "key_id": text}
    if text.startswith("{"):
        return dict(json.loads(text))
    raise ValueError(f"{text!r} is no ARN, no name of a Google Cloud key and no JSON object.")


def main() -> None:
    """Tell the story, or say why it cannot be told."""
    try:
        key = key_to_register(sys.argv[1:])
        with service() as configuration, ApiClient(configuration) as api_client:
            print(f"Our story begins at {configuration.host}.")
            tell_the_life_of(key, KeysByokV1Api(api_client))
    except (OpenApiException, ValueError) as error:
        sys.exit(f"The story ends here. {error}")


if __name__ == "__main__":
    main()
