"""What the caller may not ask for: each check gives the value back, or refuses it by name.

Nothing has been sent when one of these refuses.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import ValidationError

from ._core.headers import TOKEN, Headers
from ._core.secrets import conceal
from ._core.typeguards import is_list_or_tuple, is_mapping
from .exceptions import ApiTypeError, ApiValueError
from .models._base import Model

M = TypeVar("M", bound=Model)

_TOKEN = re.compile(TOKEN)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LOCATION = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._\-]+)(:[0-9]*)?")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PROXIES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_LONGEST = 1e9
"""Seconds, some 30 years; Python's own waits take little more."""


def text(name: str, value: object, *, longest: int | None = None) -> str:
    """Text of at most ``longest`` characters, all of which can be sent; that of an ``Enum``."""
    if isinstance(value, Enum):
        value = value.value
    if not isinstance(value, str):
        raise ApiTypeError(f"{name} has to be a str, not {type(value).__name__}")
    if longest is not None and len(value) > longest:
        raise ApiValueError(f"{name} has {len(value)} characters; {longest} are allowed")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ApiValueError(f"{name} holds characters that no encoding has") from None
    return value


def path_segment(name: str, value: object) -> str:
    """Text that, once encoded, is one segment of a path and nothing else.

    This one is always on: no setting may let a request go to another path.
    """
    segment = text(name, value)
    if not segment.strip():
        raise ApiValueError(f"{name} is empty")
    if _CONTROL.search(segment):
        raise ApiValueError(f"{name} holds control characters")
    if unquote(segment).strip() in {".", ".."}:
        raise ApiValueError(f"{name} is a dot segment, which would address another path")
    return segment


def integer(name: str, value: object, *, least: int, most: int | None = None) -> int:
    """An integer within its limits, or an ``Enum`` of one; a bool is none."""
    if isinstance(value, Enum):
        value = value.value
    if not isinstance(value, int) or isinstance(value, bool):
        raise ApiTypeError(f"{name} has to be an int, not {type(value).__name__}")
    if value < least or (most is not None and value > most):
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ApiValueError(f"{name} has to be {limits}, not {value}")
    return value


def count(name: str, value: object) -> int:
    """A number of things, of which there is at least one."""
    return integer(name, value, least=1)


def boolean(name: str, value: object) -> bool:
    """A bool, and nothing that is merely true or false."""
    if not isinstance(value, bool):
        raise ApiTypeError(f"{name} has to be a bool, not {type(value).__name__}")
    return value


