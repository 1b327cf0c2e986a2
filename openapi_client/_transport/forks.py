"""What a forked child starts without.

Python keeps what it calls at a fork to the very end of a program, with all that the module of it
holds. So this is a module that holds nothing of the package, nor ``typing``, which remembers its
classes: what is kept so long costs a short program more than a call does.
"""

import os
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class _Transport(Protocol):
        def forget_connections(self) -> None: ...


_transports: "weakref.WeakSet[_Transport]" = weakref.WeakSet()


def forget_in_child(transport: "_Transport") -> None:
    """Have ``forget_connections`` of a transport called in each child that is forked."""
    _transports.add(transport)


def _forget_connections() -> None:
    for transport in list(_transports):
        transport.forget_connections()


if hasattr(os, "register_at_fork"):  # pragma: no branch - not on Windows
    # A child that used its parent's sockets would mix its requests with the parent's.
    os.register_at_fork(after_in_child=_forget_connections)
