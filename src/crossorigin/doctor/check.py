"""Asking the question: the engine over the real network, once for each profile."""

from __future__ import annotations

from crossorigin.browser.drive import Sender, run
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.fetch.main_fetch import fetch

__all__ = ["check"]


def check(question: Question, transport: Sender) -> Report:
    """Send what a browser would send, and report what it would make of the answers. Nothing is raised for them."""
    return Report(question, {"standard": run(fetch(question.request(), question.agent()), transport)})
