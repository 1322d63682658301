r"""Django: this project's middleware, or django-cors-headers.

django-cors-headers (read in 4.9) does not end its expressions: here they end in `\Z`. A max-age of 0 is left out, and
`*` stands for any origin in a setting of its own.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from crossorigin.policy.migrate import migrate_source
from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks import python as py
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_PLACE: Final = "at the end of settings.py"
_PAGE: Final = (
    rb"<p>The requested resource was not found on this server\.</p>|<title>Server Error \(500\)</title>"
    rb"|<title>Page not found at |<meta name=\"robots\" content=\"NONE,NOARCHIVE\">"
)


def render(policy: Policy, site: Site) -> Rendered:
    """`settings.py`, the part that goes to its end."""
    run = f"python manage.py runserver {site.port}"
    if site.style == py.LIBRARY:
        limits, library = _limits(policy), "django-cors-headers"
        lines = [
            'INSTALLED_APPS = [*INSTALLED_APPS, "corsheaders"]',
            "# First: what a middleware above it answers goes without CORS headers.",
            'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]',
            "",
            *_library(policy),
        ]
    else:
        limits, library = [], py.OURS
        lines = [
            'INSTALLED_APPS = [*INSTALLED_APPS, "crossorigin.middleware.django.CORSConfig"]  # for manage.py check',
            "# First: what a middleware above it answers goes without CORS headers.",
            'MIDDLEWARE = ["crossorigin.middleware.django.CORSMiddleware", *MIDDLEWARE]',
            "",
            "CROSSORIGIN = {",
            *py.settings(policy),
            "}",
        ]
    notes, part = (f"pip install {library}; {_PLACE}", run), Part.of(_PLACE, lines)
    return py.application(policy, limits, notes, [part], library=library, name="settings.py")


def _library(policy: Policy) -> list[str]:
    methods = matching.listed_methods(policy)
    if matching.any_origin(policy):
        lines = ["CORS_ALLOW_ALL_ORIGINS = True"]
    else:
        exact, wild = matching.exact_origins(policy)
        lines = [f"CORS_ALLOWED_ORIGINS = {py.array(exact)}"]
        if wild:
            lines += ["CORS_ALLOWED_ORIGIN_REGEXES = [", *(f"    {py.regex(each)}," for _, each in wild), "]"]
    lines += [f"CORS_ALLOW_METHODS = {py.array(methods)}", f"CORS_ALLOW_HEADERS = {py.array(policy.allow_headers)}"]
    if policy.allow_credentials:
        lines.append("CORS_ALLOW_CREDENTIALS = True")
    if policy.expose_headers:
        lines.append(f"CORS_EXPOSE_HEADERS = {py.array(policy.expose_headers)}")
    return [*lines, f"CORS_PREFLIGHT_MAX_AGE = {policy.max_age or 0}  # 0 is none; left out, it would be a day"]


def _limits(policy: Policy) -> list[str]:
    limits = py.library_limits(policy, "django-cors-headers", 200)
    limits.append(
        "denied preflights: django-cors-headers answers them with 200, "
        "and leaves it to the browser to see that the leave is missing."
    )
    if policy.max_age == 0:
        limits.append("max_age: django-cors-headers leaves 0 out; browsers then remember a preflight for 5 seconds.")
    return limits


STACK: Final = Stack(
    name="django",
    title="Django",
    language="python",
    verified="5.2.19",
    styles=(py.OWN, py.LIBRARY),
    render=render,
    read=partial(migrate_source, framework="django"),
    recognise=by_signs(
        ("server", r"WSGIServer/", 0.5),
        page=(_PAGE, "the page is Django's own", 0.85),
    ),
)
