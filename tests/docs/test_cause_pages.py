"""Every page of a root cause has the form, what it shows is what browsers do, and the doctor finds its code there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import pytest
from tests.docs.exchanges import Actor, Block, Exchange, Page, PageError, Section, build, exchanges, play, read_page

from crossorigin.cli.check import question_of
from crossorigin.doctor.causes import CAUSES, CauseCode
from crossorigin.doctor.check import check
from crossorigin.doctor.codes import code_opening, code_page
from crossorigin.doctor.diagnosis import diagnose
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.fetch import FetchResult, NetworkError, Response
from crossorigin.fetch.console import console_lines
from crossorigin.fetch.profiles import CHROMIUM, ENGINES, FIREFOX, WEBKIT
from crossorigin.web.anchors import ANCHORS

_CODES: Final = Path(__file__).parents[2] / "docs" / "codes"
_PAGES: Final = {path.stem: read_page(path) for path in sorted(_CODES.glob("C*.md"))}

_WITHOUT_EXCHANGE: Final = {
    "C105": "what stops the call is on the user's machine, and no server sees anything",
    "C106": "the page's own policy is not part of the exchange, and nothing is sent",
    "C108": "the permission is asked of the user, and whether an address is private no dialogue shows",
    "C110": "a handshake of a WebSocket is no fetch, and CORS has no part in it",
    "C506": "the exchange that explains it took place before",
    "C508": "the exchange that explains it was made by an element before, and the one in question does not happen",
    "C901": "a belief, not a block: the call succeeds",
    "C902": "the browser is changed, and the dialogue is as it was",
    "C903": "a script element loads it, and CORS has no part in it",
    "C904": "the dialogue is with somebody else's proxy, whose name is no example's",
}
"""Pages with "What it looks like" in place of the two exchanges, and why."""
_WITH_EXCHANGE: Final = tuple(code for code in _PAGES if code not in _WITHOUT_EXCHANGE)

_NOT_BLOCKED: Final = {
    "C202": "the call passes, and script sees nothing of the response",
    "C206": "the call passes, and the server answers a stranger",
    "C412": "the call passes, and one header is hidden",
}
"""Causes whose bad exchange ends without a network error, and what is bad about it."""

_NO_ANSWER: Final = frozenset({"C101", "C102", "C103"})
"""Causes whose bad exchange ends without an answer."""

_FOR_PEOPLE: Final = {
    "C107": "the policy is in the answer; whether CORS would do instead is another matter",
    "C202": "the mode is known; what it was to hide comes next",
    "C309": "the body says that it is the bucket; which part of the rule is wrong a person has to find",
    "C503": "the status says that a proxy wrote it; whether the application lives a person has to find",
}
"""Causes with a second question that the doctor need not ask, and why. All others that pages show it asks."""

_EMBEDDED: Final = {"C107": "an element loads it: script reads nothing, whether it is blocked or not"}
"""Causes whose good exchange ends with a response that nobody reads, and why."""

_FIRST: Final = "How to tell"
_LAST: Final = ("What to do", "See also")
_WIDEST: Final = 76
"""At 80 columns a terminal shows this much of a code line, with a margin on both sides."""
_WIDEST_PROSE: Final = 80

_CONSOLES: Final = {"Chrome": CHROMIUM, "Firefox": FIREFOX, "Safari": WEBKIT}
_COLUMN: Final = 9
"""Where the messages begin, behind the name of the browser."""
_SILENT: Final = "The consoles say nothing"

_OUR_HOSTS: Final = re.compile(r"(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|example)|localhost|127\.0\.0\.1")
_DOCUMENTATION: Final = frozenset(
    {
        "api.jquery.com",
        "developer.mozilla.org",
        "developers.cloudflare.com",
        "docs.aws.amazon.com",
        "docs.spring.io",
        "fetch.spec.whatwg.org",
        "github.com",
        "html.spec.whatwg.org",
        "nginx.org",
        "w3c.github.io",
        "wicg.github.io",
        "www.rfc-editor.org",
        "www.starlette.io",
    }
)
"""Hosts of standards and manuals, for links under "See also" alone."""


def _each(codes: tuple[str, ...] = tuple(_PAGES)) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", [pytest.param(_PAGES[code], id=code) for code in codes])


def _bad(page: Page) -> Section:
    return page.section("A bad exchange")


def _http(section: Section) -> list[Block]:
    return [block for block in section.blocks if block.language == "http"]


def _is_silent(section: Section) -> bool:
    """Whether the browser refuses before it sends anything."""
    return "Nothing is sent" in section.prose


def _dialogue(section: Section) -> list[Exchange]:
    """What happens: the first block of a section, the others are second questions."""
    return [] if _is_silent(section) else exchanges(_http(section)[0])


def _second_questions(section: Section) -> list[Exchange]:
    blocks = _http(section) if _is_silent(section) else _http(section)[1:]
    return [exchange for block in blocks for exchange in exchanges(block)]


def _command(page: Page, heading: str) -> Block:
    """The command of a section; a good exchange may be that of the bad one's."""
    made = page.section(heading).block("sh") or _bad(page).block("sh")
    assert made is not None
    return made


