"""The Referer: which URL of the page a request shows, and how a redirect's Referrer-Policy changes that."""

from __future__ import annotations

from typing import Final, cast, get_args

from crossorigin.fetch.request import ReferrerPolicy, Request
from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OpaqueOrigin, same_origin
from crossorigin.web.trustworthy import is_potentially_trustworthy_url
from crossorigin.web.url import URL, parse_url

__all__ = [
    "DEFAULT_REFERRER_POLICY",
    "determine_referrer",
    "parse_referrer_policy",
    "set_referrer_policy_on_redirect",
    "strip_for_referrer",
]

DEFAULT_REFERRER_POLICY: Final[ReferrerPolicy] = "strict-origin-when-cross-origin"
"""Referrer Policy, "default referrer policy": what the empty string stands for."""

_POLICIES: Final = frozenset(policy.encode() for policy in get_args(ReferrerPolicy) if policy)
_LONGEST_REFERRER: Final = 4096


def parse_referrer_policy(headers: HeaderList) -> ReferrerPolicy:
    """Referrer Policy: https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header

    The last token that is known wins, so that new policies can stand behind their fallbacks; "" when there is none.
    """
    tokens = extract_header_list_values(b"Referrer-Policy", headers)
    if tokens is None or tokens is FAILURE:
        return ""
    policy = b""
    for token in tokens:
        if token.lower() in _POLICIES:
            policy = token.lower()
    return cast("ReferrerPolicy", policy.decode())


def set_referrer_policy_on_redirect(request: Request, headers: HeaderList) -> None:
    """Referrer Policy: https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect"""
    policy = parse_referrer_policy(headers)
    if policy:
        request.referrer_policy = policy


def strip_for_referrer(url: URL, *, origin_only: bool = False) -> URL | None:
    """Referrer Policy: https://w3c.github.io/webappsec-referrer-policy/#strip-url

    None is "no referrer".
    """
    if url.is_local:
        return None
    # User name, password and fragment never leave the page.
    if origin_only:
        return parse_url(f"{url.origin.serialize()}/")
    return url.stripped()


def determine_referrer(request: Request) -> URL | None:
    """Referrer Policy: https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer

    None is "no referrer". The request's referrer is not "no-referrer", its referrer policy not empty.
    """
    # 3. The page's own URL, or the one that script gave.
    source: URL | None
    if request.referrer == "client":
        source = None if isinstance(request.client.origin, OpaqueOrigin) else request.client.url
    else:
        source = cast("URL", request.referrer)
    if source is None:
        return None
    # 4-5.
    full = strip_for_referrer(source)
    origin = strip_for_referrer(source, origin_only=True)
    if full is None:
        return None
    # 6. A long one is cut to its origin.
    if len(full.href) > _LONGEST_REFERRER:
        full = origin
    # 8.
    return _apply(request.referrer_policy, full, origin, request.current_url)


def _apply(policy: ReferrerPolicy, full: URL | None, origin: URL | None, target: URL) -> URL | None:
    """Step 8 of https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer, a policy a line."""
    if full is None or policy == "no-referrer":
        return None
    if policy == "unsafe-url":
        return full
    if policy == "origin":
        return origin
    downgrade = is_potentially_trustworthy_url(full) and not is_potentially_trustworthy_url(target)
    if policy == "strict-origin":
        return None if downgrade else origin
    if policy == "no-referrer-when-downgrade":
        return None if downgrade else full
    if same_origin(full.origin, target.origin):
        return full
    if policy == "same-origin":
        return None
    if policy == "origin-when-cross-origin":
        return origin
    # "strict-origin-when-cross-origin", the default.
    return None if downgrade else origin
