"""Answers carried over from an earlier assessment, as pages show them until somebody confirms them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.assessments.choices import NotApplicableReason, ResponseKind
from apps.assessments.models import CarriedAnswer
from apps.assessments.selectors.scales import OwnScale


@dataclass(frozen=True, slots=True)
class Carried:
    """An unconfirmed answer. `title` is the assessment it was given in, `codes` the questions where they were others."""

    level: int | None
    level_name: str
    highest: int
    words: str
    reason_label: str
    why: str
    who: str
    at: datetime
    title: str
    codes: tuple[str, ...]


def carried_answer(row: CarriedAnswer | None, scale: OwnScale, code: str) -> Carried | None:
    """The unconfirmed answer to the question `code`, with what its level is called there."""
    if row is None:
        return None
    return Carried(
        level=row.level,
        level_name=scale.name(row.level),
        highest=scale.highest,
        words="" if row.kind == ResponseKind.LEVEL else str(ResponseKind(row.kind).label),
        reason_label=str(NotApplicableReason(row.reason).label) if row.reason else "",
        why=row.why,
        who=str(row.answered_by),
        at=row.answered_at,
        title=row.came_from.title,
        codes=() if row.codes == [code] else tuple(row.codes),
    )
