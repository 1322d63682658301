"""The URL that a request to an any-target front names, in one of three spellings.

/https://api.example.com/users?page=2
/https:/api.example.com/users?page=2            a server in front has made one slash of two (cors-anywhere#238)
/?url=https%3A%2F%2Fapi.example.com%2Fusers     as it is, too, where it is all of the query
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus

from crossorigin.proxy.addresses import why_not_public
from crossorigin.web.origins import DEFAULT_PORTS
from crossorigin.web.url import URL, parse_url

__all__ = ["OPEN_PORTS", "NamedUrlError", "judged", "named_url"]

OPEN_PORTS: Final = frozenset({80, 443})
_HTTP: Final = re.compile(r"https?:", re.IGNORECASE)
_QUERY: Final = "/?url="
_EXAMPLE: Final = "write /https://api.example.com/path"
_SHOWN: Final = 120


class NamedUrlError(ValueError):
    """A URL that no request is sent to. One sentence; `status` is what a client is answered."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def named_url(target: bytes, ports: frozenset[int] = OPEN_PORTS) -> URL:
    """The URL in a request-target, judged as `judged` does; raises NamedUrlError."""
    text = target.decode("utf-8", "replace")
    text = _of_query(text[len(_QUERY) :]) if text.startswith(_QUERY) else text[1:]
    if not _HTTP.match(text):
        raise NamedUrlError(f"The path names no http or https URL: {_EXAMPLE}")
    url = parse_url(text)
    if url is None or not url.host:
        raise NamedUrlError(f"{text[:_SHOWN]!a} is not a URL: {_EXAMPLE}")
    return judged(url, ports)


def _of_query(value: str) -> str:
    if _HTTP.match(value):
        return value
    if "&" in value:
        raise NamedUrlError("There are more parameters than url: percent-encode those of the URL within.")
    return unquote_plus(value)


def judged(url: URL, ports: frozenset[int] = OPEN_PORTS) -> URL:
    """The same URL, if a request may go there as far as can be told before its name is looked up.

    Raises NamedUrlError for other schemes, for a user name or password, for a port that is not listed, and for an
    address that is not public. Names are judged by the address that they lead to, when the connection is made.
    """
    if not url.is_http_family:
        raise NamedUrlError(f"{url.scheme} URLs are not fetched, but http and https.", 403)
    if url.includes_credentials:
        raise NamedUrlError("The URL holds a user name or password, which are not sent to a target of a page's choice.")
    port = url.port or DEFAULT_PORTS[url.scheme]
    if url.port == 0 or port not in ports:
        shown = 0 if url.port == 0 else port
        raise NamedUrlError(f"Port {shown} is not open to this proxy; if it is to be, start it with --allow-port.", 403)
    if url.host_kind in {"ipv4", "ipv6"} and url.host is not None:
        reason = why_not_public(url.host.strip("[]"))
        if reason is not None:
            raise NamedUrlError(f"The address {url.host} is {reason}, and this proxy reaches public ones only.", 403)
    return url
