"""The origins that the values of Access-Control-Allow-Origin come to, each with the tests that it is sent by.

A value is sent to everybody, or to the origins that pass one of its tests. Where everybody gets the own origin back, no
policy says the same: with credentials nobody is taken, without them it is `*`.
"""

from __future__ import annotations

from crossorigin.policy.migration import Draft
from crossorigin.policy.problems import shown
from crossorigin.stacks.header_rules import Echo, Said, printable
from crossorigin.stacks.origin_test import ANYBODY, How, OriginTest, is_for_anybody, leave_null, take_test
from crossorigin.stacks.origin_words import origins_of

__all__ = ["take_origins"]


def take_origins(draft: Draft, said: list[Said]) -> None:
    """Add to a policy whom every Access-Control-Allow-Origin of one place is for, and say what it is not."""
    fixed = {each.value for each in said if each.when.only is None and isinstance(each.value, str)}
    if len(fixed) > 1:
        sentence = (
            "Everybody gets the same one of several values, or all at once, which browsers refuse; each is taken as it "
            "was meant."
        )
        draft.note(printable(said[-1].text), sentence, line=said[-1].line)
    if said and all(each.when.is_preflight for each in said):
        sentence = "It is sent to preflights alone, and no answer could be read; the policy is for both."
        draft.note(printable(said[0].text), sentence, line=said[0].line)
    tested: set[tuple[str, How, bool]] = set()
    for each in dict.fromkeys(said):
        only = each.when.only
        if isinstance(each.value, Echo) and each.value is not Echo.ORIGIN:
            draft.note(printable(each.text), "not read: it is copied from a header that is no Origin.", line=each.line)
        elif only is None or any(map(is_for_anybody, only)):
            _take_unconditional(draft, each)
        elif each.value in {Echo.ORIGIN, "*"} or all(_is(test, each.value) for test in only):
            for test in only:
                if (key := (test.text, test.how, test.any_case)) not in tested:
                    tested.add(key)
                    take_test(draft, test)
        else:
            sentence = f"not read: it sends {shown(each.value, 80)} by a test of another origin, or by an expression."
            draft.note(printable(each.text), sentence, line=each.line)


def _is(test: OriginTest, origin: str | Echo) -> bool:
    if test.how is How.TEXT:
        return test.text == origin
    return origins_of(test.text, whole=test.how is How.MATCH) == [origin]


def _take_unconditional(draft: Draft, said: Said) -> None:
    subject = printable(said.text)
    if said.value == "null":
        leave_null(draft, subject, said.line)
    elif isinstance(said.value, str):
        draft.take_origins(subject, [said.value.strip()], line=said.line)
    elif draft.settings.get("allow_credentials"):
        sentence = (
            "Every origin is reflected, with credentials: any page on the web could read in the name of your users. "
            "Name the origins that are yours, or leave credentials off."
        )
        draft.note(subject, sentence, ANYBODY, line=said.line)
    else:
        sentence = "Every origin is reflected; without credentials that is `*`, which is taken."
        draft.note(subject, sentence, line=said.line)
        draft.settings["allow_origins"].append("*")
