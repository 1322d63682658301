"""The values that scenarios try, each under a label, one table for each dimension.

A table maps a label to the fields of one header: none, one, or several. `<right>` stands for what would be right there
(an origin, a method, a list of names, a URL), other words in angle brackets for a part or a spelling of it. What is
left out, and why, stands at its table.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ACTUAL_STATUSES",
    "ALLOW_CREDENTIALS",
    "ALLOW_HEADERS",
    "ALLOW_METHODS",
    "ALLOW_ORIGIN",
    "BODIES",
    "EXPOSE_HEADERS",
    "LOCATIONS",
    "MAX_AGE",
    "METHODS",
    "PREFLIGHT_STATUSES",
    "RESOURCE_POLICY",
    "RESPONSE_HEADERS",
    "SET_COOKIE",
    "Fields",
]

Fields = tuple[str, ...]

ALLOW_ORIGIN: Final[dict[str, Fields]] = {
    "missing": (),
    "empty": ("",),
    "any": ("*",),
    "null": ("null",),
    "null in capitals": ("NULL",),
    "the page's": ("{page}",),
    "another host": ("{other}",),
    "the target's own": ("{foreign}",),
    "another port": ("{port}",),
    "another scheme": ("ws://{own.authority}",),
    "scheme in capitals": ("<SCHEME>://{own.authority}",),
    "host in capitals": ("{scheme}://App.A.localhost",),
    "trailing slash": ("<right>/",),
    "path": ("<right>/path",),
    "query": ("<right>?",),
    "default port of http": ("{scheme}://app.a.localhost:80",),
    "default port of https": ("{scheme}://app.a.localhost:443",),
    "no port": ("{scheme}://app.a.localhost",),
    "user name": ("{scheme}://user@{own.authority}",),
    "host only": ("{own.authority}",),
    "list with comma": ("<right>, {other}",),
    "list with comma, right one last": ("{other},<right>",),
    "list with space": ("<right> {other}",),
    "the same twice with comma": ("<right>,<right>",),
    "two fields, the same": ("<right>", "<right>"),
    "two fields, different": ("<right>", "{other}"),
    "two fields, any": ("*", "*"),
    "any and the origin": ("*, <right>",),
    "any and the origin as fields": ("*", "<right>"),
    "trailing comma": ("<right>,",),
    "padded": (" <right> ",),
    "padded any": ("  *\t",),
    "quoted": ('"<right>"',),
    "quoted any": ('"*"',),
    "pattern": ("{scheme}://*.a.localhost",),
    "regular expression": ("^<right>$",),
    "longer": ("<right>0",),
    "non-ASCII": ("<right>\xe9",),
    "a word": ("true",),
}

ALLOW_CREDENTIALS: Final[dict[str, Fields]] = {
    "missing": (),
    "empty": ("",),
    "True": ("True",),
    "TRUE": ("TRUE",),
    "false": ("false",),
    "1": ("1",),
    "yes": ("yes",),
    "any": ("*",),
    "two fields": ("true", "true"),
    "two fields, different": ("true", "false"),
    "twice with comma": ("true,true",),
    "padded": (" true ",),
    "padded with tabs": ("\ttrue\t",),
    "quoted": ('"true"',),
    "parameter": ("true;",),
}

ALLOW_METHODS: Final[dict[str, Fields]] = {
    "missing": (),
    "empty": ("",),
    "any": ("*",),
    "any and others": ("GET, *",),
    "lower case": ("<lower>",),
    "upper case": ("<upper>",),
    "others only": ("GET, HEAD, POST",),
    "first of several": ("<right>, GET, HEAD",),
    "without spaces": ("GET,<right>,POST",),
    "tabs": ("GET\t,\t<right>",),
    "two in one member": ("<right> POST",),
    "malformed member": ("<right>, P(ST",),
    "quoted": ('"<right>"',),
    "trailing comma": ("<right>,",),
    "empty members": (",, <right> ,,",),
    "two fields": ("GET", "<right>"),
    "two fields, one malformed": ("<right>", "P ST"),
    "two fields, one empty": ("", "<right>"),
    "duplicates": ("<right>, <right>",),
    "longer": ("<right>X",),
    "semicolons": ("GET; <right>",),
    "non-ASCII": ("<right>, \xe9",),
    "padded": ("  <right>  ",),
}

ALLOW_HEADERS: Final[dict[str, Fields]] = {
    "missing": (),
    "empty": ("",),
    "any": ("*",),
    "any and authorization": ("*, authorization",),
    "any and Authorization as fields": ("Authorization", "*"),
    "quoted any": ('"*"',),
    "upper case": ("<upper>",),
    "odd case": ("<odd>",),
    "others only": ("x-other, content-length",),
    "all but one": ("<butone>",),
    "without spaces": ("x-a,<right>,x-b",),
    "tabs": ("x-other\t,\t<right>",),
    "malformed member": ("<right>, x y",),
    "parenthesis": ("<right>, x(y)",),
    "colon": ("<right>:",),
    "quoted": ('"<right>"',),
    "trailing comma": ("<right>,",),
    "empty members": (",, <right> , ,",),
    "two fields": ("x-other", "<right>"),
    "two fields, one malformed": ("<right>", "x y"),
    "duplicates": ("<right>, <right>",),
    "long": (", ".join(f"x-name-{number}" for number in range(200)) + ", <right>",),
    "semicolons": ("x-other; <right>",),
    "non-ASCII": ("<right>, x-\xe9",),
    "padded": ("  <right>  ",),
}

EXPOSE_HEADERS: Final[dict[str, Fields]] = {
    "missing": (),
    "empty": ("",),
    "one name": ("x-one",),
    "two names": ("x-one, x-two",),
    "any": ("*",),
    "any and a name": ("*, x-one",),
    "quoted any": ('"*"',),
    "set-cookie": ("set-cookie, x-one",),
    "two in one member": ("x-one x-two",),
    "malformed member": ("x-one, x two",),
    "quoted": ('"x-one"',),
    "odd case": ("X-oNE",),
    "two fields": ("x-one", "x-two"),
    "two fields, one malformed": ("x-one", "x two"),
    "a name that is not there": ("x-none",),
    "trailing comma": ("x-one,",),
    "empty members": (", x-one ,, x-two",),
    "the CORS headers": ("access-control-allow-origin, access-control-expose-headers",),
    "safelisted": ("content-type, cache-control",),
    "non-ASCII": ("x-one, \xe9",),
}

# Left out: `1`, and whatever else an engine may read as one or two seconds, since the machine would decide then.
MAX_AGE: Final[dict[str, Fields]] = {
    "absent": (),
    "0": ("0",),
    "600": ("600",),
    "7201": ("7201",),
    "86401": ("86401",),
    "negative": ("-1",),
    "negative zero": ("-0",),
    "plus": ("+600",),
    "plus zero": ("+0",),
    "word": ("abc",),
    "unit": ("600s",),
    "fraction": ("600.5",),
    "zero fraction": ("0.0",),
    "list": ("600, 600",),
    "list of zeros": ("0, 0",),
    "two fields": ("600", "600"),
    "two fields, zero first": ("0", "600"),
    "two fields of zero": ("0", "0"),
    "empty": ("",),
    "padded": (" 600 ",),
    "padded zero": (" 0 ",),
    "leading zeros": ("000600",),
    "zeros": ("00",),
    "more than 32 bits": ("4294967296",),
    "more than 64 bits": ("99999999999999999999",),
    "quoted": ('"600"',),
}

# 401 only without WWW-Authenticate, which would open a dialogue.
PREFLIGHT_STATUSES: Final = (
    *(200, 201, 202, 203, 206, 226, 299, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 500, 501, 503),
)

# Left out, because a browser acts on them by itself: 1xx (interim, 103 preloads), 401 with WWW-Authenticate and 407
# (dialogues), 408, 421 and 425 (sent again), 205 (a body is a framing error), 416 (what caches make of a range).
ACTUAL_STATUSES: Final = (
    *(201, 202, 203, 204, 206, 226, 299, 300, 304, 400, 401, 402, 403, 404, 405, 409, 410, 418, 422, 429, 451),
    *(500, 501, 502, 503, 504, 599),
)

METHODS: Final[dict[str, int]] = {
    "GET": 30,
    "POST": 14,
    "PUT": 12,
    "DELETE": 8,
    "PATCH": 8,
    "HEAD": 5,
    "OPTIONS": 2,
    "PURGE": 3,
    "QUERY": 1,
    "get": 2,
    "head": 1,
    "post": 2,
    "put": 2,
    "delete": 2,
    "options": 1,
    "patch": 3,
    "Patch": 1,
    "purge": 1,
    "x": 1,
    "*": 1,
    "!#$%&'*+-.^_`|~9": 1,
    # Script's own call throws.
    "TRACE": 1,
    "CoNNect": 1,
}

BODIES: Final = ("", "text", "a=b&c=d", '{"a": 1}')

# `<right>` is the URL that would be right, `<authority>` its host and port. Left out: other ports of the machine than
# the five, and schemes that a browser would hand to another program.
LOCATIONS: Final[dict[str, Fields]] = {
    "missing": (),
    "empty": ("",),
    "two fields, the same": ("<right>", "<right>"),
    "two fields, different": ("<right>", "<right>?other"),
    "no host": ("{scheme}://",),
    "unclosed bracket": ("{scheme}://[",),
    "bad port": ("{scheme}://app.a.localhost:99999/",),
    "data": ("data:text/plain,moved",),
    "ftp": ("ftp://<authority>/{id}/0",),
    "javascript": ("javascript:/{id}/0",),
    "about": ("about:blank",),
    "blob": ("blob:{page}/{id}/0",),
    "unknown scheme": ("unknown:/{id}/0",),
    "user and password": ("{scheme}://user:pass@<authority><path>",),
    "user": ("{scheme}://user@<authority><path>",),
    "password": ("{scheme}://:pass@<authority><path>",),
    "empty user": ("{scheme}://@<authority><path>",),
    "without scheme": ("//<authority><path>",),
    "backslashes": ("\\\\<authority><path>",),
    "scheme in capitals": ("<SCHEME>://<authority><path>",),
    "dots": ("//<authority>/a/..<path>",),
    "query": ("<right>?query=1&a b",),
    "fragment": ("<right>#fragment",),
    "non-ASCII": ("<right>?\xe9",),
    "padded": ("  <right>  ",),
}

RESOURCE_POLICY: Final[dict[str, Fields]] = {
    "missing": (),
    "same-origin": ("same-origin",),
    "same-site": ("same-site",),
    "cross-origin": ("cross-origin",),
    "in capitals": ("Same-Origin",),
    "two fields": ("same-origin", "same-origin"),
    "list": ("same-origin, cross-origin",),
    "empty": ("",),
    "padded": (" same-origin ",),
    "unknown": ("none",),
}

# Left out: fields that change the connection, the caches or the browser for later scenarios (Connection,
# Transfer-Encoding, Content-Encoding, Content-Length, Strict-Transport-Security, Alt-Svc, Clear-Site-Data, Link, NEL,
# Refresh); every reply says `Cache-Control: no-store`, for the engine has no HTTP cache, and redirects are cacheable.
RESPONSE_HEADERS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "none": (),
    "custom": (("X-One", "1"), ("X-Two", "2")),
    "custom, repeated": (("X-One", "1"), ("X-Two", "2"), ("x-one", "3")),
    "safelisted": (
        ("Content-Type", "text/plain"),
        ("Content-Language", "de"),
        ("Expires", "0"),
        ("Last-Modified", "Sat, 21 Nov 2026 00:00:00 GMT"),
        ("Pragma", "no-cache"),
    ),
    "safelisted, repeated": (("Content-Language", "de"), ("Content-Language", "en"), ("X-One", "1")),
    "odd values": (("X-One", ""), ("X-Two", '"a, b", c'), ("ETag", 'W/"1"')),
    "non-ASCII": (("X-One", "\xe9"), ("X-Two", "a\tb")),
    "json": (("Content-Type", "application/json"), ("X-One", "1")),
    "html without sniffing": (("Content-Type", "text/html"), ("X-Content-Type-Options", "nosniff")),
    "several": (*((f"X-Name-{number}", str(number)) for number in range(12)), ("X-One", "1"), ("Accept", "x")),
}

# Every cookie has the scenario's name in its own and, but for `__Host-`, in its path, so that scenarios do not meet;
# `<domain>` is the registrable domain of the host that sets it.
SET_COOKIE: Final[dict[str, Fields]] = {
    "plain": ("c-{id}=1; Path=/{id}",),
    "default path": ("c-{id}=1",),
    "lax": ("c-{id}=1; Path=/{id}; SameSite=Lax",),
    "strict": ("c-{id}=1; Path=/{id}; SameSite=Strict",),
    "none": ("c-{id}=1; Path=/{id}; SameSite=None",),
    "none, secure": ("c-{id}=1; Path=/{id}; SameSite=None; Secure",),
    "unknown same-site": ("c-{id}=1; Path=/{id}; SameSite=Other",),
    "secure": ("c-{id}=1; Path=/{id}; Secure",),
    "http only": ("c-{id}=1; Path=/{id}; SameSite=None; Secure; HttpOnly",),
    "domain": ("c-{id}=1; Path=/{id}; Domain=<domain>; SameSite=None; Secure",),
    "public suffix as domain": ("c-{id}=1; Path=/{id}; Domain=localhost; SameSite=None; Secure",),
    "foreign domain": ("c-{id}=1; Path=/{id}; Domain=z.localhost; SameSite=None; Secure",),
    "another path": ("c-{id}=1; Path=/{id}/other; SameSite=None; Secure",),
    "max-age 0": ("c-{id}=1; Path=/{id}; Max-Age=0; SameSite=None; Secure",),
    "set and taken back": (
        "c-{id}=1; Path=/{id}; SameSite=None; Secure",
        "c-{id}=1; Path=/{id}; Max-Age=0; SameSite=None; Secure",
    ),
    "two": ("c-{id}=1; Path=/{id}; SameSite=None; Secure", "d-{id}=2; Path=/{id}; SameSite=None; Secure"),
    "two, mixed": ("c-{id}=1; Path=/{id}; SameSite=Lax", "d-{id}=2; Path=/{id}; SameSite=None; Secure"),
    "replaced": ("c-{id}=1; Path=/{id}; SameSite=None; Secure", "c-{id}=2; Path=/{id}; SameSite=None; Secure"),
    "__Host-": ("__Host-c-{id}=1; Path=/; Max-Age=60; SameSite=None; Secure",),
    "__Host- and domain": ("__Host-c-{id}=1; Path=/; Max-Age=60; Domain=<domain>; SameSite=None; Secure",),
    "__Host- and path": ("__Host-c-{id}=1; Path=/{id}; SameSite=None; Secure",),
    "__Secure-": ("__Secure-c-{id}=1; Path=/{id}; SameSite=None; Secure",),
    "__Secure-, not secure": ("__Secure-c-{id}=1; Path=/{id}",),
}
