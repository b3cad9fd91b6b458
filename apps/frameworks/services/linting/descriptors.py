"""What one descriptor must be: a short sentence with one condition that something can show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.frameworks.services.linting.conjunctions import joined_conditions
from apps.frameworks.services.linting.finding import Finding, word_set
from apps.frameworks.services.linting.vocabulary import EMPTY_PASSIVES, vague_words

MOST_WORDS = 25
LONG_WORD = 11
MOST_LONG_SHARE = 0.25
SENTENCE_END = re.compile(r"[.!?]\s+[A-Z]|;")
PASSIVE = re.compile(rf"\b(?:is|are|was|were|be|been)\s+(?:\w+ly\s+)?({'|'.join(EMPTY_PASSIVES)})\b", re.I)
REPEATED = re.compile(
    r"\b(?:reviewed|updated|tested|rehearsed|exercised|renewed|repeated|retrained|refreshed|recalculated|reassessed|audited|"
    r"acts? on|takes? part|met)\b",
    re.I,
)
NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty-four)"
PERIOD = re.compile(
    rf"\b{NUMBER}\s+(?:working\s+)?(?:hours?|days?|weeks?|months?|years?)\b"
    r"|\b(?:once|twice|times) a (?:day|week|month|quarter|year)\b|\bevery (?:day|week|month|quarter|year)\b"
    r"|\b(?:yearly|monthly|weekly|daily|annual|quarterly|today|this year|in force|at any hour|valid)\b",
    re.I,
)
# Names that everybody who answers knows, so they need no entry among the words.
KNOWN_NAMES = frozenset({"IT", "UN"})
# The words that the subject itself is made of do not make a sentence hard.
SUBJECT_WORDS = word_set(
    "cybersecurity cybersecurity's organisation organisation's organisations information government government's "
    "responsibility technology technologies independent international management cryptography dependencies infrastructure"
)


def text_findings(place: str, text: str, level: int) -> Iterator[Finding]:
    """Yield what is wrong with the descriptor `text` of `level`."""
    yield from _vague(place, text)
    yield from _length(place, text)
    yield from _conditions(place, text)
    yield from _passive(place, text)
    yield from _hard(place, text)
    yield from _frequency(place, text, level)


def acronym_findings(place: str, text: str, explained: set[str]) -> Iterator[Finding]:
    """Yield each name in capitals that is not among the words of the indicator."""
    for name in sorted(set(re.findall(r"\b[A-Z]{2,}\b", text)) - KNOWN_NAMES - explained):
        yield Finding(place, "acronym", f"“{name}” is not explained; write it out or explain it under words")


def _vague(place: str, text: str) -> Iterator[Finding]:
    for word, reason in vague_words(text):
        yield Finding(place, "vague-word", f"“{word}”: {reason}")


def _length(place: str, text: str) -> Iterator[Finding]:
    count = len(text.split())
    if count > MOST_WORDS:
        yield Finding(
            place, "length", f"{count} words; {MOST_WORDS} is the most that is read once and understood"
        )
    if SENTENCE_END.search(text) or not text.rstrip().endswith("."):
        yield Finding(place, "one-sentence", "a descriptor is one sentence that ends with a full stop")


def _conditions(place: str, text: str) -> Iterator[Finding]:
    for where in joined_conditions(text):
        yield Finding(
            place, "one-condition", f"“… {where} …” joins two conditions; keep the one that marks the level"
        )


def _passive(place: str, text: str) -> Iterator[Finding]:
    for match in PASSIVE.finditer(text):
        yield Finding(
            place,
            "empty-passive",
            f"“{match.group()}” names nobody and no act; say who did what, or what is there",
        )


def _hard(place: str, text: str) -> Iterator[Finding]:
    words = re.findall(r"[\w'’-]+", text.lower())
    long = [word for word in words if len(word) >= LONG_WORD and word not in SUBJECT_WORDS]
    if words and len(long) / len(words) > MOST_LONG_SHARE:
        yield Finding(place, "hard-to-read", f"too many long words: {', '.join(long)}")


def _frequency(place: str, text: str, level: int) -> Iterator[Finding]:
    """What is done again and again needs a number; level 0 says that it was not done at all."""
    if level and (match := REPEATED.search(text)) and not PERIOD.search(text):
        yield Finding(
            place, "frequency", f"“{match.group()}” is done again and again; say how often or how long ago"
        )
