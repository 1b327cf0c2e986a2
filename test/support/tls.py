"""A private certificate authority, and TLS servers that are right or wrong in a chosen way.

authority = Authority()
with FaultServer([reply], tls=authority.server_context("localhost"), host="localhost"):
    ...
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class CertificateFiles:
    """A certificate on disk: the chain, its private key, and both in one file."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """A certificate authority that nobody trusts unless told to."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    @property
    def pem(self) -> str:
        """The root certificate, as text."""
        return self._ca.cert_pem.bytes().decode("ascii")

    def write_root(self, directory: Path) -> Path:
        """Write the root certificate to a file, and say where."""
        path = directory / "root.pem"
        path.write_text(self.pem)
        return path

    def trust(self, context: ssl.SSLContext) -> None:
        """Let a client's or a server's context trust this authority."""
        context.load_verify_locations(cadata=self.pem)

    def server_context(
        self,
        *names: str,
        expired: bool = False,
        clients: Authority | None = None,
        on_server_name: Callable[[str | None], None] | None = None,
    ) -> ssl.SSLContext:
        """A server's context whose certificate is for `names`: 127.0.0.1 and localhost if none.

        A name that no client asks for makes a wrong-name certificate. With `clients`, only a client
        with a certificate of that authority gets in. `on_server_name` is called with the name each
        client asks for in its handshake, None if it asks for none.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        yesterday = datetime.now(timezone.utc) - timedelta(days=1)
        leaf = self._ca.issue_cert(*(names or _LOOPBACK), not_after=yesterday if expired else None)
        leaf.configure_cert(context)
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            clients.trust(context)
        if on_server_name is not None:
            report = on_server_name
            context.sni_callback = lambda sock, name, _: report(name)
        return context

    def outdated_server_context(self, *names: str) -> ssl.SSLContext:
        """A server's context that speaks TLS 1.1 and nothing else; see `supports_tls_1_1`."""
        context = self.server_context(*names)
        _allow_only_tls_1_1(context)
        return context

    def write_client_certificate(self, directory: Path) -> CertificateFiles:
        """Write a client's certificate and key to files in `directory`."""
        leaf = self._ca.issue_cert("client.test")
        files = CertificateFiles(
            directory / "client.crt", directory / "client.key", directory / "client.pem"
        )
        leaf.private_key_pem.write_to_path(str(files.key))
        leaf.private_key_and_cert_chain_pem.write_to_path(str(files.both))
        files.certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        return files


class BareAuthority:
    """An authority without key identifiers, as appliances make them that inspect TLS."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        root = self._unsigned("authority", self._key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.pem = _pem(root.sign(self._key, hashes.SHA256())).decode("ascii")
        """The root certificate, as text."""

    def server_context(self) -> ssl.SSLContext:
        """A server's context whose certificate is for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.IPAddress(ip_address("127.0.0.1"))
        leaf = self._unsigned("server", key.public_key()).add_extension(
            x509.SubjectAlternativeName([name]), critical=False
        )
        key_pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        signed = _pem(leaf.sign(self._key, hashes.SHA256()))
        trustme.LeafCert(key_pem, signed, []).configure_cert(context)
        return context

    def _unsigned(self, name: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now, day = datetime.now(timezone.utc), timedelta(days=1)
        subject, issuer = (
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
            for text in (name, "authority")
        )
        return (
            x509.CertificateBuilder(issuer, subject, key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def supports_tls_1_1() -> bool:
    """Whether the OpenSSL under this Python can still be talked into TLS 1.1."""
    authority = Authority()
    client_context = ssl.create_default_context()
    authority.trust(client_context)
    _allow_only_tls_1_1(client_context)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname="localhost")
    server_context = authority.outdated_server_context()
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    pending = [client, server]
    try:
        for _ in range(10):
            pending = [side for side in pending if not _is_done(side)]
    except ssl.SSLError:
        return False
    return not pending


def _is_done(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _allow_only_tls_1_1(context: ssl.SSLContext) -> None:
    # OpenSSL 3 has it only at security level 0.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        # To be outdated is the point.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
