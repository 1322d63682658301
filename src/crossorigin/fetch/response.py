"""A response as Fetch has it: what the network gave, what script is shown of it, or a network error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.request import RedirectTaint, Request
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import TransportFailure
from crossorigin.web.extract import FAILURE, Failure, extract_header_list_values
from crossorigin.web.forbidden import is_forbidden_response_header_name
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import CORS_SAFELISTED_RESPONSE_HEADER_NAMES
from crossorigin.web.statuses import is_ok_status, is_redirect_status
from crossorigin.web.url import URL, parse_url

__all__ = [
    "FetchResult",
    "InternalResponse",
    "NetworkError",
    "Response",
    "ResponseType",
    "basic_filtered_headers",
    "cors_filtered_headers",
    "location_url",
]

ResponseType = Literal["basic", "cors", "opaque", "opaqueredirect"]


@dataclass(frozen=True, slots=True)
class InternalResponse:
    """What the server really answered, before any filter; script never sees it."""

    url_list: tuple[URL, ...]
    status: int
    headers: HeaderList
    body: bytes | None
    status_message: bytes = b""
    request_includes_credentials: bool = False
    range_requested: bool = False

    @property
    def url(self) -> URL:
        """The URL that answered: the last of the list."""
        return self.url_list[-1]


@dataclass(frozen=True, slots=True)
class Response:
    """Fetch, "filtered response": https://fetch.spec.whatwg.org/#concept-filtered-response

    What script may see. `internal` is the whole truth, for those who stand outside the page.
    """

    type: ResponseType
    url_list: tuple[URL, ...]
    status: int
    status_message: bytes
    headers: HeaderList
    body: bytes | None
    internal: InternalResponse
    timing_allow_passed: bool = False
    redirect_taint: RedirectTaint = "same-origin"

    @property
    def url(self) -> str:
        """The URL as script sees it: without its fragment, empty when the response is opaque."""
        return self.url_list[-1].serialize(exclude_fragment=True) if self.url_list else ""

    @property
    def redirected(self) -> bool:
        """Whether a redirect was followed, as far as script may know."""
        return len(self.url_list) > 1

    @property
    def ok(self) -> bool:
        """Whether script sees a status from 200 to 299."""
        return is_ok_status(self.status)

    @property
    def is_readable(self) -> bool:
        """Whether script may read status, headers and body at all."""
        return self.type in {"basic", "cors"}


@dataclass(frozen=True, slots=True)
class NetworkError:
    """Fetch, "network error": https://fetch.spec.whatwg.org/#concept-network-error

    All that script learns is a TypeError. `code` and `step` say which step it was, for people; `failure` is what the
    network reported when no response came.
    """

    code: BlockCode
    step: Step
    failure: TransportFailure | None = None


@dataclass(frozen=True, slots=True)
class FetchResult:
    """How a fetch ended, every step that decided, and everything that went over the wire, in order.

    `request` is as the fetch left it: its URL list holds every URL that was asked for. `first_headers` are those that
    it began with, before a redirect took any away.
    """

    request: Request
    response: Response | NetworkError
    steps: tuple[Step, ...]
    exchanges: tuple[Exchange, ...]
    first_headers: HeaderList = HeaderList()  # noqa: RUF009 - immutable

    @property
    def error(self) -> NetworkError | None:
        """The network error, or None when there is a response (which may still be opaque)."""
        return self.response if isinstance(self.response, NetworkError) else None


def basic_filtered_headers(headers: HeaderList) -> HeaderList:
    """Fetch, "basic filtered response": https://fetch.spec.whatwg.org/#concept-filtered-response-basic"""
    return HeaderList(field for field in headers if not is_forbidden_response_header_name(field[0]))


def cors_filtered_headers(
    headers: HeaderList, exposed: list[bytes], safelisted: frozenset[bytes] = CORS_SAFELISTED_RESPONSE_HEADER_NAMES
) -> HeaderList:
    """Fetch, "CORS filtered response": https://fetch.spec.whatwg.org/#concept-filtered-response-cors

    `exposed` is the CORS-exposed header-name list; `*` in it is a name here, for the wildcard was resolved before.
    """
    readable = safelisted | {name.lower() for name in exposed if not is_forbidden_response_header_name(name)}
    return HeaderList(field for field in headers if field[0].lower() in readable)


def location_url(response: InternalResponse, request_fragment: str | None) -> URL | Failure | None:
    """Fetch, "location URL": https://fetch.spec.whatwg.org/#concept-response-location-url

    None when there is no `Location` (or no redirect status), FAILURE when it is no URL or stands there twice.
    """
    # 1.
    if not is_redirect_status(response.status):
        return None
    # 2.
    values = extract_header_list_values(b"Location", response.headers)
    if values is None or values is FAILURE:
        return values
    # 3. Parsed against the URL that answered. The text does not say how bytes above 0x7F become code points (issue
    #    814); percent-encoding each as it stands is what the engines do and what web-platform-tests expect.
    text = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in values[0])
    location = parse_url(text, response.url)
    if location is None:
        return FAILURE
    # 4. A fragment is inherited.
    if location.fragment is None and request_fragment is not None:
        location = location.with_fragment(request_fragment)
    # 5.
    return location
