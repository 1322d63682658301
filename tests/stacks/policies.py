"""The policies that every rendered configuration is proved with, on the real server."""

from __future__ import annotations

from crossorigin.policy import Policy

__all__ = ["APP", "POLICIES"]

APP = "https://app.example.com"

POLICIES: dict[str, Policy] = {
    "one origin": Policy(allow_origins=[APP]),
    "list": Policy(allow_origins=[APP, "https://admin.example.net", "http://localhost:3000"], allow_methods=["PUT"]),
    "subdomain": Policy(allow_origins=["https://*.example.com", "https://*.example.org:8443"]),
    "any port": Policy(allow_origins=["http://localhost:*", "http://[::1]:*", "https://*.example.net:*"]),
    "credentials": Policy(
        allow_origins=[APP], allow_credentials=True, allow_methods=["PUT", "DELETE"], allow_headers=["content-type"]
    ),
    "any origin": Policy(allow_origins=["*"]),
    "any everything": Policy(
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*", "authorization"],
        expose_headers=["*"],
        max_age=0,
    ),
    "exposed": Policy(allow_origins=[APP], expose_headers=["etag", "x-total-count"]),
    "methods": Policy(allow_origins=[APP], allow_methods=["PUT", "PATCH", "DELETE", "PURGE"]),
    "headers": Policy(allow_origins=[APP], allow_headers=["authorization", "content-type", "x-csrf-token"]),
    "max-age": Policy(allow_origins=[APP], allow_methods=["PUT"], max_age=7200),
    "never cached": Policy(allow_origins=[APP], allow_methods=["PUT"], max_age=0, preflight_status=200),
    "none": Policy(allow_origins=["https://only.example.org"], allow_methods=[], allow_headers=[], expose_headers=[]),
    "null": Policy(allow_origins=["null", APP], dangerously_allow_null_origin=True),
    "all methods for one": Policy(allow_origins=[APP], allow_methods=["*"], allow_headers=["*", "authorization"]),
    "everything at once": Policy(
        allow_origins=[APP, "https://*.example.org", "http://localhost:*", "chrome-extension://abcdefghijklmnop"],
        allow_methods=["PUT", "PATCH", "DELETE"],
        allow_headers=["authorization", "content-type", "x-csrf-token"],
        allow_credentials=True,
        expose_headers=["etag", "link"],
        max_age=600,
    ),
    "strange names": Policy(
        allow_origins=[APP],
        allow_methods=["X$HOME'`|"],
        allow_headers=["x-$1", "x-%dfoo", "x-'q`#", "x-a&b|c^~!"],
        expose_headers=["x-$host", "x-%d", "x-'`#"],
    ),
}
