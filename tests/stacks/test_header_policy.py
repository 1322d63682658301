"""The policies that headers come to: equal where that is safe, the nearest safe thing where it is not."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import ALWAYS, Echo, Place, Said, When, unread
from crossorigin.stacks.origin_test import How, OriginTest

APP = "https://app.example.com"
ONE = When(only=(OriginTest(APP, 1),))
PREFLIGHT = When(is_preflight=True)


def place(*headers: tuple[str, str | Echo, When], name: str = "") -> Place:
    """A place that says this, one header a line; `origin` is Access-Control-Allow-Origin."""
    said = [
        Said(
            f"access-control-allow-{short}" if short in _ALLOW else f"access-control-{short}", value, line, short, when
        )
        for line, (short, value, when) in enumerate(headers, 1)
    ]
    return Place(name, said=said)


_ALLOW = {"origin", "credentials", "methods", "headers"}


def come_to(*headers: tuple[str, str | Echo, When]) -> tuple[dict[str, object], list[str]]:
    """The settings, and what is said."""
    moved = migration([place(*headers)])
    return dict(moved.policies["policy"]), [str(finding) for finding in moved.findings]


def test_all_of_a_policy() -> None:
    assert come_to(
        ("origin", Echo.ORIGIN, ONE),
        ("credentials", "true", ALWAYS),
        ("methods", "GET, PUT, OPTIONS", ALWAYS),
        ("headers", "Content-Type, Accept ,,X-A", ALWAYS),
        ("expose-headers", "ETag", ALWAYS),
        ("max-age", "600", ALWAYS),
    ) == (
        {
            "allow_origins": [APP],
            "allow_credentials": True,
            "allow_methods": ["PUT", "OPTIONS"],
            "allow_headers": ["content-type", "x-a"],
            "expose_headers": ["etag"],
            "max_age": 600,
        },
        [],
    )


class TestSafety:
    """What is not safe, and what browsers refused, does not come back."""

    def test_any_origin_with_credentials_is_nobody(self) -> None:
        settings, said = come_to(("origin", Echo.ORIGIN, ALWAYS), ("credentials", "true", ALWAYS))
        assert settings["allow_origins"] == []
        assert "any page on the web could read" in said[0]
        assert "https://evil.example, null" in said[0]

    def test_by_an_expression_that_is_none_too(self) -> None:
        everybody = When(only=(OriginTest(".*", 1, How.SEARCH),))
        settings, _ = come_to(("origin", Echo.ORIGIN, everybody), ("credentials", "true", ALWAYS))
        assert settings["allow_origins"] == []

    def test_any_origin_without_credentials_is_a_wildcard(self) -> None:
        settings, said = come_to(("origin", Echo.ORIGIN, ALWAYS))
        assert settings["allow_origins"] == ["*"]
        assert said == ["line 1, origin: Every origin is reflected; without credentials that is `*`, which is taken."]

    def test_a_wildcard_with_credentials_has_none(self) -> None:
        settings, said = come_to(
            ("origin", "*", ALWAYS), ("credentials", "true", ALWAYS), ("headers", Echo.HEADERS, ALWAYS)
        )
        assert settings == {"allow_origins": ["*"], "allow_headers": ["*", "authorization"]}
        assert "(P401)" in said[0]

    def test_other_wildcards_with_credentials_are_names(self) -> None:
        settings, said = come_to(
            ("origin", APP, ALWAYS),
            ("credentials", "true", ALWAYS),
            ("methods", "*", ALWAYS),
            ("headers", "*, x-a", ALWAYS),
            ("expose-headers", "*", ALWAYS),
        )
        assert settings == {"allow_origins": [APP], "allow_credentials": True, "allow_headers": ["x-a"]}
        assert len(said) == 3

    def test_what_is_asked_for_is_not_what_is_granted_with_credentials(self) -> None:
        settings, said = come_to(
            ("origin", APP, ALWAYS),
            ("credentials", "true", ALWAYS),
            ("methods", Echo.METHOD, ALWAYS),
            ("headers", Echo.HEADERS, ALWAYS),
        )
        assert settings["allow_methods"] == ["DELETE", "PATCH", "PUT"]
        assert settings["allow_headers"] == ["authorization", "content-type"]
        assert len(said) == 2

    def test_null_is_left_out(self) -> None:
        settings, said = come_to(("origin", "null", ALWAYS))
        assert settings["allow_origins"] == []
        assert "`null` is left out" in said[0]

    @pytest.mark.parametrize("value", ["false", "True", ""])
    def test_credentials_are_true_or_off(self, value: str) -> None:
        settings, said = come_to(("origin", APP, ALWAYS), ("credentials", value, ALWAYS))
        assert "allow_credentials" not in settings
        assert "not read: browsers read `true`" in said[0]

    def test_credentials_for_some_are_for_nobody(self) -> None:
        both = When(only=(OriginTest(APP, 1), OriginTest("https://b.com", 1)))
        settings, said = come_to(("origin", Echo.ORIGIN, both), ("credentials", "true", ONE))
        assert settings == {"allow_origins": [APP, "https://b.com"]}
        assert "some of the origins alone" in said[0]
        assert come_to(("origin", Echo.ORIGIN, ONE), ("credentials", "true", both))[0]["allow_credentials"] is True

    def test_credentials_of_preflights_alone_are_none(self) -> None:
        settings, said = come_to(
            ("origin", APP, ALWAYS), ("credentials", "true", PREFLIGHT), ("max-age", "5", PREFLIGHT)
        )
        assert settings == {"allow_origins": [APP], "max_age": 5}
        assert "preflights alone" in said[0]

    def test_preflights_alone(self) -> None:
        settings, said = come_to(("origin", APP, PREFLIGHT), ("credentials", "true", PREFLIGHT))
        assert settings == {"allow_origins": [APP], "allow_credentials": True}
        assert "no answer could be read" in said[0]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (("max-age", "1d", ALWAYS), "browsers read digits"),
        (("max-age", "-1", ALWAYS), "browsers read digits"),
        (("max-age", "999999", ALWAYS), "86400 is the most"),
        (("allow-private-network", "true", ALWAYS), "A policy has no such header"),
        (("headers", Echo.ORIGIN, ALWAYS), "copied from another header"),
        (("origin", Echo.METHOD, ALWAYS), "a header that is no Origin"),
        (("origin", "https://b.com", ONE), 'it sends "https://b.com" by a test of another origin'),
        (("origin", "https://b.com", ALWAYS), "Everybody gets the same one of several"),
    ],
)
def test_what_is_said(header: tuple[str, str | Echo, When], said: str) -> None:
    _, findings = come_to(("origin", APP, ALWAYS), header)
    assert len(findings) == 1
    assert said in findings[0]


def test_what_contradicts_itself() -> None:
    settings, said = come_to(("origin", APP, ALWAYS), ("methods", "PUT", ALWAYS), ("methods", "DELETE", ALWAYS))
    assert settings["allow_methods"] == ["PUT"]
    assert said == ["line 3, methods: not read: It says otherwise than line 2, which is taken."]


def test_several_places() -> None:
    one, again = place(("origin", APP, ALWAYS), name="/a"), place(("origin", APP, ALWAYS), name="/again")
    other = place(("origin", "*", ALWAYS), name="/B c")
    moved = migration([one, again, other])
    assert {name: each["allow_origins"] for name, each in moved.policies.items()} == {"a": [APP], "b-c": ["*"]}


def test_what_was_looked_at_is_what_may_be_asked_for() -> None:
    where = place(("origin", APP, ALWAYS), ("methods", Echo.METHOD, ALWAYS), ("headers", Echo.HEADERS, ALWAYS))
    where.methods, where.headers, where.preflight_status = ["GET", "PUT"], ["x-a"], 200
    assert migration([where]).policies["policy"] == {
        "allow_origins": [APP],
        "allow_methods": ["PUT"],
        "allow_headers": ["x-a"],
        "preflight_status": 200,
    }


class TestNothing:
    def test_what_stands_alone_is_named(self) -> None:
        moved = migration([place(("origin", "*", ALWAYS)), place(("methods", "PUT", ALWAYS))])
        assert moved.policies == {"policy": {"allow_origins": ["*"]}}
        assert "no Access-Control-Allow-Origin stands beside it" in str(moved.findings[0])

    def test_no_origin(self) -> None:
        with pytest.raises(MigrationError, match="there is no Access-Control-Allow-Origin in it; line 3, x: not read"):
            migration([place(("methods", "PUT", ALWAYS))], [unread(3, "x")])

    def test_a_place_that_is_a_policy_all_the_same(self) -> None:
        moved = migration([Place(is_policy=True)])
        assert moved.policies == {"policy": {"allow_origins": []}}
        assert "P101" in str(moved.findings[0])

    def test_too_much(self) -> None:
        with pytest.raises(MigrationError, match="more about CORS than can be read"):
            migration([place(("origin", APP, ALWAYS))] * 1001)
        tests = When(only=tuple(OriginTest(f"https://{number}.com", 1) for number in range(3001)))
        with pytest.raises(MigrationError, match="more about CORS than can be read"):
            migration([place(("origin", Echo.ORIGIN, tests))])
