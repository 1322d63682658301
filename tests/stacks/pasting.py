"""The parts of a rendered file at their places in a file that exists: what a person would do, done by rule.

The rules know a place by its words alone: a place in other words is a KeyError, and needs a rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from textwrap import indent

from crossorigin.stacks import Part

__all__ = ["paste"]

Rule = Callable[[str, str], str]


def _found(text: str, expression: str) -> re.Match[str]:
    found = re.search(expression, text, re.MULTILINE)
    assert found, f"{expression} is nowhere in:\n{text}"
    return found


def _margin(text: str) -> str:
    """What its first line is indented by."""
    found = re.match(r"[ \t]*", text)
    return found[0] if found else ""


def above(expression: str) -> Rule:
    """In lines of its own in front of the line, indented as it is."""

    def rule(text: str, part: str) -> str:
        found = _found(text, expression)
        start = text.rfind("\n", 0, found.start()) + 1
        return text[:start] + indent(part, _margin(text[start:])) + "\n" + text[start:]

    return rule


def below(expression: str) -> Rule:
    """In lines of its own behind the last line, indented as the first."""

    def rule(text: str, part: str) -> str:
        found = _found(text, expression)
        start, end = text.rfind("\n", 0, found.start()) + 1, text.index("\n", found.end()) + 1
        return text[:end] + indent(part, _margin(text[start:])) + "\n" + text[end:]

    return rule


def inside(expression: str) -> Rule:
    """In lines of its own at the top of the block that the line begins, indented as what is there."""

    def rule(text: str, part: str) -> str:
        end = text.index("\n", _found(text, expression).end()) + 1
        return text[:end] + indent(part, _margin(text[end:])) + "\n" + text[end:]

    return rule


def instead(expression: str, replacement: Callable[[str, str], str]) -> Rule:
    """In place of what is there, of which the replacement is made with the part."""

    def rule(text: str, part: str) -> str:
        found = _found(text, expression)
        return text[: found.start()] + replacement(found[0], part) + text[found.end() :]

    return rule


def at_the_end(text: str, part: str) -> str:
    return f"{text}\n{part}\n"


def served(text: str, part: str) -> str:
    """At the end, and what a server is told to run is another name."""
    return at_the_end(text, part).replace("app:app", "app:application")


_APP = r"^ *(?:const )?app = .+$"
_LITESTAR = r"Litestar\([^)]*\)"

RULES: dict[str, Rule] = {
    # Servers
    "in the http block, outside any server": above(r"^ *server \{"),
    "at the top of your server block": inside(r"^ *server \{"),
    "at the top of your VirtualHost, outside any Location or Directory": inside(r"^<VirtualHost "),
    "in the block of your site": inside(r"^:[0-9]+ \{"),
    "in front of your reverse_proxy or file_server": above(r"^\treverse_proxy "),
    "within { } behind the address of your reverse_proxy": instead(
        r"(?<=reverse_proxy )\S+$", lambda address, part: f"{address} {{\n{indent(part, 2 * chr(9))}\n\t}}"
    ),
    "behind your reverse_proxy or file_server: the end of the route": below(r"^\treverse_proxy [^{]*\{[^}]*\}"),
    "in your frontend, below its bind and before all else that it does": below(r"^ *bind "),
    "at the front of your server.modules": instead(r"^server\.modules \+= \( ", lambda there, part: f"{there}{part} "),
    "at the end of your configuration, outside any condition": at_the_end,
    "at the top of your http_filters": inside(r"^ *http_filters:$"),
    "in your virtual host": below(r"^ *domains: "),
    "at the top of your virtual host's routes": inside(r"^ *routes:$"),
    # Applications
    "among the imports of your application": above(r"^(?:import|from) "),
    "right after your application, here app, is created, before all its routes": below(_APP),
    "right after your application, here app, is created": below(_APP),
    "below the imports, outside any function": below(r"^import .+$(?![\s\S]*^import )"),
    "before your application is created": above(_APP),
    "at the end of your application's module; then let the server run application in place of app": served,
    "at the end of settings.py": at_the_end,
    "in front of your Litestar(…)": instead(_LITESTAR, lambda there, part: f"{part}{there}"),
    "behind your Litestar(…) and a comma": instead(_LITESTAR, lambda there, part: f"{there},\n{part}"),
    "among the arguments of your Litestar(…)": instead(
        _LITESTAR, lambda there, part: f"{there.removesuffix(')')}, {part})"
    ),
}


def paste(text: str, parts: Iterable[Part]) -> str:
    """The text with every part at its place. A hint for CommonJS is passed over."""
    for part in parts:
        text = RULES[part.place.partition(" (in CommonJS ")[0]](text, part.text)
    return text
