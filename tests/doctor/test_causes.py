"""The codes of the causes: never two for one thing, each with its title, and confidence in words."""

from __future__ import annotations

import re

import pytest

from crossorigin.doctor.causes import CAUSES, HIGH, Cause, CauseCode
from crossorigin.fetch.blocks import BLOCKS
from crossorigin.policy.problems import PROBLEMS

FIRST_DIGITS = {"1": 10, "2": 6, "3": 9, "4": 12, "5": 8, "9": 4}
"""How many there are of each: not CORS at all, the page, before CORS, the policy, some answers, beliefs."""


class TestCodes:
    """Stable, and each in its place."""

    def test_every_code_has_a_title_in_one_line(self) -> None:
        assert list(CAUSES) == list(CauseCode)
        titles = [kind.title for kind in CAUSES.values()]
        assert len(set(titles)) == len(titles)
        for code, kind in CAUSES.items():
            assert kind.code is code
            assert kind.title.isprintable()
            assert not kind.title.endswith(".")

    def test_the_form(self) -> None:
        values = [code.value for code in CauseCode]
        assert values == sorted(values)
        assert len(set(values)) == len(values)
        assert all(re.fullmatch("C[0-9]{3}", value) for value in values)

    def test_the_first_digit_says_where_to_look(self) -> None:
        firsts = [code.value[1] for code in CauseCode]
        assert {digit: firsts.count(digit) for digit in firsts} == FIRST_DIGITS

    def test_within_a_place_none_is_left_out(self) -> None:
        for digit, count in FIRST_DIGITS.items():
            assert {f"C{digit}{number:02}" for number in range(1, count + 1)} <= set(CauseCode)

    def test_no_code_of_a_block_or_a_problem_is_one(self) -> None:
        assert not {*map(str, CauseCode)} & {*map(str, BLOCKS), *map(str, PROBLEMS)}


KNOWLEDGE: dict[str, tuple[str, str]] = {
    "no CORS configured": ("C401", "has no CORS policy"),
    "OPTIONS not routed": ("C301", "No route answers OPTIONS"),
    "auth rejects the preflight": ("C302", "Authentication"),
    "CSRF or WAF rejects the preflight": ("C303", "firewall or a CSRF check"),
    "an app error hides CORS": ("C502", "application fails"),
    "reverse proxy's error page": ("C503", "proxy or gateway"),
    "wildcard and credentials": ("C407", "wildcard"),
    "origin typo": ("C403", "misspelt"),
    "localhost and 127.0.0.1": ("C404", "127.0.0.1"),
    "header missing in ACAH": ("C405", "request header is not allowed"),
    "method missing in ACAM": ("C406", "method is not allowed"),
    "method in the wrong case": ("C204", "lower case"),
    "http to https": ("C304", "http is redirected to https"),
    "trailing slash": ("C305", "slash"),
    "redirect to login": ("C306", "login page"),
    "redirect makes the origin null": ("C507", "origin null"),
    "proxy and app both add": ("C409", "Two layers"),
    "ACAC missing or True": ("C408", "`true`"),
    "CORS only on the preflight": ("C501", "preflight is right"),
    "nginx inheritance, no always": ("C504", "parts of the site"),
    "cache without Vary": ("C505", "cache"),
    "image loaded first without crossorigin": ("C508", "loaded without CORS"),
    "service down": ("C101", "No server answers"),
    "TLS bad": ("C102", "TLS"),
    "mixed content": ("C104", "over https calls a URL over http"),
    "extension": ("C105", "ad blocker"),
    "API Gateway": ("C308", "gateway has no OPTIONS"),
    "bucket rules": ("C309", "bucket's CORS rules"),
    "file or sandboxed page": ("C203", "no origin"),
    "the client sends ACA* headers": ("C201", "belong on the response"),
    "no-cors": ("C202", "no-cors"),
    "cookies": ("C206", "cookie"),
    "response header unreadable": ("C412", "hidden from script"),
    "local network": ("C108", "private address"),
    "CORP and COEP": ("C107", "Cross-Origin-Resource-Policy"),
    "CSP": ("C106", "Content-Security-Policy"),
    "stale preflight cache": ("C506", "old preflight"),
    "WebSocket": ("C110", "WebSocket"),
    "switching the policy off": ("C902", "without the policy"),
    "JSONP": ("C903", "JSONP"),
    "public CORS proxies": ("C904", "public CORS proxy"),
    "CORS as protection": ("C901", "protects no API"),
}
"""Root causes as they come in the field, and the code that stands for each: never another."""


@pytest.mark.parametrize("cause", KNOWLEDGE)
def test_a_code_never_changes_its_meaning(cause: str) -> None:
    code, words = KNOWLEDGE[cause]
    assert words in CAUSES[CauseCode(code)].title


@pytest.mark.parametrize(
    ("confidence", "word"),
    [
        (1.0, "certain"),
        (0.95, "certain"),
        (0.9499, "very likely"),
        (0.8, "very likely"),
        (0.7999, "likely"),
        (0.6, "likely"),
        (0.5999, "possible"),
        (0.0, "possible"),
    ],
)
def test_confidence_in_words(confidence: float, word: str) -> None:
    cause = Cause(CauseCode.NO_ROUTE, confidence, ("seen",), "Mend it.")
    assert cause.sureness == word
    assert (confidence >= HIGH) == (word in {"certain", "very likely"})
    assert cause.title == "No route answers OPTIONS"
