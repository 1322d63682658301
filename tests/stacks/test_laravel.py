"""Laravel: the contract on paper, and what of the library shaped the file."""

from __future__ import annotations

import re

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import PaperContract
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(PaperContract):
    name = "laravel"


@pytest.mark.parametrize("title", POLICIES)
def test_nothing_is_left_to_the_frameworks_own_file(title: str) -> None:
    """Which allows every origin, method and header, https://github.com/laravel/framework/blob/v13.26.1/config/cors.php"""
    text = render("laravel", POLICIES[title]).files[0].text
    assert re.findall(r"^    '([a-z_]+)' => ", text, re.MULTILINE) == [
        "paths",
        "allowed_methods",
        "allowed_origins",
        "allowed_origins_patterns",
        "allowed_headers",
        "exposed_headers",
        "max_age",
        "supports_credentials",
    ]


@pytest.mark.parametrize("title", POLICIES)
def test_no_origin_is_sent_to_everybody(title: str) -> None:
    """As one origin without any expression would be; only `*` is meant for all."""
    text = render("laravel", POLICIES[title]).files[0].text
    origins = re.search(r"'allowed_origins' => \[(.*?)\],", text, re.DOTALL)
    patterns = re.search(r"'allowed_origins_patterns' => \[(.*?)\],\n    '", text, re.DOTALL)
    assert origins
    assert patterns
    texts = origins[1].split()
    assert len(texts) != 1 or texts == ["'*',"] or patterns[1].strip()


def test_what_cannot_be_said_in_upper_case_is_left_out() -> None:
    rendered = render("laravel", Policy(allow_origins=[APP], allow_methods=["PUT", "X-Custom"]))
    assert "'allowed_methods' => ['GET', 'HEAD', 'POST', 'PUT']," in rendered.files[0].text
    assert any("X-Custom cannot be said, and is left out here" in limit for limit in rendered.limits)


@pytest.mark.parametrize(("max_age", "written"), [(None, "null"), (0, "0"), (600, "600")])
def test_no_max_age_is_null(max_age: int | None, written: str) -> None:
    """For without one it sends 0."""
    assert f"'max_age' => {written}," in render("laravel", Policy(allow_origins=[APP], max_age=max_age)).files[0].text


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (200, ((b"set-cookie", b"laravel_session=abc; path=/"),), b"", 0.9),
        (200, ((b"set-cookie", b"XSRF-TOKEN=1"), (b"set-cookie", b"laravel-session=abc; path=/")), b"", 0.9),
        (404, (), rb'{"message":"The route api\/missing could not be found."}', 0.9),
        (404, (), b'{\n    "message": "The route missing could not be found.",', 0.9),
        (200, (), b'{"message":"The route missing could not be found."}', 0),
    ],
)
def test_recognised(status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float) -> None:
    found = recognise(Evidence(status=status, headers=headers, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found] == ([("laravel", confidence)] if confidence else [])
