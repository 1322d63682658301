"""The codes of the doctor: one `C…` for every root cause of a call that fails, whatever step of the standard it hits.

A block (`B…`) says which step of a browser stopped the call; a cause says what has to be otherwise in the world. One
block has many causes: a missing `Access-Control-Allow-Origin` may be a policy that nobody wrote, a crash, a router that
knows no OPTIONS, or a cache. A code is never reused. The first digit says where to look: 1 it is not CORS at all, 2 the
page, 3 what stands before CORS on the server, 4 the policy, 5 right in one answer and wrong in another, 9 cures that
people find elsewhere and beliefs that go with them. Each has a page in `docs/codes/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["CAUSES", "HIGH", "Cause", "CauseCode", "CauseKind"]

HIGH: Final = 0.8
"""From here on a cause is asserted; below it is offered."""

_SURENESS: Final = ((0.95, "certain"), (HIGH, "very likely"), (0.6, "likely"), (0.0, "possible"))


class CauseCode(StrEnum):
    """What has to be otherwise."""

    UNREACHABLE = "C101"
    TLS = "C102"
    BROKEN_ANSWER = "C103"
    MIXED_CONTENT = "C104"
    EXTENSION = "C105"
    CONTENT_SECURITY_POLICY = "C106"
    RESOURCE_POLICY = "C107"
    LOCAL_NETWORK = "C108"
    NOT_FETCHABLE = "C109"
    WEBSOCKET = "C110"

    RESPONSE_HEADER_ON_REQUEST = "C201"
    NO_CORS = "C202"
    NO_ORIGIN = "C203"
    METHOD_CASE = "C204"
    MODE_OR_REDIRECT = "C205"
    COOKIES = "C206"

    NO_ROUTE = "C301"
    AUTHENTICATION = "C302"
    FIREWALL = "C303"
    TO_HTTPS = "C304"
    TRAILING_SLASH = "C305"
    LOGIN = "C306"
    MOVED = "C307"
    GATEWAY = "C308"
    BUCKET = "C309"

    NO_CORS_CONFIGURED = "C401"
    ORIGIN_NOT_ALLOWED = "C402"
    ORIGIN_MISSPELT = "C403"
    ORIGIN_TWIN = "C404"
    HEADER_NOT_ALLOWED = "C405"
    METHOD_NOT_ALLOWED = "C406"
    WILDCARD_WITH_CREDENTIALS = "C407"
    CREDENTIALS_NOT_ALLOWED = "C408"
    TWO_LAYERS = "C409"
    SEVERAL_IN_ONE = "C410"
    UNPARSABLE_LIST = "C411"
    HEADER_NOT_EXPOSED = "C412"

    PREFLIGHT_ONLY = "C501"
    APPLICATION_ERROR = "C502"
    PROXY_ERROR = "C503"
    SOME_ANSWERS = "C504"
    SHARED_CACHE = "C505"
    PREFLIGHT_CACHE = "C506"
    TAINTED_ORIGIN = "C507"
    LOADED_BEFORE = "C508"

    NOT_A_PROTECTION = "C901"
    SWITCHED_OFF = "C902"
    JSONP = "C903"
    PUBLIC_PROXY = "C904"


@dataclass(frozen=True, slots=True)
class CauseKind:
    """What a code stands for, in one plain line."""

    code: CauseCode
    title: str


_ROWS: Final = (
    (CauseCode.UNREACHABLE, "No server answers there"),
    (CauseCode.TLS, "TLS fails before HTTP begins"),
    (CauseCode.BROKEN_ANSWER, "The server breaks off, or what it sends is not HTTP"),
    (CauseCode.MIXED_CONTENT, "A page over https calls a URL over http"),
    (CauseCode.EXTENSION, "An extension, an ad blocker or an antivirus stopped the call"),
    (CauseCode.CONTENT_SECURITY_POLICY, "The page's own Content-Security-Policy forbids the call"),
    (CauseCode.RESOURCE_POLICY, "Cross-Origin-Resource-Policy or the page's embedder policy stopped it"),
    (CauseCode.LOCAL_NETWORK, "A page from the internet calls a private address"),
    (CauseCode.NOT_FETCHABLE, "Browsers fetch nothing from such a port or scheme"),
    (CauseCode.WEBSOCKET, "A WebSocket server turned the origin down"),
    (CauseCode.RESPONSE_HEADER_ON_REQUEST, "The page sends CORS headers that belong on the response"),
    (CauseCode.NO_CORS, 'Mode "no-cors" hides the response'),
    (CauseCode.NO_ORIGIN, "The page has no origin: a file, or a sandboxed frame"),
    (CauseCode.METHOD_CASE, "The method is written in lower case"),
    (CauseCode.MODE_OR_REDIRECT, "An option of the call itself forbids what happens"),
    (CauseCode.COOKIES, "A cookie is not sent, or not kept"),
    (CauseCode.NO_ROUTE, "No route answers OPTIONS"),
    (CauseCode.AUTHENTICATION, "Authentication stands before CORS and refuses the preflight"),
    (CauseCode.FIREWALL, "A firewall or a CSRF check refuses the preflight or the call"),
    (CauseCode.TO_HTTPS, "http is redirected to https"),
    (CauseCode.TRAILING_SLASH, "A redirect adds or removes a slash"),
    (CauseCode.LOGIN, "The API redirects to a login page"),
    (CauseCode.MOVED, "A redirect leads elsewhere without CORS headers"),
    (CauseCode.GATEWAY, "An API gateway has no OPTIONS method"),
    (CauseCode.BUCKET, "The storage bucket's CORS rules do not match"),
    (CauseCode.NO_CORS_CONFIGURED, "The server has no CORS policy"),
    (CauseCode.ORIGIN_NOT_ALLOWED, "The server's policy does not allow this origin"),
    (CauseCode.ORIGIN_MISSPELT, "The allowed origin is misspelt"),
    (CauseCode.ORIGIN_TWIN, "localhost, 127.0.0.1 and every port are origins of their own"),
    (CauseCode.HEADER_NOT_ALLOWED, "A request header is not allowed"),
    (CauseCode.METHOD_NOT_ALLOWED, "The method is not allowed"),
    (CauseCode.WILDCARD_WITH_CREDENTIALS, "The wildcard does not go with credentials"),
    (CauseCode.CREDENTIALS_NOT_ALLOWED, "Access-Control-Allow-Credentials is not exactly `true`"),
    (CauseCode.TWO_LAYERS, "Two layers both add CORS headers"),
    (CauseCode.SEVERAL_IN_ONE, "One Access-Control-Allow-Origin holds a list, or no origin at all"),
    (CauseCode.UNPARSABLE_LIST, "A list of methods or headers is malformed"),
    (CauseCode.HEADER_NOT_EXPOSED, "A response header is hidden from script"),
    (CauseCode.PREFLIGHT_ONLY, "The preflight is right, the response has no CORS headers"),
    (CauseCode.APPLICATION_ERROR, "The application fails, and its error has no CORS headers"),
    (CauseCode.PROXY_ERROR, "A proxy or gateway answers with a page of its own"),
    (CauseCode.SOME_ANSWERS, "Errors, or parts of the site, go without CORS headers"),
    (CauseCode.SHARED_CACHE, "A cache gives one origin's answer to another"),
    (CauseCode.PREFLIGHT_CACHE, "The browser remembers an old preflight"),
    (CauseCode.TAINTED_ORIGIN, "A redirect across origins makes the origin null"),
    (CauseCode.LOADED_BEFORE, "The browser kept an answer that was loaded without CORS"),
    (CauseCode.NOT_A_PROTECTION, "CORS protects no API from anybody but other people's pages"),
    (CauseCode.SWITCHED_OFF, "A browser without the policy: an extension or a flag"),
    (CauseCode.JSONP, "JSONP runs a foreign server's code in the page"),
    (CauseCode.PUBLIC_PROXY, "A public CORS proxy sees every token"),
)

CAUSES: Final[dict[CauseCode, CauseKind]] = {row[0]: CauseKind(*row) for row in _ROWS}


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of one case.

    `confidence` is from 0 to 1. `evidence` are clauses without a full stop, each naming the answer, the header or the
    second probe that it was seen in; `fix` is one to three sentences, filled with the values of the case.
    """

    code: CauseCode
    confidence: float
    evidence: tuple[str, ...]
    fix: str

    @property
    def title(self) -> str:
        """What the code stands for, in one plain line."""
        return CAUSES[self.code].title

    @property
    def sureness(self) -> str:
        """The confidence in words: certain, very likely, likely or possible."""
        return next(word for least, word in _SURENESS if self.confidence >= least)
