"""An SDK can take the package into its own tree, under a name of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from structure.source import PACKAGE

_PROGRAM = """
import logging, pickle, sys
from acme.sdk._byok import ApiClient, KeysByokV1Api
from acme.sdk._byok.exceptions import NotFoundException
from acme.sdk._byok.models.byok_v1_key_update import ByokV1KeyUpdate
from acme.sdk._byok.testing import ByokEmulator

with ByokEmulator() as emulator, ApiClient(emulator.configuration()) as client:
    api = KeysByokV1Api(client)
    created = api.create_byok_v1_key({"key": {"kind": "GcpKey", "key_id": "projects/p"}})
    api.update_byok_v1_key(created.id, ByokV1KeyUpdate(display_name="vendored"))
    read = api.get_byok_v1_key(created.id)
    assert pickle.loads(pickle.dumps(read)) == read
    assert [key.display_name for key in api.list_byok_v1_keys().data] == ["vendored"]
    api.delete_byok_v1_key(created.id)
    try:
        api.get_byok_v1_key(created.id)
    except NotFoundException as error:
        print(type(pickle.loads(pickle.dumps(error))).__module__)
    assert logging.getLogger("acme.sdk._byok").hasHandlers()

assert not [name for name in sys.modules if name.partition(".")[0] == "openapi_client"]
"""


def test_package_works_under_another_name(tmp_path: Path) -> None:
    """An SDK can vendor the package, of which nothing is imported under its own name."""
    target = tmp_path / "acme" / "sdk" / "_byok"
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("acme.sdk._byok.exceptions\n", "")
