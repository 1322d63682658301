"""Apache httpd: SetEnvIf decides, mod_headers says it, mod_rewrite answers preflights.

Apache keeps two tables of response headers, https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header : `always`,
which errors have too, and the plain one, which holds what a backend sent. Ours go into `always`, and the backend's are
unset in both; set in one and sent in the other they would be there twice. SetEnvIf compares by case, unlike
SetEnvIfNoCase, and its expression is not anchored unless it says so.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.apache_read import read
from crossorigin.stacks.signs import by_server
from crossorigin.stacks.stack import File, Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_MODULES: Final = "a2enmod headers setenvif rewrite"
_PLACE: Final = "at the top of your VirtualHost, outside any Location or Directory"
_PREFLIGHT: Final = (
    "    RewriteCond %{REQUEST_METHOD} =OPTIONS",
    "    RewriteCond %{HTTP:Origin} .",
    "    RewriteCond %{HTTP:Access-Control-Request-Method} .",
)


def render(policy: Policy, site: Site) -> Rendered:
    """`cors.conf`, on Debian `/etc/apache2/sites-available/cors.conf`: a virtual host before a backend."""
    limits = matching.common_limits(policy, "Apache")
    lines: list[Line] = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "#",
        f"# {_MODULES} proxy proxy_http",
        "",
        f"Listen {site.port}",
        "",
        f"<VirtualHost *:{site.port}>",
        Part.of(_PLACE, [*_decide(policy), "", *_preflights(policy), "", *_headers(policy)]),
        "",
        "    # For files: DocumentRoot in place of these.",
        "    ProxyPreserveHost On",
        f'    ProxyPass "/" "http://{site.address}/"',
        f'    ProxyPassReverse "/" "http://{site.address}/"',
        "</VirtualHost>",
    ]
    return Rendered((File.of("cors.conf", "apache", lines),), tuple(limits), _MODULES)


def _quote(text: str) -> str:
    """A directive's argument: a backslash escapes quotes, and itself before them or at the end."""
    return '"' + text.replace('"', '\\"') + '"'


def _value(text: str) -> str:
    """A header's value, in which a percent sign would begin a format."""
    return _quote(text.replace("\\", "\\\\").replace("%", "%%"))


def _decide(policy: Policy) -> list[str]:
    lines = []
    if matching.any_origin(policy):
        lines += ["    # Any origin may read.", '    SetEnvIf Request_Method "^" CORS_ORIGIN=*']
    else:
        lines.append("    # The origin, if it is allowed: compared as a whole, by case.")
        lines += [f"    SetEnvIf Origin {_quote(regex)} CORS_ORIGIN=$0" for _, regex in matching.origin_regexes(policy)]
    names = matching.header_names_regex(policy)
    return [
        *lines,
        "    # What a preflight may ask for.",
        f"    SetEnvIf Access-Control-Request-Method {_quote(matching.methods_regex(policy))} CORS_METHOD=$0",
        f"    SetEnvIfNoCase Access-Control-Request-Headers {_quote(names)} CORS_HEADERS_OK=1",
        '    SetEnvIf Access-Control-Request-Headers "^(.+)$" CORS_HEADERS=$1',
        "    # After an ErrorDocument the names begin with REDIRECT_.",
        '    <Location "/">',
        '        SetEnvIf REDIRECT_CORS_ORIGIN "^.+$" CORS_ORIGIN=$0',
        '        SetEnvIf REDIRECT_CORS_PREFLIGHT "^.+$" CORS_PREFLIGHT=$0',
        '        SetEnvIf CORS_PREFLIGHT "^denied$" !CORS_ORIGIN',
        "    </Location>",
    ]


def _preflights(policy: Policy) -> list[str]:
    return [
        "    # A preflight is OPTIONS with Origin and Access-Control-Request-Method; it ends here.",
        "    # Any other OPTIONS is the backend's.",
        "    RewriteEngine On",
        *_PREFLIGHT,
        "    RewriteCond %{ENV:CORS_ORIGIN} .",
        "    RewriteCond %{ENV:CORS_METHOD} .",
        "    RewriteCond %{ENV:CORS_HEADERS_OK} .",
        f"    RewriteRule ^ - [E=CORS_PREFLIGHT:allowed,R={policy.preflight_status},L]",
        *_PREFLIGHT,
        "    RewriteRule ^ - [E=CORS_PREFLIGHT:denied,E=!CORS_ORIGIN,R=403,L]",
    ]


def _headers(policy: Policy) -> list[str]:
    lines = ["    # The backend's own CORS headers go, from both tables: two of a kind are refused by browsers."]
    for name in matching.CORS_HEADERS:
        lines += [f"    Header unset {name}", f"    Header always unset {name}"]
    lines += [
        "    # `always`: on errors too.",
        '    Header always set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN',
    ]
    if policy.allow_credentials:
        lines.append('    Header always set Access-Control-Allow-Credentials "true" env=CORS_ORIGIN')
    if policy.expose_headers:
        exposed = _value(",".join(policy.expose_headers))
        lines.append(f"    Header always set Access-Control-Expose-Headers {exposed} env=CORS_ORIGIN")
    granted = "\"expr=reqenv('CORS_PREFLIGHT') == 'allowed'\""
    methods = '"*"' if "*" in policy.allow_methods else '"%{CORS_METHOD}e"'
    lines.append(f"    Header always set Access-Control-Allow-Methods {methods} {granted}")
    if "*" in policy.allow_headers:
        names = _value(",".join(policy.allow_headers))
        lines.append(f"    Header always set Access-Control-Allow-Headers {names} {granted}")
    elif policy.allow_headers:
        asked = "\"expr=reqenv('CORS_PREFLIGHT') == 'allowed' && reqenv('CORS_HEADERS') != ''\""
        lines.append(f'    Header always set Access-Control-Allow-Headers "%{{CORS_HEADERS}}e" {asked}')
    if policy.max_age is not None:
        lines.append(f'    Header always set Access-Control-Max-Age "{policy.max_age}" {granted}')
    if not matching.any_origin(policy):
        lines += [
            "    # The answer depends on Origin even where there is none: a cache has to know.",
            '    Header always merge Vary "Origin"',
        ]
    others = [name for name in matching.preflight_vary(policy).split(", ") if name and name != "Origin"]
    if others:
        names = ", ".join(others)
        lines.append(f'    Header always merge Vary "{names}" env=CORS_PREFLIGHT')
    return lines


STACK: Final = Stack(
    name="apache",
    title="Apache",
    language="apache",
    verified="2.4.71",
    render=render,
    read=read,
    recognise=by_server(
        "Apache",
        r"Apache(?!-Coyote)\b",
        rb'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2\.0//EN">\s*<html><head>\s*<title>[0-9]{3} ',
    ),
)
