"""Edge functions run in Node.js, which has their `Request`, `Response` and `Headers`: requests in, answers out.

Behind each stands a backend that sends CORS headers of its own; /broken throws.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.stacks.test_javascript import CALLS

from crossorigin.policy import Policy
from crossorigin.policy.decide import Decision, decide
from crossorigin.policy.facts import RequestFacts

__all__ = ["CALLS", "Answer", "decision", "run", "same"]

_BACKEND = """
const backend = async (request) => {
  if (new URL(request.url).pathname === "/broken") throw new Error("broken");
  return new Response("hello", { headers: BACKENDS });
};
"""
BACKENDS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET, TEAPOT",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "x-secret",
    "Access-Control-Max-Age": "99999",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True)
class Answer:
    """What came back: the names of headers in lower case, each once."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def cors(self) -> dict[str, str]:
        """The CORS headers, as `same` compares them."""
        return {
            name: value.replace(" ", "").lower()
            for name, value in self.headers.items()
            if name.startswith("access-control-")
        }

    @property
    def varies(self) -> set[str]:
        return {each.strip().lower() for each in self.headers.get("vary", "").split(",")} - {""}


def run(
    directory: Path, text: str, handler: str, path: str = "/", calls: list[tuple[str, dict[str, str]]] = CALLS
) -> list[Answer]:
    """The answers of a module; `handler` is JavaScript that makes one to `request`.

    In it, `edge` is the module and `backend` what stands behind it.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed (nodejs; `make test` as root installs it)")
    (directory / "edge.mjs").write_text(text)
    lines = [
        'import * as edge from "./edge.mjs";',
        f"const BACKENDS = {json.dumps(BACKENDS)};",
        _BACKEND,
        "globalThis.fetch = backend;",
        "console.error = () => {};",
        "const answers = [];",
        f"for (const [method, headers] of {json.dumps(calls)}) {{",
        f'  const request = new Request("https://api.example.test{path}", {{ method, headers }});',
        f"  const response = await ({handler});",
        "  answers.push([response.status, [...response.headers], await response.text()]);",
        "}",
        "process.stdout.write(JSON.stringify(answers));",
    ]
    (directory / "run.mjs").write_text("\n".join(lines))
    done = subprocess.run([node, "run.mjs"], cwd=directory, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    assert len(found) == len(calls) > 0
    return [Answer(status, dict(headers), body) for status, headers, body in found]


def decision(policy: Policy, method: str, sent: dict[str, str]) -> Decision:
    """What the policy itself says to a call."""
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    return decide(policy, RequestFacts.from_headers(method.encode(), raw))


def same(answer: Answer, wanted: Decision) -> bool:
    """Whether the CORS headers are the policy's, lists compared without blanks and in any case."""
    headers = {name.decode(): value.decode().replace(" ", "").lower().strip(",") for name, value in wanted.headers}
    return answer.cors == headers
