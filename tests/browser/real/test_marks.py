"""Whose a line of the console is."""

from __future__ import annotations

from crossorigin.browser.real.browser import ConsoleMessage
from crossorigin.browser.real.marks import Marks

HOST = "http://api.b.localhost:40000"


def fed(*texts: str) -> Marks:
    marks = Marks()
    marks.feed(map(ConsoleMessage, texts))
    return marks


def texts(marks: Marks, name: str, calls: int) -> list[list[str]]:
    return [[message.text for message in lines] for lines in marks.lines(name, calls)]


def test_a_line_belongs_to_the_call_that_its_task_is_at() -> None:
    marks = fed(
        "crossorigin: call 0 of a",
        f"blocked: {HOST}/a/0",
        "crossorigin: call 1 of a",
        f"blocked: {HOST}/a/0 again",
        "crossorigin: end of a",
    )
    assert texts(marks, "a", 2) == [[f"blocked: {HOST}/a/0"], [f"blocked: {HOST}/a/0 again"]]


def test_tasks_at_once_are_told_by_their_paths() -> None:
    marks = fed(
        "crossorigin: call 0 of a",
        "crossorigin: call 0 of b",
        f"blocked: '{HOST}/b/0' (redirected)",
        f"blocked: {HOST}/a/0",
    )
    assert texts(marks, "a", 1) == [[f"blocked: {HOST}/a/0"]]
    assert texts(marks, "b", 1) == [[f"blocked: '{HOST}/b/0' (redirected)"]]


def test_the_url_of_a_message_counts() -> None:
    marks = fed("crossorigin: call 0 of a", "crossorigin: call 0 of b")
    marks.feed([ConsoleMessage("Failed to load resource", url=f"{HOST}/b/0?query")])
    assert texts(marks, "b", 1) == [["Failed to load resource"]]


def test_a_line_without_a_name_is_the_only_tasks() -> None:
    marks = fed("crossorigin: call 0 of a", "Origin null is not allowed")
    assert texts(marks, "a", 1) == [["Origin null is not allowed"]]
    assert marks.unattributed == []


def test_or_nobodys() -> None:
    marks = fed("before", "crossorigin: call 0 of a", "crossorigin: call 0 of b", "which?")
    assert [message.text for message in marks.unattributed] == ["before", "which?"]


def test_a_late_line_that_names_its_task_is_still_its() -> None:
    marks = fed("crossorigin: call 0 of a", "crossorigin: end of a", f"blocked: {HOST}/a/0")
    assert texts(marks, "a", 1) == [[f"blocked: {HOST}/a/0"]]


def test_ends() -> None:
    marks = fed("crossorigin: call 0 of a", "crossorigin: call 0 of b", "crossorigin: end of a")
    assert (marks.ended("a"), marks.ended("b")) == (True, False)
    assert marks.under_way() == ["b"]
    assert marks.batch == 0
    marks.feed([ConsoleMessage("crossorigin: end of batch 3")])
    assert marks.batch == 3


def test_lines_are_given_once() -> None:
    marks = fed("crossorigin: call 0 of a", "one", "crossorigin: end of a")
    assert texts(marks, "a", 1) == [["one"]]
    assert texts(marks, "a", 1) == [[]]
    assert not marks.ended("a")
