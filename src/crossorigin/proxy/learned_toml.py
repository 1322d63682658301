"""What was learned as a policy file that explains itself, and as the few lines that are printed for a route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from crossorigin.policy.escape import escape
from crossorigin.policy.problems import quoted
from crossorigin.proxy.learned import Learned, Need

__all__ = ["MARK", "Section", "note_text", "policy_file"]

MARK: Final = "# The least policy for what pages asked through the proxy: crossorigin proxy --learn"
"""The first line of every file that is written here, by which it is known when it is written again."""
_WIDTH: Final = 100
_PREAMBLE: Final = (
    "What the pages did not do meanwhile is not in it: use every part of the application once. "
    "Put the origins that the application has in production in the place of those of development. "
    "To see it as configuration of a server: crossorigin policy render"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One policy: the name it has beside others, the routes that it is for, their target where it is known."""

    name: str
    routes: tuple[str, ...]
    target: str
    learned: Learned
    need: Need


def policy_file(sections: Sequence[Section]) -> str:
    """`[policy]` for one section, else `[policies.NAME]` for each, with comments."""
    lines = [MARK, *_comment(_PREAMBLE)]
    for section in sections:
        header = "[policy]" if len(sections) == 1 else f"[policies.{quoted(section.name)}]"
        where = f" → {_safe(section.target)}" if section.target else ""
        routes = ", ".join(map(_safe, section.routes))
        lines += [
            "",
            *_comment(f"{routes}{where}: {section.learned.calls} calls of script"),
            header,
            *_section(section),
        ]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    need, learned = section.need, section.learned
    settings = need.settings
    lines = [*_comment(*_about_origins(need, learned)), f"allow_origins = {_toml(settings['allow_origins'])}"]
    for name, counts in (("allow_methods", learned.methods), ("allow_headers", learned.headers)):
        if name in settings:
            lines += [*_comment(counts.told(settings[name])), f"{name} = {_toml(settings[name])}"]
        if counts.has_more:
            lines += _comment(f"There were more {name.removeprefix('allow_')} than are kept here.")
    if need.odd:
        shown = ", ".join(map(_safe, need.odd))
        lines += _comment(f"Asked for, and in no policy, because no browser would send it across origins: {shown}")
    lines += _comment(*_about_credentials(need, learned))
    if "allow_credentials" in settings:
        lines.append("allow_credentials = true")
    if learned.readable:
        lines += [
            *_comment(
                "The API sends these, and script can read them only where they are listed. List what yours reads:"
            ),
            f"# expose_headers = {_toml(sorted(learned.readable), one_line=True)}",
        ]
    return lines


def _about_origins(need: Need, learned: Learned) -> list[str]:
    said = []
    if learned.origins:
        said.append(f"Pages of these called from another origin: {learned.origins.told(sorted(learned.origins))}")
    if learned.strangers:
        names = learned.strangers.told(sorted(learned.strangers))
        said.append(f"Pages of other machines called too, and are not in the policy: {_safe(names)}")
    if need.insecure:
        names = ", ".join(need.insecure)
        what = "not in the policy" if "allow_credentials" in need.settings else "without credentials"
        said.append(f"{names}: {what}, for anybody on the network can write its pages. Serve them with https.")
    return said


def _about_credentials(need: Need, learned: Learned) -> list[str]:
    said = []
    if need.own_cookies:
        said.append(f"Cookies that the API has set came along: {_told(learned, need.own_cookies)}")
    if need.other_cookies:
        said.append(
            f"Cookies that nobody was seen to set came along: {_told(learned, need.other_cookies)}. If the API reads "
            + ("none of them, " if need.own_cookies else "none of them, take allow_credentials away; ")
            + "localhost has one set of cookies for all its ports."
        )
    if need.managed:
        said.append(f"The browser itself sent Authorization: {learned.managed.told(need.managed)}")
    if said and "allow_credentials" not in need.settings:
        said.append("allow_credentials is left out, for none of the origins above may have it.")
    elif said:
        said.append('Across origins fetch() sends them only with credentials: "include".')
    if need.unfit:
        said.append(
            f"Where page and API are of different sites, these need SameSite=None; Secure: {_told(None, need.unfit)}"
        )
    return said


def _told(learned: Learned | None, names: Sequence[str]) -> str:
    return ", ".join(_safe(name) if learned is None else f"{_safe(name)} {learned.cookies[name]}" for name in names)


def note_text(route: str, need: Need) -> str:
    """A few lines of TOML under a heading, for the terminal."""
    lines = [f"in production {_safe(route)} needs:"]
    lines += [f"  {name} = {_toml(value, one_line=True)}" for name, value in need.settings.items()]
    if "allow_credentials" in need.settings:
        lines.append('  # and fetch(url, { credentials: "include" })')
    return "\n".join(lines)


def _comment(*sentences: str) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in wrap(sentence, _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_long_words=False)
    ]


def _safe(text: str) -> str:
    """Names come from requests: nothing of them ends a comment."""
    return escape(text.encode("utf-8"), 200)


def _toml(value: Any, *, one_line: bool = False) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    items = [quoted(item) for item in value]
    line = f"[{', '.join(items)}]"
    return line if one_line or len(line) <= _WIDTH - 20 else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
