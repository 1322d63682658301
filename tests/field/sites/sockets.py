"""Servers of a few lines, in threads: what fails before HTTP begins, and imitations of other people's services.

An imitation gives the answers that the service documents or that its users have published, header for header.
"""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import trustme

__all__ = ["serving"]

CLOUDFLARE_PAGE = """<!DOCTYPE html>
<html class="no-js" lang="en-US">
<head><title>Attention Required! | Cloudflare</title></head>
<body><h1 data-translate="block_headline">Sorry, you have been blocked</h1></body>
</html>
"""
S3_ERROR = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>CORSResponse: {}</Message><Method>{}</Method>\
<ResourceType>{}</ResourceType><RequestId>9FK3DWXVZ0QVA0ZJ</RequestId><HostId>uSmKPy3ZD1o=</HostId></Error>"""
S3 = "x-amz-request-id: 9FK3DWXVZ0QVA0ZJ\nx-amz-id-2: uSmKPy3ZD1o=\nServer: AmazonS3"
S3_NOT_ALLOWED = (
    "This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
    "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
)
GATEWAY = "Content-Type: application/json\nx-amzn-RequestId: 91fd08e2-3c78-11e6-8a68-23416dcaf8cc"
AZURE_ERROR = """<?xml version="1.0" encoding="utf-8"?><Error><Code>CorsPreflightFailure</Code><Message>CORS not \
enabled or no matching rule found for this request.
RequestId:514a1eb7-401e-000d-1d2b-200000000000
Time:2026-03-24T17:18:54.1385542Z</Message><MessageDetails>No CORS rules matches this request</MessageDetails></Error>"""

JSON_HEADERS = "Content-Type: application/json\nAccess-Control-Allow-Origin: *"
ANSWERS: dict[str, dict[str, tuple[str, str, str]]] = {
    # Nothing is wrong with it; what is, is the way to it.
    "http": {"*": ("200 OK", JSON_HEADERS, "[]")},
    # The resource has GET and PUT, and OPTIONS was never made (aws/chalice#12).
    "api-gateway": {
        "OPTIONS": (
            "403 Forbidden",
            f"{GATEWAY}\nx-amzn-ErrorType: MissingAuthenticationTokenException\nx-amz-apigw-id: OPwe_ErKvHcF5ZA=",
            '{"message":"Missing Authentication Token"}',
        ),
        "*": ("200 OK", f"{GATEWAY}\n{JSON_HEADERS}\nx-amz-apigw-id: OPwe_ErKvHcF5ZA=", "{}"),
    },
    # OPTIONS is a mock with every header; the gateway's own 401 has none.
    "api-gateway-401": {
        "OPTIONS": (
            "200 OK",
            f"{GATEWAY}\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET,OPTIONS\n"
            "Access-Control-Allow-Headers: Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token\n"
            "x-amz-apigw-id: OPwe_ErKvHcF5ZA=",
            "",
        ),
        "*": (
            "401 Unauthorized",
            f"{GATEWAY}\nx-amzn-ErrorType: UnauthorizedException\nx-amz-apigw-id: OPwe_ErKvHcF5ZA=",
            '{"message":"Unauthorized"}',
        ),
    },
    "s3": {
        "OPTIONS": (
            "403 Forbidden",
            f"{S3}\nContent-Type: application/xml",
            S3_ERROR.format(S3_NOT_ALLOWED, "PUT", "OBJECT"),
        ),
        "*": ("403 Forbidden", f"{S3}\nContent-Type: application/xml", "<Error><Code>AccessDenied</Code></Error>"),
    },
    "s3-without-rules": {
        "OPTIONS": (
            "403 Forbidden",
            f"{S3}\nContent-Type: application/xml",
            S3_ERROR.format("CORS is not enabled for this bucket.", "GET", "BUCKET"),
        ),
        "*": (
            "200 OK",
            f'{S3}\nContent-Type: application/json\nETag: "d41d8cd98f00b204e9800998ecf8427e"\nAccept-Ranges: bytes\n'
            "x-amz-server-side-encryption: AES256",
            "[]",
        ),
    },
    "azure": {
        "OPTIONS": (
            "403 CORS not enabled or no matching rule found for this request.",
            "Content-Type: application/xml\nServer: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\n"
            "x-ms-request-id: 514a1eb7-401e-000d-1d2b-200000000000\nx-ms-error-code: CorsPreflightFailure",
            AZURE_ERROR,
        ),
        "*": (
            "403 Server failed to authenticate the request.",
            "Content-Type: application/xml\nServer: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\n"
            "x-ms-request-id: 514a1eb7-401e-000d-1d2b-200000000000\nx-ms-error-code: AuthenticationFailed",
            "<Error><Code>AuthenticationFailed</Code></Error>",
        ),
    },
    "cloudflare": {
        "*": (
            "403 Forbidden",
            "Content-Type: text/html; charset=UTF-8\nX-Frame-Options: SAMEORIGIN\nReferrer-Policy: same-origin\n"
            "Cache-Control: max-age=15\nServer: cloudflare\nCF-RAY: 72c77ad49d4ebb83-FRA",
            CLOUDFLARE_PAGE,
        )
    },
    "cloudflare-challenge": {
        "*": (
            "403 Forbidden",
            "Content-Type: text/html; charset=UTF-8\ncf-mitigated: challenge\nX-Frame-Options: SAMEORIGIN\n"
            "Cache-Control: private, max-age=0, no-store, no-cache, must-revalidate, post-check=0, pre-check=0\n"
            "Server: cloudflare\nCF-RAY: 98f91258ad66d6d5-IAD",
            '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body></body></html>',
        )
    },
    # Spring's DefaultCorsProcessor, for an origin or a method that no configuration has.
    "spring": {
        "OPTIONS": (
            "403 ",
            "Vary: Origin\nVary: Access-Control-Request-Method\nVary: Access-Control-Request-Headers",
            "Invalid CORS request",
        ),
        "*": (
            "403 ",
            "Vary: Origin\nVary: Access-Control-Request-Method\nVary: Access-Control-Request-Headers",
            "Invalid CORS request",
        ),
    },
    # cors-anywhere.herokuapp.com, to those who have not asked for an hour's leave (Rob--W/cors-anywhere#301).
    "cors-anywhere": {
        "*": (
            "403 Forbidden",
            "Server: Cowboy\nAccess-Control-Allow-Origin: *\nLocation: /corsdemo\nVia: 1.1 vegur",
            "See /corsdemo for more info\n",
        )
    },
}


def _read_head(sock: socket.socket) -> str:
    """The request without its body; empty when nobody asks."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = sock.recv(65536)
        if not piece:
            return ""
        head += piece
    return head.decode("latin-1")


