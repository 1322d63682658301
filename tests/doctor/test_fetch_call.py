"""Calls of fetch() as browsers copy them and as people write them, and the question that is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.copied import LONGEST
from crossorigin.doctor.fetch_call import read_fetch_call
from crossorigin.doctor.question import UsageError, ask

API = "https://api.example.com/users/42"
PAGE = "https://app.example.com"
CHROME = f"""\
fetch("{API}", {{
  "headers": {{
    "accept": "application/json",
    "accept-language": "en-US,en;q=0.9",
    "cache-control": "no-cache",
    "content-type": "application/json",
    "pragma": "no-cache",
    "priority": "u=1, i"
  }},
  "referrer": "{PAGE}/",
  "body": "{{\\"name\\":\\"It's Ann\\\\n\\"}}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "include"
}});"""
CHROME_NODE = f"""\
fetch("{API}", {{
  "headers": {{
    "accept": "application/json",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "cookie": "session=abc",
    "Referer": "{PAGE}/"
  }},
  "body": "{{\\"name\\":\\"It's Ann\\\\n\\"}}",
  "method": "PUT"
}});"""
CHROME_RESEND = f"""\
// Originally called from top context
// To resend from the same execution context, select it in the Console’s toolbar
await fetch("{API}", {{
  "headers": {{
    "accept": "application/json",
    // "cookie": "session=abc", // Browser manages this from the cookie jar
    "content-type": "application/json",
    // "origin": "{PAGE}", // Browser will set based on request context
    // All sec-* headers are set by the browser
    // "sec-fetch-mode": "cors",
    "user-agent": "Mozilla/5.0 (X11)"
  }},
  "referrer": "{PAGE}/",
  "body": "{{\\"name\\":\\"It's Ann\\\\n\\"}}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "include"
}});
// Make any edits, then ENTER to resend"""
FIREFOX = f"""\
await fetch("{API}", {{
    "credentials": "include",
    "headers": {{
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "Accept": "application/json",
        "Accept-Language": "en-US,en;q=0.9",
        "Content-Type": "application/json",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "same-site",
        "Priority": "u=4"
    }},
    "referrer": "{PAGE}/",
    "body": "{{\\"name\\":\\"It's Ann\\\\n\\"}}",
    "method": "PUT",
    "mode": "cors"
}});"""
SAFARI = f"""\
fetch("{API}", {{
    "body": "{{\\"name\\":\\"It's Ann\\\\n\\"}}",
    "cache": "default",
    "credentials": "include",
    "headers": {{
        "Accept": "application/json",
        "Accept-Language": "en-GB,en;q=0.9",
        "Content-Type": "application/json",
        "User-Agent": "Mozilla/5.0 (Macintosh) Version/26.0 Safari/605.1.15"
    }},
    "method": "PUT",
    "mode": "cors",
    "redirect": "follow",
    "referrer": "{PAGE}/"
}})"""
PUT: dict[str, Any] = {
    "page": f"{PAGE}/",
    "method": "PUT",
    "data": '{"name":"It\'s Ann\\n"}',
    "credentials": "include",
}
BROWSERS = {
    "Chrome": (CHROME, PUT | {"headers": ["accept: application/json", "content-type: application/json"]}),
    "Chrome, for Node.js": (
        CHROME_NODE,
        PUT | {"headers": ["accept: application/json", "content-type: application/json"], "cookie": "session=abc"},
    ),
    "Chrome, to resend": (
        CHROME_RESEND,
        PUT | {"headers": ["accept: application/json", "content-type: application/json"]},
    ),
    "Firefox": (FIREFOX, PUT | {"headers": ["Accept: application/json", "Content-Type: application/json"]}),
    "Safari": (SAFARI, PUT | {"headers": ["Accept: application/json", "Content-Type: application/json"]}),
    "Chrome, GET": (
        (
            f'fetch("{API}", {{\n  "referrer": "{PAGE}/",\n  "body": null,\n  "method": "GET",\n  "mode": "cors",\n'
            '  "credentials": "omit"\n});'
        ),
        {"page": f"{PAGE}/", "credentials": "omit"},
    ),
}
WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "no init": (f"fetch('{API}')", {}),
    "an empty init": (f'fetch("{API}", {{}},)', {}),
    "unquoted names, single quotes, a comma too many": (
        f"fetch('{API}', {{method: 'POST', body: 'a=\"b\"', headers: {{'X-Key': '1',}},}})",
        {"method": "POST", "data": 'a="b"', "headers": ["X-Key: 1"]},
    ),
    "every option": (
        f"fetch('{API}', {{mode: 'no-cors', credentials: 'omit', redirect: 'error', cache: 'reload', integrity: ''}})",
        {"mode": "no-cors", "credentials": "omit", "redirect": "error"},
    ),
    "pairs of headers": (f"fetch('{API}', {{headers: [['A', '1'], ['B', '2']]}})", {"headers": ["A: 1", "B: 2"]}),
    "script's own cache": (
        f"fetch('{API}', {{headers: {{'Cache-Control': 'no-cache', Pragma: 'no-cache'}}}})",
        {"headers": ["Cache-Control: no-cache", "Pragma: no-cache"]},
    ),
    "a line of a program": (
        (
            f"const response = await window.fetch(\n  '{API}', // the API\n  {{ credentials: 'include' }},\n);\n"
            "const users = await response.json();"
        ),
        {"credentials": "include"},
    ),
    "then": (f"fetch('{API}').then(response => response.json()).then(console.log)", {}),
    "fetch in other words": (f"prefetch(x); api.fetch(y); fetch ( '{API}' )", {}),
    "null": (f"fetch('{API}', {{headers: null, body: null, method: null}})", {}),
    "escapes": (f"fetch('{API}', {{method: 'POST', body: '\\x41\\u0042\\\nC'}})", {"method": "POST", "data": "ABC"}),
}


