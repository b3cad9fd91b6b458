"""Every question of an assessment with its answer, as a list: what a program reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.assessments.choices import ResponseKind
from apps.assessments.selectors.board import BoardArea, Question, board_of
from apps.assessments.selectors.places import assessment_for


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question: `choice` is the number of a level, "unknown", "not_applicable", or "" without an answer.

    `version` is 0 without one. `carried` was answered by an earlier assessment only; `asked` is what a reviewer asks, `change` that a change
    of the answer is requested with it.
    """

    code: str
    area: str
    name: str
    key: bool
    choice: str
    reason: str
    why: str
    version: int
    who: str
    at: datetime | None
    evidence: int
    agreed: bool
    asked: str
    change: bool
    carried: bool


def answer_rows(user: User, member: str, assessment: str, *, area: str = "") -> list[AnswerRow]:
    """All questions in the order of the framework, or those of one area. Raises Http404. 9 queries at any size."""
    board = board_of(assessment_for(user, member, assessment))
    return [_row(laid, question) for laid, question in board.questions if area in ("", laid.code)]


def _row(area: BoardArea, question: Question) -> AnswerRow:
    given = question.response
    choice = "" if given is None else str(given.level) if given.kind == ResponseKind.LEVEL else given.kind
    return AnswerRow(
        code=question.code,
        area=area.code,
        name=question.indicator.name,
        key=question.indicator.key,
        choice=choice,
        reason=given.reason if given else "",
        why=given.why if given else "",
        version=given.version if given else 0,
        who=str(given.answered_by) if given else "",
        at=given.answered_at if given else None,
        evidence=len(question.evidence),
        agreed=bool(given and given.agreed_at),
        asked=question.remark.text if question.remark else "",
        change=question.change_requested,
        carried=question.carried is not None,
    )
