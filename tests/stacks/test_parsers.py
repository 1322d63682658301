"""The parsers of the paper contract can say no."""

from __future__ import annotations

import pytest
from tests.stacks.parsers import LANGUAGES, faults, literals, shape

PROGRAMS = {
    "csharp": 'var names = new[] { "%s" };',
    "go": 'package main\n\nvar names = []string{"%s"}',
    "java": 'class A { String[] names = { "%s" }; }',
    "javascript": 'const names = ["%s"];',
    "php": "<?php\n\nreturn ['%s'];",
    "ruby": "names = ['%s']",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_string_that_ends_too_soon_is_seen(language: str) -> None:
    quote = "'" if language in {"php", "ruby"} else '"'
    sound = PROGRAMS[language] % "x-one"
    assert faults(language, sound) == []
    assert literals(language, sound) == [f"{quote}x-one{quote}"]
    assert shape(language, sound) == shape(language, f"{PROGRAMS[language] % '#a-$1'}")
    broken_out = f"x{quote}, {quote}y"
    assert faults(language, PROGRAMS[language] % broken_out) == []
    assert shape(language, PROGRAMS[language] % broken_out) != shape(language, sound)
    assert faults(language, PROGRAMS[language] % f"x{quote}y") != []
