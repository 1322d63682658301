"""What Apache's variables and conditions say of Origin; what else they depend on is not known."""

from __future__ import annotations

import pytest

from crossorigin.stacks.apache_conditions import Environment, Rewriting
from crossorigin.stacks.apache_syntax import parse
from crossorigin.stacks.header_rules import ALWAYS, ANY_ORIGIN, NEVER_KNOWN, UNKNOWN, Echo, Outcome, When
from crossorigin.stacks.origin_test import How, OriginTest

ONE = When(only=(OriginTest("^https://a$", 1, How.SEARCH),))
WHOLE = When(only=(OriginTest("^https://a$", 1, How.MATCH),))
PREFLIGHT = When(is_preflight=True)


def environment(*lines: str) -> Environment:
    """After these lines."""
    found, rewriting = Environment(), Rewriting()
    for each in parse("\n".join(lines)):
        if each.name.lower().startswith("setenvif"):
            found.set_env_if(each)
        elif each.name == "RewriteCond":
            rewriting.condition(each)
        else:
            rewriting.rule(each, found)
    return found


class TestVariables:
    def test_a_flag(self) -> None:
        found = environment("SetEnvIf Origin ^https://a$ A B=x")
        assert found.is_set("A") == ONE
        assert found.values("B") == [Outcome("x", ONE)]
        assert found.is_value("B", "x") == ONE
        assert found.is_value("B", "y") == NEVER_KNOWN
        assert found.is_set("C") == NEVER_KNOWN
        assert found.values("C") == [UNKNOWN]

    @pytest.mark.parametrize(("expression", "copy"), [("^https://a$", "$0"), ("^(https://a)$", "$1")])
    def test_what_was_matched_counts_as_a_whole(self, expression: str, copy: str) -> None:
        found = environment(f"SetEnvIf Origin {expression} A={copy}")
        whole = When(only=(OriginTest(expression, 1, How.MATCH),))
        assert found.values("A") == [Outcome(Echo.ORIGIN, whole)]

    def test_a_piece_is_not_known(self) -> None:
        assert environment("SetEnvIf Origin ^https://(a|b)$ A=$1").values("A") == [
            Outcome(None, When(only=(OriginTest("^https://(a|b)$", 1, How.SEARCH),)))
        ]

    def test_anybody(self) -> None:
        found = environment("SetEnvIf Origin ^(.*)$ A=$0")
        assert found.values("A") == [Outcome(Echo.ORIGIN, When(only=(ANY_ORIGIN,)))]

    def test_in_any_case(self) -> None:
        found = environment("SetEnvIfNoCase Origin ^https://a$ A")
        assert found.is_set("A") == When(only=(OriginTest("^https://a$", 1, How.SEARCH, any_case=True),))

    def test_others(self) -> None:
        found = environment(
            "SetEnvIf Host a A",
            "SetEnvIf Access-Control-Request-Method ^(?:GET|PUT)$ B=$0",
            "SetEnvIf Request_Method ^OPTIONS$ C",
        )
        assert found.is_set("A") == NEVER_KNOWN
        assert found.values("B") == [Outcome(Echo.METHOD, PREFLIGHT)]
        assert found.methods == ["GET", "PUT"]
        assert found.is_set("C") == PREFLIGHT

    def test_taken_away(self) -> None:
        assert not Environment().set_env_if(parse("SetEnvIf Origin ^https://b$ !A")[0])
        assert Environment().set_env_if(parse("SetEnvIf X b !A")[0])

    def test_around(self) -> None:
        outer = environment("SetEnvIf Origin ^https://a$ A")
        assert Environment(outer).is_set("A") == ONE


