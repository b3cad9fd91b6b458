"""Small planning problems, written and drawn."""

from __future__ import annotations

import random
from typing import Any

Document = dict[str, Any]


def indicator(name: str, level: int = 0, *steps: tuple[Any, Any], **more: Any) -> Document:
    return {"id": name, "level": level, "steps": [{"cost": c, "gain": g} for c, g in steps], **more}


def problem(*indicators: Document, requires: tuple[tuple[str, str, int], ...] = (), **more: Any) -> Document:
    links = [{"indicator": a, "requires": b, "at_level": n} for a, b, n in requires]
    return {"unit": "person-days", "indicators": list(indicators), "prerequisites": links, **more}


def whole(*names: str, value: Any = 0, keys: tuple[str, ...] = (), **more: Any) -> Document:
    """The overall score, called 1, 2 … from every 20 points."""
    part = {"id": "overall", "value": value, "indicators": list(names), "keys": list(keys)}
    return part | {"labels": [20, 40, 60, 80, 100]} | more


def drawn(seed: int, most: int = 14) -> Document:
    """A random problem of at most `most` indicators with few enough combinations to try them all."""
    dice = random.Random(seed)
    count = dice.randint(1, most)
    names = [f"I{n}" for n in range(count)]
    long = set(dice.sample(names, min(count, 4)))
    indicators = [_indicator(dice, name, 2 if name in long else 1) for name in names]
    links = []
    for later in range(1, count):
        if dice.random() < 0.4:
            earlier = dice.randrange(later)
            links.append((names[later], names[earlier], dice.randint(0, 3)))
    total = sum(float(step["cost"]) for row in indicators for step in row["steps"])
    document = problem(*indicators, requires=tuple(links), budget=f"{total * dice.random():.1f}")
    if dice.random() < 0.3:
        document["budget"] = None
    at_least = {
        row["id"]: row["level"] + dice.randint(0, len(row["steps"]))
        for row in indicators
        if dice.random() < 0.12
    }
    document["at_least"] = at_least
    document["at_most"] = {
        n: max(at_least.get(n, 0), dice.randint(0, 2)) for n in names if dice.random() < 0.12
    }
    document["wanted"] = {n: dice.randint(0, 3) for n in names if dice.random() < 0.4}
    keys = tuple(n for n in names if dice.random() < 0.3)
    inside = dice.sample(names, max(1, count // 2))
    document["parts"] = [
        whole(*names, value=str(dice.randint(0, 70)), keys=keys),
        whole(*inside, id="half", value="41/3", factor="7/2", keys=(), labels=["15", "33/2", "20", "40"]),
    ]
    return document


def _indicator(dice: random.Random, name: str, steps: int) -> Document:
    cost = lambda: dice.choice([0, 1, 2, 3, 5, 8, "2.5", "0.25"])  # noqa: E731
    gain = lambda: dice.choice([0, 1, 2, "5/3", "7/4", "0.4", 4])  # noqa: E731
    return indicator(name, dice.randint(0, 2), *((cost(), gain()) for _ in range(dice.randint(0, steps))))
