"""What is not CORS at all, and is said as such."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.diagnosis import diagnose
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX, WEBKIT
from crossorigin.fetch.wire import TransportFailureKind

from ..conftest import ALLOW, ALLOW_ALL, API, JSON, PAGE, VARY, Answer, answer, failure, report  # noqa: TID252
from .cases import Expected, Found, diagnosed, hold, site

RESET = failure("reset", "api.example:443 closed the connection without sending a response.")
LATE = failure("timeout", "api.example:443 took too long: after 30 s.")


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 21: no HTTP at all.
    "refused": (
        lambda: diagnosed(failure("refused", "api.example:443 refused the connection.")),
        Expected(
            code=CauseCode.UNREACHABLE,
            sureness="certain",
            evidence=("api.example:443 refused the connection",),
            fix=("Start the server",),
        ),
    ),
    "no such name": (
        lambda: diagnosed(failure("dns", "The name 'api.example' does not resolve.")),
        Expected(
            code=CauseCode.UNREACHABLE,
            sureness="certain",
            evidence=("The name 'api.example' does not resolve",),
            fix=("Check the host name",),
        ),
    ),
    "a bad certificate": (
        lambda: diagnosed(failure("tls", "The certificate of api.example:443 is nobody's.")),
        Expected(
            code=CauseCode.TLS,
            sureness="certain",
            evidence=("The certificate of api.example:443 is nobody's",),
            fix=("certificate that browsers accept",),
        ),
    ),
    "a call that breaks off": (
        lambda: diagnosed(RESET),
        Expected(
            code=CauseCode.BROKEN_ANSWER,
            sureness="certain",
            evidence=("api.example:443 closed the connection without sending a response",),
            fix=("server's log",),
        ),
    ),
    "no HTTP": (
        lambda: diagnosed(failure("not-http", "api.example:443 speaks no HTTP.")),
        Expected(
            code=CauseCode.BROKEN_ANSWER,
            sureness="certain",
            evidence=("api.example:443 speaks no HTTP",),
            fix=("Check the port",),
        ),
    ),
    # Only the preflight gets no answer: something on the way drops it.
    "a preflight that is dropped, of a server that allows the page": (
        lambda: diagnosed(site(OPTIONS=LATE, GET=answer(200, ALLOW, reason=b"OK")), **JSON),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="likely",
            evidence=(
                "api.example:443 took too long: after 30 s",
                "second probe: a GET of the same URL was answered 200 OK",
            ),
            fix=("Let OPTIONS through", "firewall"),
            probes=1,
        ),
    ),
    "a preflight that is dropped, of a server that does not": (
        lambda: diagnosed(site(OPTIONS=RESET, GET=answer(404)), **JSON),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="likely",
            evidence=(
                "api.example:443 closed the connection without sending a response",
                "second probe: a GET of the same URL was answered 404",
            ),
            fix=("Let OPTIONS through",),
            probes=1,
        ),
    ),
    "nothing gets an answer": (
        lambda: diagnosed(LATE, **JSON),
        Expected(
            code=CauseCode.UNREACHABLE,
            sureness="certain",
            evidence=("api.example:443 took too long: after 30 s",),
            fix=("takes so long",),
            probes=1,
        ),
    ),
    "nobody may ask": (
        lambda: diagnosed(LATE, probes=False, **JSON),
        Expected(
            code=CauseCode.UNREACHABLE,
            sureness="certain",
            evidence=("api.example:443 took too long: after 30 s",),
            fix=("takes so long",),
        ),
    ),
    "a preflight that is refused is no firewall's": (
        lambda: diagnosed(site(OPTIONS=failure(), GET=answer(200)), **JSON),
        Expected(
            code=CauseCode.UNREACHABLE,
            sureness="certain",
            evidence=("api.example:443 refused the connection",),
            fix=("Start the server",),
        ),
    ),
    "a preflight whose answer is too long": (
        lambda: diagnosed(site(OPTIONS=failure("too-large", "It is longer than 16 MiB."), GET=answer(200)), **JSON),
        Expected(
            code=CauseCode.BROKEN_ANSWER,
            sureness="certain",
            evidence=("It is longer than 16 MiB",),
            fix=("Answer with less",),
        ),
    ),
    # 22: mixed content.
    "mixed content": (
        lambda: diagnosed(answer(200), url="http://api.example/x"),
        Expected(
            code=CauseCode.MIXED_CONTENT,
            sureness="certain",
            evidence=("The page at https://app.example is trustworthy and http://api.example/x is not: mixed content",),
            fix=("over https",),
        ),
    ),
    "mixed content behind a redirect": (
        lambda: diagnosed(answer(302, ALLOW_ALL, ("Location", "http://api.example/x"))),
        Expected(
            code=CauseCode.MIXED_CONTENT,
            sureness="certain",
            evidence=("The page at https://app.example is trustworthy and http://api.example/x is not: mixed content",),
            fix=("over https",),
        ),
    ),
    # Ports and schemes that browsers keep away from.
    "a bad port": (
        lambda: diagnosed(answer(200), url="https://api.example:22/"),
        Expected(
            code=CauseCode.NOT_FETCHABLE,
            sureness="certain",
            evidence=("Port 22 belongs to another protocol, and browsers never speak HTTP to it",),
            fix=("another port",),
        ),
    ),
    "a redirect to another scheme": (
        lambda: diagnosed(answer(302, ALLOW_ALL, ("Location", "ftp://api.example/x"))),
        Expected(
            code=CauseCode.NOT_FETCHABLE,
            sureness="certain",
            evidence=(
                "The redirect leads to a ftp: URL, and only http and https are followed",
                f"GET {API} was answered 302 with `Location: ftp://api.example/x`",
            ),
            fix=("Redirect to an http or https URL",),
        ),
    ),
    # 32: other policies.
    "CORP": (
        lambda: diagnosed(answer(200, ("Cross-Origin-Resource-Policy", "same-site")), mode="no-cors"),
        Expected(
            code=CauseCode.RESOURCE_POLICY,
            sureness="certain",
            evidence=(
                "Cross-Origin-Resource-Policy does not let this origin load the response",
                f"GET {API} was answered 200 with `Cross-Origin-Resource-Policy: same-site`",
            ),
            fix=("`Cross-Origin-Resource-Policy: cross-origin`",),
        ),
    ),
    "a proxy that wants a password": (
        lambda: diagnosed(answer(407, ALLOW)),
        Expected(
            code=CauseCode.PROXY_ERROR,
            sureness="certain",
            evidence=("The answer is 407: a proxy wants credentials, and nobody gives them",),
            fix=("proxy's credentials",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


@pytest.mark.parametrize("kind", TransportFailureKind)
def test_no_failure_is_blamed_on_cors(kind: TransportFailureKind) -> None:
    found = diagnosed(failure(kind.value, "It failed."))
    assert [code.value[:2] for code in found.codes] == ["C1"]
    assert found.causes[0].sureness == "certain"
    assert "Access-Control" not in found.causes[0].fix


class TestStopped:
    """A recording of a browser that stopped the call itself, and what it names as the reason."""

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("net::ERR_BLOCKED_BY_CLIENT", CauseCode.EXTENSION),
            ("net::ERR_BLOCKED_BY_CLIENT.Inspector", CauseCode.EXTENSION),
            (None, CauseCode.EXTENSION),
            ("net::ERR_BLOCKED_BY_CSP", CauseCode.CONTENT_SECURITY_POLICY),
            ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", CauseCode.LOCAL_NETWORK),
            ("net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", CauseCode.RESOURCE_POLICY),
            ("net::ERR_BLOCKED_BY_ORB", CauseCode.NO_CORS),
        ],
    )
    def test_by(self, said: str | None, code: CauseCode) -> None:
        found = replace(report(failure("stopped", "The browser stopped it.")), seen_error=said)
        [cause] = diagnose(found)
        assert (cause.code, cause.sureness) == (code, "certain")
        assert cause.evidence == ("The browser stopped it",)


class TestMixedContentBehindARedirect:
    """Where the redirect was to add a slash, or to lead to a login page, that is what has to change."""

    @pytest.mark.parametrize(
        ("location", "code"),
        [
            ("http://api.example/users/42/", CauseCode.TRAILING_SLASH),
            ("http://api.example/login", CauseCode.LOGIN),
            ("http://api.example/there", CauseCode.MIXED_CONTENT),
        ],
    )
    def test_first(self, location: str, code: CauseCode) -> None:
        found = diagnosed(answer(302, ALLOW_ALL, ("Location", location)))
        assert found.causes[0].code is code
        assert CauseCode.MIXED_CONTENT in found.codes


class TestPlainHTTPToTLS:
    """A server that answers http with the words that it wants https; each says it in its own."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "<center>The plain HTTP request was sent to HTTPS port</center>",
                "plain HTTP request was sent to HTTPS port",
            ),
            (
                "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
                "speaking plain HTTP to an SSL-enabled server port",
            ),
            ("Client sent an HTTP request to an HTTPS server.\n", "Client sent an HTTP request to an HTTPS server"),
            (
                "Bad Request\r\nThis combination of host and port requires TLS.\r\n",
                "This combination of host and port requires TLS",
            ),
        ],
        ids=["nginx", "Apache", "Go", "Tomcat"],
    )
    @pytest.mark.parametrize("question", [{}, JSON], ids=["call", "preflight"])
    def test_words(self, text: str, said: str, question: dict[str, Any]) -> None:
        found = diagnosed(
            answer(400, reason=b"Bad Request", body=text.encode()),
            url="http://api.example:8443/x",
            origin="http://app.example",
            **question,
        )
        first = found.causes[0]
        assert (first.code, first.sureness) == (CauseCode.TLS, "certain")
        method = "OPTIONS" if question else "GET"
        assert first.evidence == (
            f'{method} http://api.example:8443/x was answered 400 Bad Request, and says "{said}"',
        )
        assert first.fix == "Call https://api.example:8443/x: this port speaks https."
        # What is blocked, and what stands before CORS, is beside the point; nobody has to be asked.
        assert (found.codes[1:], found.probes) == ([], ())

    def test_over_https_they_are_only_words(self) -> None:
        found = diagnosed(answer(400, body=b"Client sent an HTTP request to an HTTPS server."))
        assert CauseCode.TLS not in found.codes


