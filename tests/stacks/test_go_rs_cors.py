"""Go with rs/cors: the contract on paper, and what of the library shaped the program."""

from __future__ import annotations

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import PaperContract
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(PaperContract):
    name = "go-rs-cors"


def text(**settings: object) -> str:
    return render("go-rs-cors", Policy(allow_origins=[APP], **settings)).files[0].text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("methods", "refused"), [([], True), (["PUT"], True), (["OPTIONS"], False), (["OPTIONS", "PUT"], False)]
)
def test_options_is_refused_where_it_is_not_allowed(methods: list[str], refused: bool) -> None:
    """The library grants it whatever is listed."""
    assert ("asked == http.MethodOptions" in text(allow_methods=methods)) is refused


def test_any_method_is_a_list_of_the_usual() -> None:
    rendered = render("go-rs-cors", POLICIES["any everything"])
    assert '[]string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}' in rendered.files[0].text
    assert any(limit.startswith("allow_methods: ") for limit in rendered.limits)
    assert "MethodOptions" not in rendered.files[0].text


@pytest.mark.parametrize("title", POLICIES)
def test_a_function_compares_origins_unless_all_may_read(title: str) -> None:
    """`AllowedOrigins` is compared without regard to case; empty, it is everybody."""
    code = render("go-rs-cors", POLICIES[title]).files[0].text
    anyone = POLICIES[title].allow_origins == ("*",)
    assert code.count("AllowedOrigins:") == code.count('AllowedOrigins: []string{"*"}') == anyone
    assert code.count("AllowOriginFunc:") == (not anyone)
    assert ('"regexp"' in code) is ("regexp.MustCompile" in code)
    assert ('"slices"' in code) is ("slices.Contains" in code)


def test_no_header_is_one_that_needs_no_leave() -> None:
    """Empty, it would be Accept, Content-Type and X-Requested-With."""
    assert 'AllowedHeaders: []string{"accept"},' in text()
    assert 'AllowedHeaders:  []string{"x-one"},' in text(allow_headers=["x-one"])


@pytest.mark.parametrize(("max_age", "written"), [(None, None), (0, "-1,"), (600, "600,")])
def test_max_age(max_age: int | None, written: str | None) -> None:
    """0 sends no header, -1 sends 0."""
    found = [line.split()[1] for line in text(max_age=max_age).splitlines() if line.strip().startswith("MaxAge:")]
    assert found == ([written] if written else [])


def test_recognised_by_the_page_of_net_http() -> None:
    found = recognise(Evidence(status=404, body=b"404 page not found\n"))
    assert [(stack.name, seen.confidence) for stack, seen in found if stack.name == "go-rs-cors"] == [
        ("go-rs-cors", 0.5)
    ]
    assert recognise(Evidence(status=404, body=b"<h1>404 page not found\n</h1>")) == []
