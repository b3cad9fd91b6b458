"""Short text with wildcards, numbers with a tolerance, and texts that a person marks."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.marking.base import BadAnswer, Given, Item, Why
from apps.marking.words import doubles

LONGEST = 300
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")


def arrange(item: Item, chance: random.Random) -> list[str]:
    """Nothing to arrange."""
    return []


def _typed(given: Mapping[str, Sequence[str]]) -> str:
    text = unicodedata.normalize("NFC", " ".join(given.get("typed", ())).replace("\x00", ""))
    return text.strip()


def read_line(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    text = " ".join(_typed(given).split())
    if len(text) > LONGEST:
        raise BadAnswer(Why.TOO_LONG, LONGEST)
    return text


def fits(pattern: str, text: str) -> bool:
    r"""Whether `text` is what `pattern` asks for: `*` is anything, `\*` a star; case and spaces do not count.

    Each part between stars is taken at its first place, so that no pattern takes longer than its length times the text's.
    """
    starless = [_folded(part.replace("\0", "*")) for part in pattern.replace("\\*", "\0").split("*")]
    text = _folded(text)
    if len(starless) == 1:
        return text == starless[0]
    first, *middle, last = starless
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    place, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold())


def mark_short(item: Item, given: Given) -> Fraction:
    """The best share of the answers that fit."""
    text = str(given)
    return max(
        (_share(row) for row in item.body["answers"] if text and fits(row["text"], text)), default=Fraction(0)
    )


def _share(row: Mapping[str, Any]) -> Fraction:
    return Fraction(row.get("share", 100), 100)


def number_of(text: str) -> Fraction | None:
    """A typed number, exact, in the digits of any script; None when it is none. A comma is a decimal sign."""
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in text if not sign.isspace())  # type: ignore[call-overload]
    plain = plain.replace("٫", ".").replace("−", "-")
    if not NUMBER.fullmatch(plain) or not plain.isascii():
        return None
    return Fraction(plain.replace(",", "."))


def read_number(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    text = _typed(given)
    if text and (len(text) > 40 or number_of(text) is None):
        raise BadAnswer(Why.NOT_A_NUMBER)
    return text


def mark_number(item: Item, given: Given) -> Fraction:
    """The best share of the answers within whose tolerance the number lies, both ends included."""
    value = number_of(str(given))
    if value is None:
        return Fraction(0)
    near = (
        row
        for row in item.body["answers"]
        if abs(value - _exact(row["value"])) <= _exact(row.get("tolerance", 0))
    )
    return max((_share(row) for row in near), default=Fraction(0))


def _exact(value: float) -> Fraction:
    """A number as it was written: 0.1 is a tenth."""
    return Fraction(Decimal(repr(value)))


def answer_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    keys = [str(answer.get("text", answer.get("value"))) for answer in row["answers"]]
    yield from doubles("answers", keys)
    if not any(answer.get("share", 100) == 100 for answer in row["answers"]):
        yield "answers", "no answer earns the whole point."
    for number, answer in enumerate(row["answers"]):
        if not answer.get("text", "x").replace("*", "").strip():
            yield f"answers[{number}].text", "a star alone fits everything."


def essay_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from doubles("rubric", [line["criterion"] for line in row["rubric"]])
    if row["critical"]:
        yield "critical", "an essay is marked by a person and cannot be critical."


def read_essay(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    text = "\n".join(given.get("typed", ())).replace("\x00", "").replace("\r\n", "\n").strip()
    words, most = len(text.split()), int(item.body["words"])
    if words > most or len(text) > most * 20:
        raise BadAnswer(Why.TOO_MANY_WORDS, most)
    return text


def mark_essay(item: Item, given: Given) -> None:
    """A person marks it by the rubric."""


def rubric_share(rubric: Sequence[Mapping[str, Any]], marks: Mapping[str, str]) -> Fraction:
    """The share of the point by the marks of a person: good 1, enough 1/2, missing 0 for each criterion."""
    worth = {"good": Fraction(1), "enough": Fraction(1, 2), "missing": Fraction(0)}
    return sum((worth[marks[line["criterion"]]] for line in rubric), Fraction(0)) / len(rubric)
