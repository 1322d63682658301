"""A verification as a table for people, as one JSON object (`verify.schema.json` beside this file) and as JUnit's."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from rich.table import Table
from rich.text import Text

from crossorigin.doctor.diagram import Glyphs, printable
from crossorigin.doctor.verify import Verification
from crossorigin.web.url import URL

__all__ = ["to_json", "to_junit", "to_table"]


def to_json(result: Verification, url: URL) -> dict[str, Any]:
    """The verification as values that `json.dumps` takes."""
    return {
        "url": url.href,
        "agrees": result.agrees,
        "probes": result.probes,
        "differences": [
            {"probe": each.probe, "expected": each.expected, "got": each.got} for each in result.differences
        ],
        "failure": result.failure,
    }


def to_table(result: Verification, glyphs: Glyphs) -> Table:
    """What differs, a row for each difference."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("asked", "by the policy", "by the server"):
        table.add_column(heading, overflow="fold")
    for each in result.differences:
        table.add_row(*(Text(printable(text, glyphs, 600)) for text in (each.probe, each.expected, each.got)))
    return table


def to_junit(result: Verification, url: URL) -> str:
    """A test suite of one case for each probe, as continuous integration reads it.

    The form is that which pytest writes, https://github.com/testmoapp/junitxml.
    """
    by_name: dict[str, list[str]] = {}
    for each in result.differences:
        by_name.setdefault(each.probe, []).append(f"expected {each.expected}; got {each.got}")
    suite = ET.Element(
        "testsuite",
        name=f"crossorigin policy verify {_legal(url.href)}",
        tests=f"{result.probes}",
        failures=f"{len(by_name)}",
        errors=f"{int(result.failure is not None)}",
    )
    for number, name in enumerate(result.names):
        case = ET.SubElement(suite, "testcase", classname="crossorigin.policy", name=_legal(name))
        if name in by_name:
            message = "\n".join(map(_legal, by_name[name]))
            ET.SubElement(case, "failure", message=message)
        if result.failure is not None and number == result.probes - 1:
            ET.SubElement(case, "error", message=_legal(f"no HTTP answer: {result.failure}"))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _legal(text: str) -> str:
    """Text without the characters that XML has no way to write: https://www.w3.org/TR/xml/#charsets"""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
