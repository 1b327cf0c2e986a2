"""Text that may be used, and is not to be shown."""

from typing import Any, SupportsIndex

from typing_extensions import Self, override

from .typeguards import is_object


class Secret(str):
    """A credential that hides itself in ``repr``, and is an ordinary string everywhere else.

    Error trackers and tracebacks with local variables show the ``repr`` of what they find, long
    texts cut to a slice first: so a slice hides itself too. Text that is made from a secret is
    text like any other.
    """

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return "'***'"

    @override
    def __getitem__(self, key: SupportsIndex | slice) -> Self:
        return type(self)(super().__getitem__(key))


def conceal(value: Any) -> Any:
    """The value, as a ``Secret`` if it is text, with secrets in it if it is a dict."""
    if is_object(value):
        return {name: conceal(item) for name, item in value.items()}
    # ``str.__str__`` is the text itself, also where a subclass (an enumeration) says otherwise.
    return Secret(str.__str__(value)) if isinstance(value, str) else value


def reveal(value: Any) -> Any:
    """The value, as ordinary text if it is a ``Secret``."""
    return str(value) if isinstance(value, Secret) else value
