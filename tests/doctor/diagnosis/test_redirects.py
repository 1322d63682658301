"""What kind a redirect is, from the two URLs alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.diagnosis.redirects import RedirectKind, kind_of, leading, target_of
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url


def redirect(url: str, location: str | None, status: int = 302) -> Exchange:
    asked = parse_url(url)
    assert asked is not None
    headers = HeaderList() if location is None else HeaderList.of(("Location", location))
    return Exchange(HTTPRequest(b"GET", asked, HeaderList(), None, "actual", False), HTTPResponse(status, headers))


API = "https://api.example/users"
KINDS: dict[str, tuple[str, str | None, RedirectKind]] = {
    "to https": ("http://api.example/users", "https://api.example/users", "https"),
    "to https, with a slash": ("http://api.example/users", "https://api.example/users/", "https"),
    "to https, with ports": ("http://api.example:8080/users", "https://api.example:8443/users", "https"),
    "to https of another host": ("http://api.example/users", "https://www.api.example/users", "moved"),
    "from https to http": (API, "http://api.example/users", "moved"),
    # FastAPI's redirect_slashes and Django's APPEND_SLASH, whole and without host.
    "a slash added": (API, f"{API}/", "slash"),
    "a slash added, without host": (API, "/users/", "slash"),
    "a slash taken away": (f"{API}/", "/users", "slash"),
    "a slash, and the query kept": (f"{API}?a=b", "/users/?a=b", "slash"),
    "a slash, behind a proxy that loses the port": (
        "http://api.example:8080/users",
        "http://api.example/users/",
        "slash",
    ),
    "a slash on another host": (API, "https://cdn.example/users/", "moved"),
    # Where people log in.
    "Django": (API, "/accounts/login/?next=/users", "login"),
    "Devise": (API, "/users/sign_in", "login"),
    "with a hyphen": (API, "/users/sign-in", "login"),
    "Laravel": (API, "/login", "login"),
    "Spring Security": (API, "/oauth2/authorization/google", "login"),
    "Keycloak": (API, "https://id.example/realms/a/protocol/openid-connect/auth?client_id=b", "login"),
    "Azure": (API, "https://login.microsoftonline.com/common/v2.0/x", "login"),
    "Google": (API, "https://accounts.google.com/ServiceLogin", "login"),
    "Okta": (API, "https://a.okta.example/oauth2/v1/authorize", "login"),
    "CAS": (API, "https://cas.example/cas/login?service=x", "login"),
    "ADFS": (API, "https://fs.example/adfs/ls/?wa=wsignin1.0", "login"),
    "a page in PHP": (API, "/login.php", "login"),
    "from login to login": ("https://api.example/login", "/auth/login", "login"),
    # Words that only look like it.
    "a newer version of the login": ("https://api.example/auth/v1", "/auth/v2", "moved"),
    "accounts are data too": ("https://api.example/v1/account/7", "/v2/accounts/7", "moved"),
    "a word with login in it": (API, "/loginless", "moved"),
    "the login server itself": ("https://auth.example/a", "https://auth.example/b", "moved"),
    "after a login": ("https://api.example/login", "/home", "moved"),
    # Anything else.
    "elsewhere": (API, "https://cdn.example/users", "moved"),
    "another path": (API, "/people", "moved"),
    "itself": (API, "", "moved"),
    "another scheme": (API, "ftp://api.example/users", "moved"),
    "no Location": (API, None, "moved"),
    "no URL": (API, "https://[", "moved"),
}


@pytest.mark.parametrize("name", KINDS)
def test_kind(name: str) -> None:
    url, location, kind = KINDS[name]
    assert kind_of(redirect(url, location)) == kind


class TestTarget:
    """A Location is a URL, whole or relative to the one that was asked for."""

    @pytest.mark.parametrize(
        ("location", "target"),
        [
            ("/there", "https://api.example/there"),
            ("there?a=b", "https://api.example/there?a=b"),
            ("//cdn.example/x", "https://cdn.example/x"),
            ("https://cdn.example/x#y", "https://cdn.example/x#y"),
        ],
    )
    def test_leads_to(self, location: str, target: str) -> None:
        found = target_of(redirect(API, location))
        assert found is not None
        assert found.href == target

    def test_none(self) -> None:
        assert target_of(redirect(API, None)) is None
        assert target_of(redirect(API, "https://[")) is None
        asked = redirect(API, None).request
        assert target_of(Exchange(asked, None)) is None


class TestLeading:
    """Which of several redirects decides: once at a login page, nothing after it matters."""

    def test_the_last(self) -> None:
        one, other = redirect(API, f"{API}/"), redirect(f"{API}/", "/people")
        assert leading([one, other]) is other

    def test_the_first_to_a_login_page(self) -> None:
        before, login, after = redirect(API, "/people"), redirect(API, "/login"), redirect(API, "/sso")
        assert leading([before, login, after]) is login

    def test_none(self) -> None:
        assert leading([]) is None


@given(st.binary(max_size=60))
def test_whatever_stands_there(location: bytes) -> None:
    asked = redirect(API, None).request
    exchange = Exchange(asked, HTTPResponse(302, HeaderList([(b"Location", location)])))
    assert kind_of(exchange) in {"https", "slash", "login", "moved"}
