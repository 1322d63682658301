"""What a policy says to a page that calls, from the preflight to the verdict."""

from __future__ import annotations

import pytest

from crossorigin.policy import Policy

APP = "https://app.example.com"
POLICY = Policy(
    allow_origins=[APP], allow_methods=["PUT"], allow_headers=["content-type"], allow_credentials=True, max_age=60
)


def test_allowed() -> None:
    explanation = POLICY.explain(APP, "put", ["Content-Type: application/json"], credentials=True)
    assert explanation.allowed
    assert explanation.obstacle == ""
    assert explanation.method == b"PUT"
    assert explanation.header_names == (b"content-type",)
    assert str(explanation).splitlines() == [
        "preflight: The preflight is allowed: the browser will send the request.",
        "    status 204",
        "    access-control-allow-origin: https://app.example.com",
        "    access-control-allow-credentials: true",
        "    access-control-allow-methods: PUT",
        "    access-control-allow-headers: content-type",
        "    access-control-max-age: 60",
        "    vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        "request: The request is allowed: the browser will let script read the response.",
        "    access-control-allow-origin: https://app.example.com",
        "    access-control-allow-credentials: true",
        "    vary: Origin",
        "Script can read the response.",
    ]


def test_no_preflight_for_what_is_safelisted() -> None:
    explanation = POLICY.explain(APP, headers=["Content-Type: text/plain", "Accept: */*"])
    assert explanation.preflight is None
    assert explanation.allowed


def test_a_denied_preflight_is_the_end() -> None:
    explanation = POLICY.explain(APP, "PATCH", ["x-evil"])
    assert not explanation.allowed
    assert explanation.obstacle == (
        "The preflight is denied [method]. The policy does not allow the method that it asks for (PATCH)."
    )
    assert str(explanation).splitlines() == [
        f"preflight: {explanation.obstacle}",
        "    status 403",
        "    vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        "Script cannot read the response.",
    ]


def test_credentials_that_the_policy_does_not_allow() -> None:
    explanation = Policy(allow_origins=["*"]).explain(APP, credentials=True)
    assert not explanation.allowed
    assert explanation.obstacle.startswith("The request is made with credentials, and the policy does not allow any")
    assert str(explanation).splitlines()[-2:] == [explanation.obstacle, "Script cannot read the response."]


def test_null_and_strangers() -> None:
    assert "[origin-null]" in POLICY.explain("null").obstacle
    assert "[origin]" in POLICY.explain("https://evil.test").obstacle


@pytest.mark.parametrize(
    ("origin", "method", "headers", "message"),
    [
        ("https://a.com/", "GET", [], "is not an origin: it ends with a slash"),
        (APP, "G T", [], "'G T' is not a method"),
        (APP, "GET", ["x y"], "'x y' is not a header name"),
        (APP, "GET", [": 1"], "'' is not a header name"),
    ],
)
def test_what_no_browser_sends(origin: str, method: str, headers: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        POLICY.explain(origin, method, headers)
