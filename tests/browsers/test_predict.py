"""Predictions, worked out by hand from the standard."""

from __future__ import annotations

from typing import Any

from crossorigin.browser.real.call import Call, Outcome
from crossorigin.fetch import BlockCode, FetchResult, Profile

from .cookies import CookieRules
from .distribution import ORIGINS
from .observed import Seen
from .predict import Predicted, predict
from .scenario import Answer, Reply, Scenario

PAGE = "http://app.a.localhost:40001"
FOREIGN = "http://api.b.localhost:40004/s/0"
ANY = ("Access-Control-Allow-Origin", "*")
PAGE_ONLY = ("Access-Control-Allow-Origin", "{page}")
NULL = ("Access-Control-Allow-Origin", "null")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def run(*calls: Call, answers: tuple[Answer, ...] = (Answer(),), **settings: Any) -> Predicted:
    rules = settings.pop("rules", None)
    return predict(Scenario("s", calls, answers, **settings), ORIGINS, rules=rules)


def call(url: str = "{foreign}/{id}/0", **settings: Any) -> Call:
    return Call(url=url, **settings)


def answer(*headers: tuple[str, str], preflight: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(Reply(200, headers), (Reply(204, preflight),))


def redirect(location: str, *headers: tuple[str, str], status: int = 302) -> Answer:
    fields = (*headers, ("Location", location))
    return Answer(Reply(status, fields, ""), (Reply(204, (*headers, ("Access-Control-Allow-Methods", "PUT"))),))


def test_a_plain_get() -> None:
    predicted = run(call(), answers=(answer(ANY),))
    assert predicted == Predicted(
        name="s",
        outcomes=(
            Outcome(
                blocked=False,
                type="cors",
                status=200,
                redirected=False,
                url=FOREIGN,
                headers=(("content-length", "4"),),
                body="body",
            ),
        ),
        requests=(Seen("foreign", "GET", "/s/0", origin=PAGE),),
        console=None,
        codes=(None,),
        request_calls=(0,),
    )


def test_no_allow_origin_blocks_after_the_request() -> None:
    predicted = run(call("{foreign}/{id}/0?a=b#c"))
    assert predicted.outcomes == (Outcome(blocked=True),)
    assert predicted.codes == (BlockCode.ALLOW_ORIGIN_MISSING,)
    assert predicted.requests == (Seen("foreign", "GET", "/s/0?a=b", origin=PAGE),)


def test_the_own_origin_needs_nothing_and_shows_everything_but_cookies() -> None:
    predicted = run(
        call("{own}/{id}/0", api="xhr"), answers=(answer(("X-One", "1"), ("X-One", " 2 "), ("Set-Cookie", "c-s=1")),)
    )
    (outcome,) = predicted.outcomes
    assert (outcome.type, outcome.redirected) == (None, None)
    assert outcome.headers == (("content-length", "4"), ("x-one", "1, 2"))
    assert predicted.requests == (Seen("own", "GET", "/s/0"),)


def test_an_own_post_has_an_origin() -> None:
    predicted = run(call("{own}/{id}/0", method="POST"))
    assert predicted.requests == (Seen("own", "POST", "/s/0", origin=PAGE),)


def test_a_preflight_asks_sorted_and_in_lower_case() -> None:
    allow = (ANY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "x-b,X-A"))
    predicted = run(
        call(method="put", headers=(("X-B", "1"), ("X-a", "2"), ("Accept", "*/*"))),
        answers=(answer(ANY, preflight=allow),),
    )
    assert predicted.codes == (None,)
    assert predicted.requests == (
        Seen("foreign", "OPTIONS", "/s/0", origin=PAGE, acrm="PUT", acrh="x-a,x-b"),
        Seen("foreign", "PUT", "/s/0", origin=PAGE),
    )


def test_patch_in_lower_case_is_another_method() -> None:
    predicted = run(
        call(method="patch"), answers=(answer(ANY, preflight=(ANY, ("Access-Control-Allow-Methods", "PATCH"))),)
    )
    assert predicted.codes == (BlockCode.PREFLIGHT_METHOD_CASE,)
    assert [seen.acrm for seen in predicted.requests] == ["patch"]


