"""curl lines as browsers copy them: what each writes for a known call, and the call that is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.curl_line import read_curl
from crossorigin.doctor.question import Question, UsageError, ask

from .copying import chrome_bash, chrome_cmd, firefox_cmd, firefox_posix, safari

API = "https://api.example.com/users/42"
PAGE = "https://app.example.com"
CHROME_UA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
FIREFOX_UA = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"

CHROME_GET = f"""\
curl --url '{API}' \\
  -H 'accept: */*' \\
  -H 'accept-language: en-US,en;q=0.9' \\
  -H 'cache-control: no-cache' \\
  -H 'origin: {PAGE}' \\
  -H 'pragma: no-cache' \\
  -H 'priority: u=1, i' \\
  -H 'referer: {PAGE}/' \\
  -H 'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"' \\
  -H 'sec-ch-ua-mobile: ?0' \\
  -H 'sec-ch-ua-platform: "Linux"' \\
  -H 'sec-fetch-dest: empty' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'sec-fetch-site: same-site' \\
  -H 'user-agent: {CHROME_UA}'"""
CHROME_PUT = f"""\
curl --url '{API}?q=\\[1-3\\]' \\
  -X 'PUT' \\
  -H 'accept: application/json, text/plain, */*' \\
  -H 'accept-language: en-US,en;q=0.9' \\
  -b 'session=abc; theme=dark' \\
  -H 'content-type: application/json' \\
  -H 'origin: {PAGE}' \\
  -H 'referer: {PAGE}/' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: {CHROME_UA}' \\
  -H 'x-empty;' \\
  --data-raw $'{{"name":"It\\'s Ann\\u0021\\\\n"}}' \\
  --insecure"""
CHROME_PUT_CMD = f"""\
curl --url ^"{API}?q=^\\[1-3^\\]^" ^
  -X ^"PUT^" ^
  -H ^"accept: application/json, text/plain, */*^" ^
  -H ^"accept-language: en-US,en;q=0.9^" ^
  -b ^"session=abc; theme=dark^" ^
  -H ^"content-type: application/json^" ^
  -H ^"origin: {PAGE}^" ^
  -H ^"referer: {PAGE}/^" ^
  -H ^"sec-fetch-mode: cors^" ^
  -H ^"user-agent: Mozilla/5.0 ^(X11^)^" ^
  -H ^"x-empty;^" ^
  --data-raw ^"^{{^\\^"name^\\^":^\\^"It's Ann^!^\\^\\n^\\^"^}}^" ^
  --insecure"""
FIREFOX_PUT = f"""\
curl '{API}?q=[1-3]' \\
  --globoff \\
  --compressed \\
  -X PUT \\
  -H 'User-Agent: {FIREFOX_UA}' \\
  -H 'Accept: application/json, text/plain, */*' \\
  -H 'Accept-Language: en-US,en;q=0.9' \\
  -H 'Accept-Encoding: gzip, deflate, br, zstd' \\
  -H 'Content-Type: application/json' \\
  -H 'Origin: {PAGE}' \\
  -H 'Connection: keep-alive' \\
  -H 'Referer: {PAGE}/' \\
  -H 'Cookie: session=abc; theme=dark' \\
  -H 'Sec-Fetch-Mode: cors' \\
  -H 'X-Empty: ' \\
  -H 'Priority: u=4' \\
  --data-raw $'{{"name":"It\\'s Ann\\041\\\\n"}}'"""
FIREFOX_PUT_CMD = f"""\
curl.exe ^"{API}?q=^[1-3^]^" ^
  --globoff ^
  --compressed ^
  -X PUT ^
  -H ^"User-Agent: Mozilla/5.0 (X11)^" ^
  -H ^"Accept: application/json, text/plain, */*^" ^
  -H ^"Accept-Language: en-US,en;q=0.9^" ^
  -H ^"Accept-Encoding: gzip, deflate, br, zstd^" ^
  -H ^"Content-Type: application/json^" ^
  -H ^"Origin: {PAGE}^" ^
  -H ^"Connection: keep-alive^" ^
  -H ^"Referer: {PAGE}/^" ^
  -H ^"Cookie: session=abc; theme=dark^" ^
  -H ^"Sec-Fetch-Mode: cors^" ^
  -H ^"X-Empty: ^" ^
  -H ^"Priority: u=4^" ^
  --data-raw ^"^{{^\\^"name^\\^":^\\^"It's Ann^!^\\^\\n^\\^"^}}^\""""
