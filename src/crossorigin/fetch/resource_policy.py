"""Cross-Origin-Resource-Policy: what a resource (or the page that embeds it) says of those who load it unread."""

from __future__ import annotations

from typing import Literal

from crossorigin.fetch.request import EmbedderPolicy, Request, redirect_taint
from crossorigin.fetch.response import InternalResponse
from crossorigin.web.origins import Origin, TupleOrigin, same_origin
from crossorigin.web.sites import schemelessly_same_site

__all__ = ["blocked_by_cross_origin_resource_policy", "embedder_policy_allows_credentials"]


def blocked_by_cross_origin_resource_policy(
    request: Request, response: InternalResponse
) -> Literal["unsafe-none", "embedder"] | None:
    """Fetch: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check

    None is allowed; otherwise which check blocked: the resource's own policy, or the embedder's.
    """
    # 3. What the resource asks for holds whoever embeds it.
    if not _corp_allows(request.origin, "unsafe-none", response):
        return "unsafe-none"
    # 4 reports only. 5-7. What the page asks of everything that it embeds.
    if not _corp_allows(request.origin, request.client.embedder_policy, response):
        return "embedder"
    return None


def _corp_allows(origin: Origin, embedder_policy: EmbedderPolicy, response: InternalResponse) -> bool:
    """Fetch: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check"""
    # 2-3. Exactly one of three values; anything else, two fields included, is null.
    policy = response.headers.get(b"Cross-Origin-Resource-Policy")
    if policy not in {b"same-origin", b"same-site", b"cross-origin"}:
        policy = None
    # 4. Without a policy the embedder's decides.
    if policy is None and (
        embedder_policy == "require-corp"
        or (embedder_policy == "credentialless" and response.request_includes_credentials)
    ):
        policy = b"same-origin"
    # 5.
    resource = response.url.origin
    if policy == b"same-origin":
        return same_origin(origin, resource)
    if policy == b"same-site":
        secure_enough = (isinstance(origin, TupleOrigin) and origin.scheme == "https") or response.url.scheme != "https"
        return schemelessly_same_site(origin, resource) and secure_enough
    return True


def embedder_policy_allows_credentials(request: Request) -> bool:
    """Fetch: https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials"""
    # 2-4. Only a credentialless page takes them away, and only from mode no-cors.
    if request.mode != "no-cors" or request.client.embedder_policy != "credentialless":
        return True
    # 5. The page's own origin keeps them. The text of 2 July 2026 reads 'redirect-taint is *not* "same-origin"', which
    #    would take them from every plain same-origin request; before redirect-taint had three values it said that the
    #    request has no redirect-tainted origin, and so do the engines. That sense is followed here.
    return same_origin(request.origin, request.current_url.origin) and redirect_taint(request) == "same-origin"
