"""Random origins, patterns, policies and requests that come near each other, and the slow, obvious way to match."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from crossorigin.policy import Policy
from crossorigin.policy.patterns import OriginPattern, parse_pattern
from crossorigin.policy.validate import check
from crossorigin.web.origin_syntax import DEFAULT_PORTS

__all__ = ["is_one_of", "origins", "patterns", "policies", "wild_origins"]

# Few names, so that origins and patterns often meet.
LABELS = ("a", "b", "app", "x-1", "example", "evil", "evilexample", "n0")
DOMAINS = ("example.com", "example.org", "a.example.com", "evilexample.com", "localhost", "example.co.uk")
SCHEMES = ("https", "http", "chrome-extension")
PORTS = (None, 80, 443, 3000, 8443, 65535)


def _host(labels: list[str], domain: str) -> str:
    return ".".join([*labels, domain])


@st.composite
def origins(draw: st.DrawFn) -> str:
    """Serialized origins, all of which a browser could send (but a default port is among them, which none does)."""
    host = _host(draw(st.lists(st.sampled_from(LABELS), max_size=3)), draw(st.sampled_from(DOMAINS)))
    host = draw(st.one_of(st.just(host), st.sampled_from(["127.0.0.1", "[::1]", "192.0.2.1"])))
    port = draw(st.sampled_from(PORTS))
    return f"{draw(st.sampled_from(SCHEMES))}://{host}{'' if port is None else f':{port}'}"


@st.composite
def wild_origins(draw: st.DrawFn) -> bytes:
    """Origins, and things that are none but look like one."""
    text = draw(origins()).encode()
    mutation = draw(st.sampled_from(["none", "none", "insert", "delete", "append", "double", "anything"]))
    at = draw(st.integers(0, len(text)))
    if mutation == "insert":
        return (
            text[:at]
            + draw(st.sampled_from([b".", b"/", b"@", b":", b"*", b"A", b"\r\n", b" ", b"-", b"_", b"%"]))
            + text[at:]
        )
    if mutation == "delete":
        return text[:at] + text[at + 1 :]
    if mutation == "append":
        return text + draw(st.sampled_from([b"/", b".evil.test", b":80", b":99999", b".", b"#x", b"\0"]))
    if mutation == "double":
        return text + b", " + text
    return draw(st.binary(max_size=40)) if mutation == "anything" else text


@st.composite
def patterns(draw: st.DrawFn) -> OriginPattern:
    """Patterns that `parse_pattern` can have made."""
    scheme = draw(st.sampled_from(SCHEMES))
    any_subdomain = draw(st.booleans())
    host = _host(draw(st.lists(st.sampled_from(LABELS), max_size=2)), draw(st.sampled_from(DOMAINS)))
    if not any_subdomain:
        host = draw(st.one_of(st.just(host), st.sampled_from(["127.0.0.1", "[::1]"])))
    port: Any = draw(st.sampled_from([*PORTS, "*"]))
    return OriginPattern(scheme, host, None if port == DEFAULT_PORTS.get(scheme) else port, any_subdomain)


def is_one_of(origin: bytes, found: list[OriginPattern]) -> bool:
    """Whether a pattern stands for an origin, as one would explain it, and not as one would program it."""
    try:
        text = origin.decode("ascii")
    except UnicodeDecodeError:
        return False
    return any(_stands_for(pattern, text) for pattern in found)


def _stands_for(pattern: OriginPattern, text: str) -> bool:
    if not text.startswith(f"{pattern.scheme}://"):
        return False
    authority = text.removeprefix(f"{pattern.scheme}://")
    host, port = authority, None
    if not authority.endswith("]") and ":" in authority:
        host, _, port = authority.rpartition(":")
    if port is not None:
        if not port.isdecimal() or str(int(port)) != port or int(port) > 65535:
            return False
        if DEFAULT_PORTS.get(pattern.scheme) == int(port):
            return False
    if pattern.port is None and port is not None:
        return False
    if pattern.port not in {None, "*"} and port != str(pattern.port):
        return False
    if not pattern.any_subdomain:
        return host == pattern.host
    if not host.endswith(f".{pattern.host}") or len(host) > 253:
        return False
    labels = host.removesuffix(f".{pattern.host}").split(".")
    return all(label and set(label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_") for label in labels)


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE", "patch", "X-Custom")
NAMES = ("authorization", "content-type", "x-one", "x-two", "accept", "range")


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Sound policies of every kind."""
    fields: dict[str, Any] = {
        "allow_origins": draw(
            st.one_of(
                st.just(["*"]), st.lists(patterns().map(str), min_size=1, max_size=5), st.just(["https://example.com"])
            )
        ),
        "allow_methods": draw(st.one_of(st.just(["*"]), st.lists(st.sampled_from(METHODS), max_size=3))),
        "allow_headers": draw(st.one_of(st.just(["*", "authorization"]), st.lists(st.sampled_from(NAMES), max_size=4))),
        "expose_headers": draw(st.one_of(st.just(["*"]), st.lists(st.sampled_from(["etag", "x-one"]), max_size=2))),
        "allow_credentials": draw(st.booleans()),
        "max_age": draw(st.sampled_from([None, 0, 5, 600, 86400])),
        "preflight_status": draw(st.sampled_from([200, 204])),
        "debug": draw(st.booleans()),
        "dangerously_allow_insecure_origins_with_credentials": True,
        "dangerously_allow_public_suffix_wildcards": True,
        "dangerously_allow_null_origin": True,
    }
    fields["allow_methods"] = [method for method in fields["allow_methods"] if method != "patch"]
    if fields["allow_credentials"]:
        for name in ("allow_origins", "allow_methods", "allow_headers", "expose_headers"):
            fields[name] = [item for item in fields[name] if item != "*"]
        fields["allow_origins"] = fields["allow_origins"] or ["https://example.com"]
    elif fields["allow_origins"] != ["*"] and draw(st.booleans()):
        fields["allow_origins"].append("null")
    assert check(fields).problems == []
    return Policy(**fields)


def patterns_of(policy: Policy) -> list[OriginPattern]:
    """The patterns of a policy that lists some."""
    return [parse_pattern(text) for text in policy.allow_origins if text not in {"*", "null"}]
