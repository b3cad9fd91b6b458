"""Single, multiple, true or false: options of which some are right."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from apps.marking.base import BadAnswer, Given, Item, Why
from apps.marking.words import doubles


def faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from doubles("options", [option["id"] for option in row["options"]])
    yield from doubles("options", [option["text"] for option in row["options"]])


def arrange(item: Item, chance: random.Random) -> list[str]:
    """The option ids in an order of their own; true and false keep theirs."""
    order = list(item.options)
    if item.kind != "truefalse":
        chance.shuffle(order)
    return order


def read(item: Item, given: Mapping[str, Sequence[str]]) -> Given:
    """The chosen ids in the question's order, each once."""
    chosen = given.get("chosen", ())
    picked = [option for option in item.options if option in chosen]
    if set(chosen) - set(item.options) or (item.kind != "multiple" and len(picked) > 1):
        raise BadAnswer(Why.FOREIGN)
    return picked


def mark(item: Item, given: Given) -> Fraction:
    """With several right options each right choice counts, each wrong one takes as much away."""
    picked = frozenset(given)
    if item.kind != "multiple":
        return Fraction(picked == item.right)
    hits, misses = len(picked & item.right), len(picked - item.right)
    return max(Fraction(0), Fraction(hits - misses, len(item.right)))
