from __future__ import annotations

import errno
import ssl

import httpcore2
import pytest

from crossorigin.browser.exchange import Exchange
from crossorigin.browser.failures import ExchangeError, Phase, explain
from crossorigin.browser.options import TransportOptions
from crossorigin.fetch.wire import TransportFailureKind as Kind

from .conftest import request


def exchange(phase: Phase) -> Exchange:
    made = Exchange(request("https://api.example/"), TransportOptions())
    made.phase = phase
    return made


def certificate_error(code: int, message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, f"certificate verify failed: {message}")
    error.verify_code, error.verify_message = code, message
    return error


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] (_ssl.c:1000)")
    error.reason = reason
    return error


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "phase", "kind", "said"),
    [
        (OSError(errno.ENETUNREACH, "Network is unreachable"), Phase.CONNECT, Kind.UNREACHABLE, "no route to it"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), Phase.CONNECT, Kind.UNREACHABLE, "no route to it"),
        (OSError(errno.EMFILE, "Too many open files"), Phase.CONNECT, Kind.UNREACHABLE, "Too many open files"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), Phase.BODY, Kind.RESET, "broke in the middle of the body"),
        (ConnectionAbortedError(), Phase.HEAD, Kind.RESET, "closed the connection without sending a response"),
        (BrokenPipeError(), Phase.REQUEST, Kind.RESET, "closed the connection without sending a response"),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), Phase.CONNECT, Kind.TIMEOUT, "not accepted"),
        (httpcore2.PoolTimeout(), Phase.REQUEST, Kind.TIMEOUT, "not taken the whole request"),
        (httpcore2.ConnectError(ConnectionRefusedError()), Phase.CONNECT, Kind.REFUSED, "refused the connection"),
        (
            httpcore2.ConnectError(caused(OSError("All connection attempts failed"), ConnectionRefusedError())),
            Phase.CONNECT,
            Kind.REFUSED,
            "refused the connection",
        ),
        (httpcore2.ReadError(ConnectionResetError()), Phase.HEAD, Kind.RESET, "reset the connection without"),
        (httpcore2.ConnectionNotAvailable(), Phase.REQUEST, Kind.RESET, "closed the connection without"),
        (certificate_error(9, "not yet valid"), Phase.TLS, Kind.TLS, "it is not valid yet"),
        (certificate_error(10, "expired"), Phase.TLS, Kind.TLS, "it has expired"),
        (certificate_error(19, "in chain"), Phase.TLS, Kind.TLS, "at the end of its chain"),
        (certificate_error(23, "revoked"), Phase.TLS, Kind.TLS, "it has been revoked"),
        (certificate_error(62, "mismatch"), Phase.TLS, Kind.TLS, "it is not made out for 'api.example'"),
        (certificate_error(99, "an odd reason"), Phase.TLS, Kind.TLS, "not accepted: an odd reason"),
        (tls_error("WRONG_VERSION_NUMBER"), Phase.TLS, Kind.TLS, "may serve plain http://"),
        (tls_error("TLSV1_UNRECOGNIZED_NAME"), Phase.TLS, Kind.TLS, "it serves nothing under this name"),
        (tls_error("SOME_NEW_REASON"), Phase.TLS, Kind.TLS, "came about: some new reason"),
        (ssl.SSLError("no reason"), Phase.TLS, Kind.TLS, "came about: "),
        (tls_error("DECRYPTION_FAILED"), Phase.BODY, Kind.TLS, "ended the TLS connection in the middle of the body"),
        (ssl.SSLEOFError(8, "EOF occurred"), Phase.TLS, Kind.RESET, "during the TLS handshake"),
        (ExchangeError(Kind.TOO_LARGE, "As it was told."), Phase.BODY, Kind.TOO_LARGE, "As it was told."),
    ],
)
def test_table(error: Exception, phase: Phase, kind: Kind, said: str) -> None:
    found, detail = explain(error, exchange(phase))
    assert found is kind
    assert said in detail
    assert kind is Kind.TOO_LARGE or "api.example:443" in detail


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize(
    "error", [ZeroDivisionError("odd\nlines"), ValueError("x" * 10_000), Exception(), KeyError(b"x")]
)
def test_what_nobody_foresaw_is_a_failure_too(error: Exception, phase: Phase) -> None:
    """Whatever is raised ends in a kind and one short sentence."""
    kind, detail = explain(error, exchange(phase))
    assert isinstance(kind, Kind)
    assert type(error).__name__ in detail
    assert "api.example:443" in detail
    assert detail.endswith(".")
    assert "\n" not in detail
    assert len(detail) < 400


def test_a_circle_of_causes_ends() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert explain(one, exchange(Phase.HEAD))[0] is Kind.NOT_HTTP


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize(
    "error",
    [
        getattr(httpcore2, name)()
        for name in httpcore2.__all__
        if isinstance(getattr(httpcore2, name, None), type) and issubclass(getattr(httpcore2, name), Exception)
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_exception_of_the_library_is_told(error: Exception, phase: Phase) -> None:
    kind, detail = explain(error, exchange(phase))
    assert isinstance(kind, Kind)
    assert detail.endswith(".")
    assert "cors" not in detail.lower()
