"""Chromium's table: the enumeration of the network service is complete, and the retired texts are kept."""

from __future__ import annotations

from crossorigin.fetch.console.chromium_messages import CATALOGUE, PREFLIGHT, VALID_VALUE, WITH_CREDENTIALS

# `CorsError` of Chromium 156 without the k, `Preflight` left off where the text is that of the response with a prefix.
CORS_ERRORS = """
    DisallowedByMode InvalidResponse WildcardOriginNotAllowed MissingAllowOriginHeader MultipleAllowOriginValues
    InvalidAllowOriginValue AllowOriginMismatch InvalidAllowCredentials CorsDisabledScheme PreflightInvalidStatus
    PreflightDisallowedRedirect InvalidAllowMethodsPreflightResponse InvalidAllowHeadersPreflightResponse
    MethodDisallowedByPreflightResponse HeaderDisallowedByPreflightResponse RedirectContainsCredentials
    InsecureLocalNetwork InvalidLocalNetworkAccess LocalNetworkAccessPermissionDenied
"""
RETIRED = """
    PreflightMissingAllowPrivateNetwork PreflightInvalidAllowPrivateNetwork UnexpectedPrivateNetworkAccess
    PreflightMissingPrivateNetworkAccessId PreflightMissingPrivateNetworkAccessName
    PrivateNetworkAccessPermissionUnavailable PreflightMissingAllowExternal PreflightInvalidAllowExternal
"""


def test_every_error_has_its_text() -> None:
    for name in CORS_ERRORS.split():
        assert CATALOGUE[name].when == ""
    for name in RETIRED.split():
        assert "137" in CATALOGUE[name].when


def test_the_retired_text_with_two_spaces() -> None:
    assert CATALOGUE["PreflightInvalidAllowPrivateNetwork"](space="local", value="x") == (
        "The 'Access-Control-Allow-Private-Network' header in the preflight response for this private network request "
        "targeting the `local` address space had a value of 'x',  not 'true'."
    )


def test_local_network_access() -> None:
    assert CATALOGUE["InvalidLocalNetworkAccess"](space="local", other_space="public") == (
        "Request had a target IP address space of `local` yet the resource is in address space `public`."
    )
    assert CATALOGUE["InsecureLocalNetwork"](space="loopback") == (
        "The request client is not a secure context and the resource is in more-private address space `loopback`."
    )
    assert CATALOGUE["LocalNetworkAccessPermissionDenied"](space="local") == (
        "Permission was denied for this request to access the `local` address space."
    )


def test_what_stands_around_a_reason() -> None:
    assert PREFLIGHT.endswith(": ")
    assert VALID_VALUE in CATALOGUE.tails
    assert WITH_CREDENTIALS in CATALOGUE.tails
