"""Generated answers on the small framework, the same for the same seed."""

from __future__ import annotations

import random
from typing import Any

from apps.scoring import parse_answers, parse_framework, score
from tests.factories import SMALL

SPEC = parse_framework(SMALL, scope="organisational")


def scored(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Seeded answers and their document: levels, grades and what is not known."""
    dice = random.Random(seed)
    answers: dict[str, Any] = {}
    for code in SPEC.by_code:
        level, grade = dice.randint(0, 5), dice.choice(("E0", "E1", "E2", "E3"))
        answers[code] = (
            {"level": level, "evidence": grade, "dated": "2025-11-01"} if grade != "E0" else {"level": level}
        )
        if dice.random() < 0.1:
            answers[code] = {"unknown": True}
    sheet = {
        "framework": "small",
        "version": "1.0",
        "scope": "organisational",
        "on": "2026-05-06",
        "answers": answers,
    }
    parsed = parse_answers(sheet, SPEC)
    return sheet, score(SPEC, parsed.answers, on=parsed.on, targets=parsed.targets).as_document()
