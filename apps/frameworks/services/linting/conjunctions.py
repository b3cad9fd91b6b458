"""Finds two conditions in one sentence: two verbs or two clauses joined by `and`, `or`, `but` or `while`.

A descriptor with two conditions has no answer when one of them holds. What is asked of a joined pair is careful: a list of
nouns is one thing with parts; two verbs before one object joined by `or` (`used or tested the plan`) are two ways to meet one
condition. All other joined verbs are two conditions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.frameworks.services.linting.finding import word_set

JOINERS = ("and", "or", "but", "while")
PRESENT = word_set(
    "is are has have does do can must may gives give covers cover acts act sets set meets meet keeps keep knows takes take makes "
    "make names says say tells tell binds bind holds hold lists shows show judges allows allow approves approve decides decide "
    "publishes publish receives receive learns learn compares compare confirms confirm measures follows follow stands stand "
    "correct corrects tests test reviews review reports report checks check changes change controls control runs run owns pays pay adds add asks ask punishes punish protects protect requires require uses use "
    "handles handle sends brings reaches tracks ranks joins closes helps help leads"
)
IRREGULAR_PAST = word_set(
    "was were had did gave took went began chose wrote ran became came saw knew grew kept made met led held sent told paid"
)
IRREGULAR_PARTICIPLES = word_set(
    "given taken written run known kept made met led held sent told paid found put read set shown seen drawn bought built"
)
BE = word_set("is are was were be been being")
ARTICLES = word_set("a an the this that these those its their his her each every all no any")
DETERMINERS = ARTICLES | word_set("at one two three who whom whose which what how when where why whether")
ADVERBS = word_set("then also now today not already later publicly")
# Nouns as well, so they count as verbs only before `a`, `the`, `every` …
NOUNS_TOO = word_set(
    "names measures lists uses use shows show covers cover holds hold runs run follows asks acts act sets set says pay pays stands "
    "stand correct help helps leads tests test reviews review reports report plans plan records record checks check changes change controls control"
)
# What follows a participle that is a verb of its own; a noun there makes it a description (`approved measures`).
AFTER_A_PARTICIPLE = word_set(
    "by in on for with under before beforehand within no from to at and or , until after"
)
# Behind one of these a new clause begins, so a verb before it does not belong to what is joined.
SUBORDINATORS = word_set("that what which who whose whether if when where why how because")


def joined_conditions(text: str) -> list[str]:
    """Return the words around each joiner that joins two conditions; none for a sentence of one condition."""
    words = re.findall(r"[\w'’-]+|,", text.lower())
    return [
        " ".join(words[max(0, at - 3) : at + 4])
        for at, word in enumerate(words)
        if word in JOINERS and _joins_conditions(words, at)
    ]


def _joins_conditions(words: list[str], at: int) -> bool:
    before, after = words[:at], [word for word in words[at + 1 :] if word not in ADVERBS]
    if not before or not after or not _has_verb(before):
        return False
    if words[at] == "while":
        return True
    if "to" in before[-4:] and _bare(after[0]):
        return False
    return _second_verb(words[at], before, after) or _second_clause(after)


def _has_verb(words: list[str]) -> bool:
    """Whether the clause that the words end with has its verb; without one, what is joined is its subject."""
    starts = [at for at, word in enumerate(words) if word in SUBORDINATORS]
    return any(_finite(words, at) for at in range(starts[-1] + 1 if starts else 0, len(words)))


def _second_verb(joiner: str, before: list[str], after: list[str]) -> bool:
    """`gives every gap an owner`, `received comments` after `gave`, `is approved and published`."""
    first = after[0]
    if joiner == "or":
        return _finite(after, 0) and not _verb_form(before[-1])
    if _finite(after, 0):
        return True
    if not _participle(first):
        return False
    aside = len(before) > 1 and before[-2] == ","
    goes_on = len(after) == 1 or after[1] in AFTER_A_PARTICIPLE or after[1].endswith("ly")
    return (
        (_in_passive(before) and goes_on)
        or (before[-1] in IRREGULAR_PAST and not aside)
        or _takes_object(after)
    )


def _bare(word: str) -> bool:
    """Whether the word can stand after `to`: `to alert and decide` is one list."""
    return word in PRESENT and not word.endswith("s")


def _verb_form(word: str) -> bool:
    return word in PRESENT or word in IRREGULAR_PAST or _participle(word)


def _finite(words: list[str], at: int) -> bool:
    """Whether the word is surely a verb with a subject: `gives`, `was`; `names` only before `a`, `every` …"""
    word, previous = words[at], words[at - 1] if at else ""
    if previous == "not" or (previous in ARTICLES and word.endswith("ed")):
        return False
    if word in NOUNS_TOO:
        return at + 1 < len(words) and words[at + 1] in DETERMINERS
    if word in PRESENT or word in IRREGULAR_PAST:
        return not (word in IRREGULAR_PARTICIPLES and previous in BE)
    return (
        word.endswith("ed")
        and at + 1 < len(words)
        and words[at + 1] in DETERMINERS
        and not _after_be(words, at)
    )


def _after_be(words: list[str], at: int) -> bool:
    return any(word in BE for word in words[max(0, at - 2) : at])


def _participle(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 4) or word in IRREGULAR_PARTICIPLES


def _in_passive(before: list[str]) -> bool:
    """`is approved`, `are given, changed`, `is assessed for security`: a form of `be` and a participle not far back."""
    for at in range(len(before) - 2, max(-1, len(before) - 6), -1):
        if before[at + 1] in SUBORDINATORS:
            return False
        if before[at] in BE:
            return any(_participle(word) for word in before[at + 1 : at + 3])
    return False


def _takes_object(after: list[str]) -> bool:
    """`used the plan` after `and` is a second act; `used plans` may be a description, so it is left alone."""
    return len(after) > 1 and after[1] in DETERMINERS - {"who", "which", "that", "at", "one", "all"}


def _second_clause(after: list[str]) -> bool:
    """A new subject with its own verb, before the next comma: `and a budget is named`, `and parliament acts on it`."""
    return any(_finite(after, at) for at in _clause(after) if at > 0)


def _clause(after: list[str]) -> Iterator[int]:
    for at, word in enumerate(after[:7]):
        if word == "," or word in JOINERS or word in ("that", "who", "which", "whose", "to"):
            return
        yield at
