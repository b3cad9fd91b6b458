"""What it would take: forcing a level into the plan, and the next thing that more budget would buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from apps.planning.chains import cost_of, gain_of, reach_of
from apps.planning.faults import NoPlan, ProblemFaults
from apps.planning.grain import shown
from apps.planning.plan import Plan, Question, plan_within
from apps.planning.problem import Problem, decimal_text, exact
from apps.planning.solver import Program, Rules, numbers_of


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What happens to the best plan when `indicator` must reach `level`.

    `loss` is the gain given up for it; `raised` and `lowered` the levels that change, as they then are.
    Where it is not `possible`, `reasons` says why and the rest is empty.
    """

    indicator: str
    level: int
    possible: bool
    loss: Fraction | None
    raised: tuple[tuple[str, int], ...]
    lowered: tuple[tuple[str, int], ...]
    reasons: tuple[str, ...]

    def as_document(self) -> dict[str, object]:
        return {
            "indicator": self.indicator,
            "level": self.level,
            "possible": self.possible,
            "loss": None if self.loss is None else exact(self.loss),
            "raised": _pairs(self.raised),
            "lowered": _pairs(self.lowered),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class MoreBudget:
    """The least that must be added to the budget before a plan gains more, and what it then gains more."""

    extra: Decimal
    gain: Fraction

    def as_document(self) -> dict[str, object]:
        return {"extra": decimal_text(self.extra), "gain": exact(self.gain)}


def why_not(problem: Problem, indicator: str, level: int | None = None) -> WhyNot:
    """Force a level (the next above the best plan, when None) and compare with the best plan.

    Raises ProblemFaults for an unknown indicator or a level it has no step to, NoPlan when even the problem
    itself has no plan.
    """
    item = problem.by_id.get(indicator)
    if item is None:
        raise ProblemFaults([f"indicator: no indicator has the id {shown(indicator)}."])
    before = plan_within(problem)
    wanted = before.levels.get(indicator, item.level) + 1 if level is None else level
    if not item.level <= wanted <= item.highest:
        raise ProblemFaults([f"level: {indicator} goes from level {item.level} to {item.highest}."])
    held = {**problem.at_least, indicator: max(wanted, problem.at_least.get(indicator, 0))}
    try:
        after = plan_within(replace(problem, at_least=held))
    except NoPlan as refusal:
        return WhyNot(indicator, wanted, False, None, (), (), tuple(refusal.faults))
    raised, lowered = _changes(before, after)
    return WhyNot(indicator, wanted, True, before.gain - after.gain, raised, lowered, ())


def more_budget(plan: Plan) -> MoreBudget | None:
    """Return the next thing that more budget would buy after a plan of most gain; None when there is none.

    It is exact: no smaller addition buys anything, and no plan at that cost gains more. None as well for a
    plan without a budget, or one that was only to reach a target.
    """
    problem = plan.problem
    if problem.budget is None or plan.question is not Question.MOST_GAIN:
        return None
    reach = reach_of(problem)
    if gain_of(problem, reach) == plan.gain:
        return None
    more = plan.gain + numbers_of(problem, reach).gain_unit
    rules = Rules(levels=tuple(problem.at_least.items()), gains=((tuple(reach), more),))
    levels = Program(problem, reach, rules).solve(most_gain_first=False, one_plan=False).levels
    return MoreBudget(cost_of(problem, levels) - problem.budget, gain_of(problem, levels) - plan.gain)


def _changes(before: Plan, after: Plan) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    items = before.problem.items
    old: Mapping[str, int] = {item.id: before.levels.get(item.id, item.level) for item in items}
    new: Mapping[str, int] = {item.id: after.levels.get(item.id, item.level) for item in items}
    raised = tuple((name, new[name]) for name in new if new[name] > old[name])
    lowered = tuple((name, new[name]) for name in new if new[name] < old[name])
    return raised, lowered


def _pairs(rows: tuple[tuple[str, int], ...]) -> list[dict[str, object]]:
    return [{"indicator": name, "level": level} for name, level in rows]
