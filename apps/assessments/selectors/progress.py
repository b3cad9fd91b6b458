"""How far each question and area is, as one person sees it. Plain functions over a board; no queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.models import User
from apps.assessments.choices import Progress, ResponseKind
from apps.assessments.models import Assignment
from apps.assessments.selectors.board import Board, BoardArea, Question
from apps.members.choices import Role

TAGS = {
    Progress.NOT_STARTED: "none",
    Progress.IN_PROGRESS: "going",
    Progress.NEEDS_YOU: "you",
    Progress.BEING_REVIEWED: "going",
    Progress.COMPLETE: "done",
}

ANSWERING = (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, with the role in the member that decides what waits for them."""

    user: User
    role: str

    def answers(self, question: Question, assignment: Assignment | None) -> bool:
        """Whether a question that was asked back waits for this person."""
        if assignment and assignment.respondent_id:
            return assignment.respondent_id == self.user.pk
        return bool(question.response and question.response.answered_by_id == self.user.pk)

    def reviews(self, question: Question, assignment: Assignment | None) -> bool:
        """Whether the answer waits for this person's review: the area's reviewer, else any lead but its author."""
        if question.response is None or question.response.answered_by_id == self.user.pk:
            return False
        if assignment and assignment.reviewer_id:
            return assignment.reviewer_id == self.user.pk
        return self.role == Role.LEAD


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is answered, and how; shown wherever a draft is. `unconfirmed` were carried over and count as unanswered."""

    total: int
    rated: int
    unknown: int
    not_applicable: int
    with_evidence: int
    unconfirmed: int = 0

    @property
    def answered(self) -> int:
        return self.rated + self.unknown + self.not_applicable

    @property
    def unanswered(self) -> int:
        return self.total - self.answered

    @property
    def percent(self) -> int:
        return 100 * self.answered // self.total if self.total else 0

    @property
    def evidence_percent(self) -> int:
        return 100 * self.with_evidence // self.rated if self.rated else 0


def coverage_of(questions: list[Question]) -> Coverage:
    """Count the answers of these questions by kind."""
    kinds = Counter(q.response.kind for q in questions if q.response)
    supported = sum(
        1 for q in questions if q.response and q.response.kind == ResponseKind.LEVEL and q.evidence
    )
    return Coverage(
        len(questions),
        kinds[ResponseKind.LEVEL],
        kinds[ResponseKind.UNKNOWN],
        kinds[ResponseKind.NOT_APPLICABLE],
        supported,
        sum(q.carried is not None for q in questions),
    )


def question_progress(question: Question, assignment: Assignment | None, viewer: Viewer) -> Progress:
    """One question: asked back, waiting for review, answered or not."""
    response = question.response
    if response is None:
        return Progress.NOT_STARTED
    if question.remark:
        return Progress.NEEDS_YOU if viewer.answers(question, assignment) else Progress.BEING_REVIEWED
    sent = assignment is not None and assignment.sent_to_review_at is not None
    if question.rivals or (sent and response.agreed_at is None):
        return Progress.NEEDS_YOU if viewer.reviews(question, assignment) else Progress.BEING_REVIEWED
    return Progress.COMPLETE


def area_progress(area: BoardArea, viewer: Viewer) -> Progress:
    """One area. It is complete when every answer is given, sent and agreed."""
    found = [question_progress(question, area.assignment, viewer) for question in area.questions]
    if Progress.NEEDS_YOU in found:
        return Progress.NEEDS_YOU
    if area.answered == 0:
        return Progress.NOT_STARTED
    if Progress.NOT_STARTED in found:
        return Progress.IN_PROGRESS
    if Progress.BEING_REVIEWED in found:
        return Progress.BEING_REVIEWED
    sent = area.assignment is not None and area.assignment.sent_to_review_at is not None
    return Progress.COMPLETE if sent else Progress.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions of an assessment by progress; the five add up to the total. Shown as one bar."""

    complete: int
    being_reviewed: int
    need_you: int
    not_started: int

    @property
    def total(self) -> int:
        return self.complete + self.being_reviewed + self.need_you + self.not_started

    @property
    def answered(self) -> int:
        return self.total - self.not_started


def counts_of(board: Board, viewer: Viewer) -> Counts:
    """Count the questions by progress."""
    found = Counter(question_progress(q, area.assignment, viewer) for area, q in board.questions)
    return Counts(
        found[Progress.COMPLETE],
        found[Progress.BEING_REVIEWED],
        found[Progress.NEEDS_YOU],
        found[Progress.NOT_STARTED],
    )


def is_mine(area: BoardArea, viewer: Viewer) -> bool:
    """Whether the person answers this area: it was given to them, or to nobody."""
    respondent = area.assignment.respondent_id if area.assignment else None
    return respondent is None or respondent == viewer.user.pk


def is_open(question: Question, assignment: Assignment | None, viewer: Viewer) -> bool:
    """Whether the question waits for an answer of this person."""
    return question.response is None or (question.remark is not None and viewer.answers(question, assignment))


def left_of(board: Board, viewer: Viewer) -> int:
    """How many questions wait for an answer in the areas given to this person; without any, in those given to nobody."""
    areas = [area for area in board.areas if is_mine(area, viewer)]
    given = [area for area in areas if area.assignment and area.assignment.respondent_id]
    return sum(is_open(q, area.assignment, viewer) for area in given or areas for q in area.questions)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question in the order of the framework: whether it waits for the person, and whether its area is theirs."""

    area: str
    code: str
    mine: bool
    given: bool
    open: bool


def next_turn(turns: Sequence[Turn], *, after: str = "") -> Turn | None:
    """The next open question of the person's areas after the question with code `after`, going round once.

    Questions of the same area come first, then areas given to the person, then those given to nobody.
    """
    start = next((n + 1 for n, turn in enumerate(turns) if turn.code == after), 0)
    here = turns[start - 1].area if start else ""
    round_once = (*turns[start:], *turns[:start])
    waiting = [turn for turn in round_once if turn.code != after and turn.mine and turn.open]
    same = [turn for turn in waiting if turn.area == here]
    given = [turn for turn in waiting if turn.given]
    return next(iter(same or given or waiting), None)


def next_open(board: Board, viewer: Viewer, *, after: str = "") -> tuple[BoardArea, Question] | None:
    """`next_turn` over a board."""
    rows = {q.code: (area, q) for area, q in board.questions}
    turns = [
        Turn(
            area.code,
            question.code,
            is_mine(area, viewer),
            bool(area.assignment and area.assignment.respondent_id == viewer.user.pk),
            is_open(question, area.assignment, viewer),
        )
        for area, question in rows.values()
    ]
    found = next_turn(turns, after=after)
    return rows[found.code] if found else None
