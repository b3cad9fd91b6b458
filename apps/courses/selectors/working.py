"""Pieces of work that the learners of a cohort made for their office: which are accepted, and what to look for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import OralResult
from apps.courses.models import AcceptedWork, Cohort, CourseVersion, Enrolment, OralCheck
from apps.courses.models import Artefact as Work
from apps.courses.policies import may_run_cohort
from apps.courses.selectors.catalogue import Artefact, artefact_of
from apps.courses.selectors.cohorts import CohortHead, cohort_head
from apps.courses.selectors.places import newest
from apps.courses.selectors.standing import enrolments_of, learners_of
from apps.courses.selectors.work_files import FileLine, files_of


@dataclass(frozen=True, slots=True)
class ShownWork:
    """What a learner lets their trainers read."""

    title: str
    text: str
    file: FileLine | None


@dataclass(frozen=True, slots=True)
class Talk:
    """What came of asking a learner about the work."""

    label: str
    is_good: bool
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One learner. `title` is empty until their work is accepted; `is_started` says whether there is a course to earn it in."""

    person_id: str
    name: str
    organisation: str
    title: str
    accepted_on: date | None
    reviewer: str
    is_started: bool
    is_self: bool
    shown: ShownWork | None = None
    talks: tuple[Talk, ...] = ()

    @property
    def was_good(self) -> bool:
        """Whether the last talk was a good one."""
        return bool(self.talks) and self.talks[-1].is_good


@dataclass(frozen=True, slots=True)
class WorkPage:
    head: CohortHead
    artefact: Artefact
    language: str
    rows: tuple[WorkRow, ...]

    @property
    def accepted(self) -> int:
        return sum(bool(row.title) for row in self.rows)


def work_page(user: User, cohort: Cohort) -> WorkPage:
    """Every learner of a cohort that the person runs. Constant in queries."""
    require(may_run_cohort(user, cohort))
    people = learners_of(cohort)
    held = enrolments_of([row.user_id for row in people], cohort.course_id)
    works = AcceptedWork.objects.filter(enrolment__in=[row.pk for row in held.values()])
    accepted = {row.enrolment.user_id: row for row in works.select_related("enrolment", "reviewer")}
    works_shown, talks = _shown(held.values()), talks_of(held.values())
    shown = newest(CourseVersion.objects.filter(course=cohort.course_id).select_related("course"))[0]
    rows = tuple(
        _row(
            row.public_id,
            row.user,
            accepted.get(row.user_id),
            started=row.user_id in held,
            reader=user,
            shown=works_shown.get(row.user_id),
            talks=talks.get(row.user_id, ()),
        )
        for row in people
    )
    return WorkPage(cohort_head(user, cohort), artefact_of(shown.document["artefact"]), shown.language, rows)


def _row(
    key: str,
    learner: User,
    work: AcceptedWork | None,
    *,
    started: bool,
    reader: User,
    shown: ShownWork | None,
    talks: tuple[Talk, ...],
) -> WorkRow:
    return WorkRow(
        person_id=key, name=str(learner), organisation=learner.email, title=work.title if work else "",
        accepted_on=localdate(work.accepted_at) if work else None,
        reviewer=str(work.reviewer) if work and work.reviewer else "", is_started=started,
        is_self=learner.pk == reader.pk, shown=shown, talks=talks,
    )  # fmt: skip


def _shown(enrolments: Iterable[Enrolment]) -> dict[int, ShownWork]:
    """User key → the work that the learner shows. Two queries."""
    rows = Work.objects.filter(enrolment__in=[row.pk for row in enrolments], shown_at__isnull=False)
    works = list(rows.select_related("enrolment"))
    files = files_of(works)
    return {row.enrolment.user_id: ShownWork(row.title, row.text, files.get(row.pk)) for row in works}


def talks_of(enrolments: Iterable[Enrolment]) -> dict[int, tuple[Talk, ...]]:
    """User key → the talks about their work, oldest first. One query."""
    found: dict[int, tuple[Talk, ...]] = {}
    rows = OralCheck.objects.filter(enrolment__in=[row.pk for row in enrolments])
    for row in rows.select_related("enrolment", "by"):
        talk = Talk(
            str(OralResult(row.result).label), row.result == OralResult.GOOD, row.note, str(row.by), localdate(row.at)
        )  # fmt: skip
        found[row.enrolment.user_id] = (*found.get(row.enrolment.user_id, ()), talk)
    return found


def learner_enrolment(user: User, cohort: Cohort, person: str) -> str:
    """The id of the enrolment of a learner of this cohort. Raises Http404 for others, and who has not started."""
    require(may_run_cohort(user, cohort))
    row = next((one for one in learners_of(cohort) if one.public_id == person), None)
    held = enrolments_of([row.user_id], cohort.course_id) if row else {}
    if row is None or row.user_id not in held:
        raise Http404
    return held[row.user_id].public_id