def _question(block: Block) -> Question:
    program, command, *argv = shlex.split(block.text.replace("\\\n", " "))
    assert (program, command) == ("crossorigin", "check")
    return question_of(argv)


def _played(page: Page, heading: str) -> FetchResult:
    return play(*build(_command(page, heading)), _dialogue(page.section(heading)))


def _consoles(page: Page) -> dict[str, str]:
    """What a page says that each browser says of its bad exchange."""
    block = page.section(_FIRST).block("text")
    said: dict[str, str] = {}
    browser = ""
    for line in () if block is None else block.lines:
        browser = line[:_COLUMN].strip() or browser
        said[browser] = f"{said.get(browser, '')} {line[_COLUMN:]}".strip()
    return said


class TestForm:
    """One page for each code, in one form."""

    def test_there_is_one_page_for_each_code_and_none_besides(self) -> None:
        assert list(_PAGES) == [code.value for code in CauseCode]

    def test_the_tables_are_about_pages(self) -> None:
        assert set(_WITHOUT_EXCHANGE) | set(_NOT_BLOCKED) <= set(_PAGES)
        assert not set(_WITHOUT_EXCHANGE) & set(_NOT_BLOCKED)

    @_each()
    def test_its_title_is_the_code_and_the_title_of_the_table(self, page: Page) -> None:
        assert _PAGES[page.code] is page
        assert page.title == CAUSES[CauseCode(page.code)].title

    @_each()
    def test_it_begins_with_few_words(self, page: Page) -> None:
        """They are shown by themselves, as the meaning of the cause."""
        assert 40 < len(page.summary) < 320
        assert page.summary.endswith(".")
        assert page.summary.count(". ") <= 1
        assert not re.search(r"\*\*|\]\(", page.summary)

    @_each()
    def test_the_command_line_shows_it(self, page: Page) -> None:
        assert code_page(page.code) == page.text
        assert code_opening(page.code) == page.summary

    @_each()
    def test_it_has_the_sections_in_order(self, page: Page) -> None:
        middle = ("What it looks like",) if page.code in _WITHOUT_EXCHANGE else ("A bad exchange", "A good exchange")
        assert tuple(section.heading for section in page.sections) == (_FIRST, *middle, *_LAST)
        assert all(section.prose or section.blocks for section in page.sections)

    @_each()
    def test_it_tells_what_proves_it_what_speaks_against_it_and_what_to_ask(self, page: Page) -> None:
        labels = re.findall(r"^- \*\*(.+?):\*\*", page.section(_FIRST).prose, re.MULTILINE)
        belief = ["At work", "What people hope", "What it does", "Second question"]
        assert labels == (belief if page.code.startswith("C9") else ["Proof", "Against it", "Second question"])

    @_each()
    def test_it_says_what_to_do_and_what_not(self, page: Page) -> None:
        prose = page.section("What to do").prose
        numbers = [int(number) for number in re.findall(r"^(\d+)\. ", prose, re.MULTILINE)]
        assert prose.startswith("1. ")
        assert numbers == list(range(1, len(numbers) + 1))
        assert prose.rpartition("\n\n")[2].startswith("Do not ")

    @_each()
    def test_no_line_is_too_wide(self, page: Page) -> None:
        code = [line for section in page.sections for block in section.blocks for line in block.lines]
        assert [line for line in code if len(line) > _WIDEST] == []
        prose = [line for section in page.sections for line in section.prose.splitlines() if "](https://" not in line]
        assert [line for line in prose if len(line) > _WIDEST_PROSE] == []

    @_each()
    def test_its_links_to_other_pages_lead_somewhere(self, page: Page) -> None:
        links = re.findall(r"\[([BCP]\d{3})\]\((\w+)\.md\)", page.text)
        assert all(label == target != page.code for label, target in links)
        assert all((_CODES / f"{target}.md").is_file() for _, target in links)
        neighbours = {target for _, target in links if target.startswith("C")}
        assert neighbours, "a cause has neighbours that it is told apart from"
        bare = re.findall(r"(?<![\[\w])[BCP]\d{3}(?![\]\w.])", page.text.partition("\n")[2])
        assert bare == [], "a code is a link"

    @_each()
    def test_it_ends_with_where_to_read_on(self, page: Page) -> None:
        lines = page.section("See also").prose.splitlines()
        assert all(re.match(r"- \[[^]]+\]\(\S+\)", line) for line in lines)
        ours = [line for line in lines if ".md)" in line]
        assert len(lines) - len(ours) == 1, "one place outside: the standard's section, or a manual's"
        assert len(ours) >= 2
        for address in re.findall(r"\((https://fetch\.spec\.whatwg\.org/[^)]*)\)", page.text):
            assert address in ANCHORS.values()

    @_each()
    def test_it_names_example_domains_only(self, page: Page) -> None:
        text, _, near = page.text.rpartition("\n## See also\n")
        hosts = set(re.findall(r"\b(?:https?|wss?)://([a-z0-9][a-z0-9.-]*[a-z0-9])", text.replace("\\", "")))
        assert {host for host in hosts if not _OUR_HOSTS.fullmatch(host)} == set()
        assert set(re.findall(r"\(https?://([a-zA-Z0-9.-]+)", near)) <= _DOCUMENTATION

    @_each()
    def test_it_uses_the_words_of_today(self, page: Page) -> None:
        text = " ".join(page.text.lower().split())
        assert "simple request" not in text
        assert "whitelist" not in text
        assert "\u2014" not in text


