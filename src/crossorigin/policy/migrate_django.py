"""django-cors-headers: the `CORS_…` names of a settings module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from crossorigin.policy.migration import Draft, finish, strings_of
from crossorigin.policy.old_settings import OldSettings, Regex
from crossorigin.policy.witnesses import regex_witnesses

__all__ = ["DJANGO_NAMES", "migrate_django", "take_regex"]

_METHODS: Final = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
_HEADERS: Final = ("accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with")
DJANGO_NAMES: Final[Mapping[str, Any]] = {"default_methods": list(_METHODS), "default_headers": list(_HEADERS)}
"""What a settings module imports from `corsheaders.defaults`."""

_OLD_NAMES: Final = {
    "CORS_ORIGIN_ALLOW_ALL": "CORS_ALLOW_ALL_ORIGINS",
    "CORS_ORIGIN_WHITELIST": "CORS_ALLOWED_ORIGINS",
    "CORS_ORIGIN_REGEX_WHITELIST": "CORS_ALLOWED_ORIGIN_REGEXES",
}
_KNOWN: Final = frozenset(
    {
        "CORS_ALLOW_ALL_ORIGINS",
        "CORS_ALLOWED_ORIGINS",
        "CORS_ALLOWED_ORIGIN_REGEXES",
        "CORS_ALLOW_CREDENTIALS",
        "CORS_ALLOW_HEADERS",
        "CORS_ALLOW_METHODS",
        "CORS_ALLOW_PRIVATE_NETWORK",
        "CORS_EXPOSE_HEADERS",
        "CORS_PREFLIGHT_MAX_AGE",
        "CORS_URLS_REGEX",
    }
)


def migrate_django(old: OldSettings) -> Draft:
    """The policy that is equal to these settings, as far as that is safe."""
    for before, now in _OLD_NAMES.items():
        if before in old.values:
            old.values.setdefault(now, old.values.pop(before))
            old.lines.setdefault(now, old.lines.get(before, old.line))
    draft = Draft(old)
    credentials = draft.get("CORS_ALLOW_CREDENTIALS", False) is True
    draft.settings["allow_origins"] = []
    _origins(draft, credentials=credentials)
    methods = strings_of(draft, "CORS_ALLOW_METHODS", draft.get("CORS_ALLOW_METHODS", _METHODS))
    draft.settings["allow_methods"] = methods
    headers = strings_of(draft, "CORS_ALLOW_HEADERS", draft.get("CORS_ALLOW_HEADERS", _HEADERS))
    # Accept needs no leave, and User-Agent is the browser's.
    draft.settings["allow_headers"] = sorted({header.lower() for header in headers} - {"accept", "user-agent"})
    draft.settings["expose_headers"] = strings_of(draft, "CORS_EXPOSE_HEADERS", draft.get("CORS_EXPOSE_HEADERS", ()))
    if credentials:
        draft.settings["allow_credentials"] = True
    age = draft.get("CORS_PREFLIGHT_MAX_AGE", 86400)
    if isinstance(age, int) and age > 0:
        draft.settings["max_age"] = min(age, 86400)
    if "CORS_URLS_REGEX" in old.values:
        draft.note("CORS_URLS_REGEX", "A policy is bound to views, not to paths: use the decorator on those views.")
    for name in sorted(set(old.values) - _KNOWN):
        draft.note(name, "django-cors-headers has no such setting, and never read it.")
    finish(draft)
    return draft


def _origins(draft: Draft, *, credentials: bool) -> None:
    if draft.get("CORS_ALLOW_ALL_ORIGINS", False) is True:
        if not credentials:
            draft.settings["allow_origins"] = ["*"]
            return
        sentence = (
            "Together with CORS_ALLOW_CREDENTIALS every origin was reflected (D1): any page on the web could read in "
            "the name of your users. Name the origins that are yours, or leave credentials off."
        )
        draft.note("CORS_ALLOW_ALL_ORIGINS", sentence, ["https://evil.example", "null"])
    origins = strings_of(draft, "CORS_ALLOWED_ORIGINS", draft.get("CORS_ALLOWED_ORIGINS", ()))
    if "null" in origins:
        origins.remove("null")
        draft.note("CORS_ALLOWED_ORIGINS", "`null` is left out: anybody can send it, from a sandboxed frame.", ["null"])
    draft.take_origins("CORS_ALLOWED_ORIGINS", origins)
    for expression in strings_of(draft, "CORS_ALLOWED_ORIGIN_REGEXES", draft.get("CORS_ALLOWED_ORIGIN_REGEXES", ())):
        take_regex(draft, "CORS_ALLOWED_ORIGIN_REGEXES", Regex(expression), "D2")


def take_regex(draft: Draft, subject: str, expression: str, defect: str, flags: int = 0) -> None:
    """An expression that was tried with `re.match`: anchored at the start, open at the end."""
    try:
        pattern = re.compile(expression, flags)
    except re.error as error:
        draft.note(subject, f"{expression[:80]!r} is no regular expression: {error}.")
        return
    meant, witnesses = regex_witnesses(expression, lambda origin: pattern.match(origin) is not None)
    draft.settings["allow_origins"] += meant
    shown = f"{expression[:80]!r}"
    if not meant:
        draft.note(subject, f"What {shown} was meant for is not plain: write the origins or patterns.", witnesses)
    elif witnesses:
        reason = "" if pattern.pattern.endswith(("$", "\\Z")) else ": nothing held its end"
        sentence = f"{shown} was meant as {', '.join(meant)}, and matched more{reason} ({defect})."
        if (sample := meant[0].replace("*.", "x.").replace(":*", "")) and pattern.match(sample) is None:
            sentence += f" {sample}, which was meant, it did not even match."
        draft.note(subject, sentence, witnesses)