def test_the_preflight_cache_lasts_over_calls_but_not_over_queries() -> None:
    allow = (ANY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", "600"))
    again = call("{foreign}/{id}/0?again", method="PUT")
    predicted = run(call(method="PUT"), call(method="PUT"), again, answers=(answer(ANY, preflight=allow),))
    assert [seen.method for seen in predicted.requests] == ["OPTIONS", "PUT", "PUT", "OPTIONS", "PUT"]
    assert predicted.request_calls == (0, 0, 1, 2, 2)


def test_max_age_0_is_not_remembered_and_preflights_change_their_mind() -> None:
    first = Reply(204, (ANY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", "0")))
    predicted = run(
        call(method="PUT"),
        call(method="PUT"),
        call(method="PUT"),
        answers=(Answer(Reply(200, (ANY,)), (first, Reply(403, (ANY,)))),),
    )
    assert predicted.codes == (None, BlockCode.PREFLIGHT_STATUS, BlockCode.PREFLIGHT_STATUS)
    assert [seen.method for seen in predicted.requests] == ["OPTIONS", "PUT", "OPTIONS", "OPTIONS"]


def test_an_opaque_frame_is_null_even_to_the_own_host() -> None:
    for frame in ("sandboxed", "data"):
        predicted = run(call("{own}/{id}/0"), answers=(answer(NULL),), frame=frame)
        assert predicted.codes == (None,)
        assert predicted.requests == (Seen("own", "GET", "/s/0", origin="null"),)


def test_a_second_foreign_origin_taints() -> None:
    answers = (redirect("{other}/{id}/1", PAGE_ONLY), answer(PAGE_ONLY))
    predicted = run(call(), answers=answers)
    assert predicted.codes == (BlockCode.ORIGIN_TAINTED,)
    assert [(seen.host, seen.origin) for seen in predicted.requests] == [("foreign", PAGE), ("other", "null")]
    allowed = run(call(), answers=(answers[0], answer(NULL)))
    assert allowed.outcomes[0].redirected is True
    assert allowed.outcomes[0].url == "http://api.c.localhost:40005/s/1"


def test_preflights_on_both_hops() -> None:
    allow = (ANY, ("Access-Control-Allow-Methods", "*"))
    answers = (redirect("{sibling}/{id}/1", ANY, status=307), answer(ANY, preflight=allow))
    predicted = run(call("{port}/{id}/0", method="PUT"), answers=answers)
    assert [(seen.method, seen.host, seen.origin) for seen in predicted.requests] == [
        ("OPTIONS", "port", PAGE),
        ("PUT", "port", PAGE),
        ("OPTIONS", "sibling", "null"),
        ("PUT", "sibling", "null"),
    ]


def test_a_303_turns_put_into_a_get_without_preflight() -> None:
    predicted = run(call(method="PUT"), answers=(redirect("1", ANY, status=303), answer(ANY)))
    assert [seen.method for seen in predicted.requests] == ["OPTIONS", "PUT", "GET"]
    assert predicted.requests[-1].path == "/s/1"


def test_user_in_location() -> None:
    answers = (redirect("{scheme}://user:pass@{other.authority}/{id}/1", ANY), answer(ANY))
    assert run(call(), answers=answers).codes == (BlockCode.LOCATION_CREDENTIALS,)


def test_twenty_redirects_are_followed_and_one_more_is_not() -> None:
    chain = [redirect(f"/{{id}}/{number + 1}", ANY) for number in range(21)]
    twenty = run(call(), answers=(*chain[:20], answer(ANY)))
    assert (twenty.codes, len(twenty.requests)) == ((None,), 21)
    more = run(call(), answers=(*chain, answer(ANY)))
    assert (more.codes, len(more.requests)) == ((BlockCode.TOO_MANY_REDIRECTS,), 21)


def test_redirect_modes() -> None:
    answers = (redirect("{foreign}/{id}/1", ANY), answer(ANY))
    assert run(call(redirect="error"), answers=answers).codes == (BlockCode.REDIRECT_MODE_ERROR,)
    (outcome,) = run(call(redirect="manual"), answers=answers).outcomes
    assert outcome == Outcome(blocked=False, type="opaqueredirect", redirected=False, url=FOREIGN)


def test_no_cors_is_opaque_and_corp_can_forbid_it() -> None:
    predicted = run(call(mode="no-cors"))
    assert predicted.outcomes == (Outcome(blocked=False, type="opaque", redirected=False),)
    assert predicted.requests == (Seen("foreign", "GET", "/s/0"),)
    corp = answer(("Cross-Origin-Resource-Policy", "same-site"))
    assert run(call(mode="no-cors"), answers=(corp,)).codes == (BlockCode.CROSS_ORIGIN_RESOURCE_POLICY,)
    assert run(call("{sibling}/{id}/0", mode="no-cors"), answers=(corp,)).codes == (None,)


def test_what_throws_in_script_is_blocked_and_sends_nothing() -> None:
    predicted = run(call(method="TRACE"), call(mode="no-cors", method="PUT"))
    assert predicted.outcomes == (Outcome(blocked=True),) * 2
    assert (predicted.codes, predicted.requests) == ((None, None), ())


def test_head_and_204_have_no_body_and_an_unknown_url_is_404() -> None:
    predicted = run(
        call(method="HEAD"),
        call("{foreign}/{id}/1"),
        call("{own}/{id}/2"),
        answers=(answer(ANY), Answer(Reply(204, (ANY,), ""))),
    )
    assert [(each.status, each.body, each.headers) for each in predicted.outcomes] == [
        (200, "", (("content-length", "4"),)),
        (204, "", ()),
        (404, "body", (("content-length", "4"),)),
    ]


class TestCookies:
    """Set by the first call, seen by the second, as the rules have it."""

    SET = answer(PAGE_ONLY, CREDENTIALS, ("Set-Cookie", "c-{id}=1; Path=/{id}; SameSite=None; Secure"))

    def cookies(self, *credentials: Any, **settings: Any) -> list[str | None]:
        calls = (call(credentials=each) for each in credentials)
        return [seen.cookie for seen in run(*calls, answers=(self.SET,), **settings).requests]

    def test_only_with_credentials(self) -> None:
        assert self.cookies("include", "include", "same-origin", "omit") == [None, "c-s=1", None, None]
        assert self.cookies("same-origin", "include") == [None, None]

    def test_rules(self) -> None:
        assert self.cookies("include", "include", rules=CookieRules(third_party=False)) == [None, None]

    def test_an_opaque_frame_is_cross_site(self) -> None:
        lax = answer(NULL, CREDENTIALS, ("Set-Cookie", "c-{id}=1; Path=/{id}"))
        calls = [call("{own}/{id}/0", credentials="include")] * 2
        assert [seen.cookie for seen in run(*calls, answers=(lax,), frame="data").requests] == [None, None]
        assert [seen.cookie for seen in run(*calls, answers=(lax,)).requests] == [None, "c-s=1"]


def test_the_console_is_asked_with_the_engines_name() -> None:
    def console(engine: str, result: FetchResult) -> list[str]:
        return [f"{engine}: {result.error.code if result.error else 'fine'}"]

    scenario = Scenario("s", (call(), call(method="TRACE")))
    predicted = predict(scenario, ORIGINS, Profile(name="chromium"), console=console)
    assert predicted.console == (("chromium: B301",), ())


def test_the_profile_counts() -> None:
    allow = (ANY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", "600"))
    scenario = Scenario("s", (call(method="PUT"),) * 2, (answer(ANY, preflight=allow),))
    forgetful = predict(scenario, ORIGINS, Profile(name="forgetful", max_age_limit=0))
    assert [seen.method for seen in forgetful.requests] == ["OPTIONS", "PUT"] * 2
