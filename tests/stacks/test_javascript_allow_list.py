"""The allow list that everybody copies, and what only looks like one."""

from __future__ import annotations

import pytest

from crossorigin.stacks.javascript_allow_list import allow_list
from crossorigin.stacks.javascript_syntax import Source, Unread

LISTS = {
    "the documentation of cors": """function (origin, callback) {
        if (list.indexOf(origin) !== -1) { callback(null, true) } else { callback(new Error('Not allowed by CORS')) }
    }""",
    "and tools without an Origin": """(origin, callback) => {
        if (!origin || list.includes(origin)) { callback(null, true); } else { callback(new Error(`no`), false); }
    }""",
    "the other way round": """function(origin, callback){
        // allow requests with no origin
        if(!origin) return callback(null, true);
        if(list.indexOf(origin) === -1){
          var msg = 'The CORS policy for this site does not ' + 'allow access from the specified Origin.';
          return callback(new Error(msg), false);
        }
        return callback(null, true);
    }""",
    "in one line": "(origin, cb) => { cb(null, list.includes(origin)) }",
    "TypeScript": """(origin: string | undefined, cb: Done): void => {
        if (list.indexOf(origin) > -1 || !origin) cb(null, true); else cb(null, false);
    }""",
    "a method": """origin(origin, cb) {
        if (list.includes(origin)) { return cb(null, true) } else { return cb(null, false) }
    }""",
}
NO_LISTS = {
    "everybody": "(origin, cb) => { cb(null, true) }",
    "the answer that is the wrong way round": """(origin, cb) => {
        if (list.includes(origin)) { cb(null, false) } else { cb(null, true) }
    }""",
    "both are yes": "(origin, cb) => { if (list.includes(origin)) { cb(null, true) } else { cb(null, true) } }",
    "one more condition": """(origin, cb) => {
        if (list.includes(origin) || origin.endsWith('.example.com')) { cb(null, true) } else { cb(null, false) }
    }""",
    "another name is looked for": "(origin, cb) => { cb(null, list.includes(host)) }",
    "the origin is handed on": "(origin, cb) => { cb(null, origin) }",
    "a part is enough": "(origin, cb) => { cb(null, list.some((each) => origin.includes(each))) }",
    "another list": "(origin, cb) => { cb(null, unknown.includes(origin)) }",
    "no list": "(origin, cb) => { cb(null, text.includes(origin)) }",
    "one parameter": "(origin) => { return list.includes(origin) }",
    "something before": "(origin, cb) => { log(origin); cb(null, list.includes(origin)) }",
}
BEFORE = "const list = ['https://a.com', /^b$/]; const text = 'https://a.com';"


def found(function: str) -> object:
    source = Source(f"{BEFORE} use({{ {function if function.startswith('origin(') else f'origin: {function}'} }})")
    at = next(at for at in range(len(source)) if source.text(at) == "use")
    value = source.value(*source.arguments(at + 1)[0])["origin"].value
    assert isinstance(value, Unread)
    return allow_list(source, value)


@pytest.mark.parametrize("title", LISTS)
def test_a_list(title: str) -> None:
    allowed = found(LISTS[title])
    assert isinstance(allowed, list)
    assert allowed[0] == "https://a.com"


@pytest.mark.parametrize("title", NO_LISTS)
def test_no_list(title: str) -> None:
    assert found(NO_LISTS[title]) is None
