r"""Rails with rack-cors, read in v3.0.0: https://github.com/cyu/rack-cors/blob/v3.0.0/lib/rack/cors/resource.rb

Its habits shape the file. A text that is no URL, `null` too, becomes an expression for a host of any scheme; and an
expression of one's own matches anywhere, `^` and `$` being the ends of lines in Ruby: hence `\A` and `\z`.
Without `max_age` it sends 7200. Methods are compared in lower case and answered in upper case, so that one which has
lower-case letters cannot be said. Accept, Accept-Language, Content-Language and Content-Type may be asked for whatever
is listed, which would let JSON in where a policy does not: so those that are not allowed are refused by an `if`.

Placed first it is around everything that Rails brings, error pages and authentication too:
https://github.com/rails/rails/blob/v8.0.0/railties/lib/rails/application/default_middleware_stack.rb
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_UNASKED: Final = ("accept", "accept-language", "content-language", "content-type")
"""What it grants whatever is listed."""
_SYMBOL: Final = re.compile(r"[a-z]+")
_NO_HEADER: Final = 5
"""Seconds that browsers take where there is no max-age: https://fetch.spec.whatwg.org/#cors-preflight-fetch"""
_PAGE: Final = (
    rb"<title>The page you were looking for doesn't exist \(404"
    rb"|<title>We're sorry, but something went wrong \(500"
)
"""https://github.com/rails/rails/tree/v8.0.0/railties/lib/rails/generators/rails/app/templates/public"""


def render(policy: Policy, _: Site) -> Rendered:
    """`config/initializers/cors.rb`, all of it."""
    mixed = [method for method in policy.allow_methods if method != method.upper()]
    limits = _limits(policy, mixed)
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "#",
        "# config/initializers/cors.rb; bundle add rack-cors",
        "",
        "# First, and so around authentication, which a preflight cannot pass, and around error pages.",
        "Rails.application.config.middleware.insert_before 0, Rack::Cors do",
        "  allow do",
        *_origins(policy),
        "",
        "    resource '*',",
        ",\n".join(f"      {option}" for option in _options(policy, mixed)),
        "  end",
        "end",
        "",
    ]
    return Rendered((File("cors.rb", "ruby", "\n".join(lines)),), tuple(limits))


def _limits(policy: Policy, mixed: list[str]) -> list[str]:
    limits = matching.library_limits(policy, "rack-cors", 200)
    if "*" in policy.allow_methods:
        limits.append(f"allow_methods: rack-cors knows no *, and gets {', '.join(matching.USUAL_METHODS)}.")
    if mixed:
        limits.append(
            f"allow_methods: rack-cors answers in upper case, so that {', '.join(mixed)} cannot be said, "
            "and is left out here."
        )
    if policy.max_age is None:
        limits.append(
            f"max_age: rack-cors sends 7200 where there is none; {_NO_HEADER} is what browsers take without it."
        )
    if not matching.any_origin(policy):
        limits.append("Vary: rack-cors sends none on answers to preflights.")
    return limits


def _quote(text: str) -> str:
    """Text in single quotes, in which Ruby sees neither `#$1` nor `#{}`."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _array(texts: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(map(_quote, texts))}]"


def _origins(policy: Policy) -> list[str]:
    if matching.any_origin(policy):
        return ["    origins '*'"]
    listed = [
        _quote(text) if "://" in text and "*" not in text else f"%r{{{matching.anchored(regex)}}}"
        for text, regex in matching.origin_regexes(policy)
    ]
    return [
        "    # Texts are compared as a whole, by case; expressions need both their ends.",
        "    origins " + ",\n            ".join(listed),
    ]


def _options(policy: Policy, mixed: list[str]) -> list[str]:
    methods = [method.lower() for method in matching.granted_methods(policy) if method not in mixed]
    symbols = [f":{method}" if _SYMBOL.fullmatch(method) else _quote(method) for method in methods]
    options = ["methods: :any" if "*" in policy.allow_methods else f"methods: [{', '.join(symbols)}]"]
    if "*" in policy.allow_headers:
        options.append("headers: :any")
    else:
        options.append(f"headers: {_array(policy.allow_headers)}")
    if policy.expose_headers:
        options.append(f"expose: {_array(policy.expose_headers)}")
    if policy.allow_credentials:
        options.append("credentials: true")
    options.append(f"max_age: {_NO_HEADER if policy.max_age is None else policy.max_age}")
    unasked = [name for name in _UNASKED if name not in policy.allow_headers]
    if unasked and "*" not in policy.allow_headers:
        options.append(
            "# rack-cors grants these whatever is listed.\n"
            "      if: ->(env) {\n"
            "        names = env['HTTP_ACCESS_CONTROL_REQUEST_HEADERS'].to_s.downcase.split(/\\s*,\\s*/)\n"
            f"        (names & {_array(unasked)}).empty?\n"
            "      }"
        )
    return options


STACK: Final = Stack(
    name="rails",
    title="Rails with rack-cors",
    language="ruby",
    render=render,
    recognise=by_signs(
        # https://github.com/rack/rack/blob/v3.1.0/lib/rack/runtime.rb, which is in every Rails application.
        ("x-runtime", r"[0-9]+\.[0-9]{6}\Z", 0.85),
        ("x-rack-cors", r"(?:preflight-)?(?:hit|miss)\b", 0.7),
        page=(_PAGE, "the page is Rails's own", 0.85),
    ),
)
