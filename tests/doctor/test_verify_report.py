"""What a verification looks like to people, to programs and to continuous integration."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

from rich.console import Console

from crossorigin.doctor.diagram import UNICODE
from crossorigin.doctor.verify import Difference, Verification
from crossorigin.doctor.verify_report import to_json, to_junit, to_table
from crossorigin.web.url import URL, parse_url

FOUND = Verification(
    ("GET", "method PUT", "header x"),
    (
        Difference("method PUT", "allowed", "denied [B230]"),
        Difference("method PUT", "methods of PUT", "\x1b[31m\x00 granted"),
    ),
)


def url() -> URL:
    parsed = parse_url("http://api.example/?a=<&b")
    assert parsed is not None
    return parsed


def test_a_table_that_steers_no_terminal() -> None:
    file = io.StringIO()
    Console(file=file, width=80, color_system=None).print(to_table(FOUND, UNICODE))
    lines = [line.split() for line in file.getvalue().splitlines()]
    assert lines[0] == ["asked", "by", "the", "policy", "by", "the", "server"]
    assert lines[1] == ["method", "PUT", "allowed", "denied", "[B230]"]
    assert lines[2] == ["method", "PUT", "methods", "of", "PUT", "\\x1b[31m\\x00", "granted"]


def test_json_counts_the_probes_and_lists_the_differences() -> None:
    said = to_json(FOUND, url())
    assert (said["probes"], len(said["differences"]), said["agrees"]) == (3, 2, False)


def test_junit_has_a_case_for_each_probe_and_one_failure_for_each_that_differs() -> None:
    (suite,) = ET.fromstring(to_junit(FOUND, url()))
    assert suite.attrib == {
        "name": "crossorigin policy verify http://api.example/?a=%3C&b",
        "tests": "3",
        "failures": "1",
        "errors": "0",
    }
    assert [(case.get("name"), len(case)) for case in suite] == [("GET", 0), ("method PUT", 1), ("header x", 0)]
    assert suite[1][0].get("message") == (
        "expected allowed; got denied [B230]\nexpected methods of PUT; got \\x1b[31m\\x00 granted"
    )


def test_junit_without_an_answer() -> None:
    (suite,) = ET.fromstring(to_junit(Verification(("GET",), (), "refused"), url()))
    assert (suite.get("errors"), suite[0][0].tag, suite[0][0].get("message")) == (
        "1",
        "error",
        "no HTTP answer: refused",
    )
