"""From the words of a command line to a question. How each mistake is said is in `tests/cli/test_check.py`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.question import Question, UsageError, ask
from crossorigin.fetch.profile import STANDARD
from crossorigin.web.origins import OpaqueOrigin, parse_origin
from crossorigin.web.url import parse_url

API = "https://api.example/users"
PAGE = "https://app.example"


def ask_it(url: str = API, **words: Any) -> Question:
    return ask(url, **({"origin": PAGE} | words))


class TestDefaults:
    """A question with nothing but a URL and an origin is `fetch(url)`."""

    def test_fields(self) -> None:
        assert ask_it() == Question(parse_url(API), parse_origin(PAGE))  # type: ignore[arg-type]

    def test_request(self) -> None:
        request = ask_it().request()
        assert (request.method, request.mode, request.credentials_mode, request.redirect_mode) == (
            b"GET",
            "cors",
            "same-origin",
            "follow",
        )
        assert request.body is None
        assert list(request.headers) == []


class TestPage:
    """Who asks."""

    def test_a_page_gives_its_origin(self) -> None:
        question = ask(API, page="https://App.Example:443/cart?x#y")
        assert question.origin == parse_origin(PAGE)
        assert question.page is not None
        assert question.page.href == "https://app.example/cart?x#y"

    def test_page_and_origin_that_agree(self) -> None:
        assert ask(API, page=f"{PAGE}/cart", origin=PAGE).origin == parse_origin(PAGE)

    def test_a_sandboxed_page_has_the_origin_null(self) -> None:
        question = ask(API, page=f"{PAGE}/cart", origin="null")
        assert isinstance(question.origin, OpaqueOrigin)
        assert question.page is not None

    @pytest.mark.parametrize("origin", ["http://my_service:8080", "https://app.example."])
    def test_hosts_that_browsers_send_though_the_grammar_does_not_have_them(self, origin: str) -> None:
        assert ask_it(origin=origin).origin.serialize() == origin

    def test_null(self) -> None:
        assert isinstance(ask_it(origin="null").origin, OpaqueOrigin)


class TestWords:
    """What is typed and what a browser makes of it."""

    @pytest.mark.parametrize(
        ("typed", "method"),
        [("get", b"GET"), ("put", b"PUT"), ("patch", b"patch"), ("PATCH", b"PATCH"), ("CHICKEN", b"CHICKEN")],
    )
    def test_methods(self, typed: str, method: bytes) -> None:
        assert ask_it(method=typed).method == method

    @pytest.mark.parametrize(
        ("line", "field"),
        [
            ("X-Key: a b", (b"X-Key", b"a b")),
            ("X-Key:a", (b"X-Key", b"a")),
            ("X-Key:  \ta  ", (b"X-Key", b"a")),
            ("X-Key:", (b"X-Key", b"")),
            ("X-Key: a: b", (b"X-Key", b"a: b")),
            ("X-Key: é", (b"X-Key", b"\xe9")),
            ("Access-Control-Allow-Origin: *", (b"Access-Control-Allow-Origin", b"*")),
        ],
    )
    def test_headers(self, line: str, field: tuple[bytes, bytes]) -> None:
        assert list(ask_it(headers=[line]).headers) == [field]

    def test_several_headers_keep_their_order(self) -> None:
        assert ask_it(headers=["B: 1", "A: 2", "b: 3"]).headers.names() == [b"B", b"A", b"b"]

    def test_data_brings_its_type(self) -> None:
        request = ask_it(method="POST", data="é").request()
        assert request.body is not None
        assert request.body.content == "é".encode()
        assert request.headers.get(b"Content-Type") == b"text/plain;charset=UTF-8"

    def test_data_may_be_empty(self) -> None:
        request = ask_it(method="POST", data="").request()
        assert request.body is not None
        assert request.body.content == b""


class TestCookie:
    """The cookie of the command line belongs to the host of its URL."""

    @pytest.mark.parametrize(
        ("url", "value"),
        [
            ("https://api.example/other", b"a=b"),
            ("https://api.example:8443/", b"a=b"),
            ("http://api.example/", b"a=b"),
            ("https://www.api.example/", None),
            ("https://other.example/", None),
        ],
    )
    def test_where_it_goes(self, url: str, value: bytes | None) -> None:
        agent = ask_it(cookie="a=b", credentials="include").agent(STANDARD)
        assert agent.credentials.cookie(ask_it(url).request()) == value

    def test_nothing_else_is_kept(self) -> None:
        agent = ask_it(cookie="a=b", credentials="include").agent(STANDARD)
        request = ask_it().request()
        agent.credentials.store(request, [b"c=d"])
        assert agent.credentials.cookie(request) == b"a=b"
        assert agent.credentials.authorization(request) is None


@pytest.mark.parametrize(
    ("origin", "local"),
    [
        ("http://localhost:3000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:8080", True),
        ("https://localhost:3000", False),
        ("http://app.example", False),
        ("null", False),
    ],
)
def test_pages_under_development(origin: str, local: bool) -> None:
    assert ask_it(origin=origin).is_insecure_local_page is local


def mistake(url: str, words: dict[str, Any]) -> str:
    """What is wrong with these words; empty when they make a request."""
    try:
        ask(url, **words).request()
    except UsageError as error:
        return str(error)
    return ""


class TestMistakes:
    """A mistake is one exception that names its argument, in one line that can be printed."""

    def test_it_names_the_argument(self) -> None:
        with pytest.raises(UsageError) as caught:
            ask_it(headers=["X"])
        assert caught.value.argument == "-H/--header"
        assert str(caught.value) == f"-H/--header: {caught.value.sentence}"

    @pytest.mark.parametrize("argument", ["url", "origin", "page", "method", "data", "cookie", "header"])
    @given(st.data())
    def test_nothing_else_is_raised(self, argument: str, data: st.DataObject) -> None:
        """Whatever the shell hands over: lone surrogates are bytes that are not UTF-8."""
        text = data.draw(st.text(st.characters(exclude_categories=[])) | st.from_regex(r"https?://.*|.*:.*|null.*"))
        words: dict[str, Any] = {"origin": PAGE, "credentials": "include", "method": "POST"}
        words |= {"headers": [text]} if argument == "header" else {argument: text}
        url = words.pop("url", API)
        if argument == "page":
            del words["origin"]
        said = mistake(url, words)
        assert said.isprintable()
        assert len(said) < 1000

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("x" * 5000, {}),
            ("x.example/" + "y" * 5000, {}),
            ("https://u:p@x.example/" + "y" * 5000, {}),
            ("mailto:" + "y" * 5000, {}),
            (API, {"origin": "https://" + "x" * 5000}),
            (API, {"page": f"https://x.example/{'y' * 5000}"}),
            (API, {"headers": ["x" * 5000]}),
            (API, {"headers": ["x y" * 5000 + ": z"]}),
            (API, {"cookie": "x" * 5000, "credentials": "include"}),
            (API, {"method": "x " * 5000}),
        ],
    )
    def test_long_values_are_cut(self, url: str, words: dict[str, Any]) -> None:
        assert 0 < len(mistake(url, {"origin": PAGE} | words)) < 500
