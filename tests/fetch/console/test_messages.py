"""Messages as data: places are filled once, names are found, and no sentence is written twice."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BLOCKS, BlockCode
from crossorigin.fetch.console import CATALOGUES, Message
from crossorigin.fetch.console.messages import PLACE, RESPONSE_CODE, Judged, fill

from ..dialogue import API, answer, redirect, url  # noqa: TID252
from .results import call, made

PLACES = {
    "url",
    "first_url",
    "origin",
    "kind",
    "method",
    "header",
    "value",
    "status",
    "error",
    "target",
    "space",
    "other_space",
    "reason",
}
ALL = [(engine, each) for engine, table in CATALOGUES.items() for each in (*table.reasons, *table.shells, *table.bare)]


def judged(result: object) -> Judged:
    from crossorigin.fetch import FetchResult

    assert isinstance(result, FetchResult)
    assert result.error is not None
    return Judged(result, result.error)


class TestTables:
    """What holds for every engine's."""

    @pytest.mark.parametrize(("engine", "message"), ALL, ids=lambda each: getattr(each, "name", each))
    def test_message(self, engine: str, message: Message) -> None:
        assert set(PLACE.findall(message.text)) <= PLACES
        assert len(set(message.codes)) == len(message.codes)
        assert set(message.codes) <= set(BLOCKS)
        assert CATALOGUES[engine][message.name] == message

    @pytest.mark.parametrize("engine", CATALOGUES)
    def test_nothing_is_there_twice(self, engine: str) -> None:
        ours = [message for of, message in ALL if of == engine]
        assert len({message.text for message in ours}) == len(ours)
        assert len({message.name for message in ours}) == len(ours)

    def test_an_unknown_name(self) -> None:
        with pytest.raises(KeyError):
            CATALOGUES["webkit"]["MissingAllowOriginHeader"]


class TestFill:
    """Values are values, whatever they hold."""

    def test_values_with_braces_stay(self) -> None:
        assert fill("{method} at {url}", method="{url}", url="{method}") == "{url} at {method}"

    def test_a_place_without_a_value(self) -> None:
        with pytest.raises(KeyError):
            Message(name="A", text="at {url}")()


class TestJudged:
    """What a console can see of a blocked fetch."""

    def test_before_anything_is_sent(self) -> None:
        found = judged(call(mode="same-origin"))
        assert (found.url, found.exchange, found.response, found.status, found.location) == (
            API,
            None,
            None,
            None,
            None,
        )
        assert (found.field(b"Vary"), found.fields(b"Vary"), found.missing_names) == (None, [], [])
        assert not found.is_preflight
        assert not found.is_redirect

    def test_a_redirect(self) -> None:
        found = judged(call(redirect("there#x")))
        assert found.is_redirect
        assert found.location == url("https://api.other/there#x")
        assert found.status == 302

    def test_a_redirect_without_location(self) -> None:
        assert not judged(made(BlockCode.PREFLIGHT_REDIRECT, answer(302), role="preflight")).is_redirect

    def test_mixed_content_of_another_scheme(self) -> None:
        assert judged(call(to="ftp://x.example/")).code is BlockCode.SCHEME_NOT_HTTP
        assert judged(call(to="http://x.example/")).code is BlockCode.MIXED_CONTENT

    @pytest.mark.parametrize(
        ("code", "allowed", "missing"),
        [
            (BlockCode.PREFLIGHT_HEADER, "X-B", ["authorization", "x-a"]),
            (BlockCode.PREFLIGHT_HEADER, "", ["authorization", "x-a", "x-b"]),
            (BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD, "*", ["authorization"]),
            (BlockCode.PREFLIGHT_HEADER, "a b", ["authorization", "x-a", "x-b"]),
        ],
    )
    def test_missing_names(self, code: BlockCode, allowed: str, missing: list[str]) -> None:
        answered = answer(204, ("Access-Control-Allow-Headers", allowed))
        found = judged(made(code, answered, role="preflight", asked="authorization,x-a,x-b"))
        assert found.missing_names == missing

    def test_both_places_of_the_check(self) -> None:
        for preflight, response in RESPONSE_CODE.items():
            assert (preflight.value[0:2], response.value[0:2]) == ("B2", "B3")
            assert preflight.value[2:] == response.value[2:]
