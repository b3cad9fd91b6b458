"""What to work on first: gap, weight, what it unlocks and effort, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from apps.scoring.evidence import Support, grade_for, support_of
from apps.scoring.model import (
    Answer,
    FrameworkSpec,
    Grade,
    IndicatorSpec,
    NotApplicable,
    Prerequisite,
    Rated,
    State,
    state_of,
)
from apps.scoring.parts import level_of

UNLOCK_STEP = Fraction(1, 5)
UNLOCK_MOST = Fraction(2)

WorkList = Literal["do_now", "build", "prepare", "find_out"]


@dataclass(frozen=True, slots=True)
class Blocker:
    """A prerequisite that is not met: at `level` (None while unanswered), needed at `required`."""

    code: str
    required: int
    level: int | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next level to reach: one above the evidenced one, never the whole distance to the target.

    `work` is "evidence" when the level is claimed already and only has to be shown, with `grade` at least.
    """

    level: int
    work: Literal["evidence", "practice"]
    grade: Grade


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """Everything found out about one indicator. `gap` is a share of its own scale, 0–1; `highest` ends that scale.

    Levels, gap and priority are None where the indicator does not count (not applicable, unanswered).
    `work_list` is None where there is nothing to do. `start_with` names the unmet prerequisites that are
    not blocked themselves.
    """

    spec: IndicatorSpec
    state: State
    claimed: int | None
    evidenced: int | None
    support: Support | None
    reason: str | None
    target: int
    gap: Fraction | None
    unlock: Fraction
    priority: Fraction | None
    blocked_by: tuple[Blocker, ...]
    start_with: tuple[str, ...]
    work_list: WorkList | None
    next_step: NextStep | None
    highest: int

    @property
    def code(self) -> str:
        return self.spec.code


@dataclass(frozen=True, slots=True)
class Priorities:
    """The four lists, each from the highest priority down."""

    do_now: tuple[IndicatorResult, ...]
    build: tuple[IndicatorResult, ...]
    prepare: tuple[IndicatorResult, ...]
    find_out: tuple[IndicatorResult, ...]


def indicator_results(
    framework: FrameworkSpec,
    given: Mapping[str, Answer],
    evidenced: Mapping[str, int],
    *,
    targets: Mapping[str, int],
    on: date,
) -> tuple[IndicatorResult, ...]:
    """Return the result of every indicator, in the order of the framework; `evidenced` holds every level that counts."""
    unlocks = unlock_factors(framework)
    blockers = blockers_of(framework, given, evidenced)
    return tuple(
        _indicator_result(
            spec,
            given[spec.code],
            level=evidenced.get(spec.code),
            target=targets[spec.code],
            unlock=unlocks[spec.code],
            blocked_by=blockers[spec.code],
            start_with=_start_with(spec.code, blockers),
            highest=framework.scale_of(spec).highest,
            on=on,
        )
        for spec in framework.indicators
    )


def _indicator_result(
    spec: IndicatorSpec,
    answer: Answer,
    *,
    level: int | None,
    target: int,
    unlock: Fraction,
    blocked_by: tuple[Blocker, ...],
    start_with: tuple[str, ...],
    highest: int,
    on: date,
) -> IndicatorResult:
    claimed, state = level_of(answer), state_of(answer)
    gap = None if level is None else Fraction(max(0, target - level), highest)
    return IndicatorResult(
        spec=spec,
        state=state,
        claimed=claimed,
        evidenced=level,
        support=support_of(answer, on=on, highest=highest) if isinstance(answer, Rated) else None,
        reason=answer.reason if isinstance(answer, NotApplicable) else None,
        target=target,
        gap=gap,
        unlock=unlock,
        priority=None if gap is None else priority_of(spec, gap=gap, unlock=unlock),
        blocked_by=blocked_by,
        start_with=start_with,
        work_list=_work_list(spec, state=state, gap=gap, blocked=bool(blocked_by)),
        next_step=_next_step(claimed, level, highest),
        highest=highest,
    )


def priority_of(spec: IndicatorSpec, *, gap: Fraction, unlock: Fraction) -> Fraction:
    """Return 100 × gap × weight × unlock ÷ effort; gap 3/5, key, unlock 2, effort 1 → 240."""
    return 100 * gap * spec.weight * unlock / spec.effort


def unlock_factors(framework: FrameworkSpec) -> dict[str, Fraction]:
    """Return min(2, 1 + 0.2 × indicators that depend on it, directly or through others) by code."""
    dependents: dict[str, list[str]] = {}
    for link in framework.prerequisites:
        dependents.setdefault(link.requires, []).append(link.indicator)
    return {
        spec.code: min(UNLOCK_MOST, 1 + UNLOCK_STEP * len(_reached(spec.code, dependents)))
        for spec in framework.indicators
    }


def _reached(start: str, links: Mapping[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = [code for code in links.get(waiting.pop(), ()) if code not in reached]
        reached.update(fresh)
        waiting.extend(fresh)
    return reached


def blockers_of(
    framework: FrameworkSpec, given: Mapping[str, Answer], evidenced: Mapping[str, int]
) -> dict[str, tuple[Blocker, ...]]:
    """Return the unmet prerequisites of every indicator, judged on evidenced levels.

    Unknown counts 0 and unanswered counts as not met, since nothing shows that it is. A prerequisite
    that is not applicable blocks nothing: it can never be reached and is not missed.
    """
    blockers: dict[str, list[Blocker]] = {spec.code: [] for spec in framework.indicators}
    for link in framework.prerequisites:
        blocker = _blocker(link, given[link.requires], evidenced.get(link.requires))
        if blocker:
            blockers[link.indicator].append(blocker)
    return {code: tuple(found) for code, found in blockers.items()}


def _blocker(link: Prerequisite, answer: Answer, level: int | None) -> Blocker | None:
    if isinstance(answer, NotApplicable):
        return None
    if level is not None and level >= link.at_level:
        return None
    return Blocker(link.requires, required=link.at_level, level=level)


def _start_with(code: str, blockers: Mapping[str, tuple[Blocker, ...]]) -> tuple[str, ...]:
    links = {blocked: [blocker.code for blocker in found] for blocked, found in blockers.items()}
    in_the_way = _reached(code, links)
    return tuple(other for other in blockers if other in in_the_way and not blockers[other])


def _work_list(spec: IndicatorSpec, *, state: State, gap: Fraction | None, blocked: bool) -> WorkList | None:
    if state == "unknown":
        return "find_out"
    if not gap:
        return None
    if blocked:
        return "prepare"
    return "do_now" if spec.effort == 1 else "build"


def _next_step(claimed: int | None, evidenced: int | None, highest: int) -> NextStep | None:
    if claimed is None or evidenced is None or evidenced >= highest:
        return None
    level = evidenced + 1
    return NextStep(
        level=level, work="evidence" if claimed >= level else "practice", grade=grade_for(level, highest)
    )


def priorities_of(indicators: Iterable[IndicatorResult]) -> Priorities:
    """Sort the work into its four lists: priority first, then key indicators, then framework order."""
    order = sorted(
        (row for row in indicators if row.work_list), key=lambda r: (-(r.priority or 0), not r.spec.key)
    )
    lists: dict[WorkList, tuple[IndicatorResult, ...]] = {
        name: tuple(row for row in order if row.work_list == name)
        for name in ("do_now", "build", "prepare", "find_out")
    }
    return Priorities(**lists)
