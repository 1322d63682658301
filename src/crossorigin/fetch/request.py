"""A request as Fetch has it, the client that makes it, and what follows from its list of URLs.

`Request` is the standard's record with its bookkeeping, so it changes while it is fetched; `fetch` works on a copy
of its own, and the caller's stays as it was. The parts that a request is made of are immutable.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Literal

from crossorigin.web.headers import HeaderList
from crossorigin.web.infra import isomorphic_encode
from crossorigin.web.origins import Origin, same_origin
from crossorigin.web.sites import obtain_site, same_site
from crossorigin.web.url import URL

__all__ = [
    "Body",
    "CacheMode",
    "Client",
    "CredentialsMode",
    "EmbedderPolicy",
    "Mode",
    "RedirectMode",
    "RedirectTaint",
    "ReferrerPolicy",
    "Request",
    "ResponseTainting",
    "byte_serialize_request_origin",
    "clone_request",
    "network_partition_key",
    "redirect_taint",
    "serialize_request_origin",
]

Mode = Literal["same-origin", "cors", "no-cors", "navigate", "websocket"]
CredentialsMode = Literal["omit", "same-origin", "include"]
CacheMode = Literal["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"]
RedirectMode = Literal["follow", "error", "manual"]
ResponseTainting = Literal["basic", "cors", "opaque"]
RedirectTaint = Literal["same-origin", "same-site", "cross-site"]
EmbedderPolicy = Literal["unsafe-none", "require-corp", "credentialless"]
ReferrerPolicy = Literal[
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
]


@dataclass(frozen=True, slots=True)
class Client:
    """The page or worker that fetches: an environment settings object, as far as Fetch reads one.

    `url` is the document's URL, None where there is none to send as a referrer; `top_level_origin` is the origin of
    the page at the top, None when that is the client itself.
    """

    origin: Origin
    url: URL | None = None
    referrer_policy: ReferrerPolicy = "strict-origin-when-cross-origin"
    embedder_policy: EmbedderPolicy = "unsafe-none"
    upgrade_insecure_requests: bool = False
    top_level_origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A request body. A `stream` has a null source: it can be sent once, and its length is not known beforehand."""

    content: bytes
    stream: bool = False


@dataclass(slots=True, kw_only=True)
class Request:
    """Fetch, "request": https://fetch.spec.whatwg.org/#concept-request

    Not modelled, so that their steps cannot fail: Content Security Policy, Integrity-Policy, subresource integrity,
    service workers and user prompts.
    """

    url_list: tuple[URL, ...]
    client: Client
    origin: Origin
    method: bytes = b"GET"
    headers: HeaderList = field(default_factory=HeaderList)
    body: Body | None = None
    initiator: str = ""
    initiator_type: str | None = None
    destination: str = ""
    referrer: URL | Literal["client", "no-referrer"] = "client"
    referrer_policy: ReferrerPolicy = ""
    mode: Mode = "no-cors"
    credentials_mode: CredentialsMode = "same-origin"
    cache_mode: CacheMode = "default"
    redirect_mode: RedirectMode = "follow"
    unsafe_request: bool = False
    use_cors_preflight: bool = False
    use_url_credentials: bool = False
    local_urls_only: bool = False
    keepalive: bool = False
    user_activation: bool = False

    # Bookkeeping of the fetch algorithm.
    redirect_count: int = 0
    response_tainting: ResponseTainting = "basic"
    timing_allow_failed: bool = False

    # Ours: what the Headers class dropped in silence while the request was made, for the trace.
    dropped_headers: HeaderList = field(default_factory=HeaderList)

    @property
    def current_url(self) -> URL:
        """The last URL of the URL list."""
        return self.url_list[-1]

    @property
    def is_navigation_request(self) -> bool:
        """Whether the destination is one that navigates."""
        return self.destination in {"document", "embed", "frame", "iframe", "object"}


def clone_request(request: Request) -> Request:
    """A copy that can change on its own; everything that a request holds is immutable."""
    return copy(request)


def redirect_taint(request: Request) -> RedirectTaint:
    """Fetch, "redirect-taint": https://fetch.spec.whatwg.org/#concept-request-tainted-origin

    A redirect taints when neither the next URL nor the request's own origin has the same origin as the URL that
    redirected: from then on a third party stands between the page and the server.
    """
    if len(request.url_list) == 1:
        return "same-origin"
    # 2-3. lastURL is null, taint is "same-origin".
    taint: RedirectTaint = "same-origin"
    # 4.1. The first URL is only remembered.
    last = request.url_list[0].origin
    for url in request.url_list[1:]:
        origin = url.origin
        # 4.2. Neither is same site with the URL that redirected: the whole chain is cross-site.
        if not same_site(origin, last) and not same_site(request.origin, last):
            return "cross-site"
        # 4.3. Neither is same origin with it: at least same-site.
        if not same_origin(origin, last) and not same_origin(request.origin, last):
            taint = "same-site"
        # 4.4.
        last = origin
    # 5.
    return taint


def serialize_request_origin(request: Request) -> str:
    """Fetch, "serializing a request origin": https://fetch.spec.whatwg.org/#serializing-a-request-origin"""
    # 2. A tainted request has no origin to show.
    if redirect_taint(request) != "same-origin":
        return "null"
    # 3.
    return request.origin.serialize()


def byte_serialize_request_origin(request: Request) -> bytes:
    """Fetch, "byte-serializing a request origin": https://fetch.spec.whatwg.org/#serializing-a-request-origin"""
    return isomorphic_encode(serialize_request_origin(request))


def network_partition_key(request: Request) -> tuple[Origin, None]:
    """Fetch, "determine the network partition key": https://fetch.spec.whatwg.org/#network-partition-keys

    The second key is left null: the standard does not say what it is (issue 1035).
    """
    client = request.client
    return obtain_site(client.top_level_origin or client.origin), None
