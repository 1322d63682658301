"""The learner: looks on, and tells what production needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossorigin.policy import Policy, PolicyError, RequestFacts, decide, load_policies, load_policy
from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.learn import Learner
from crossorigin.proxy.learned_file import LearnError

from .cors_heads import request, response

APP = "http://localhost:5173"
SCRIPT = ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty", "User-Agent: Mozilla/5.0")


def call(line: str, *fields: str, origin: str | None = None) -> RequestHead:
    return request(line, *SCRIPT, *fields, origin=origin)


def from_another(origin: str, site: str) -> RequestHead:
    fields = (f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty", "Content-Length: 0")
    return request("PUT /api", *fields, origin=origin)


class TestPolicy:
    def test_the_least(self) -> None:
        learner = Learner([APP])
        learner.request("/api", call("GET /api/users"))
        learner.request("/api", call("PUT /api/users/1", "Content-Type: application/json", "Content-Length: 0"))
        learner.request("/api", call("POST /api/users", "Content-Type: text/plain", "Content-Length: 0"))
        assert learner.policy("/api") == Policy(
            allow_origins=[APP], allow_methods=["PUT"], allow_headers=["content-type"]
        )

    def test_what_is_no_script_teaches_nothing(self) -> None:
        learner = Learner([APP])
        learner.request("/api", request("DELETE /api", "User-Agent: curl/8", origin=None))
        learner.request("/api", request("GET /api", "Sec-Fetch-Mode: navigate", "Cookie: a=1", origin=None))
        assert learner.routes == ()
        with pytest.raises(LearnError, match="has called '/api' yet"):
            learner.policy("/api")

    def test_a_cookie_of_the_api(self) -> None:
        learner = Learner([APP])
        learner.response("/api", response(200, "Set-Cookie: session=1; HttpOnly"))
        learner.request("/api", call("GET /api", "Cookie: session=1"))
        assert learner.policy("/api").allow_credentials

    def test_a_cookie_of_the_application(self) -> None:
        learner = Learner([APP], {"/api": "http://localhost:8080"})
        learner.response("/", response(200, "Set-Cookie: theme=dark"))
        learner.request("/api", call("GET /api", "Cookie: theme=dark"))
        assert not learner.policy("/api").allow_credentials
        # Though it is learned only afterwards whose it is.
        late = Learner([APP])
        late.request("/api", call("GET /api", "Cookie: theme=dark"))
        assert late.policy("/api").allow_credentials
        late.response("/", response(200, "Set-Cookie: theme=dark"))
        assert not late.policy("/api").allow_credentials

    def test_a_browsers_own_authorization(self) -> None:
        learner = Learner([APP])
        learner.response("/api", response(401, 'WWW-Authenticate: Basic realm="x"'))
        learner.request("/api", call("GET /api", "Authorization: Basic eA=="))
        assert learner.policy("/api") == Policy(allow_origins=[APP], allow_credentials=True)


class TestOrigins:
    def test_one_of_this_machine_is_learned(self) -> None:
        learner = Learner([APP])
        learner.request("/api", from_another("http://localhost:4200", "same-site"))
        assert learner.policy("/api").allow_origins == ("http://localhost:4200", APP)

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://192.168.1.9", "nonsense"])
    def test_a_strangers_page_teaches_nothing(self, origin: str) -> None:
        learner = Learner([APP])
        learner.request("/api", from_another(origin, "cross-site"))
        assert learner.routes == ()
        learner.request("/api", call("GET /api"))
        assert learner.policy("/api") == Policy(allow_origins=[APP])
        assert "not in the policy" in learner.toml()

    def test_a_page_of_the_proxy_posts_with_its_origin(self) -> None:
        learner = Learner([APP])
        learner.request("/api", call("PUT /api", "Content-Length: 0", origin="http://localhost:3001"))
        assert learner.policy("/api") == Policy(allow_origins=[APP], allow_methods=["PUT"])

    @pytest.mark.parametrize("origins", [[], ["localhost:5173"], ["http://localhost:5173/"]])
    def test_what_is_no_origin(self, origins: list[str]) -> None:
        with pytest.raises(PolicyError):
            Learner(origins)


class TestToml:
    def test_one_target(self, tmp_path: Path) -> None:
        learner = Learner([APP], {"/api": "http://localhost:8080", "/auth": "http://localhost:8080"})
        learner.response("/auth", response(200, "Set-Cookie: session=1", "X-Total-Count: 7", "Server: x"))
        learner.request("/api", call("DELETE /api/1", "Cookie: session=1; _ga=2", "X-Csrf: 1"))
        learner.request("/auth", call("GET /auth"))
        learner.request("/", call("PATCH /"))
        learner.write(tmp_path / "policy.toml")
        assert (tmp_path / "policy.toml").read_text() == (
            "# The least policy for what pages asked through the proxy: crossorigin proxy --learn\n"
            "# What the pages did not do meanwhile is not in it: use every part of the application once. Put the\n"
            "#   origins that the application has in production in the place of those of development. To see it\n"
            "#   as configuration of a server: crossorigin policy render\n"
            "\n"
            "# /api, /auth → http://localhost:8080: 2 calls of script\n"
            "[policy]\n"
            'allow_origins = ["http://localhost:5173"]\n'
            "# DELETE 1\n"
            'allow_methods = ["DELETE"]\n'
            "# x-csrf 1\n"
            'allow_headers = ["x-csrf"]\n'
            "# Cookies that the API has set came along: session 1\n"
            '# Across origins fetch() sends them only with credentials: "include".\n'
            "# Where page and API are of different sites, these need SameSite=None; Secure: session\n"
            "allow_credentials = true\n"
            "# The API sends these, and script can read them only where they are listed. List what yours reads:\n"
            '# expose_headers = ["x-total-count"]\n'
        )
        assert load_policy(tmp_path / "policy.toml") == Policy(
            allow_origins=[APP], allow_methods=["DELETE"], allow_headers=["x-csrf"], allow_credentials=True
        )

    def test_several_targets(self, tmp_path: Path) -> None:
        learner = Learner([APP], {"/api": "http://localhost:1", "/maps/v1": "http://localhost:2", "/": "http://x"})
        learner.request("/api", call("PUT /api"))
        learner.request("/maps/v1", call("GET /maps/v1"))
        learner.request("/", call("GET /"))
        learner.write(tmp_path / "policy.toml")
        assert load_policies(tmp_path / "policy.toml") == {
            "root": learner.policy("/"),
            "api": learner.policy("/api"),
            "maps-v1": learner.policy("/maps/v1"),
        }

    def test_names_are_not_given_twice(self, tmp_path: Path) -> None:
        learner = Learner([APP])
        for route in ("/a.b", "/a-b", "^/(?:x)$"):
            learner.request(route, call("GET /"))
        learner.write(tmp_path / "policy.toml")
        assert set(load_policies(tmp_path / "policy.toml")) == {"a-b", "a-b-2", "x"}

    def test_nothing_to_tell(self) -> None:
        with pytest.raises(LearnError, match="has called anything yet"):
            Learner([APP]).toml()

    def test_cookies_do_not_end_comments(self, tmp_path: Path) -> None:
        learner = Learner([APP])
        learner.request("/api", call("GET /api", 'Cookie: a\x80"]\t[policy.x]=1; \xe9\xff=2'))
        learner.write(tmp_path / "policy.toml")
        assert load_policy(tmp_path / "policy.toml") == learner.policy("/api")

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["GET", "PUT", "PATCH", "DELETE", "POST"]),
                st.lists(
                    st.sampled_from(["Content-Type: application/json", "X-A: 1", "Authorization: Bearer x", "X-B: 2"]),
                    max_size=3,
                    unique=True,
                ),
                st.booleans(),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def test_what_was_seen_is_allowed(self, calls: list[tuple[str, list[str], bool]]) -> None:
        """The learned policy allows each call that it was learned from."""
        learner = Learner([APP])
        for method, fields, has_cookie in calls:
            learner.request("/api", call(f"{method} /api", *fields, *(["Cookie: s=1"] if has_cookie else [])))
        policy = learner.policy("/api")
        assert policy.allow_credentials == any(has_cookie for _, _, has_cookie in calls)
        for method, fields, _ in calls:
            names = ",".join(sorted(field.partition(":")[0].lower() for field in fields)).encode()
            facts = RequestFacts(
                method=b"OPTIONS",
                origin=APP.encode(),
                request_method=method.encode(),
                request_headers=(names,) if names else (),
            )
            assert decide(policy, facts).allowed


def test_note() -> None:
    learner = Learner([APP])
    learner.request("/api", call("PUT /api", "Cookie: a=1", "X-A: 1"))
    assert learner.note("/api") == (
        "in production /api needs:\n"
        '  allow_origins = ["http://localhost:5173"]\n'
        '  allow_methods = ["PUT"]\n'
        '  allow_headers = ["x-a"]\n'
        "  allow_credentials = true\n"
        '  # and fetch(url, { credentials: "include" })'
    )


def test_memory_is_bounded() -> None:
    learner = Learner([APP])
    for number in range(300):
        learner.request(f"/{number}", call("GET /"))
        fields = (f"X-{number}: 1", f"Cookie: c{number}=1", f"Authorization: Bearer {number}")
        learner.request("/0", call("GET /", *fields))
        learner.response("/0", response(200, f"X-{number}: 1", f"Set-Cookie: d{number}=1"))
        learner.request("/0", from_another(f"http://localhost:{4000 + number}", "same-site"))
        learner.request("/0", from_another(f"https://{number}.example", "cross-site"))
    assert len(learner.routes) == 64
    seen = learner._routes["/0"]
    assert (len(seen.headers), len(seen.cookies), len(seen.cookies_set)) == (64, 64, 64)
    assert (len(seen.readable), len(seen.origins), len(seen.strangers)) == (32, 16, 16)
    assert "There were more headers than are kept here." in learner.toml()
