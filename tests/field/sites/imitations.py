"""Answers of other people's services, as they document them or as their users have published them, header for header.

Method → the answer, `*` for every other method. `Content-Length` is added where it is sent.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ANSWERS"]

_S3_DENIED: Final = """\
HTTP/1.1 403 Forbidden
x-amz-request-id: 9FK3DWXVZ0QVA0ZJ
x-amz-id-2: uSmKPy3ZD1o=
Content-Type: application/xml
Server: AmazonS3

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>{message}</Message>{more}<RequestId>9FK3DWXVZ0QVA0ZJ</RequestId>\
<HostId>uSmKPy3ZD1o=</HostId></Error>"""
_S3_NOT_ALLOWED: Final = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
    "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
)
_AZURE: Final = """\
HTTP/1.1 403 {message}
Content-Type: application/xml
Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0
x-ms-request-id: 514a1eb7-401e-000d-1d2b-200000000000
x-ms-error-code: {code}

<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}
RequestId:514a1eb7-401e-000d-1d2b-200000000000
Time:2026-03-24T17:18:54.1385542Z</Message></Error>"""
_SPRING: Final = """\
HTTP/1.1 403\x20
Vary: Origin
Vary: Access-Control-Request-Method
Vary: Access-Control-Request-Headers

Invalid CORS request"""

ANSWERS: Final[dict[str, dict[str, str]]] = {
    # The resource has GET and PUT, and OPTIONS was never made (aws/chalice#12).
    "api-gateway": {
        "OPTIONS": """\
HTTP/1.1 403 Forbidden
Content-Type: application/json
x-amzn-RequestId: 91fd08e2-3c78-11e6-8a68-23416dcaf8cc
x-amzn-ErrorType: MissingAuthenticationTokenException
x-amz-apigw-id: OPwe_ErKvHcF5ZA=

{"message":"Missing Authentication Token"}""",
        "*": """\
HTTP/1.1 200 OK
Content-Type: application/json
x-amzn-RequestId: 91fd08e2-3c78-11e6-8a68-23416dcaf8cc
Access-Control-Allow-Origin: *
x-amz-apigw-id: OPwe_ErKvHcF5ZA=

{}""",
    },
    # OPTIONS is a mock with every header; the gateway's own 401 has none.
    "api-gateway-401": {
        "OPTIONS": """\
HTTP/1.1 200 OK
Content-Type: application/json
x-amzn-RequestId: 91fd08e2-3c78-11e6-8a68-23416dcaf8cc
Access-Control-Allow-Origin: *
Access-Control-Allow-Headers: Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token
Access-Control-Allow-Methods: GET,OPTIONS
x-amz-apigw-id: OPwe_ErKvHcF5ZA=

""",
        "*": """\
HTTP/1.1 401 Unauthorized
Content-Type: application/json
x-amzn-RequestId: 91fd08e2-3c78-11e6-8a68-23416dcaf8cc
x-amzn-ErrorType: UnauthorizedException
x-amz-apigw-id: OPwe_ErKvHcF5ZA=

{"message":"Unauthorized"}""",
    },
    "s3": {
        "OPTIONS": _S3_DENIED.format(
            code="AccessForbidden",
            message=_S3_NOT_ALLOWED,
            more="<Method>PUT</Method><ResourceType>OBJECT</ResourceType>",
        ),
        "*": _S3_DENIED.format(code="AccessDenied", message="Access Denied", more=""),
    },
    "s3-without-rules": {
        "OPTIONS": _S3_DENIED.format(
            code="AccessForbidden",
            message="CORSResponse: CORS is not enabled for this bucket.",
            more="<Method>GET</Method><ResourceType>BUCKET</ResourceType>",
        ),
        "*": """\
HTTP/1.1 200 OK
x-amz-id-2: uSmKPy3ZD1o=
x-amz-request-id: 9FK3DWXVZ0QVA0ZJ
Last-Modified: Tue, 03 Mar 2026 09:12:41 GMT
ETag: "d751713988987e9331980363e24189ce"
x-amz-server-side-encryption: AES256
Accept-Ranges: bytes
Content-Type: application/json
Server: AmazonS3

[]""",
    },
    # As Azurite, Azure's own emulator, answers too.
    "azure": {
        "OPTIONS": _AZURE.format(
            code="CorsPreflightFailure", message="CORS not enabled or no matching rule found for this request."
        ),
        "*": _AZURE.format(code="AuthenticationFailed", message="Server failed to authenticate the request."),
    },
    "cloudflare": {
        "*": """\
HTTP/1.1 403 Forbidden
Content-Type: text/html; charset=UTF-8
X-Frame-Options: SAMEORIGIN
Referrer-Policy: same-origin
Cache-Control: max-age=15
Server: cloudflare
CF-RAY: 72c77ad49d4ebb83-FRA

<!DOCTYPE html>
<html class="no-js" lang="en-US">
<head><title>Attention Required! | Cloudflare</title></head>
<body><h1 data-translate="block_headline">Sorry, you have been blocked</h1></body>
</html>
""",
    },
    "cloudflare-challenge": {
        "*": """\
HTTP/1.1 403 Forbidden
Content-Type: text/html; charset=UTF-8
cf-mitigated: challenge
X-Frame-Options: SAMEORIGIN
Cache-Control: private, max-age=0, no-store, no-cache, must-revalidate, post-check=0, pre-check=0
Server: cloudflare
CF-RAY: 98f91258ad66d6d5-IAD

<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body></body></html>""",
    },
    # Spring's DefaultCorsProcessor, for an origin or a method that no configuration has.
    "spring": {"*": _SPRING},
    # cors-anywhere.herokuapp.com, to those who have not asked for an hour's leave (Rob--W/cors-anywhere#301).
    "cors-anywhere": {
        "*": """\
HTTP/1.1 403 Forbidden
Server: Cowboy
Access-Control-Allow-Origin: *
Location: /corsdemo
Via: 1.1 vegur

See /corsdemo for more info
""",
    },
}
