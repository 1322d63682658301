"""Starlette's and FastAPI's `CORSMiddleware`."""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.migration import Draft, finish, strings_of
from crossorigin.policy.old_settings import OldSettings
from crossorigin.policy.witnesses import regex_witnesses, substring_witnesses

__all__ = ["migrate_starlette"]

_ALL_METHODS: Final = ("DELETE", "OPTIONS", "PATCH", "PUT", "QUERY")
"""What `*` stands for there, beside the methods that need no leave."""
_KNOWN: Final = frozenset(
    {
        "allow_origins",
        "allow_methods",
        "allow_headers",
        "allow_credentials",
        "allow_origin_regex",
        "allow_private_network",
        "expose_headers",
        "max_age",
    }
)


def migrate_starlette(old: OldSettings) -> Draft:
    """The policy that is equal to these arguments of `CORSMiddleware`, as far as that is safe."""
    draft = Draft(old)
    credentials = draft.get("allow_credentials", False) is True
    draft.settings["allow_origins"] = []
    _origins(draft, credentials=credentials)
    if "null" in draft.settings["allow_origins"]:
        draft.settings["allow_origins"].remove("null")
        draft.note("allow_origins", "`null` is left out: anybody can send it, from a sandboxed frame.", ["null"])
    if "allow_origin_regex" in old.values:
        _regex(draft)
    draft.settings["allow_methods"] = _methods(draft)
    draft.settings["allow_headers"] = _headers(draft, credentials=credentials)
    if credentials:
        draft.settings["allow_credentials"] = True
    exposed = strings_of(draft, "expose_headers", draft.get("expose_headers", ()))
    if credentials and "*" in exposed:
        exposed.remove("*")
        draft.note("expose_headers", "With credentials `*` exposed nothing. List the headers that script reads.")
    draft.settings["expose_headers"] = exposed
    draft.settings["max_age"] = _max_age(draft, "max_age", 600)
    if draft.get("allow_private_network", False) is True:
        draft.note("allow_private_network", "Browsers ask the user instead; there is nothing to grant any more.")
    for name in sorted(set(old.values) - _KNOWN - {"**"}):
        draft.note(name, "CORSMiddleware has no such argument.")
    finish(draft)
    return draft


def _origins(draft: Draft, *, credentials: bool) -> None:
    value = draft.get("allow_origins", ())
    if isinstance(value, str) and value != "*":
        draft.note(
            "allow_origins",
            "A string was taken for a list, and every part of the string for an origin in it (S3).",
            substring_witnesses(value),
        )
        value = value.replace(",", " ").replace(";", " ").split()
    texts = strings_of(draft, "allow_origins", value)
    if "*" not in texts:
        draft.take_origins("allow_origins", texts)
        return
    if not credentials:
        draft.settings["allow_origins"] = ["*"]
        return
    sentence = (
        "`*` with credentials reflected every origin (S2): any page on the web could read in the name of your users. "
        "Name the origins that are yours, or leave credentials off."
    )
    draft.note("allow_origins", sentence, ["https://evil.example", "null"])
    draft.take_origins("allow_origins", [text for text in texts if text != "*"])


def _regex(draft: Draft) -> None:
    expression = draft.get("allow_origin_regex", None)
    if not isinstance(expression, str):
        return
    try:
        pattern = re.compile(expression)
    except re.error as error:
        draft.note("allow_origin_regex", f"It is no regular expression: {error}.")
        return
    meant, witnesses = regex_witnesses(expression, lambda origin: pattern.fullmatch(origin) is not None)
    if draft.settings["allow_origins"] != ["*"]:
        draft.settings["allow_origins"] += meant
    if meant:
        if witnesses:
            draft.note("allow_origin_regex", f"It was meant as {', '.join(meant)}, and matched more.", witnesses)
        return
    draft.note("allow_origin_regex", "What it was meant for is not plain: write the origins or patterns.", witnesses)


def _methods(draft: Draft) -> list[str]:
    methods = strings_of(draft, "allow_methods", draft.get("allow_methods", ("GET",)))
    if "*" in methods:
        return list(_ALL_METHODS)
    return methods


def _headers(draft: Draft, *, credentials: bool) -> list[str]:
    headers = [
        header.lower()
        for header in strings_of(draft, "allow_headers", draft.get("allow_headers", ()))
        if header.lower() not in {"accept", "accept-language", "content-language"}
    ]
    if "*" not in headers:
        # Content-Type was always allowed there.
        return sorted({*headers, "content-type"})
    if not credentials:
        return ["*", "authorization"]
    sentence = (
        "`*` reflected every header that was asked for. With credentials a policy lists them: Authorization and "
        "Content-Type are taken for a start; add what your pages send."
    )
    draft.note("allow_headers", sentence)
    return ["authorization", "content-type"]


def _max_age(draft: Draft, subject: str, default: int) -> int | None:
    value = draft.get(subject, default)
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    if value < 0:
        draft.note(subject, "Browsers read no negative number here, and took 5 seconds; so does the policy.")
        return None
    if value > 86400:
        draft.note(subject, f"{value} seconds are more than any browser keeps; 86400 is the most.")
    return min(value, 86400)
