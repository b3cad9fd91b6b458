"""Why something is not in a plan: what it would take, what is left, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from apps.planning.chains import Levels, Stuck, closure_of, cost_of, gain_of, reach_of, stuck_at
from apps.planning.problem import Problem, decimal_text, exact


class Cause(StrEnum):
    """Why the next level of an indicator is not in the plan."""

    STUCK = "cannot-rise"
    OVER_BUDGET = "over-budget"
    NO_GAIN = "no-gain"
    NOT_NEEDED = "not-needed"
    NOT_PROVED = "not-proved"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One indicator whose next level is not in the plan.

    `needs` holds the levels that would have to be reached first, and `cost` and `gain` are of the step with
    all of them; `over` is how far that goes beyond what the plan leaves of the budget. They are empty where
    the indicator cannot rise at all; `stuck` then says why.
    """

    indicator: str
    level: int
    wanted: int | None
    cause: Cause
    stuck: Stuck | None = None
    needs: tuple[tuple[str, int], ...] = ()
    cost: Decimal | None = None
    gain: Fraction | None = None
    over: Decimal | None = None

    def as_document(self) -> dict[str, object]:
        return {
            "indicator": self.indicator,
            "level": self.level,
            "wanted": self.wanted,
            "cause": self.cause.value,
            "stuck": None if self.stuck is None else self.stuck.as_document(),
            "needs": [{"indicator": name, "level": level} for name, level in self.needs],
            "cost": None if self.cost is None else decimal_text(self.cost),
            "gain": None if self.gain is None else exact(self.gain),
            "over": None if self.over is None else decimal_text(self.over),
        }


def left_out_of(problem: Problem, levels: Levels, *, within: bool) -> tuple[LeftOut, ...]:
    """Return what could rise further or is wanted higher, in framework order.

    `within` says that the plan was to gain all it can; else it was only to reach its target.
    """
    reach = reach_of(problem)
    now = {item.id: levels.get(item.id, item.level) for item in problem.items}
    rows = []
    for item in problem.items:
        wanted = problem.wanted.get(item.id)
        wanted = wanted if wanted is not None and wanted > now[item.id] else None
        if now[item.id] < reach[item.id]:
            rows.append(_possible(problem, now, item.id, wanted, within=within))
        elif wanted is not None or now[item.id] < item.highest:
            stuck = stuck_at(problem, reach, item.id)
            rows.append(LeftOut(item.id, now[item.id] + 1, wanted, Cause.STUCK, stuck))
    return tuple(rows)


def _possible(problem: Problem, now: Levels, name: str, wanted: int | None, *, within: bool) -> LeftOut:
    level = now[name] + 1
    missing = {n: to for n, to in closure_of(problem, {name: level}).items() if to > now[n]}
    # From where the plan ends, not from where it began.
    cost = cost_of(problem, {**now, **missing}) - cost_of(problem, now)
    gain = gain_of(problem, {**now, **missing}) - gain_of(problem, now)
    over = None
    if problem.budget is not None:
        over = max(Decimal(), cost_of(problem, {**now, **missing}) - problem.budget)
    if not within:
        cause = Cause.NOT_NEEDED
    elif over:
        cause = Cause.OVER_BUDGET
    else:
        cause = Cause.NO_GAIN if not gain else Cause.NOT_PROVED
    needs = tuple((n, to) for n, to in missing.items() if n != name)
    return LeftOut(name, level, wanted, cause, None, needs, cost, gain, over)
