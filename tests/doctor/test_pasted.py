"""Pasted console text read back: every template, every format that people paste, and nothing that is not there."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.pasted import LONGEST, PastedTooLongError, Recognised, recognise
from crossorigin.fetch import BlockCode
from crossorigin.fetch.console import CATALOGUES, Message, console_lines

from .conftest import OUTCOMES

URL = "https://api.example.com/users?id=1&x=%20#top"
FIRST = "https://api.example.com/u"
PAGE = "https://app.example.com"
PLACES = {
    "url": URL,
    "first_url": FIRST,
    "origin": PAGE,
    "kind": "XMLHttpRequest",
    "method": "PATCH",
    "header": "x-csrf-token",
    "value": "https://a.example, https://b.example",
    "status": "503",
    "error": "ERR_FAILED",
    "target": "https://login.example.net/sso",
    "space": "local",
    "other_space": "public",
}
FACTS = ("url", "first_url", "origin", "kind", "method", "header", "value", "status", "target", "space")


def facts(text: str) -> list[tuple[Any, ...]]:
    """Engine, name and codes of each message."""
    return [(each.engine, each.name, [code.value for code in each.codes]) for each in recognise(text)]


def one(text: str) -> Recognised:
    (found,) = recognise(text)
    return found


def places_of(message: Message) -> dict[str, str]:
    """The values for a message's places: some texts bound what can stand there."""
    values = {"CorsDisabledScheme": "chrome, data, http, https", "RestrictedPort": "6000"}
    return PLACES | {"value": values.get(message.name, PLACES["value"])}


def assert_facts(found: Recognised, places: dict[str, str], *texts: str) -> None:
    """Everything that stood in the places of the templates was read back."""
    for name in FACTS:
        if any(f"{{{name}}}" in text for text in texts):
            assert str(getattr(found, name)) == places[name], name


BEFORE = {
    "chromium": "from origin 'x' has been blocked by CORS policy: ",
    "firefox": "(Reason: ",
    "webkit": "Failed to load resource: ",
}
REASONS = [
    pytest.param(engine, message, id=f"{engine}-{message.name}")
    for engine, catalogue in CATALOGUES.items()
    for message in catalogue.reasons
]
SHELLS = [
    pytest.param(engine, shell, id=f"{engine}-{shell.name}")
    for engine, catalogue in CATALOGUES.items()
    for shell in catalogue.shells
]


class TestEveryTemplate:
    """What the table writes, the same table reads."""

    @pytest.mark.parametrize(("engine", "message"), REASONS)
    def test_alone(self, engine: str, message: Message) -> None:
        places = places_of(message)
        # What is ordinary English counts in its sentence only.
        before = BEFORE[engine] if len(message.text) <= 26 else ""
        found = recognise(before + message(**places))
        assert [(each.engine, each.name, each.when) for each in found] == [(engine, message.name, message.when)]
        assert set(found[0].codes) == set(message.codes)
        assert_facts(found[0], places, message.text)

    @pytest.mark.parametrize(("engine", "shell"), SHELLS)
    def test_in_every_shell(self, engine: str, shell: Message) -> None:
        for message in CATALOGUES[engine].reasons:
            # A sentence with a URL of its own stands alone.
            if "{url}" in message.text or "{target}" in message.text or message.text.endswith("\n"):
                continue
            places = places_of(message)
            found = recognise(shell(**places, reason=message(**places)))
            assert [each.name for each in found] == [message.name], message.name
            assert_facts(found[0], places, message.text, shell.text)

    @pytest.mark.parametrize(("engine", "message"), REASONS)
    def test_wrapped_and_quoted(self, engine: str, message: Message) -> None:
        if len(message.text) <= 26 or message.text.endswith("{value}"):
            return
        text = message(**PLACES | {"value": "https://a.example"}).strip()
        lines = [text[start : start + 31] for start in range(0, len(text), 31)]
        found = recognise("".join(f"\n > {line}" for line in lines))
        assert [(each.engine, each.name) for each in found] == [(engine, message.name)]


