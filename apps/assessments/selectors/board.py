"""Everything about one or more assessments in a constant number of queries: areas, questions, answers, evidence."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.assessments.choices import RemarkKind
from apps.assessments.models import (
    Assessment,
    Assignment,
    CarriedAnswer,
    Draft,
    EvidenceLink,
    Remark,
    Response,
)
from apps.frameworks.models import Area, Indicator


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator as asked in one assessment. `rivals` are drafts that the reviewer was asked to weigh.

    `remark` is what a reviewer waits for: a change that was requested before any question, then the newest.
    `undecided` are people with a draft that a colleague's answer overtook, by name alone: their words are their own.
    `carried` is the answer of an earlier assessment that nobody has confirmed yet; None once there is a response.
    """

    indicator: Indicator
    response: Response | None
    evidence: tuple[EvidenceLink, ...]
    remark: Remark | None
    rivals: tuple[Draft, ...]
    carried: CarriedAnswer | None = None
    undecided: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def change_requested(self) -> bool:
        """Whether a reviewer requests that the answer changes."""
        return self.remark is not None and self.remark.kind == RemarkKind.CHANGE


@dataclass(frozen=True, slots=True)
class BoardArea:
    """An area with the questions of the assessment's scope, and who answers and reviews it."""

    area: Area
    assignment: Assignment | None
    questions: tuple[Question, ...]

    @property
    def code(self) -> str:
        return self.area.code

    @property
    def answered(self) -> int:
        return sum(question.response is not None for question in self.questions)

    @property
    def unconfirmed(self) -> int:
        """Questions that only an earlier assessment answers."""
        return sum(question.carried is not None for question in self.questions)


@dataclass(frozen=True, slots=True)
class Board:
    """An assessment laid out in the order of its framework.

    `carried_from` are the titles of the earlier assessments that answers came over from; `taken_up` says whether any of
    those questions has an answer now.
    """

    assessment: Assessment
    areas: tuple[BoardArea, ...]
    carried_from: tuple[str, ...] = ()
    taken_up: bool = False

    @property
    def questions(self) -> Iterator[tuple[BoardArea, Question]]:
        for area in self.areas:
            for question in area.questions:
                yield area, question

    def area(self, code: str) -> BoardArea:
        """The area with this code. Raises StopIteration for a code that the board does not have."""
        return next(area for area in self.areas if area.code == code)


def boards_of(assessments: Sequence[Assessment]) -> list[Board]:
    """Lay out the given assessments in seven queries, however many there are."""
    if not assessments:
        return []
    ids = [row.pk for row in assessments]
    questions = _questions_by_version({row.version_of_id for row in assessments})
    rows = _Rows(ids)
    return [_board(row, questions[row.version_of_id], rows) for row in assessments]


def board_of(assessment: Assessment) -> Board:
    """Lay out one assessment."""
    return boards_of([assessment])[0]


def mark_of(board: Board) -> str:
    """Stands for all that submitting would sign: another one after any change of an answer, an agreement or a piece."""
    facts = [
        (
            question.code,
            question.response and (question.response.version, question.response.agreed_at is not None),
            sorted(
                (link.evidence.public_id, link.evidence.version, link.accepted_by_id or 0)
                for link in question.evidence
            ),
        )
        for _area, question in board.questions
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _questions_by_version(versions: Iterable[int]) -> dict[int, list[Indicator]]:
    found: dict[int, list[Indicator]] = defaultdict(list)
    rows = Indicator.objects.filter(version__in=versions).select_related("area")
    for indicator in rows.order_by(
        "area__dimension__position", "area__position", "area__pk", "position", "pk"
    ):
        found[indicator.version_id].append(indicator)
    return found


class _Rows:
    """The rows of several assessments, by assessment and indicator."""

    def __init__(self, ids: list[int]) -> None:
        responses = Response.objects.filter(assessment__in=ids).select_related("answered_by", "agreed_by")
        self.responses = {(r.assessment_id, r.indicator_id): r for r in responses}
        assignments = Assignment.objects.filter(assessment__in=ids).select_related("respondent", "reviewer")
        self.assignments = {(a.assessment_id, a.area_id): a for a in assignments}
        self.evidence: dict[tuple[int, int], list[EvidenceLink]] = defaultdict(list)
        links = EvidenceLink.objects.in_force().filter(evidence__assessment__in=ids)
        for link in links.select_related("evidence__added_by", "accepted_by"):
            self.evidence[link.evidence.assessment_id, link.indicator_id].append(link)
        remarks = Remark.objects.filter(
            response__assessment__in=ids, resolved_at__isnull=True
        ).select_related("by")
        first = sorted(remarks.order_by("at", "pk"), key=lambda remark: remark.kind == RemarkKind.CHANGE)
        self.remarks = {r.response_id: r for r in first}
        carried = CarriedAnswer.objects.filter(assessment__in=ids).select_related("came_from", "answered_by")
        self.carried = {(c.assessment_id, c.indicator_id): c for c in carried.defer("came_from__targets")}
        self.rivals: dict[tuple[int, int], list[Draft]] = defaultdict(list)
        self.undecided: dict[tuple[int, int], list[str]] = defaultdict(list)
        for draft in Draft.objects.filter(assessment__in=ids).select_related("user").order_by("pk"):
            at = (draft.assessment_id, draft.indicator_id)
            if draft.for_review:
                self.rivals[at].append(draft)
            elif at in self.responses and self.responses[at].version > draft.base_version:
                self.undecided[at].append(str(draft.user))


def _board(assessment: Assessment, indicators: Iterable[Indicator], rows: _Rows) -> Board:
    areas: dict[int, tuple[Area, list[Question]]] = {}
    for indicator in indicators:
        if indicator.scope not in (assessment.scope, "both"):
            continue
        at = (assessment.pk, indicator.pk)
        response = rows.responses.get(at)
        question = Question(
            indicator,
            response,
            tuple(rows.evidence.get(at, ())),
            rows.remarks.get(response.pk) if response else None,
            tuple(rows.rivals.get(at, ())),
            None if response else rows.carried.get(at),
            tuple(rows.undecided.get(at, ())),
        )
        areas.setdefault(indicator.area_id, (indicator.area, []))[1].append(question)
    laid = (
        BoardArea(area, rows.assignments.get((assessment.pk, area.pk)), tuple(questions))
        for area, questions in areas.values()
    )
    came = {at: row for at, row in rows.carried.items() if at[0] == assessment.pk}
    titles = tuple(sorted({row.came_from.title for row in came.values()}))
    return Board(assessment, tuple(laid), titles, any(at in rows.responses for at in came))
