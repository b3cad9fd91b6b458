"""What a roadmap is asked for, and the planning problem that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.assessments.models import Result, TargetSet
from apps.mentoring.choices import DAYS, MONEY, Unit
from apps.planning import Costs, Problem, ReachLabel, ReachLevels, ReachScore, Target, problem_from_score
from apps.planning.chains import gain_of, reach_of, stuck_at

WITHIN, NEXT, WANTED, SCORE, PROFILE, SET = "within", "next", "wanted", "score", "profile.", "set."
PERSON_DAYS = "person-days"


@dataclass(frozen=True, slots=True)
class RoadmapQuestion:
    """What to find: `ask` is within, next, wanted, score, `profile.<id>` or `set.<public id>`.

    Costs of one step are in `unit` (person-days, or the name of a currency), by effort 1–3; `own` are those of single
    indicators. `levels` are the targets of a saved set, as they were when it was asked.
    """

    ask: str
    unit: str
    practice: tuple[Decimal, Decimal, Decimal]
    evidence: tuple[Decimal, Decimal, Decimal]
    budget: Decimal | None = None
    score: Decimal | None = None
    own: Mapping[str, Decimal] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    name: str = ""

    def as_document(self) -> dict[str, Any]:
        """JSON-able data; decimals as text."""
        return {
            "ask": self.ask,
            "unit": self.unit,
            "practice": [str(cost) for cost in self.practice],
            "evidence": [str(cost) for cost in self.evidence],
            "budget": None if self.budget is None else str(self.budget),
            "score": None if self.score is None else str(self.score),
            "own": {code: str(cost) for code, cost in sorted(self.own.items())},
            "levels": dict(sorted(self.levels.items())),
            "name": self.name,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> RoadmapQuestion:
        """The question as it was stored."""
        one, two, three = (Decimal(cost) for cost in document["practice"])
        e1, e2, e3 = (Decimal(cost) for cost in document["evidence"])
        return cls(
            ask=document["ask"],
            unit=document["unit"],
            practice=(one, two, three),
            evidence=(e1, e2, e3),
            budget=None if document["budget"] is None else Decimal(document["budget"]),
            score=None if document["score"] is None else Decimal(document["score"]),
            own={code: Decimal(cost) for code, cost in document["own"].items()},
            levels=document["levels"],
            name=document["name"],
        )


def within(question: Mapping[str, Any]) -> bool:
    """Whether a stored question asks for the most within a budget."""
    return bool(question["ask"] == WITHIN)


def default_costs(unit: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What a step of effort 1, 2, 3 costs until somebody knows better: of practice, and of evidence."""
    return MONEY if unit == Unit.MONEY else DAYS


def problem_of(result: Result, question: RoadmapQuestion) -> Problem:
    """The planning problem of a question. Raises ProblemFaults where the method or the costs do not allow it."""
    problem = problem_from_score(
        result.document,
        result.assessment.version_of.document,
        costs=Costs(_by_effort(question.practice), _by_effort(question.evidence), dict(question.own)),
        unit=question.unit,
        budget=question.budget,
        profile=question.ask.removeprefix(PROFILE) if question.ask.startswith(PROFILE) else None,
        target=target_of(question),
    )
    if not question.ask.startswith(SET):
        return problem
    highest = {item.id: item.highest for item in problem.items}
    wanted = {code: min(n, highest[code]) for code, n in question.levels.items() if code in highest}
    return replace(problem, wanted=wanted)


def target_of(question: RoadmapQuestion) -> Target | None:
    """The target of planning that a question names; None for the most within a budget."""
    if question.ask == WITHIN:
        return None
    if question.ask == NEXT:
        return ReachLabel()
    if question.ask == SCORE:
        return ReachScore(Fraction(question.score or 0))
    return ReachLevels()


def _by_effort(costs: tuple[Decimal, ...]) -> dict[int, Decimal]:
    return dict(enumerate(costs, start=1))


def levels_of_set(result: Result, choice: str) -> tuple[str, dict[str, int]] | None:
    """(name, levels) of a saved target set of the result's member; None when there is no such."""
    rows = TargetSet.objects.filter(member=result.member_id, public_id=choice.removeprefix(SET))
    found = rows.first()
    return (found.name, found.levels) if found else None


def refusal(problem: Problem) -> dict[str, Any]:
    """Why the target of a problem is out of reach, as facts: what each indicator gets stuck on, or the most there is."""
    reach = reach_of(problem)
    if isinstance(problem.target, ReachLevels):
        stuck = [
            {"wanted": level, **stuck_at(problem, reach, code).as_document()}
            for code, level in problem.wanted.items()
            if level > reach[code]
        ]
        return {"stuck": stuck}
    whole = problem.parts[0] if problem.parts else None
    if whole is None:
        return {}
    most = whole.value + whole.factor * gain_of(problem, reach, whole.members)
    lowest = min((problem.by_id[code].level for code in whole.keys), default=None)
    needed = whole.label_at(whole.value, lowest) or 0
    keys = [code for code in whole.keys if reach[code] < needed]
    stuck = [stuck_at(problem, reach, code).as_document() for code in keys]
    return {"most": f"{most.numerator}/{most.denominator}", "stuck": stuck}
