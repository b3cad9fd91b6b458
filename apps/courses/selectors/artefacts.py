"""A learner's piece of work with its rubric; what was offered to a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.courses.choices import OfferState
from apps.courses.models import Artefact, CourseVersion, WorkOffer
from apps.courses.selectors.catalogue import Artefact as Asked
from apps.courses.selectors.catalogue import artefact_of
from apps.courses.selectors.places import enrolment_of
from apps.courses.selectors.work_files import FileLine, file_line, files_of
from apps.courses.selectors.working import Talk, talks_of
from apps.members.models import Member


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Work offered to a question; `by` is whose it is, `row` the stored offer for who decides."""

    public_id: str
    member: str
    member_name: str
    assessment: str
    area: str
    indicator: str
    course_title: str
    title: str
    text: str
    by: str
    file: FileLine | None
    state: str
    label: str
    offered_at: datetime
    row: WorkOffer


@dataclass(frozen=True, slots=True)
class ArtefactPage:
    """What the course asks for, what the learner wrote (version 0: nothing yet), and where it was offered."""

    course: str
    course_title: str
    language: str
    asked: Asked
    title: str
    text: str
    version: int
    indicators: tuple[str, ...]
    offers: tuple[OfferRow, ...]
    file: FileLine | None = None
    is_shown: bool = False
    talks: tuple[Talk, ...] = ()


def artefact_indicators(version: CourseVersion) -> tuple[str, ...]:
    """Codes of the questions that the course's piece of work can support."""
    asked = version.document["artefact"]
    own = asked.get("indicators") if isinstance(asked, dict) else None
    return tuple(own or version.document.get("indicators", ()))


def artefact_page(user: User, course: str) -> ArtefactPage:
    """The learner's own work in this course. Raises Http404 unless enrolled."""
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    version = enrolment.version_of
    work = Artefact.objects.filter(enrolment=enrolment).first()
    offers = _offers().filter(artefact=work) if work else WorkOffer.objects.none()
    return ArtefactPage(
        course=course, course_title=version.title, language=version.language,
        asked=artefact_of(version.document["artefact"]), title=work.title if work else "",
        text=work.text if work else "", version=work.version if work else 0, indicators=artefact_indicators(version),
        offers=tuple(_offer(row) for row in offers), file=files_of([work]).get(work.pk) if work else None,
        is_shown=bool(work and work.shown_at), talks=talks_of([enrolment]).get(user.pk, ()),
    )  # fmt: skip


def offers_to(user: User, member: Member) -> list[OfferRow]:
    """Work that was offered to a member which the user is in, what waits first. Raises Http404 for others."""
    if not Member.objects.of(user).filter(pk=member.pk).exists():
        raise Http404
    rows = sorted(_offers().filter(member=member), key=lambda row: row.state != OfferState.OFFERED)
    return [_offer(row) for row in rows]


def _offers() -> QuerySet[WorkOffer]:
    joined = WorkOffer.objects.select_related(
        "member", "file", "artefact__enrolment__user", "artefact__enrolment__version_of"
    )
    return joined.defer("artefact__enrolment__version_of__document").order_by("-offered_at", "-pk")


def _offer(row: WorkOffer) -> OfferRow:
    enrolment = row.artefact.enrolment
    return OfferRow(
        public_id=row.public_id, member=row.member.public_id, member_name=row.member.name, assessment=row.assessment,
        area=row.area, indicator=row.indicator, course_title=enrolment.version_of.title, title=row.title, text=row.text,
        by=enrolment.user.full_name, file=file_line(row.file), state=row.state, label=str(OfferState(row.state).label), offered_at=row.offered_at,
        row=row,
    )  # fmt: skip
