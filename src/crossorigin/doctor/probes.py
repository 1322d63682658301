"""The questions whose answers tell whether a server keeps to a policy: allowed ones, and near misses of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crossorigin.policy.patterns import OriginPattern, parse_pattern
from crossorigin.policy.policy import Policy
from crossorigin.web.origins import OriginSyntaxError, parse_origin

__all__ = ["Probe", "origins_near", "probes_of"]

_EVIL: Final = "evil.test"
_MOST: Final = 40
"""Origins of a policy whose neighbours are tried. A list of thousands is all of one kind."""
_METHODS: Final = ("PUT", "PATCH", "DELETE", "PURGE", "patch")
"""Methods that need leave, to be asked for whether the policy has them or not; `patch` is another than PATCH."""
_HEADER: Final = "x-crossorigin-verify"
"""A header that no policy has by chance."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One call that a page could make. `name` says what it tries; `path` is 0 for the URL itself, 1 and up for others.

    `origin` None is a request without one.
    """

    name: str
    origin: str | None
    method: str = "GET"
    headers: tuple[str, ...] = ()
    credentials: bool = False
    path: int = 0


def probes_of(policy: Policy, paths: int = 1) -> list[Probe]:
    """Every question to a server that is to keep this policy, each once; `paths` is how many URLs there are to ask."""
    found: dict[Probe, None] = {}
    names: set[tuple[object, ...]] = set()
    for probe in _probes(policy, paths):
        what = (probe.origin, probe.method, probe.headers, probe.credentials, probe.path)
        if what not in names:
            names.add(what)
            found[probe] = None
    return list(found)


def _probes(policy: Policy, paths: int) -> Iterator[Probe]:
    origins: dict[str, str] = {}
    for origin, name in origins_near(policy):
        origins.setdefault(origin, name)
    for origin, name in origins.items():
        yield Probe(f"GET from {name}", origin)
        # With something that the policy has, where it has anything: then the origin alone decides.
        headers = (_known_header(policy),) if policy.allow_headers else ()
        yield Probe(f"preflight from {name}", origin, "GET" if headers else _known_method(policy), headers)
    allowed = next(origin for origin in origins if policy.compiled.allows(origin.encode("ascii")))
    yield from _of_one_origin(policy, allowed)
    for path in range(paths):
        where = "the URL" if path == 0 else f"URL {path + 1}"
        yield Probe(f"no Origin, {where}", None, path=path)
        yield Probe(f"GET of {where}", allowed, path=path)
        yield Probe(f"GET of {where} from another origin", f"https://{_EVIL}", path=path)
        yield Probe(f"preflight of {where}", allowed, _known_method(policy), path=path)


def _known_header(policy: Policy) -> str:
    return next((name for name in policy.allow_headers if name != "*"), _HEADER)


def _known_method(policy: Policy) -> str:
    return next((name for name in policy.allow_methods if name != "*"), "DELETE")


def _of_one_origin(policy: Policy, origin: str) -> Iterator[Probe]:
    """What an allowed origin may do and may not."""
    names = tuple(name for name in policy.allow_headers if name != "*")
    for credentials in (False, True):
        end = " with credentials" if credentials else ""
        yield Probe(f"GET{end}", origin, credentials=credentials)
        for method in (*(method for method in policy.allow_methods if method != "*"), *_METHODS):
            yield Probe(f"method {method}{end}", origin, method, credentials=credentials)
        yield Probe(f"method POST with a header{end}", origin, "POST", (_known_header(policy),), credentials)
        for name in (*names, "authorization", _HEADER):
            yield Probe(f"header {name}{end}", origin, "GET", (name,), credentials)
        yield Probe(f"all headers at once{end}", origin, _known_method(policy), names, credentials)
        yield Probe(f"all headers, and one more{end}", origin, _known_method(policy), (*names, _HEADER), credentials)


def origins_near(policy: Policy) -> Iterator[tuple[str, str]]:
    """Origins of a policy and their neighbours, each with what it is; which of them are allowed is the policy's to say.

    Only origins that a browser could send.
    """
    for text in policy.allow_origins[:_MOST]:
        if text in {"*", "null"}:
            continue
        pattern = parse_pattern(text)
        for example in _examples(pattern):
            yield example, f"{example}, one of {text}" if example != text else example
        for example, why in _misses(pattern):
            if _is_sendable(example):
                yield example, f"{example} ({why})"
    yield f"https://{_EVIL}", f"https://{_EVIL} (foreign)"
    yield f"http://{_EVIL}:8080", f"http://{_EVIL}:8080 (foreign)"
    yield "null", "null (sandboxed)"


def _examples(pattern: OriginPattern) -> list[str]:
    hosts = [f"app.{pattern.host}", f"a.b-1.{pattern.host}"] if pattern.any_subdomain else [pattern.host]
    ports = ["", ":3000", ":65535"] if pattern.port == "*" else ["" if pattern.port is None else f":{pattern.port}"]
    return [f"{pattern.scheme}://{host}{port}" for host in hosts for port in ports]


def _misses(pattern: OriginPattern) -> Iterator[tuple[str, str]]:
    scheme, host = pattern.scheme, pattern.host
    port = "" if pattern.port in {None, "*"} else f":{pattern.port}"
    own = f"app.{host}" if pattern.any_subdomain else host
    is_name = not (host.startswith("[") or host.rpartition(".")[2].isdigit())
    if is_name:
        yield f"{scheme}://{own}.{_EVIL}{port}", "the name goes on after it"
        yield f"{scheme}://{own}{_EVIL}{port}", "the name goes on after it, without a dot"
        yield f"{scheme}://evil{host}{port}", "the name begins before it"
        yield f"{scheme}://evil-{host}{port}", "the name begins before it, with a hyphen"
        if pattern.any_subdomain:
            yield f"{scheme}://{host}{port}", "without a subdomain"
        else:
            yield f"{scheme}://x.{host}{port}", "a subdomain"
        yield f"{scheme}://{own}.{port}", "a dot at the end"
        for at, char in enumerate(own):
            if char == ".":
                yield f"{scheme}://{own[:at]}x{own[at + 1 :]}{port}", "a letter in place of a dot"
                yield f"{scheme}://{own[:at]}-{own[at + 1 :]}{port}", "a hyphen in place of a dot"
        if "." in host:
            yield f"{scheme}://{host.partition('.')[2]}{port}", "the domain above"
    for other in (":8443", ":1", f"{port}0" if port else ":3001", ""):
        if other != port:
            yield f"{scheme}://{own}{other}", "another port" if other else "without a port"
    yield f"{'http' if scheme == 'https' else 'https'}://{own}{port}", "another scheme"


def _is_sendable(origin: str) -> bool:
    """Whether a browser could send it: as it is written, it is its own serialization."""
    try:
        return parse_origin(origin).serialize() == origin
    except OriginSyntaxError:
        return False
