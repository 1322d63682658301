"""Cures that people find elsewhere, and what they hope of CORS: said where there are traces, never as what blocks."""

from __future__ import annotations

import pytest

from crossorigin.doctor.causes import HIGH, CauseCode
from crossorigin.doctor.diagnosis.beliefs import PUBLIC_PROXIES

from ..conftest import ALLOW, ALLOW_ALL, VARY, Answer, answer  # noqa: TID252
from .cases import diagnosed

COOKIE = ("Set-Cookie", "session=1")


class TestPublicProxies:
    """Whoever runs one sees every token."""

    @pytest.mark.parametrize("host", PUBLIC_PROXIES)
    def test_known(self, host: str) -> None:
        cause = diagnosed(answer(200, ALLOW_ALL), url=f"https://{host}/https://api.example/").of(CauseCode.PUBLIC_PROXY)
        assert cause.sureness == "likely"
        assert cause.evidence == (
            f"{host} is a public CORS proxy: whoever runs it sees every request, token and answer",
        )
        assert "your own server" in cause.fix

    @pytest.mark.parametrize("name", ["x-request-url", "X-Final-URL", "x-cors-redirect-1"])
    def test_one_of_somebodys_own(self, name: str) -> None:
        # CORS Anywhere, wherever it runs, says what it fetched.
        cause = diagnosed(answer(200, ALLOW_ALL, (name, "https://a.example/"))).of(CauseCode.PUBLIC_PROXY)
        assert cause.evidence == (
            (
                f"the answer has `{name.lower()}: https://a.example/`, as CORS Anywhere sends it: whoever runs it sees "
                "every request, token and answer"
            ),
        )

    def test_a_name_below(self) -> None:
        assert CauseCode.PUBLIC_PROXY in diagnosed(answer(200), url="https://eu.corsproxy.io/?x").codes

    @pytest.mark.parametrize("host", ["api.example", "notcors.sh", "cors.sh.example"])
    def test_others(self, host: str) -> None:
        assert CauseCode.PUBLIC_PROXY not in diagnosed(answer(200), url=f"https://{host}/").codes

    def test_what_blocks_comes_first(self) -> None:
        found = diagnosed(
            answer(200, ("Access-Control-Allow-Origin", "https://a.example")), url="https://corsproxy.io/"
        )
        assert [cause.code for cause in found.causes] == [CauseCode.ORIGIN_NOT_ALLOWED, CauseCode.PUBLIC_PROXY]


class TestJSONP:
    """A parameter that names a function."""

    @pytest.mark.parametrize("name", ["callback", "jsonp", "jsonCallback", "CALLBACK"])
    def test_parameters(self, name: str) -> None:
        cause = diagnosed(answer(200, ALLOW, VARY), url=f"https://api.example/x?a=b&{name}=f").of(CauseCode.JSONP)
        assert cause.sureness == "possible"
        assert cause.evidence == (f"the URL has the parameter {name.lower()}, as JSONP does",)
        assert "without a callback" in cause.fix

    @pytest.mark.parametrize("query", ["", "?call=back", "?x=callback", "?callbacks=1"])
    def test_others(self, query: str) -> None:
        assert diagnosed(answer(200, ALLOW, VARY), url=f"https://api.example/x{query}").codes == []


class TestNoProtection:
    """`*` where the answer depends on who asks."""

    @pytest.mark.parametrize(
        ("reply", "why"),
        [
            (answer(401, ALLOW_ALL), "it answers 401, so somebody has to prove who they are"),
            (answer(403, ALLOW_ALL), "it answers 403, so somebody has to prove who they are"),
            (answer(200, ALLOW_ALL, COOKIE), "it sets a cookie: `Set-Cookie: session=1`"),
        ],
    )
    def test_signs(self, reply: Answer, why: str) -> None:
        cause = diagnosed(reply).of(CauseCode.NOT_A_PROTECTION)
        assert cause.sureness == "likely"
        assert cause.evidence == (f"the answer has `Access-Control-Allow-Origin: *`, and {why}",)
        assert "other people's pages" in cause.fix
        assert "name the origins of your own front ends" in cause.fix

    @pytest.mark.parametrize(
        "reply", [answer(200, ALLOW_ALL), answer(404, ALLOW_ALL), answer(401, ALLOW, VARY), answer(401)]
    )
    def test_others(self, reply: Answer) -> None:
        assert CauseCode.NOT_A_PROTECTION not in diagnosed(reply).codes


def test_none_is_asserted() -> None:
    """They stand beside what blocks."""
    found = diagnosed(answer(401, ALLOW_ALL, COOKIE), url="https://corsproxy.io/?callback=f")
    codes = {CauseCode.PUBLIC_PROXY, CauseCode.JSONP, CauseCode.NOT_A_PROTECTION}
    assert codes <= set(found.codes)
    assert all(cause.confidence < HIGH for cause in found.causes if cause.code in codes)
