"""Every page of `docs/codes/` has the form, and what it shows is what the engine does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from tests.docs.exchanges import Block, Exchange, Page, PageError, build, exchanges, play, read_page

from crossorigin.fetch import BLOCKS, BlockCode, NetworkError, Response
from crossorigin.web.anchors import ANCHORS

_CODES: Final = Path(__file__).parents[2] / "docs" / "codes"
_PAGES: Final = {path.stem: read_page(path) for path in sorted(_CODES.glob("B*.md"))}
_SECTIONS: Final = (
    "Why it matters",
    "A bad exchange",
    "A good exchange",
    "What to do",
    "See also",
)
_WIDEST: Final = 76
"""At 80 columns a terminal shows this much of a code line, with a margin on both sides."""

_NEVER: Final = {
    "B505": "without service workers a response has a URL that was checked as a request",
    "B506": "without service workers a response answers the request whose Range it was asked with",
}
"""Codes that no request leads to through the engine's public API, and why. Their pages say so."""

_NEVER_GOOD: Final = {"B900": "a step that the engine lacks is not mended by another answer"}
"""Codes without a good exchange, and why."""

_OUR_HOSTS: Final = re.compile(r"(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|example)|localhost|127\.0\.0\.1")
_STANDARDS: Final = frozenset({"fetch.spec.whatwg.org", "w3c.github.io"})


def _every_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", [pytest.param(page, id=code) for code, page in _PAGES.items()])


def _dialogue(page: Page, heading: str) -> tuple[Block | None, list[Exchange]]:
    """The block that makes the request, and the exchanges; a good one may use the bad one's block."""
    section = page.section(heading)
    made = section.block("sh", "python")
    if made is None and heading == "A good exchange":
        made = page.section("A bad exchange").block("sh", "python")
    shown = section.block("http")
    if shown is None:
        return made, []
    return made, exchanges(shown)


class TestPages:
    """One page for each code, in one form."""

    def test_there_is_one_page_for_each_code(self) -> None:
        assert set(_PAGES) == {code.value for code in BlockCode}

    @_every_page()
    def test_its_title_is_the_code_and_the_title_of_the_table(self, page: Page) -> None:
        code = BlockCode(page.code)
        assert _PAGES[code.value] is page
        assert page.title == BLOCKS[code].title

    @_every_page()
    def test_it_begins_with_one_or_two_sentences(self, page: Page) -> None:
        assert 40 < len(page.summary) < 320
        assert page.summary.endswith(".")

    @_every_page()
    def test_its_step_is_the_section_of_the_table(self, page: Page) -> None:
        assert page.step_url == ANCHORS[BLOCKS[BlockCode(page.code)].anchor]
        assert re.search(r", steps? [0-9]", page.step_where) or page.code == "B900"

    @_every_page()
    def test_it_has_the_sections_in_order(self, page: Page) -> None:
        assert tuple(section.heading for section in page.sections) == _SECTIONS
        assert all(section.prose or section.blocks for section in page.sections)

    @_every_page()
    def test_no_line_of_code_is_too_wide(self, page: Page) -> None:
        lines = [line for section in page.sections for block in section.blocks for line in block.lines]
        assert [line for line in lines if len(line) > _WIDEST] == []

    @_every_page()
    def test_the_deciding_line_is_explained_beneath_the_bad_exchange(self, page: Page) -> None:
        before, _, _ = page.text.partition("\n## A good exchange\n")
        assert before.rstrip().endswith(".")

    @_every_page()
    def test_its_links_to_other_pages_lead_somewhere(self, page: Page) -> None:
        links = re.findall(r"\[(\w+)\]\((\w+)\.md\)", page.text)
        assert links
        for label, target in links:
            assert label == target != page.code
            assert target in _PAGES
        near = page.section("See also").prose
        assert all(re.match(r"- \[B\d{3}\]", line) for line in near.splitlines())

    @_every_page()
    def test_it_names_example_domains_only(self, page: Page) -> None:
        hosts = set(re.findall(r"\b(?:https?|wss)://(?:[a-z]+:[a-z]+@)?([a-z0-9][a-z0-9.-]*)", page.text))
        assert {host for host in hosts - _STANDARDS if not _OUR_HOSTS.fullmatch(host)} == set()

    @_every_page()
    def test_it_uses_the_words_of_today(self, page: Page) -> None:
        text = " ".join(page.text.lower().split())
        assert "simple request" not in text
        assert "whitelist" not in text
        assert "\u2014" not in text


