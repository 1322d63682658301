"""Go with jub0bs/cors: the contract on paper, and what the library refuses.

Which origins it refuses is told by its own tests:
https://github.com/jub0bs/cors/blob/v1.0.2/internal/origins/pattern_test.go
"""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import PaperContract
from tests.stacks.policies import APP

from crossorigin.policy import Policy


class TestContract(PaperContract):
    name = "go-jub0bs-cors"
    writes_patterns = True
    left_out: ClassVar[set[str]] = {"null"}


def fields(policy: Policy) -> dict[str, str]:
    """The fields of the configuration, as they are written."""
    lines = render("go-jub0bs-cors", policy).files[0].text.partition("cors.Config{\n")[2].partition("\n\t})")[0]
    rows = (line.strip().removesuffix(",").split(":", 1) for line in lines.splitlines() if "//" not in line[:4])
    return {name: value.strip() for name, value in rows}


@pytest.mark.parametrize(
    ("origin", "refused"),
    [
        (APP, False),
        ("https://*.example.com", False),
        ("http://localhost:*", False),
        ("http://[::1]:3000", False),
        ("https://*.example.com:*", False),
        ("chrome-extension://abcdefghijklmnop", False),
        ("https://xn--mnchen-3ya.example", False),
        ("null", True),
        ("http://localhost:0", True),
        ("http://[::1]:0", True),
        ("http://a_b.example", True),
        ("https://r3---sn.example.com", True),
        ("http://[::ffff:102:304]", True),
    ],
)
def test_what_it_would_refuse_is_left_out_and_said(origin: str, refused: bool) -> None:
    for others in ([], ["https://other.example"]):
        policy = Policy(allow_origins=[origin, *others], dangerously_allow_null_origin=True)
        limits = render("go-jub0bs-cors", policy).limits
        said = [limit for limit in limits if limit.startswith("allow_origins: ")]
        assert said == ([f"allow_origins: jub0bs/cors refuses {origin}, left out here."] if refused else [])
        written = fields(policy)["Origins"]
        assert (f'"{origin}"' in written) is not refused
        # None at all is refused too, and no page has this one.
        assert ("https://nobody.invalid" in written) is (refused and not others)


def test_names_that_it_would_not_expose_are_left_out_and_said() -> None:
    policy = Policy(allow_origins=[APP], expose_headers=["etag", "origin"])
    assert fields(policy)["ResponseHeaders"] == '[]string{"etag"}'
    assert "expose_headers: jub0bs/cors refuses origin, left out here." in render("go-jub0bs-cors", policy).limits


@pytest.mark.parametrize(
    ("origins", "settings", "dangers"),
    [
        (["https://a.example", "http://localhost:3000", "http://127.0.0.1:*", "http://[::1]:1"], {}, set()),
        (["http://app.localhost"], {}, set()),
        (["chrome-extension://abcdefghijklmnop"], {}, {"DangerouslyTolerateInsecureOrigins"}),
        (
            ["http://a.example"],
            {"dangerously_allow_insecure_origins_with_credentials": True},
            {"DangerouslyTolerateInsecureOrigins"},
        ),
        (["http://a.example"], {"allow_credentials": False}, set()),
        (
            ["https://*.github.io"],
            {"dangerously_allow_public_suffix_wildcards": True},
            {"DangerouslyTolerateSubdomainsOfPublicSuffixes"},
        ),
        (
            ["https://*.github.io"],
            {"dangerously_allow_public_suffix_wildcards": True, "allow_credentials": False},
            set(),
        ),
    ],
)
def test_dangers_are_named_only_where_an_origin_needs_them(
    origins: list[str], settings: dict[str, Any], dangers: set[str]
) -> None:
    policy = Policy(**{"allow_origins": origins, "allow_credentials": True, **settings})
    assert {name for name in fields(policy) if name.startswith("Dangerously")} == dangers


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"RequestHeaders": '[]string{"accept"}'}),
        ({"allow_methods": ["GET"]}, {"RequestHeaders": '[]string{"accept"}'}),
        ({"allow_methods": ["PUT"]}, {"Methods": '[]string{"PUT"}'}),
        ({"allow_headers": ["x-one"]}, {"RequestHeaders": '[]string{"x-one"}'}),
        ({"allow_methods": ["PUT"], "max_age": 0}, {"Methods": '[]string{"PUT"}', "MaxAgeInSeconds": "-1"}),
    ],
)
def test_fields(settings: dict[str, Any], expected: dict[str, str]) -> None:
    """With neither a method nor a header listed it refuses every preflight."""
    assert fields(Policy(allow_origins=[APP], **settings)) == {"Origins": f'[]string{{"{APP}"}}', **expected}


def test_debug_is_its_own() -> None:
    rendered = render("go-jub0bs-cors", Policy(allow_origins=[APP], debug=True))
    assert "middleware.SetDebug(true)" in rendered.files[0].text
    assert not any(limit.startswith("debug: ") for limit in rendered.limits)
    assert "SetDebug" not in render("go-jub0bs-cors", Policy(allow_origins=[APP])).files[0].text
