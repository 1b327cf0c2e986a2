"""Deletes the keys whose display name begins with a prefix, as far as no cluster uses them."""

import sys

from openapi_client import ApiClient, ConflictException, KeysByokV1Api, NotFoundException

prefix = sys.argv[1]
if not prefix:
    sys.exit("an empty prefix would delete everything")
with ApiClient() as client:
    api = KeysByokV1Api(client)
    found = api.iter_byok_v1_keys(display_name=prefix)
    doomed = [key for key in found if (key.display_name or "").startswith(prefix)]
    for key in doomed:
        try:
            api.delete_byok_v1_key(key.id)
        except NotFoundException:
            print(key.id, "was gone")
        except ConflictException:
            print(key.id, "is in use")
        else:
            print(key.id, "deleted")
