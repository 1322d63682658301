"""What a pasted message means and what to do: from our own tables, with the values of the message."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crossorigin.doctor.pasted import Recognised, recognise
from crossorigin.doctor.reading import Reading, read, to_json
from crossorigin.fetch import BlockCode
from crossorigin.fetch.console import CATALOGUES, Message
from crossorigin.web.anchors import ANCHORS

MESSAGES = [
    pytest.param(engine, message, id=f"{engine}-{message.name}")
    for engine, catalogue in CATALOGUES.items()
    for message in (*catalogue.reasons, *catalogue.shells, *catalogue.bare)
]
CHROME = (
    "Access to fetch at 'https://api.example.com/users' from origin 'https://app.example.com' has been blocked by CORS "
    "policy: "
)


def reading(text: str) -> Reading:
    (found,) = recognise(text)
    return read(found)


class TestEveryMessage:
    """No message without a meaning, no advice with a hole in it."""

    @pytest.mark.parametrize(("engine", "message"), MESSAGES)
    def test_it_reads_as_sentences(self, engine: str, message: Message) -> None:
        bare = message in CATALOGUES[engine].bare
        alone = Recognised(
            engine=engine, name=message.name, text="Text.", codes=message.codes, when=message.when, bare=bare
        )
        whole = replace(alone, url="https://api.example/x", origin="https://app.example", status=404, header="x-a")
        for recognised in (alone, whole):
            found = read(recognised)
            for text in (found.meaning, found.advice):
                assert text[0].isupper() or text[0] == "`"
                assert text.endswith((".", ".)"))
                assert text.isprintable()
                for hole in ("{", "}", "None", "  ", "..", " ,"):
                    assert hole not in text, hole
            assert found.anchor is None or found.anchor in ANCHORS.values()
            assert json.dumps(to_json(found))

    @pytest.mark.parametrize(("engine", "message"), MESSAGES)
    def test_the_likeliest_step_comes_first(self, engine: str, message: Message) -> None:
        found = read(Recognised(engine=engine, name=message.name, text="Text.", codes=message.codes))
        assert (*([found.code] if found.code else []), *found.others) == message.codes


class TestStep:
    """Other facts of the message tell which of several steps it was."""

    def test_lower_case(self) -> None:
        text = "Method {} is not allowed by Access-Control-Allow-Methods in preflight response."
        assert reading(text.format("patch")).code is BlockCode.PREFLIGHT_METHOD_CASE
        assert reading(text.format("PATCH")).code is BlockCode.PREFLIGHT_METHOD

    def test_credentials_that_are_there(self) -> None:
        text = (
            "The value of the 'Access-Control-Allow-Credentials' header in the response is '{}' which must be 'true' "
            "when the request's credentials mode is 'include'."
        )
        assert reading(text.format("")).code is BlockCode.ALLOW_CREDENTIALS_MISSING
        assert reading(text.format("True")).code is BlockCode.ALLOW_CREDENTIALS_INVALID

    def test_the_pages_own_origin_and_no_match(self) -> None:
        found = reading(
            f"{CHROME}The 'Access-Control-Allow-Origin' header has a value 'https://app.example.com' that is not equal "
            "to the supplied origin."
        )
        assert found.code is BlockCode.ORIGIN_TAINTED
        assert found.advice.startswith("Call the final URL directly instead of through the redirect;")


class TestWords:
    """The values of the message stand in the advice."""

    def test_missing_on_the_preflight(self) -> None:
        found = reading(
            f"{CHROME}Response to preflight request doesn't pass access control check: No "
            f"'Access-Control-Allow-Origin' "
            "header is present on the requested resource."
        )
        assert found.heading == (
            "Chromium (Chrome, Edge, Opera) blocked a call of https://api.example.com/users from page "
            "https://app.example.com"
        )
        assert found.code is BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
        assert found.advice == (
            "Let the answer to OPTIONS https://api.example.com/users be a 204 with `Access-Control-Allow-Origin: "
            "https://app.example.com` and `Vary: Origin`, and repeat the first on the response itself."
        )

    def test_a_header_of_the_server(self) -> None:
        found = reading(
            "Request header field Access-Control-Allow-Origin is not allowed by Access-Control-Allow-Headers."
        )
        assert found.advice == (
            "Remove Access-Control-Allow-Origin from the page's request: it is a header of the server's response."
        )

    def test_a_status_says_more(self) -> None:
        found = reading("Preflight response is not successful. Status code: 401")
        assert found.code is BlockCode.PREFLIGHT_STATUS
        assert "The 401 says that authentication answers before CORS" in found.advice

    def test_an_opaque_page(self) -> None:
        found = reading("Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200")
        assert found.advice.startswith("Give the page an origin:")
        assert found.heading == "WebKit (Safari) blocked a call"

    def test_a_warning(self) -> None:
        found = reading(
            "Authorization will not be covered by the wildcard symbol (*) in CORS `Access-Control-Allow-Headers` "
            "handling."
        )
        assert found.heading == "Chromium (Chrome, Edge, Opera) warned about a call"
        assert found.meaning.endswith("The call goes on for now; by the Fetch standard it fails.")
        assert found.advice.startswith("List Authorization in `Access-Control-Allow-Headers`")

    def test_local_network_access(self) -> None:
        found = reading(f"{CHROME}Permission was denied for this request to access the `local` address space.")
        assert (found.code, found.anchor, found.others) == (None, None, ())
        assert "Local Network Access, not CORS" in found.meaning

    def test_private_network_access(self) -> None:
        found = reading(
            "No 'Access-Control-Allow-Private-Network' header was present in the preflight response for this private "
            "network request targeting the `local` address space."
        )
        assert "Chrome 138 gave that up" in found.meaning

    @pytest.mark.parametrize(
        ("text", "where"),
        [
            ("TypeError: Failed to fetch", "begins with `Access to`"),
            ("NetworkError when attempting to fetch resource.", "begins with `Cross-Origin Request Blocked`"),
            ("TypeError: Load failed", "Web Inspector's console"),
            ("AxiosError: Network Error", "the browser's own red lines"),
        ],
    )
    def test_what_carries_no_reason(self, text: str, where: str) -> None:
        found = reading(text)
        assert found.code is None
        assert found.meaning.startswith("A call failed. This line does not say why")
        assert where in found.advice
        assert found.heading.endswith(" could not make a call")

    @pytest.mark.parametrize(
        ("error", "meaning"),
        [
            ("CLIENT", "An extension of the browser"),
            ("CSP", "The page's own Content Security Policy"),
            ("ORB", "A call without CORS"),
            ("LOCAL_NETWORK_ACCESS_CHECKS", "The page calls a server in a more private network"),
        ],
    )
    def test_a_network_error_that_is_none(self, error: str, meaning: str) -> None:
        found = reading(f"GET https://api.example.com/ net::ERR_BLOCKED_BY_{error}")
        assert found.meaning.startswith(meaning)
        assert found.code is None

    def test_a_reason_that_nobody_knows(self) -> None:
        assert reading(f"{CHROME}Tomorrow's.").advice == "Paste the whole line, up to its end."

    def test_as_json(self) -> None:
        found = to_json(reading("Request header field x-a is not allowed by Access-Control-Allow-Headers."))
        assert found["codes"] == ["B241", "B242", "B240"]
        assert found["anchor"] == "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"
        assert (found["engine"], found["header"], found["carries_a_reason"]) == ("webkit", "x-a", True)
        assert found["generation"] is None
