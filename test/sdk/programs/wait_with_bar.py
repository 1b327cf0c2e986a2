"""Waits until all keys are valid, with a bar on stderr; ends with 1 where one is not."""

import sys

from openapi_client import ApiClient, KeysByokV1Api, WaitProgress


def draw(progress: WaitProgress) -> None:
    """Redraw the bar."""
    full = 40 * progress.done // progress.total
    bar = "#" * full + "." * (40 - full)
    print(f"\r[{bar}] {progress.done}/{progress.total}", end="", file=sys.stderr, flush=True)


with ApiClient() as client:
    api = KeysByokV1Api(client)
    ids = [key.id for key in api.iter_byok_v1_keys()]
    results = api.wait_for_byok_v1_keys(ids, timeout=900.0, on_progress=draw)
print(file=sys.stderr)
for result in results:
    if result.error:
        print(f"{result.id}: {result.error}", file=sys.stderr)
sys.exit(any(result.error for result in results))