SAFARI_PUT = f"""\
curl '{API}?q=\\[1-3\\]' \\
-X 'PUT' \\
-H 'Content-Type: application/json' \\
-H 'Origin: {PAGE}' \\
-H 'Referer: {PAGE}/' \\
-H 'Accept: application/json, text/plain, */*' \\
-H 'User-Agent: Mozilla/5.0 (Macintosh) Version/26.0 Safari/605.1.15' \\
-H 'Accept-Language: en-GB,en;q=0.9' \\
-H 'X-Empty: ' \\
-H 'Cookie: session=abc; theme=dark' \\
--data-raw $'{{"name":"It\\'s Ann\\041\\\\n"}}'"""

PUT = {
    "page": f"{PAGE}/",
    "method": "PUT",
    "data": '{"name":"It\'s Ann!\\n"}',
    "credentials": "include",
    "cookie": "session=abc; theme=dark",
}
BROWSERS: dict[str, tuple[str, Question]] = {
    "Chrome, GET": (CHROME_GET, ask(API, page=f"{PAGE}/")),
    **{
        name: (line, ask(f"{API}?q=[1-3]", headers=headers, **PUT))  # type: ignore[arg-type]
        for name, line, headers in (
            (
                "Chrome, PUT",
                CHROME_PUT,
                ["accept: application/json, text/plain, */*", "content-type: application/json", "x-empty:"],
            ),
            (
                "Chrome, PUT, for cmd",
                CHROME_PUT_CMD,
                ["accept: application/json, text/plain, */*", "content-type: application/json", "x-empty:"],
            ),
            (
                "Firefox, PUT",
                FIREFOX_PUT,
                ["Accept: application/json, text/plain, */*", "Content-Type: application/json", "X-Empty:"],
            ),
            (
                "Firefox, PUT, for Windows",
                FIREFOX_PUT_CMD,
                ["Accept: application/json, text/plain, */*", "Content-Type: application/json", "X-Empty:"],
            ),
            (
                "Safari, PUT",
                SAFARI_PUT,
                ["Content-Type: application/json", "Accept: application/json, text/plain, */*", "X-Empty:"],
            ),
        )
    },
    "Chrome, a form with a file": (
        f"""curl --url '{API}' \\
  -H 'content-type: multipart/form-data; boundary=----WebKitFormBoundaryx' \\
  -H 'Referer: {PAGE}/' \\
  -H 'User-Agent: {CHROME_UA}' \\
  --data-raw $'------WebKitFormBoundaryx\\r\\nContent-Disposition: form-data; name="a"\\r\\n\\r\\n1\\r\\n'""",
        ask(
            API,
            page=f"{PAGE}/",
            method="POST",
            headers=["content-type: multipart/form-data; boundary=----WebKitFormBoundaryx"],
            data='------WebKitFormBoundaryx\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
        ),
    ),
    "Firefox, HEAD": (
        f"curl '{API}' \\\n  -I \\\n  -H 'Referer: {PAGE}/'",
        ask(API, page=f"{PAGE}/", method="HEAD"),
    ),
    "an older Safari, a form": (
        (
            f"curl '{API}' \\\n-XPOST \\\n-H 'Content-Type: application/x-www-form-urlencoded' \\\n"
            f"-H 'Origin: {PAGE}' \\\n--data 'a=b'"
        ),
        ask(
            API,
            origin=PAGE,
            method="POST",
            headers=["Content-Type: application/x-www-form-urlencoded"],
            data="a=b",
        ),
    ),
    "an older Chrome for cmd": (
        f"""curl "{API}" ^
  -H "authority: api.example.com" ^
  -H "accept: */*" ^
  -H "origin: {PAGE}" ^
  -H "sec-ch-ua: ^\\^"Chromium^\\^";v=^\\^"110^\\^"" ^
  --data-raw "^{{^\\^"a^\\^":1^}}" ^
  --compressed""",
        ask(
            API,
            origin=PAGE,
            method="POST",
            headers=["Content-Type: application/x-www-form-urlencoded"],
            data='{"a":1}',
        ),
    ),
}
WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "from a terminal": (f"$ curl -H 'Origin: {PAGE}' {API}\n", {"origin": PAGE}),
    "by its path": (f"/usr/bin/curl -H 'Origin: {PAGE}' {API}", {"origin": PAGE}),
    "by a path of Windows": (f"C:\\\\Windows\\\\curl.exe -H 'Origin: {PAGE}' {API}", {"origin": PAGE}),
    "a body": (
        f"curl -d a=b -e {PAGE}/cart {API}",
        {
            "page": f"{PAGE}/cart",
            "method": "POST",
            "data": "a=b",
            "headers": ["Content-Type: application/x-www-form-urlencoded"],
        },
    ),
    "a name and a password": (
        f"curl -u a:b -H 'Origin: {PAGE}' {API}",
        {"origin": PAGE, "headers": ["Authorization: Basic YTpi"]},
    ),
    "script's own cache": (
        f"curl -H 'Origin: {PAGE}' -H 'Cache-Control: no-cache' -H 'Pragma: no-cache' {API}",
        {"origin": PAGE, "headers": ["Cache-Control: no-cache", "Pragma: no-cache"]},
    ),
    "a URL between quotes that has braces": (f"curl -H 'Origin: {PAGE}' '{API}?\\{{a\\}}'", {"origin": PAGE}),
}


