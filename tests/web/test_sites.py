from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossorigin.web.origins import OpaqueOrigin, TupleOrigin, parse_origin
from crossorigin.web.sites import obtain_site, public_suffix, registrable_domain, same_site, schemelessly_same_site


@pytest.mark.parametrize(
    ("host", "suffix", "domain"),
    [
        # After the URL standard's table, its Unicode hosts in ASCII: https://url.spec.whatwg.org/#host-registrable-domain
        ("com", "com", None),
        ("example.com", "com", "example.com"),
        ("www.example.com", "com", "example.com"),
        ("sub.www.example.com", "com", "example.com"),
        ("xn--fiqs8s", "xn--fiqs8s", None),
        ("xn--fsqu00a.xn--fiqs8s", "xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"),
        ("github.io", "github.io", None),
        ("whatwg.github.io", "github.io", "whatwg.github.io"),
        ("xn--kgbechtv", "xn--kgbechtv", None),
        ("xn--fiq228c.xn--kgbechtv", "xn--kgbechtv", "xn--fiq228c.xn--kgbechtv"),
        ("[2001:db8::1]", None, None),
        # Trailing dots stay.
        ("com.", "com.", None),
        ("www.example.com.", "com.", "example.com."),
        ("whatwg.github.io.", "github.io.", "whatwg.github.io."),
        # Rules with a star and with an exception.
        ("a.b.ck", "b.ck", "a.b.ck"),
        ("www.ck", "ck", "www.ck"),
        ("x.www.ck", "ck", "www.ck"),
        ("a.co.uk", "co.uk", "a.co.uk"),
        # Not in the list: the default rule.
        ("localhost", "localhost", None),
        ("app.localhost", "localhost", "app.localhost"),
        ("a.b.internal-thing", "internal-thing", "b.internal-thing"),
        # No domain at all.
        ("127.0.0.1", None, None),
        ("10.0.0.1", None, None),
        ("[::1]", None, None),
        ("", None, None),
        # Empty labels: the URL parser lets them through, the list does not.
        ("a..com", None, None),
    ],
)
def test_public_suffix_and_registrable_domain(host: str, suffix: str | None, domain: str | None) -> None:
    assert public_suffix(host) == suffix
    assert registrable_domain(host) == domain


def origins(a: str, b: str) -> tuple[TupleOrigin, TupleOrigin]:
    left, right = parse_origin(a), parse_origin(b)
    assert isinstance(left, TupleOrigin)
    assert isinstance(right, TupleOrigin)
    return left, right


@pytest.mark.parametrize(
    ("a", "b", "schemelessly", "same"),
    [
        # After HTML's table: https://html.spec.whatwg.org/multipage/browsers.html#same-site
        ("https://example.com", "https://sub.example.com", True, True),
        ("https://example.com", "https://sub.other.example.com", True, True),
        ("https://example.com", "http://non-secure.example.com", True, False),
        ("https://r.wildlife.museum", "https://sub.r.wildlife.museum", True, True),
        ("https://example.co.uk", "https://example2.co.uk", False, False),
        ("https://shop.example", "https://other.example", False, False),
        ("https://a.github.io", "https://b.github.io", False, False),
        # Ports play no part.
        ("https://example.com:1", "https://example.com:2", True, True),
        # Without a registrable domain the hosts decide.
        ("http://localhost:3000", "http://localhost:8000", True, True),
        ("http://localhost", "http://127.0.0.1", False, False),
        ("http://127.0.0.1", "http://127.0.0.1:81", True, True),
        ("http://127.0.0.1", "http://127.0.0.2", False, False),
        ("http://[::1]", "https://[::1]", True, False),
        ("https://github.io", "https://github.io:444", True, True),
        ("https://github.io", "https://a.github.io", False, False),
    ],
)
def test_same_site(a: str, b: str, schemelessly: bool, same: bool) -> None:
    left, right = origins(a, b)
    assert schemelessly_same_site(left, right) is schemelessly_same_site(right, left) is schemelessly
    assert same_site(left, right) is same_site(right, left) is same


def test_a_trailing_dot_is_another_site() -> None:
    left, right = TupleOrigin("https", "example.com"), TupleOrigin("https", "example.com.")
    assert not same_site(left, right)


def test_an_opaque_origin_is_same_site_with_itself_alone() -> None:
    one, two, page = OpaqueOrigin(), OpaqueOrigin(), TupleOrigin("https", "example.com")
    for predicate in (same_site, schemelessly_same_site):
        assert predicate(one, one)
        assert not predicate(one, two)
        assert not predicate(one, page)
        assert not predicate(page, one)


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://sub.example.com:8443", "https://example.com"),
        ("http://localhost:3000", "http://localhost"),
        ("http://[::1]:3000", "http://[::1]"),
        ("https://a.github.io", "https://a.github.io"),
        ("https://github.io", "https://github.io"),
    ],
)
def test_obtain_site(origin: str, site: str) -> None:
    assert obtain_site(parse_origin(origin)).serialize() == site


def test_the_site_of_an_opaque_origin_is_itself() -> None:
    origin = OpaqueOrigin()
    assert obtain_site(origin) is origin


@settings(deadline=None)
@given(st.text(alphabet="ab.-1[:]", max_size=12))
def test_never_an_exception_and_a_domain_ends_in_its_suffix(host: str) -> None:
    suffix, domain = public_suffix(host), registrable_domain(host)
    if domain is not None:
        assert suffix is not None
        assert domain.endswith(f".{suffix}")
        assert host.endswith(domain)


def test_the_list_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, crossorigin.web.sites; sys.exit('publicsuffixlist' in sys.modules or 'ada_url' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
