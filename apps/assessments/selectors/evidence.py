"""Evidence as shown: at one question, in the register of an assessment, on the page of one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.choices import EvidenceKind, EvidenceState
from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response
from apps.assessments.selectors.board import Board, Question, board_of
from apps.assessments.selectors.inputs import best_support, rated_item
from apps.assessments.selectors.places import assessment_for, piece_for
from apps.members.choices import Role, Tlp
from apps.members.models import Member
from apps.members.policies import role_of, site_day
from apps.scoring import Grade
from apps.scoring.evidence import FRESH_FOR_MONTHS, cap_on, months_later, support_of

SOON_DAYS = 60
MOST_OFFERED = 200

TYPE_LABELS = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/zip": "ZIP",
    "text/plain": "TXT",
    "text/csv": "CSV",
}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence at one question. `grade` is what it counts as there today.

    `state` says whether a file was scanned, `age` in words what its dates do to the grade, `others` the further questions.
    """

    public_id: str
    kind: str
    kind_label: str
    title: str
    shows: str
    owner: str
    place: str
    url: str
    dated: date | None
    expires_on: date | None
    size: int
    type_label: str
    state: str
    clean: bool
    can_be_opened: bool
    age: str
    others: tuple[str, ...]
    tlp: str
    added_by: str
    added_at: datetime
    accepted_by: str
    grade: str


def support_shown(question: Question, highest: int) -> tuple[str, int]:
    """The grade that the evidence comes to today, and the highest level it supports on a scale of 0–`highest`."""
    today = site_day()
    if question.response is None:
        return Grade.E0.name, cap_on(Grade.E0, highest)
    best = best_support(question.response, question.evidence, on=today)
    support = support_of(best, on=today, highest=highest)
    return support.effective.name, support.cap


def evidence_rows(
    question: Question, others: Mapping[int, Sequence[str]] | None = None
) -> tuple[EvidenceRow, ...]:
    """The evidence of one question, oldest first; `others` are the codes that each piece supports, by its row."""
    return tuple(_evidence_row(link, question, others or {}) for link in question.evidence)


def codes_by_piece(board: Board) -> dict[int, list[str]]:
    """Which questions each piece of evidence supports, in the order of the framework."""
    found: dict[int, list[str]] = {}
    for _area, question in board.questions:
        for link in question.evidence:
            found.setdefault(link.evidence_id, []).append(question.code)
    return found


def _evidence_row(link: EvidenceLink, question: Question, others: Mapping[int, Sequence[str]]) -> EvidenceRow:
    today, item, response = site_day(), link.evidence, question.response
    grade = rated_item(link, response or Response(), on=today)
    return EvidenceRow(
        public_id=item.public_id,
        kind=item.kind,
        kind_label=item.get_kind_display(),
        title=item.title,
        shows=item.shows,
        owner=item.owner,
        place=item.place,
        url=item.url,
        dated=item.dated,
        expires_on=item.expires_on,
        size=item.size,
        type_label=TYPE_LABELS.get(item.content_type, ""),
        state=item.get_state_display(),
        clean=item.kind != EvidenceKind.FILE or item.state == EvidenceState.CLEAN,
        can_be_opened=item.can_be_opened,
        age=age_words(item, on=today),
        others=tuple(code for code in others.get(item.pk, ()) if code != question.code),
        tlp=Tlp(item.tlp).label.removeprefix("TLP:"),
        added_by=str(item.added_by),
        added_at=item.added_at,
        accepted_by=str(link.accepted_by) if link.accepted_by else "",
        grade=support_of(grade, on=today).effective.name,
    )


