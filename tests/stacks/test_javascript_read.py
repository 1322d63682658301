"""The options of five libraries, read back: each as its source has it, and what is not written out is named."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.stacks.policies import POLICIES
from tests.stacks.reading import ReadContract, only, outcome, read, said


class TestExpress(ReadContract):
    name = "express"


class TestFastify(ReadContract):
    name = "fastify"


class TestNest(ReadContract):
    name = "nestjs"


BY_A_FUNCTION = "a function decides. Write the origins into the policy."


@pytest.mark.parametrize("stack", ["koa", "hono"])
@pytest.mark.parametrize("title", POLICIES)
def test_our_own_function_is_not_run(stack: str, title: str) -> None:
    """What is rendered for Koa and Hono decides in a function, which is named; the rest comes back."""
    from crossorigin.stacks import Site, get_stack

    render = get_stack(stack).render
    assert render is not None
    migration = read(stack, render(POLICIES[title], Site()).files[0].text)
    settings, policy = only(migration), POLICIES[title]
    if policy.allow_origins == ("*",):
        assert settings["allow_origins"] == ["*"]
        assert said(migration) == []
    else:
        assert settings["allow_origins"] == []
        assert BY_A_FUNCTION in " ".join(said(migration))
    assert sorted(settings.get("allow_headers", [])) == list(policy.allow_headers)  # type: ignore[call-overload]
    assert settings.get("max_age") == policy.max_age
    assert settings.get("allow_credentials", False) == policy.allow_credentials


ALL = ["*", "authorization"]
USUAL = ["authorization", "content-type"]
APP = "https://app.example.com"

READ: dict[str, tuple[str, str, dict[str, object], list[str]]] = {
    "nothing said": ("express", "app.use(cors())", {"allow_origins": ["*"], "allow_headers": ALL}, []),
    "one origin": (
        "express",
        f"app.use(cors({{ origin: '{APP}', optionsSuccessStatus: 200 }}))",
        {"allow_origins": [APP], "allow_headers": ALL, "preflight_status": 200},
        [],
    ),
    "a slash too many": (
        "express",
        f"app.use(cors({{ origin: '{APP}/' }}))",
        {"allow_origins": [APP], "allow_headers": ALL},
        ["never matched a browser's Origin (P104)"],
    ),
    "everybody with credentials": (
        "express",
        "app.use(cors({ origin: true, credentials: true }))",
        {"allow_origins": [], "allow_headers": USUAL, "allow_credentials": True},
        ["Whatever was asked for", "Every origin is reflected, with credentials", "P101"],
    ),
    "a wildcard with credentials": (
        "express",
        "app.use(cors({ origin: '*', credentials: true, maxAge: 86400, exposedHeaders: 'ETag' }))",
        {"allow_origins": ["*"], "allow_headers": ALL, "max_age": 86400, "expose_headers": ["etag"]},
        ["(P401)"],
    ),
    "expressions": (
        "express",
        r"app.use(cors({ origin: ['https://a.com', /\.example2\.com$/, new RegExp(x)], allowedHeaders: [] }))",
        {"allow_origins": ["https://a.com", "https://*.example2.com"]},
        ["not read: it is only known when the program runs", "is taken for https://*.example2.com"],
    ),
    "from the environment": (
        "express",
        "app.use(cors({ origin: process.env.CLIENT_URL, credentials: true, allowedHeaders: 'X-A' }))",
        {"allow_origins": [], "allow_headers": ["x-a"], "allow_credentials": True},
        ["origin: process.env.CLIENT_URL: not read: it is only known", "P101"],
    ),
    "the allow list": (
        "express",
        """
        const cors = require('cors')
        var allowlist = ['https://example1.com', 'https://example2.com']
        app.use(cors({
          origin: function (origin, callback) {
            if (allowlist.indexOf(origin) !== -1) { callback(null, true) } else { callback(new Error('No')) }
          }
        }))
        """,
        {"allow_origins": ["https://example1.com", "https://example2.com"], "allow_headers": ALL},
        [],
    ),
    "another function": (
        "express",
        "app.use(cors({ origin: (origin, cb) => db.load((e, list) => cb(e, list)), headers: ['x-a'] }))",
        {"allow_origins": [], "allow_headers": ["x-a"]},
        [BY_A_FUNCTION, "P101"],
    ),
    "the delegate of the documentation": (
        "express",
        """var delegate = function (req, callback) {
          if (allowlist.indexOf(req.header('Origin')) !== -1) { callback(null, { origin: true }) }
          else { callback(null, { origin: false }) }
        }
        app.get('/products/:id', cors(delegate), f)""",
        {"allow_origins": []},
        ["not read: it is only known when the program runs", "P101"],
    ),
    "switched off, and what it does not have": (
        "express",
        "app.use(cors({ origin: false, allowCredentials: true, allowedHeaders: ['x-a'] }))",
        {"allow_origins": [], "allow_headers": ["x-a"]},
        ["allowCredentials: not read: cors has no such option", "it switches cors off", "P101"],
    ),
    "what is spread may say anything": (
        "nestjs",
        f"app.enableCors({{ origin: '{APP}', ...others }})",
        {"allow_origins": []},
        ["Nothing that stands before it is sure", "origin: ...others", "P101"],
    ),
    "Nest, when it is made": (
        "nestjs",
        "const app = await NestFactory.create(AppModule, { cors: { origin: ['http://localhost:3000'] } });",
        {"allow_origins": ["http://localhost:3000"], "allow_headers": ALL},
        [],
    ),
    "Fastify": (
        "fastify",
        "fastify.register(require('@fastify/cors'), { origin: ['*', 'https://a.com'], allowedHeaders: '' })",
        {"allow_origins": ["*"]},
        ["methods: not read: none are given"],
    ),
    "Koa reflects where credentials are allowed": (
        "koa",
        "app.use(cors({ credentials: true, maxAge: 0, allowHeaders: ['x-a'] }))",
        {"allow_origins": [], "allow_headers": ["x-a"], "allow_credentials": True},
        ["Every origin is reflected, with credentials", "P101"],
    ),
    "Koa takes no list": (
        "koa",
        "app.use(cors({ origin: ['https://a.com'], allowHeaders: '' }))",
        {"allow_origins": [], "allow_headers": ALL},
        ["@koa/cors takes no such value here", "P101"],
    ),
    "Hono": (
        "hono",
        "app.use('/api/*', cors({ origin: ['https://a.com'], allowMethods: ['PUT'], maxAge: 0 }))",
        {"allow_origins": ["https://a.com"], "allow_methods": ["PUT"], "allow_headers": ALL, "max_age": 0},
        [],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    stack, text, settings, findings = READ[title]
    migration = read(stack, text)
    found = only(migration)
    if "methods" not in text.lower() and found["allow_origins"] and stack != "fastify":
        # Whatever a library allows by itself.
        assert sorted(found.pop("allow_methods")) == ["DELETE", "PATCH", "PUT"]  # type: ignore[call-overload]
    else:
        found = {name: value for name, value in found.items() if name != "allow_methods" or "allowMethods" in text}
    assert found == settings
    assert len(said(migration)) == len(findings)
    for wanted, each in zip(findings, said(migration), strict=True):
        assert wanted in each


def test_routes_are_policies_of_their_own() -> None:
    text = "app.get('/a', cors({ origin: 'https://a.com' }), f)\napp.get('/b', cors(), g)\napp.get('/c', cors(), h)"
    assert list(read("express", text).policies) == ["a", "b"]


class TestBounds:
    """A long or deep file is read, or refused in one line."""

    DEEP: ClassVar[str] = "{ origin: " * 2000

    def test_deep(self) -> None:
        assert only(read("express", f"cors({self.DEEP}true{'}' * 2000})"))["allow_origins"] == []

    def test_long(self) -> None:
        many = [f"https://a{number}.com" for number in range(1000)]
        assert only(read("express", f"cors({{ origin: {many} }})"))["allow_origins"] == many
        refused, _ = outcome("express", f"cors({{ origin: {many * 4} }})")
        assert refused == "it says more about CORS than can be read; give the part that matters"