def _answering(answers: Mapping[str, tuple[str, str, str]]) -> Callable[[socket.socket], None]:
    def talk(sock: socket.socket) -> None:
        method = _read_head(sock).partition(" ")[0]
        if not method:
            return
        status, headers, body = answers.get(method, answers["*"])
        lines = [f"HTTP/1.1 {status}", *headers.splitlines(), f"Content-Length: {len(body)}", "Connection: close"]
        sock.sendall(("\r\n".join(lines) + "\r\n\r\n" + ("" if method == "HEAD" else body)).encode("latin-1"))

    return talk


def _silent(sock: socket.socket) -> None:
    while sock.recv(65536):
        pass


def _hangs_up(sock: socket.socket) -> None:
    _read_head(sock)


def _breaks_off(sock: socket.socket) -> None:
    _read_head(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nAccess-Control-Allow-Origin: *\r\n\r\n[")


def _ssh(sock: socket.socket) -> None:
    sock.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    sock.recv(65536)


def _redis(sock: socket.socket) -> None:
    _read_head(sock)
    sock.sendall(b"-ERR wrong number of arguments for 'get' command\r\n")


def _tls(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    def talk(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as wrapped:
            _answering(ANSWERS["http"])(wrapped)

    return talk


def _certified(authority: trustme.CA, name: str, not_after: datetime.datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=not_after).configure_cert(context)
    return context


def _serve(listening: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    with contextlib.suppress(OSError):
        while True:
            sock, _ = listening.accept()
            sock.settimeout(10)
            threading.Thread(target=_one, args=(sock, talk), daemon=True).start()


def _one(sock: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    # Whatever the other side does to the connection is what it came for.
    with sock, contextlib.suppress(OSError):
        talk(sock)


@contextmanager
def serving(authority: trustme.CA) -> Iterator[dict[str, int]]:
    """Every site on its own port; those with TLS that is right have a certificate of the authority."""
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    sites: dict[str, Callable[[socket.socket], None]] = {
        "silent": _silent,
        "hangs-up": _hangs_up,
        "breaks-off": _breaks_off,
        "ssh": _ssh,
        "redis": _redis,
        "tls": _tls(_certified(authority, "localhost")),
        "tls-of-nobody": _tls(_certified(trustme.CA(), "localhost")),
        "tls-other-name": _tls(_certified(authority, "www.example.com")),
        "tls-expired": _tls(_certified(authority, "localhost", past)),
        **{name: _answering(answers) for name, answers in ANSWERS.items()},
    }
    with contextlib.ExitStack() as stack:
        # Bound, so that nobody else is there, and not listening: whoever connects is refused.
        closed = stack.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))
        ports = {"closed": closed.getsockname()[1]}
        for name, talk in sites.items():
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            stack.callback(listening.shutdown, socket.SHUT_RDWR)
            ports[name] = listening.getsockname()[1]
            threading.Thread(target=_serve, args=(listening, talk), daemon=True).start()
        yield ports
