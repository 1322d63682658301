"""The local certificate, judged by OpenSSL where it can, as a browser would."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from crossorigin.proxy.certificate import CertificateError, local_certificate, trust_advice

NOW = datetime.now(UTC)


def leaf(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def shake_hands(certificate: Path, key: Path, authority: Path, name: str) -> None:
    """A TLS handshake of a client that trusts the authority and calls this name; raises as OpenSSL refuses."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(authority))
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as connection:
                connection.recv(1)
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with ours, client.wrap_socket(ours, server_hostname=name):
            pass
    finally:
        thread.join(10)


class TestNames:
    @pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
    def test_always(self, tmp_path: Path, name: str) -> None:
        shake_hands(*local_certificate(tmp_path), name)

    @pytest.mark.parametrize("name", ["my.test", "a.sub.test", "192.168.1.5", "fd00::5", "app.localhost"])
    def test_asked_for(self, tmp_path: Path, name: str) -> None:
        names = ["My.test.", "*.sub.test", "192.168.1.5", "[FD00::5]", "app.localhost"]
        shake_hands(*local_certificate(tmp_path, names), name)

    @pytest.mark.parametrize("name", ["example.com", "127.0.0.2", "app.localhost"])
    def test_no_others(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands(*local_certificate(tmp_path), name)

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("", "no host name"),
            ("a b", "no host name"),
            ("https://a.example", "no host name"),
            ("bücher.example", "xn--"),
            ("-a.example", "no host name"),
            ("a..b", "no host name"),
            ("*", "no host name"),
            ("a.*.example", "no host name"),
            ("*.com", "a whole top-level domain"),
            ("a" * 64, "no host name"),
            ("../../etc", "no host name"),
            ("fe80::1%eth0", "no host name"),
        ],
    )
    def test_what_is_none(self, tmp_path: Path, name: str, words: str) -> None:
        with pytest.raises(CertificateError, match=words):
            local_certificate(tmp_path / "certificates", [name])
        assert not (tmp_path / "certificates").exists()

    def test_too_many(self, tmp_path: Path) -> None:
        with pytest.raises(CertificateError, match="too many"):
            local_certificate(tmp_path, [f"a{number}.test" for number in range(100)])


class TestAuthority:
    def test_it_may_sign_nothing_else(self, tmp_path: Path) -> None:
        _, _, path = local_certificate(tmp_path, ["my.test", "192.168.1.5"])
        authority = leaf(path)
        constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
        assert constraints.critical
        permitted = constraints.value.permitted_subtrees or []
        assert sorted(str(each.value) for each in permitted) == [
            "127.0.0.0/8",
            "192.168.1.5/32",
            "::1/128",
            "localhost",
            "my.test",
        ]
        basic = authority.extensions.get_extension_for_class(x509.BasicConstraints)
        assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.key_cert_sign, usage.digital_signature) == (True, False)

    def test_openssl_holds_it_to_that(self, tmp_path: Path) -> None:
        # A certificate for example.com, signed with the stolen key.
        from crossorigin.proxy import certificate

        _, _, path = local_certificate(tmp_path)
        signer, key = path.read_bytes(), path.with_name("ca-key.pem").read_bytes()
        stolen = certificate._make_leaf(["example.com"], NOW.date(), signer, key)
        for name, content in stolen.items():
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            shake_hands(tmp_path / "cert.pem", tmp_path / "key.pem", path, "example.com")

    def test_two_have_two_names(self, tmp_path: Path) -> None:
        first = leaf(local_certificate(tmp_path / "a")[2])
        second = leaf(local_certificate(tmp_path / "b")[2])
        assert first.subject != second.subject


class TestTime:
    def test_no_longer_than_browsers_take(self, tmp_path: Path) -> None:
        certificate = leaf(local_certificate(tmp_path)[0])
        assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=397)
        assert certificate.not_valid_before_utc < datetime.now(UTC) - timedelta(hours=23)

    def test_used_again(self, tmp_path: Path) -> None:
        first = local_certificate(tmp_path, ["b.test", "a.test"], NOW)
        assert local_certificate(tmp_path, ["A.test", "b.test"], NOW + timedelta(days=365)) == first

    def test_made_anew_near_its_end_by_the_same_authority(self, tmp_path: Path) -> None:
        first = local_certificate(tmp_path, [], NOW)
        second = local_certificate(tmp_path, [], NOW + timedelta(days=367))
        assert second[0] != first[0]
        assert second[2] == first[2]
        assert leaf(second[0]).not_valid_after_utc > NOW + timedelta(days=700)
        # What has not ended stays: another proxy may serve with it.
        assert first[0].exists()
        local_certificate(tmp_path, [], NOW + timedelta(days=367 + 367))
        assert not first[0].exists()

    def test_an_authority_at_its_end(self, tmp_path: Path) -> None:
        first = local_certificate(tmp_path, [], NOW)
        second = local_certificate(tmp_path, [], NOW + timedelta(days=5 * 365 - 20))
        assert second[2] != first[2]

    def test_other_names(self, tmp_path: Path) -> None:
        first, second = local_certificate(tmp_path), local_certificate(tmp_path, ["my.test"])
        assert first[0] != second[0]
        assert first[2] != second[2]
        assert local_certificate(tmp_path) == first

    def test_other_names_of_this_machine_need_no_other_authority(self, tmp_path: Path) -> None:
        first, second = local_certificate(tmp_path), local_certificate(tmp_path, ["app.localhost", "127.0.0.9"])
        assert first[0] != second[0]
        assert first[2] == second[2]
        shake_hands(*second, "127.0.0.9")


class TestFiles:
    @pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
    def test_private(self, tmp_path: Path) -> None:
        directory = tmp_path / "a" / "certificates"
        certificate, key, authority = local_certificate(directory)
        for path in (directory, certificate.parent, authority.parent):
            assert path.stat().st_mode & 0o777 == 0o700
        for path in (key, authority.with_name("ca-key.pem")):
            assert path.stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in directory.iterdir()) == [authority.parent.name, certificate.parent.name]

    def test_at_one_time(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: local_certificate(tmp_path), range(8)))
        assert len(set(made)) == 1
        shake_hands(*made[0], "localhost")
        assert len(list(tmp_path.iterdir())) == 2

    def test_a_damaged_authority(self, tmp_path: Path) -> None:
        certificate, _, authority = local_certificate(tmp_path)
        authority.write_bytes(b"nothing")
        with pytest.raises(CertificateError, match="are damaged"):
            local_certificate(tmp_path)
        authority.unlink()
        with pytest.raises(CertificateError, match=r"ca\.pem: No such file or directory"):
            local_certificate(tmp_path)
        assert certificate.exists()

    def test_a_key_of_another(self, tmp_path: Path) -> None:
        _, _, authority = local_certificate(tmp_path / "a", [], NOW)
        _, _, other = local_certificate(tmp_path / "b", [], NOW)
        authority.with_name("ca-key.pem").write_bytes(other.with_name("ca-key.pem").read_bytes())
        with pytest.raises(CertificateError, match="are not of one another"):
            local_certificate(tmp_path / "a", [], NOW + timedelta(days=380))

    def test_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(CertificateError, match="file"):
            local_certificate(tmp_path / "file")


def test_trust_advice(tmp_path: Path) -> None:
    path = tmp_path / "authority-1" / "ca.pem"
    advice = trust_advice(path)
    for word in ("Chromium", "Firefox", "Debian", "macOS", "Windows", "NODE_EXTRA_CA_CERTS"):
        assert word in advice
    assert advice.count(str(path)) == 7
