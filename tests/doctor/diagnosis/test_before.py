"""What stands before CORS on a server and answers a preflight first: routers, authentication, firewalls, the cloud."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.fetch.profiles import WEBKIT

from ..conftest import ALLOW, ALLOW_ALL, API, INCLUDE, JSON, PAGE, VARY, Answer, answer  # noqa: TID252
from .cases import Expected, Found, diagnosed, hold, site

LEAVE = answer(200, ALLOW, VARY, reason=b"OK")
PLAIN = answer(200, reason=b"OK")
OTHER = answer(200, ("Access-Control-Allow-Origin", "https://other.example"), reason=b"OK")
NOT_FOUND = answer(404, reason=b"Not Found")
FORBIDDEN = answer(403, reason=b"Forbidden")
SAID_403 = f"OPTIONS {API} was answered 403 Forbidden"
SAID_404 = f"OPTIONS {API} was answered 404 Not Found"
HEADERS = (
    f"`Access-Control-Allow-Origin: {PAGE}`, `Access-Control-Allow-Methods: PUT`, "
    "`Access-Control-Allow-Headers: content-type` and `Vary: Origin`"
)
AMAZON = ("x-amz-request-id", "4442587FB7D0A2F9")


def preflight(reply: Answer, get: Answer | None = None, *, origin: str = PAGE) -> Found:
    """A PUT whose preflight is answered so, and a GET like that; nobody can be asked where there is none."""
    return diagnosed(site(OPTIONS=reply, GET=get or NOT_FOUND), probes=get is not None, origin=origin, **JSON)


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 2: OPTIONS is not routed.
    "405, and GET gives leave": (
        lambda: preflight(answer(405, ("Allow", "GET, PUT"), reason=b"Method Not Allowed"), LEAVE),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="certain",
            evidence=(
                f"OPTIONS {API} was answered 405 Method Not Allowed",
                "it names the methods that have a route: `Allow: GET, PUT`",
                "second probe: GET was answered 200 OK with leave for this origin",
            ),
            fix=("Put the CORS layer before the router", "OPTIONS /users/42 is a 204", HEADERS),
            probes=1,
        ),
    ),
    "404, and GET names another origin": (
        lambda: preflight(NOT_FOUND, OTHER),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="very likely",
            evidence=(SAID_404, "second probe: GET was answered 200 OK without leave for this origin"),
            fix=("Put the CORS layer before the router",),
            others=(CauseCode.ORIGIN_NOT_ALLOWED,),
            probes=1,
        ),
    ),
    "404, and nobody may ask": (
        lambda: preflight(NOT_FOUND),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="likely",
            evidence=(SAID_404,),
            fix=("Put the CORS layer before the router",),
            others=(CauseCode.NO_CORS_CONFIGURED,),
        ),
    ),
    "404, and GET is 404 as well": (
        lambda: preflight(NOT_FOUND, NOT_FOUND),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="likely",
            evidence=(SAID_404, "second probe: GET was answered 404 Not Found without any sign of CORS"),
            fix=("Put the CORS layer before the router",),
            others=(CauseCode.NO_CORS_CONFIGURED,),
            probes=1,
        ),
    ),
    "501": (
        lambda: preflight(answer(501, reason=b"Not Implemented"), LEAVE),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="certain",
            evidence=(
                f"OPTIONS {API} was answered 501 Not Implemented",
                "second probe: GET was answered 200 OK with leave for this origin",
            ),
            fix=("Put the CORS layer before the router",),
            others=(CauseCode.APPLICATION_ERROR,),
            probes=1,
        ),
    ),
    "405 with leave": (
        lambda: preflight(answer(405, ALLOW), LEAVE),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="certain",
            evidence=(
                f"OPTIONS {API} was answered 405",
                "second probe: GET was answered 200 OK with leave for this origin",
            ),
            fix=("Put the CORS layer before the router",),
            probes=1,
        ),
    ),
    "a status that is neither well nor an error": (
        lambda: preflight(answer(304, ALLOW)),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="likely",
            evidence=(
                f"OPTIONS {API} was answered 304",
                "a preflight is answered rightly with a status from 200 to 299 alone",
            ),
            fix=("Put the CORS layer before the router",),
        ),
    ),
    # 3: authentication.
    "401": (
        lambda: preflight(answer(401, ("WWW-Authenticate", "Bearer"), reason=b"Unauthorized"), LEAVE),
        Expected(
            code=CauseCode.AUTHENTICATION,
            sureness="certain",
            evidence=(
                f"OPTIONS {API} was answered 401 Unauthorized",
                "it asks for authentication: `WWW-Authenticate: Bearer`",
            ),
            fix=("pass without authentication", "a preflight never has credentials", "outermost", HEADERS),
            probes=1,
        ),
    ),
    "401 with leave": (
        lambda: preflight(answer(401, ALLOW)),
        Expected(
            code=CauseCode.AUTHENTICATION,
            sureness="certain",
            evidence=(f"OPTIONS {API} was answered 401",),
            fix=("pass without authentication",),
        ),
    ),
    "403 with a challenge": (
        lambda: preflight(answer(403, ("WWW-Authenticate", "Basic"), reason=b"Forbidden")),
        Expected(
            code=CauseCode.AUTHENTICATION,
            sureness="certain",
            evidence=(SAID_403, "it asks for authentication: `WWW-Authenticate: Basic`"),
            fix=("pass without authentication",),
        ),
    ),
    "403 that speaks of a token": (
        lambda: preflight(answer(403, reason=b"Forbidden", body=b'{"message": "No access token"}')),
        Expected(
            code=CauseCode.AUTHENTICATION,
            sureness="very likely",
            evidence=(SAID_403, 'its body speaks of authentication: "No access token"'),
            fix=("pass without authentication",),
        ),
    ),
    "403, and GET is refused too": (
        lambda: preflight(FORBIDDEN, answer(401, reason=b"Unauthorized")),
        Expected(
            code=CauseCode.AUTHENTICATION,
            sureness="likely",
            evidence=(SAID_403, "second probe: GET was answered 401 Unauthorized without any sign of CORS"),
            fix=("pass without authentication",),
            others=(CauseCode.NO_CORS_CONFIGURED, CauseCode.FIREWALL),
            probes=1,
        ),
    ),
    # 3: a firewall, or a check against CSRF.
    "a firewall's page": (
        lambda: preflight(
            answer(403, ("Server", "cloudflare"), reason=b"Forbidden", body=b"<title>Attention Required! | Cloudflare")
        ),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="very likely",
            evidence=(SAID_403, 'its body is that of a firewall\'s page: "Attention Required! | Cloudflare"'),
            fix=("Let OPTIONS with Access-Control-Request-Method pass", HEADERS),
        ),
    ),
    "a check against CSRF": (
        lambda: preflight(answer(403, reason=b"Forbidden", body=b"<h1>Forbidden</h1><p>CSRF verification failed.")),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="very likely",
            evidence=(SAID_403, 'its body is that of a check against CSRF: "CSRF"'),
            fix=("a check against CSRF",),
        ),
    ),
    "403, and GET gives leave": (
        lambda: preflight(FORBIDDEN, LEAVE),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="likely",
            evidence=(SAID_403, "second probe: GET was answered 200 OK with leave for this origin"),
            fix=("Let OPTIONS with Access-Control-Request-Method pass",),
            others=(CauseCode.AUTHENTICATION,),
            probes=1,
        ),
    ),
    "403, and nobody may ask": (
        lambda: preflight(FORBIDDEN),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="possible",
            evidence=(SAID_403,),
            fix=("Let OPTIONS with Access-Control-Request-Method pass",),
            others=(CauseCode.AUTHENTICATION,),
        ),
    ),
    # 24: an API gateway.
    "API Gateway, by word and by header": (
        lambda: preflight(
            answer(
                403,
                ("x-amzn-ErrorType", "MissingAuthenticationTokenException"),
                ("x-amz-apigw-id", "abc="),
                reason=b"Forbidden",
                body=b'{"message":"Missing Authentication Token"}',
            ),
        ),
        Expected(
            code=CauseCode.GATEWAY,
            sureness="certain",
            evidence=(
                SAID_403,
                'its body says "Missing Authentication Token", API Gateway\'s words for a method that it lacks',
                "it has `x-amzn-errortype: MissingAuthenticationTokenException`",
            ),
            fix=("Add an OPTIONS method", "mock integration", "CorsConfiguration", "4XX and 5XX responses", HEADERS),
        ),
    ),
    "API Gateway, by header alone": (
        lambda: preflight(answer(404, ("apigw-requestid", "abc="), reason=b"Not Found"), PLAIN),
        Expected(
            code=CauseCode.GATEWAY,
            sureness="very likely",
            evidence=(SAID_404, "it has `apigw-requestid: abc=`"),
            fix=("Add an OPTIONS method",),
            others=(CauseCode.NO_CORS_CONFIGURED,),
            probes=1,
        ),
    ),
    # 25: a bucket.
    "S3": (
        lambda: preflight(
            answer(
                403,
                AMAZON,
                reason=b"Forbidden",
                body=b"<Message>CORSResponse: CORS is not enabled for this bucket.</Message>",
            ),
        ),
        Expected(
            code=CauseCode.BUCKET,
            sureness="certain",
            evidence=(
                SAID_403,
                'its body says "CORSResponse: CORS is not enabled for this bucket."',
                "it has `x-amz-request-id: 4442587FB7D0A2F9`",
            ),
            fix=(f"a rule for the origin {PAGE}, the method PUT and the headers content-type", "bucket's CORS rules"),
        ),
    ),
    "Azure": (
        lambda: preflight(
            answer(
                403,
                ("x-ms-request-id", "506ff092"),
                reason=b"Forbidden",
                body=b"<Message>CORS not enabled or no matching rule found for this request.",
            ),
        ),
        Expected(
            code=CauseCode.BUCKET,
            sureness="certain",
            evidence=(
                SAID_403,
                'its body says "CORS not enabled or no matching rule found for this request"',
                "it has `x-ms-request-id: 506ff092`",
            ),
            fix=("bucket's CORS rules",),
        ),
    ),
    "a bucket, by its header alone": (
        lambda: preflight(answer(403, ("x-guploader-uploadid", "ABPtcPo"), reason=b"Forbidden")),
        Expected(
            code=CauseCode.BUCKET,
            sureness="likely",
            evidence=(SAID_403, "it has `x-guploader-uploadid: ABPtcPo`"),
            fix=("bucket's CORS rules",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


OURS = frozenset(
    {CauseCode.NO_ROUTE, CauseCode.AUTHENTICATION, CauseCode.FIREWALL, CauseCode.GATEWAY, CauseCode.BUCKET}
)


class TestExcluded:
    """What excludes all of them."""

    def test_a_preflight_that_is_well(self) -> None:
        assert not OURS & set(preflight(answer(204, ALLOW)).codes)

    def test_a_response(self) -> None:
        for status in (401, 403, 404, 405):
            assert not OURS & set(diagnosed(answer(status), probes=False).codes)

    def test_a_redirect(self) -> None:
        assert not OURS & set(preflight(answer(302, ("Location", "/there"))).codes)

    def test_a_page_of_the_proxys(self) -> None:
        assert not OURS & set(preflight(answer(502)).codes)

    def test_a_cors_layer_that_says_no(self) -> None:
        # Starlette, Spring and rs/cors or jub0bs: in words, or by what the answer varies by.
        for refusal in (
            answer(400, body=b"Disallowed CORS origin"),
            answer(403, body=b"Invalid CORS request"),
            answer(403, ("Vary", "Access-Control-Request-Method")),
        ):
            assert not OURS & set(preflight(refusal, NOT_FOUND).codes)

    def test_a_page_without_origin(self) -> None:
        assert preflight(answer(401), LEAVE, origin="null").codes == [CauseCode.NO_ORIGIN]
        assert preflight(answer(404), LEAVE, origin="null").codes == [CauseCode.NO_ORIGIN]


class TestAPolicyThatPassesPreflightsOn:
    """Fastify's with a function for the origin: where that says no, `Vary: Origin` and the router's 404."""

    def test_the_origin_is_the_cause(self) -> None:
        found = preflight(answer(404, VARY), answer(200, VARY))
        assert found.causes[0].code is CauseCode.ORIGIN_NOT_ALLOWED
        assert found.of(CauseCode.NO_ROUTE).sureness == "likely"


class TestWords:
    """Bodies by which people know who refused them."""

    @pytest.mark.parametrize(
        "body",
        [
            "CSRF verification failed. Request aborted.",  # Django
            "Invalid CSRF Token 'null' was found",  # Spring Security
            "CSRF token mismatch.",  # Laravel
            "invalid csrf token",  # Express
            "XSRF token missing",
            "csrf_token is missing",
            "Cross-Site Request Forgery",
        ],
    )
    def test_csrf(self, body: str) -> None:
        cause = preflight(answer(403, body=body.encode())).causes[0]
        assert (cause.code, cause.sureness) == (CauseCode.FIREWALL, "very likely")

    @pytest.mark.parametrize(
        "body",
        [
            "<title>Access denied</title> The requested URL was rejected. Please consult",  # F5
            "Request unsuccessful. Incapsula incident ID",
            "Access Denied - Sucuri Website Firewall",
            "Reference #18.2d351ab8.1557333295.a4e16ab",  # Akamai
            "This error was generated by Mod_Security.",
        ],
    )
    def test_firewalls(self, body: str) -> None:
        cause = preflight(answer(403, body=body.encode())).causes[0]
        assert (cause.code, cause.sureness) == (CauseCode.FIREWALL, "very likely")

    @pytest.mark.parametrize(
        "body",
        [
            '{"detail":"Not authenticated"}',  # FastAPI
            '{"detail":"Authentication credentials were not provided."}',  # Django REST framework
            '{"message":"Unauthorized"}',
            "jwt malformed",
            "Invalid API key",
            "Permission denied",
        ],
    )
    def test_authentication(self, body: str) -> None:
        cause = preflight(answer(403, body=body.encode())).causes[0]
        assert (cause.code, cause.sureness) == (CauseCode.AUTHENTICATION, "very likely")


class TestFixes:
    """What an answer to the preflight has to have: what was asked for, and nothing that no server should say."""

    def test_credentials(self) -> None:
        fix = diagnosed(site(OPTIONS=answer(401)), probes=False, **JSON, **INCLUDE).causes[0].fix
        assert "`Access-Control-Allow-Credentials: true`" in fix

    def test_a_safelisted_method_needs_no_leave(self) -> None:
        fix = diagnosed(site(OPTIONS=answer(401)), probes=False, method="POST", headers=["X-Key: 1"]).causes[0].fix
        assert "Access-Control-Allow-Methods" not in fix
        assert "`Access-Control-Allow-Headers: x-key`" in fix

    def test_nobody_should_allow_null(self) -> None:
        for status in (401, 403, 404, 405):
            for cause in preflight(answer(status, ALLOW_ALL), LEAVE, origin="null").causes:
                assert "Access-Control-Allow-Origin: null" not in cause.fix
                assert "origin null" not in cause.fix

    def test_bounded(self) -> None:
        found = diagnosed(
            site(OPTIONS=answer(404)),
            probes=False,
            url=f"https://api.example/{'x' * 5000}",
            headers=[f"X-{number}: 1" for number in range(500)],
        )
        assert len(found.causes[0].fix) < 1000


def test_an_engine_that_looks_at_the_status_first() -> None:
    found = diagnosed(site(OPTIONS=answer(404), GET=LEAVE), profiles=[WEBKIT], **JSON)
    assert (found.causes[0].code, found.causes[0].sureness) == (CauseCode.NO_ROUTE, "certain")


class TestKong:
    """https://github.com/Kong/kong/issues/4859: a route that lists its methods matches no OPTIONS."""

    REFUSED = answer(404, ("Server", "kong/3.4.2"), body=b'{"message":"no Route matched with those values"}')

    def test_a_route_without_options(self) -> None:
        [cause] = preflight(self.REFUSED, answer(200, ALLOW)).causes
        assert (cause.code, cause.sureness) == (CauseCode.GATEWAY, "very likely")
        assert cause.evidence[1].endswith("these are the words of Kong")
        assert "Add OPTIONS to the methods of the route" in cause.fix

    def test_a_path_without_a_route(self) -> None:
        assert preflight(self.REFUSED, self.REFUSED).of(CauseCode.GATEWAY).sureness == "likely"

    def test_nobody_to_ask(self) -> None:
        found = diagnosed(self.REFUSED, probes=False, **JSON)
        assert found.of(CauseCode.GATEWAY).evidence[1].endswith("these are the words of Kong")


def test_a_bucket_of_those_who_speak_the_language_of_s3() -> None:
    body = b"<Error><Code>Unauthorized</Code><Message>CORS not configured for this bucket</Message></Error>"
    found = preflight(answer(403, ("Server", "cloudflare"), body=body))
    assert found.causes[0].code is CauseCode.BUCKET
    assert found.causes[0].evidence[1] == 'its body says "CORS not configured for this bucket"'
