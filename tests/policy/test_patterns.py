"""Origin patterns: what is one, what is none and why, where, and what to write instead."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.patterns import OriginPattern, PatternSyntaxError, parse_pattern
from crossorigin.policy.problems import ProblemCode
from crossorigin.web.origins import OriginSyntaxError, parse_origin

from .strategies import origins, patterns

PATTERNS = [
    ("https://example.com", OriginPattern("https", "example.com")),
    ("http://example.com:8080", OriginPattern("http", "example.com", 8080)),
    ("https://*.example.com", OriginPattern("https", "example.com", None, any_subdomain=True)),
    ("https://*.example.com:8443", OriginPattern("https", "example.com", 8443, any_subdomain=True)),
    ("http://localhost:*", OriginPattern("http", "localhost", "*")),
    ("http://*.localhost:*", OriginPattern("http", "localhost", "*", any_subdomain=True)),
    ("https://xn--bcher-kva.example", OriginPattern("https", "xn--bcher-kva.example")),
    ("http://my_service:3000", OriginPattern("http", "my_service", 3000)),
    ("http://127.0.0.1:*", OriginPattern("http", "127.0.0.1", "*")),
    ("http://192.0.2.1", OriginPattern("http", "192.0.2.1")),
    ("http://[::1]:*", OriginPattern("http", "[::1]", "*")),
    ("http://[2001:db8::1]:8080", OriginPattern("http", "[2001:db8::1]", 8080)),
    ("chrome-extension://abcdefghijklmnop", OriginPattern("chrome-extension", "abcdefghijklmnop")),
    ("moz-extension://*.example.com", OriginPattern("moz-extension", "example.com", None, any_subdomain=True)),
    ("capacitor://localhost", OriginPattern("capacitor", "localhost")),
    ("ionic://localhost:*", OriginPattern("ionic", "localhost", "*")),
    ("https://1password.com", OriginPattern("https", "1password.com")),
    (f"https://{'a' * 63}.com", OriginPattern("https", f"{'a' * 63}.com")),
]

C = ProblemCode
FAULTS = [
    # text, code, position, fix
    ("", C.EMPTY_ORIGIN, 0, None),
    ("  ", C.EMPTY_ORIGIN, 0, None),
    ("example.com", C.MISSING_SCHEME, 0, '"https://example.com"'),
    ("localhost:3000", C.MISSING_SCHEME, 0, '"http://localhost:3000"'),
    ("//example.com", C.MISSING_SCHEME, 0, '"https://example.com"'),
    ("https://example.com/", C.TRAILING_SLASH, 19, '"https://example.com"'),
    ("https://*.example.com/", C.TRAILING_SLASH, 21, '"https://*.example.com"'),
    ("https://example.com/app", C.PATH, 19, '"https://example.com"'),
    ("https://example.com/*", C.PATH, 19, '"https://example.com"'),
    ("https://example.com?x", C.PATH, 19, '"https://example.com"'),
    ("https://example.com#x", C.PATH, 19, '"https://example.com"'),
    ("https://Example.com", C.UPPER_CASE, 8, '"https://example.com"'),
    ("HTTPS://A.com:443/", C.UPPER_CASE, 0, '"https://a.com"'),
    ("https://example.com:443", C.DEFAULT_PORT, 19, '"https://example.com"'),
    ("http://*.example.com:80", C.DEFAULT_PORT, 20, '"http://*.example.com"'),
    ("https://example.com:99999", C.BAD_PORT, 19, None),
    ("https://example.com:", C.BAD_PORT, 19, '"https://example.com"'),
    ("https://example.com:0443", C.BAD_PORT, 19, '"https://example.com"'),
    ("https://example.com:8a", C.BAD_PORT, 19, None),
    ("https://bücher.example", C.UNICODE_HOST, 9, '"https://xn--bcher-kva.example"'),
    ("https://*.bücher.example", C.UNICODE_HOST, 11, '"https://*.xn--bcher-kva.example"'),
    ("https://straße.example", C.UNICODE_HOST, 12, '"https://xn--strae-oqa.example"'),
    ("https://a..example.com", C.BAD_HOST, 10, None),
    ("https://-a.example.com", C.BAD_HOST, 8, None),
    ("https://", C.BAD_HOST, 8, None),
    ("https://example.com.", C.BAD_HOST, 20, '"https://example.com"'),
    ("https://exa!mple.com", C.BAD_HOST, 11, None),
    ("https://1.2.3", C.BAD_IP, 8, None),
    ("https://0x7f.1", C.BAD_IP, 8, None),
    ("http://[::0001]:8000", C.BAD_IP, 8, '"http://[::1]:8000"'),
    ("http://[::1", C.BAD_IP, 7, '"http://[::1]"'),
    ("http://::1:3000", C.BAD_IP, 7, '"http://[::1]:3000"'),
    ("1http://example.com", C.BAD_SCHEME, 0, None),
    ("file:///home/me/index.html", C.FILE_SCHEME, 0, None),
    ("file://", C.FILE_SCHEME, 0, None),
    ("https://user:pass@example.com", C.USERINFO, 8, '"https://example.com"'),
    (" https://example.com", C.WHITESPACE, 0, '"https://example.com"'),
    ("https://example.com\n", C.WHITESPACE, 19, '"https://example.com"'),
    ("https://exa mple.com", C.WHITESPACE, 11, None),
    ("https://a.com,https://b.com", C.SEVERAL_ORIGINS, 14, '"https://a.com", "https://b.com"'),
    ("https://a.com https://b.com", C.SEVERAL_ORIGINS, 14, '"https://a.com", "https://b.com"'),
    ("https://a.com|https://b.com", C.SEVERAL_ORIGINS, 14, '"https://a.com", "https://b.com"'),
    (f"https://{'a.' * 200}com", C.TOO_LONG, 326, None),
    (f"https://{'a' * 64}.com", C.TOO_LONG, 71, None),
    (f"{'s' * 65}://example.com", C.TOO_LONG, 64, None),
    (f"https://{'.'.join(['a' * 60] * 5)}", C.TOO_LONG, 261, None),
    (r"^https://.*\.example\.com$", C.REGEX, 0, '"https://*.example.com"'),
    (r"https://(.+\.)?example\.com", C.REGEX, 8, '"https://example.com", "https://*.example.com"'),
    (r"https://(app|admin)\.example\.com", C.REGEX, 8, '"https://app.example.com", "https://admin.example.com"'),
    (r"https?://localhost(:\d+)?", C.REGEX, 4, '"http://localhost:*", "https://localhost:*"'),
    ("https://.*.example.com", C.REGEX, 8, '"https://*.example.com"'),
    (r"https://[a-z0-9-]+\.example\.com", C.REGEX, 16, '"https://*.example.com"'),
    (".*", C.REGEX, 0, None),
    ("*.example.com", C.WILDCARD_PLACE, 0, '"https://*.example.com"'),
    ("https://*", C.WILDCARD_PLACE, 8, None),
    ("https://*example.com", C.WILDCARD_PLACE, 8, '"https://example.com", "https://*.example.com"'),
    ("https://app-*.example.com", C.WILDCARD_PLACE, 12, '"https://*.example.com"'),
    ("https://*.*.example.com", C.WILDCARD_PLACE, 10, '"https://*.example.com"'),
    ("https://example.*", C.WILDCARD_PLACE, 16, None),
    ("*://example.com", C.WILDCARD_PLACE, 0, '"https://example.com"'),
    ("http://localhost:30*", C.WILDCARD_PLACE, 19, '"http://localhost:*"'),
    ("https://*.192.0.2.1", C.WILDCARD_PLACE, 8, None),
]


@pytest.mark.parametrize(("text", "pattern"), PATTERNS, ids=[text[:40] for text, _ in PATTERNS])
def test_pattern(text: str, pattern: OriginPattern) -> None:
    assert parse_pattern(text) == pattern
    assert pattern.serialize() == text


@pytest.mark.parametrize(("text", "code", "position", "fix"), FAULTS, ids=[repr(fault[0][:40]) for fault in FAULTS])
def test_fault(text: str, code: ProblemCode, position: int, fix: str | None) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse_pattern(text)
    error = caught.value
    assert (error.code, error.position) == (code, position)
    assert fix is None or error.fix == fix
    assert fix is not None or not error.fix.startswith('"')
    assert not error.sentence[0].islower()
    assert error.sentence.endswith(".")
    assert pickle.loads(pickle.dumps(error)).sentence == error.sentence


@pytest.mark.parametrize("fix", [fix for *_, fix in FAULTS if fix], ids=str)
def test_every_fix_is_sound(fix: str) -> None:
    for text in fix.split(", "):
        assert parse_pattern(text.strip('"')).serialize() == text.strip('"')


COVERS = [
    ("https://*.example.com", "https://a.example.com", True),
    ("https://*.example.com", "https://example.com", False),
    ("https://*.example.com", "https://*.example.com", True),
    ("https://*.example.com", "https://*.a.example.com", True),
    ("https://*.a.example.com", "https://*.example.com", False),
    ("https://*.example.com", "https://evilexample.com", False),
    ("https://*.example.com", "http://a.example.com", False),
    ("https://*.example.com", "https://a.example.com:8443", False),
    ("http://localhost:*", "http://localhost", True),
    ("http://localhost:*", "http://localhost:3000", True),
    ("http://localhost:3000", "http://localhost:*", False),
    ("http://localhost", "http://*.localhost", False),
]


@pytest.mark.parametrize(("one", "other", "expected"), COVERS)
def test_covers(one: str, other: str, expected: bool) -> None:
    assert parse_pattern(one).covers(parse_pattern(other)) is expected


class TestProperties:
    """A pattern and its text are one; what the parser takes in haste is what the strict reading takes."""

    @given(patterns())
    def test_serialize_then_parse(self, pattern: OriginPattern) -> None:
        assert parse_pattern(pattern.serialize()) == pattern

    @given(origins())
    def test_exact_patterns_are_origins(self, text: str) -> None:
        try:
            parse_origin(text)
        except OriginSyntaxError:
            with pytest.raises(PatternSyntaxError):
                parse_pattern(text)
        else:
            assert parse_pattern(text).is_exact

    @given(st.text(max_size=60))
    def test_anything_is_a_pattern_or_a_fault(self, text: str) -> None:
        fault = None
        try:
            parse_pattern(text)
        except PatternSyntaxError as error:
            fault = error
        assert fault is None or 0 <= fault.position <= len(text)
        assert fault is None or fault.fix.isprintable()
