"""The browser's half: the algorithms of the Fetch standard that matter to CORS, without any I/O.

    client = Client(parse_origin("https://app.example.com"))
    request = fetch_request("https://api.example.com/users", client, method=b"PUT", body=b"{}")
    engine = fetch(request, UserAgent())
    http_request = next(engine)          # the preflight, as it goes on the wire
    http_request = engine.send(answer)   # ... and so on, until StopIteration brings the FetchResult

Text followed: https://fetch.spec.whatwg.org/, commit 586cd2a, 2 July 2026.
"""

from crossorigin.fetch.agent import CredentialStore, NoCredentials, UserAgent
from crossorigin.fetch.blocks import BLOCKS, BlockCode, BlockKind
from crossorigin.fetch.construct import fetch_request, potential_cors_request, xhr_request
from crossorigin.fetch.main_fetch import fetch
from crossorigin.fetch.preflight_cache import PreflightCache
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.profiles import CHROMIUM, ENGINES, FIREFOX, PROFILES, WEBKIT
from crossorigin.fetch.request import Body, Client, Request
from crossorigin.fetch.response import FetchResult, InternalResponse, NetworkError, Response
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

__all__ = [
    "BLOCKS",
    "CHROMIUM",
    "ENGINES",
    "FIREFOX",
    "PROFILES",
    "STANDARD",
    "WEBKIT",
    "BlockCode",
    "BlockKind",
    "Body",
    "Client",
    "CredentialStore",
    "Exchange",
    "FetchResult",
    "HTTPRequest",
    "HTTPResponse",
    "InternalResponse",
    "NetworkError",
    "NoCredentials",
    "PreflightCache",
    "Profile",
    "Request",
    "Response",
    "Step",
    "TransportFailure",
    "TransportFailureKind",
    "UserAgent",
    "fetch",
    "fetch_request",
    "potential_cors_request",
    "xhr_request",
]