class TestBrowsers:
    """The question is the one that script asked."""

    @pytest.mark.parametrize("name", BROWSERS)
    def test_copied(self, name: str) -> None:
        line, question = BROWSERS[name]
        assert read_curl(line).ask({}) == question

    @pytest.mark.parametrize("name", WRITTEN)
    def test_written_by_hand(self, name: str) -> None:
        line, words = WRITTEN[name]
        url = f"{API}?{{a}}" if "braces" in name else API
        assert read_curl(line).ask({}) == ask(url, **words)

    @given(
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)),
        st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs", "Cc"]), min_size=1),
    )
    @pytest.mark.parametrize("quoting", [chrome_bash, firefox_posix, safari, chrome_cmd, firefox_cmd])
    def test_headers_and_bodies_of_any_kind(self, quoting: Any, value: str, body: str) -> None:
        if quoting in {chrome_cmd, firefox_cmd}:
            body = "".join(char if " " <= char <= "~" else "?" for char in body)
        elif quoting is not chrome_bash:
            # \xc3\xa9 is one character to bash, and may be two to the browser that writes it.
            body = body.encode("ascii", "replace").decode()
        line = " ".join(
            [
                f"curl --url {quoting(API)} -X {quoting('POST')} -H {quoting(f'Origin: {PAGE}')}",
                f"-H {quoting(f'x-key: {value}')} -H {quoting('content-type: text/plain')}",
                f"--data-raw {quoting(body)}",
            ]
        )
        question = read_curl(line).ask({})
        assert list(question.headers) == [
            (b"x-key", value.strip(" ").encode()),
            (b"content-type", b"text/plain"),
        ]
        assert question.body == body

    @pytest.mark.parametrize(
        ("line", "sent"),
        [
            ("'X-Key: é'", b"\xe9"),
            (r"$'X-Key: \xe9'", b"\xe9"),
            (r"$'X-Key: \xc3\xa9'", b"\xe9"),
            ("'X-Key: 5 €'", "5 €".encode()),
            ("'X-Key: \udce9 €'", b"\xe9 \xe2\x82\xac"),
        ],
    )
    def test_bytes_of_a_header(self, line: str, sent: bytes) -> None:
        question = read_curl(f"curl -H 'Origin: {PAGE}' -H {line} {API}").ask({})
        assert list(question.headers) == [(b"X-Key", sent)]


