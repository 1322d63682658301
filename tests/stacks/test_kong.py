"""Kong: the contract of what was not run, and its way to match origins, after kong/plugins/cors/handler.lua."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, Model, agrees, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "kong"


def plugins(policy: Policy) -> dict[str, Any]:
    service = load(render("kong", policy).files[0])["services"][0]
    return {plugin["name"]: plugin["config"] for plugin in service.get("plugins", [])}


def normalized(origin: str) -> tuple[str, str]:
    """`normalize_origin`: LuaSocket's parts of a URL, and of those the origin and the host; brackets are lost."""
    found = re.fullmatch(r"(?:([A-Za-z0-9][A-Za-z0-9+.-]*):)?(?://([^/#?;]*))?.*", origin)
    assert found
    scheme, authority = found[1], found[2]
    if authority is None:
        return origin, origin
    authority = authority.rpartition("@")[2]
    parts = re.fullmatch(r"(.*?)(?::([^:\]]*))?", authority)
    assert parts
    host, port = parts[1].strip("[]"), parts[2]
    if (scheme, port) in {("http", "80"), ("https", "443")}:
        port = None
    return f"{scheme}://{host}{f':{port}' if port else ''}", host


def model(origins: list[str]) -> Model:
    """`configure_origin`: what Access-Control-Allow-Origin says, and whether a browser takes it."""

    def answer(origin: str) -> str | None:
        if not origins or origins == ["*"]:
            return "*"
        if len(origins) == 1 and re.fullmatch(r"[A-Za-z0-9.:/-]+", origins[0]):
            return origins[0]
        domain, host = normalized(origin)
        for entry in origins:
            if re.search(r"[^A-Za-z0-9.:/-]", entry):
                expression = (entry if entry.endswith("$") else entry + "$").removeprefix("^")
                found = bool(re.match(expression, domain if ":" in entry else host))
            else:
                found = domain == normalized(entry)[0]
            if found:
                return domain
        return None

    return lambda origin: answer(origin) in {origin, "*"}


class TestOrigins:
    def test_those_of_the_policy_but_for_ipv6(self) -> None:
        ours = model(plugins(KINDS)["cors"]["origins"])
        agrees(ours, KINDS, "http://[::1]:3000")
        never_lets_in_more(ours, KINDS)

    def test_the_model_sees_what_is_missing(self) -> None:
        assert model(["https://.*.example.com"])("https://xexample.com")
        assert model(["example.com", "x"])("https://example.com") is False
        assert model(["(example.com)"])("http://exampleXcom")
        assert model([])("https://evil.test")
        assert not model(["http://[::1]:3000", "https://x.test"])("http://[::1]:3000")

    def test_one_origin_alone_is_not_sent_to_everybody(self) -> None:
        assert plugins(POLICIES["one origin"])["cors"]["origins"] == [r"^https://app\.example\.com$"]
        agrees(model([r"^https://example\.com$"]), Policy(allow_origins=["https://example.com"]))
        left = Policy(allow_origins=[APP, "http://[::1]:3000"])
        assert plugins(left)["cors"]["origins"] == [r"^https://app\.example\.com$"]

    def test_null(self) -> None:
        assert plugins(POLICIES["null"])["cors"]["origins"] == [APP, "null"]
        alone = Policy(allow_origins=["null"], dangerously_allow_null_origin=True)
        assert plugins(alone)["cors"]["origins"] == ["null"]
        assert model(["null"])("null")
        assert not model(["null"])("https://null")

    def test_nothing_left_is_no_plugin_which_would_allow_everybody(self) -> None:
        rendered = render("kong", Policy(allow_origins=["http://[::1]:3000"]))
        assert "plugins" not in load(rendered.files[0])["services"][0]
        assert rendered.files[0].parts == ()
        assert "allow_origins: Kong can say none of the policy's origins, and so allows nobody." in rendered.limits


def test_no_headers_are_not_any_headers() -> None:
    assert plugins(POLICIES["none"])["cors"]["headers"] == ["accept"]


def test_methods_are_those_of_the_schema() -> None:
    assert plugins(POLICIES["methods"])["cors"]["methods"] == ["GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"]
    assert any(
        limit.startswith("allow_methods: Kong cannot say PURGE") for limit in render("kong", POLICIES["methods"]).limits
    )
    assert "*" not in plugins(POLICIES["any everything"])["cors"]["methods"]


def test_what_the_backend_grants_beyond_the_policy_goes() -> None:
    assert plugins(POLICIES["one origin"])["response-transformer"]["remove"]["headers"] == [
        "Access-Control-Allow-Credentials",
        "Access-Control-Expose-Headers",
    ]
    assert "response-transformer" not in plugins(POLICIES["everything at once"])


@pytest.mark.parametrize(
    ("headers", "confidence"),
    [
        (((b"via", b"kong/3.9.0"),), 0.95),
        (((b"Via", b"1.1 kong/3.9.0"),), 0.95),
        (((b"via", b"1.1 varnish, 1.1 kong/3.9.0"),), 0.95),
        (((b"server", b"kong/3.9.0"), (b"x-kong-response-latency", b"0")), 0.995),
        (((b"via", b"1.1 hongkong/1"),), None),
    ],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=200, headers=headers))}
    assert found.get("kong") == confidence


def test_recognised_by_its_page() -> None:
    page = b'{\n  "message":"no Route matched with those values",\n  "request_id":"1"\n}'
    stack, seen = recognise(Evidence(status=404, body=page))[0]
    assert (stack.name, seen.confidence) == ("kong", 0.9)
