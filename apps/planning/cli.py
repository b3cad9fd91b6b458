"""Planning without a site: a problem in, a plan or a frontier out, as text."""

from __future__ import annotations

import json
from fractions import Fraction

from apps.planning.explain import more_budget
from apps.planning.faults import ProblemFaults
from apps.planning.frontier import frontier
from apps.planning.grain import Grain
from apps.planning.plan import cheapest_to, plan_within
from apps.planning.problem import OVERALL, Problem, ReachLabel, ReachLevels, ReachScore, Target
from apps.planning.reading import parse_problem


def run(problem: str | bytes | Problem, *, points: int | None = None) -> str:
    """Answer a problem as JSON text: sorted keys, two spaces, one newline at the end.

    With `points` the answer is the frontier; else the cheapest plan to the target of the problem, or, where it
    has none, the plan that gains most within the budget, with what more budget would buy. The same problem
    gives the same bytes. Raises ProblemFaults, NoPlan or SolverFault.
    """
    problem = problem if isinstance(problem, Problem) else parse_problem(problem)
    if points is not None:
        document = frontier(problem, points).as_document()
    elif problem.target is not None:
        document = cheapest_to(problem).as_document()
    else:
        plan = plan_within(problem)
        more = more_budget(plan)
        document = {**plan.as_document(), "more_budget": None if more is None else more.as_document()}
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def target_of(words: str) -> tuple[Target, str | None]:
    """Read a target from a command line, with the profile it names if it does.

    "profile:ID" wants the levels of a profile, "wanted" those of the answers file; "score:60" or "score:GOV:60"
    a value; "label", "label:GOV" or "label:GOV:3" a label, the next one without a number.
    """
    kind, *rest = words.split(":")
    if kind == "profile" and len(rest) == 1 and rest[0]:
        return ReachLevels(), rest[0]
    if kind == "wanted" and not rest:
        return ReachLevels(), None
    if kind == "score" and 1 <= len(rest) <= 2:
        return ReachScore(_points(rest[-1]), rest[0] if len(rest) == 2 else OVERALL), None
    if kind == "label" and len(rest) <= 2:
        return ReachLabel(rest[0] if rest else OVERALL, _level(rest[1]) if len(rest) == 2 else None), None
    raise ProblemFaults(
        [
            "target: must be profile:ID, wanted, score:POINTS, score:PART:POINTS, label, label:PART or label:PART:LEVEL."
        ]
    )


def _points(text: str) -> Fraction:
    grain = Grain()
    points = grain.points(text, "target")
    grain.raise_if_any()
    return points


def _level(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ProblemFaults(["target: a label is a whole number, as in label:GOV:3."])
    return int(text)
