"""What a target asks of a plan, and why one cannot be reached: decided exactly, before any solving."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from apps.planning.chains import Levels, Obstacle, closure_of, cost_of, gain_of, stuck_at
from apps.planning.faults import NoPlan, ProblemFaults
from apps.planning.problem import Part, Problem, ReachLabel, ReachLevels, Target, decimal_text
from apps.planning.reading import with_target
from apps.planning.solver import Rules


def aimed(problem: Problem, target: Target | None) -> tuple[Problem, Target]:
    """Return the problem with the target to plan for, and that target. Raises ProblemFaults where it has none, or no such."""
    if target is not None:
        return with_target(problem, target), target
    if problem.target is None:
        raise ProblemFaults(["target: the problem names none, so there is nothing to reach."])
    return problem, problem.target


def lock_faults(problem: Problem, reach: Levels, *, within: Decimal | None) -> list[str]:
    """Why the locks cannot be kept, each a sentence with its place; empty when they can."""
    faults = level_faults(problem, reach, "at_least", problem.at_least)
    least = cost_of(problem, closure_of(problem, problem.at_least)) if not faults else Decimal()
    if within is not None and least > within:
        faults.append(
            f"budget: what is locked in costs {decimal_text(least)} with its prerequisites, "
            f"more than the budget of {decimal_text(within)}."
        )
    return faults


def level_faults(problem: Problem, reach: Levels, place: str, levels: Mapping[str, int]) -> list[str]:
    """For each level that no budget could reach: which, and the chain of reasons down to the first."""
    return [
        f"{place}.{name}: level {level} cannot be reached. {_reasons(problem, reach, name)}"
        for name, level in levels.items()
        if level > reach[name]
    ]


def _reasons(problem: Problem, reach: Levels, name: str) -> str:
    stuck = stuck_at(problem, reach, name)
    sentences = [stuck.sentence()]
    while stuck.obstacle is Obstacle.PREREQUISITE and stuck.requires is not None:
        stuck = stuck_at(problem, reach, stuck.requires)
        sentences.append(stuck.sentence())
    return " ".join(sentences)


def rules_to_reach(problem: Problem, reach: Levels, target: Target) -> Rules:
    """What a plan must keep to reach a target. Raises NoPlan when none can."""
    levels: dict[str, int] = {}
    needs: list[tuple[Part, Fraction]] = []
    if isinstance(target, ReachLevels):
        levels = dict(problem.wanted)
    elif isinstance(target, ReachLabel):
        part = _part(problem, target.part)
        label = _label(problem, part, target)
        levels = dict.fromkeys(part.keys, label - 1) if label else {}
        needs = [(part, part.labels[label - 1])] if label else []
    else:
        needs = [(_part(problem, target.part), target.at_least)]
    faults = lock_faults(problem, reach, within=None) + level_faults(problem, reach, "target", levels)
    faults += [sentence for part, points in needs if (sentence := _too_high(problem, reach, part, points))]
    if faults:
        raise NoPlan(faults)
    return Rules(
        levels=tuple(
            {
                n: max(levels.get(n, 0), problem.at_least.get(n, 0)) for n in (*levels, *problem.at_least)
            }.items()
        ),
        gains=tuple(
            (part.members, (points - part.value) / part.factor)
            for part, points in needs
            if points > part.value
        ),
    )


def _label(problem: Problem, part: Part, target: ReachLabel) -> int:
    now = part.label_at(part.value, min((problem.by_id[n].level for n in part.keys), default=None)) or 0
    label = now + 1 if target.level is None else target.level
    if label > len(part.labels):
        raise NoPlan([f"target: {part.id} has no label above {len(part.labels)}."])
    return label


def _part(problem: Problem, name: str) -> Part:
    return next(part for part in problem.parts if part.id == name)


def _too_high(problem: Problem, reach: Levels, part: Part, points: Fraction) -> str | None:
    most = part.value + part.factor * gain_of(problem, reach, part.members)
    if points <= most:
        return None
    return f"target: {part.id} can come to {_shown(most)} at most, not to {_shown(points)}."


def _shown(points: Fraction) -> str:
    """Points cut, not rounded, to two decimals: a limit must not look higher than it is."""
    hundredths = points.numerator * 100 // points.denominator
    return decimal_text(Decimal(hundredths) / 100)
