"""How an origin that a server allows stands to the one that was meant, and which neighbours may have been meant."""

from __future__ import annotations

from typing import Final

from crossorigin.web.origins import OpaqueOrigin, Origin, OriginSyntaxError, TupleOrigin, parse_origin
from crossorigin.web.url import parse_url

__all__ = ["ONE_LETTER_OFF", "is_on_this_machine", "is_twin", "misspelling", "neighbours", "twins"]

ONE_LETTER_OFF: Final = "one letter off"
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")
_DEVELOPMENT_PORTS: Final = (3000, 5173, 8080, 4200)
"""Where front ends are served while they are developed: React and Next, Vite, Vue and webpack, Angular."""


def misspelling(written: str, origin: str) -> str | None:
    """In what `written`, which a server allows, differs from `origin` if the same page was meant; None if it was not.

    A phrase that goes on from "it has", or "it is".
    """
    if written == origin or written in {"", "*", "null"}:
        return None
    if written.strip("\"'") == origin:
        return "in quotation marks"
    if written.rstrip("/") == origin:
        return "with a slash at its end"
    if written.lower().rstrip("/") == origin.lower():
        return "in another case"
    _, colon, bare = origin.partition("://")
    if colon and written.rstrip("/") == bare:
        return "without its scheme"
    url = parse_url(written)
    if url is not None and url.is_http_family and url.origin.serialize() == origin:
        return "with more than an origin has" if url.path not in {"", "/"} else "not written as a browser sends it"
    return _difference(written.rstrip("/"), origin)


def _difference(written: str, origin: str) -> str | None:
    """One part of the two that differs, where it is one alone."""
    one, other = _parsed(written), _parsed(origin)
    if one is None or other is None:
        return None
    if one.host == other.host and one.port == other.port:
        return f"with {one.scheme} in place of {other.scheme}"
    if one.scheme == other.scheme and one.port == other.port and _without_www(one.host) == _without_www(other.host):
        return "with www." if one.host.startswith("www.") else "without www."
    if one.scheme == other.scheme and one.host == other.host and one.host not in _LOCAL:
        return f"with port {one.port}" if one.port is not None else "without a port"
    if one.scheme == other.scheme and one.port == other.port and _is_one_edit(one.host, other.host):
        return ONE_LETTER_OFF
    return None


def is_twin(written: str, origin: str) -> bool:
    """Whether both are this machine under different names or ports."""
    one, other = _parsed(written.rstrip("/")), _parsed(origin)
    return one is not None and other is not None and one != other and _is_local(one) and _is_local(other)


def is_on_this_machine(origin: Origin) -> bool:
    """Whether it is a page under development: its twins are as many as there are ports."""
    return not isinstance(origin, OpaqueOrigin) and _is_local(origin)


def twins(origin: Origin) -> list[str]:
    """The other names and usual ports of a page on this machine, likeliest first; none for any other page."""
    if isinstance(origin, OpaqueOrigin) or not _is_local(origin):
        return []
    hosts = [host for host in _LOCAL[:2] if host != origin.host]
    found = [TupleOrigin(origin.scheme, host, origin.port) for host in hosts]
    found += [TupleOrigin(origin.scheme, origin.host, port) for port in _DEVELOPMENT_PORTS if port != origin.port]
    return [each.serialize() for each in found]


def neighbours(origin: Origin) -> list[str]:
    """What is often written in place of this origin, likeliest first. The first, with a slash, no browser sends."""
    if isinstance(origin, OpaqueOrigin) or origin.scheme not in {"http", "https"}:
        return []
    other = "http" if origin.scheme == "https" else "https"
    # The other scheme's own port is not written out.
    swapped = TupleOrigin(other, origin.host, None if origin.port in {80, 443} else origin.port)
    if _is_local(origin):
        return [f"{origin.serialize()}/", swapped.serialize()]
    found = [] if origin.port is None else [TupleOrigin(origin.scheme, origin.host)]
    found.append(swapped)
    if not origin.host.startswith("[") and not origin.host.rpartition(".")[2].isdigit():
        host = origin.host.removeprefix("www.") if origin.host.startswith("www.") else f"www.{origin.host}"
        found.append(TupleOrigin(origin.scheme, host, origin.port))
    return [f"{origin.serialize()}/", *(each.serialize() for each in found)]


def _is_local(origin: TupleOrigin) -> bool:
    return origin.host in _LOCAL or origin.host.endswith(".localhost")


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def _parsed(text: str) -> TupleOrigin | None:
    try:
        origin = parse_origin(text)
    except OriginSyntaxError:
        return None
    return origin if isinstance(origin, TupleOrigin) else None


def _is_one_edit(a: str, b: str) -> bool:
    """Whether one letter added, lost, changed or swapped with its neighbour makes one of the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    at = next((index for index, char in enumerate(short) if char != long[index]), len(short))
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    rest = short[at + 1 :] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return rest or swapped
