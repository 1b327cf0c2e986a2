"""A setting is one line in the body of a class, and all that is to be known of it stands there.

The decorator ``has_settings`` tells type checkers that the constructor takes each setting by
keyword (PEP 681); at run time it puts the default of a setting in its place in the class. An object
keeps what was set in its ``__dict__``, so that to read a setting is to read an attribute.
"""

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, get_annotations
from typing import TYPE_CHECKING, Any, ForwardRef, Generic, get_args

from typing_extensions import TypeVar, dataclass_transform

from .secrets import conceal, reveal

C = TypeVar("C", bound=type[Any])
T = TypeVar("T")
S = TypeVar("S", default=T)


class Setting(Generic[T, S]):
    """One setting: a ``T`` when it is read; an ``S``, or ``None`` for its default, when it is set.

    Args:
        check: Takes the name and a value, and gives the value to keep, or raises.
        default: What holds where nothing was set.
        kw_only: Whether the constructor takes it by keyword alone.
        is_secret: Whether no representation may show it.
        is_transport: Whether it is about the connections, so that all clients which share them
            share it too.
    """

    name: str

    def __init__(
        self,
        check: Callable[[str, Any], object],
        *,
        default: T,
        kw_only: bool = True,
        is_secret: bool = False,
        is_transport: bool = False,
    ) -> None:
        self.check = check
        self.default = default
        self.is_secret = is_secret
        self.is_transport = is_transport
        self.kind = Parameter.KEYWORD_ONLY if kw_only else Parameter.POSITIONAL_OR_KEYWORD

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    if TYPE_CHECKING:  # What reads and assignments of the attribute are to a type checker.

        def __get__(self, instance: object, owner: type) -> T: ...

        def __set__(self, instance: object, value: S | None) -> None: ...

    def accept(self, value: object) -> Any:
        """The value to keep for one that is set; raises what ``check`` does.

        Also a value that is refused is not to be seen in the frames of the traceback.
        """
        accepted = self.check(self.name, conceal(value))
        return conceal(accepted) if self.is_secret else reveal(accepted)

    def shown(self, value: object) -> str:
        """The representation of a value."""
        return "'***'" if self.is_secret else repr(value)

    def parameter(self, annotation: object) -> Parameter:
        """The parameter of the constructor, for an attribute with this annotation."""
        read, *assigned = (kind for kind in get_args(annotation) if not isinstance(kind, TypeVar))
        kind: Any = assigned[0] if assigned else read
        # A name that is not imported at run time stands as it is written.
        shown = kind.__forward_arg__ if isinstance(kind, ForwardRef) else kind | None
        return Parameter(self.name, self.kind, default=self.default, annotation=shown)


@dataclass_transform(kw_only_default=True, field_specifiers=(Setting,))
def has_settings(cls: C) -> C:
    """Make a class with settings of one that has them in its body; see ``settings_of``."""
    members: Mapping[str, Any] = vars(cls)
    settings: dict[str, Setting[Any, Any]] = {
        name: value for name, value in members.items() if isinstance(value, Setting)
    }
    annotations = get_annotations(cls)
    parameters = [setting.parameter(annotations[name]) for name, setting in settings.items()]
    this = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    members["__init__"].__signature__ = Signature([this, *parameters], return_annotation=None)
    for name, setting in settings.items():
        setattr(cls, name, setting.default)
    _settings[cls] = settings
    return cls


def settings_of(cls: type) -> Mapping[str, Setting[Any, Any]]:
    """The settings of a class that ``has_settings``, by their names."""
    return _settings[cls]


_settings: dict[type, Mapping[str, Setting[Any, Any]]] = {}