COPIED = f"curl '{API}' -H 'Origin: {PAGE}'"
ASSUMED = (
    "A curl line does not say the credentials mode; same-origin is assumed, as in fetch(). If your page includes "
    "credentials, add --credentials include."
)


class TestModes:
    """What a line tells of them, and what it does not."""

    @pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
    def test_the_mode_of_fetch_metadata(self, mode: str) -> None:
        assert read_curl(f"{COPIED} -H 'Sec-Fetch-Mode: {mode}'").ask({}).mode == mode

    @pytest.mark.parametrize("mode", ["navigate", "websocket", "x"])
    def test_what_no_script_can_have(self, mode: str) -> None:
        assert read_curl(f"{COPIED} -H 'Sec-Fetch-Mode: {mode}'").ask({}).mode == "cors"

    def test_no_cookie(self) -> None:
        copied = read_curl(COPIED)
        assert copied.ask({}).credentials == "same-origin"
        assert copied.told({}) == [ASSUMED]
        assert copied.told({"credentials": "same-origin"}) == []

    def test_a_cookie(self) -> None:
        assert read_curl(f"{COPIED} -b a=b").told({}) == [
            "Credentials mode include is assumed, because a cookie went along."
        ]

    @pytest.mark.parametrize(
        ("mode", "told"),
        [
            ("cors", None),
            (
                "no-cors",
                (
                    "Sec-Fetch-Mode says no-cors: an image, a script, or fetch() in that mode. If script is to read "
                    "the response, add --mode cors."
                ),
            ),
            ("same-origin", "Sec-Fetch-Mode says same-origin. To ask with CORS, add --mode cors."),
            (
                "navigate",
                (
                    "Sec-Fetch-Mode says navigate: the browser loaded a page or a frame, which CORS does not concern. "
                    "Asked is what fetch() of the same would get."
                ),
            ),
        ],
    )
    def test_told(self, mode: str, told: str | None) -> None:
        copied = read_curl(f"{COPIED} -H 'Sec-Fetch-Mode: {mode}'")
        assert copied.told({}) == [ASSUMED, *([told] if told else [])]
        assert copied.told({"mode": "cors", "credentials": "omit"}) == []

    def test_what_was_left_out(self) -> None:
        assert read_curl(CHROME_GET).told({"credentials": "omit"}) == [
            (
                "Left out as the browser's own: accept, accept-language, cache-control, pragma, priority and "
                "user-agent. If script set one of them, add it with -H."
            )
        ]


class TestPreflight:
    """Of a preflight the call behind it is asked."""

    PREFLIGHT = (
        f"curl --url '{API}' -X 'OPTIONS' -H 'accept: */*' -H 'access-control-request-headers: {{}}' "
        f"-H 'access-control-request-method: {{}}' -H 'origin: {PAGE}' -H 'user-agent: {CHROME_UA}'"
    )

    def test_the_call_behind_it(self) -> None:
        copied = read_curl(self.PREFLIGHT.format("authorization,content-type,x-key", "PUT"))
        assert copied.ask({}) == ask(
            API,
            origin=PAGE,
            method="PUT",
            headers=["authorization: ?", "content-type: application/json", "x-key: ?"],
        )
        assert copied.told({}) == [
            ASSUMED,
            (
                "This is a preflight. Asked is the call behind it, without a body, and with made-up values for its "
                "headers, of which a preflight has only the names."
            ),
        ]

    def test_no_header(self) -> None:
        line = self.PREFLIGHT.format("", "DELETE")
        assert read_curl(f"{line} -d x").ask({}) == read_curl(line).ask({})
        assert read_curl(self.PREFLIGHT.format("", "DELETE")).ask({}) == ask(API, origin=PAGE, method="DELETE")

    @pytest.mark.parametrize(
        "name", ["accept", "accept-language", "content-language", "content-type", "range", "x-key", "authorization"]
    )
    def test_each_header_needs_the_preflight(self, name: str) -> None:
        """The made-up value is none that is CORS-safelisted, or the call would need no preflight after all."""
        from crossorigin.web.safelists import is_cors_safelisted_request_header

        ((made, value),) = read_curl(self.PREFLIGHT.format(name, "GET")).ask({}).headers
        assert made.decode() == name
        assert not is_cors_safelisted_request_header(made, value)

    def test_options_by_script_is_a_call(self) -> None:
        assert read_curl(f"{COPIED} -X OPTIONS").ask({}) == ask(API, origin=PAGE, method="OPTIONS")