class TestTwoDoors:
    """What a console prints of a fetch is read back as that fetch's step."""

    @pytest.mark.parametrize("engine", CATALOGUES)
    @pytest.mark.parametrize("name", OUTCOMES)
    def test_of(self, engine: str, name: str) -> None:
        result = OUTCOMES[name]().main
        lines = console_lines(engine, result)
        found = recognise("\n".join(f"app.js:{number} {line}" for number, line in enumerate(lines)))
        # Redirect mode error is not called by its name in Chromium.
        if result.error is None or not lines or (engine, name) == ("chromium", "blocked redirect"):
            return
        assert len(found) == 1
        assert result.error.code in found[0].codes
        assert found[0].url in {None, result.request.current_url.href}


CHROME = (
    "Access to fetch at 'https://api.example.com/users' from origin 'https://app.example.com' has been blocked by CORS "
    "policy: "
)
PREFLIGHT = "Response to preflight request doesn't pass access control check: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    "https://api.example.com/users. "
)
CANCELLED = FIREFOX + "(Reason: CORS request did not succeed). Status code: (null)."
WEBKIT = "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200"
CANNOT = "Fetch API cannot load https://api.example.com/users due to access control checks."

MISSING_IN_CHROME = [("chromium", "MissingAllowOriginHeader", ["B301"])]
MISSING_IN_FIREFOX = [("firefox", "CORSMissingAllowOrigin2", ["B301", "B201"])]


