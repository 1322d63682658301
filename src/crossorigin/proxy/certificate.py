"""A certificate for localhost, signed by an authority of this machine alone: `crossorigin proxy --tls`.

    directory/
      authority-3f2a…-2031-11-20/      ca.pem, ca-key.pem
      site-81bc…-2027-12-22/           cert.pem, key.pem

The authority is made once and trusted once by hand. It is constrained to localhost, the loopback addresses and the
names that were asked for: whoever steals its key can pretend to be this machine to its owner, and nobody else.

Files are written into a directory that gets its name when it is complete, and never changed afterwards. So two proxies
that start at one time need no lock: the one that comes second finds the name taken, and uses what is there. The day of
expiry is in the name, and what is near its end gets a new directory beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["CertificateError", "local_certificate", "trust_advice"]

LEAF_DAYS: Final = 396
"""Browsers refuse a certificate of more than 398 days: https://support.apple.com/en-us/102028. It begins a day ago, for
clocks that go wrong, and so is in force for 397 days in all."""
AUTHORITY_DAYS: Final = 5 * 365
_RENEW_BEFORE: Final = 30
_DAY: Final = timedelta(days=1)
_ALWAYS: Final = ("localhost", "*.localhost", "127.0.0.1", "::1")
_LOOPBACK: Final[tuple[IPv4Network | IPv6Network, ...]] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_NAME: Final = re.compile(r"(?:\*\.)?(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
_MOST_NAMES: Final = 100

_DEBIAN: Final = "/usr/local/share/ca-certificates/crossorigin.crt"
_KEYCHAIN: Final = "~/Library/Keychains/login.keychain-db"

Files: TypeAlias = Mapping[str, bytes]


class CertificateError(ValueError):
    """A certificate that cannot be made. One sentence, with the way out."""


def local_certificate(
    directory: Path, names: Sequence[str] = (), now: datetime | None = None
) -> tuple[Path, Path, Path]:
    """The certificate for localhost, `*.localhost`, 127.0.0.1, ::1 and `names`: its file, its key's, its authority's.

    `names` are host names and IP addresses, in any order and case. Browsers take `*.localhost` for nothing, as any
    wildcard below a single label: a name such as app.localhost has to be among them. What is there is used for as long
    as it is good for 30 days more. Names that are not of this machine need another authority, which has to be trusted
    anew. `now` is this moment where it is not given. Raises CertificateError for what is no name, and where the files
    cannot be written or read.
    """
    today = (now or datetime.now(UTC)).astimezone(UTC).date()
    wanted = sorted({*_ALWAYS, *map(_checked, names)})
    if len(wanted) > _MOST_NAMES:
        raise CertificateError(f"{len(wanted)} names are too many for a certificate: {_MOST_NAMES} is the most")
    roots = _roots(wanted)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = _kept(
            directory, f"authority-{_digest(roots)}", today, AUTHORITY_DAYS, lambda: _make_authority(roots, today)
        )
        signer = (authority / "ca.pem").read_bytes()
        key = (authority / "ca-key.pem").read_bytes()
        # By the authority's own bytes: a new one means a new certificate.
        site = _kept(
            directory,
            f"site-{_digest([*wanted, signer.hex()])}",
            today,
            LEAF_DAYS,
            lambda: _make_leaf(wanted, today, signer, key),
        )
    except OSError as error:
        where = error.filename or directory
        raise CertificateError(f"{where}: {error.strerror or error}; name another directory") from None
    return site / "cert.pem", site / "key.pem", authority / "ca.pem"


def _checked(name: str) -> str:
    with contextlib.suppress(ValueError):
        return str(ip_address(name.strip("[]").lower().replace("%", " ")))
    lower = name.lower().removesuffix(".")
    if len(lower) > 253 or _NAME.fullmatch(lower) is None:
        raise CertificateError(f"{name[:100]!r} is no host name or IP address; what is not in ASCII is written xn--…")
    if lower.startswith("*.") and "." not in lower[2:] and lower != "*.localhost":
        raise CertificateError(f"{name[:100]!r} would be for a whole top-level domain: name a domain of it")
    return lower


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _kept(directory: Path, stem: str, today: date, days: int, make: Callable[[], Files]) -> Path:
    """The directory of this stem that is good for longest, or a new one."""
    found: list[tuple[date, Path]] = []
    for path in directory.glob(f"{stem}-*"):
        with contextlib.suppress(ValueError):
            found.append((date.fromisoformat(path.name[len(stem) + 1 :]), path))
    good = [(end, path) for end, path in found if end - today > timedelta(days=min(_RENEW_BEFORE, days))]
    if good:
        return max(good)[1]
    made = _install(directory, directory / f"{stem}-{today + timedelta(days=days)}", make())
    for end, path in found:
        if end < today:
            shutil.rmtree(path, ignore_errors=True)
    return made


def _install(directory: Path, path: Path, files: Files) -> Path:
    """Put files into a directory of this name; what has been put there meanwhile stays."""
    with tempfile.TemporaryDirectory(dir=directory, prefix=".new-", ignore_cleanup_errors=True) as scratch:
        complete = Path(scratch, path.name)
        complete.mkdir(mode=0o700)
        for name, content in files.items():
            _write(complete / name, content, 0o600 if name.endswith("key.pem") else 0o644)
        try:
            complete.rename(path)
        except OSError:
            if not path.is_dir():
                raise
    return path


def _write(path: Path, content: bytes, mode: int) -> None:
    # Created with its mode: a key that is made private afterwards was public for a moment.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _make_authority(roots: Sequence[str], today: date) -> Files:
    key = ec.generate_private_key(ec.SECP256R1())
    # Its own name in each case: with one name for all, a browser that trusts two would take the wrong one.
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "crossorigin proxy, of this machine alone"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"crossorigin authority {os.urandom(6).hex()}"),
        ]
    )
    certificate = (
        _builder(subject, subject, key, today, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints([_permitted(root) for root in roots], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return {"ca.pem": certificate.public_bytes(Encoding.PEM), "ca-key.pem": _pem(key)}


def _make_leaf(names: Sequence[str], today: date, signer: bytes, signer_key: bytes) -> Files:
    try:
        authority = x509.load_pem_x509_certificate(signer)
        private = load_pem_private_key(signer_key, None)
    except ValueError as error:
        raise CertificateError(f"The files of the authority are damaged ({error}): take their directory away") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != authority.public_key():
        raise CertificateError("The authority and its key are not of one another: take their directory away")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crossorigin proxy")])
    certificate = (
        _builder(subject, authority.subject, key, today, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return {"cert.pem": certificate.public_bytes(Encoding.PEM) + signer, "key.pem": _pem(key)}


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, today: date, days: int
) -> x509.CertificateBuilder:
    start = datetime(today.year, today.month, today.day, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _DAY)
        .not_valid_after(start + days * _DAY)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _roots(names: Sequence[str]) -> list[str]:
    """What an authority may sign so that it can sign these names: domains and networks, none within another.

    A domain stands for those below it too: https://www.rfc-editor.org/rfc/rfc5280.html#section-4.2.1.10
    """
    roots = {str(network) for network in _LOOPBACK}
    domains: set[str] = set()
    for name in names:
        try:
            address = ip_address(name)
        except ValueError:
            domains.add(name.removeprefix("*."))
        else:
            if not any(address in network for network in _LOOPBACK):
                roots.add(str(ip_network(name)))
    return sorted(roots | {name for name in domains if not any(name.endswith(f".{other}") for other in domains)})


def _permitted(root: str) -> x509.GeneralName:
    return x509.IPAddress(ip_network(root)) if "/" in root else x509.DNSName(root)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def trust_advice(ca_path: Path) -> str:
    """How to make browsers and systems trust the authority, a line for each."""
    name = f"crossorigin {ca_path.parent.name}"
    lines = [
        f"Browsers warn until they trust the authority in {ca_path}, which is good for this machine's names alone:",
        f"  Chromium, Linux   certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n '{name}' -i '{ca_path}'",
        "  Firefox           Settings, Certificates, View Certificates, Authorities, Import",
        f"  Debian, Ubuntu    sudo cp '{ca_path}' {_DEBIAN} && sudo update-ca-certificates",
        f"  macOS             security add-trusted-cert -r trustRoot -k {_KEYCHAIN} '{ca_path}'",
        f'  Windows           certutil -user -addstore Root "{ca_path}"',
        f"  curl, Node.js     curl --cacert '{ca_path}'; NODE_EXTRA_CA_CERTS='{ca_path}'",
    ]
    return "\n".join(lines)
