"""URLs as browsers read them. The only module that imports the URL library, ada-url.

The library parses, and what it hands back is the serialized URL alone: a normal form in which every part stands at a
place that a few partitions find. Asking it for each part would be ten calls more, and would lose the difference
between an empty query and none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from ada_url import join_url, normalize_url

from crossorigin.web.origins import DEFAULT_PORTS, OpaqueOrigin, Origin, TupleOrigin

__all__ = ["URL", "HostKind", "parse_url"]

HostKind: TypeAlias = Literal["domain", "ipv4", "ipv6", "opaque", "empty"]

_LOCAL_SCHEMES: Final = frozenset({"about", "blob", "data"})
_HTTP_SCHEMES: Final = frozenset({"http", "https"})
_SPECIAL_SCHEMES: Final = frozenset({*DEFAULT_PORTS, "file"})
_BLOB_INNER_SCHEMES: Final = frozenset({"http", "https", "file"})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class URL:
    """URL, "URL": https://url.spec.whatwg.org/#concept-url

    Made by `parse_url` and by nothing else, so that a URL that is held is a valid one, in its serialized form. Parts
    are None where the standard has null: `https://a/?` has the query `""`, and `https://a/` has None. `scheme` is
    without its colon, `host` serialized (IPv6 in brackets), `port` None where it is the scheme's default, and `path`
    serialized. Two URLs are equal when they serialize to the same text.
    """

    href: str
    scheme: str
    username: str
    password: str
    host: str | None
    port: int | None
    path: str
    query: str | None
    fragment: str | None
    _origin: Origin | None = field(default=None, init=False)

    @property
    def origin(self) -> Origin:
        """URL, "origin": https://url.spec.whatwg.org/#concept-url-origin

        Asked twice, a URL gives the same opaque origin twice; another URL, though equal, gives another. The standard
        makes a new one at each call and leaves it to callers to keep it; keeping it here is what they mean by it.
        """
        origin = self._origin
        if origin is None:
            origin = _origin(self)
            object.__setattr__(self, "_origin", origin)
        return origin

    @property
    def includes_credentials(self) -> bool:
        """URL, "includes credentials": https://url.spec.whatwg.org/#include-credentials"""
        return bool(self.username or self.password)

    @property
    def is_local(self) -> bool:
        """Fetch, "is local": https://fetch.spec.whatwg.org/#is-local"""
        return self.scheme in _LOCAL_SCHEMES

    @property
    def is_http_family(self) -> bool:
        """Fetch, whether the scheme is an "HTTP(S) scheme": https://fetch.spec.whatwg.org/#http-scheme"""
        return self.scheme in _HTTP_SCHEMES

    @property
    def host_kind(self) -> HostKind:
        """URL, what a "host" is: https://url.spec.whatwg.org/#concept-host (`empty` for null as well)"""
        host = self.host
        if not host:
            return "empty"
        if host[0] == "[":
            return "ipv6"
        if self.scheme not in _SPECIAL_SCHEMES:
            return "opaque"
        # The host parser turns everything whose last label is a number into an IPv4 address, or fails.
        return "ipv4" if host.rpartition(".")[2].isdigit() else "domain"

    def serialize(self, *, exclude_fragment: bool = False) -> str:
        """URL, "URL serializer": https://url.spec.whatwg.org/#concept-url-serializer"""
        return self.href.partition("#")[0] if exclude_fragment else self.href

    def with_fragment(self, fragment: str | None) -> URL:
        """The same URL with another fragment; None takes it away, `""` leaves an empty one."""
        bare = self.href.partition("#")[0]
        if fragment is None:
            return _split(bare)
        # Through the parser again, so that what a caller passes is encoded as a fragment has to be.
        return _parsed(f"{bare}#{fragment}")

    def with_scheme(self, scheme: str) -> URL:
        """The same URL under another special scheme, as an upgrade to https or wss needs it.

        As the URL standard's scheme setter does, it turns a port into null that is the new scheme's default.
        """
        if scheme not in DEFAULT_PORTS or self.scheme not in DEFAULT_PORTS:
            raise ValueError(f"{self.href} cannot become {scheme}: only {', '.join(DEFAULT_PORTS)} can change places")
        return _parsed(scheme + self.href[len(self.scheme) :])

    def stripped(self) -> URL:
        """The same URL without user name, password and fragment, as a referrer is."""
        href = self.href.partition("#")[0]
        if self.username or self.password:
            start = len(self.scheme) + 3
            href = href[:start] + href[href.index("@", start) + 1 :]
        return _split(href)

    def __eq__(self, other: object) -> bool:
        return self.href == other.href if isinstance(other, URL) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.href)

    def __str__(self) -> str:
        return self.href

    def __repr__(self) -> str:
        return f"parse_url({self.href!r})"


def parse_url(text: str, base: URL | None = None) -> URL | None:
    """URL, "URL parser": https://url.spec.whatwg.org/#concept-url-parser

    None is failure. A lone surrogate, which has no UTF-8, counts as U+FFFD, as in every API of the web platform.
    """
    try:
        href = normalize_url(text) if base is None else join_url(base.href, text)
    except ValueError:
        scalar = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return None if scalar == text else parse_url(scalar, base)
    return _split(href)


def _parsed(text: str) -> URL:
    url = parse_url(text)
    if url is None:
        raise ValueError(f"{text!r} is not a URL")
    return url


def _split(href: str) -> URL:
    """The parts of a serialized URL: https://url.spec.whatwg.org/#concept-url-serializer, read backwards."""
    bare, hash_mark, fragment = href.partition("#")
    before, question_mark, query = bare.partition("?")
    scheme, _, rest = before.partition(":")
    username = password = ""
    host: str | None = None
    port: int | None = None
    if rest.startswith("//"):
        # There is a host, perhaps an empty one: user name, password, host, port, and the path from the next slash.
        authority, slash, path = rest[2:].partition("/")
        path = slash + path
        userinfo, _, hostport = authority.rpartition("@")
        username, _, password = userinfo.partition(":")
        bracket = hostport.rfind("]")
        colon = hostport.find(":", bracket + 1)
        if colon == -1:
            host = hostport
        else:
            host, port = hostport[:colon], int(hostport[colon + 1 :])
    else:
        # There is none. `/.` stands before a path that begins with two slashes, so that it does not look like one.
        path = rest[2:] if rest.startswith("/.//") else rest
    return URL(
        href,
        scheme,
        username,
        password,
        host,
        port,
        path,
        query if question_mark else None,
        fragment if hash_mark else None,
    )


def _origin(url: URL) -> Origin:
    # "blob": the origin of the URL within, if it is one that a blob can come from. There is no blob URL store here.
    if url.scheme == "blob":
        inner = parse_url(url.path)
        return inner.origin if inner is not None and inner.scheme in _BLOB_INNER_SCHEMES else OpaqueOrigin()
    # "ftp", "http", "https", "ws", "wss": a tuple origin.
    if url.scheme in DEFAULT_PORTS and url.host is not None:
        return TupleOrigin(url.scheme, url.host, url.port)
    # "file" is the implementation's choice: "when in doubt, return a new opaque origin", and browsers serialize null.
    # Otherwise: a new opaque origin.
    return OpaqueOrigin()
