"""A certificate for a site that is not ours, made on the spot and signed by nobody: for one host, for one run."""

from __future__ import annotations

import base64
import hashlib
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["StandInCertificate", "make_certificate"]

_DAY: Final = timedelta(days=1)
"""It is in force from a day ago, for clocks that go wrong, until tomorrow; nothing outlives the run but this."""


@dataclass(frozen=True, slots=True)
class StandInCertificate:
    """The server's side of TLS, and what a browser is told so that it trusts this key and no other.

    `key_hash` is what Chromium's `--ignore-certificate-errors-spki-list` takes: the SHA-256 of the
    SubjectPublicKeyInfo, in base64.
    """

    context: ssl.SSLContext
    key_hash: str


def make_certificate(host: str) -> StandInCertificate:
    """For `host`, a name or an IP address (IPv6 without brackets). The key is on the disk only while it is loaded."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crossorigin stand-in")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return StandInCertificate(
        _context(certificate.public_bytes(Encoding.PEM) + private),
        base64.b64encode(hashlib.sha256(public).digest()).decode(),
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _context(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    # The standard library loads keys from files alone. The directory is its owner's only.
    with tempfile.TemporaryDirectory(prefix="crossorigin-") as directory:
        file = Path(directory, "stand-in.pem")
        file.write_bytes(pem)
        context.load_cert_chain(file)
    return context