class TestBadExchange:
    """What a page shows as blocked ends with a network error of exactly its code."""

    @pytest.mark.parametrize(
        "page", [pytest.param(page, id=code) for code, page in _PAGES.items() if code not in _NEVER]
    )
    def test_it_is_blocked_with_the_code_of_its_page(self, page: Page) -> None:
        made, dialogue = _dialogue(page, "A bad exchange")
        assert made is not None
        assert bool(dialogue) != ("Nothing is sent" in page.section("A bad exchange").prose)

        result = play(*build(made), dialogue)

        assert isinstance(result.response, NetworkError)
        assert result.response.code is BlockCode(page.code)

    @pytest.mark.parametrize(
        ("code", "fault"),
        [
            ("B220", "member 1 `GET; PUT; DELETE` holds `;`."),
            ("B221", "member 2 `X-Client X-Trace` holds a space."),
        ],
    )
    def test_the_page_says_what_the_check_says_of_a_list(self, code: str, fault: str) -> None:
        made, dialogue = _dialogue(_PAGES[code], "A bad exchange")
        assert made is not None
        result = play(*build(made), dialogue)
        assert isinstance(result.response, NetworkError)
        assert result.response.step.sentence.endswith(f" is not a comma-separated list of tokens: {fault}")
        assert fault in _PAGES[code].section("A bad exchange").prose

    @pytest.mark.parametrize("code", [pytest.param(code, id=f"{code}: {why}") for code, why in _NEVER.items()])
    def test_where_it_cannot_happen_the_page_says_so(self, code: str) -> None:
        section = _PAGES[code].section("A bad exchange")
        assert section.block("sh", "python", "http") is None
        assert "the engine never ends with this code" in section.prose.replace("\n", " ")


class TestGoodExchange:
    """What a page shows as allowed ends with a response that script can read."""

    @pytest.mark.parametrize(
        "page", [pytest.param(page, id=code) for code, page in _PAGES.items() if code not in _NEVER_GOOD]
    )
    def test_it_is_readable(self, page: Page) -> None:
        made, dialogue = _dialogue(page, "A good exchange")
        assert made is not None
        assert bool(dialogue) != ("Nothing is sent" in page.section("A good exchange").prose)

        result = play(*build(made), dialogue)

        assert isinstance(result.response, Response)
        assert result.response.is_readable

    @pytest.mark.parametrize("code", [pytest.param(code, id=f"{code}: {why}") for code, why in _NEVER_GOOD.items()])
    def test_where_there_is_none_the_page_says_so(self, code: str) -> None:
        section = _PAGES[code].section("A good exchange")
        assert section.blocks == ()
        assert section.prose.startswith("There is none.")


class TestHarness:
    """The harness notices when a page lies."""

    COMMAND: Final = Block(
        "sh", ("crossorigin check https://api.example.com/a?b=c \\", "  --origin https://app.example.com")
    )
    ANSWER: Final = ("", "< HTTP/1.1 200", "< Access-Control-Allow-Origin: *")

    def play(self, *lines: str) -> None:
        play(*build(self.COMMAND), exchanges(Block("http", lines)))

    def test_the_truth_passes(self) -> None:
        self.play("> GET /a?b=c HTTP/1.1", "> Host: api.example.com", "> Origin: https://app.example.com", *self.ANSWER)

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param(("> POST /a?b=c HTTP/1.1", "> Host: api.example.com"), id="another method"),
            pytest.param(("> GET /a HTTP/1.1", "> Host: api.example.com"), id="another target"),
            pytest.param(("> GET /a?b=c HTTP/1.1", "> Host: app.example.com"), id="another host"),
            pytest.param(("> GET /a?b=c HTTP/2", "> Host: api.example.com"), id="HTTP/2 has no Host"),
            pytest.param(("> GET /a?b=c HTTP/1.1",), id="no host"),
        ],
    )
    def test_a_wrong_line_is_noticed(self, lines: tuple[str, ...]) -> None:
        with pytest.raises(PageError):
            self.play(*lines, "> Origin: https://app.example.com", *self.ANSWER)

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param("> Accept: */*", id="Origin left out"),
            pytest.param("> Origin: https://app.example.com/", id="another value"),
            pytest.param("> Origin: https://app.example.com\n> Cookie: a=b", id="a header that is not sent"),
        ],
    )
    def test_a_wrong_header_is_noticed(self, line: str) -> None:
        with pytest.raises(PageError):
            self.play("> GET /a?b=c HTTP/1.1", "> Host: api.example.com", *line.split("\n"), *self.ANSWER)

    def test_an_answer_too_few_is_noticed(self) -> None:
        with pytest.raises(PageError, match="goes on"):
            play(*build(self.COMMAND), [])

    def test_an_answer_too_many_is_noticed(self) -> None:
        request = ("> GET /a?b=c HTTP/1.1", "> Host: api.example.com", "> Origin: https://app.example.com")
        with pytest.raises(PageError, match="stopped after 1"):
            self.play(*request, *self.ANSWER, "", *request, *self.ANSWER)
