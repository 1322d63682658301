"""What somebody probably meant: a valid pattern near a text that is none, to be offered and never to be assumed."""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.pattern_syntax import is_regex
from crossorigin.policy.patterns import PatternSyntaxError, parse_pattern
from crossorigin.policy.problems import ProblemCode, quoted
from crossorigin.web.origin_syntax import DEFAULT_PORTS

__all__ = ["ascii_host", "patterns_of_regex", "repair"]

_SEPARATORS: Final = re.compile(r"[\s,;|]+")
_DEVIATIONS: Final = frozenset("ßς\u200c\u200d")
"""Letters that browsers keep and the codec of 2003 maps away: https://unicode.org/reports/tr46/#Deviations"""
_MAX_REPAIRED: Final = 2048
"""Characters of a text that are looked at; a repair is a kindness, and needs no more."""

_ADVICE: Final = {
    ProblemCode.EMPTY_ORIGIN: 'the origin that the browser\'s address bar shows, as in "https://app.example.com"',
    ProblemCode.FILE_SCHEME: 'the origin of a development server, as in "http://localhost:8000"; '
    "`python -m http.server` serves a folder there",
    ProblemCode.TOO_LONG: 'one origin, as in "https://app.example.com"',
    ProblemCode.REGEX: 'the origins one by one, or a pattern such as "https://*.example.com"',
    ProblemCode.WILDCARD_PLACE: 'the domain that is yours, as in "https://*.example.com"',
    ProblemCode.BAD_IP: 'the address as a browser shows it, as in "http://192.0.2.1:8000" or "http://[::1]:8000"',
}
_DEFAULT_ADVICE: Final = 'the origin as the browser\'s console shows it, as in "https://app.example.com"'


def repair(text: str, code: ProblemCode) -> str:
    """One or more patterns in double quotes, with commas between them; advice where none can be guessed."""
    patterns = _guess(text[:_MAX_REPAIRED])
    if code is ProblemCode.WHITESPACE and any("." not in each and "://localhost" not in each for each in patterns):
        # A blank inside a host: two halves of one name are no two origins.
        patterns = []
    return ", ".join(map(quoted, patterns)) if patterns else _ADVICE.get(code, _DEFAULT_ADVICE)


def _guess(text: str) -> list[str]:
    if is_regex(text) is not None:
        return patterns_of_regex(text)
    found: list[str] = []
    for word in _SEPARATORS.split(text.strip(" \t\r\n\"'[]<>`")):
        for candidate in _candidates(word.strip("\"'<>`")):
            if _is_pattern(candidate) and candidate not in found:
                found.append(candidate)
    return found


def _candidates(word: str) -> list[str]:
    """The patterns that a single word may stand for, not yet checked."""
    if not word:
        return []
    word = word.replace("\\", "/")
    scheme, separator, rest = word.partition("://")
    if not separator:
        rest = word.removeprefix("//")
        scheme = "http" if _is_local(rest) else "https"
    scheme = {"http*": "https", "*": "https", "http[s]": "https"}.get(scheme.lower(), scheme.lower())
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    host, port = _host_and_port(authority)
    if port == f":{DEFAULT_PORTS.get(scheme)}":
        port = ""
    return [f"{scheme}://{each}{port}" for each in _hosts(host)]


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        address, _, port = authority.partition("]")
        return _ipv6(address[1:]), port
    if authority.count(":") > 1:
        # `::1:3000` is an address of its own, but not the one that was meant.
        address, _, last = authority.rpartition(":")
        is_port = last.isascii() and last.isdigit() and len(last) > 1 and _is_pattern(f"http://{_ipv6(address)}")
        return (_ipv6(address), f":{last}") if is_port else (_ipv6(authority), "")
    host, colon, port = authority.partition(":")
    if "*" in port:
        port = "*"
    if port.isascii() and port.isdigit():
        port = str(int(port[:6]))
    return ascii_host(host), colon + port if port else ""


def _hosts(host: str) -> list[str]:
    host = host.removesuffix(".")
    if "*" not in host.removeprefix("*."):
        return [host]
    # `*example.com` wants the domain itself as well; `app-*.example.com` can only be had with its sisters.
    if host.startswith("*") and "*" not in host[1:]:
        return [host[1:].removeprefix("."), f"*.{host[1:].removeprefix('.')}"]
    labels = host.split(".")
    last = max(index for index, label in enumerate(labels) if "*" in label)
    return [f"*.{'.'.join(labels[last + 1 :])}"]


