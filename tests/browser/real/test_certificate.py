"""The stand-in's certificate, held against a TLS client."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crossorigin.browser.real.certificate import StandInCertificate, make_certificate


def presented(certificate: StandInCertificate) -> bytes:
    """The certificate that a client gets, in DER."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with ours, suppress(OSError):
            certificate.context.wrap_socket(ours, server_side=True).close()

    thread = threading.Thread(target=serve)
    thread.start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    with theirs, context.wrap_socket(theirs) as secure:
        assert secure.selected_alpn_protocol() == "http/1.1"
        der = secure.getpeercert(binary_form=True)
    thread.join(10)
    assert der is not None
    return der


@pytest.mark.parametrize("host", ["app.example.com", "my_service", "xn--bcher-kva.example", "127.0.0.1", "::1"])
def test_it_is_for_the_host(host: str) -> None:
    certificate = make_certificate(host)
    read = x509.load_der_x509_certificate(presented(certificate))
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    values = [
        str(each) for each in (*names.get_values_for_type(x509.DNSName), *names.get_values_for_type(x509.IPAddress))
    ]
    assert values == [host]
    assert read.not_valid_before_utc < read.not_valid_after_utc


def test_the_hash_is_that_of_the_key() -> None:
    certificate = make_certificate("app.example.com")
    key = x509.load_der_x509_certificate(presented(certificate)).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    assert base64.b64decode(certificate.key_hash) == digest


def test_every_run_has_a_key_of_its_own_and_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert make_certificate("a.example").key_hash != make_certificate("a.example").key_hash
    assert list(tmp_path.iterdir()) == []
