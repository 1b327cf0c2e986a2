"""All keys, as CSV on stdout."""

import csv
import sys

from openapi_client import ApiClient, KeysByokV1Api

with ApiClient() as client:
    rows = csv.writer(sys.stdout)
    rows.writerow(["id", "provider", "state", "phase", "name", "identifier"])
    for key in KeysByokV1Api(client).iter_byok_v1_keys():
        rows.writerow(
            [
                key.id,
                key.provider,
                key.state,
                key.validation.phase,
                key.display_name,
                key.key.identifier,
            ]
        )
