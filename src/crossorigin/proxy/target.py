"""Where requests are sent: an origin, a path in front, and how its certificate is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crossorigin.web.origins import DEFAULT_PORTS
from crossorigin.web.url import parse_url

__all__ = ["Target", "TargetError", "parse_target"]

_SCHEMES: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""A WebSocket's handshake is an http request, and people write what they have at hand."""


class TargetError(ValueError):
    """A target that is none. One sentence, with the way out."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server that requests are sent to.

    `host` is without the brackets of an IPv6 address, `path` what stands in front of every path, without a slash at
    its end ("" or "/v1"). `verifies` and `ca` are about its certificate: whether it is checked, and a file of
    authorities that are trusted besides the system's. `only_public` is for a target that an outsider has named: it is
    resolved once, all its addresses have to be public, and the connection goes to one of these.
    """

    scheme: str
    host: str
    port: int
    path: str = ""
    verifies: bool = True
    ca: str | None = None
    only_public: bool = False

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's default: the value of `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority, as an origin is serialized."""
        return f"{self.scheme}://{self.authority}"

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme == "https"

    def __str__(self) -> str:
        """The URL."""
        return self.origin + self.path


def parse_target(text: str, *, verifies: bool = True, ca: str | None = None) -> Target:
    """The target of a URL such as "http://localhost:8080/v1"; without a scheme it is taken for http.

    Raises TargetError for what is no http, https, ws or wss URL, and for one with a user name, a query or a fragment.
    """
    # "localhost:8080" would be a URL of the scheme "localhost".
    url = parse_url(text if "://" in text else f"http://{text}")
    shown = repr(text[:200])
    if url is None or not url.host:
        raise TargetError(f"{shown} is not a URL: write it as http://localhost:8080")
    if url.scheme not in _SCHEMES:
        raise TargetError(f"{shown} is a {url.scheme} URL, and a target is http or https")
    if url.includes_credentials:
        # Without them: what is said here is read over shoulders, and in logs.
        raise TargetError(f"the target on {url.host} has a user name or a password: send them in a header instead")
    if url.query is not None or url.fragment is not None:
        raise TargetError(
            f"{shown} has a {'query' if url.query is not None else 'fragment'}: a target ends with its path"
        )
    scheme = _SCHEMES[url.scheme]
    port = url.port if url.port is not None else DEFAULT_PORTS[scheme]
    return Target(scheme, url.host.strip("[]"), port, url.path.rstrip("/"), verifies, ca)