class TestNetwork:
    """What is about the network and not about the question."""

    def test_options(self) -> None:
        copied = read_curl(f"{COPIED} -k --resolve api.example.com:443:127.0.0.1 --resolve x:1:::1")
        assert copied.insecure
        assert copied.resolve == ("api.example.com:443:127.0.0.1", "x:1:::1")

    def test_none(self) -> None:
        assert not read_curl(COPIED).insecure

    @pytest.mark.parametrize("url", ["localhost:8000/x", "api.example.com/x"])
    def test_a_url_without_scheme_is_http_as_in_curl(self, url: str) -> None:
        assert read_curl(f"curl {url}").url == f"http://{url}"


NETWORK_PANEL = "in the network panel of your browser choose Copy as cURL"
MISTAKES = {
    "nothing": (" \n", f"there is nothing in it; {NETWORK_PANEL}"),
    "only a prompt": ("$  ", "it begins with '$', and only a curl command is read"),
    "another program": ("wget https://x/", "it begins with 'wget', and only a curl command is read"),
    "a URL": (API, f"it begins with {API!r}, and only a curl command is read"),
    "the empty word": ("''", "it begins with '', and only a curl command is read"),
    "a semicolon": (";", "it begins with '', and only a curl command is read"),
    "PowerShell, of Chrome": (
        '$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "x"\n',
        f"this is PowerShell; {NETWORK_PANEL}",
    ),
    "PowerShell, of Firefox": (
        f'Invoke-WebRequest -UseBasicParsing -Uri "{API}"',
        f"this is PowerShell; {NETWORK_PANEL}",
    ),
    "a call of fetch()": (f'await fetch("{API}");', "this is a call of fetch(); give it with --fetch"),
    "no URL": ("curl -v", "it has no URL, and one is read"),
    "two URLs": ("curl a b", "it has 2 URLs, and one is read"),
    "two, one of them by an option": ("curl a --url b", "it has 2 URLs, and one is read"),
    "several commands, of Chrome": (
        f"curl --url '{API}' ;\ncurl --url '{API}'",
        "it goes on after the command; leave away what begins with " + repr(f";\ncurl --url '{API}'"[:40]),
    ),
    "an unknown option": (
        "curl --foo x",
        "unknown option --foo; leave it away, or say what it does with the options of check",
    ),
    "an open quotation mark": (
        "curl 'x",
        """it has a quotation mark or a backslash that nothing closes: "'x\"""",
    ),
}


class TestMistakes:
    """One sentence under --curl."""

    @pytest.mark.parametrize("name", MISTAKES)
    def test_words(self, name: str) -> None:
        line, message = MISTAKES[name]
        with pytest.raises(UsageError) as caught:
            read_curl(line)
        assert str(caught.value) == f"--curl: {message}"

    @given(st.text() | st.text().map("curl {}".format) | st.lists(st.text()).map(lambda words: f"curl {words}"))
    def test_nothing_else_is_raised(self, text: str) -> None:
        assert len(mistake(text)) < 1000


def mistake(text: str) -> str:
    """What is wrong with a line; empty when it asks something."""
    try:
        read_curl(text).ask({"origin": PAGE})
    except UsageError as error:
        return str(error)
    return ""
