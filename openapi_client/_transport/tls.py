"""The TLS settings of a client as the context of its connections, and what to do where it fails."""

import os
import ssl
from collections.abc import Generator
from contextlib import contextmanager

from ..configuration import Configuration
from ..exceptions import ApiValueError

_RENEW = "renew it, or set the clock of this machine"
_RENAME = "set assert_hostname to a name that the certificate has"
_ADVICE = {9: _RENEW, 10: _RENEW, 62: _RENAME, 64: _RENAME}
"""By the codes of OpenSSL: not valid yet, expired, another name, another address."""
_TRUST = "set ssl_ca_cert to a file with the certificate of the authority to trust"


def context_of(configuration: Configuration) -> ssl.SSLContext:
    """What TLS connections are made with.

    Raises ``ApiValueError``, which names the setting, for files that are missing or of no use.
    """
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
        # Without a password, OpenSSL would ask the terminal for that of an encrypted key.
        with _blaming(cert_file=certificate, key_file=key):
            context.load_cert_chain(certificate, key, password="")
    return context


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
