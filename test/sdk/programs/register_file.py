"""Registers the keys of a file, an identifier a line; ends with 1 where one of them failed."""

import sys
from pathlib import Path

from openapi_client import (
    ApiClient,
    ByokV1KeyKey,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
    OpenApiException,
)

failed = False
with ApiClient() as client:
    api = KeysByokV1Api(client)
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        try:
            key = ByokV1KeyKey.from_identifier(line.strip())
            ensured = api.ensure_byok_v1_key(CreateByokV1KeyRequest(key=key))
        except (OpenApiException, ValueError) as error:
            failed = True
            print(f"{line}: {error}", file=sys.stderr)
        else:
            print(ensured.key.id, "new" if ensured.created else "there")
sys.exit(failed)
