"""What ``help`` and shells show of a method that takes the options of a call."""

import inspect
from types import FunctionType
from typing import Any, TypeVar, get_type_hints

from typing_extensions import Self

from .call import CallOptions

C = TypeVar("C", bound=type)


class _LazySignature(inspect.Signature):
    """The signature of a method, which is made when somebody looks at it: most programs never do.

    Its types are the classes themselves, which are loaded for it.
    """

    @classmethod
    def of(cls, method: FunctionType) -> Self:
        """That of ``method``, with the options of a call in place of ``**options``."""
        signature = cls.__new__(cls)
        vars(signature)["method"] = method
        return signature

    def __getattr__(self, name: str) -> Any:
        """Make it; called while the attributes of a signature are not there yet."""
        if name not in inspect.Signature.__slots__:
            raise AttributeError(name)
        method: FunctionType = vars(self)["method"]
        hints = get_type_hints(method)
        parameters = [
            each.replace(annotation=hints.get(each.name, each.empty))
            for each in (*_own_parameters(method), *_options(hints))
        ]
        super().__init__(parameters, return_annotation=hints["return"])
        return super().__getattribute__(name)


def _own_parameters(method: FunctionType) -> list[inspect.Parameter]:
    # ``inspect`` gives back a ``__signature__`` as it stands; a copy of the method has none.
    copy = FunctionType(method.__code__, method.__globals__, argdefs=method.__defaults__)
    copy.__kwdefaults__ = method.__kwdefaults__
    parameters = inspect.signature(copy).parameters.values()
    return [each for each in parameters if each.kind is not each.VAR_KEYWORD]


def _options(hints: dict[str, Any]) -> list[inspect.Parameter]:
    return [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=0 if hints[name] is int else None
        )
        for name in CallOptions.__annotations__
    ]


def show_options(methods: C) -> C:
    """Let ``help``, shells and IDEs that run the code see the options of each method of a class.

    Tools that only read it follow ``Unpack[CallOptions]`` by themselves.
    """
    hints = get_type_hints(CallOptions)
    for name, method in vars(methods).items():
        if not name.startswith("_") and "options" in getattr(method, "__annotations__", ()):
            method.__signature__ = _LazySignature.of(method)
            method.__annotations__ = {**method.__annotations__, **hints}
            del method.__annotations__["options"]
    return methods
