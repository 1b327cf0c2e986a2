"""Which interpreters tox finds, and which of them it need not try.

pyenv puts only the selected versions behind its shims, so tox would skip the others. Their own
folders go to the end of the search path, where they win over nothing. Without pyenv nothing is
added.
"""

import os
import sys
from pathlib import Path

from tox.config.sets import ConfigSet
from tox.plugin import impl
from tox.session.state import State

_PYENV_ROOT = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
_FOLDERS = sorted(str(folder) for folder in _PYENV_ROOT.glob("versions/3.*/bin"))

os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *_FOLDERS])


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    """Leave out the `py3x` of tox's own interpreter: on that one, `full` runs its tests and more.

    Asked for by name it runs all the same.
    """
    options = state.conf.options
    asked = getattr(options, "env", None)
    if asked is not None and asked.is_default_list and not options.skip_env:
        options.skip_env = f"py3{sys.version_info.minor}$"
