"""Files of learners' work for those who may read them: the learner, trainers it is shown to, readers of an offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import OfferState, WorkFileState
from apps.courses.models import Artefact, Cohort, WorkFile, WorkOffer
from apps.courses.policies import may_run_cohort
from apps.courses.selectors.places import enrolment_of
from apps.courses.selectors.standing import enrolments_of, learners_of
from apps.members.models import Member


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in a list: `size` in bytes, `label` says what is known of it."""

    public_id: str
    title: str
    size: int
    state: str
    label: str
    can_be_opened: bool


def file_line(row: WorkFile | None) -> FileLine | None:
    """The file as pages show it."""
    if row is None:
        return None
    return FileLine(
        row.public_id, row.title, row.size, row.state, str(WorkFileState(row.state).label), row.can_be_opened
    )


def files_of(works: Iterable[Artefact]) -> dict[int, FileLine]:
    """Artefact key → its file in force. One query."""
    rows = WorkFile.objects.filter(artefact__in=[work.pk for work in works], removed_at__isnull=True)
    return {row.artefact_id: line for row in rows if (line := file_line(row))}


def _files() -> QuerySet[WorkFile]:
    return WorkFile.objects.select_related("artefact__enrolment__user")


def own_work_file(user: User, course: str) -> WorkFile:
    """The learner's own file. Raises Http404."""
    held = enrolment_of(user, course)
    row = _files().filter(artefact__enrolment=held, removed_at__isnull=True).first() if held else None
    if row is None:
        raise Http404
    return row


def learner_work_file(user: User, cohort: Cohort, person: str) -> WorkFile:
    """The file of a learner of a cohort that the person runs, while the learner shows it. Raises Http404."""
    require(may_run_cohort(user, cohort))
    learner = next((one for one in learners_of(cohort) if one.public_id == person), None)
    held = enrolments_of([learner.user_id], cohort.course_id).values() if learner else ()
    rows = _files().filter(
        artefact__enrolment__in=[row.pk for row in held], artefact__shown_at__isnull=False, removed_at__isnull=True
    )  # fmt: skip
    row = rows.first()
    if row is None:
        raise Http404
    return row


def offered_file(user: User, member: Member, offer: str) -> WorkFile:
    """The file of work that waits to be decided by a member which the user is in. Raises Http404."""
    if not Member.objects.of(user).filter(pk=member.pk).exists():
        raise Http404
    row = WorkOffer.objects.filter(member=member, public_id=offer, state=OfferState.OFFERED).first()
    file = _files().filter(offers=row).exclude(file="").first() if row else None
    if file is None:
        raise Http404
    return file
