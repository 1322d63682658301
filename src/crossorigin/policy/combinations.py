"""What credentials make wrong: settings that are sound alone and not together."""

from __future__ import annotations

from typing import Final

from crossorigin.policy.checked import Checked
from crossorigin.policy.patterns import ANY_PORT, OriginPattern
from crossorigin.policy.problems import ProblemCode, quoted

__all__ = ["check_combinations"]

_INSECURE: Final = frozenset({"http", "ws", "ftp"})
"""Schemes whose pages the network can write, on any host but this machine's own."""
_DANGEROUS_HTTP: Final = "dangerously_allow_insecure_origins_with_credentials"

_STARS: Final = (
    (
        "allow_origins",
        ProblemCode.ANY_ORIGIN_WITH_CREDENTIALS,
        "Every page on the web could read what belongs to your users, in their name. No setting allows that.",
        "https://app.example.com",
    ),
    (
        "allow_methods",
        ProblemCode.ANY_METHOD_WITH_CREDENTIALS,
        "For a request with credentials `*` is a method of that name. List the methods.",
        "PUT",
    ),
    (
        "allow_headers",
        ProblemCode.ANY_HEADER_WITH_CREDENTIALS,
        "For a request with credentials `*` is a header of that name. List the headers.",
        "content-type",
    ),
    (
        "expose_headers",
        ProblemCode.ANY_EXPOSED_WITH_CREDENTIALS,
        "For a request with credentials `*` is a header of that name, and exposes nothing. List the headers.",
        "etag",
    ),
)


def check_combinations(checked: Checked) -> None:
    """What credentials make wrong."""
    if not checked.flag("allow_credentials"):
        return
    for name, code, sentence, example in _STARS:
        if "*" in checked.list(name):
            checked.add(code, name, "*", sentence, checked.setting(name, [example]), position=0)
    if checked.null:
        sentence = (
            "Anybody can send `null`; with credentials that is any site reading in the name of your users. Never."
        )
        fix = checked.setting("allow_credentials", value=False)
        checked.add(ProblemCode.NULL_WITH_CREDENTIALS, "allow_origins", "null", sentence, fix, position=0)
    if not checked.flag(_DANGEROUS_HTTP):
        for pattern in checked.patterns:
            if pattern.scheme in _INSECURE and not _is_loopback(pattern):
                _insecure(checked, pattern)


def _insecure(checked: Checked, pattern: OriginPattern) -> None:
    text = pattern.serialize()
    secure = {"http": "https", "ws": "wss"}.get(pattern.scheme, "https")
    sentence = (
        "Whoever sits on the network can write pages for this origin, and would read in the name of your users. Serve "
        f"the page with {secure}, or, on a network that is yours alone, say {_DANGEROUS_HTTP}."
    )
    port = ":*" if pattern.port == ANY_PORT else ""
    fix = quoted(f"{secure}://{'*.' if pattern.any_subdomain else ''}{pattern.host}{port}")
    checked.add(ProblemCode.INSECURE_ORIGIN_WITH_CREDENTIALS, "allow_origins", text, sentence, fix, position=0)


def _is_loopback(pattern: OriginPattern) -> bool:
    from crossorigin.web.origins import TupleOrigin  # noqa: PLC0415 - rare
    from crossorigin.web.trustworthy import is_potentially_trustworthy_origin  # noqa: PLC0415 - rare

    return is_potentially_trustworthy_origin(TupleOrigin(pattern.scheme, pattern.host))
