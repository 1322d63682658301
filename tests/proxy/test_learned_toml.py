"""The text of what was learned; whole files are in test_learn.py."""

from __future__ import annotations

import tomllib

import pytest

from crossorigin.proxy.learned import Learned, Need, need_of
from crossorigin.proxy.learned_toml import MARK, Section, note_text, policy_file

APP = "https://app.example.com"


def section(learned: Learned, *origins: str) -> Section:
    return Section("api", ("/api",), "", learned, need_of(learned, origins or (APP,), ()))


def test_the_first_line_is_the_mark() -> None:
    assert policy_file([section(Learned(calls=1))]).splitlines()[0] == MARK


def test_no_line_of_a_comment_is_too_long() -> None:
    learned = Learned(calls=3)
    for number in range(64):
        learned.headers.see(f"x-some-header-{number}")
    text = policy_file([section(learned)])
    assert max(len(line) for line in text.splitlines() if line.startswith("#")) <= 100
    assert len(tomllib.loads(text)["policy"]["allow_headers"]) == 64


COMMENTS = {
    "cookies of nobody": (
        "cookies",
        "who",
        (),
        "# Cookies that nobody was seen to set came along: who 1.",
    ),
    "a scheme of the browser's": ("managed", "digest", (), "# The browser itself sent Authorization: digest 1"),
    "another origin": ("origins", "http://localhost:1", (), "called from another origin: http://localhost:1 1"),
    "a stranger": ("strangers", "https://evil.example", (), "are not in the policy: https://evil.example 1"),
    "a method of nobody's": ("methods", "TRACE", (), "because no browser would send it across origins: TRACE"),
    "an insecure origin beside another": (
        "cookies",
        "a",
        ("http://app.internal", APP),
        "# http://app.internal: not in the policy, for anybody on the network can write its pages.",
    ),
    "an insecure origin alone": (
        "cookies",
        "a",
        ("http://app.internal",),
        "# http://app.internal: without credentials, for anybody on the network can write its pages.",
    ),
}


@pytest.mark.parametrize(("counts", "name", "origins", "words"), COMMENTS.values(), ids=COMMENTS.keys())
def test_comments(counts: str, name: str, origins: tuple[str, ...], words: str) -> None:
    learned = Learned(calls=1)
    getattr(learned, counts).see(name)
    text = policy_file([section(learned, *origins)])
    assert words in text.replace("\n#   ", " ")
    assert tomllib.loads(text)["policy"] == section(learned, *origins).need.settings


def test_a_note_is_safe_to_print() -> None:
    assert note_text("/a\x1b[31m", Need({"allow_origins": [APP]})) == (
        f'in production /a\\x1b[31m needs:\n  allow_origins = ["{APP}"]'
    )