class TestRewriting:
    @pytest.mark.parametrize(
        ("condition", "rule", "outcome"),
        [
            ("%{HTTP:Origin} ^https://a$", "^ - [E=A:%0]", Outcome(Echo.ORIGIN, WHOLE)),
            ("%{HTTP:Origin} (.+)", ". - [E=A:%1]", Outcome(Echo.ORIGIN, When(only=(ANY_ORIGIN,)))),
            ("%{HTTP:Origin} ^https://a$", "^ - [E=A:%{HTTP:Origin}]", Outcome(Echo.ORIGIN, ONE)),
            ("%{HTTP:Origin} =https://a", "^ - [E=A:x]", Outcome("x", When(only=(OriginTest("https://a", 1),)))),
            ("%{REQUEST_METHOD} =OPTIONS", "^ - [E=A:x]", Outcome("x", PREFLIGHT)),
            ("%{HTTP:Access-Control-Request-Method} .", "^ - [E=A:x]", Outcome("x", PREFLIGHT)),
            ("%{HTTP:Origin} !^https://a$", "^ - [E=A:x]", UNKNOWN),
            ("%{HTTP:Origin} ^https://a$ [OR]", "^ - [E=A:x]", UNKNOWN),
            ("%{HTTP_HOST} ^a$", "^ - [E=A:x]", UNKNOWN),
            ("%{ENV:UNKNOWN} .", "^ - [E=A:x]", UNKNOWN),
            ("%{HTTP:Origin} ^https://a$", "^/path - [E=A:x]", UNKNOWN),
        ],
    )  # fmt: skip
    def test_variables(self, condition: str, rule: str, outcome: Outcome) -> None:
        assert environment(f"RewriteCond {condition}", f"RewriteRule {rule}").values("A") == [outcome]

    def test_a_condition_is_for_one_rule(self) -> None:
        found = environment("RewriteCond %{HTTP_HOST} a", "RewriteRule ^ -", "RewriteRule ^ - [E=A:x]")
        assert found.values("A") == [Outcome("x", ALWAYS)]

    def test_a_variable_that_is_there(self) -> None:
        found = environment(
            "SetEnvIf Origin ^https://a$ A", "RewriteCond %{ENV:A} .", "RewriteRule ^ - [E=B:%{HTTP:Origin}]"
        )
        assert found.values("B") == [Outcome(Echo.ORIGIN, ONE)]

    @pytest.mark.parametrize(
        ("condition", "flags", "status"),
        [
            ("%{REQUEST_METHOD} OPTIONS", "R=204,L", 204),
            ("%{REQUEST_METHOD} ^OPTIONS$", "L,R=200", 200),
            ("%{REQUEST_METHOD} GET", "R=204", None),
            ("%{REQUEST_METHOD} OPTIONS", "R=301", None),
        ],
    )
    def test_the_end_of_a_preflight(self, condition: str, flags: str, status: int | None) -> None:
        rewriting = Rewriting()
        rewriting.condition(parse(f"RewriteCond {condition}")[0])
        assert rewriting.rule(parse(f"RewriteRule .* - [{flags}]")[0], Environment()) == status


@pytest.mark.parametrize(
    ("expression", "when"),
    [
        ("%{HTTP:Origin} == 'https://a'", When(only=(OriginTest("https://a", 5),))),
        ("req('Origin') == 'https://a'", When(only=(OriginTest("https://a", 5),))),
        ("%{HTTP:Origin} =~ m#^https://a$#", When(only=(OriginTest("^https://a$", 5, How.SEARCH),))),
        ("%{HTTP:Origin} =~ /^b$/i", When(only=(OriginTest("^b$", 5, How.SEARCH, any_case=True),))),
        ("-n %{HTTP:Origin}", When(only=(ANY_ORIGIN,))),
        ("%{REQUEST_METHOD} == 'OPTIONS'", PREFLIGHT),
        ("reqenv('A') == '1'", ONE),
        ("reqenv('A') != ''", ONE),
        ("-n reqenv('A')", ONE),
        ("%{REQUEST_METHOD} == 'OPTIONS' && -n reqenv('A')", When(only=ONE.only, is_preflight=True)),
        (
            "%{HTTP:Origin} == 'https://a' || %{HTTP:Origin} == 'https://b'",
            When(only=(OriginTest("https://a", 5), OriginTest("https://b", 5))),
        ),
        ("%{HTTP:Origin} != 'https://a'", NEVER_KNOWN),
        ("!(%{HTTP:Origin} == 'https://a')", NEVER_KNOWN),
        ("%{HTTP:Host} == 'a'", NEVER_KNOWN),
        ("%{HTTP:Origin} == 'https://a' || %{HTTP:Host} == 'a'", NEVER_KNOWN),
        ("", NEVER_KNOWN),
    ],
)
def test_expressions(expression: str, when: When) -> None:
    assert environment("SetEnvIf Origin ^https://a$ A").expression(expression, 5) == when
