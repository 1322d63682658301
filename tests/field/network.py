"""What fails before HTTP begins, what the page's own place forbids, and imitations of other people's services."""

from __future__ import annotations

from tests.field.scenario import PUT_JSON, TOKEN, scenarios_on

from crossorigin.doctor.causes import CauseCode as C
from crossorigin.fetch.blocks import BlockCode as B

__all__ = ["NETWORK"]

APP = "https://app.example.com"

_on = scenarios_on("sockets")
_failed = scenarios_on("sockets", wire="GET -", block=B.NO_RESPONSE)
_imitated = scenarios_on("sockets", imitation=True, origin=APP)

NETWORK = (
    _failed("closed", cause=C.UNREACHABLE, why="nothing listens on the port: the server was never started"),
    _failed(
        "closed",
        name="closed-preflight",
        cause=C.UNREACHABLE,
        why="nothing listens on the port; what fails first is the preflight",
        **PUT_JSON,
        wire="OPTIONS -",
    ),
    _failed("silent", cause=C.UNREACHABLE, why="the server takes the connection and never answers", timeout=0.4),
    _failed(
        "closed",
        name="no-such-name",
        cause=C.UNREACHABLE,
        why="the name of the API does not exist",
        url="https://api.example.invalid/items",
        origin=APP,
        timeout=1.0,
    ),
    _failed(
        "tls-of-nobody",
        cause=C.TLS,
        why="the certificate is of an authority that nobody knows",
        url="https://localhost:{port}/items",
        origin="https://localhost:3000",
    ),
    _failed(
        "tls-other-name",
        cause=C.TLS,
        why="the certificate is for www.example.com",
        url="https://localhost:{port}/items",
        origin="https://localhost:3000",
    ),
    _failed(
        "tls-expired",
        cause=C.TLS,
        why="the certificate has expired",
        url="https://localhost:{port}/items",
        origin="https://localhost:3000",
    ),
    _failed(
        "tls",
        name="http-to-an-https-port",
        cause=C.BROKEN_ANSWER,
        why="the server speaks TLS, and the page calls http: what comes back is no HTTP, or nothing",
    ),
    _failed("hangs-up", cause=C.BROKEN_ANSWER, why="the server closes the connection instead of answering"),
    _failed("breaks-off", cause=C.BROKEN_ANSWER, why="the server dies in the middle of the body", wire="GET 200"),
    _failed("ssh", cause=C.BROKEN_ANSWER, why="the port is that of SSH"),
    _failed("redis", cause=C.BROKEN_ANSWER, why="the port is that of Redis"),
    _on(
        "http",
        name="mixed-content",
        cause=C.MIXED_CONTENT,
        why="the page was moved to https, and still calls http",
        url="http://api.example.com/items",
        origin=APP,
        wire="",
        block=B.MIXED_CONTENT,
    ),
    _on(
        "http",
        name="bad-port",
        cause=C.NOT_FETCHABLE,
        why="the server listens on port 6666, which is IRC's to every browser",
        url="http://localhost:6666/items",
        wire="",
        block=B.BAD_PORT,
    ),
    _on(
        "http",
        name="local-network",
        cause=C.LOCAL_NETWORK,
        why="a public page over plain http calls this machine: CORS is right, and Chrome refuses",
        url="http://127.0.0.1:{port}/items",
        origin="http://app.example.com",
        addresses=("127.0.0.1",),
        wire="GET 200",
        block=None,
        allowed=True,
    ),
    _imitated(
        "api-gateway",
        cause=C.GATEWAY,
        why="the resource of the REST API has no OPTIONS method",
        url="https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/items",
        **PUT_JSON,
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "api-gateway-401",
        cause=C.SOME_ANSWERS,
        why="the gateway's own 401 has no headers, for the DEFAULT_4XX response was never given any",
        also=frozenset({C.GATEWAY, C.PREFLIGHT_ONLY}),
        url="https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/items",
        headers=TOKEN,
        wire="OPTIONS 200, GET 401",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "s3",
        cause=C.BUCKET,
        why="no CORS rule of the bucket has PUT from this origin",
        url="https://photos.s3.eu-west-1.amazonaws.com/cat.jpg",
        method="PUT",
        headers=("Content-Type: image/jpeg",),
        data="x",
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "s3-without-rules",
        cause=C.BUCKET,
        why="the bucket has no CORS rules",
        url="https://photos.s3.eu-west-1.amazonaws.com/index.json",
        headers=("X-Requested-With: XMLHttpRequest",),
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "s3-without-rules",
        name="s3-simple",
        cause=C.BUCKET,
        why="the bucket has no CORS rules, and a plain GET gets the object without headers",
        also=frozenset({C.NO_CORS_CONFIGURED}),
        url="https://photos.s3.eu-west-1.amazonaws.com/index.json",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "azure",
        cause=C.BUCKET,
        why="no CORS rule of the storage account matches",
        url="https://photos.blob.core.windows.net/media/cat.jpg",
        method="PUT",
        headers=("Content-Type: image/jpeg", "x-ms-blob-type: BlockBlob"),
        data="x",
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "cloudflare",
        cause=C.FIREWALL,
        why="a rule of the firewall blocks the preflight before the API is asked",
        url="https://api.example.com/items",
        **PUT_JSON,
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "cloudflare-challenge",
        cause=C.FIREWALL,
        why="the firewall answers the call with a challenge that only a page in a window can pass",
        url="https://api.example.com/items",
        wire="GET 403",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "spring",
        cause=C.ORIGIN_NOT_ALLOWED,
        why="Spring's CORS configuration does not have the origin, and says so in the body of a 403",
        url="https://api.example.com/items",
        wire="GET 403",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _imitated(
        "cors-anywhere",
        cause=C.PUBLIC_PROXY,
        why="the page calls through a public proxy, which has closed",
        url="https://cors-anywhere.herokuapp.com/https://api.example.com/items",
        wire="GET 403",
        block=None,
        allowed=True,
    ),
)