def seconds(name: str, value: object, *, may_be_zero: bool = False) -> float:
    """A time that ends: seconds above 0, up to ``_LONGEST``."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ApiTypeError(f"{name} has to be a number of seconds, not {type(value).__name__}")
    if not (0 < value <= _LONGEST or (may_be_zero and value == 0)):
        least = "0 seconds or more" if may_be_zero else "above 0 seconds"
        raise ApiValueError(f"{name} has to be {least}, and finite")
    return float(value)


def idle_time(name: str, value: object) -> float:
    """Seconds, or 0."""
    return seconds(name, value, may_be_zero=True)


def header_value(name: str, value: object) -> str:
    """Text that can be the value of a header."""
    content = _one_line(name, value)
    try:
        content.encode("latin-1")
    except UnicodeEncodeError:
        raise ApiValueError(f"{name} holds characters that a header cannot carry") from None
    return content


def credential(name: str, value: object) -> str:
    """Text of any language that can be the user name or the password of Basic credentials."""
    return _one_line(name, value)


def _one_line(name: str, value: object) -> str:
    content = text(name, value)
    if _CONTROL.search(content.replace("\t", " ")):
        raise ApiValueError(f"{name} holds control characters, which would end the header")
    return content


def headers(name: str, value: object) -> Headers:
    """A mapping of names and values that can stand in the head of a request."""
    if not is_mapping(value):
        raise ApiTypeError(f"{name} has to be a dict of headers, not {type(value).__name__}")
    return Headers([header(f"{name}[{field!r}]", field, value[field]) for field in value])


def header(name: str, field: object, value: object) -> tuple[str, str]:
    """The name and the value of one header; a number, a bool or an ``Enum`` becomes text."""
    if isinstance(value, Enum):
        value = value.value
    if not _TOKEN.fullmatch(text(name, field)):
        raise ApiValueError(f"{name}: {field!r} is no name of a header")
    if isinstance(value, bool):
        return str(field), str(value).lower()
    return str(field), str(value) if isinstance(value, int | float) else header_value(name, value)


def host(name: str, value: object) -> str:
    """A base URL: scheme, host, maybe a port and a path; a trailing slash is dropped."""
    url = text(name, value)
    shape = f"{name} has to be like https://api.confluent.cloud"
    if not url.isascii() or not url.isprintable() or any(c in url for c in " \\"):
        raise ApiValueError(f"{shape}, with no blanks, backslashes or special characters")
    parts = _located(url)
    if parts is None or parts.scheme not in {"http", "https"}:
        raise ApiValueError(f"{shape}: a scheme (https), a host, maybe a port and a path")
    if "@" in parts.netloc:
        raise ApiValueError(f"{name} may hold no user name or password: set them by their name")
    if "?" in url or "#" in url:
        raise ApiValueError(f"{name} may have no query and no fragment")
    if {".", ".."} & {unquote(segment) for segment in parts.path.split("/")}:
        raise ApiValueError(f"{name} may have no dot segments in its path")
    if _BROKEN_ESCAPE.search(parts.path):
        # urllib3 would then encode every other % once more, those of an id too.
        raise ApiValueError(f"{name} has a % in its path that stands for no character")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def proxy(name: str, value: object) -> str:
    """The URL of a proxy, ``http`` where its scheme is left out; empty for none.

    A refusal does not repeat it: it may hold a password.
    """
    address = text(name, value)
    url = conceal(address if "://" in address or not address else f"http://{address}")
    if url and not _is_proxy(url):
        raise ApiValueError(
            f"{name} has to be the URL of a proxy ({', '.join(_PROXIES)}); special characters in "
            "its user name and password are percent-encoded"
        )
    return str(url)


def _is_proxy(url: str) -> bool:
    parts = _located(url)
    return parts is not None and parts.scheme in _PROXIES


def username(name: str, value: object) -> str:
    """The id of an API key."""
    content = credential(name, value)
    if ":" in content:
        raise ApiValueError(f"{name} may hold no colon: it is the id of an API key")
    return content


def token(name: str, value: object) -> object:
    """A bearer token, or a function that gives one."""
    return value if callable(value) else header_value(name, value)


def function(name: str, value: object) -> object:
    """Anything that can be called."""
    if not callable(value):
        raise ApiTypeError(f"{name} has to be callable, not {type(value).__name__}")
    return value


def path(name: str, value: object) -> str:
    """The path of a file, as text or as a ``pathlib.Path``."""
    as_text = getattr(value, "__fspath__", None)
    return text(name, as_text() if as_text else value)


def certificates(name: str, value: object) -> object:
    """Certificates: PEM as text, DER as bytes."""
    return value if isinstance(value, bytes) else text(name, value)


def ssl_context(name: str, value: object) -> object:
    """An ``ssl.SSLContext``, or a function that makes one."""
    # Libraries and monkey patches have classes of their own, so it is known by its form.
    if not (callable(value) or hasattr(value, "wrap_socket")):
        kind = type(value).__name__
        raise ApiTypeError(f"{name} has to be an ssl.SSLContext or a function, not {kind}")
    return value


def host_name(name: str, value: object) -> object:
    """The name of a host, or ``False`` for any."""
    return value if value is False else text(name, value)


def retries(name: str, value: object) -> object:
    """A number of retries, ``False``, a ``RetryPolicy`` or urllib3's ``Retry``."""
    if isinstance(value, int) and value is not True:
        return integer(name, int(value), least=0)
    # By their form: one stands above this module, the other in a library that it does not import.
    if not (hasattr(value, "max_attempts") or hasattr(value, "backoff_factor")):
        raise ApiTypeError(f"{name} has to be a RetryPolicy, an int, False or None, not {value!r}")
    return value


def socket_options(name: str, value: object) -> tuple[tuple[Any, ...], ...]:
    """Options as ``socket.setsockopt`` takes them."""
    if not is_list_or_tuple(value) or not all(is_list_or_tuple(option) for option in value):
        raise ApiTypeError(f"{name} has to be a list of tuples, as socket.setsockopt takes them")
    return tuple(tuple(option) for option in value)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a refusal that names the nearest of the known names; empty if none is near."""
    import difflib  # It is only needed where something is wrong.

    nearest = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def body(name: str, model: type[M], value: object) -> M:
    """The model that is to be sent; ``ApiValueError`` names the field that is wrong."""
    if not (isinstance(value, Model) or is_mapping(value)):
        raise ApiTypeError(f"{name} has to be a {model.__name__}, not {type(value).__name__}")
    try:
        return model.checked(value)
    except ValidationError as error:
        wrong = (f"{_dotted(name, detail['loc'])}: {detail['msg']}" for detail in error.errors())
        raise ApiValueError("; ".join(wrong)) from error


def _dotted(name: str, place: tuple[int | str, ...]) -> str:
    return ".".join([name, *map(str, place)])


def _located(url: str) -> SplitResult | None:
    """The parts of a URL whose host and port can be ones; ``None`` for any other."""
    try:
        # ``urlsplit`` caches its arguments: a ``Secret`` in there would keep the package alive.
        parts = urlsplit(str.__str__(url))
        is_complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    location = parts.netloc.rpartition("@")[2]
    if not (is_complete and _LOCATION.fullmatch(location)):
        return None
    return SplitResult(*map(conceal, parts))  # It may hold a password, and be refused for it.