class TestBadExchange:
    """What a page shows as bad is bad, in every engine."""

    @_each(tuple(code for code in _WITH_EXCHANGE if code not in _NOT_BLOCKED))
    def test_it_is_blocked(self, page: Page) -> None:
        assert isinstance(_played(page, "A bad exchange").response, NetworkError)
        report = check(_question(_command(page, "A bad exchange")), Actor(_dialogue(_bad(page))))
        assert {profile.name for profile, result in report.results.items() if result.error is None} == set()
        if page.code not in _NO_ANSWER:
            assert report.failure is None, "an engine asks something that the page does not show"

    def test_an_opaque_response_is_not_readable(self) -> None:
        response = _played(_PAGES["C202"], "A bad exchange").response
        assert isinstance(response, Response)
        assert (response.type, response.is_readable, response.status) == ("opaque", False, 0)

    def test_a_response_for_a_stranger_is_readable(self) -> None:
        result = _played(_PAGES["C206"], "A bad exchange")
        assert isinstance(result.response, Response)
        assert (result.response.is_readable, result.response.status) == (True, 401)
        assert not result.exchanges[-1].request.headers.contains(b"Cookie")

    def test_a_hidden_header_is_not_there_for_script(self) -> None:
        response = _played(_PAGES["C412"], "A bad exchange").response
        assert isinstance(response, Response)
        assert response.is_readable
        assert response.internal.headers.contains(b"X-Total-Count")
        assert not response.headers.contains(b"X-Total-Count")

    @_each(tuple(code for code in _WITH_EXCHANGE if _second_questions(_bad(_PAGES[code]))))
    def test_each_second_question_is_what_a_page_would_send(self, page: Page) -> None:
        scheme = _question(_command(page, "A bad exchange")).url.scheme
        for exchange in _second_questions(_bad(page)):
            shown = exchange.request
            (host,), (origin,) = shown.values("Host"), shown.values("Origin")
            question = question_of([f"{scheme}://{host}{shown.target}", "--origin", origin])
            play(question.request(), question.agent(CHROMIUM), [exchange])

    @_each(_WITH_EXCHANGE)
    def test_each_block_of_it_is_explained_beneath(self, page: Page) -> None:
        body = page.text.partition("\n## A bad exchange\n")[2].partition("\n## A good exchange\n")[0]
        assert body.rstrip().endswith(".")
        assert "```\n\n```http\n>" not in body.partition("```http")[2]


