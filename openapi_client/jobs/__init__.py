"""Jobs made of calls: iterate, find a key, register it once, wait for it, delete it when free.

Each is loaded when it is first done: a program that only makes calls starts sooner.
"""

from typing import TYPE_CHECKING

from .._core.lazy_exports import export_lazily

if TYPE_CHECKING or not export_lazily(__name__):
    from .delete import delete_when_available as delete_when_available
    from .ensure import Registration as Registration
    from .ensure import Registrations as Registrations
    from .find import Reads as Reads
    from .find import find_key as find_key
    from .find import material_of as material_of
    from .iterate import KeyIterator as KeyIterator
    from .polling import last_look as last_look
    from .results import EnsuredByokV1Key as EnsuredByokV1Key
    from .results import Until as Until
    from .results import WaitProgress as WaitProgress
    from .results import WaitResult as WaitResult
    from .wait import Goal as Goal
    from .wait import wait_for_key as wait_for_key
    from .wait_for_many import KeysWatch as KeysWatch
