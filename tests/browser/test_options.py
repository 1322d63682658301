from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from crossorigin.browser.options import Resolve, TransportOptions


class TestResolve:
    """One name and port lead to one address, and what is not that is refused with the way out."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("api.example:443:127.0.0.1", Resolve("api.example", 443, "127.0.0.1")),
            ("api.example:80:::1", Resolve("api.example", 80, "::1")),
            ("api.example:80:[::1]", Resolve("api.example", 80, "::1")),
            ("[::1]:8080:127.0.0.1", Resolve("::1", 8080, "127.0.0.1")),
        ],
    )
    def test_parse(self, text: str, expected: Resolve) -> None:
        assert Resolve.parse(text) == expected

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("api.example", "HOST:PORT:ADDR"),
            ("api.example:443", "HOST:PORT:ADDR"),
            ("api.example:https:127.0.0.1", "HOST:PORT:ADDR"),
            ("api.example:²:127.0.0.1", "HOST:PORT:ADDR"),
            ("[::1:80:127.0.0.1", "HOST:PORT:ADDR"),
            ("api.example:0:127.0.0.1", "0 is not a port"),
            ("api.example:65536:127.0.0.1", "65536 is not a port"),
            ("api.example:443:localhost", "'localhost' is not an IP address"),
            ("api.example:443:", "'' is not an IP address"),
            ("*:443:127.0.0.1", "'\\*' is not a host name"),
            (":443:127.0.0.1", "'' is not a host name"),
        ],
    )
    def test_wrong_usage(self, text: str, complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint):
            Resolve.parse(text)

    def test_applies_in_any_case_to_its_port_only(self) -> None:
        entry = Resolve("API.example", 443, "127.0.0.1")
        assert entry.applies_to("api.EXAMPLE", 443)
        assert not entry.applies_to("api.example", 80)
        assert not entry.applies_to("www.api.example", 443)


class TestTransportOptions:
    @pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), 1e12])
    def test_a_time_limit_is_a_limit(self, timeout: float) -> None:
        with pytest.raises(ValueError, match="is not a time limit"):
            TransportOptions(timeout=timeout)

    def test_a_negative_size_is_refused(self) -> None:
        with pytest.raises(ValueError, match="max_body=-1 is not a size"):
            TransportOptions(max_body=-1)

    def test_insecure_beside_a_context_is_refused(self) -> None:
        with pytest.raises(ValueError, match="contradict"):
            TransportOptions(verify=False, ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def test_the_default_verifies(self) -> None:
        context = TransportOptions().tls()
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname

    def test_insecure_does_not(self) -> None:
        assert TransportOptions(verify=False).tls().verify_mode is ssl.CERT_NONE

    def test_a_context_is_used_as_it_is(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        assert TransportOptions(ssl_context=context).tls() is context

    def test_certificates_that_are_not_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere"))
        with pytest.raises(ValueError, match=r"^SSL_CERT_FILE='.*nowhere' cannot be read as certificates to trust: "):
            TransportOptions().tls()


def test_a_name_may_lead_to_another_port() -> None:
    assert Resolve("a.test", 443, "127.0.0.1").dialled_port == 443
    assert Resolve("a.test", 443, "127.0.0.1", to_port=8000).dialled_port == 8000
    with pytest.raises(ValueError, match="0 is not a port"):
        Resolve("a.test", 443, "127.0.0.1", to_port=0)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1"])
def test_without_tls_on_this_machine(address: str) -> None:
    assert Resolve("a.test", 443, address, plain=True).plain


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "::2"])
def test_without_tls_nowhere_else(address: str) -> None:
    with pytest.raises(ValueError, match="plain goes only with a loopback address"):
        Resolve("a.test", 443, address, plain=True)
