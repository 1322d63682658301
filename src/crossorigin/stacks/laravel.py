r"""Laravel: `config/cors.php`, which its middleware HandleCors hands to fruitcake/php-cors.

Read in laravel/framework v13.26.1 and fruitcake/php-cors v1.4.0:
https://github.com/laravel/framework/blob/v13.26.1/src/Illuminate/Http/Middleware/HandleCors.php
https://github.com/fruitcake/php-cors/blob/v1.4.0/src/CorsService.php

Its habits shape the file. What is left out of it is filled from the framework's own, which allows everything: so
nothing is. One origin and no expression is sent to everybody, without `Vary`: so one alone is written as an expression,
and is compared. In `allowed_origins` a `*` is any text, slashes and dots included: so patterns are expressions too,
with `\A` and `\z`, for `$` lets a line break through. Methods are put into upper case, so that one which has lower-case
letters cannot be said. Without `max_age` it sends 0, and for null nothing. `paths` is `api/*` where Laravel writes the
file; a policy is for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Rendered, Site, Stack

__all__ = ["STACK", "render"]


def render(policy: Policy, _: Site) -> Rendered:
    """`config/cors.php`, all of it."""
    mixed = [method for method in policy.allow_methods if method != method.upper()]
    limits = matching.library_limits(policy, "Laravel", 204)
    if mixed:
        limits.append(
            f"allow_methods: Laravel answers in upper case, so that {', '.join(mixed)} cannot be said, "
            "and is left out here."
        )
    if "*" in policy.allow_methods:
        limits.append("allow_methods: for * Laravel answers in upper case, and browsers refuse a method in lower case.")
    origins, patterns = _origins(policy)
    methods = [method for method in matching.listed_methods(policy) if method not in mixed]
    lines = [
        "<?php",
        "",
        *(f"// {line}" for line in matching.describe(policy, limits)),
        "//",
        "// config/cors.php; php artisan config:clear, where the configuration is cached.",
        "",
        "return [",
        f"    'paths' => {_array(['*'])},",
        f"    'allowed_methods' => {_array(methods)},",
        *_listed("allowed_origins", map(_quote, origins)),
        *_listed("allowed_origins_patterns", (f"'#{matching.anchored(regex)}#'" for regex in patterns)),
        f"    'allowed_headers' => {_array(policy.allow_headers)},",
        f"    'exposed_headers' => {_array(policy.expose_headers)},",
        f"    'max_age' => {'null' if policy.max_age is None else policy.max_age},",
        f"    'supports_credentials' => {'true' if policy.allow_credentials else 'false'},",
        "];",
        "",
    ]
    return Rendered((File("cors.php", "php", "\n".join(lines)),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    """The origins that are texts, and the expressions of the others."""
    if matching.any_origin(policy):
        return ["*"], []
    if len(policy.allow_origins) == 1:
        return [], [regex for _, regex in matching.origin_regexes(policy)]
    exact, wild = matching.exact_origins(policy)
    return exact, [regex for _, regex in wild]


def _quote(text: str) -> str:
    """Text in single quotes, in which PHP sees no variables."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _array(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quote, texts))}]"


def _listed(name: str, items: Iterable[str]) -> list[str]:
    """A setting with an item a line."""
    lines = [f"        {item}," for item in items]
    return [f"    '{name}' => [", *lines, "    ],"] if lines else [f"    '{name}' => [],"]


STACK: Final = Stack(
    name="laravel",
    title="Laravel",
    language="php",
    render=render,
    recognise=by_signs(
        # The name where nobody chose one, up to version 12 and from 13: https://laravel.com/docs/13.x/upgrade
        ("set-cookie", r"laravel[_-]session=", 0.9),
        # https://github.com/laravel/framework/blob/v13.26.1/src/Illuminate/Routing/AbstractRouteCollection.php
        page=(rb'\{\s*"message": ?"The route [^"]* could not be found\."', "the page is Laravel's own for 404", 0.9),
    ),
)
