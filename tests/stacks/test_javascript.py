"""Values as literals of JavaScript, and the function that decides, asked beside the policy itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stacks.applications import NODE_MODULES
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import find

from crossorigin.policy import Policy
from crossorigin.policy.decide import decide
from crossorigin.policy.facts import RequestFacts
from crossorigin.stacks import Site, get_stack
from crossorigin.stacks import javascript as js


@given(st.text("abc\"'\\`$/{}", max_size=20))
def test_a_string_says_what_it_says(text: str) -> None:
    assert json.loads(js.quote(text)) == text


def test_a_slash_does_not_end_an_expression() -> None:
    assert js.regex("^https://a$") == r"/^https:\/\/a$/"


def test_one_origin_is_an_array_so_that_it_is_compared() -> None:
    assert js.origins(Policy(allow_origins=[APP])) == f'["{APP}"]'
    assert js.origins(Policy(allow_origins=["*"])) == '"*"'


@pytest.mark.parametrize("name", ["express", "fastify", "koa", "hono"])
def test_the_import_has_a_form_for_common_js(name: str, tmp_path: Path) -> None:
    render = get_stack(name).render
    assert render is not None
    part = render(Policy(allow_origins=[APP]), Site()).files[0].parts[0]
    place, _, older = part.place.removesuffix(")").partition(" (in CommonJS ")
    assert place == js.AMONG_IMPORTS
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    script = tmp_path / "a.cjs"
    script.write_text(f"{older};\nconsole.log(typeof cors);")
    done = subprocess.run([find(name), script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "function\n"


def test_what_has_to_be_installed_is_what_the_library_is() -> None:
    rendered = {
        style: js.server(Policy(allow_origins=[APP]), [], "a", [], "", [], "", library=style) for style in ("", "b")
    }
    assert [each.install for each in rendered.values()] == ["", "npm install b"]
    assert "// npm install a; node server.mjs" in rendered[""].files[0].text
    assert "// npm install a b; node server.mjs" in rendered["b"].files[0].text


CALLS = [
    (method, {**origin, **asked, **names})
    for method in ("GET", "OPTIONS")
    for origin in ({}, {"origin": APP}, {"origin": "https://a.example.org"}, {"origin": "https://evil.test"})
    for asked in ({}, *({"access-control-request-method": each} for each in ("GET", "PUT", "put", "PURGE")))
    for names in ({}, *({"access-control-request-headers": each} for each in ("content-type", " X-Csrf-Token ,", "x")))
]


@pytest.mark.parametrize("title", POLICIES)
def test_it_decides_as_the_policy_does(title: str, tmp_path: Path) -> None:
    policy = POLICIES[title]
    lines = js.decide(policy)
    lines += [
        f"const calls = {json.dumps(CALLS)};",
        "console.log(JSON.stringify(calls.map(([method, headers]) => decide(method, (name) => headers[name]))));",
    ]
    path = tmp_path / "decide.mjs"
    path.write_text("\n".join(lines))
    done = subprocess.run([find("express"), path], capture_output=True, text=True, timeout=30, check=True)
    for (method, sent), answer in zip(CALLS, json.loads(done.stdout), strict=True):
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        decision = decide(policy, RequestFacts.from_headers(method.encode(), raw))
        assert answer.get("status") == decision.status, (method, sent)
        got = {name.lower(): value.replace(" ", "").lower() for name, value in answer["headers"].items()}
        expected = {
            name.decode(): value.decode().replace(" ", "").lower().strip(",") for name, value in decision.headers
        }
        assert got == expected, (method, sent)
        assert answer["vary"] == ", ".join(each.decode() for each in decision.vary)
