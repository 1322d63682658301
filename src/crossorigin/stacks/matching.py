"""What of a policy every web server's configuration needs: anchored expressions, lists, comments, and common limits.

An expression here is read alike by PCRE, RE2 and Python's `re`. It has no braces and no lookahead: braces are syntax in
some configurations, and RE2 has no lookahead. It stands for the whole of a value, from `^` to `$`, and every dot of a
name is escaped: what is left out here is what lets `https://app-example.com` or `https://app.example.com.evil.test` in.
The values of a policy are checked when it is made (`crossorigin.policy.validate`): an origin has no blank, quote,
dollar or brace in it; methods and header names are tokens, and can have any of ``!#$%&'*+-.^_`|~``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossorigin.policy.patterns import ANY_PORT, OriginPattern, parse_pattern
from crossorigin.policy.policy import Policy

__all__ = [
    "CORS_HEADERS",
    "SAFELISTED_METHODS",
    "USUAL_METHODS",
    "anchored",
    "any_origin",
    "common_limits",
    "default_port",
    "describe",
    "escape_regex",
    "exact_origins",
    "granted_methods",
    "header_names_regex",
    "library_headers",
    "library_limits",
    "listed_methods",
    "methods_regex",
    "names_regex",
    "one_origin_regex",
    "origin_regex",
    "origin_regexes",
    "preflight_vary",
]

CORS_HEADERS: Final = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)
"""What one layer alone may send: a second Access-Control-Allow-Origin is worse than none."""
_NULL: Final = "null"
SAFELISTED_METHODS: Final = ("GET", "HEAD", "POST")
"""Methods that need no leave: https://fetch.spec.whatwg.org/#cors-safelisted-method"""
_NOTHING: Final = "accept"
"""A header that needs no leave: to name it grants nothing, https://fetch.spec.whatwg.org/#cors-safelisted-request-header"""
USUAL_METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What libraries get for `*` that know none."""

_SPECIAL: Final = frozenset(r".+*?()[]{}^$|\/")
_DEFAULT_PORTS: Final = {"ftp": "21", "http": "80", "https": "443", "ws": "80", "wss": "443"}


def default_port(scheme: str) -> str | None:
    """The port that a scheme has without saying so."""
    return _DEFAULT_PORTS.get(scheme)


def any_origin(policy: Policy) -> bool:
    """Whether the answer is the same for everybody."""
    return policy.allow_origins == ("*",)


def escape_regex(text: str) -> str:
    """Text as an expression that matches it alone; a slash needs no escape, and gets none."""
    return "".join(f"\\{char}" if char in _SPECIAL and char != "/" else char for char in text)


def origin_regex(pattern: OriginPattern) -> str:
    """The expression for the whole of an origin that a pattern stands for, with `^` and `$`."""
    subdomain = r"(?:[a-z0-9_-]+\.)+" if pattern.any_subdomain else ""
    port = "" if pattern.port is None else f":{pattern.port}"
    if pattern.port == ANY_PORT:
        port = f"(?::(?:{'|'.join(_ports(_DEFAULT_PORTS.get(pattern.scheme)))}))?"
    return f"^{escape_regex(pattern.scheme)}://{subdomain}{escape_regex(pattern.host)}{port}$"


def _ports(default: str | None) -> list[str]:
    """Alternatives for every port as browsers write it, 0 to 65535, but for the scheme's own, which they leave out."""
    shorter = ["0", "[1-9]", "[1-9][0-9]", "[1-9][0-9][0-9]", "[1-9][0-9][0-9][0-9]"]
    longest = ["[1-5][0-9][0-9][0-9][0-9]", "6[0-4][0-9][0-9][0-9]", "65[0-4][0-9][0-9]", "655[0-2][0-9]", "6553[0-5]"]
    if default is None:
        return [*shorter, *longest]
    others = []
    for at, digit in enumerate(default):
        least = 1 if at == 0 else 0
        rest = [str(each) for each in range(least, 10) if str(each) != digit]
        others.append(f"{default[:at]}[{''.join(rest)}]{'[0-9]' * (len(default) - at - 1)}")
    return [*(each for length, each in enumerate(shorter) if length != len(default)), *others, *longest]


def anchored(expression: str) -> str:
    r"""An expression for languages in which `^` and `$` are the ends of lines, or `$` lets a line break through."""
    return rf"\A{expression[1:-1]}\z"


def origin_regexes(policy: Policy) -> list[tuple[str, str]]:
    """Each origin or pattern of a policy as it is written there, and its expression. Not for `*`."""
    texts = policy.allow_origins
    return [(text, f"^{_NULL}$" if text == _NULL else origin_regex(parse_pattern(text))) for text in texts]


