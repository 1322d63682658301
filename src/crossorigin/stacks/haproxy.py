"""HAProxy: ACLs decide, `http-request return` answers preflights, `http-after-response` says it on every answer.

`http-response` rules see what a backend sent and nothing else; HAProxy's own errors and what `http-request return`
makes pass `http-after-response` only (https://docs.haproxy.org/2.6/configuration.html#4.2-http-after-response). `fhdr`
takes a header's value as a whole, where `hdr` splits it at commas.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.haproxy_read import read
from crossorigin.stacks.signs import by_server
from crossorigin.stacks.stack import File, Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_PLACE: Final = "in your frontend, below its bind and before all else that it does"
_SERVER_PAGE: Final = rb"<html><body><h1>[0-9]{3} [A-Z][A-Za-z ]+</h1>\n[A-Z][^<]*\n</body></html>"
_IS_PREFLIGHT: Final = "cors_preflight_method cors_preflight_origin cors_preflight_asks"
_EACH_LINE: Final = 40
"""Words of one line that are origins or methods; HAProxy takes 64 in all."""


def render(policy: Policy, site: Site) -> Rendered:
    """`haproxy.cfg`: a frontend with the policy, and a backend."""
    limits = matching.common_limits(policy, "HAProxy")
    lines: list[Line] = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        "defaults",
        "    mode http",
        "    timeout connect 5s",
        "    timeout client 30s",
        "    timeout server 30s",
        "",
        "frontend cors",
        f"    bind :{site.port}",
        "",
        Part.of(_PLACE, [*_decide(policy), "", *_preflights(policy), "", *_headers(policy)]),
        "",
        "    default_backend app",
        "",
        "backend app",
        f"    server app1 {site.address.replace('[', '').replace(']', '')}",
    ]
    return Rendered((File.of("haproxy.cfg", "haproxy", lines),), tuple(limits))


def _quote(text: str) -> str:
    """A word that stands for this text; nothing is special between single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def _format(text: str) -> str:
    """A header's value, in which a percent sign would begin a variable."""
    return _quote(text.replace("%", "%%"))


def _chunks(words: list[str]) -> list[str]:
    return [" ".join(words[at : at + _EACH_LINE]) for at in range(0, len(words), _EACH_LINE)]


def _decide(policy: Policy) -> list[str]:
    lines = []
    if not matching.any_origin(policy):
        exact, wild = matching.exact_origins(policy)
        lines.append("    # Allowed origins: compared as a whole, by case.")
        lines += [f"    acl cors_origin req.fhdr(Origin) -m str {words}" for words in _chunks(list(map(_quote, exact)))]
        lines += [f"    acl cors_origin req.fhdr(Origin) -m reg {_quote(regex)}" for _, regex in wild]
        lines.append("    acl cors_one_origin req.fhdr_cnt(Origin) eq 1")
    if "*" in policy.allow_methods:
        lines.append("    acl cors_method req.fhdr(Access-Control-Request-Method) -m found")
    else:
        words = _chunks(list(map(_quote, matching.granted_methods(policy))))
        lines += [f"    acl cors_method req.fhdr(Access-Control-Request-Method) -m str {each}" for each in words]
    names = _quote(matching.header_names_regex(policy))
    lines += [
        "    acl cors_asks_headers req.fhdr_cnt(Access-Control-Request-Headers) gt 0",
        "    acl cors_asks_headers_once req.fhdr_cnt(Access-Control-Request-Headers) eq 1",
        f"    acl cors_headers req.fhdr(Access-Control-Request-Headers) -i -m reg {names}",
        "    # A preflight: OPTIONS with Origin and Access-Control-Request-Method; any other is the backend's.",
        "    acl cors_preflight_method method OPTIONS",
        "    acl cors_preflight_origin req.fhdr(Origin) -m len gt 0",
        "    acl cors_preflight_asks req.fhdr(Access-Control-Request-Method) -m len gt 0",
        f"    http-request set-var(txn.cors_preflight) str(asked) if {_IS_PREFLIGHT}",
    ]
    if matching.any_origin(policy):
        lines.append("    http-request set-var(txn.cors_origin) str(*)")
    else:
        lines.append("    http-request set-var(txn.cors_origin) req.fhdr(Origin) if cors_origin cors_one_origin")
    return lines


def _preflights(policy: Policy) -> list[str]:
    is_preflight = "{ var(txn.cors_preflight) -m found }"
    vary = matching.preflight_vary(policy)
    others = ", ".join(name for name in vary.split(", ") if name and name != "Origin")
    methods = _quote("*") if "*" in policy.allow_methods else "'%[req.fhdr(Access-Control-Request-Method)]'"
    common = [f"hdr Access-Control-Allow-Methods {methods}"]
    if policy.max_age is not None:
        common.append(f"hdr Access-Control-Max-Age {policy.max_age}")
    if others:
        common.append(f"hdr Vary '{others}'")
    answer = f"    http-request return status {policy.preflight_status}"
    ok = f"if {is_preflight} {{ var(txn.cors_origin) -m found }} cors_method"
    if "*" in policy.allow_headers:
        names = f"hdr Access-Control-Allow-Headers {_format(','.join(policy.allow_headers))}"
        answers = [f"{answer} {' '.join([*common, names])} {ok}"]
    else:
        answers = [f"{answer} {' '.join(common)} {ok} !cors_asks_headers"]
        names = (
            "hdr Access-Control-Allow-Headers '%[req.fhdr(Access-Control-Request-Headers)]' "
            if policy.allow_headers
            else ""
        )
        answers.append(f"{answer} {names}{' '.join(common)} {ok} cors_asks_headers_once cors_headers")
    denied = f"hdr Vary '{others}' " if others else ""
    return [
        "    # Preflights end here. The other headers are added below, as to every answer.",
        *answers,
        f"    http-request unset-var(txn.cors_origin) if {is_preflight}",
        f"    http-request return status 403 {denied}if {is_preflight}",
    ]


def _headers(policy: Policy) -> list[str]:
    allowed = "if { var(txn.cors_origin) -m found }"
    lines = [
        "    # The backend's own CORS headers go: two of a kind are refused by browsers.",
        *(f"    http-response del-header {name}" for name in matching.CORS_HEADERS),
        "    # after-response: on preflights and on HAProxy's own errors too.",
        f"    http-after-response set-header Access-Control-Allow-Origin '%[var(txn.cors_origin)]' {allowed}",
    ]
    if policy.allow_credentials:
        lines.append(f"    http-after-response set-header Access-Control-Allow-Credentials true {allowed}")
    if policy.expose_headers:
        exposed = _format(",".join(policy.expose_headers))
        lines.append(f"    http-after-response set-header Access-Control-Expose-Headers {exposed} {allowed}")
    if not matching.any_origin(policy):
        lines += [
            "    # The answer depends on Origin even where there is none: a cache has to know.",
            "    http-after-response add-header Vary Origin",
        ]
    return lines


STACK: Final = Stack(
    name="haproxy",
    title="HAProxy",
    language="haproxy",
    verified="2.6.12",
    render=render,
    read=read,
    recognise=by_server("HAProxy", None, _SERVER_PAGE),
)
