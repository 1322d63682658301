"""What is read from options is compared with the libraries themselves: never wider, and never narrower without a word.

Two thousand calls, each put to the real `cors` and `hono/cors` for ten origins, with and without credentials.
"""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

from tests.stacks.applications import NODE_MODULES
from tests.stacks.reading import only, read
from tests.stacks.servers import find

from crossorigin.policy import Policy

ORIGINS = [
    "https://a.com",
    "https://x.a.com",
    "http://a.com",
    "https://a.com.evil.test",
    "https://evila.com",
    "https://axcom",
    "null",
    "https://b.com",
    "http://localhost:3000",
    "http://localhost",
]
TEXTS = ["'https://a.com'", "'*'", "'null'", "'http://localhost:3000'"]
OTHERS = [
    *("true", "/a.com/", "/localhost/", r"/\.a\.com$/", r"/^https?:\/\/a\.com$/", r"/^https:\/\/(x\.)?a\.com$/i"),
    r"/^http:\/\/localhost(:\d+)?$/",
]
LISTS = {
    "express": ("methods", "allowedHeaders"),
    "hono": ("allowMethods", "allowHeaders"),
}
PROGRAM = """
import cors from "cors";
import { Hono } from "hono";
import { cors as honoCors } from "hono/cors";
import { readFileSync } from "node:fs";

const ask = { "access-control-request-method": "PUT", "access-control-request-headers": "x-a" };
async function answer(stack, options, origin) {
  const headers = {};
  if (stack === "hono") {
    const app = new Hono();
    app.use(honoCors(options));
    const response = await app.request("http://x/", { method: "OPTIONS", headers: { origin, ...ask } });
    response.headers.forEach((value, name) => { headers[name] = value; });
  } else {
    const response = {
      setHeader: (name, value) => { headers[name.toLowerCase()] = value; },
      getHeader: (name) => headers[name.toLowerCase()],
      end() {},
    };
    cors(options)({ method: "OPTIONS", headers: { origin, ...ask } }, response, () => {});
  }
  return headers;
}
const [calls, origins] = JSON.parse(readFileSync(0));
const found = [];
for (const [stack, options] of calls) {
  const value = (0, eval)(`(${options})`);
  found.push(await Promise.all(origins.map((origin) => answer(stack, value, origin))));
}
console.log(JSON.stringify(found));
"""


def options(random_: random.Random, stack: str) -> str:
    """Options as somebody might write them."""
    pieces = [*TEXTS, *(OTHERS if stack == "express" else [])]
    some = [
        f"origin: {random_.choice(pieces)}",
        f"origin: [{', '.join(random_.sample(pieces, random_.randint(0, 3)))}]",
    ]
    methods, headers = LISTS[stack]
    parts = [
        random_.choice([*some, some[1], ""]),
        random_.choice(["", *(f"{methods}: {value}" for value in ("['PUT']", "['GET']", "['*']", "[]"))]),
        random_.choice(["", *(f"{headers}: {value}" for value in ("['X-A']", "['X-B']", "['*']", "[]"))]),
        random_.choice(["", "credentials: true", "credentials: false"]),
    ]
    return f"{{ {', '.join(filter(None, parts))} }}"


def library_allows(headers: dict[str, str], origin: str, *, credentials: bool, put: bool) -> bool:
    """By the rules of the standard, as briefly as they can be said."""
    allowed = headers.get("access-control-allow-origin")
    if credentials:
        readable = allowed == origin and headers.get("access-control-allow-credentials") == "true"
    else:
        readable = allowed in {origin, "*"}

    def lists(name: str, value: str) -> bool:
        names = headers.get(f"access-control-allow-{name}", "").replace(" ", "").lower().split(",")
        return value in names or ("*" in names and not credentials)

    return readable and (not put or (lists("methods", "put") and lists("headers", "x-a")))


def test_what_is_read_is_what_the_library_does(tmp_path: Path) -> None:
    node, random_ = find("express"), random.Random(5)
    find("hono")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    (tmp_path / "ask.mjs").write_text(PROGRAM, encoding="utf-8")
    calls = [(stack, options(random_, stack)) for stack in LISTS for _ in range(1000)]
    asked = json.dumps([calls, ORIGINS])
    done = subprocess.run(
        [node, "ask.mjs"], cwd=tmp_path, input=asked, capture_output=True, text=True, timeout=60, check=True
    )
    answers: list[list[dict[str, Any]]] = json.loads(done.stdout)
    compared = 0
    for (stack, text), responses in zip(calls, answers, strict=True):
        migration = read(stack, f"cors({text})")
        settings = only(migration)
        policy = Policy(**settings) if settings["allow_origins"] else None  # type: ignore[arg-type]
        for origin, headers in zip(ORIGINS, responses, strict=True):
            for credentials in (False, True):
                for put in (False, True):
                    method, names = ("PUT", ["x-a: 1"]) if put else ("GET", [])
                    ours = policy is not None and policy.explain(origin, method, names, credentials=credentials).allowed
                    theirs = library_allows(headers, origin, credentials=credentials, put=put)
                    assert theirs or not ours, f"wider: {stack} {text} {origin}"
                    assert ours or not theirs or migration.findings, f"narrower in silence: {stack} {text} {origin}"
                    compared += 1
    assert compared == 80_000