def _ipv6(address: str) -> str:
    from ipaddress import IPv6Address  # noqa: PLC0415 - rare

    try:
        return f"[{IPv6Address(address.partition('%')[0]).compressed}]"
    except ValueError:
        return f"[{address}]"


def _is_local(rest: str) -> bool:
    host = re.split(r"[:/]", rest, maxsplit=1)[0].lower()
    return host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or rest.startswith("[::1]")


def _is_pattern(text: str) -> bool:
    try:
        pattern = parse_pattern(text)
    except PatternSyntaxError:
        return False
    # `https://*.com` parses, and nobody should be offered it.
    return not pattern.any_subdomain or "." in pattern.host or pattern.host == "localhost"


def ascii_host(host: str) -> str:
    """A host in lower case and in Punycode, as a browser sends it; what cannot be encoded stays as it is."""
    labels = []
    for label in host.lower().replace("\u3002", ".").split("."):
        if label.isascii():
            labels.append(label)
            continue
        try:
            if _DEVIATIONS & set(label):
                labels.append(f"xn--{label.encode('punycode').decode('ascii')}")
            else:
                labels.append(label.encode("idna").decode("ascii"))
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


# What people write for "any subdomain" and "any port".
_ANY_CHARACTERS: Final = r"(?:\.|\[[^\]]*\]|\\w)[*+]\??"
_ANY_SUBDOMAIN: Final = re.compile(rf"\(?(?:\?:)?(?:{_ANY_CHARACTERS})\)?(?:\\\.|\.)\)?(?P<perhaps>[?*])?")
_ANY_TEXT: Final = re.compile(rf"\(?(?:\?:)?(?:{_ANY_CHARACTERS})\)?\??")
_ANY_PORT: Final = re.compile(r"\(?(?:\?:)?:(?:\.|\\d|\[0-9\])(?:[*+]|\{[0-9,]*\})\)?\??$")
_CHOICE: Final = re.compile(r"\((?:\?:)?([a-z0-9.\\-]+(?:\|[a-z0-9.\\-]+)*)\)(?![?*+{])")
_SCHEMES: Final = {"https?": 2, "http(s)?": 2, "http(?:s)?": 2, "http(s?)": 2, "(http|https)": 2, "(https|http)": 2}


def patterns_of_regex(text: str) -> list[str]:
    """The patterns that somebody who wrote this regular expression of origins had in mind; none where it is not plain.

    It is what was meant and not what was written: the expression itself often matches more.
    """
    body = text.strip("\"'").removeprefix("^").removeprefix("\\A").removesuffix("$").removesuffix("\\Z")
    body = body.removesuffix("/?").removesuffix("/").removesuffix("(/.*)?")
    scheme, separator, rest = body.replace("\\/", "/").replace("\\:", ":").partition("://")
    if not separator:
        return []
    rest, ports = _ANY_PORT.subn("", rest)
    wildcard = _ANY_SUBDOMAIN.match(rest)
    any_text = _ANY_TEXT.match(rest)
    prefixes = [""]
    if wildcard is not None:
        rest = rest[wildcard.end() :]
        prefixes = ["", "*."] if wildcard["perhaps"] else ["*."]
    elif any_text is not None:
        # Nothing that demands a dot: the domain itself was meant as well.
        rest = rest[any_text.end() :]
        prefixes = ["", "*."]
    choice = _CHOICE.search(rest)
    rests = [rest] if choice is None else [rest.replace(choice[0], each, 1) for each in choice[1].split("|")]
    found = []
    for part in rests:
        host = part.replace("\\.", ".").replace("\\-", "-")
        # `https?` is written out of habit; only a loopback host needs both.
        schemes = [scheme] if scheme not in _SCHEMES else ["http", "https"] if _is_local(host) else ["https"]
        found += [f"{each}://{prefix}{host}{':*' if ports else ''}" for each in schemes for prefix in prefixes]
    return found if all(is_regex(each) is None and _is_pattern(each) for each in found) else []
