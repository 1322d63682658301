"""Google Cloud Storage: the contract of what was not run, and the one list that it has for two."""

from __future__ import annotations

from typing import Any

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "gcs"


def entries(policy: Policy) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load(render("gcs", policy).files[0])
    return found


def test_origins_are_the_exact_ones() -> None:
    origins = entries(KINDS)[0]["origin"]
    assert origins == ["http://[::1]:3000", "https://example.com"]
    never_lets_in_more(origins.__contains__, KINDS)


def test_fields() -> None:
    assert entries(POLICIES["everything at once"]) == [
        {
            "origin": ["chrome-extension://abcdefghijklmnop", APP],
            "method": ["GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"],
            "responseHeader": ["authorization", "content-type", "x-csrf-token", "etag", "link"],
            "maxAgeSeconds": 600,
        }
    ]
    assert entries(POLICIES["any everything"]) == [
        {"origin": ["*"], "method": ["*"], "responseHeader": ["authorization"], "maxAgeSeconds": 0}
    ]
    assert entries(POLICIES["one origin"])[0]["maxAgeSeconds"] == 5


def test_one_list_for_two_is_said_where_they_differ() -> None:
    def says(policy: Policy) -> bool:
        return any(limit.startswith("allow_headers and expose_headers") for limit in render("gcs", policy).limits)

    assert says(POLICIES["headers"])
    assert says(POLICIES["exposed"])
    assert not says(Policy(allow_origins=[APP], allow_headers=["x-a"], expose_headers=["x-a"]))
    assert not says(POLICIES["one origin"])


def test_nothing_left_is_no_entry() -> None:
    assert entries(Policy(allow_origins=["https://*.example.com"])) == []


@pytest.mark.parametrize(
    ("headers", "confidence"),
    [
        (((b"X-GUploader-UploadID", b"ABC"), (b"Server", b"UploadServer")), 0.97),
        (((b"x-goog-generation", b"1"),), 0.9),
        (((b"x-google-cache-control", b"remote-fetch"),), None),
    ],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=200, headers=headers))}
    assert found.get("gcs") == confidence
