"""Matching, ordering and blanks with choices: a value for every place."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from apps.marking.base import BadAnswer, Given, Item, Why
from apps.marking.words import doubles

BLANK = re.compile(r"\[\[([1-6])\]\]")


def rights_of(body: Mapping[str, Any]) -> dict[str, str]:
    """The right sides of a matching question by key, each text once; what matches nothing comes last."""
    held: dict[str, str] = {}
    for pair in body["pairs"]:
        if pair["right"] not in held.values():
            held[pair["id"]] = pair["right"]
    for number, text in enumerate(body.get("extra", ()), 1):
        held[f"x{number}"] = text
    return held


def matching_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from doubles("pairs", [pair["id"] for pair in row["pairs"]])
    yield from doubles("pairs", [pair["left"] for pair in row["pairs"]])
    if len(rights_of(row)) < 2:
        yield "pairs", "there is only one right side to choose."
    for text in row.get("extra", ()):
        if text in [pair["right"] for pair in row["pairs"]]:
            yield "extra", f"“{text}” matches a pair."


def arrange_matching(item: Item, chance: random.Random) -> list[str]:
    order = list(rights_of(item.body))
    chance.shuffle(order)
    return order


def read_matching(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    keys = rights_of(item.body)
    return _values(given, {pair["id"]: set(keys) for pair in item.body["pairs"]})


def _values(given: Mapping[str, Sequence[str]], allowed: Mapping[str, set[str]]) -> dict[str, str]:
    """One value a place from fields `at.<place>`; places left empty are left out."""
    held: dict[str, str] = {}
    for place, values in allowed.items():
        value = (list(given.get(f"at.{place}", ())) or [""])[-1]
        if value and value not in values:
            raise BadAnswer(Why.FOREIGN)
        if value:
            held[place] = value
    return held


def mark_matching(item: Item, given: Given) -> Fraction:
    """The share of pairs that are right."""
    texts, held = rights_of(item.body), dict(given) if isinstance(given, dict) else {}
    pairs = item.body["pairs"]
    return Fraction(
        sum(texts.get(held.get(pair["id"], ""), None) == pair["right"] for pair in pairs), len(pairs)
    )


def ordering_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from doubles("items", [line["id"] for line in row["items"]])
    yield from doubles("items", [line["text"] for line in row["items"]])


def arrange_ordering(item: Item, chance: random.Random) -> list[str]:
    """An order that is not the right one already."""
    right = [line["id"] for line in item.body["items"]]
    order = list(right)
    while order == right:
        chance.shuffle(order)
    return order


def read_ordering(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    """The ids in the learner's order, from `order` (a list) or from a number for each line."""
    known = [line["id"] for line in item.body["items"]]
    if order := list(given.get("order", ())):
        if sorted(order) != sorted(known):
            raise BadAnswer(Why.FOREIGN)
        return order
    numbers = {str(n) for n in range(1, len(known) + 1)}
    held = _values(given, dict.fromkeys(known, numbers))
    if held and sorted(held.values()) != sorted(numbers):
        raise BadAnswer(Why.PLACES)
    return sorted(held, key=lambda line: int(held[line]))


def mark_ordering(item: Item, given: Given) -> Fraction:
    """The share of lines that stand in their place."""
    right = [line["id"] for line in item.body["items"]]
    return Fraction(sum(a == b for a, b in zip(right, given, strict=False)), len(right))


def choices_of(body: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """For each blank its choices by key: "1" is the right one."""
    return {
        blank["id"]: {str(n): text for n, text in enumerate(blank["choices"], 1)} for blank in body["blanks"]
    }


def fill_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    held, marked = [blank["id"] for blank in row["blanks"]], BLANK.findall(row["text"])
    yield from doubles("blanks", held)
    if sorted(held) != sorted(marked):
        yield "blanks", "the text marks other blanks than stand here; each is marked once, as [[1]]."


def arrange_fill(item: Item, chance: random.Random) -> list[str]:
    """Keys of every blank in an order of its own, as "blank:key"."""
    order = []
    for blank, choices in choices_of(item.body).items():
        keys = list(choices)
        chance.shuffle(keys)
        order += [f"{blank}:{key}" for key in keys]
    return order


def read_fill(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    return _values(given, {blank: set(keys) for blank, keys in choices_of(item.body).items()})


def mark_fill(item: Item, given: Given) -> Fraction:
    """The share of blanks that are right."""
    held = given if isinstance(given, dict) else {}
    blanks = item.body["blanks"]
    return Fraction(sum(held.get(blank["id"]) == "1" for blank in blanks), len(blanks))
