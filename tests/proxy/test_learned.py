"""From what was seen to the settings of a policy."""

from __future__ import annotations

import pytest

from crossorigin.policy import Policy
from crossorigin.proxy.learned import Counts, Learned, need_of

APP = "https://app.example.com"


def learned(
    *,
    methods: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    cookies: tuple[str, ...] = (),
    cookies_set: dict[str, bool] | None = None,
    managed: tuple[str, ...] = (),
    challenges: tuple[str, ...] = (),
    origins: tuple[str, ...] = (),
) -> Learned:
    seen = Learned(calls=1, cookies_set=cookies_set or {})
    for counts, names in (
        (seen.methods, methods),
        (seen.headers, headers),
        (seen.cookies, cookies),
        (seen.managed, managed),
        (seen.challenges, challenges),
        (seen.origins, origins),
    ):
        for name in names:
            counts.see(name)
    return seen


class TestCounts:
    def test_bounded(self) -> None:
        counts = Counts(2)
        for name in ("a", "b", "a", "c"):
            counts.see(name)
        assert dict(counts) == {"a": 2, "b": 1}
        assert counts.has_more
        assert counts.told(["b", "a"]) == "b 1, a 2"

    def test_nothing_long(self) -> None:
        counts = Counts(2)
        counts.see("a" * 65)
        assert (dict(counts), counts.has_more) == ({}, True)


NEEDS = {
    "nothing but an origin": (learned(), {"allow_origins": [APP]}),
    "methods and headers, sorted": (
        learned(methods=("PUT", "DELETE"), headers=("x-b", "content-type")),
        {"allow_origins": [APP], "allow_methods": ["DELETE", "PUT"], "allow_headers": ["content-type", "x-b"]},
    ),
    "a method that no browser sends, and one in the wrong case": (
        learned(methods=("TRACE", "patch", "PATCH")),
        {"allow_origins": [APP], "allow_methods": ["PATCH"]},
    ),
    "an origin of this machine": (
        learned(origins=("http://localhost:5173",)),
        {"allow_origins": ["http://localhost:5173", APP]},
    ),
    "a cookie that the API has set": (
        learned(cookies=("session",), cookies_set={"session": False}),
        {"allow_origins": [APP], "allow_credentials": True},
    ),
    "a cookie that nobody was seen to set": (
        learned(cookies=("who",)),
        {"allow_origins": [APP], "allow_credentials": True},
    ),
    "a cookie that the API has set, and that never came": (
        learned(cookies_set={"session": False}),
        {"allow_origins": [APP]},
    ),
    "a cookie of another route": (learned(cookies=("theirs",)), {"allow_origins": [APP]}),
    "a cookie that both have set": (
        learned(cookies=("theirs",), cookies_set={"theirs": True}),
        {"allow_origins": [APP], "allow_credentials": True},
    ),
    "cookies of analytics": (learned(cookies=("_ga", "_ga_X1", "_fbp")), {"allow_origins": [APP]}),
    "Digest": (learned(managed=("digest",)), {"allow_origins": [APP], "allow_credentials": True}),
    "Basic by script": (
        learned(managed=("basic",), headers=("authorization",)),
        {"allow_origins": [APP], "allow_headers": ["authorization"]},
    ),
    "Basic that the API asked for": (
        learned(managed=("basic",), headers=("authorization",), challenges=("basic",)),
        {"allow_origins": [APP], "allow_credentials": True},
    ),
    "Basic that the API asked for, and tokens": (
        learned(managed=("basic",), headers=("authorization", "authorization"), challenges=("basic",)),
        {"allow_origins": [APP], "allow_headers": ["authorization"], "allow_credentials": True},
    ),
}


@pytest.mark.parametrize(("seen", "settings"), NEEDS.values(), ids=NEEDS.keys())
def test_need_of(seen: Learned, settings: dict[str, object]) -> None:
    need = need_of(seen, [APP], ["theirs"])
    assert need.settings == settings
    assert need.policy == Policy(**need.settings)


def test_what_cannot_be_is_told() -> None:
    assert need_of(learned(methods=("TRACE",)), [APP], ()).odd == ("TRACE",)


class TestInsecureOrigins:
    """No policy with credentials has an http origin of another machine."""

    SEEN = learned(cookies=("session",), cookies_set={"session": True})

    def test_beside_another_it_goes(self) -> None:
        need = need_of(self.SEEN, ["http://192.168.1.5:3000", APP], ())
        assert need.settings == {"allow_origins": [APP], "allow_credentials": True}
        assert need.insecure == ("http://192.168.1.5:3000",)

    def test_alone_the_credentials_go(self) -> None:
        need = need_of(self.SEEN, ["http://192.168.1.5:3000"], ())
        assert need.settings == {"allow_origins": ["http://192.168.1.5:3000"]}
        assert need.policy.allow_credentials is False


def test_unfit_cookies() -> None:
    need = need_of(learned(cookies=("a", "b"), cookies_set={"a": True, "b": False}), [APP], ())
    assert (need.own_cookies, need.unfit) == (("a", "b"), ("b",))


def test_routes_to_one_target_together() -> None:
    together = Learned()
    together.add(learned(methods=("PUT",), cookies_set={"a": True}))
    together.add(learned(methods=("PUT", "DELETE"), headers=("x-a",)))
    assert (together.calls, dict(together.methods), dict(together.headers)) == (2, {"PUT": 2, "DELETE": 1}, {"x-a": 1})
    assert together.cookies_set == {"a": True}
