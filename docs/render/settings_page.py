"""The page of the settings."""

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any

from openapi_client._core.settings import settings_of
from openapi_client.configuration import Configuration

from . import templates

_GROUPS: Mapping[str, Sequence[str]] = {
    "Service and credentials": ("host", "username", "password", "access_token"),
    "Time and retries": ("deadline", "connect_timeout", "read_timeout", "retries"),
    "Certificates": (
        "ssl_ca_cert",
        "ca_cert_data",
        "cert_file",
        "key_file",
        "verify_ssl",
        "assert_hostname",
        "tls_server_name",
        "ssl_context",
        "proxy_ssl_context",
    ),
    "Connections and proxies": (
        "proxy",
        "no_proxy",
        "proxy_headers",
        "connection_pool_maxsize",
        "max_idle_for_post",
        "socket_options",
    ),
    "Watching": ("on_attempt", "debug", "user_agent_suffix"),
    "Checks": ("client_side_validation", "allow_insecure_http"),
}
_ENTRY = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def settings_page() -> str:
    """The text of `settings.md`; raises ``ValueError`` for a setting that is in no group."""
    settings = settings_of(Configuration)
    grouped = [name for names in _GROUPS.values() for name in names]
    if sorted(grouped) != sorted(settings):
        raise ValueError(f"in no group, or in two: {set(settings) ^ set(grouped)}")
    meanings = dict(_ENTRY.findall(inspect.getdoc(Configuration) or ""))
    parameters = inspect.signature(Configuration).parameters
    sections = [
        templates.SETTINGS.format(
            title=title,
            rows="\n".join(_row(parameters[name], meanings[name]) for name in names),
        )
        for title, names in _GROUPS.items()
    ]
    return templates.SETTINGS_PAGE.format(sections="\n".join(sections))


def _row(parameter: inspect.Parameter, meaning: str) -> str:
    setting = settings_of(Configuration)[parameter.name]
    mark = " ¹" if setting.is_transport else ""
    default = "" if parameter.default is None else f"`{parameter.default!r}`"
    told = " ".join(meaning.split()).replace("``", "`").replace("|", r"\|")
    return f"| `{parameter.name}`{mark} | {_type(parameter.annotation)} | {default} | {told} |"


def _type(annotation: Any) -> str:
    """A type as the table shows it: ``None`` stands for the default, and is said once for all."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    text = re.sub(r"\b(?:[a-z_]\w*\.)+(?=\w)", "", text)
    text = text.removeprefix("Optional[").removesuffix("]") if "Optional[" in text else text
    kinds = [kind for kind in text.split(" | ") if kind not in {"None", "NoneType"}]
    if kinds == ["Any"]:
        return "see there"
    return " or ".join(f"`{kind}`" for kind in kinds)
