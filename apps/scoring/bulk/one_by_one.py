"""The exact path over the same arrays, one assessment after the other: any method, any framework, slower."""

from __future__ import annotations

from collections.abc import Iterator

from apps.scoring.bulk.cells import FIRST_LEVEL, BulkAnswers
from apps.scoring.bulk.denominators import NotInBulk
from apps.scoring.bulk.plan import Basis, BulkPlan
from apps.scoring.methods import find_method
from apps.scoring.model import FrameworkSpec
from apps.scoring.parts import ScoreSet, coverages_of
from apps.scoring.plan import Plan, plan_of
from apps.scoring.sheet import NOT_APPLICABLE, UNANSWERED, UNKNOWN, Sheet

# By cell: unanswered, not applicable, unknown.
KINDS = (UNANSWERED, NOT_APPLICABLE, UNKNOWN)


def score_sets(framework: FrameworkSpec, answers: BulkAnswers, *, basis: Basis) -> Iterator[ScoreSet]:
    """Yield the scores of every assessment in order: from the bulk path where it can, else from the exact one."""
    try:
        scores = BulkPlan.for_framework(framework).score(answers, basis=basis)
    except NotInBulk:
        yield from exact_score_sets(framework, answers, basis=basis)
    else:
        yield from (scores.score_set(number) for number in range(len(scores)))


def exact_score_sets(framework: FrameworkSpec, answers: BulkAnswers, *, basis: Basis) -> Iterator[ScoreSet]:
    """Yield the scores of every assessment from the exact path, whatever the framework's method."""
    plan, method = plan_of(framework), find_method(framework.method)
    for number in range(len(answers)):
        sheet = sheet_at(plan, answers, number)
        levels = sheet.claimed if basis == "claimed" else sheet.evidenced
        yield method.score_set(plan, sheet, levels, coverages_of(plan, sheet.kinds))


def sheet_at(plan: Plan, answers: BulkAnswers, number: int) -> Sheet:
    """Return one column of the arrays as the exact path counts it."""
    cells, grades = answers.cells[:, number].tolist(), answers.grades[:, number].tolist()
    rated = [cell >= FIRST_LEVEL for cell in cells]
    kinds = [g if given else KINDS[cell] for cell, g, given in zip(cells, grades, rated, strict=True)]
    claimed = [max(cell - FIRST_LEVEL, 0) for cell in cells]
    caps = [row[grade] for row, grade in zip(plan.caps, grades, strict=True)]
    return Sheet(kinds=kinds, claimed=claimed, evidenced=[*map(min, claimed, caps)])
