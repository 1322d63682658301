"""What can be behind a console's message: the causes, likeliest first, before anybody has asked the server.

The order is that of how often they are met; which of them it is the server's answers tell (`crossorigin check`).
"""

from __future__ import annotations

from typing import Final

from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.pasted import Recognised
from crossorigin.fetch.blocks import BlockCode

__all__ = ["BEHIND", "causes_behind"]

_C = CauseCode
_B = BlockCode
_WRONG_ORIGIN: Final = (_C.ORIGIN_MISSPELT, _C.ORIGIN_TWIN, _C.ORIGIN_NOT_ALLOWED, _C.SHARED_CACHE)
_REDIRECT: Final = (_C.TO_HTTPS, _C.TRAILING_SLASH, _C.LOGIN, _C.MOVED)

BEHIND: Final[dict[BlockCode, tuple[CauseCode, ...]]] = {
    _B.MIXED_CONTENT: (_C.MIXED_CONTENT,),
    _B.BAD_PORT: (_C.NOT_FETCHABLE,),
    _B.MODE_SAME_ORIGIN: (_C.MODE_OR_REDIRECT,),
    _B.NO_CORS_REDIRECT_MODE: (_C.MODE_OR_REDIRECT,),
    _B.SCHEME_NOT_HTTP: (_C.NOT_FETCHABLE, _C.NO_ORIGIN),
    _B.LOCAL_URLS_ONLY: (_C.NOT_FETCHABLE,),
    _B.SCHEME_NOT_FETCHED: (_C.NOT_FETCHABLE,),
    _B.KEEPALIVE_TOO_LARGE: (_C.MODE_OR_REDIRECT,),
    _B.NOT_CACHED: (_C.MODE_OR_REDIRECT,),
    _B.PREFLIGHT_ALLOW_ORIGIN_MISSING: (
        _C.NO_CORS_CONFIGURED,
        _C.NO_ROUTE,
        _C.AUTHENTICATION,
        _C.ORIGIN_NOT_ALLOWED,
        _C.PROXY_ERROR,
    ),
    _B.PREFLIGHT_ALLOW_ORIGIN_WILDCARD: (_C.WILDCARD_WITH_CREDENTIALS,),
    _B.PREFLIGHT_ALLOW_ORIGIN_SEVERAL: (_C.TWO_LAYERS, _C.SEVERAL_IN_ONE),
    _B.PREFLIGHT_ALLOW_ORIGIN_INVALID: (_C.ORIGIN_MISSPELT, _C.SEVERAL_IN_ONE),
    _B.PREFLIGHT_ALLOW_ORIGIN_MISMATCH: _WRONG_ORIGIN,
    _B.PREFLIGHT_ORIGIN_TAINTED: (_C.TAINTED_ORIGIN,),
    _B.PREFLIGHT_ALLOW_CREDENTIALS_MISSING: (_C.CREDENTIALS_NOT_ALLOWED,),
    _B.PREFLIGHT_ALLOW_CREDENTIALS_INVALID: (_C.CREDENTIALS_NOT_ALLOWED,),
    _B.PREFLIGHT_STATUS: (_C.NO_ROUTE, _C.AUTHENTICATION, _C.FIREWALL, _C.APPLICATION_ERROR, _C.PROXY_ERROR),
    _B.PREFLIGHT_REDIRECT: _REDIRECT,
    _B.PREFLIGHT_ALLOW_METHODS_UNPARSABLE: (_C.UNPARSABLE_LIST,),
    _B.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE: (_C.UNPARSABLE_LIST,),
    _B.PREFLIGHT_METHOD: (_C.METHOD_NOT_ALLOWED, _C.METHOD_CASE),
    _B.PREFLIGHT_METHOD_WILDCARD: (_C.WILDCARD_WITH_CREDENTIALS,),
    _B.PREFLIGHT_METHOD_CASE: (_C.METHOD_CASE,),
    _B.PREFLIGHT_AUTHORIZATION_WILDCARD: (_C.HEADER_NOT_ALLOWED,),
    _B.PREFLIGHT_HEADER: (_C.HEADER_NOT_ALLOWED,),
    _B.PREFLIGHT_HEADER_WILDCARD: (_C.WILDCARD_WITH_CREDENTIALS,),
    _B.ALLOW_ORIGIN_MISSING: (
        _C.NO_CORS_CONFIGURED,
        _C.APPLICATION_ERROR,
        _C.PROXY_ERROR,
        _C.PREFLIGHT_ONLY,
        _C.SOME_ANSWERS,
        _C.LOGIN,
    ),
    _B.ALLOW_ORIGIN_WILDCARD: (_C.WILDCARD_WITH_CREDENTIALS,),
    _B.ALLOW_ORIGIN_SEVERAL: (_C.TWO_LAYERS, _C.SEVERAL_IN_ONE),
    _B.ALLOW_ORIGIN_INVALID: (_C.ORIGIN_MISSPELT, _C.SEVERAL_IN_ONE),
    _B.ALLOW_ORIGIN_MISMATCH: _WRONG_ORIGIN,
    _B.ORIGIN_TAINTED: (_C.TAINTED_ORIGIN,),
    _B.ALLOW_CREDENTIALS_MISSING: (_C.CREDENTIALS_NOT_ALLOWED,),
    _B.ALLOW_CREDENTIALS_INVALID: (_C.CREDENTIALS_NOT_ALLOWED,),
    _B.REDIRECT_MODE_ERROR: (_C.MODE_OR_REDIRECT, *_REDIRECT),
    _B.LOCATION_UNPARSABLE: (_C.MOVED,),
    _B.LOCATION_NOT_HTTP: (_C.NOT_FETCHABLE, _C.LOGIN),
    _B.TOO_MANY_REDIRECTS: (_C.MOVED, _C.LOGIN),
    _B.LOCATION_CREDENTIALS: (_C.MOVED,),
    _B.LOCATION_CREDENTIALS_TAINTED: (_C.MOVED,),
    _B.REDIRECT_STREAM: (_C.MOVED,),
    _B.CROSS_ORIGIN_RESOURCE_POLICY: (_C.RESOURCE_POLICY,),
    _B.CROSS_ORIGIN_EMBEDDER_POLICY: (_C.RESOURCE_POLICY,),
    _B.NOSNIFF: (_C.NO_CORS,),
    _B.MIME_TYPE: (_C.NO_CORS,),
    _B.MIXED_CONTENT_RESPONSE: (_C.MIXED_CONTENT,),
    _B.OPAQUE_RANGE: (_C.NO_CORS,),
    _B.NO_RESPONSE: (_C.UNREACHABLE, _C.TLS, _C.BROKEN_ANSWER, _C.EXTENSION),
    _B.PROXY_AUTHENTICATION: (_C.PROXY_ERROR,),
    _B.UNWRITTEN_STEP: (),
}
_BY_NAME: Final = {
    "ContentSecurityPolicy": _C.CONTENT_SECURITY_POLICY,
    "InsecureLocalNetwork": _C.LOCAL_NETWORK,
    "InvalidLocalNetworkAccess": _C.LOCAL_NETWORK,
    "LocalNetworkAccessPermissionDenied": _C.LOCAL_NETWORK,
    "PrivateNetworkAccessPermissionUnavailable": _C.LOCAL_NETWORK,
    "UnexpectedPrivateNetworkAccess": _C.LOCAL_NETWORK,
}
_BY_NET_ERROR: Final = {
    "ERR_BLOCKED_BY_CLIENT": _C.EXTENSION,
    "ERR_BLOCKED_BY_CSP": _C.CONTENT_SECURITY_POLICY,
    "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS": _C.LOCAL_NETWORK,
    "ERR_BLOCKED_BY_ORB": _C.NO_CORS,
}
_TLS: Final = ("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL_")


def causes_behind(recognised: Recognised) -> tuple[CauseCode, ...]:
    """The causes that a message can have, likeliest first; none where it tells nothing."""
    if recognised.name in _BY_NAME:
        return (_BY_NAME[recognised.name],)
    if (recognised.header or "").lower().startswith("access-control-"):
        return (_C.RESPONSE_HEADER_ON_REQUEST,)
    value = recognised.value or ""
    if recognised.name == "NetworkLine" and value in _BY_NET_ERROR:
        return (_BY_NET_ERROR[value],)
    if recognised.name == "NetworkLine" and value.startswith(_TLS):
        return (_C.TLS,)
    if recognised.origin == "null" and recognised.first_url is None and recognised.codes:
        return (_C.NO_ORIGIN,)
    # The likeliest step's alone: the others' come again in the next message, or are told by the server.
    return BEHIND[recognised.codes[0]] if recognised.codes else ()
