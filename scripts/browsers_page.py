"""The part of docs/browsers.md that is made of the engine profiles.

.venv/bin/python scripts/browsers_page.py     writes it into the page, between the two markers

`tests/docs/test_browsers_page.py` sees to it that the page is what the profiles say.
"""

from __future__ import annotations

from pathlib import Path

from crossorigin.fetch import ENGINES, Profile

PAGE = Path(__file__).parents[1] / "docs" / "browsers.md"
BEGIN = "<!-- Made of the profiles by scripts/browsers_page.py: change it there. -->\n"
END = "<!-- End of what is made. -->\n"
NEVER = "as the standard"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def versions() -> str:
    """Which releases the profiles describe, and which one they were last compared with."""
    rows = [[engine.title, engine.browsers, engine.versions, engine.proven_on] for engine in ENGINES]
    return table(["engine", "in", "describes", "proven on"], rows)


def deviations() -> str:
    """Every topic in which an engine is not the standard, engine beside engine."""
    topics: dict[str, str] = {}
    for engine in ENGINES:
        for deviation in engine.deviations:
            topics.setdefault(deviation.topic, deviation.standard)
    rows = [[topic, standard, *(says(engine, topic) for engine in ENGINES)] for topic, standard in topics.items()]
    return table(["topic", "the standard", *(engine.title for engine in ENGINES)], rows)


def says(engine: Profile, topic: str) -> str:
    """What the engine does about a topic."""
    return next((deviation.engine for deviation in engine.deviations if deviation.topic == topic), NEVER)


def evidence() -> str:
    """How we know, engine by engine."""
    return "\n\n".join(
        f"### {engine.title}\n\n"
        + "\n".join(f"- {deviation.topic}: {deviation.evidence}." for deviation in engine.deviations)
        for engine in ENGINES
    )


def made() -> str:
    """What stands between the markers."""
    return f"""
{versions()}

## Where they are not the standard

{deviations()}

## How we know

Files are those of each engine's sources. "Measured" is: with the release above, by the suite.

{evidence()}

"""


def page_with(text: str) -> str:
    """The page with `text` between its markers."""
    page = PAGE.read_text(encoding="utf-8")
    return page[: page.index(BEGIN) + len(BEGIN)] + text + page[page.index(END) :]


if __name__ == "__main__":
    PAGE.write_text(page_with(made()), encoding="utf-8")