class TestPastes:
    """As they come in mails, issues and chats."""

    @pytest.mark.parametrize(
        "text",
        [
            CHROME + MISSING,
            f"app.js:12 {CHROME}{MISSING}",
            f"(index):1 {CHROME}{MISSING}",
            f"users:1  {CHROME}{MISSING}\napp.js:12   GET https://api.example.com/users net::ERR_FAILED 200 (OK)",
            f"[11:02:13.044] {CHROME}{MISSING}\nUncaught (in promise) TypeError: Failed to fetch\n    at app.js:12:5",
            f"❌ {CHROME}{MISSING}",
            f"> {CHROME}\n> {MISSING}",
            f"```\n{CHROME}{MISSING}\n```",
            CHROME.replace("'", "’") + MISSING.replace("'", "‘"),
            CHROME.replace("'", "&#39;") + MISSING.replace("'", "&quot;").replace("&quot;", "&apos;"),
            CHROME.replace(" ", "\n") + MISSING.replace(" ", "\r\n"),
            CHROME.replace("users", "us\ners") + MISSING,
            CHROME.upper().replace("HTTPS://API.EXAMPLE.COM/USERS", "https://api.example.com/users") + MISSING,
            f"{CHROME}{MISSING}\n{CHROME}{MISSING}\n{CHROME}{MISSING}",
            f"Dear all,\nwe get this:\n\n{CHROME}{MISSING}\n\nCan you help? Our CORS is on.\n-- \nAda",
        ],
    )
    def test_chrome(self, text: str) -> None:
        assert facts(text) == MISSING_IN_CHROME
        found = one(text)
        assert found.url == "https://api.example.com/users"
        assert found.kind is not None
        assert found.kind.lower() == "fetch"

    def test_chrome_tail_only(self) -> None:
        assert facts(MISSING) == MISSING_IN_CHROME
        assert facts(PREFLIGHT + MISSING) == [("chromium", "MissingAllowOriginHeader", ["B201"])]
        assert one(MISSING).url is None

    def test_chrome_with_the_old_tail(self) -> None:
        tail = (
            " If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with "
            "CORS disabled."
        )
        assert facts(CHROME + MISSING + tail) == MISSING_IN_CHROME
        assert one(CHROME + MISSING + tail).text == CHROME + MISSING + tail

    @pytest.mark.parametrize(
        "text",
        [
            f"XMLHttpRequest cannot load https://api.example.com/users. {MISSING}",
            f"Fetch API cannot load https://api.example.com/users. {MISSING}",
            f"Failed to load https://api.example.com/users: {MISSING}",
        ],
    )
    def test_chrome_of_long_ago(self, text: str) -> None:
        origin = " Origin 'https://app.example.com' is therefore not allowed access."
        found = one(f"{text}{origin} The response had HTTP status code 404.")
        assert found.url == "https://api.example.com/users"
        assert (found.origin, found.status) == ("https://app.example.com", 404)

    def test_redirected(self) -> None:
        found = one(
            "Access to XMLHttpRequest at 'https://b.example/x' (redirected from 'https://a.example/x') from origin "
            f"'https://app.example.com' has been blocked by CORS policy: {MISSING}"
        )
        assert (found.url, found.first_url, found.kind) == (
            "https://b.example/x",
            "https://a.example/x",
            "XMLHttpRequest",
        )

    def test_the_network_line_adds_to_the_reason(self) -> None:
        found = one(f"{CHROME}{PREFLIGHT}{MISSING}\napp.js:3 DELETE https://api.example.com/users net::ERR_FAILED")
        assert (found.method, found.status) == ("DELETE", None)
        found = one(f"{CHROME}{MISSING}\nPOST https://api.example.com/users net::ERR_FAILED 502 (Bad Gateway)")
        assert (found.method, found.status) == ("POST", 502)

    def test_of_another_url_it_does_not(self) -> None:
        assert one(f"{CHROME}{MISSING}\nPOST https://other.example/ net::ERR_FAILED 502").method is None

    def test_a_reason_that_nobody_knows(self) -> None:
        found = one(f"{CHROME}Tomorrow's reason.")
        assert (found.name, found.codes, found.url) == ("Access", (), "https://api.example.com/users")
        assert facts(FIREFOX + "(Reason: autre chose).") == [("firefox", "Blocked", [])]

    def test_private_network_access(self) -> None:
        found = one(
            f"{CHROME}The request client is not a secure context and the resource is in more-private address space "
            "`private`."
        )
        assert (found.name, found.codes, found.space) == ("InsecureLocalNetwork", (), "private")

    @pytest.mark.parametrize(
        "text",
        [
            FIREFOX + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
            FIREFOX + "(Reason: CORS header 'Access-Control-Allow-Origin' missing).",
            FIREFOX
            + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200. [Learn More] app.js:3",
            FIREFOX + "(Reason: CORS header &lsquo;Access-Control-Allow-Origin&rsquo; missing).[Learn More]",
            "Reason: CORS header 'Access-Control-Allow-Origin' missing",
            "CORS header “Access-Control-Allow-Origin” missing".replace("“", "'").replace("”", "'"),
        ],
    )
    def test_firefox(self, text: str) -> None:
        assert facts(text) == MISSING_IN_FIREFOX

    def test_firefox_tells_the_preflight_by_its_second_line(self) -> None:
        line = FIREFOX + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {}."
        assert facts(f"{line.format(404)}\n{CANCELLED}") == [("firefox", "CORSMissingAllowOrigin2", ["B201", "B301"])]
        # A redirect has a second line too.
        assert facts(f"{line.format(302)}\n{CANCELLED}") == MISSING_IN_FIREFOX

    def test_firefox_without_an_answer(self) -> None:
        # A redirect that cannot be followed has the same words.
        codes = ["B601", "B405", "B406", "B402", "B403", "B404", "B407"]
        assert facts(CANCELLED) == [("firefox", "CORSDidNotSucceed2", codes)]
        other = CANCELLED.replace("api.example.com", "other.example")
        line = FIREFOX + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."
        assert [each.url for each in recognise(f"{line}\n{other}")] == [
            "https://api.example.com/users",
            "https://other.example/users",
        ]

    def test_firefox_and_a_redirected_preflight(self) -> None:
        redirected = FIREFOX + "(Reason: CORS request external redirect not allowed)."
        after = (
            FIREFOX + "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://app.example.com’)."
        )
        found = facts(f"{redirected}\n{after}\n{CANCELLED}")
        assert found == [("firefox", "CORSExternalRedirectNotAllowed", ["B211"])]

    def test_firefox_in_quotes(self) -> None:
        found = one(
            FIREFOX.replace("https://api.example.com/users", "‘https://api.example.com/users’")
            + "(Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’)."
        )
        assert found.url == "https://api.example.com/users"
        assert found.codes[0] is BlockCode.ALLOW_ORIGIN_WILDCARD

    def test_firefox_old(self) -> None:
        found = one(
            FIREFOX
            + "(Reason: missing token ‘x-key’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight "
            "channel)."
        )
        assert (found.header, found.when) == ("x-key", "Firefox in older versions")

    @pytest.mark.parametrize(
        "text",
        [
            f"{WEBKIT}\n{CANNOT}\nFailed to load resource: {WEBKIT}",
            f"[Error] {WEBKIT}\n[Error] {CANNOT}\n[Error] Failed to load resource: {WEBKIT} (users, line 0)",
            f"[Error] {CANNOT}\n[Error] Failed to load resource: {WEBKIT}",
            f"CONSOLE SECURITY ERROR {WEBKIT}\nCONSOLE JS ERROR {CANNOT}",
        ],
    )
    def test_webkit(self, text: str) -> None:
        found = one(text)
        assert (found.engine, found.name, found.status) == ("webkit", "OriginNotAllowed", 200)
        assert (found.url, found.origin) == ("https://api.example.com/users", "https://app.example.com")
        assert found.kind == "Fetch API"
        assert found.text.endswith(WEBKIT)
        assert found.codes[0] is BlockCode.ALLOW_ORIGIN_MISSING
        assert BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH in found.codes

    def test_webkit_without_status(self) -> None:
        found = one("Origin https://app.example.com is not allowed by Access-Control-Allow-Origin.")
        assert (found.name, found.when) == ("OriginNotAllowedWithoutStatus", "Safari until about 15")

    def test_webkit_redirect(self) -> None:
        found = one(
            f"Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing policy: {WEBKIT}"
        )
        assert (found.target, found.name) == ("https://b.example/", "OriginNotAllowed")

    def test_two_calls_with_the_same_reason(self) -> None:
        other = CANNOT.replace("users", "posts")
        block = f"{WEBKIT}\n{{}}\nFailed to load resource: {WEBKIT}\n"
        found = recognise(block.format(CANNOT) + block.format(other) + block.format(CANNOT))
        assert [each.url for each in found] == ["https://api.example.com/users", "https://api.example.com/posts"]

    def test_webkit_line_without_its_reason(self) -> None:
        assert facts(CANNOT) == [("webkit", "CannotLoad", [])]
        assert one(CANNOT).bare

    def test_several_engines_in_order(self) -> None:
        text = f"Safari:\n{WEBKIT}\n{CANNOT}\nChrome:\n{CHROME}{MISSING}\nFirefox:\n{CANCELLED}\n"
        assert [each.engine for each in recognise(text)] == ["webkit", "chromium", "firefox"]

    @pytest.mark.parametrize(
        ("text", "engine", "name", "codes"),
        [
            ("corsError: 'PreflightMissingAllowOriginHeader'", "chromium", "MissingAllowOriginHeader", ["B201"]),
            ('"corsError":"PreflightInvalidStatus"', "chromium", "PreflightInvalidStatus", ["B210", "B211"]),
            (
                "kMethodDisallowedByPreflightResponse",
                "chromium",
                "MethodDisallowedByPreflightResponse",
                ["B230", "B232", "B231"],
            ),
            ("CORSMissingAllowOrigin2", "firefox", "CORSMissingAllowOrigin2", ["B301", "B201"]),
            ("CORSMissingAllowOrigin", "firefox", "CORSMissingAllowOrigin2", ["B301", "B201"]),
            ("see MDN CORSNotSupportingCredentials", "firefox", "CORSNotSupportingCredentials", ["B302", "B202"]),
        ],
    )
    def test_by_name(self, text: str, engine: str, name: str, codes: list[str]) -> None:
        assert facts(text) == [(engine, name, codes)]


