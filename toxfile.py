"""Shows tox the interpreters that pyenv has installed, selected or not.

pyenv puts only the selected versions behind its shims, so tox would skip the others. Their own
folders go to the end of the search path, where they win over nothing. Without pyenv nothing is
added.
"""

import os
from pathlib import Path

_PYENV_ROOT = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
_FOLDERS = sorted(str(folder) for folder in _PYENV_ROOT.glob("versions/3.*/bin"))

os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *_FOLDERS])
