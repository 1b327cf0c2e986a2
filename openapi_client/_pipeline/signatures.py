"""What ``help`` and shells show of a method that takes the options of a call."""

import inspect
from typing import Any, TypeVar, get_type_hints

from typing_extensions import Self

from .call import CallOptions

C = TypeVar("C", bound=type)


class _ResolvedWhenAsked(inspect.Signature):
    """The signature of a method, whose types are loaded when somebody looks at it."""

    @classmethod
    def of(cls, method: Any, signature: inspect.Signature) -> Self:
        """That of ``method``, with the types as text in ``signature``."""
        resolved = cls.__new__(cls)
        vars(resolved).update(method=method, signature=signature)
        return resolved

    def __getattr__(self, name: str) -> Any:
        """Resolve the types; called while the attributes of a signature are not there yet."""
        if name not in inspect.Signature.__slots__:
            raise AttributeError(name)
        method, signature = vars(self)["method"], vars(self)["signature"]
        hints = get_type_hints(method)
        parameters = [
            each.replace(annotation=hints.get(each.name, each.annotation))
            for each in signature.parameters.values()
        ]
        super().__init__(parameters, return_annotation=hints["return"])
        return super().__getattribute__(name)


def show_options(methods: C) -> C:
    """Let ``help``, shells and IDEs that run the code see the options of each method of a class.

    Tools that only read it follow ``Unpack[CallOptions]`` by themselves.
    """
    hints = get_type_hints(CallOptions)
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=0 if annotation is int else None,
            annotation=annotation,
        )
        for name, annotation in hints.items()
    ]
    for name, method in vars(methods).items():
        if not name.startswith("_") and "options" in getattr(method, "__annotations__", ()):
            signature = inspect.signature(method)
            kept = [each for each in signature.parameters.values() if each.name != "options"]
            shown = signature.replace(parameters=[*kept, *options])
            method.__signature__ = _ResolvedWhenAsked.of(method, shown)
            method.__annotations__ = {**method.__annotations__, **hints}
            del method.__annotations__["options"]
    return methods
