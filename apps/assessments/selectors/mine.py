"""One person's list: areas given to them, questions asked of them, remarks to answer, evidence that runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from apps.accounts.models import User
from apps.assessments.models import Assessment, Comment, Evidence, Talk
from apps.assessments.selectors.board import Board, BoardArea, boards_of
from apps.assessments.selectors.home import area_url, question_url, undecided_drafts
from apps.assessments.selectors.progress import Viewer, is_mine, is_open
from apps.members.policies import site_day

RUNS_OUT_DAYS = 60


@dataclass(frozen=True, slots=True)
class MyArea:
    """An area given to the person; `left` questions wait for an answer of theirs. `url` is the first of them."""

    member: str
    title: str
    code: str
    name: str
    left: int
    total: int
    percent: int
    review_on: date | None
    url: str
    sheet_url: str


@dataclass(frozen=True, slots=True)
class MyQuestion:
    """A question of a colleague, or a reviewer's remark. `late`: its day has passed; `change`: the answer has to change."""

    member: str
    who: str
    code: str
    name: str
    text: str
    due_on: date | None
    late: bool
    url: str
    change: bool = False


@dataclass(frozen=True, slots=True)
class MyEvidence:
    """A piece that the person added or that supports their areas, and runs out soon or has."""

    member: str
    title: str
    codes: tuple[str, ...]
    expires_on: date
    over: bool
    url: str


@dataclass(frozen=True, slots=True)
class MyList:
    """`conflicts` are answers of the person that a colleague's overtook; `text` is what the person wrote."""

    conflicts: tuple[MyQuestion, ...]
    areas: tuple[MyArea, ...]
    asked: tuple[MyQuestion, ...]
    remarks: tuple[MyQuestion, ...]
    evidence: tuple[MyEvidence, ...]

    @property
    def left(self) -> int:
        """Questions that wait for an answer in the areas given to the person."""
        return sum(area.left for area in self.areas)

    @property
    def total(self) -> int:
        """Everything that waits."""
        return self.left + len(self.conflicts) + len(self.asked) + len(self.remarks) + len(self.evidence)


def my_list(user: User) -> MyList:
    """What waits for this person in the running assessments of all their members; a constant number of queries."""
    roles = dict(user.memberships.values_list("member", "role"))
    rows = Assessment.objects.filter(member__in=roles).running()
    rows = rows.select_related("member", "version_of__framework").defer("version_of__document")
    boards = boards_of(list(rows))
    areas: list[MyArea] = []
    remarks: list[MyQuestion] = []
    for board in boards:
        viewer = Viewer(user, roles[board.assessment.member_id])
        for area in board.areas:
            if area.assignment and area.assignment.respondent_id == user.pk:
                areas.append(_my_area(board.assessment, area, viewer))
            remarks += _remarks(board.assessment, area, viewer)
    return MyList(_conflicts(user), tuple(areas), _asked(user), tuple(remarks), _running_out(user, boards))


def _conflicts(user: User) -> tuple[MyQuestion, ...]:
    return tuple(
        MyQuestion(
            d.assessment.member.name, "", d.indicator.code, d.indicator.name, d.content.get("why", ""), None, False,
            question_url(d.assessment, d.indicator.area.code, d.indicator.code, "compare"),
        )
        for d in undecided_drafts(user)
    )  # fmt: skip


def _my_area(assessment: Assessment, area: BoardArea, viewer: Viewer) -> MyArea:
    left = [q for q in area.questions if is_open(q, area.assignment, viewer)]
    first = question_url(assessment, area.code, left[0].code) if left else area_url(assessment, area.code)
    args = {"member": assessment.member.public_id, "assessment": assessment.public_id}
    return MyArea(
        assessment.member.name, assessment.title, area.code, area.area.name, len(left), len(area.questions),
        100 * area.answered // len(area.questions), assessment.review_on, first,
        reverse("assessments:sheet", kwargs=args),
    )  # fmt: skip


def _remarks(assessment: Assessment, area: BoardArea, viewer: Viewer) -> list[MyQuestion]:
    return [
        MyQuestion(
            assessment.member.name, str(q.remark.by), q.code, q.indicator.name, q.remark.text, None, False,
            question_url(assessment, area.code, q.code), q.change_requested,
        )
        for q in area.questions
        if q.remark and viewer.answers(q, area.assignment)
    ]  # fmt: skip


def _asked(user: User) -> tuple[MyQuestion, ...]:
    """Questions of colleagues, those with the nearest day first. The first comment is the question."""
    rows = Talk.objects.waiting_for(user).filter(assessment__in=Assessment.objects.running())
    rows = rows.select_related("assessment__member", "indicator__area", "opened_by")
    first = Comment.objects.filter(talk=OuterRef("pk")).order_by("at", "pk").values("text")[:1]
    rows = rows.annotate(question=Subquery(first))
    today = site_day()
    found = [
        MyQuestion(
            t.assessment.member.name, str(t.opened_by), t.indicator.code, t.indicator.name,
            str(getattr(t, "question", None) or ""), t.due_on, bool(t.due_on and t.due_on < today),
            question_url(t.assessment, t.indicator.area.code, t.indicator.code, "talk"),
        )
        for t in rows.iterator()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (row.due_on or date.max, row.code)))


def _running_out(user: User, boards: list[Board]) -> tuple[MyEvidence, ...]:
    """Pieces that the person added, or that support an area given to them, with a last day in sight."""
    limit, today = site_day() + timedelta(days=RUNS_OUT_DAYS), site_day()
    found: dict[int, tuple[Assessment, Evidence, list[str]]] = {}
    for board in boards:
        for area, question in board.questions:
            given = (
                area.assignment is not None
                and is_mine(area, Viewer(user, ""))
                and area.assignment.respondent_id
            )
            for link in question.evidence:
                piece = link.evidence
                if piece.expires_on and piece.expires_on <= limit and (given or piece.added_by_id == user.pk):
                    found.setdefault(piece.pk, (board.assessment, piece, []))[2].append(question.code)
    rows = (
        MyEvidence(
            a.member.name, piece.title, tuple(codes), piece.expires_on, piece.expires_on < today,
            reverse("assessments:evidence_piece", args=[a.member.public_id, a.public_id, piece.public_id]),
        )
        for a, piece, codes in found.values()
        if piece.expires_on
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.expires_on, row.title)))