class TestLocalNetwork:
    """31: a page from the internet and a private address. Nothing is blocked by it here; Chrome asks its user."""

    @staticmethod
    def found(address: str, *, page: str = PAGE, reply: Answer | None = None, **more: Any) -> Found:
        return diagnosed(reply or answer(200, ALLOW_ALL), origin=page, addresses=[address], **more)

    def test_a_private_address(self) -> None:
        cause = self.found("192.168.0.7", profiles=[CHROMIUM]).of(CauseCode.LOCAL_NETWORK)
        assert cause.sureness == "possible"
        [evidence] = cause.evidence
        assert evidence.startswith("api.example is a local address: if https://app.example is served from a public")
        assert "over https" in cause.fix
        assert "permission" in cause.fix

    def test_excluded(self) -> None:
        code = CauseCode.LOCAL_NETWORK
        # A public address, a page that is as private, an engine that does not ask, a call that is blocked anyhow.
        assert code not in self.found("93.184.215.14", profiles=[CHROMIUM]).codes
        assert code not in self.found("127.0.0.1", page="http://localhost:3000", profiles=[CHROMIUM]).codes
        assert code not in self.found("192.168.0.7", profiles=[FIREFOX, WEBKIT]).codes
        assert code not in self.found("192.168.0.7", profiles=[CHROMIUM], reply=answer(200)).codes


class TestCoding:
    """A body that is not what its header says: reading it fails, and CORS has no part in it."""

    @staticmethod
    def found(coding: str, body: bytes, **question: Any) -> Found:
        return diagnosed(answer(200, ALLOW, VARY, ("Content-Encoding", coding), body=body), **question)

    @pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", "zstd"])
    def test_it_is_not(self, coding: str) -> None:
        [cause] = self.found(coding, b"[]").causes
        assert (cause.code, cause.sureness) == (CauseCode.BROKEN_ANSWER, "very likely")
        assert cause.evidence == (f"the answer has `Content-Encoding: {coding}`, and its body is not that",)

    @pytest.mark.parametrize(
        ("coding", "body"),
        [("gzip", gzip.compress(b"[]", mtime=0)), ("gzip", b""), ("br", b"[]")],
        ids=["it is", "empty", "nobody knows"],
    )
    def test_it_may_be(self, coding: str, body: bytes) -> None:
        assert CauseCode.BROKEN_ANSWER not in self.found(coding, body).codes

    def test_a_response_that_nobody_reads(self) -> None:
        assert CauseCode.BROKEN_ANSWER not in self.found("gzip", b"[]", mode="no-cors").codes
