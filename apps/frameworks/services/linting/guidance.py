"""What stands beside the levels: the question, what to look for, mistakes, words, effort, links to other systems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from apps.frameworks.services.linting.finding import Finding, Severity
from apps.frameworks.services.linting.vocabulary import vague_words

LONGEST_QUESTION = 20
LISTS = {"look_for": (3, 6), "mistakes": (2, 6), "words": (1, 9)}
LONGEST_ITEM = 35
LEAST_BORDERS = 2
LEVEL = re.compile(r"\blevels? (\d)")
# How each system that is often pointed at writes its items; a link that does not fit leads nowhere.
ITEM_FORMS: dict[str, str] = {
    "CSF": r"(?:GV|ID|PR|DE|RS|RC)(?:\.[A-Z]{2}(?:-\d{2})?)?",
    "CMM": r"D[1-5](?:\.\d{1,2})?",
    "GCI": r"(?:LS|TS|OS|CDS|CS)\d{1,2}",
    "NCAF": r"(?:[1-9]|1[0-7])",
    "NIS2": r"\d{1,2}(?:\.\d{1,2})?(?:\.[a-j])?",
    "C2M2": r"[A-Z]+(?:-[A-Z]+)*-\d{1,2}[a-z]?",
    "SIM3": r"[OHTP]-\d{1,2}",
    "CIS": r"(?:[1-9]|1[0-8])(?:\.\d{1,2})?",
    "CPG": r"\d\.[A-Z]",
    "NICE": r"[A-Z]{2}(?:-[A-Z]+-\d{3})?",
}
ANY_FORM = r"[A-Za-z0-9(][\w ().,&/:-]*"


def guidance_findings(place: str, row: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the help of one indicator."""
    yield from _question(f"{place}.question", row.get("question", ""))
    for name, (fewest, most) in LISTS.items():
        yield from _list(f"{place}.{name}", row.get(name, []), fewest, most)
    yield from _borders(f"{place}.look_for", row)
    for name in ("intent", "question"):
        yield from _vague(f"{place}.{name}", row.get(name, ""))
    for number, item in enumerate(row.get("look_for", [])):
        yield from _vague(f"{place}.look_for[{number}]", item)
    if row.get("effort") not in (1, 2, 3):
        yield Finding(f"{place}.effort", "effort", "it is 1, 2 or 3", Severity.FAULT)


def crosswalk_findings(
    place: str, links: dict[str, list[str]], declared: dict[str, Any]
) -> Iterator[Finding]:
    """Yield each link whose item is not written as its system writes it, or whose system is not introduced."""
    for system, items in links.items():
        here = f"{place}.{system}"
        if declared and system not in declared:
            yield Finding(
                here, "crosswalk-id", f"{system} is not among the crosswalks that this framework names"
            )
        form = re.compile(ITEM_FORMS.get(system, ANY_FORM))
        for item in items:
            if not form.fullmatch(item):
                yield Finding(here, "crosswalk-id", f"“{item}” is not written as {system} writes its items")
        yield from (
            Finding(here, "crosswalk-id", f"“{item}” stands there {count} times")
            for item, count in Counter(items).items()
            if count > 1
        )


def _question(place: str, question: str) -> Iterator[Finding]:
    if not question.endswith("?") or question.count("?") != 1:
        yield Finding(place, "question", "it is one question that ends with a question mark")
    if len(question.split()) > LONGEST_QUESTION:
        yield Finding(place, "question", f"{len(question.split())} words; {LONGEST_QUESTION} is the most")


def _borders(place: str, row: dict[str, Any]) -> Iterator[Finding]:
    """Who hesitates between two levels is helped at two borders at least; a short scale may have no more."""
    named = {number for item in row.get("look_for", []) for number in LEVEL.findall(item)}
    longest = max((len(rows) for rows in row.get("levels", {}).values()), default=0)
    if len(named) < LEAST_BORDERS and longest > LEAST_BORDERS + 1:
        yield Finding(
            place, "borders", "it says where levels part for fewer than two levels; name them: “level 2”"
        )


def _list(place: str, items: list[Any], fewest: int, most: int) -> Iterator[Finding]:
    if not fewest <= len(items) <= most:
        yield Finding(place, "guidance", f"{len(items)} entries; {fewest} to {most} are helpful")
    for number, item in enumerate(items):
        text = item if isinstance(item, str) else item["meaning"]
        if not 3 <= len(text.split()) <= LONGEST_ITEM or not text.endswith((".", "?")):
            yield Finding(
                f"{place}[{number}]", "guidance", f"it is 3 to {LONGEST_ITEM} words and a whole sentence"
            )


def _vague(place: str, text: str) -> Iterator[Finding]:
    for word, reason in vague_words(text):
        yield Finding(place, "vague-word", f"“{word}”: {reason}")
