"""What `Browser` and `AsyncBrowser` have in common, which is everything but the way in which they wait."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Generic, Literal, TypeVar

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.call import page_client
from crossorigin.browser.clock import Clock
from crossorigin.browser.codings import ACCEPTED_CODINGS
from crossorigin.browser.cookie_jar import CookieJar
from crossorigin.browser.cookies import Cookies
from crossorigin.browser.mounts import Apps, Mount, Mounts
from crossorigin.browser.options import TransportOptions
from crossorigin.browser.resolving import leads_to, parse_resolve
from crossorigin.fetch.agent import UserAgent
from crossorigin.fetch.profile import CookieRules, Profile
from crossorigin.fetch.profiles import PROFILES
from crossorigin.fetch.request import Client, EmbedderPolicy, ReferrerPolicy
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.origins import DEFAULT_PORTS
from crossorigin.web.url import URL

__all__ = ["BrowserCore", "ThirdPartyCookies", "sized", "stream_so_far"]

ThirdPartyCookies = Literal["allow", "partition", "block"]
_THIRD_PARTY_COOKIES = ("allow", "partition", "block")

P = TypeVar("P")


class BrowserCore(ABC, Generic[P]):
    """One browser: its engine, cookies, caches, clock, applications and network; `P` is its kind of page.

    `apps` are ASGI 3 and WSGI applications by origin. `engine` is "chromium", "firefox", "webkit" or "standard". With
    `network` every other origin is asked over the real network; `resolve` opens it for single ones and says where they
    are: `{"api.example.com:443": "127.0.0.1:8000"}` (`"http://127.0.0.1:8000"` where that server has no TLS).
    `third_party_cookies` is by default what the engine does. `clock` gives seconds since 1970, by default real time.
    With `raise_app_exceptions` an application's own exception, or what is wrong with its response, reaches the caller;
    else the page sees what a server makes of it. `timeout` (seconds) and `max_body` (bytes) bound one exchange.

    Raises ValueError for a word that is none of those, and TypeError for an application that is none.
    """

    def __init__(
        self,
        apps: Apps | None = None,
        *,
        engine: str | Profile = "chromium",
        network: bool = False,
        resolve: Mapping[str, str] | None = None,
        third_party_cookies: ThirdPartyCookies | None = None,
        clock: Callable[[], float] | None = None,
        raise_app_exceptions: bool = True,
        timeout: float = 30.0,
        max_body: int = 16 * 1024 * 1024,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.profile = _profile(engine)
        self.clock = clock if isinstance(clock, Clock) else Clock(clock)
        """The browser's clock, for its cookies and its preflight cache."""
        jar = CookieJar(_cookie_rules(self.profile, third_party_cookies), self.clock)
        self.cookies = Cookies(jar)
        """The browser's cookies."""
        self.max_body = max_body
        self.network_options = TransportOptions(
            timeout=timeout, max_body=max_body, resolve=parse_resolve(resolve or {}), ssl_context=ssl_context
        )
        self.mounts = Mounts(apps or {}, AppOptions(timeout=timeout, max_body=max_body, raises=raise_app_exceptions))
        self.agent = UserAgent(
            profile=self.profile, credentials=jar, clock=self.clock, accept_encoding=ACCEPTED_CODINGS
        )
        self._network = network

    @property
    def engine(self) -> str:
        """The engine's name."""
        return self.profile.name

    def clear_preflight_cache(self) -> None:
        """Forget every preflight's answer, so that the next call that needs one sends one."""
        self.agent.preflight_cache.clear()

    def page(
        self,
        url: str,
        *,
        sandboxed: bool = False,
        referrer_policy: ReferrerPolicy = "",
        top: str | None = None,
        embedder_policy: EmbedderPolicy = "unsafe-none",
        upgrade_insecure_requests: bool = False,
    ) -> P:
        """A page at `url`.

        A `sandboxed` one has the origin `null`. `top` is the URL of the page at the top, where this one is in a frame
        of another. The other words are what the page's own headers say. Raises ValueError for what is no URL.
        """
        return self._open(
            page_client(
                url,
                sandboxed=sandboxed,
                referrer_policy=referrer_policy,
                top=top,
                embedder_policy=embedder_policy,
                upgrade_insecure_requests=upgrade_insecure_requests,
            )
        )

    @abstractmethod
    def _open(self, client: Client) -> P:
        """The page of a client."""

    def mount_for(self, url: URL) -> Mount | None:
        """The application that answers for `url`, None for the network; raises NotMountedError where that is closed."""
        mount = self.mounts.at(url.origin)
        if mount is None and not self._may_reach(url):
            raise self.mounts.missing(url)
        return mount

    def _may_reach(self, url: URL) -> bool:
        port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
        return self._network or leads_to(self.network_options.resolve, url.host or "", port)

    @property
    def handshake_options(self) -> TransportOptions:
        """The network's options without HTTP/2, which has no Upgrade that a WebSocket could begin with."""
        return replace(self.network_options, http2=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.engine}, {self.mounts}>"


def _profile(engine: str | Profile) -> Profile:
    if isinstance(engine, Profile):
        return engine
    if engine not in PROFILES:
        raise ValueError(f"{engine!r} is not an engine; it is one of {', '.join(PROFILES)}")
    return PROFILES[engine]


def _cookie_rules(profile: Profile, third_party: ThirdPartyCookies | None) -> CookieRules:
    if third_party is None:
        return profile.cookies
    if third_party not in _THIRD_PARTY_COOKIES:
        raise ValueError(f"third_party_cookies={third_party!r}: it is one of {', '.join(_THIRD_PARTY_COOKIES)}")
    return replace(profile.cookies, third_party=third_party)


def sized(request: HTTPRequest) -> HTTPRequest:
    """`request` as a transport takes it: with a length, which a streamed body does not have in the standard."""
    if not request.body or request.headers.contains(b"Content-Length"):
        return request
    return replace(request, headers=request.headers.append(b"Content-Length", b"%d" % len(request.body)))


def stream_so_far(
    answer: HTTPResponse | TransportFailure, enough: Callable[[bytes], bool] | None
) -> HTTPResponse | TransportFailure:
    """What came over the network of a stream that does not end, where what came is enough."""
    if (
        enough is not None
        and isinstance(answer, TransportFailure)
        and answer.kind is TransportFailureKind.TIMEOUT
        and answer.partial is not None
        and enough(answer.partial.body)
    ):
        return answer.partial
    return answer
