"""From the settings of Starlette, flask-cors and django-cors-headers to the equal safe policy.

Equal as far as that is safe: what the old settings were meant to allow, the new ones allow. What they allowed and
nobody meant is named, with origins that were tried on the old library's own way of matching.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crossorigin.policy.fields import FIELDS
from crossorigin.policy.migrate_django import DJANGO_NAMES, migrate_django
from crossorigin.policy.migrate_flask import migrate_flask
from crossorigin.policy.migrate_starlette import migrate_starlette
from crossorigin.policy.migration import Draft, Finding
from crossorigin.policy.old_settings import OldSettings, read_assignments, read_calls
from crossorigin.policy.problems import quoted

__all__ = [
    "FRAMEWORKS",
    "Migration",
    "MigrationError",
    "migrate_file",
    "migrate_settings",
    "migrate_source",
    "migration_of",
]

FRAMEWORKS: Final = ("starlette", "fastapi", "flask", "django")

_COMMENT: Final[Mapping[str, Any]] = {
    "initial_indent": "# ",
    "subsequent_indent": "#   ",
    "break_long_words": False,
    "break_on_hyphens": False,
}
_STARLETTE_CALLS: Final = frozenset({"CORSMiddleware"})
_FLASK_CALLS: Final = frozenset({"CORS", "cross_origin"})
_DJANGO_PREFIX: Final = "CORS_"


class MigrationError(ValueError):
    """A file that has no such settings, or that is no Python; one line that names it."""


@dataclass(frozen=True, slots=True)
class Migration:
    """The policies by name, as settings (a single one has the name `policy`), and everything to look at."""

    policies: Mapping[str, Mapping[str, Any]]
    findings: tuple[Finding, ...]

    def to_toml(self) -> str:
        """The policies as `crossorigin.toml` has them, the findings as comments above."""
        from textwrap import wrap  # noqa: PLC0415 - only here

        lines = [line for finding in self.findings for line in wrap(str(finding), 88, **_COMMENT)]
        for name, settings in self.policies.items():
            header = "[policy]" if len(self.policies) == 1 else f"[policies.{quoted(name)}]"
            lines += ["", header] if lines else [header]
            lines += [f"{field} = {_toml(settings[field])}" for field in FIELDS if field in settings]
        return "\n".join(lines) + "\n"


def migrate_settings(settings: Mapping[str, Any], framework: str) -> Migration:
    """Move over settings that are at hand: the keyword arguments, or the `CORS_…` names and values for Django."""
    return migration_of(_drafts(OldSettings(dict(settings)), framework))


def migrate_source(source: str, framework: str) -> Migration:
    """Move over the settings in the text of a Python file, which is not run; raises MigrationError for none."""
    try:
        if framework == "django":
            found = [read_assignments(source, _DJANGO_PREFIX, DJANGO_NAMES)]
        else:
            found = read_calls(source, _FLASK_CALLS if framework == "flask" else _STARLETTE_CALLS)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise MigrationError(f"it is not Python: {error}") from None
    found = [settings for settings in found if settings.values or framework == "flask"]
    if not found:
        what = {"django": "CORS_… setting", "flask": "CORS(app, …)"}.get(framework, "CORSMiddleware")
        raise MigrationError(f"there is no {what} in it")
    return migration_of([draft for settings in found for draft in _drafts(settings, framework)])


def migrate_file(path: Path, framework: str) -> Migration:
    """Move over the settings in a Python file; raises MigrationError with one line that names the file."""
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MigrationError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from None
    except OSError as error:
        raise MigrationError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        return migrate_source(source, framework)
    except MigrationError as error:
        raise MigrationError(f"{path}: {error}") from None


def _drafts(settings: OldSettings, framework: str) -> list[Draft]:
    if framework not in FRAMEWORKS:
        raise MigrationError(f"{framework!r} is not one of {', '.join(FRAMEWORKS)}")
    if framework == "django":
        return [migrate_django(settings)]
    return migrate_flask(settings) if framework == "flask" else [migrate_starlette(settings)]


def migration_of(drafts: list[Draft]) -> Migration:
    """The policies that drafts come to, each with a name of its own."""
    policies: dict[str, Mapping[str, Any]] = {}
    for index, draft in enumerate(drafts):
        name = draft.name or ("policy" if len(drafts) == 1 else f"policy-{index + 1}")
        while name in policies:
            name += "-again"
        policies[name] = draft.settings
    return Migration(policies, tuple(finding for draft in drafts for finding in draft.findings))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        items = [quoted(item) for item in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= 88 else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    return str(value)
