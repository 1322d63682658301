"""ingress-nginx: the contract of what was not run, and how it reads its annotations and matches origins.

After internal/ingress/annotations/cors/main.go and internal/ingress/controller/template/template.go.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from tests.policy.strategies import policies
from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, Model, agrees, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise

PREFIX = "nginx.ingress.kubernetes.io/"
FORMS = {
    # In the source ((((([a-z]+://)?(\*\.)?[A-Za-z0-9\-.]*(:\d+)?,?)|null)+)|\*)? , for RE2, which does not backtrack.
    "cors-allow-origin": r"(?:[A-Za-z0-9\-.,]|(?<=[a-z])://|\*\.|:\d+)*|\*",
    "cors-allow-methods": r"[A-Za-z](?:[A-Za-z]|(?<=[A-Za-z]),\s?|(?<=[A-Za-z])\s)*",
    "cors-allow-headers": r"[A-Za-z0-9-_, ]*",
    "cors-expose-headers": r"(?:[A-Za-z0-9\-\_*]|(?<=[\w*-]),\s?|(?<=[\w*-])\s)+",
    "cors-allow-credentials": r"true|false",
    "cors-max-age": r"\d+",
    "enable-cors": r"true|false",
}
ONE = r"[a-z]+://(\*\.)?[A-Za-z0-9\-.]*(:\d+)?|\*|null"
DEFAULTS = {
    "cors-allow-origin": "*",
    "cors-allow-methods": "GET, PUT, POST, DELETE, PATCH, OPTIONS",
    "cors-allow-headers": (
        "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization"
    ),
    "cors-expose-headers": "",
    "cors-allow-credentials": "true",
    "cors-max-age": "1728000",
    "enable-cors": "false",
}
"""What an annotation is where it is missing, empty, or not of its form."""


class TestContract(ServiceContract):
    name = "ingress-nginx"


def written(policy: Policy) -> dict[str, str]:
    found = load(render("ingress-nginx", policy).files[0])["metadata"]["annotations"]
    return {name.removeprefix(PREFIX): value for name, value in found.items()}


def parsed(found: dict[str, str]) -> dict[str, str]:
    """`Parse`: what becomes of annotations. Of a list that has the form, origins that have none of their own are left
    out."""
    assert set(found) <= set(FORMS)
    config = {
        name: value if (value := found.get(name, "")) and re.fullmatch(form, value.replace(" ", "")) else DEFAULTS[name]
        for name, form in FORMS.items()
    }
    origins = [each for each in config["cors-allow-origin"].split(",") if re.fullmatch(ONE, each)]
    return {**config, "cors-allow-origin": ",".join(origins)}


def model(config: dict[str, str]) -> Model:
    """`buildCorsOriginRegex`: one expression, without regard to case, and only its end is anchored."""
    if config["enable-cors"] != "true":
        return lambda _: False
    if config["cors-allow-origin"] == "*":
        return lambda _: True
    each = [re.escape(origin).replace(r"\*", r"[A-Za-z0-9\-]+", 1) for origin in config["cors-allow-origin"].split(",")]
    expression = re.compile(f"({'|'.join(f'({one})' for one in each)})$", re.IGNORECASE)
    return lambda origin: bool(expression.search(origin))


class TestAnnotations:
    @pytest.mark.parametrize("title", POLICIES)
    def test_none_falls_back_to_its_default(self, title: str) -> None:
        self.holds(POLICIES[title])

    @settings(max_examples=100, deadline=None)
    @given(policies())
    def test_none_falls_back_whatever_the_policy(self, policy: Policy) -> None:
        self.holds(policy)

    def holds(self, policy: Policy) -> None:
        found = written(policy)
        config = parsed(found)
        if config["enable-cors"] == "false":
            assert found == {"enable-cors": "false"}
            return
        assert config == {"cors-expose-headers": "", **found}
        assert (config["cors-allow-credentials"] == "true") is policy.allow_credentials
        assert set(config["cors-allow-headers"].split(",")) <= {*policy.allow_headers, "accept"}
        if config["cors-allow-origin"] == "*":
            assert policy.allow_origins == ("*",)

    def test_an_odd_origin_would_open_it_to_everybody(self) -> None:
        for odd in ("http://[::1]:3000", "https://my_app.example.com", "http://localhost:*"):
            assert parsed({"cors-allow-origin": f"{APP},{odd}"})["cors-allow-origin"] == "*"
            assert written(Policy(allow_origins=[APP, odd]))["cors-allow-origin"] == APP

    def test_an_odd_scheme_is_left_out_by_itself(self) -> None:
        odd = "chrome-extension://abc"
        assert parsed({"cors-allow-origin": f"{APP},{odd}"})["cors-allow-origin"] == APP
        assert written(Policy(allow_origins=[APP, odd]))["cors-allow-origin"] == APP

    def test_nothing_left_is_off(self) -> None:
        rendered = render("ingress-nginx", Policy(allow_origins=["http://localhost:*"]))
        assert written(Policy(allow_origins=["http://localhost:*"])) == {"enable-cors": "false"}
        assert rendered.limits[-1].endswith("and so allows nobody.")


class TestOrigins:
    def test_those_of_the_policy_that_it_can_say(self) -> None:
        left_out = ["https://a.b.example.com", "https://a.b.c.example.com", "https://a_b.example.com"]
        left_out += ["http://localhost", "http://localhost:3000", "http://localhost:8080", "http://localhost:0"]
        left_out += ["http://[::1]:3000"]
        ours = model(parsed(written(KINDS)))
        agrees(ours, KINDS, *left_out)
        never_lets_in_more(ours, KINDS)

    def test_the_model_sees_what_is_missing(self) -> None:
        config = {"enable-cors": "true", "cors-allow-origin": "null"}
        assert model(config)("https://not-null")
        assert "null" not in written(POLICIES["null"])["cors-allow-origin"]


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (404, (), b"default backend - 404", 0.5),
        (404, (), b"<html><center><h1>404 Not Found</h1></center><hr><center>nginx</center></html>", 0.5),
        (404, ((b"server", b"nginx"),), b"<center>nginx</center>", None),
        (404, (), b"<center>nginx/1.22.1</center>", None),
    ],
)
def test_recognised(
    status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float | None
) -> None:
    found = {
        stack.name: seen.confidence for stack, seen in recognise(Evidence(status=status, headers=headers, body=body))
    }
    assert found.get("ingress-nginx") == confidence
