"""The codes of the browser's half: one `B…` for every step of the standard that can end a fetch with a network error.

A code is never reused. The first digit says where: 1 before anything is sent, 2 the preflight, 3 the CORS check of
the response itself, 4 a redirect, 5 the response afterwards, 6 the network, 9 this engine. In the twenties and
thirties hundreds the last digit of the CORS check is the same: B201 and B301 are one failure in two places.
Each has a page in `docs/codes/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["BLOCKS", "BlockCode", "BlockKind"]


class BlockCode(StrEnum):
    """Which step blocked."""

    MIXED_CONTENT = "B101"
    BAD_PORT = "B102"
    MODE_SAME_ORIGIN = "B103"
    NO_CORS_REDIRECT_MODE = "B104"
    SCHEME_NOT_HTTP = "B105"
    LOCAL_URLS_ONLY = "B106"
    SCHEME_NOT_FETCHED = "B107"
    KEEPALIVE_TOO_LARGE = "B108"
    NOT_CACHED = "B109"

    PREFLIGHT_ALLOW_ORIGIN_MISSING = "B201"
    PREFLIGHT_ALLOW_ORIGIN_WILDCARD = "B202"
    PREFLIGHT_ALLOW_ORIGIN_SEVERAL = "B203"
    PREFLIGHT_ALLOW_ORIGIN_INVALID = "B204"
    PREFLIGHT_ALLOW_ORIGIN_MISMATCH = "B205"
    PREFLIGHT_ORIGIN_TAINTED = "B206"
    PREFLIGHT_ALLOW_CREDENTIALS_MISSING = "B207"
    PREFLIGHT_ALLOW_CREDENTIALS_INVALID = "B208"
    PREFLIGHT_STATUS = "B210"
    PREFLIGHT_REDIRECT = "B211"
    PREFLIGHT_ALLOW_METHODS_UNPARSABLE = "B220"
    PREFLIGHT_ALLOW_HEADERS_UNPARSABLE = "B221"
    PREFLIGHT_METHOD = "B230"
    PREFLIGHT_METHOD_WILDCARD = "B231"
    PREFLIGHT_METHOD_CASE = "B232"
    PREFLIGHT_AUTHORIZATION_WILDCARD = "B240"
    PREFLIGHT_HEADER = "B241"
    PREFLIGHT_HEADER_WILDCARD = "B242"

    ALLOW_ORIGIN_MISSING = "B301"
    ALLOW_ORIGIN_WILDCARD = "B302"
    ALLOW_ORIGIN_SEVERAL = "B303"
    ALLOW_ORIGIN_INVALID = "B304"
    ALLOW_ORIGIN_MISMATCH = "B305"
    ORIGIN_TAINTED = "B306"
    ALLOW_CREDENTIALS_MISSING = "B307"
    ALLOW_CREDENTIALS_INVALID = "B308"

    REDIRECT_MODE_ERROR = "B401"
    LOCATION_UNPARSABLE = "B402"
    LOCATION_NOT_HTTP = "B403"
    TOO_MANY_REDIRECTS = "B404"
    LOCATION_CREDENTIALS = "B405"
    LOCATION_CREDENTIALS_TAINTED = "B406"
    REDIRECT_STREAM = "B407"

    CROSS_ORIGIN_RESOURCE_POLICY = "B501"
    CROSS_ORIGIN_EMBEDDER_POLICY = "B502"
    NOSNIFF = "B503"
    MIME_TYPE = "B504"
    MIXED_CONTENT_RESPONSE = "B505"
    OPAQUE_RANGE = "B506"

    NO_RESPONSE = "B601"
    PROXY_AUTHENTICATION = "B602"

    UNWRITTEN_STEP = "B900"


@dataclass(frozen=True, slots=True)
class BlockKind:
    """What a code stands for: `anchor` is a key of `crossorigin.web.anchors.ANCHORS`, `title` one plain line."""

    code: BlockCode
    anchor: str
    title: str


_MAIN: Final = "concept-main-fetch"
_CORS: Final = "concept-cors-check"
_PREFLIGHT: Final = "cors-preflight-fetch-0"
_REDIRECT: Final = "concept-http-redirect-fetch"

_ROWS: Final = (
    (BlockCode.MIXED_CONTENT, "mixed-content-request", "A secure page may not fetch an insecure URL"),
    (BlockCode.BAD_PORT, "block-bad-port", "The port belongs to another protocol"),
    (BlockCode.MODE_SAME_ORIGIN, _MAIN, 'Mode "same-origin" asks for another origin'),
    (BlockCode.NO_CORS_REDIRECT_MODE, _MAIN, 'Mode "no-cors" goes only with redirect mode "follow"'),
    (BlockCode.SCHEME_NOT_HTTP, _MAIN, "Another origin can be fetched with http and https only"),
    (BlockCode.LOCAL_URLS_ONLY, _MAIN, "Only local URLs may be fetched here"),
    (BlockCode.SCHEME_NOT_FETCHED, "concept-scheme-fetch", "A URL of this scheme cannot be fetched"),
    (BlockCode.KEEPALIVE_TOO_LARGE, "concept-http-network-or-cache-fetch", "More than 64 KiB of keepalive bodies"),
    (BlockCode.NOT_CACHED, "concept-http-network-or-cache-fetch", 'Cache mode "only-if-cached" and nothing is cached'),
    (BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING, _CORS, "The preflight response has no Access-Control-Allow-Origin"),
    (
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD,
        _CORS,
        "The preflight response allows `*`, but the credentials mode is include",
    ),
    (BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL, _CORS, "The preflight response allows several origins in one answer"),
    (BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID, _CORS, "The preflight response allows something that is no origin"),
    (BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH, _CORS, "The preflight response allows another origin"),
    (BlockCode.PREFLIGHT_ORIGIN_TAINTED, _CORS, "A redirect made the preflight's origin null"),
    (
        BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING,
        _CORS,
        "The preflight response lacks Access-Control-Allow-Credentials",
    ),
    (
        BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID,
        _CORS,
        "Access-Control-Allow-Credentials on the preflight is not exactly `true`",
    ),
    (BlockCode.PREFLIGHT_STATUS, _PREFLIGHT, "The preflight response does not have an ok status"),
    (BlockCode.PREFLIGHT_REDIRECT, _PREFLIGHT, "The preflight was answered with a redirect"),
    (BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE, _PREFLIGHT, "Access-Control-Allow-Methods cannot be parsed"),
    (BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE, _PREFLIGHT, "Access-Control-Allow-Headers cannot be parsed"),
    (BlockCode.PREFLIGHT_METHOD, _PREFLIGHT, "The method is not in Access-Control-Allow-Methods"),
    (BlockCode.PREFLIGHT_METHOD_WILDCARD, _PREFLIGHT, "With credentials, `*` allows no method"),
    (BlockCode.PREFLIGHT_METHOD_CASE, _PREFLIGHT, "The method is allowed in another case only"),
    (BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD, _PREFLIGHT, "`*` does not cover Authorization"),
    (BlockCode.PREFLIGHT_HEADER, _PREFLIGHT, "A request header is not in Access-Control-Allow-Headers"),
    (BlockCode.PREFLIGHT_HEADER_WILDCARD, _PREFLIGHT, "With credentials, `*` allows no header"),
    (BlockCode.ALLOW_ORIGIN_MISSING, _CORS, "The response has no Access-Control-Allow-Origin"),
    (BlockCode.ALLOW_ORIGIN_WILDCARD, _CORS, "The response allows `*`, but the credentials mode is include"),
    (BlockCode.ALLOW_ORIGIN_SEVERAL, _CORS, "The response allows several origins in one answer"),
    (BlockCode.ALLOW_ORIGIN_INVALID, _CORS, "The response allows something that is no origin"),
    (BlockCode.ALLOW_ORIGIN_MISMATCH, _CORS, "The response allows another origin"),
    (BlockCode.ORIGIN_TAINTED, _CORS, "A redirect made the request's origin null"),
    (BlockCode.ALLOW_CREDENTIALS_MISSING, _CORS, "The response lacks Access-Control-Allow-Credentials"),
    (BlockCode.ALLOW_CREDENTIALS_INVALID, _CORS, "Access-Control-Allow-Credentials is not exactly `true`"),
    (BlockCode.REDIRECT_MODE_ERROR, "concept-http-fetch", 'A redirect came, and the redirect mode is "error"'),
    (BlockCode.LOCATION_UNPARSABLE, _REDIRECT, "The redirect's Location is not a URL"),
    (BlockCode.LOCATION_NOT_HTTP, _REDIRECT, "The redirect leads to a URL that is neither http nor https"),
    (BlockCode.TOO_MANY_REDIRECTS, _REDIRECT, "More than 20 redirects"),
    (BlockCode.LOCATION_CREDENTIALS, _REDIRECT, "The redirect's Location holds a user name or password"),
    (
        BlockCode.LOCATION_CREDENTIALS_TAINTED,
        _REDIRECT,
        "A redirect back to the page's origin holds a user name or password",
    ),
    (BlockCode.REDIRECT_STREAM, _REDIRECT, "A streamed body cannot be sent again to the redirect's target"),
    (
        BlockCode.CROSS_ORIGIN_RESOURCE_POLICY,
        "cross-origin-resource-policy-check",
        "Cross-Origin-Resource-Policy keeps the response from this origin",
    ),
    (
        BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY,
        "cross-origin-resource-policy-check",
        "The page's embedder policy asks for Cross-Origin-Resource-Policy",
    ),
    (
        BlockCode.NOSNIFF,
        "should-response-to-request-be-blocked-due-to-nosniff",
        "nosniff, and the Content-Type does not fit",
    ),
    (
        BlockCode.MIME_TYPE,
        "should-response-to-request-be-blocked-due-to-mime-type",
        "A script cannot have this Content-Type",
    ),
    (
        BlockCode.MIXED_CONTENT_RESPONSE,
        "mixed-content-response",
        "The response to a secure page came from an insecure URL",
    ),
    (BlockCode.OPAQUE_RANGE, _MAIN, "A partial response to a request that asked for no range"),
    (BlockCode.NO_RESPONSE, "concept-http-network-fetch", "There was no HTTP response"),
    (BlockCode.PROXY_AUTHENTICATION, "concept-http-network-or-cache-fetch", "A proxy asks for authentication (407)"),
    (BlockCode.UNWRITTEN_STEP, "concept-network-error", "This engine does not implement the step that comes next"),
)

BLOCKS: Final[dict[BlockCode, BlockKind]] = {row[0]: BlockKind(*row) for row in _ROWS}
