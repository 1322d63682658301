"""Servers of a few lines, each on a port of its own: what frameworks, gateways and services answer that are not here.

Each is given what was asked and gives the answer, as its users have published it, header for header. `None` closes the
connection; bytes are sent as they are.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["SITES", "serving"]

PAGE = "http://localhost:3000"
APP = "https://app.example.com"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request without its body; the names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]

    @property
    def origin(self) -> str:
        return self.headers.get("origin", "")

    @property
    def wanted(self) -> str:
        """The method that a preflight asks for."""
        return self.headers.get("access-control-request-method", "")

    @property
    def wanted_headers(self) -> set[str]:
        return {name for name in self.headers.get("access-control-request-headers", "").lower().split(",") if name}


Answer = str | bytes | None
Site = Callable[[Asked], Answer]
SITES: dict[str, Callable[[], Site]] = {}
"""Name → what makes the site, so that each run begins with empty caches."""


def _site(name: str) -> Callable[[Site], Site]:
    def put(site: Site) -> Site:
        SITES[name] = lambda: site
        return site

    return put


def _say(status: str, *lines: str, body: str = "") -> str:
    return "\n".join([f"HTTP/1.1 {status}", *lines]) + "\n\n" + body


def _json(body: str, *lines: str, status: str = "200 OK") -> str:
    return _say(status, "Content-Type: application/json", *lines, body=body)


def _html(title: str, *lines: str, status: str, text: str = "") -> str:
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>\n"
    return _say(status, "Content-Type: text/html; charset=utf-8", *lines, body=body)


def _allow(origin: str, *, methods: str = "", headers: str = "", credentials: str = "") -> tuple[str, ...]:
    """The CORS headers that stand on an answer."""
    values = {"Origin": origin, "Methods": methods, "Headers": headers, "Credentials": credentials}
    return tuple(f"Access-Control-Allow-{name}: {value}" for name, value in values.items() if value)


# --- Java ---

_SPRING_VARY = tuple(
    f"Vary: {name}" for name in ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
)
_SPRING_SECURE = ("X-Content-Type-Options: nosniff", "Cache-Control: no-cache, no-store, max-age=0, must-revalidate")


def _spring_error(status: int, error: str, path: str) -> str:
    return f'{{"timestamp":"2026-11-03T09:12:44.871+00:00","status":{status},"error":"{error}","path":"{path}"}}'


@_site("spring-filter-throws")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        lines = _allow(PAGE, methods="GET,POST", headers="content-type")
        return _say("200 ", *_SPRING_VARY, *lines, "Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH")
    return _json(_spring_error(500, "Internal Server Error", asked.path), status="500 ")


@_site("spring-methods")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS" and asked.wanted not in {"GET", "HEAD", "POST"}:
        return _say("403 ", *_SPRING_VARY, body="Invalid CORS request")
    lines = _allow(APP, methods="GET,HEAD,POST" if asked.method == "OPTIONS" else "")
    return _json("[]", *_SPRING_VARY, *lines, status="200 ")


@_site("spring-security")
def _(asked: Asked) -> Answer:
    if "authorization" in asked.headers:
        return _json("[]", *_SPRING_VARY, *_allow(PAGE), status="200 ")
    return _say("401 ", "WWW-Authenticate: Bearer", *_SPRING_SECURE)


@_site("spring-entry-point")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        return _say("200 ", *_SPRING_VARY, *_allow(PAGE, methods="GET,POST", headers="authorization"), *_SPRING_SECURE)
    if asked.path == "/items":
        body = _spring_error(401, "Unauthorized", asked.path)
        return _json(body, 'WWW-Authenticate: Bearer error="invalid_token"', *_SPRING_SECURE, status="401 ")
    return _json("{}", *_SPRING_VARY, *_allow(PAGE), status="200 ")


@_site("spring-list")
def _(asked: Asked) -> Answer:
    if asked.origin and asked.origin != APP:
        return _say("403 ", *_SPRING_VARY, body="Invalid CORS request")
    return _json("[]", *_SPRING_VARY, *(_allow(APP) if asked.origin else ()), status="200 ")


# --- Ruby ---

_RAILS = ("X-Frame-Options: SAMEORIGIN", "X-Request-Id: 5c1f6d0e-0a51-4b2d-9d54-0c4f6a3f1f0b", "X-Runtime: 0.004217")


@_site("rails-force-ssl")
def _(asked: Asked) -> Answer:
    host = asked.headers.get("host", "").partition(":")[0]
    body = f'<html><body>You are being <a href="https://{host}{asked.path}">redirected</a>.</body></html>'
    return _say("301 Moved Permanently", "Content-Type: text/html", f"Location: https://{host}{asked.path}", body=body)


@_site("rails-devise")
def _(asked: Asked) -> Answer:
    if asked.path == "/users/sign_in":
        return _html("Log in", *_RAILS, status="200 OK", text='<form action="/users/sign_in" method="post"></form>')
    host = asked.headers.get("host", "")
    lines = ("Vary: Origin", *_allow(PAGE)) if asked.origin == PAGE else ("Vary: Origin",)
    return _html("Redirecting", f"Location: http://{host}/users/sign_in", *_RAILS, *lines, status="302 Found")


@_site("rails-after-action")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        text = f"<h2>No route matches [OPTIONS] &quot;{asked.path}&quot;</h2>"
        return _html("Action Controller: Exception caught", *_RAILS, status="404 Not Found", text=text)
    return _json("[]", *_RAILS, *_allow("*", methods="GET, POST, PUT, DELETE"))


@_site("rack-cors-without-put")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS" and asked.wanted not in {"GET", "POST", "PATCH", "DELETE"}:
        return _html("The page you were looking for doesn't exist (404)", *_RAILS, status="404 Not Found")
    lines = _allow(asked.origin, methods="GET, POST, PATCH, DELETE, OPTIONS" if asked.method == "OPTIONS" else "")
    return _json("[]", "Vary: Origin", *_RAILS, *(lines if asked.origin else ()))


# --- ASP.NET, Go, PHP ---


@_site("aspnet-exception")
def _(asked: Asked) -> Answer:
    if asked.path == "/items":
        body = (
            "System.NullReferenceException: Object reference not set to an instance of an object.\n   at Shop.Items()"
        )
        return _say("500 Internal Server Error", "Content-Type: text/plain", "Server: Kestrel", body=body)
    return _json("{}", "Server: Kestrel", *_allow("*"))


@_site("aspnet-one-origin")
def _(asked: Asked) -> Answer:
    allowed = asked.origin == PAGE
    if asked.method == "OPTIONS" and asked.wanted:
        lines = _allow(PAGE, methods=asked.wanted, headers=",".join(sorted(asked.wanted_headers)))
        return _say("204 No Content", "Server: Kestrel", *(lines if allowed else ()))
    return _json("[]", "Server: Kestrel", *(_allow(PAGE) if allowed else ()))


def _rs_cors(asked: Asked) -> Answer:
    """Github.com/rs/cors names nothing where anything is not allowed."""
    if asked.method == "OPTIONS" and asked.wanted:
        vary = "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        known = asked.origin == APP and asked.wanted in {"GET", "HEAD", "POST"}
        if not known or asked.wanted_headers - {"content-type", "x-requested-with"}:
            return _say("204 No Content", vary)
        lines = _allow(APP, methods=asked.wanted, headers=",".join(sorted(asked.wanted_headers)))
        return _say("204 No Content", vary, *lines)
    return _json("[]", "Vary: Origin", *(_allow(APP) if asked.origin == APP else ()))


SITES["go-rs-cors"] = lambda: _rs_cors


@_site("go-gin-cors")
def _(asked: Asked) -> Answer:
    if asked.origin and asked.origin != APP:
        return _say("403 Forbidden")
    return _json("[]", *((*_allow(APP), "Vary: Origin") if asked.origin else ()))


@_site("go-gorilla")
def _(asked: Asked) -> Answer:
    if asked.method not in {"GET", "POST"}:
        return _say("405 Method Not Allowed")
    return _json("[]", *_allow("*", headers="Content-Type"))


@_site("go-tls-port")
def _(asked: Asked) -> Answer:
    return _say("400 Bad Request", body="Client sent an HTTP request to an HTTPS server.\n")


@_site("go-serve-mux")
def _(asked: Asked) -> Answer:
    if asked.path == "/items":
        body = '<a href="/items/">Moved Permanently</a>.\n\n'
        return _say("301 Moved Permanently", "Content-Type: text/html; charset=utf-8", "Location: /items/", body=body)
    return _json("[]", *_allow("*"))


@_site("laravel-csrf")
def _(asked: Asked) -> Answer:
    if asked.path.startswith("/api/"):
        return _json("[]", *_allow("*"))
    if asked.method == "POST":
        return _json('{"message": "CSRF token mismatch."}', "Server: nginx", status="419 unknown status")
    return _html("Laravel", "Server: nginx", "Set-Cookie: XSRF-TOKEN=eyJpdiI; path=/; samesite=lax", status="200 OK")


@_site("wordpress-private")
def _(asked: Asked) -> Answer:
    if asked.path == "/wp-login.php":
        return _html("Log In &lsaquo; Shop &#8212; WordPress", "Server: Apache", status="200 OK", text="<form></form>")
    host = asked.headers.get("host", "")
    to = f"http://{host}/wp-login.php?redirect_to=http%3A%2F%2F{host}{asked.path}&reauth=1"
    return _say("302 Found", "Server: Apache", f"Location: {to}", "X-Redirect-By: WordPress")


@_site("php-loop")
def _(asked: Asked) -> Answer:
    return _say("302 Found", "Server: Apache/2.4.62 (Debian)", f"Location: {asked.path}?lang=en", *_allow("*"))


# --- what stands in front ---


@_site("kong-key-auth")
def _(asked: Asked) -> Answer:
    if "apikey" in asked.headers:
        return _json("[]", "Via: kong/2.8.1", *_allow("*"))
    body = '{\n  "message":"No API key found in request"\n}'
    lines = ('WWW-Authenticate: Key realm="kong"', "Server: kong/2.8.1", *_allow("*"))
    return _json(body, *lines, status="401 Unauthorized")


@_site("kong-no-route")
def _(asked: Asked) -> Answer:
    if asked.method not in {"GET", "PUT"}:
        body = '{\n  "message":"no Route matched with those values"\n}'
        return _json(body, "Server: kong/3.4.2", "X-Kong-Response-Latency: 0", status="404 Not Found")
    lines = ("Via: kong/3.4.2", "X-Kong-Upstream-Latency: 3", "X-Kong-Proxy-Latency: 1")
    return _json("[]", *lines, *_allow(APP), "Vary: Origin")


@_site("apigw-http-api")
def _(asked: Asked) -> Answer:
    if asked.method != "POST":
        return _json('{"message":"Not Found"}', "apigw-requestid: NzE5xh1mFiAEMXA=", status="404 Not Found")
    return _json("{}", "apigw-requestid: NzE5xh1mFiAEMXA=", *_allow("*"))


@_site("apim-no-operation")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        body = '{ "statusCode": 404, "message": "Resource not found" }'
        return _json(body, "Request-Context: appId=cid-v1:1f5f", status="404 Resource Not Found")
    return _json("[]", "Request-Context: appId=cid-v1:1f5f", *_allow(APP))


@_site("apigw-timeout")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        lines = _allow("*", methods="OPTIONS,POST", headers="Content-Type,X-Amz-Date,Authorization,X-Api-Key")
        return _say("200 OK", "x-amzn-RequestId: 1d3c", "x-amz-apigw-id: TkX9", *lines)
    body = '{"message": "Endpoint request timed out"}'
    lines = ("x-amzn-RequestId: 1d3d", "x-amzn-ErrorType: InternalServerErrorException", "x-amz-apigw-id: TkXA")
    return _json(body, *lines, status="504 Gateway Timeout")


@_site("lambda-proxy")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        lines = _allow("*", methods="OPTIONS,POST,GET", headers="Content-Type,X-Amz-Date,Authorization,X-Api-Key")
        return _json("", "x-amzn-RequestId: 2d3c", "x-amz-apigw-id: TkY9", *lines)
    return _json('{"orders":[]}', "x-amzn-RequestId: 2d3d", "X-Amzn-Trace-Id: Root=1-5f", "x-amz-apigw-id: TkYA")


@_site("vercel-protection")
def _(asked: Asked) -> Answer:
    lines = ("Server: Vercel", "x-vercel-id: fra1::qk2gs-1762161", "Set-Cookie: _vercel_sso_nonce=x; Secure; HttpOnly")
    return _html("Authentication Required", *lines, status="401 Unauthorized", text="Vercel Authentication")


@_site("oauth2-proxy")
def _(asked: Asked) -> Answer:
    text = '<form method="GET" action="/oauth2/start"><button type="submit">Sign in with GitHub</button></form>'
    return _html("Sign In", "Cache-Control: no-cache", status="403 Forbidden", text=text)


@_site("cloudflare-access")
def _(asked: Asked) -> Answer:
    to = "https://acme.cloudflareaccess.com/cdn-cgi/access/login/api.example.com?kid=5f&redirect_url=%2Fitems"
    lines = (f"Location: {to}", "Server: cloudflare", "CF-RAY: 9a1b2c3d4e5f-FRA", "CF-Version: 7")
    return _say("302 Found", *lines)


@_site("easy-auth")
def _(asked: Asked) -> Answer:
    to = "https://login.windows.net/4b1f/oauth2/authorize?response_type=code+id_token&client_id=77"
    return _say("302 Redirect", f"Location: {to}", "Server: Microsoft-IIS/10.0", "Set-Cookie: Nonce=a; path=/; secure")


@_site("authelia")
def _(asked: Asked) -> Answer:
    if asked.headers.get("host", "").startswith("auth."):
        return _html("Login - Authelia", status="200 OK")
    to = "https://auth.example.com/?rd=https%3A%2F%2Fapi.example.com%2Fitems&rm=GET"
    return _say(
        "302 Found", f"Location: {to}", "Content-Type: text/html; charset=utf-8", body=f'<a href="{to}">302</a>'
    )


@_site("aws-waf")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        body = (
            "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>"
        )
        return _say("403 Forbidden", "Server: awselb/2.0", "Content-Type: text/html", body=body)
    return _json("[]", "Server: gunicorn", *_allow("*"))


@_site("incapsula")
def _(asked: Asked) -> Answer:
    text = '<iframe id="main-iframe">Request unsuccessful. Incapsula incident ID: 877000210-42</iframe>'
    body = f'<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body>{text}</body></html>'
    return _say("403 Forbidden", "Content-Type: text/html", "X-Iinfo: 9-1234-0 0NNN RT(1 0) q(0 -1 -1 -1)", body=body)


@_site("akamai")
def _(asked: Asked) -> Answer:
    lines = _allow(APP, methods="GET, PUT", headers="content-type")
    if asked.method in {"PUT", "DELETE"}:
        text = "You don't have permission to access this resource on this server.<P>Reference #18.2d351ab8.1762</P>"
        return _html("Access Denied", "Server: AkamaiGHost", status="403 Forbidden", text=text)
    return _json("{}", "Vary: Origin", *(lines if asked.origin == APP else ()))


@_site("mod-security")
def _(asked: Asked) -> Answer:
    if asked.method == "POST":
        text = (
            "<p>An appropriate representation of the requested resource could not be found on this server. This error "
        )
        text += "was generated by Mod_Security.</p>"
        return _html("Not Acceptable!", "Server: Apache", status="406 Not Acceptable", text=text)
    return _json("[]", "Server: Apache", "X-Powered-By: PHP/8.2.20", *_allow("*"))


@_site("sveltekit-csrf")
def _(asked: Asked) -> Answer:
    if asked.method == "POST":
        body = "Cross-site POST form submissions are forbidden"
        return _say("403 Forbidden", "Content-Type: text/plain;charset=UTF-8", body=body)
    return _json("[]", *_allow(PAGE), "Vary: Origin")


@_site("cloudflare-522")
def _(asked: Asked) -> Answer:
    lines = ("Content-Type: text/plain; charset=UTF-8", "Server: cloudflare", "CF-RAY: 8c6f1a-AMS")
    return _say("522 ", *lines, "Cache-Control: private, no-store", body="error code: 522")


@_site("heroku-h10")
def _(asked: Asked) -> Answer:
    text = '<iframe src="//www.herokucdn.com/error-pages/application-error.html"></iframe>'
    lines = ("Server: Heroku", "Cache-Control: no-cache, no-store", "Via: 1.1 heroku-router")
    return _html("Application error", *lines, status="503 Service Unavailable", text=text)


@_site("traefik-502")
def _(asked: Asked) -> Answer:
    return _say("502 Bad Gateway", "Content-Type: text/plain; charset=utf-8", body="Bad Gateway")


# --- buckets ---


@_site("gcs")
def _(asked: Asked) -> Answer:
    lines = ("X-GUploader-UploadID: AFiumC5Qq0", "Server: UploadServer", "Cache-Control: private, max-age=0")
    if asked.method == "OPTIONS":
        return _say("200 OK", *lines, "Content-Type: text/html; charset=UTF-8")
    body = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code><Message>Access denied.</Message>"
    return _say("403 Forbidden", *lines, "Content-Type: application/xml; charset=UTF-8", body=body + "</Error>")


@_site("r2")
def _(asked: Asked) -> Answer:
    message = "CORS not configured for this bucket" if asked.method == "OPTIONS" else "Invalid Argument: Authorization"
    code = "Unauthorized" if asked.method == "OPTIONS" else "InvalidArgument"
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    status = "403 Forbidden" if asked.method == "OPTIONS" else "400 Bad Request"
    return _say(status, "Content-Type: application/xml", "Server: cloudflare", "CF-RAY: 9b2f-FRA", body=body)


_S3 = ("x-amz-request-id: 7Q4R1V0C2M", "x-amz-id-2: Zm9v=", "Server: AmazonS3")
_S3_VARY = "Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


@_site("s3-checksum")
def _(asked: Asked) -> Answer:
    if asked.method == "OPTIONS":
        if asked.origin != APP or asked.wanted_headers - {"content-type"}:
            body = (
                "<Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed.</Message>"
            )
            return _say("403 Forbidden", *_S3, "Content-Type: application/xml", body=body + "</Error>")
        lines = _allow(APP, methods="GET, PUT", headers=", ".join(sorted(asked.wanted_headers)), credentials="true")
        return _say("200 OK", *_S3, *lines, _S3_VARY)
    lines = (*_allow(APP, methods="GET, PUT", credentials="true"), _S3_VARY) if asked.origin == APP else ()
    body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    return _say("403 Forbidden", *_S3, *lines, "Content-Type: application/xml", body=body)


@_site("s3-picture")
def _(asked: Asked) -> Answer:
    lines = (*_allow("*", methods="GET"), _S3_VARY) if asked.origin else ()
    return _say("200 OK", *_S3, "Content-Type: image/png", 'ETag: "9b2c"', "Accept-Ranges: bytes", *lines, body="PNG")


@_site("s3-other-region")
def _(asked: Asked) -> Answer:
    if "eu-central-1" in asked.headers.get("host", ""):
        return _json("[]", *_S3, *_allow("*"))
    to = "https://photos.s3.eu-central-1.amazonaws.com/index.json"
    body = (
        "<Error><Code>TemporaryRedirect</Code><Message>Please re-send this request to the specified endpoint.</Message>"
    )
    lines = (*_S3, f"Location: {to}", "x-amz-bucket-region: eu-central-1", "Content-Type: application/xml")
    return _say("307 Temporary Redirect", *lines, body=body + "</Error>")


# --- caches ---


def _cached(fresh: Callable[[Asked], str], hit: tuple[str, ...], miss: tuple[str, ...]) -> Site:
    """A cache whose key is the URL."""
    kept: dict[str, tuple[str, float]] = {}

    def site(asked: Asked) -> Answer:
        key = f"{asked.path}?{asked.query}"
        if asked.method not in {"GET", "HEAD"} or key not in kept:
            head, _, body = fresh(asked).partition("\n\n")
            if asked.method == "GET":
                kept[key] = (f"{head}\n\n{body}", time.monotonic())
            return "\n".join([head, *miss]) + "\n\n" + body
        text, since = kept[key]
        head, _, body = text.partition("\n\n")
        return "\n".join([head, f"Age: {int(time.monotonic() - since) + 17}", *hit]) + "\n\n" + body

    return site


def _echo_list(asked: Asked) -> str:
    known = asked.origin in {APP, "https://shop.example.com"}
    return _json("[]", "Cache-Control: public, max-age=3600", *(_allow(asked.origin) if known else ()))


def _any_to_origin(asked: Asked) -> str:
    return _say("200 OK", "Content-Type: font/woff2", *(_allow("*") if asked.origin else ()), body="wOF2")


_CLOUDFRONT = ("Via: 1.1 3d1f.cloudfront.net (CloudFront)", "X-Amz-Cf-Pop: FRA56-P4")
SITES["cloudfront"] = lambda: _cached(
    _any_to_origin, ("X-Cache: Hit from cloudfront", *_CLOUDFRONT), ("X-Cache: Miss from cloudfront", *_CLOUDFRONT)
)
SITES["fastly"] = lambda: _cached(
    _echo_list, ("X-Served-By: cache-fra-etou8220025-FRA", "X-Cache: HIT", "X-Cache-Hits: 1"), ("X-Cache: MISS",)
)
SITES["public-cdn"] = lambda: _cached(
    lambda asked: _json("[]", "Cache-Control: public, max-age=86400", *_allow("*")),
    ("X-Cache: HIT",),
    ("X-Cache: MISS",),
)


# --- redirects ---


@_site("next-trailing-slash")
def _(asked: Asked) -> Answer:
    if asked.path == "/api/items/":
        return _say("308 Permanent Redirect", "Location: /api/items", "Refresh: 0;url=/api/items", body="/api/items")
    return _json("[]", *_allow("*", methods="GET,POST,OPTIONS"))


@_site("password-in-location")
def _(asked: Asked) -> Answer:
    host = asked.headers.get("host", "")
    if asked.path == "/feed":
        return _json("[]", *_allow("*"))
    return _say("302 Found", f"Location: http://reader:s3cr3t@{host}/feed", *_allow("*"))


@_site("to-an-app")
def _(asked: Asked) -> Answer:
    return _say("302 Found", "Location: com.example.shop://callback?code=4f1b", *_allow("*"))


@_site("to-plain-http")
def _(asked: Asked) -> Answer:
    if asked.path == "/v2/items":
        return _json("[]", *_allow("*"))
    return _say("302 Found", "Location: http://api.example.com/v2/items", "Server: gunicorn", *_allow("*"))


@_site("signed-download")
def _(asked: Asked) -> Answer:
    return _say("303 See Other", "Location: https://files.example.net/a.csv?sig=9f", *_allow(APP), "Vary: Origin")


@_site("signed-files")
def _(asked: Asked) -> Answer:
    return _say("200 OK", "Content-Type: text/csv", *_allow(APP), body="id\n1\n")


# --- what is not HTTP, or only half of it ---


@_site("gzip-that-is-none")
def _(asked: Asked) -> Answer:
    return _json('[{"id":1},{"id":2}]', "Content-Encoding: gzip", *_allow("*"))


@_site("dies-in-a-chunk")
def _(asked: Asked) -> Answer:
    head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
    return head.encode() + b"400\r\nid,name\r\n"


@_site("grpc")
def _(asked: Asked) -> Answer:
    # SETTINGS, then GOAWAY: what a server answers that knows HTTP/2 only.
    return bytes.fromhex("000000040000000000" + "0000080700000000000000000000000001")


@_site("stuck-after-preflight")
def _(asked: Asked) -> Answer:
    if asked.method == "POST":
        time.sleep(3)
    return _json("{}", *_allow(PAGE, methods="POST", headers="content-type"), "Vary: Origin")


# --- values ---

_CONSTANTS: dict[str, tuple[str, ...]] = {
    "capitals": _allow("https://App.Example.com"),
    "default-port": _allow("https://app.example.com:443"),
    "path-in-origin": _allow("https://app.example.com/index.html"),
    "json-list": _allow('["https://app.example.com"]'),
    "port-pattern": _allow("http://localhost:*"),
    "word-all": _allow("all"),
    "joined-twice": _allow("*, *"),
    "credentials-shouted": _allow(APP, credentials="TRUE"),
    "credentials-twice": (*_allow(APP, credentials="true"), "Access-Control-Allow-Credentials: true", "Vary: Origin"),
    "staging-only": _allow("https://staging.example.com"),
    "another-port": _allow("http://localhost:4200"),
    "ipv6": _allow("http://[::1]:3000"),
}
for _name, _lines in _CONSTANTS.items():
    SITES[_name] = lambda lines=_lines: lambda asked: _json("[]", *lines)  # type: ignore[misc]


@_site("any-method-with-credentials")
def _(asked: Asked) -> Answer:
    lines = _allow(PAGE, methods="*", headers="content-type", credentials="true")
    return _json("{}", *lines, "Vary: Origin")


@_site("nitro-cors-rule")
def _(asked: Asked) -> Answer:
    lines = (*_allow("*", methods="*", headers="*"), "Access-Control-Max-Age: 0")
    if asked.method == "OPTIONS":
        body = '{"url":"/api/books","statusCode":405,"statusMessage":"HTTP method is not allowed.","stack":""}'
        return _json(body, *lines, status="405 HTTP method is not allowed.")
    return _json("{}", *lines)


@_site("lower-case-list")
def _(asked: Asked) -> Answer:
    return _json("{}", *_allow("*", methods="get, post, put, delete", headers="content-type"))


@_site("tracing")
def _(asked: Asked) -> Answer:
    return _json("[]", *_allow(PAGE, methods="GET, POST", headers="Content-Type, Authorization"), "Vary: Origin")


@_site("underscore")
def _(asked: Asked) -> Answer:
    return _json("[]", *_allow("*", methods="GET, POST", headers="X_Tenant_Id, Content-Type"))


@_site("semicolons-in-headers")
def _(asked: Asked) -> Answer:
    return _json("[]", *_allow("*", methods="GET, POST", headers="Content-Type; Authorization"))


@_site("pages")
def _(asked: Asked) -> Answer:
    link = 'Link: <https://api.example.com/items?page=2>; rel="next"'
    return _json("[]", link, "X-Total-Pages: 12", *_allow(APP), "Vary: Origin")


@_site("download")
def _(asked: Asked) -> Answer:
    lines = ('Content-Disposition: attachment; filename="invoice-4711.pdf"', "Access-Control-Expose-Headers: *")
    return _say("200 OK", "Content-Type: application/pdf", *lines, *_allow(APP, credentials="true"), "Vary: Origin")


@_site("api-key-for-all")
def _(asked: Asked) -> Answer:
    if "x-api-key" in asked.headers:
        return _json("[]", *_allow("*"))
    lines = _allow("*", methods="GET", headers="X-Api-Key")
    return _json(
        '{"error":"missing API key"}', *lines, status="200 OK" if asked.method == "OPTIONS" else "403 Forbidden"
    )


@_site("session")
def _(asked: Asked) -> Answer:
    lines = (*_allow(APP, headers="content-type", credentials="true"), "Vary: Origin")
    if asked.path == "/login":
        cookie = "Set-Cookie: JSESSIONID=3F1C; Path=/; HttpOnly; SameSite=None"
        return _json('{"user":"ann"}', cookie, *lines)
    if "cookie" not in asked.headers and asked.method != "OPTIONS":
        return _json('{"error":"no session"}', *lines, status="401 Unauthorized")
    return _json('{"user":"ann"}', *lines)


# --- other people's proxies, and what is near ---


@_site("corsproxy")
def _(asked: Asked) -> Answer:
    body = '{"error":{"code":"forbidden","message":"Free usage is limited to localhost and development environments."}}'
    return _json(body, "Server: cloudflare", "CF-RAY: 9c-FRA", status="403 Forbidden")


@_site("allorigins")
def _(asked: Asked) -> Answer:
    lines = ("Server: cloudflare", "CF-RAY: 9d-FRA", *_allow("*"), "Via: allOrigins v2.6.0")
    return _say("500 Internal Server Error", "Content-Type: text/plain", *lines, body="Oops... Request Timeout.")


@_site("device")
def _(asked: Asked) -> Answer:
    return _json('{"state":"on"}', *_allow("*", methods="GET, POST, OPTIONS", headers="*"))


# --- nothing is wrong ---


@_site("right-with-cookies")
def _(asked: Asked) -> Answer:
    if asked.origin != APP:
        return _json("{}", "Vary: Origin")
    lines = _allow(APP, methods="GET, PUT, DELETE", headers="content-type, x-csrf-token", credentials="true")
    return _json("{}", *lines, "Access-Control-Max-Age: 600", "Vary: Origin")


@_site("right-404")
def _(asked: Asked) -> Answer:
    return _json('{"error":"no such item"}', *_allow(APP), "Vary: Origin", status="404 Not Found")


@_site("right-expired-token")
def _(asked: Asked) -> Answer:
    lines = (*_allow(APP, methods="GET", headers="authorization"), "Vary: Origin")
    if asked.method == "OPTIONS":
        return _say("204 No Content", *lines)
    challenge = 'WWW-Authenticate: Bearer error="invalid_token", error_description="The access token expired"'
    return _json('{"error":"token expired"}', challenge, *lines, status="401 Unauthorized")


@_site("right-public")
def _(asked: Asked) -> Answer:
    return _json(
        "[]", "Server: nginx", *_allow("*"), "Access-Control-Expose-Headers: X-Total-Count", "X-Total-Count: 2"
    )


@_site("right-same-origin")
def _(asked: Asked) -> Answer:
    return _json("[]", "X-Powered-By: PHP/8.2.20", "Server: Apache")


@_site("backend-echo")
def _(asked: Asked) -> Answer:
    lines = _allow(asked.origin) if asked.origin in {PAGE, APP, "https://shop.example.com"} else ()
    return _json("[]", "Cache-Control: public, max-age=600", *lines)


@_site("backend-any")
def _(asked: Asked) -> Answer:
    return _json("[]", *_allow("*", methods="GET, POST, PUT", headers="content-type") if asked.origin else ())


@_site("backend-bare")
def _(asked: Asked) -> Answer:
    return _json("[]")


# --- serving ---


def _read(sock: socket.socket) -> Asked | None:
    """The head of a request; None when nobody asks."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return None
        data += piece
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    return Asked(
        method, path, query, {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    )


def _one(sock: socket.socket, site: Site) -> None:
    # Whatever the other side does to the connection is what it came for.
    with sock, contextlib.suppress(OSError, ValueError):
        asked = _read(sock)
        answer = site(asked) if asked else None
        if asked is None or answer is None:
            return
        if isinstance(answer, str):
            head, _, body = answer.partition("\n\n")
            length = [] if head.startswith("HTTP/1.1 204") else [f"Content-Length: {len(body.encode())}"]
            text = "\r\n".join([*head.split("\n"), *length, "Connection: close", "", ""])
            answer = (text + ("" if asked.method == "HEAD" or not length else body)).encode()
        sock.sendall(answer)


def _serve(listening: socket.socket, site: Site) -> None:
    with contextlib.suppress(OSError):
        while True:
            sock, _ = listening.accept()
            sock.settimeout(10)
            threading.Thread(target=_one, args=(sock, site), daemon=True).start()


@contextmanager
def serving() -> Iterator[dict[str, int]]:
    """Every site on its own port."""
    with contextlib.ExitStack() as stack:
        ports = {}
        for name, made in SITES.items():
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            stack.callback(listening.shutdown, socket.SHUT_RDWR)
            ports[name] = listening.getsockname()[1]
            threading.Thread(target=_serve, args=(listening, made()), daemon=True).start()
        yield ports