def age_words(item: Evidence, *, on: date) -> str:
    """What the dates of a piece do to its grade on the day `on`, in a sentence; "" when nothing."""
    if item.expires_on and item.expires_on < on:
        return _("Expired on %(day)s: it counts one grade less.") % {"day": date_format(item.expires_on)}
    if item.dated and on > months_later(item.dated, FRESH_FOR_MONTHS):
        return _("Older than 24 months: it counts one grade less.")
    if item.dated is None:
        return _("Without a date: it counts one grade less.")
    if item.expires_on and item.expires_on <= on + timedelta(days=SOON_DAYS):
        return _("Expires on %(day)s.") % {"day": date_format(item.expires_on)}
    return ""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A piece that the assessment holds already and that may be attached to another question."""

    public_id: str
    title: str
    codes: tuple[str, ...]


def held_elsewhere(board: Board, question: Question) -> tuple[HeldRow, ...]:
    """Pieces of other questions that this one does not have yet, newest first."""
    here = {link.evidence_id for link in question.evidence}
    codes, found = codes_by_piece(board), {}
    for _area, other in board.questions:
        for link in other.evidence:
            if link.evidence_id not in here and link.evidence.state != EvidenceState.INFECTED:
                found[link.evidence_id] = link.evidence
    rows = sorted(found.values(), key=lambda item: (item.added_at, item.pk), reverse=True)
    return tuple(HeldRow(e.public_id, e.title, tuple(codes[e.pk])) for e in rows[:MOST_OFFERED])


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What a piece does for one question."""

    code: str
    area: str
    name: str
    grade: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece in the register. `grade` is the best that it counts as at any of its questions today."""

    row: EvidenceRow
    links: tuple[LinkRow, ...]
    grade: str
    expired: bool
    old: bool
    undated: bool
    waits: bool
    barred: bool


SHOWN = ("all", "worn", "undated", "waiting", "barred", "accepted")


@dataclass(frozen=True, slots=True)
class Quota:
    """What the member's files take, of how much."""

    used: int
    most: int

    @property
    def percent(self) -> int:
        return min(100, 100 * self.used // self.most) if self.most else 100


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Every piece of an assessment that fits the filter `shown`; `counts` says how many fit each."""

    assessment: Assessment
    pieces: tuple[PieceRow, ...]
    shown: str
    counts: Mapping[str, int]
    quota: Quota
    scanned: bool
    can_answer: bool

    @property
    def filters(self) -> tuple[tuple[str, str, int], ...]:
        """(value, label, count) of each filter."""
        labels = (
            _("All"), _("Expired or old"), _("Without a date"), _("Waiting for the scanner"),
            _("Cannot be opened"), _("Accepted"),
        )  # fmt: skip
        return tuple((name, label, self.counts[name]) for name, label in zip(SHOWN, labels, strict=True))

    @property
    def total(self) -> int:
        return self.counts["all"]


def register_page(user: User, member: str, assessment: str, *, shown: str = "") -> RegisterPage:
    """The evidence of an assessment; an unknown `shown` means all. Raises Http404."""
    row = assessment_for(user, member, assessment)
    board = board_of(row)
    pieces = _pieces(board)
    groups = {name: tuple(p for p in pieces if _fits(p, name)) for name in SHOWN}
    chosen = shown if shown in SHOWN else "all"
    return RegisterPage(
        row, groups[chosen], chosen, {name: len(rows) for name, rows in groups.items()},
        quota_of(row.member), bool(settings.CLAMAV_ADDRESS),
        not row.is_closed and _answers(user, row.member),
    )  # fmt: skip


def _answers(user: User, member: Member) -> bool:
    return role_of(user, member) in (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)


def _fits(piece: PieceRow, name: str) -> bool:
    return {
        "all": True,
        "worn": piece.expired or piece.old,
        "undated": piece.undated,
        "waiting": piece.waits,
        "barred": piece.barred,
        "accepted": any(link.accepted_by for link in piece.links),
    }[name]


def quota_of(member: Member) -> Quota:
    """What the files of the member take, those included that were removed and wait to be destroyed."""
    used = Evidence.objects.filter(member=member).exclude(file="").aggregate(size=Sum("size"))["size"]
    return Quota(used or 0, settings.EVIDENCE_QUOTA_BYTES)


def files_of(member: Member) -> tuple[int, int]:
    """(number, bytes) of the files in the store."""
    found = Evidence.objects.filter(member=member).exclude(file="").aggregate(n=Count("pk"), size=Sum("size"))
    return found["n"], found["size"] or 0


def _pieces(board: Board) -> list[PieceRow]:
    """Every piece with its questions, newest first."""
    codes = codes_by_piece(board)
    found: dict[int, list[tuple[str, Question, EvidenceLink]]] = {}
    for area, question in board.questions:
        for link in question.evidence:
            found.setdefault(link.evidence_id, []).append((area.code, question, link))
    rows = [_piece(places, codes) for places in found.values()]
    return sorted(rows, key=lambda piece: (piece.row.added_at, piece.row.public_id), reverse=True)


def _piece(places: list[tuple[str, Question, EvidenceLink]], codes: Mapping[int, Sequence[str]]) -> PieceRow:
    today = site_day()
    rows = [_evidence_row(link, question, codes) for _area, question, link in places]
    links = tuple(
        LinkRow(question.code, area, question.indicator.name, row.grade, row.accepted_by)
        for (area, question, _link), row in zip(places, rows, strict=True)
    )
    item = places[0][2].evidence
    return PieceRow(
        row=rows[0],
        links=links,
        grade=max(link.grade for link in links),
        expired=item.expires_on is not None and item.expires_on < today,
        old=item.dated is not None and today > months_later(item.dated, FRESH_FOR_MONTHS),
        undated=item.dated is None,
        waits=item.state in (EvidenceState.RECEIVED, EvidenceState.WAITING, EvidenceState.UNREACHABLE),
        barred=not item.can_be_opened,
    )


@dataclass(frozen=True, slots=True)
class PiecePage:
    """One piece: what it is, what it supports, and what this person may do with it."""

    assessment: Assessment
    evidence: Evidence
    piece: PieceRow
    elsewhere: tuple[tuple[str, str], ...]
    released_by: str
    can_change: bool
    can_release: bool


def piece_page(user: User, member: str, assessment: str, evidence: str) -> PiecePage:
    """One piece of evidence of an assessment, with the questions it may also be attached to. Raises Http404."""
    row, item = piece_for(user, member, assessment, evidence)
    board = board_of(row)
    piece = next((p for p in _pieces(board) if p.row.public_id == evidence), None)
    if piece is None:
        raise Http404
    mine = {link.code for link in piece.links}
    return PiecePage(
        assessment=row,
        evidence=item,
        piece=piece,
        elsewhere=tuple(
            (q.code, f"{q.code} {q.indicator.name}") for _area, q in board.questions if q.code not in mine
        ),
        released_by=str(item.released_by) if item.released_by else "",
        can_change=not row.is_closed and _answers(user, row.member),
        can_release=item.state == EvidenceState.LOCKED
        and item.released_by_id is None
        and role_of(user, row.member) == Role.LEAD,
    )
