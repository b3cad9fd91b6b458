"""What the descriptors of one indicator must be together: complete, each on the one before, different in kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from apps.frameworks.services.linting.descriptors import PERIOD, acronym_findings, text_findings
from apps.frameworks.services.linting.finding import Finding, Severity, word_set
from apps.frameworks.services.linting.vocabulary import vague_words

NEGATIVE = re.compile(r"\b(?:no|not|nobody|none|nothing|never|neither|nor|without|cannot|missing)\b", re.I)
REFERENCE = re.compile(
    r"\b(?:this|these|that|those|such|their|its|it|them|the same|each of|both|who|all three|all eleven)\b",
    re.I,
)
EVERY = re.compile(r"\b(?:every|all|each|everybody|everyone|no \w+ (?:is|was) left)\b", re.I)
PART = re.compile(r"\b(?:at least one|one or more|at least a|a first)\b", re.I)
LAST = re.compile(r"\b(?:in|from|within) the last (\d+|one|two|three|four|five) (months?|years?)\b", re.I)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
DATED = re.compile(
    r"\b(?:dates?|dated|dates of|period|months?|years?|days?|hours?|times?|today|current)\b", re.I
)
EMPTY = word_set(
    "a an the of in on at to for from by with and or least once year years last months month this that these those its their is "
    "are was were has have been be who which it as under within all every each no not any one"
)
LONGEST_EXAMPLE = 30
LEAST_NEW_WORDS = 2


def ladder_findings(
    place: str, rows: list[dict[str, Any]], highest: int, explained: set[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the descriptors `rows` of one scope on a scale from 0 to `highest`."""
    if [row["level"] for row in rows] != list(range(highest + 1)):
        yield Finding(
            place, "all-levels", f"it needs the levels 0 to {highest} in order, each once", Severity.FAULT
        )
        return
    for row in rows:
        here = f"{place}[{row['level']}]"
        yield from text_findings(f"{here}.text", row["text"], row["level"])
        yield from acronym_findings(f"{here}.text", row["text"], explained)
        yield from _title(f"{here}.title", row["title"])
        yield from _evidence(f"{here}.evidence", row)
    yield from _zero(f"{place}[0].text", rows[0]["text"])
    yield from _nesting(place, rows, highest)


def _title(place: str, title: str) -> Iterator[Finding]:
    for word, reason in vague_words(title):
        yield Finding(place, "vague-word", f"“{word}”: {reason}")
    if title.endswith(".") or len(title.split()) > 7:
        yield Finding(place, "title", "a title is up to seven words without a full stop")


def _zero(place: str, text: str) -> Iterator[Finding]:
    if not NEGATIVE.search(text):
        yield Finding(place, "level-zero", "level 0 says what is not there; it has a no, not or nobody")


def _evidence(place: str, row: dict[str, Any]) -> Iterator[Finding]:
    """From level 1 on, things that show the level and their age: old proof counts for less."""
    examples = row.get("evidence", [])
    if row["level"] == 0:
        if examples:
            yield Finding(place, "level-zero", "nothing shows an absence; level 0 has no evidence")
        return
    if not examples:
        yield Finding(place, "observable", "nothing is named that would show this level", Severity.FAULT)
    for number, example in enumerate(examples):
        yield from _example(f"{place}[{number}]", example)
    if examples and not (DATED.search(" ".join(examples)) or PERIOD.search(row["text"])):
        yield Finding(
            place, "evidence-age", "neither the level nor its evidence says how old the proof may be"
        )


def _example(place: str, example: str) -> Iterator[Finding]:
    for word, reason in vague_words(example):
        yield Finding(place, "vague-word", f"“{word}”: {reason}")
    if not 3 <= len(example.split()) <= LONGEST_EXAMPLE:
        yield Finding(place, "evidence-length", f"an example names one thing in 3 to {LONGEST_EXAMPLE} words")


def _nesting(place: str, rows: list[dict[str, Any]], highest: int) -> Iterator[Finding]:
    for lower, upper in pairwise(rows):
        here = f"{place}[{upper['level']}].text"
        yield from _different(here, lower, upper)
        if upper["level"] >= 2:
            yield from _builds_on(here, lower["text"], upper["text"])
            yield from _narrower(here, lower["text"], upper["text"])
        # The highest level asks for something rare, such as an outside test, so it may look back further.
        if 1 < upper["level"] < highest:
            yield from _looser(here, lower["text"], upper["text"])


def _different(place: str, lower: dict[str, Any], upper: dict[str, Any]) -> Iterator[Finding]:
    if lower["title"].casefold() == upper["title"].casefold():
        yield Finding(place, "different-in-kind", "two neighbouring levels have the same title")
    new = _content(upper["text"]) - _content(lower["text"])
    # From a part to the whole is a step of its own kind: a thing exists, then it covers everything.
    covers = PART.search(lower["text"]) and EVERY.search(upper["text"])
    if lower["level"] and len(new) < LEAST_NEW_WORDS and not covers:
        yield Finding(place, "different-in-kind", f"it differs from level {lower['level']} by a word only")


def _content(text: str) -> set[str]:
    """The words that carry meaning, without endings: adverbs and small words do not make a new level."""
    words = re.findall(r"[\w'’-]+", text.lower())
    return {_stem(word) for word in words if word not in EMPTY and not word.endswith("ly")}


def _stem(word: str) -> str:
    return re.sub(r"(?:ings?|ies|ed|es|s|e|y)$", "", word.removesuffix("'s"))


def _builds_on(place: str, lower: str, upper: str) -> Iterator[Finding]:
    """A level goes on from the one before: it points at it (`this plan`) or speaks of the same thing."""
    if not REFERENCE.search(upper) and not _content(lower) & _content(upper):
        yield Finding(place, "nesting", "it neither points at the level before nor speaks of the same thing")


def _narrower(place: str, lower: str, upper: str) -> Iterator[Finding]:
    if EVERY.search(lower) and PART.search(upper) and not EVERY.search(upper) and not REFERENCE.search(upper):
        yield Finding(place, "nesting", "it asks for a part where the level before asks for all")


def _looser(place: str, lower: str, upper: str) -> Iterator[Finding]:
    before, after = _months(lower), _months(upper)
    if before and after and after > before:
        yield Finding(
            place, "nesting", f"it looks back {after} months where the level before looks back {before}"
        )


def _months(text: str) -> int:
    """How far the sentence looks back, in months; 0 when it does not say."""
    match = LAST.search(text)
    if match is None:
        return 0
    number = NUMBERS.get(match[1].lower()) or int(match[1])
    return number * (12 if match[2].lower().startswith("year") else 1)
