"""Small frameworks and answers for the scoring tests."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from apps.scoring import Answer, FrameworkSpec, Grade, Rated, Unanswered
from apps.scoring.model import AreaSpec, IndicatorSpec, MethodRef, Prerequisite, Scale

TODAY = date(2026, 5, 1)
RECENTLY = date(2026, 1, 15)
LEVEL_NAMES = ("Absent", "Initial", "Developing", "Established", "Managed", "Adaptive")
SCALE = Scale(LEVEL_NAMES)


def indicator(
    code: str, *, key: bool = False, weight: Fraction | int | None = None, effort: int = 1
) -> IndicatorSpec:
    """Codes read dimension.area.number, as in A.1.2."""
    area = code.rpartition(".")[0]
    own = Fraction(weight) if weight is not None else Fraction(2 if key else 1)
    return IndicatorSpec(code, area, area.rpartition(".")[0], key=key, weight=own, effort=effort)


def framework(*indicators: IndicatorSpec, requires: tuple[tuple[str, str, int], ...] = ()) -> FrameworkSpec:
    areas = dict.fromkeys(i.area for i in indicators)
    return FrameworkSpec(
        "tiny",
        "1",
        "national",
        MethodRef("shared-mean", 1),
        SCALE,
        dimensions=tuple(dict.fromkeys(i.dimension for i in indicators)),
        areas=tuple(AreaSpec(area, area.rpartition(".")[0]) for area in areas),
        indicators=indicators,
        prerequisites=tuple(Prerequisite(*link) for link in requires),
    )


def proven(level: int) -> Rated:
    """A level that its evidence supports in full."""
    return Rated(level, Grade.E3, RECENTLY)


def at(answers: dict[str, Answer | int]) -> dict[str, Answer]:
    return {code: proven(a) if isinstance(a, int) else a for code, a in answers.items()}


def without(answers: dict[str, Answer], code: str) -> dict[str, Answer]:
    return {**answers, code: Unanswered()}


def framework_document(**changes: Any) -> dict[str, Any]:
    """The document form of a small framework of both scopes."""
    document: dict[str, Any] = {
        "id": "tiny",
        "version": "1.0",
        "language": "en",
        "name": "A tiny framework",
        "scale": {
            "levels": [{"level": n, "name": name, "meaning": "…"} for n, name in enumerate(LEVEL_NAMES)]
        },
        "method": {"name": "shared-mean", "version": 1},
        "dimensions": [{"id": "A", "name": "First"}, {"id": "B", "name": "Second"}],
        "areas": [
            {"id": "A.1", "dimension": "A", "name": "One"},
            {"id": "A.2", "dimension": "A", "name": "Two"},
            {"id": "B.1", "dimension": "B", "name": "Three"},
        ],
        "indicators": [
            {"id": "A.1.1", "area": "A.1", "scope": "both", "key": True, "effort": 1},
            {"id": "A.1.2", "area": "A.1", "scope": "national", "key": False, "effort": 2},
            {"id": "A.2.1", "area": "A.2", "scope": "organisational", "key": False, "effort": 1},
            {"id": "B.1.1", "area": "B.1", "scope": "both", "key": False, "effort": 3, "weight": "3/2"},
        ],
        "prerequisites": [
            {"indicator": "A.1.2", "requires": "A.1.1", "at_level": 2},
            {"indicator": "B.1.1", "requires": "A.2.1", "at_level": 2},
        ],
        "profiles": [
            {
                "id": "basic",
                "name": "Basic",
                "scope": "both",
                "targets": {"default": 2, "indicators": {"A.2.1": 4}},
            },
            {"id": "nation", "name": "Nation", "scope": "national", "targets": {"default": 3}},
        ],
    }
    return document | changes


def answers_document(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "framework": "tiny",
        "version": "1.0",
        "scope": "national",
        "on": "2026-05-01",
        "answers": {
            "A.1.1": {"level": 3, "evidence": "E2", "dated": "2025-11-01"},
            "A.1.2": {"unknown": True},
            "B.1.1": {"not_applicable": "no such body"},
        },
    }
    return document | changes
