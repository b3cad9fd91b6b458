"""Tries at tests of the learners of a cohort: how many, the first, the best. The forms before and after are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.workbooks import Cell
from apps.courses.choices import TestPlace
from apps.courses.models import Attempt, Cohort, CohortPerson, CourseVersion, Enrolment, Module
from apps.courses.policies import may_run_cohort
from apps.courses.selectors.cohorts import CohortHead, cohort_head
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.places import newest
from apps.courses.selectors.standing import enrolments_of, learners_of


@dataclass(frozen=True, slots=True)
class Grade:
    """One learner's tries at one test that were handed in, in per cent; `waiting` when the last waits for marking."""

    title: str
    attempts: int = 0
    first: int | None = None
    best: int | None = None
    passed: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class GradeRow:
    person_id: str
    name: str
    email: str
    organisation: str
    grades: tuple[Grade, ...]
    finished: date | None


@dataclass(frozen=True, slots=True)
class Gradebook:
    head: CohortHead
    tests: tuple[tuple[str, str], ...]
    rows: tuple[GradeRow, ...]

    @property
    def passed_all(self) -> int:
        return sum(bool(row.grades) and all(grade.passed for grade in row.grades) for row in self.rows)


def gradebook(user: User, cohort: Cohort) -> Gradebook:
    """Every learner with every test. Constant in queries."""
    require(may_run_cohort(user, cohort))
    people = learners_of(cohort)
    held = enrolments_of([row.user_id for row in people], cohort.course_id)
    tests = course_tests(cohort.course_id)
    tries: dict[tuple[int, str], list[Attempt]] = {}
    rows = Attempt.objects.filter(enrolment__in=[row.pk for row in held.values()], handed_in_at__isnull=False)
    rows = rows.filter(set_aside_at__isnull=True)
    for row in rows.exclude(place__in=FORMS).defer("questions", "answers").order_by("number"):
        tries.setdefault((row.enrolment_id, row.place), []).append(row)
    return Gradebook(
        cohort_head(user, cohort), tests,
        tuple(_row(one, held.get(one.user_id), tests, tries) for one in people),
    )  # fmt: skip


def course_tests(course: int) -> tuple[tuple[str, str], ...]:
    """(place, title) of the tests of a course, in the reader's language: every module, then the final one."""
    shown = newest(CourseVersion.objects.filter(course=course).select_related("course"))[0]
    modules = Module.objects.filter(version=shown, planned=[]).values_list("code", "title")
    return (*modules, *([(str(TestPlace.FINAL), _("Final test"))] if "final" in shown.document else []))


def _row(
    one: CohortPerson,
    enrolment: Enrolment | None,
    tests: Sequence[tuple[str, str]],
    tries: dict[tuple[int, str], list[Attempt]],
) -> GradeRow:
    key = enrolment.pk if enrolment else 0
    done = enrolment.completed_at if enrolment else None
    return GradeRow(
        one.person_id, str(one.user), one.user.email, one.organisation,
        tuple(_grade(title, tries.get((key, place), [])) for place, title in tests),
        done.date() if done else None,
    )  # fmt: skip


def _grade(title: str, tries: list[Attempt]) -> Grade:
    if not tries:
        return Grade(title)
    percents = [row.percent or 0 for row in tries]
    waiting = bool(getattr(tries[-1], "waiting", 0))
    return Grade(title, len(tries), percents[0], max(percents), any(row.passed for row in tries), waiting)


def gradebook_rows(page: Gradebook) -> list[list[Cell]]:
    """The gradebook as a table for a spreadsheet."""
    head: list[Cell] = [_("Person id"), _("Name"), _("E-mail"), _("Organisation")]
    for _place, title in page.tests:
        head += [
            _("%(test)s: tries") % {"test": title}, _("%(test)s: first, %%") % {"test": title},
            _("%(test)s: best, %%") % {"test": title}, _("%(test)s: passed") % {"test": title},
        ]  # fmt: skip
    found = [[*head, _("Course finished on")]]
    for row in page.rows:
        cells: list[Cell] = [row.person_id, row.name, row.email, row.organisation]
        for grade in row.grades:
            cells += [grade.attempts, grade.first, grade.best, _said(grade)]
        found.append([*cells, row.finished.isoformat() if row.finished else ""])
    return found


def _said(grade: Grade) -> str:
    if grade.waiting:
        return _("waits for marking")
    if grade.passed:
        return _("yes")
    return _("no") if grade.attempts else ""
