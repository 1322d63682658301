"""What can be wrong with `allow_origins`: each origin by itself, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crossorigin.policy.checked import Checked, strings
from crossorigin.policy.patterns import PatternSyntaxError, parse_pattern
from crossorigin.policy.problems import ProblemCode, quoted

__all__ = ["check_origins"]

_DANGEROUS_SUFFIX: Final = "dangerously_allow_public_suffix_wildcards"
_DANGEROUS_NULL: Final = "dangerously_allow_null_origin"


def check_origins(checked: Checked, fields: Mapping[str, object]) -> None:
    """Judge each origin of the list, and keep the patterns of those that are one."""
    items = strings(checked, fields, "allow_origins")
    if items is None:
        return
    if not items:
        if not checked.problems or checked.problems[-1].field != "allow_origins":
            sentence = "There is no default; say which pages may read the answers, or `*` for a public API."
            fix = checked.setting("allow_origins", ["https://app.example.com"])
            checked.add(ProblemCode.NO_ORIGINS, "allow_origins", None, sentence, fix)
        return
    found: set[str] = set()
    for index, text in items:
        word = text.strip()
        if word == "*":
            _star_origin(checked, items, index)
            found.add("*")
        elif word.lower() == "null":
            _null_origin(checked, text, index)
            found.add("null")
        else:
            _origin(checked, text, index, found)
    checked.any_origin = "*" in found
    checked.values["allow_origins"] = tuple(sorted(found))


def _origin(checked: Checked, text: str, index: int, found: set[str]) -> None:
    try:
        pattern = parse_pattern(text)
    except PatternSyntaxError as error:
        checked.add(error.code, "allow_origins", text, error.sentence, error.fix, position=error.position, index=index)
        return
    if pattern.any_subdomain and not checked.flag(_DANGEROUS_SUFFIX) and _is_public_suffix(pattern.host):
        sentence = (
            f"Anybody can register a name below {pattern.host}, and every one of them would be allowed. "
            f"Name the domain that is yours, or, if all of them are, say {_DANGEROUS_SUFFIX}."
        )
        port = "" if pattern.port is None else f":{pattern.port}"
        fix = quoted(f"{pattern.scheme}://*.example.{pattern.host}{port}")
        checked.add(
            ProblemCode.PUBLIC_SUFFIX, "allow_origins", text, sentence, fix, position=text.index("*"), index=index
        )
    found.add(text)
    checked.patterns.append(pattern)


def _star_origin(checked: Checked, items: list[tuple[int, str]], index: int) -> None:
    others = [text for _, text in items if text.strip() != "*"]
    if others:
        sentence = "`*` allows every origin already, so either the others say nothing or the `*` says too much."
        fix = checked.setting("allow_origins", others)
        checked.add(ProblemCode.WILDCARD_AMONG_OTHERS, "allow_origins", "*", sentence, fix, position=0, index=index)
    elif items[index][1] != "*":
        sentence = "The `*` has blanks around it."
        checked.add(ProblemCode.WHITESPACE, "allow_origins", items[index][1], sentence, '"*"', position=0, index=index)


def _null_origin(checked: Checked, text: str, index: int) -> None:
    if checked.flag(_DANGEROUS_NULL) and text == "null":
        checked.null = True
        return
    sentence = (
        "Sandboxed frames, files and redirects send `Origin: null`, and any site can make a sandboxed frame: to allow "
        f"`null` is to allow everybody. If that is wanted, without credentials, say {_DANGEROUS_NULL}."
    )
    fix = 'the origin of the page itself, as in "http://localhost:8000" instead of a file'
    checked.add(ProblemCode.NULL_ORIGIN, "allow_origins", text, sentence, fix, position=0, index=index)


def _is_public_suffix(host: str) -> bool:
    if host == "localhost":
        return False
    from crossorigin.web.sites import public_suffix  # noqa: PLC0415 - the list is read only for a wildcard

    return public_suffix(host) == host
