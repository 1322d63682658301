"""The fix: the least policy for the call, as the configuration of the server that answered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.fixes import Fix, Unwritten, fix_for, recognised
from crossorigin.doctor.report import Report
from crossorigin.policy.policy import Policy
from crossorigin.stacks import NAMES, File, Part, Rendered, Site, Stack, all_stacks, get_stack

from .conftest import ALLOW, ALLOW_ALL, INCLUDE, JSON, PAGE, VARY, answer, failure, report

NGINX = ("Server", "nginx/1.22.1")
EXPRESS = ("X-Powered-By", "Express")
ALLOW_OTHER = ("Access-Control-Allow-Origin", "https://other.example")
NOT_MENDED = {
    CauseCode.UNREACHABLE, CauseCode.TLS, CauseCode.BROKEN_ANSWER, CauseCode.MIXED_CONTENT, CauseCode.EXTENSION,
    CauseCode.CONTENT_SECURITY_POLICY, CauseCode.RESOURCE_POLICY, CauseCode.LOCAL_NETWORK, CauseCode.NOT_FETCHABLE,
    CauseCode.WEBSOCKET, CauseCode.RESPONSE_HEADER_ON_REQUEST, CauseCode.NO_CORS, CauseCode.NO_ORIGIN,
    CauseCode.METHOD_CASE, CauseCode.MODE_OR_REDIRECT, CauseCode.COOKIES, CauseCode.TO_HTTPS,
    CauseCode.TRAILING_SLASH, CauseCode.LOGIN, CauseCode.MOVED, CauseCode.PREFLIGHT_CACHE, CauseCode.TAINTED_ORIGIN,
    CauseCode.LOADED_BEFORE, CauseCode.NOT_A_PROTECTION, CauseCode.SWITCHED_OFF, CauseCode.JSONP,
    CauseCode.PUBLIC_PROXY,
}  # fmt: skip
"""Causes that no CORS configuration mends."""


def because(code: CauseCode) -> list[Cause]:
    return [Cause(code, 0.9, ("seen",), "Mend it.")]


class Recorder:
    """A stack that keeps the policy that it is to render, and where."""

    def __init__(self) -> None:
        self.calls: list[tuple[Policy, Site]] = []
        self.stack = Stack(name="kept", title="Kept", language="text", verified="1", render=self.render)

    def render(self, policy: Policy, site: Site) -> Rendered:
        self.calls.append((policy, site))
        return Rendered((File("kept.txt", "text", "kept"),), ("It is kept.",), "get keeper")


def policy_for(found: Report, code: CauseCode) -> Policy:
    recorder = Recorder()
    fix = fix_for(found, because(code), recorder.stack)
    assert isinstance(fix, Fix)
    return recorder.calls[0][0]


def preflight(*fields: tuple[str, str], **question: Any) -> Report:
    return report(answer(204, *fields), **question)


POLICIES: dict[str, tuple[Report, CauseCode, dict[str, Any]]] = {
    "a plain call": (report(answer(200)), CauseCode.NO_CORS_CONFIGURED, {"allow_origins": [PAGE]}),
    "a method and a header": (
        report(answer(405), **JSON),
        CauseCode.NO_ROUTE,
        {"allow_origins": [PAGE], "allow_methods": ["PUT"], "allow_headers": ["content-type"]},
    ),
    "headers that need no leave": (
        report(answer(405), method="POST", headers=["Accept: a/b", "Content-Type: text/plain", "X-Key: 1"]),
        CauseCode.NO_ROUTE,
        {"allow_origins": [PAGE], "allow_headers": ["x-key"]},
    ),
    "headers that the page has to drop": (
        report(answer(405), headers=["Access-Control-Allow-Origin: *", "X-Key: 1"]),
        CauseCode.NO_ROUTE,
        {"allow_origins": [PAGE], "allow_headers": ["x-key"]},
    ),
    "credentials": (
        report(answer(200, ALLOW_ALL), **INCLUDE),
        CauseCode.WILDCARD_WITH_CREDENTIALS,
        {"allow_origins": [PAGE], "allow_credentials": True},
    ),
    "credentials of a page that is developed": (
        report(answer(200), url="http://localhost:8080/", origin="http://localhost:3000", **INCLUDE),
        CauseCode.NO_CORS_CONFIGURED,
        {"allow_origins": ["http://localhost:3000"], "allow_credentials": True},
    ),
    # What is granted already stays.
    "methods and headers of before": (
        preflight(
            ALLOW,
            ("Access-Control-Allow-Methods", "GET, OPTIONS, DELETE"),
            ("Access-Control-Allow-Headers", "X-Key, Authorization"),
            ("Access-Control-Expose-Headers", "X-Total"),
            **JSON,
        ),
        CauseCode.METHOD_NOT_ALLOWED,
        {
            "allow_origins": [PAGE],
            "allow_methods": ["DELETE", "PUT"],
            "allow_headers": ["x-key", "authorization", "content-type"],
            "expose_headers": ["x-total"],
        },
    ),
    "another front end's origin": (
        report(answer(200, ALLOW_OTHER)),
        CauseCode.ORIGIN_NOT_ALLOWED,
        {"allow_origins": ["https://other.example", PAGE]},
    ),
    "a twin": (
        report(
            answer(200, ("Access-Control-Allow-Origin", "http://127.0.0.1:3000")),
            url="http://localhost:8080/",
            origin="http://localhost:3000",
        ),
        CauseCode.ORIGIN_TWIN,
        {"allow_origins": ["http://127.0.0.1:3000", "http://localhost:3000"]},
    ),
    "a misspelt origin goes": (
        report(answer(200, ("Access-Control-Allow-Origin", "http://app.example"))),
        CauseCode.ORIGIN_MISSPELT,
        {"allow_origins": [PAGE]},
    ),
    "what is no origin goes": (
        report(answer(200, ("Access-Control-Allow-Origin", f"{PAGE}/"))),
        CauseCode.ORIGIN_NOT_ALLOWED,
        {"allow_origins": [PAGE]},
    ),
    "null goes": (
        report(answer(200, ("Access-Control-Allow-Origin", "null"))),
        CauseCode.ORIGIN_NOT_ALLOWED,
        {"allow_origins": [PAGE]},
    ),
    "an origin that may not have credentials goes": (
        report(answer(200, ("Access-Control-Allow-Origin", "http://other.example")), **INCLUDE),
        CauseCode.ORIGIN_NOT_ALLOWED,
        {"allow_origins": [PAGE], "allow_credentials": True},
    ),
    "lists that cannot be parsed go": (
        preflight(ALLOW, ("Access-Control-Allow-Methods", "GET;DELETE"), method="PUT"),
        CauseCode.UNPARSABLE_LIST,
        {"allow_origins": [PAGE], "allow_methods": ["PUT"]},
    ),
    "the wildcards of lists go": (
        preflight(ALLOW, ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*"), **JSON),
        CauseCode.NO_ROUTE,
        {"allow_origins": [PAGE], "allow_methods": ["PUT"], "allow_headers": ["content-type"]},
    ),
    # Headers of the response.
    "hidden headers": (
        report(answer(200, ALLOW, VARY, ("X-Total", "3"), ("Strict-Transport-Security", "x"), ("Server", "nginx"))),
        CauseCode.HEADER_NOT_EXPOSED,
        {"allow_origins": [PAGE], "expose_headers": ["x-total"]},
    ),
    "hidden headers of another cause": (
        report(answer(200, ALLOW, VARY, ("X-Total", "3"))),
        CauseCode.SHARED_CACHE,
        {"allow_origins": [PAGE]},
    ),
}


class TestPolicy:
    """What the call needs, and what the server grants already; nothing more."""

    @pytest.mark.parametrize("name", POLICIES)
    def test_is_the_least(self, name: str) -> None:
        found, code, settings = POLICIES[name]
        assert policy_for(found, code) == Policy(**settings)

    def test_a_list_without_end(self) -> None:
        many = ", ".join(f"x-{number}" for number in range(200))
        made = policy_for(
            preflight(ALLOW, ("Access-Control-Allow-Headers", many), **JSON), CauseCode.METHOD_NOT_ALLOWED
        )
        assert len(made.allow_headers) == 51

    def test_what_no_policy_may_say_goes_and_the_rest_stays(self) -> None:
        # As half the tutorials have it: script can set neither the first nor the last.
        names = ("Access-Control-Allow-Headers", "Origin, X-Requested-With, Content-Type, Accept, Cookie")
        assert policy_for(preflight(ALLOW, names, method="PUT"), CauseCode.METHOD_NOT_ALLOWED) == Policy(
            allow_origins=[PAGE],
            allow_methods=["PUT"],
            allow_headers=["x-requested-with", "content-type", "accept"],
        )

    def test_a_method_that_no_policy_may_say(self) -> None:
        made = policy_for(
            preflight(ALLOW, ("Access-Control-Allow-Methods", "TRACE, PATCH"), method="PUT"),
            CauseCode.METHOD_NOT_ALLOWED,
        )
        assert made == Policy(allow_origins=[PAGE], allow_methods=["PATCH", "PUT"])


class TestUnwritten:
    """Where no policy should say it, nothing is written, and the problem says why."""

    def test_null(self) -> None:
        fix = fix_for(report(answer(401, ALLOW_ALL), origin="null", **JSON), because(CauseCode.AUTHENTICATION), NONE)
        assert isinstance(fix, Unwritten)
        assert fix.sentence.startswith("No configuration is written, for no policy should say this (P122): ")
        assert "to allow `null` is to allow everybody" in fix.sentence

    def test_credentials_for_plain_http(self) -> None:
        found = report(answer(200), url="http://api.example/", origin="http://app.example", **INCLUDE)
        fix = fix_for(found, because(CauseCode.NO_CORS_CONFIGURED), NONE)
        assert isinstance(fix, Unwritten)
        assert "(P405)" in fix.sentence
        assert "https" in fix.sentence

    def test_a_stack_that_cannot_be_rendered(self) -> None:
        stack = Stack(name="x", title="Some server", language="text")
        fix = fix_for(report(answer(200)), because(CauseCode.NO_CORS_CONFIGURED), stack)
        assert fix == Unwritten("Some server cannot be rendered; crossorigin policy render --list says what can.")

    @pytest.mark.parametrize("code", sorted(NOT_MENDED))
    def test_causes_that_no_configuration_mends(self, code: CauseCode) -> None:
        found = report(answer(200, EXPRESS))
        assert fix_for(found, because(code)) is None
        # Who asks for it is told.
        assert fix_for(found, because(code), NONE) == Unwritten("There is nothing in Kept to configure for this.")

    def test_no_cause(self) -> None:
        assert fix_for(report(answer(200, EXPRESS)), ()) is None
        assert fix_for(report(answer(200, ALLOW)), (), NONE) == Unwritten(
            "There is nothing in Kept to configure for this."
        )


NONE = Recorder().stack


class TestEveryCause:
    """Those that a configuration mends get one."""

    @pytest.mark.parametrize("code", [code for code in CauseCode if code not in NOT_MENDED])
    def test_is_written(self, code: CauseCode) -> None:
        fix = fix_for(report(answer(200)), because(code), get_stack("express"))
        assert isinstance(fix, Fix)
        assert any(PAGE in part.text for part in fix.parts)

    def test_the_first_one_counts(self) -> None:
        causes = [*because(CauseCode.MIXED_CONTENT), *because(CauseCode.NO_CORS_CONFIGURED)]
        assert fix_for(report(answer(200, EXPRESS)), causes) is None


class TestWritten:
    """What is handed to whoever prints it."""

    def test_the_whole(self) -> None:
        recorder = Recorder()
        fix = fix_for(report(answer(200)), because(CauseCode.NO_CORS_CONFIGURED), recorder.stack, "some style")
        parts = (Part("as kept.txt", "kept"),)
        assert fix == Fix(recorder.stack, "text", "get keeper", parts, limits=("It is kept.",), because=())
        assert recorder.calls[0][1].style == "some style"

    @pytest.mark.parametrize(
        ("url", "port"),
        [
            ("https://api.example/", 443),
            ("http://api.example/", 80),
            ("http://localhost:8080/", 8080),
            ("https://api.example:8443/", 8443),
        ],
    )
    def test_the_port_is_the_servers(self, url: str, port: int) -> None:
        recorder = Recorder()
        found = report(answer(200), url=url, origin="http://localhost:3000")
        fix_for(found, because(CauseCode.NO_CORS_CONFIGURED), recorder.stack)
        assert recorder.calls[0][1].port == port


def styles() -> list[tuple[str, str]]:
    return [(stack.name, style) for stack in all_stacks() for style in stack.styles or ("",)]


class TestEveryStack:
    """`--fix` of each, in each of its styles."""

    @pytest.mark.parametrize(("name", "style"), styles())
    @pytest.mark.parametrize("question", [{}, JSON, JSON | INCLUDE], ids=["call", "preflight", "credentials"])
    def test_renders(self, name: str, style: str, question: dict[str, Any]) -> None:
        found = report(answer(404), **question)
        fix = fix_for(found, because(CauseCode.NO_ROUTE), get_stack(name), style)
        assert isinstance(fix, Fix)
        assert fix.stack.name == name
        assert fix.because == ()
        text = "\n".join(part.text for part in fix.parts)
        assert "app.example" in text.replace("\\", "")
        said = any(limit.startswith("allow_methods") for limit in fix.limits)
        assert "PUT" in text or said or not question
        assert all(part.place and not part.place.endswith(".") for part in fix.parts)
        assert all(char in "\n\t" or char.isprintable() for char in text)

    def test_all_of_them(self) -> None:
        assert {name for name, _ in styles()} == set(NAMES)


def answered(*fields: tuple[str, str], status: int = 404, body: bytes = b"") -> Report:
    return report(answer(status, *fields, body=body))


class TestRecognised:
    """Of several layers the application's, or the front's for the causes that lie there."""

    @staticmethod
    def name(found: Report, *, in_front: bool = False) -> str | None:
        known = recognised(found, in_front=in_front)
        return None if known is None else known[0].name

    def test_by_a_header(self) -> None:
        found = recognised(answered(EXPRESS))
        assert found == (get_stack("express"), ("X-Powered-By: Express",))

    def test_the_application_behind_a_front(self) -> None:
        both = answered(NGINX, EXPRESS)
        assert self.name(both) == "express"
        assert self.name(both, in_front=True) == "nginx"

    def test_one_layer_is_both(self) -> None:
        assert self.name(answered(NGINX)) == self.name(answered(NGINX), in_front=True) == "nginx"
        assert self.name(answered(EXPRESS), in_front=True) == "express"

    def test_any_of_the_answers(self) -> None:
        found = report(answer(204, ALLOW, ("Access-Control-Allow-Methods", "PUT"), EXPRESS), answer(500), method="PUT")
        assert self.name(found) == "express"

    def test_the_surest(self) -> None:
        # Its own page, and its header.
        page = b"<center>nginx/1.22.1</center>"
        found = recognised(answered(("Server", "Caddy"), body=page), in_front=True)
        assert found is not None
        assert found[0].name == "caddy"

    def test_nobody(self) -> None:
        assert recognised(answered()) is None
        assert recognised(answered(("Server", "something"))) is None
        assert recognised(report(failure())) is None

    @pytest.mark.parametrize(
        ("code", "name"),
        [
            (CauseCode.NO_CORS_CONFIGURED, "express"),
            (CauseCode.NO_ROUTE, "express"),
            (CauseCode.APPLICATION_ERROR, "express"),
            (CauseCode.TWO_LAYERS, "nginx"),
            (CauseCode.PROXY_ERROR, "nginx"),
            (CauseCode.SOME_ANSWERS, "nginx"),
        ],
    )
    def test_where_the_cause_lies(self, code: CauseCode, name: str) -> None:
        fix = fix_for(answered(NGINX, EXPRESS), because(code))
        assert isinstance(fix, Fix)
        assert fix.stack.name == name
        assert fix.because

    def test_nobody_is_recognised_nothing_is_written(self) -> None:
        assert fix_for(answered(), because(CauseCode.NO_CORS_CONFIGURED)) is None


values = st.sampled_from(
    ["*", "Origin, X-Key", "GET, PUT, TRACE", "null", "https://a.example", "http://a.example", ", ,"]
)
lists = values.map(str.encode) | st.binary(max_size=20).map(lambda value: value.translate(None, b"\r\n\0").strip())
names = st.sampled_from(
    [
        *("Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"),
        *("Access-Control-Expose-Headers", "X-Total", "Server", "X-Powered-By"),
    ]
)


@given(
    st.lists(st.tuples(names, lists), max_size=6),
    st.sampled_from([{}, JSON, INCLUDE, {"origin": "null"}, {"origin": "http://app.example", **INCLUDE}]),
    st.sampled_from(CauseCode),
    st.sampled_from([None, "nginx", "express", "flask"]),
)
def test_whatever_a_server_sends(
    fields: list[tuple[str, bytes]], question: dict[str, Any], code: CauseCode, name: str | None
) -> None:
    """It becomes a configuration in text, or one sentence, or nothing."""
    found = report(answer(200, *fields), **question)
    fix = fix_for(found, because(code), None if name is None else get_stack(name))
    if isinstance(fix, Fix):
        assert fix.parts
        assert all(char in "\n\t" or char.isprintable() for part in fix.parts for char in part.text)
        assert (fix.because == ()) == (name is not None)
    elif fix is not None:
        assert fix.sentence.endswith(".")
    else:
        assert name is None


def test_a_list_of_methods_in_lower_case_is_the_servers_to_mend() -> None:
    lower = ("Access-Control-Allow-Methods", "get, put")
    found = preflight(ALLOW, lower, NGINX, method="PUT")
    assert "PUT" in policy_for(found, CauseCode.METHOD_CASE).allow_methods