class TestRead:
    """The question is the one of the call."""

    @pytest.mark.parametrize("name", BROWSERS)
    def test_copied(self, name: str) -> None:
        call, words = BROWSERS[name]
        assert read_fetch_call(call).ask({}) == ask(API, **words)

    @pytest.mark.parametrize("name", WRITTEN)
    def test_written_by_hand(self, name: str) -> None:
        call, words = WRITTEN[name]
        assert read_fetch_call(call).ask({"origin": PAGE}) == ask(API, **{"origin": PAGE} | words)

    @given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([None, 2, 4]))
    def test_every_body_comes_back(self, body: str, indent: int | None) -> None:
        for ascii_only in (True, False):
            init = json.dumps({"method": "POST", "body": body}, indent=indent, ensure_ascii=ascii_only)
            # A comma too many, and it is JSON5.
            for call in (f'fetch("{API}", {init});', f'fetch("{API}", {init[:-1]},}});'):
                assert read_fetch_call(call).ask({"origin": PAGE}).body == body

    def test_the_most_that_is_read(self) -> None:
        call = f'fetch("{API}", {{"method": "POST", "body": "{{}}"}});'
        body = "x" * (LONGEST - len(call) + 2)
        assert read_fetch_call(call.replace("{}", body)).ask({"origin": PAGE}).body == body


class TestTold:
    """What a call leaves open."""

    OWN = "Left out as the browser's own: {}. If script set one of them, add it with -H."

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("Chrome", [OWN.format("accept-language, cache-control, pragma and priority")]),
            (
                "Chrome, for Node.js",
                [
                    "Credentials mode include is assumed, because a cookie went along.",
                    OWN.format("accept-language"),
                ],
            ),
            ("Firefox", [OWN.format("accept-language, priority and user-agent")]),
            ("Safari", [OWN.format("accept-language and user-agent")]),
            ("Chrome, GET", []),
        ],
    )
    def test_copied(self, name: str, told: list[str]) -> None:
        assert read_fetch_call(BROWSERS[name][0]).told({}) == told

    @pytest.mark.parametrize("name", WRITTEN)
    def test_what_people_write_leaves_nothing_open(self, name: str) -> None:
        assert read_fetch_call(WRITTEN[name][0]).told({}) == []

    def test_authorization(self) -> None:
        """DevTools write include for it, and the page may have meant nothing of the kind."""
        call = CHROME.replace('"content-type": "application/json"', '"authorization": "Bearer x"')
        told = (
            "DevTools write credentials include wherever an Authorization header went along. If your page does not "
            "include credentials, add --credentials same-origin."
        )
        assert told in read_fetch_call(call).told({})
        assert told not in read_fetch_call(call).told({"credentials": "same-origin"})
        assert told not in read_fetch_call(call.replace('"include"', '"omit"')).told({})
        written = f"fetch('{API}', {{credentials: 'include', headers: {{Authorization: 'Bearer x'}}}})"
        assert read_fetch_call(written).told({}) == []

    def test_no_cookie_for_node(self) -> None:
        call = CHROME_NODE.replace('    "cookie": "session=abc",\n', "")
        assert read_fetch_call(call).told({})[0] == (
            "A call for Node.js does not say the credentials mode; same-origin is assumed, as in fetch(). If your page "
            "includes credentials, add --credentials include."
        )

    def test_a_preflight(self) -> None:
        call = f'fetch("{API}", {{"headers": {{"accept-language": "en"}}, "method": "OPTIONS", "mode": "cors"}});'
        told = (
            "If this is a preflight: a copy as fetch has lost what it asked for. Copy the call itself, or the "
            "preflight as cURL."
        )
        assert told in read_fetch_call(call).told({})
        assert read_fetch_call(f"fetch('{API}', {{method: 'OPTIONS'}})").told({}) == []


