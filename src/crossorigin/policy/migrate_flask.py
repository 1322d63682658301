"""flask-cors: the arguments of `CORS(app, ...)` and `@cross_origin(...)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from crossorigin.policy.migrate_django import take_regex
from crossorigin.policy.migration import Draft, finish, strings_of
from crossorigin.policy.old_settings import OldSettings, Regex, Unread

__all__ = ["migrate_flask"]

_ALL_METHODS: Final = ("DELETE", "OPTIONS", "PATCH", "PUT")
_REGEX_CHARACTERS: Final = frozenset("*\\]?$^[()")
"""What made flask-cors take an origin for a regular expression (`probably_regex`)."""


def migrate_flask(old: OldSettings) -> list[Draft]:
    """The policies that are equal to one call, as far as that is safe: one, or one for each of its `resources`."""
    resources = old.values.get("resources")
    if not isinstance(resources, Mapping):
        if isinstance(resources, str):
            draft = _one(old, "")
            draft.note("resources", f"A policy is bound to routes: put it on those that {resources[:80]!r} matched.")
            return [draft]
        return [_one(old, "")]
    shared = {name: value for name, value in old.values.items() if name != "resources"}
    drafts = []
    for index, (path, options) in enumerate(resources.items()):
        values = shared | (dict(options) if isinstance(options, Mapping) else {})
        lines = {name: old.lines.get("resources", old.line) for name in values} | old.lines
        name = re.sub(r"[^a-z0-9]+", "-", str(path).lower()).strip("-") or f"resource-{index + 1}"
        draft = _one(OldSettings(values, lines, old.line), name)
        draft.note("resources", f"A policy is bound to routes: put {name!r} on those that {str(path)[:80]!r} matched.")
        drafts.append(draft)
    return drafts


def _one(old: OldSettings, name: str) -> Draft:
    draft = Draft(old, name)
    credentials = draft.get("supports_credentials", False) is True
    draft.settings["allow_origins"] = []
    _origins(draft, draft.get("origins", "*"), credentials=credentials)
    draft.settings["allow_methods"] = _methods(draft)
    draft.settings["allow_headers"] = _headers(draft, credentials=credentials)
    exposed = draft.get("expose_headers", ())
    draft.settings["expose_headers"] = strings_of(draft, "expose_headers", _split(exposed))
    if credentials:
        draft.settings["allow_credentials"] = True
    age = draft.get("max_age", None)
    if isinstance(age, int) and not isinstance(age, bool) and age > 0:
        draft.settings["max_age"] = min(age, 86400)
    elif age is not None:
        draft.note("max_age", "0 and what is no whole number were dropped (F5); left out, browsers keep 5 seconds.")
    finish(draft)
    return draft


def _origins(draft: Draft, value: Any, *, credentials: bool) -> None:
    texts = [value] if isinstance(value, (str, re.Pattern)) else value if isinstance(value, (list, tuple, set)) else []
    if isinstance(value, str) and "," in value:
        draft.note("origins", "A string with commas was one origin to flask-cors, and never matched.")
        texts = [word.strip() for word in value.split(",")]
    if any(text == "*" for text in texts):
        if not credentials:
            draft.settings["allow_origins"] = ["*"]
            return
        sentence = (
            "Every origin was reflected, with credentials (F2): any page on the web could read in the name of your "
            "users. Name the origins that are yours, or leave credentials off."
        )
        draft.note("origins", sentence, ["https://evil.example", "null"])
    for text in texts:
        if isinstance(text, Unread) or not isinstance(text, str):
            strings_of(draft, "origins", [text])
        elif text == "null":
            draft.note("origins", "`null` is left out: anybody can send it, from a sandboxed frame.", ["null"])
        elif isinstance(text, Regex) or (text != "*" and _REGEX_CHARACTERS & set(text)):
            take_regex(draft, "origins", text, "F1", re.IGNORECASE)
        elif text != "*":
            draft.take_origins("origins", [text])


def _methods(draft: Draft) -> list[str]:
    value = draft.get("methods", None)
    if value is None:
        return list(_ALL_METHODS)
    return [method.upper() for method in strings_of(draft, "methods", _split(value))]


def _headers(draft: Draft, *, credentials: bool) -> list[str]:
    headers = [header.lower() for header in strings_of(draft, "allow_headers", _split(draft.get("allow_headers", "*")))]
    if "*" not in headers:
        if any(set(header) & _REGEX_CHARACTERS for header in headers):
            draft.note("allow_headers", "Regular expressions of header names are left out; list the names.")
        return [header for header in headers if not set(header) & _REGEX_CHARACTERS]
    if not credentials:
        return ["*", "authorization"]
    sentence = (
        "Every header that was asked for was allowed. With credentials a policy lists them: Authorization and "
        "Content-Type are taken for a start; add what your pages send."
    )
    draft.note("allow_headers", sentence)
    return ["authorization", "content-type"]


def _split(value: Any) -> Any:
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value
