"""What a change of policy means, in words: what it newly allows, and what it no longer allows."""

from __future__ import annotations

from dataclasses import dataclass

from crossorigin.policy.patterns import parse_pattern
from crossorigin.policy.view import PolicyView

__all__ = ["PolicyDiff", "diff_policies"]


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """Each a list of sentences. `newly_allows` is what to look at before a change goes out; `other` is neither."""

    newly_allows: tuple[str, ...] = ()
    no_longer_allows: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.newly_allows or self.no_longer_allows or self.other)

    def __str__(self) -> str:
        if not self:
            return "Nothing changes."
        parts = (
            ("newly allows:", "+", self.newly_allows),
            ("no longer allows:", "-", self.no_longer_allows),
            ("otherwise:", "~", self.other),
        )
        return "\n".join(
            "\n".join([title, *(f"  {sign} {line}" for line in lines)]) for title, sign, lines in parts if lines
        )


def diff_policies(old: PolicyView, new: PolicyView) -> PolicyDiff:
    """The change from `old` to `new`; an origin that a pattern covered before is nothing new."""
    other = []
    if old.max_age != new.max_age:
        other.append(f"browsers may remember a preflight's answer for {_age(new)}, before it was {_age(old)}")
    if old.preflight_status != new.preflight_status:
        other.append(f"preflights are answered with {new.preflight_status}, before it was {old.preflight_status}")
    if old.debug != new.debug:
        other.append(
            "denied preflights tell everybody what the policy allows (debug)"
            if new.debug
            else "denied preflights tell nothing any more (debug is off)"
        )
    return PolicyDiff(tuple(_additions(old, new)), tuple(_additions(new, old)), tuple(other))


def _additions(old: PolicyView, new: PolicyView) -> list[str]:
    """What `new` allows and `old` does not."""
    lines = _origins(old, new)
    if new.allow_credentials and not old.allow_credentials:
        lines.append(f"credentials (cookies and the like) for {_some(new.allow_origins)}")
    for name, one, any_of_them in (
        ("allow_methods", "method {}", "any method"),
        ("allow_headers", "request header {}", "any request header"),
        ("expose_headers", "script reads response header {}", "script reads every response header"),
    ):
        before, after = set(getattr(old, name)), set(getattr(new, name))
        if name == "allow_methods":
            before |= {"GET", "HEAD", "POST"}
        if "*" in after and "*" not in before:
            lines.append(any_of_them)
        elif "*" not in before:
            lines += [one.format(item) for item in sorted(after - before)]
        if "authorization" in after - before and "*" in before | after and name == "allow_headers":
            lines.append("request header authorization")
    if old.refuse_disallowed_origins and not new.refuse_disallowed_origins:
        lines.append("requests of origins that are not allowed reach the application (script still cannot read)")
    return lines


def _origins(old: PolicyView, new: PolicyView) -> list[str]:
    if "*" in old.allow_origins:
        return []
    if "*" in new.allow_origins:
        return ["every origin"]
    before = [parse_pattern(text) for text in old.allow_origins if text != "null"]
    lines = []
    for text in new.allow_origins:
        if text in old.allow_origins:
            continue
        if text == "null":
            lines.append("origin null, which anybody can send")
            continue
        pattern = parse_pattern(text)
        if not any(known.covers(pattern) for known in before):
            lines.append(f"origin {text}{_meaning(pattern.any_subdomain, pattern.port == '*')}")
    return lines


def _meaning(any_subdomain: bool, any_port: bool) -> str:  # noqa: FBT001 - two facts of one pattern
    parts = ["every name below it"] if any_subdomain else []
    parts += ["every port"] if any_port else []
    return f" ({', '.join(parts)})" if parts else ""


def _some(origins: tuple[str, ...]) -> str:
    shown = ", ".join(origins[:3])
    return shown if len(origins) <= 3 else f"{shown} and {len(origins) - 3} more"


def _age(policy: PolicyView) -> str:
    return "5 seconds (nothing said)" if policy.max_age is None else f"{policy.max_age} seconds"
