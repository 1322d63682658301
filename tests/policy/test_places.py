"""On which line a value stands, in TOML and JSON of every shape."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.places import json_places, line_of, toml_places

TOML = '''\
# a comment with [policy] in it
title = "a [b] # no comment" # one
policy.max_age = 5

[ policies . "a b" ]   # blanks
allow_origins = [ # first
  "x, ]", 'y"',

  """three
lines""", # here
  { inner = 1, "q" = [1, 2] } ]
max_age = 3
[[list]]
name = 1
[[list]]
name = 2
[table]
inline = { a = 1, b = { c = [
  1,
  2] } }
last = 2024-01-01T00:00:00Z
'''


def test_toml() -> None:
    tomllib.loads(TOML)
    places = toml_places(TOML)
    expected: dict[tuple[str | int, ...], int] = {
        ("title",): 2,
        ("policy",): 3,
        ("policy", "max_age"): 3,
        ("policies", "a b"): 5,
        ("policies", "a b", "allow_origins"): 6,
        ("policies", "a b", "allow_origins", 0): 7,
        ("policies", "a b", "allow_origins", 1): 7,
        ("policies", "a b", "allow_origins", 2): 9,
        ("policies", "a b", "allow_origins", 3): 11,
        ("policies", "a b", "allow_origins", 3, "q", 1): 11,
        ("policies", "a b", "max_age"): 12,
        ("list", 0, "name"): 14,
        ("list", 1, "name"): 16,
        ("table",): 17,
        ("table", "inline", "b", "c", 0): 19,
        ("table", "inline", "b", "c", 1): 20,
        ("table", "last"): 21,
    }
    assert {path: places.get(path) for path in expected} == expected
    assert line_of(places, ("policies", "a b", "nothing", 7)) == 5
    assert line_of(places, ("nothing",)) is None


scalars = st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=5))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=4))
def test_json_has_a_line_for_every_value(document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1)
    places = json_places(text)
    lines = text.splitlines()

    def check(value: Any, path: tuple[str | int, ...]) -> None:
        if path:
            line = lines[places[path] - 1].strip()
            key = path[-1]
            shown = (
                json.dumps(value) if not isinstance(value, (dict, list)) else "{" if isinstance(value, dict) else "["
            )
            assert line.startswith(f"{json.dumps(key)}: {shown}" if isinstance(key, str) else shown)
        for key, inner in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            check(inner, (*path, key))

    check(document, ())


@given(st.text(st.sampled_from("[]{}=\"'\\\n,.#ab1 "), max_size=60))
def test_anything_ends(text: str) -> None:
    for places in (toml_places(text), json_places(text)):
        assert all(1 <= line <= text.count("\n") + 1 for line in places.values())