class TestGoodExchange:
    """What a page shows as good script can read, in every engine."""

    @_each(tuple(code for code in _WITH_EXCHANGE if code not in _EMBEDDED))
    def test_it_is_readable(self, page: Page) -> None:
        response = _played(page, "A good exchange").response
        assert isinstance(response, Response)
        assert response.is_readable
        report = check(_question(_command(page, "A good exchange")), Actor(_dialogue(page.section("A good exchange"))))
        assert report.allowed

    @_each(tuple(_EMBEDDED))
    def test_an_element_is_given_it(self, page: Page) -> None:
        response = _played(page, "A good exchange").response
        assert isinstance(response, Response)
        assert (response.type, response.internal.status) == ("opaque", 200)

    def test_the_cookie_is_sent(self) -> None:
        result = _played(_PAGES["C206"], "A good exchange")
        assert result.exchanges[-1].request.headers.get(b"Cookie") == b"session=abc"

    def test_the_header_is_there_for_script(self) -> None:
        response = _played(_PAGES["C412"], "A good exchange").response
        assert isinstance(response, Response)
        assert response.headers.get(b"X-Total-Count") == b"42"


class TestConsoles:
    """What a page says that the consoles say of its bad exchange, they say."""

    @_each(_WITH_EXCHANGE)
    def test_each_browser(self, page: Page) -> None:
        said = _consoles(page)
        report = check(_question(_command(page, "A bad exchange")), Actor(_dialogue(_bad(page))))
        if _SILENT in page.section(_FIRST).prose:
            assert said == {}
            assert all(console_lines(profile.name, result) == () for profile, result in report.results.items())
            return
        assert list(said) == list(_CONSOLES)
        for browser, profile in _CONSOLES.items():
            lines = console_lines(profile.name, report.results[profile])
            if said[browser] == "(nothing)":
                assert lines == ()
            else:
                assert len(said[browser]) > 20
                assert any(said[browser] in line for line in lines), lines


class TestDiagnosis:
    """The doctor finds the code of the page in what the page shows."""

    @_each(_WITH_EXCHANGE)
    def test_it_is_the_first_cause(self, page: Page) -> None:
        bad = _bad(page)
        dialogue = _dialogue(bad)
        report = check(_question(_command(page, "A bad exchange")), Actor(dialogue), ENGINES)

        server = Actor([*dialogue, *_second_questions(bad)])
        causes = diagnose(report, server)

        assert [cause.code.value for cause in causes[:1]] == [page.code], causes
        if page.code not in _FOR_PEOPLE:
            assert [each for each in _second_questions(bad) if each not in server.played] == []


class TestHarness:
    """The harness reads what these pages have and others have not."""

    ASKED: Final = ("> GET /a HTTP/1.1", "> Host: api.example.com", "> Origin: https://app.example.com", "")

    def actor(self, *answer: str) -> Actor:
        return Actor(exchanges(Block("http", (*self.ASKED, *answer))))

    def report(self, target: str, actor: Actor) -> Report:
        argv = [f"https://api.example.com{target}", "--origin", "https://app.example.com"]
        return check(question_of(argv), actor)

    def test_a_body_stands_below_an_empty_line(self) -> None:
        actor = self.actor("< HTTP/1.1 403", "< Server: x", "<", "< one", "<", "< two")
        response = self.report("/a", actor).main.exchanges[0].response
        assert response is not None
        assert (response.status, response.body) == (403, b"one\n\ntwo")
        assert response.headers.get(b"Server") == b"x"

    def test_an_actor_knows_its_part_and_no_other(self) -> None:
        actor = self.actor("< HTTP/1.1 200", "< Access-Control-Allow-Origin: *")
        assert self.report("/a", actor).allowed
        failure = self.report("/b", actor).failure
        assert failure is not None
        assert failure.detail == "The page does not show what is answered to that."

    def test_a_page_of_a_step_has_to_name_it(self, tmp_path: Path) -> None:
        path = tmp_path / "B301.md"
        path.write_text("# B301: A title\n\nA sentence.\n\n## Why it matters\n\nIt does.\n", encoding="utf-8")
        with pytest.raises(PageError, match="the line before the first section is not"):
            read_page(path)

    def test_a_page_of_a_cause_has_none(self) -> None:
        assert {(page.step_url, page.step_where) for page in _PAGES.values()} == {("", "")}
