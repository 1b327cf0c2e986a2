"""The TLS settings of a client as the context of its connections, and what to do where it fails."""

import os
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager

from ..configuration import Configuration
from ..exceptions import ApiTypeError, ApiValueError

_RENEW = "renew it, or set the clock of this machine"
_RENAME = "set assert_hostname to a name that the certificate has"
_RELAX = (
    "since Python 3.13 certificates are checked more strictly; have it issued anew, or set "
    "ssl_context to a function that makes a context without ssl.VERIFY_X509_STRICT"
)
_ADVICE = {9: _RENEW, 10: _RENEW, 62: _RENAME, 64: _RENAME} | dict.fromkeys(range(80, 94), _RELAX)
"""By the codes of OpenSSL: not valid yet, expired, another name, another address, and what only
strict checks find."""
_TRUST = "set ssl_ca_cert to a file with the certificate of the authority to trust"
_COVERED = ("ssl_ca_cert", "ca_cert_data", "cert_file", "key_file", "verify_ssl")
"""The settings that a context of the caller's stands in place of."""


def context_of(configuration: Configuration) -> ssl.SSLContext:
    """What TLS connections are made with.

    Raises ``ApiValueError``, which names the setting, for files that are missing or of no use, and
    for settings beside ``ssl_context`` that would do nothing.
    """
    own = configuration.ssl_context
    if own is None:
        return _context_of_files(configuration)
    idle = [name for name in _COVERED if getattr(configuration, name) not in {None, True}]
    if idle:
        raise ApiValueError(f"ssl_context is set, so {idle[0]} does nothing: do it in the context")
    return _made("ssl_context", own)


def proxy_context_of(configuration: Configuration) -> ssl.SSLContext | None:
    """What connections to an https proxy are made with; ``None`` for what all others are."""
    own = configuration.proxy_ssl_context
    return None if own is None else _made("proxy_ssl_context", own)


def advice(error: BaseException) -> str | None:
    """What is wrong with a certificate, and what to do; ``None`` for errors of other kinds."""
    if isinstance(error, ssl.SSLCertVerificationError):
        what = error.verify_message.rstrip(".")
        return f"its certificate is refused ({what}): {_ADVICE.get(error.verify_code, _TRUST)}"
    reason = getattr(error, "reason", None)
    alert = reason if isinstance(error, ssl.SSLError) and isinstance(reason, str) else ""
    if "ALERT" in alert and ("CERTIFICATE" in alert or "UNKNOWN_CA" in alert):
        return f"it refuses this client's certificate ({alert}): see cert_file and key_file"
    return None


def _made(name: str, source: ssl.SSLContext | Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    if not callable(source):
        return source
    try:
        context = source()
    except (OSError, ValueError) as error:  # Else it would be taken for a network that fails.
        raise ApiValueError(f"{name} failed to make a context: {error}") from error
    if not hasattr(context, "wrap_socket"):
        kind = type(context).__name__
        raise ApiTypeError(f"{name} has to make an ssl.SSLContext, and made a {kind}")
    return context


def _context_of_files(configuration: Configuration) -> ssl.SSLContext:
    ca_file, ca_data = _path(configuration.ssl_ca_cert), configuration.ca_cert_data
    with _blaming(ssl_ca_cert=ca_file, ca_cert_data=ca_data and "***"):
        context = ssl.create_default_context(cafile=ca_file, cadata=ca_data)
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    if not configuration.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    certificate, key = _path(configuration.cert_file), _path(configuration.key_file)
    if key and not certificate:
        raise ApiValueError("key_file is the key of cert_file, which is not set")
    if certificate:
        with _blaming(cert_file=certificate, key_file=key):
            context.load_cert_chain(certificate, key, password=_refuse_encrypted)
    return context


def _refuse_encrypted() -> str:
    # Asked for by OpenSSL, which without it would ask the terminal.
    raise ValueError(
        "the key is encrypted; decrypt it (openssl pkey -in ... -out ...), or set ssl_context to "
        "a function that loads it with its password"
    )


def _path(path: str | None) -> str | None:
    return path and os.path.expanduser(path)


@contextmanager
def _blaming(**settings: object) -> Generator[None, None, None]:
    try:
        yield
    except (OSError, ValueError, TypeError) as error:
        used = " or ".join(f"{name} {value!r}" for name, value in settings.items() if value)
        why = getattr(error, "strerror", None) or str(error)
        raise ApiValueError(f"{used} cannot be used: {why}") from error