def one_origin_regex(policy: Policy) -> str:
    """One expression for all origins of a policy, for stacks that take one."""
    return f"^(?:{'|'.join(regex[1:-1] for _, regex in origin_regexes(policy))})$"


def exact_origins(policy: Policy) -> tuple[list[str], list[tuple[str, str]]]:
    """The origins that are one each, `null` too, and the patterns that stand for many, with their expressions."""
    exact, wild = [], []
    for text, regex in origin_regexes(policy):
        if text == _NULL or parse_pattern(text).is_exact:
            exact.append(text)
        else:
            wild.append((text, regex))
    return exact, wild


def granted_methods(policy: Policy) -> tuple[str, ...]:
    """The methods that a preflight may ask for, those that need no leave first."""
    return (*SAFELISTED_METHODS, *(method for method in policy.allow_methods if method not in SAFELISTED_METHODS))


def listed_methods(policy: Policy) -> tuple[str, ...]:
    """The methods for libraries that take a list of all that are granted, and `*` in it."""
    return policy.allow_methods if "*" in policy.allow_methods else granted_methods(policy)


def library_headers(policy: Policy) -> tuple[str, ...]:
    """The header names for libraries that take none for leave to use some: one that needs no leave stands for none."""
    return policy.allow_headers or (_NOTHING,)


def methods_regex(policy: Policy) -> str:
    """The expression for the method that a preflight asks for; any where the policy has `*`."""
    if "*" in policy.allow_methods:
        return "^.+$"
    return f"^(?:{'|'.join(map(escape_regex, granted_methods(policy)))})$"


def header_names_regex(policy: Policy) -> str:
    """The expression for an Access-Control-Request-Headers that names allowed names only, to be matched in any case.

    Blanks, tabs and empty members are tolerated, https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.1; it takes
    time in proportion to the value's length, whatever the value.
    """
    if "*" in policy.allow_headers:
        return "^.*$"
    return names_regex(policy.allow_headers)


def names_regex(names: Iterable[str]) -> str:
    """The expression for a list, as a header has it, of some of these names."""
    choice = "|".join(map(escape_regex, names))
    if not choice:
        return r"^[ \t,]*$"
    name = f"(?:{choice})"
    return rf"^[ \t,]*(?:{name}(?:[ \t]*,[ \t,]*{name})*[ \t,]*)?$"


def preflight_vary(policy: Policy) -> str:
    """What of a preflight its answer depends on, as Vary has it; empty for nothing."""
    return ", ".join(name.decode("ascii") for name in policy.compiled.preflight_vary)


def common_limits(policy: Policy, title: str) -> list[str]:
    """What no web server's rendering has, each with what it does instead."""
    limits = []
    if policy.debug:
        limits.append(
            f"debug: {title} answers a denied preflight with 403 and no CORS headers, as without it; "
            "the console does not name the culprit."
        )
    if policy.refuse_disallowed_origins:
        limits.append(
            f"refuse_disallowed_origins: {title} hands requests of origins that are not allowed on to the backend, "
            "without CORS headers; script cannot read the answers. Refuse them in the backend."
        )
    return limits


def library_limits(policy: Policy, library: str, status: int | None = None) -> list[str]:
    """What the usual libraries cannot say, most of them; `status` is the only one that it gives to preflights."""
    limits = []
    if policy.debug:
        limits.append(f"debug: {library} has no such thing; the console does not name the culprit.")
    if policy.refuse_disallowed_origins:
        limits.append(
            f"refuse_disallowed_origins: {library} hands requests of origins that are not allowed on to the routes; "
            "script cannot read the answers. Refuse them in your routes."
        )
    limits.append(
        f"denied preflights: {library} answers them with the status of an allowed one, "
        "and leaves it to the browser to see that the leave is missing."
    )
    if status is not None and status != policy.preflight_status:
        limits.append(f"preflight_status: {library} answers with {status}, not {policy.preflight_status}.")
    return limits


def describe(policy: Policy, limits: tuple[str, ...] | list[str]) -> list[str]:
    """The head of a configuration as lines without comment signs: whose policy it is, and the limits."""
    lines = ["CORS, rendered by crossorigin from this policy:"]
    lines += [f"  {name} = {_toml(value)}" for name, value in policy.to_dict().items()]
    lines += [f"LIMIT: {limit}" for limit in limits]
    return lines


def _toml(value: list[str] | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "[" + ", ".join(f'"{each}"' for each in value) + "]"
