"""Every sentence of Chromium about CORS: `GetErrorString` of blink's loader/cors/cors_error_string.cc, and neighbours.

Names are those of the enumeration `network::mojom::CorsError` without the k, so that they are also what the DevTools
protocol (Network.CorsError) says. The texts of today were compared with Chromium 156.
"""

from __future__ import annotations

from typing import Final

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.console.messages import Message, catalogue_of

__all__ = ["CATALOGUE", "PREFLIGHT", "VALID_VALUE", "WITH_CREDENTIALS"]

PREFLIGHT: Final = "Response to preflight request doesn't pass access control check: "
"""Stands before a reason when it was the preflight's answer that failed."""

VALID_VALUE: Final = " Have the server send the header with a valid value."
"""For fetch() only."""
WITH_CREDENTIALS: Final = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
)
"""For XMLHttpRequest only."""

_UNTIL_2025: Final = "Chrome until about 2025"
_UNTIL_137: Final = "Chrome until 137 (Private Network Access, now withdrawn)"
_UNTIL_2018: Final = "Chrome until about 2018"

CATALOGUE: Final = catalogue_of(
    (
        ("DisallowedByMode", "Cross origin requests are not allowed by request mode.", (BlockCode.MODE_SAME_ORIGIN,)),
        ("InvalidResponse", "The response is invalid.", (BlockCode.NO_RESPONSE,)),
        (
            "WildcardOriginNotAllowed",
            (
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' "
                "when the request's credentials mode is 'include'."
            ),
            (BlockCode.ALLOW_ORIGIN_WILDCARD,),
        ),
        (
            "MissingAllowOriginHeader",
            "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            (BlockCode.ALLOW_ORIGIN_MISSING,),
        ),
        (
            "MultipleAllowOriginValues",
            "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed.",
            (BlockCode.ALLOW_ORIGIN_SEVERAL, BlockCode.ALLOW_ORIGIN_INVALID),
        ),
        (
            "InvalidAllowOriginValue",
            "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.",
            (BlockCode.ALLOW_ORIGIN_INVALID, BlockCode.ALLOW_ORIGIN_MISMATCH),
        ),
        (
            "AllowOriginMismatch",
            "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin.",
            (BlockCode.ALLOW_ORIGIN_MISMATCH, BlockCode.ORIGIN_TAINTED, BlockCode.ALLOW_ORIGIN_INVALID),
        ),
        (
            "InvalidAllowCredentials",
            (
                "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be "
                "'true' when the request's credentials mode is 'include'."
            ),
            (BlockCode.ALLOW_CREDENTIALS_MISSING, BlockCode.ALLOW_CREDENTIALS_INVALID),
        ),
        (
            "CorsDisabledScheme",
            "Cross origin requests are only supported for protocol schemes: {value}.",
            (BlockCode.LOCATION_NOT_HTTP, BlockCode.SCHEME_NOT_HTTP),
        ),
        (
            "PreflightDisallowedRedirect",
            "Redirect is not allowed for a preflight request.",
            (BlockCode.PREFLIGHT_REDIRECT,),
        ),
        (
            "PreflightInvalidStatus",
            "It does not have HTTP ok status.",
            (BlockCode.PREFLIGHT_STATUS, BlockCode.PREFLIGHT_REDIRECT),
        ),
        (
            "InvalidAllowMethodsPreflightResponse",
            "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
            (BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE,),
        ),
        (
            "InvalidAllowHeadersPreflightResponse",
            "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
            (BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE,),
        ),
        (
            "MethodDisallowedByPreflightResponse",
            "Method {method} is not allowed by Access-Control-Allow-Methods in preflight response.",
            (BlockCode.PREFLIGHT_METHOD, BlockCode.PREFLIGHT_METHOD_CASE, BlockCode.PREFLIGHT_METHOD_WILDCARD),
        ),
        (
            "HeaderDisallowedByPreflightResponse",
            "Request header field {header} is not allowed by Access-Control-Allow-Headers in preflight response.",
            (
                BlockCode.PREFLIGHT_HEADER,
                BlockCode.PREFLIGHT_HEADER_WILDCARD,
                BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD,
            ),
        ),
        (
            "RedirectContainsCredentials",
            (
                "Redirect location '{value}' contains a username and password, which is disallowed for cross-origin "
                "requests."
            ),
            (BlockCode.LOCATION_CREDENTIALS, BlockCode.LOCATION_CREDENTIALS_TAINTED),
        ),
        (
            "InsecureLocalNetwork",
            "The request client is not a secure context and the resource is in more-private address space `{space}`.",
            (),
        ),
        (
            "InvalidLocalNetworkAccess",
            "Request had a target IP address space of `{space}` yet the resource is in address space `{other_space}`.",
            (),
        ),
        (
            "LocalNetworkAccessPermissionDenied",
            "Permission was denied for this request to access the `{space}` address space.",
            (),
        ),
        (
            "RequestModeSameOrigin",
            (
                'Fetch API cannot load {url}. Request mode is "same-origin" but the URL\'s origin is not same as the '
                "request origin {origin}."
            ),
            (BlockCode.MODE_SAME_ORIGIN,),
        ),
        (
            "NoCorsRedirectModeNotFollow",
            'Fetch API cannot load {url}. Request mode is "no-cors" but the redirect mode is not "follow".',
            (BlockCode.NO_CORS_REDIRECT_MODE,),
        ),
        (
            "UrlSchemeNotSupported",
            'Fetch API cannot load {url}. URL scheme "{value}" is not supported.',
            (BlockCode.SCHEME_NOT_HTTP, BlockCode.SCHEME_NOT_FETCHED),
        ),
        ("FtpNotSupported", "FTP is not supported.", (BlockCode.SCHEME_NOT_HTTP,)),
        ("LocalResource", "Not allowed to load local resource: {url}", (BlockCode.SCHEME_NOT_HTTP,)),
        (
            "UnsafeAttempt",
            "Unsafe attempt to load URL {url} from frame with URL {target}. Domains, protocols and ports must match.\n",
            (BlockCode.MODE_SAME_ORIGIN,),
        ),
        (
            "MixedContent",
            (
                "Mixed Content: The page at '{target}' was loaded over HTTPS, but requested an insecure resource "
                "'{url}'. This request has been blocked; the content must be served over HTTPS."
            ),
            (BlockCode.MIXED_CONTENT,),
        ),
        (
            "MixedContentXMLHttpRequest",
            (
                "Mixed Content: The page at '{target}' was loaded over HTTPS, but requested an insecure XMLHttpRequest "
                "endpoint '{url}'. This request has been blocked; the content must be served over HTTPS."
            ),
            (BlockCode.MIXED_CONTENT,),
        ),
        (
            "AuthorizationCoveredByWildcard",
            (
                "Authorization will not be covered by the wildcard symbol (*) in CORS `Access-Control-Allow-Headers` "
                "handling."
            ),
            (BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD,),
        ),
    ),
    (
        (
            "PreflightMissingAllowPrivateNetwork",
            (
                "No 'Access-Control-Allow-Private-Network' header was present in the preflight response for this "
                "private network request targeting the `{space}` address space."
            ),
            (),
            _UNTIL_137,
        ),
        (
            "PreflightInvalidAllowPrivateNetwork",
            (
                "The 'Access-Control-Allow-Private-Network' header in the preflight response for this private network "
                "request targeting the `{space}` address space had a value of '{value}',  not 'true'."
            ),
            (),
            _UNTIL_137,
        ),
        (
            "UnexpectedPrivateNetworkAccess",
            "Request had no target IP address space, yet the resource is in address space `{space}`.",
            (),
            _UNTIL_137,
        ),
        (
            "PreflightMissingPrivateNetworkAccessId",
            (
                "No 'Private-Network-Access-Id' header was present in the preflight response for this private network "
                "request targeting the `{space}` address space."
            ),
            (),
            _UNTIL_137,
        ),
        (
            "PreflightMissingPrivateNetworkAccessName",
            (
                "No 'Private-Network-Access-Name' header was present in the preflight response for this private "
                "network request targeting the `{space}` address space."
            ),
            (),
            _UNTIL_137,
        ),
        (
            "PrivateNetworkAccessPermissionUnavailable",
            "Unable to ask for permission to access the `{space}` IP address space.",
            (),
            _UNTIL_137,
        ),
        (
            "PreflightMissingAllowExternal",
            "No 'Access-Control-Allow-External' header was present in the preflight response for this external request",
            (),
            _UNTIL_137,
        ),
        (
            "PreflightInvalidAllowExternal",
            (
                "The 'Access-Control-Allow-External' header in the preflight response for this external request had a "
                "value of '{value}'"
            ),
            (),
            _UNTIL_137,
        ),
        (
            "UrlSchemeMustBeHttp",
            'URL scheme must be "http" or "https" for CORS request.',
            (BlockCode.SCHEME_NOT_HTTP,),
            _UNTIL_2025,
        ),
        (
            "PreflightInvalidStatusCode",
            "Response for preflight has invalid HTTP status code {status}",
            (BlockCode.PREFLIGHT_STATUS,),
            _UNTIL_2018,
        ),
        (
            "PreflightInvalidRedirect",
            "Response for preflight is invalid (redirect)",
            (BlockCode.PREFLIGHT_REDIRECT,),
            _UNTIL_2018,
        ),
        (
            "WildcardCredentialsFlag",
            (
                "A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag "
                "is true."
            ),
            (BlockCode.ALLOW_ORIGIN_WILDCARD, BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD),
            _UNTIL_2018,
        ),
        (
            "CredentialsFlag",
            (
                "Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '{value}'. It must "
                "be 'true' to allow credentials."
            ),
            (BlockCode.ALLOW_CREDENTIALS_MISSING, BlockCode.ALLOW_CREDENTIALS_INVALID),
            _UNTIL_2018,
        ),
    ),
    shells=(
        Message(
            name="AccessRedirected",
            text="Access to {kind} at '{url}' (redirected from '{first_url}') from origin '{origin}' has been blocked "
            "by CORS policy: {reason}",
        ),
        Message(
            name="Access",
            text="Access to {kind} at '{url}' from origin '{origin}' has been blocked by CORS policy: {reason}",
        ),
        Message(
            name="Redirect",
            text="Redirect from '{first_url}' to '{url}' has been blocked by CORS policy: {reason}",
            when=_UNTIL_2018,
        ),
        Message(
            name="RedirectAtOrigin",
            text="Redirect at origin '{target}' has been blocked from loading by Cross-Origin Resource Sharing "
            "policy: {reason}",
            when=_UNTIL_2018,
        ),
        Message(name="FetchCannotLoad", text="Fetch API cannot load {url}. {reason}", when=_UNTIL_2018),
        Message(name="XMLHttpRequestCannotLoad", text="XMLHttpRequest cannot load {url}. {reason}", when=_UNTIL_2018),
        Message(name="FailedToLoad", text="Failed to load {url}: {reason}", when=_UNTIL_2018),
    ),
    tails=(
        VALID_VALUE,
        WITH_CREDENTIALS,
        (
            " Have the server send the header with a valid value, or, if an opaque response serves your needs, set the "
            "request's mode to 'no-cors' to fetch the resource with CORS disabled."
        ),
        (
            " If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with "
            "CORS disabled."
        ),
        " Origin '{origin}' is therefore not allowed access.",
        " The response had HTTP status code {status}.",
    ),
    bare=(
        Message(name="NetworkLine", text="{method} {url} net::{error}"),
        Message(name="FailedToLoadResource", text="Failed to load resource: net::{error}"),
        Message(name="FailedToFetch", text="Failed to fetch"),
    ),
)