CODE = (
    "{} is code, and no code is run; put the value itself there, in quotation marks, or choose Copy as fetch in the "
    "network panel of your browser"
)
ENDS = "it ends before the call does; copy the whole of it"
TWO = "fetch() takes a URL in quotation marks and an object in braces"
MISTAKES = {
    "nothing": ("", "there is no fetch(...) in it; in the network panel of your browser choose Copy as fetch"),
    "another call": (
        "axios.fetch('x')",
        "there is no fetch(...) in it; in the network panel of your browser choose Copy as fetch",
    ),
    "curl": (f"curl '{API}'", "this is a curl command; give it with --curl"),
    "curl of a terminal": (f"$ curl.exe '{API}'", "this is a curl command; give it with --curl"),
    "several calls, of Chrome": (
        f"{CHROME} ;\n{CHROME}",
        "it has several calls of fetch(), and one is read",
    ),
    "a template string": ("fetch(`https://x/${id}`)", CODE.format("'`https://x/${id}`)'")),
    "a sum": ("fetch('https://x/' + id)", CODE.format("'+ id)'")),
    "a variable": ("fetch(url, {})", CODE.format("'url, {})'")),
    "JSON.stringify": (
        "fetch('https://x/', {body: JSON.stringify({a: 1})})",
        CODE.format("'JSON.stringify({a: 1})})'"),
    ),
    "new Headers": ("fetch('https://x/', {headers: new Headers()})", CODE.format("'new Headers()})'")),
    "more options": ("fetch('https://x/', {...options})", CODE.format("'...options})'")),
    "an argument too many": ("fetch('https://x/', {}, {})", CODE.format("', {})'")),
    "a long piece of code": (f"fetch({'x' * 100})", CODE.format(repr("x" * 40))),
    "no arguments": ("fetch()", CODE.format("')'")),
    "an open parenthesis": ("fetch(", ENDS),
    "an open string": ("fetch('https://x", ENDS),
    "an open object": ("fetch('https://x', {method: 'PUT'", ENDS),
    "an open call": ("fetch('https://x'", ENDS),
    "no URL": ("fetch({method: 'PUT'})", TWO),
    "no object": ("fetch('https://x/', 'PUT')", TWO),
    "a URL of the page": ("fetch('/users')", "the URL '/users' depends on the page's; write the whole of it"),
    "too deep": (f"fetch('https://x/', {'[' * 20_000}", "it is nested too deep to be a call of fetch()"),
    "JSON, and too deep": (
        f"""fetch("https://x/", {'{"a":' * 40_000}""",
        "it is nested too deep to be a call of fetch()",
    ),
    "much that is no JSON": (
        f"fetch('https://x/', {{body: '{'x' * 40_000}'}})",
        (
            "it has more than 32,768 characters that are not JSON; in the network panel of your browser choose Copy as "
            "fetch"
        ),
    ),
    "a body that is none": (
        "fetch('https://x/', {method: 'POST', body: {a: 1}})",
        "body is {'a': 1}, which is not a string in quotation marks",
    ),
    "a method that is none": (
        "fetch('https://x/', {method: 1})",
        "method is 1, which is not a string in quotation marks",
    ),
    "a mode that script cannot have": (
        "fetch('https://x/', {mode: 'navigate'})",
        "mode is 'navigate', and not one of cors, no-cors, same-origin",
    ),
    "credentials that are none": (
        "fetch('https://x/', {credentials: 'always'})",
        "credentials is 'always', and not one of omit, same-origin, include",
    ),
    "a redirect mode that is none": (
        "fetch('https://x/', {redirect: 'x'})",
        "redirect is 'x', and not one of follow, error, manual",
    ),
    "headers that are none": (
        "fetch('https://x/', {headers: 'X-Key: 1'})",
        "headers is neither an object nor an array of pairs",
    ),
    "a header that is no text": (
        "fetch('https://x/', {headers: {'X-Key': 1}})",
        "headers has ('X-Key', 1), and each is a name and a value in quotation marks",
    ),
    "too many headers": (
        f"fetch('https://x/', {{headers: {[['A', '1']] * 1001}}})",
        "it has 1,001 headers, and 1,000 are read at most",
    ),
    "half a pair": (
        "fetch('https://x/', {headers: [['X-Key']]})",
        "headers has ['X-Key'], and each is a name and a value in quotation marks",
    ),
}


class TestMistakes:
    """One sentence under --fetch."""

    @pytest.mark.parametrize("name", MISTAKES)
    def test_words(self, name: str) -> None:
        call, message = MISTAKES[name]
        with pytest.raises(UsageError) as caught:
            read_fetch_call(call)
        assert str(caught.value) == f"--fetch: {message}"

    @given(st.text() | st.text().map("fetch({}".format) | st.text().map(f"fetch('{API}', {{{{{{}}}}}})".format))
    def test_nothing_else_is_raised(self, text: str) -> None:
        assert len(mistake(text)) < 1000

    @pytest.mark.parametrize("piece", ["{a:", "/*", "//\n", " ", "'\\", "\\", "fetch", "window ."])
    def test_a_quarter_of_a_million_characters(self, piece: str) -> None:
        """It comes to an end."""
        call = "fetch('https://x/', " + piece * ((LONGEST - 100) // len(piece))
        assert 0 < len(mistake(call)) < 300


def mistake(text: str) -> str:
    """What is wrong with a call; empty when it asks something."""
    try:
        read_fetch_call(text).ask({"origin": PAGE})
    except UsageError as error:
        return str(error)
    return ""