class TestBare:
    """Messages that say that it failed, and nothing of why."""

    @pytest.mark.parametrize(
        ("text", "engine", "name"),
        [
            ("Uncaught (in promise) TypeError: Failed to fetch", "chromium", "FailedToFetch"),
            ("TypeError: NetworkError when attempting to fetch resource.", "firefox", "NetworkErrorWhenFetching"),
            ("Unhandled Promise Rejection: TypeError: Load failed", "webkit", "LoadFailed"),
            ("AxiosError: Network Error", "axios", "NetworkError"),
            ("GET https://api.example.com/users net::ERR_FAILED", "chromium", "NetworkLine"),
            ("Failed to load resource: net::ERR_FAILED", "chromium", "NetworkLine"),
        ],
    )
    def test_alone(self, text: str, engine: str, name: str) -> None:
        found = one(text)
        assert (found.engine, found.name, found.codes, found.bare) == (engine, name, (), True)

    def test_a_network_error_by_name(self) -> None:
        found = one("app.js:1 POST https://api.example.com/users net::ERR_CONNECTION_REFUSED")
        assert (found.url, found.method, found.value) == (
            "https://api.example.com/users",
            "POST",
            "ERR_CONNECTION_REFUSED",
        )
        assert found.codes == (BlockCode.NO_RESPONSE,)

    @pytest.mark.parametrize(
        ("error", "codes"),
        [
            ("ERR_NAME_NOT_RESOLVED", ["B601"]),
            ("ERR_TOO_MANY_REDIRECTS", ["B404"]),
            ("ERR_UNSAFE_PORT", ["B102"]),
            ("ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", ["B501"]),
            ("ERR_BLOCKED_BY_RESPONSE.NotSameSite", ["B501"]),
            ("ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION", ["B402"]),
            ("ERR_BLOCKED_BY_CLIENT", []),
            ("ERR_BLOCKED_BY_ORB", []),
        ],
    )
    def test_a_network_error_that_is_a_step(self, error: str, codes: list[str]) -> None:
        assert facts(f"GET https://api.example.com/ net::{error}") == [("chromium", "NetworkLine", codes)]

    def test_beside_a_reason_they_are_left_out(self) -> None:
        assert facts(f"TypeError: Failed to fetch\n{CHROME}{MISSING}\nnet::ERR_FAILED") == MISSING_IN_CHROME

    @pytest.mark.parametrize(
        "text", ["", " ", "hello", "upload failed", "CORS", "we enabled CORS", "Method not allowed", "Status code: 404"]
    )
    def test_nothing(self, text: str) -> None:
        assert recognise(text) == ()


