"""A copied call as words for `ask`, and what stands beside it."""

from __future__ import annotations

import pytest

from crossorigin.doctor.copied import (
    LONGEST,
    Copied,
    Words,
    bounded,
    header_lines,
    own_headers_note,
    who_asks,
)
from crossorigin.doctor.copied_headers import CopiedHeaders
from crossorigin.doctor.question import UsageError, ask

API = "https://api.example/users"
PAGE = "https://app.example"
WORDS: Words = {
    "origin": PAGE,
    "page": f"{PAGE}/cart",
    "method": "PUT",
    "headers": ["Content-Type: application/json", "X-Key: 1"],
    "data": "{}",
    "credentials": "include",
    "mode": "cors",
    "cookie": "a=b",
}
COPIED = Copied(
    "--curl", API, WORDS, assumed={"credentials": "It is assumed.", "mode": "It says so."}, notes=("Note.",)
)


class TestAsk:
    """What is given beside a copy stands against it; the rest is the copy's."""

    def test_as_it_is(self) -> None:
        assert COPIED.ask({}) == ask(API, **WORDS)

    @pytest.mark.parametrize(
        "given",
        [
            {"method": "POST"},
            {"data": "x"},
            {"credentials": "same-origin"},
            {"mode": "same-origin"},
            {"redirect": "error"},
            {"cookie": "c=d"},
            {"origin": PAGE, "page": PAGE},
        ],
        ids=str,
    )
    def test_one_word(self, given: Words) -> None:
        words: Words = {**WORDS, **given}
        assert COPIED.ask(given) == ask(API, **words)

    def test_an_origin_takes_the_page_along(self) -> None:
        question = COPIED.ask({"origin": "https://other.example"})
        assert question.origin.serialize() == "https://other.example"
        assert question.page is None

    def test_a_page_takes_the_origin_along(self) -> None:
        assert COPIED.ask({"page": "https://other.example/x"}).origin.serialize() == "https://other.example"

    def test_a_header_replaces_its_like(self) -> None:
        question = COPIED.ask({"headers": ["x-key: 2", "X-New: 3"]})
        assert list(question.headers) == [
            (b"Content-Type", b"application/json"),
            (b"x-key", b"2"),
            (b"X-New", b"3"),
        ]

    def test_without_credentials_the_cookie_stays_at_home(self) -> None:
        assert COPIED.ask({"credentials": "omit"}).cookie is None

    def test_the_copy_is_as_it_was(self) -> None:
        COPIED.ask({"origin": "null", "headers": ["X-Key: 2"], "credentials": "omit"})
        assert COPIED.ask({}) == ask(API, **WORDS)


class TestTold:
    """What was assumed is not said where it is given."""

    def test_all(self) -> None:
        assert COPIED.told({}) == ["It is assumed.", "It says so.", "Note."]

    def test_what_is_given(self) -> None:
        assert COPIED.told({"credentials": "omit", "method": "PUT"}) == ["It says so.", "Note."]


class TestBlame:
    """A mistake in the copy is the copy's; one beside it, or in what nobody said, is not."""

    @pytest.mark.parametrize(
        ("argument", "given", "blamed"),
        [
            ("URL", {}, True),
            ("-H/--header", {}, True),
            ("-H/--header", {"headers": ["X"]}, False),
            ("-d/--data", {}, True),
            ("--origin", {}, True),
            ("--origin", {"origin": "x"}, False),
            ("--redirect", {}, False),
            ("--resolve", {}, False),
            ("--timeout", {}, False),
        ],
    )
    def test_of(self, argument: str, given: Words, blamed: bool) -> None:
        error = COPIED.blame(UsageError(argument, "so it is"), given)
        assert str(error) == ("--curl: " if blamed else "") + f"{argument}: so it is"

    def test_no_origin_anywhere(self) -> None:
        nobody = Copied("--fetch", API)
        with pytest.raises(UsageError, match=r"^--origin: say which page asks") as caught:
            nobody.ask({})
        assert nobody.blame(caught.value, {}) is caught.value

    def test_an_address(self) -> None:
        copied = Copied("--curl", API, resolve=("x",))
        assert str(copied.blame(UsageError("--resolve", "no"), {})) == "--curl: --resolve: no"


class TestBounded:
    """256 Ki characters."""

    def test_the_most(self) -> None:
        assert bounded("--curl", "x" * LONGEST) == "x" * LONGEST

    def test_one_more(self) -> None:
        with pytest.raises(UsageError) as caught:
            bounded("--curl", "x" * (LONGEST + 1))
        assert str(caught.value) == (
            "--curl: it has 262,145 characters, and 262,144 are read at most; shorten the body in it"
        )

    def test_what_stands_around(self) -> None:
        assert bounded("--curl", "\ufeff \ncurl x\n ") == "curl x"


class TestWhoAsks:
    """Origin, and the referrer so far as it agrees."""

    @pytest.mark.parametrize(
        ("origin", "referrer", "words"),
        [
            (None, None, {}),
            (PAGE, None, {"origin": PAGE}),
            (None, f"{PAGE}/cart", {"page": f"{PAGE}/cart"}),
            (PAGE, f"{PAGE}/cart", {"origin": PAGE, "page": f"{PAGE}/cart"}),
            ("null", f"{PAGE}/cart", {"origin": "null", "page": f"{PAGE}/cart"}),
            (PAGE, "https://other.example/", {"origin": PAGE}),
            (PAGE, "about:client", {"origin": PAGE}),
            (None, "about:client", {}),
            (None, "", {}),
            (None, "cart", {}),
        ],
    )
    def test_of(self, origin: str | None, referrer: str | None, words: Words) -> None:
        assert who_asks(CopiedHeaders(origin=origin), referrer) == words


def test_header_lines() -> None:
    assert header_lines(CopiedHeaders(script=(("A", "1"), ("B", "")))) == ["A: 1", "B: "]


def test_own_headers_note() -> None:
    assert own_headers_note(CopiedHeaders()) == ()
    assert own_headers_note(CopiedHeaders(own=("accept", "pragma", "priority"))) == (
        "Left out as the browser's own: accept, pragma and priority. If script set one of them, add it with -H.",
    )