class TestHostile:
    """Bounded, linear, and nothing that was not there."""

    def test_too_long(self) -> None:
        with pytest.raises(PastedTooLongError, match=r"the text has 262,145 characters, and 262,144 are read at most"):
            recognise("x" * (LONGEST + 1))

    @pytest.mark.parametrize(
        "piece",
        [
            "a", "\n", "'", "> ", "&amp;", "net::ERR_FAILED ", "Access to fetch at '", CHROME, CHROME + MISSING,
            "Method ", "Method x is not allowed by Access-Control-Allow-Methods.", "Origin ", FIREFOX, WEBKIT, CANNOT,
            "The 'Access-Control-Allow-Origin' header has a value '", "' that is not equal to the supplied origin.",
            "Header Access-Control-Allow-Methods has an invalid value: ", "Preflight", "Origin 'x' is therefore ",
            "has been blocked by CORS policy: ",
            "is not allowed by Access-Control-Allow-Headers in preflight response.",
            "redirection URL ", " has credentials", "cannot load ", " due to access control checks.", "(Reason: ",
        ],
    )  # fmt: skip
    def test_time_is_linear(self, piece: str) -> None:
        # Quadratic behaviour at this length takes minutes; the bound is for a slow machine under load.
        text = (piece * (LONGEST // len(piece) + 1))[:LONGEST]
        start = time.process_time()
        recognise(text)
        assert time.process_time() - start < 20

    def test_not_more_than_anybody_reads(self) -> None:
        text = "\n".join(
            f"Request header field x-{number} is not allowed by Access-Control-Allow-Headers." for number in range(500)
        )
        assert len(recognise(text)) == 100

    pieces = st.sampled_from(
        [
            *(message.text for catalogue in CATALOGUES.values() for message in (*catalogue.reasons, *catalogue.shells)),
            *(tail for catalogue in CATALOGUES.values() for tail in catalogue.tails),
            CHROME, MISSING, FIREFOX, WEBKIT, CANNOT, "https://x.example/", "http://[::1]:80/a", "'", "\n", " ", "> ",
            "404",
        ]
    )  # fmt: skip

    @given(st.lists(pieces | st.text(max_size=8), max_size=12))
    def test_nothing_is_invented(self, parts: list[str]) -> None:
        text = "".join(part.replace("{", "").replace("}", "") for part in parts)
        squashed = "".join(text.split()).replace(">", "").replace("|", "")
        for found in recognise(text):
            for url in (found.url, found.first_url, found.origin, found.target):
                assert url is None or url.replace(">", "").replace("|", "") in squashed
            assert found.status is None or str(found.status) in text
            assert found.header is None or found.header in squashed

    @given(st.text(max_size=300))
    def test_never_raises(self, text: str) -> None:
        assert isinstance(recognise(text), tuple)
