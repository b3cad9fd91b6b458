"""A cohort as four tables for other school systems, with the headings that OneRoster uses."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.workbooks import Cell
from apps.courses.choices import CohortRole
from apps.courses.models import Attempt, Cohort, CohortPerson
from apps.courses.policies import may_run_cohort
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.standing import enrolments_of

Table = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows with their headings: people, the cohort, who is in it as what, and tries at tests."""

    users: Table
    classes: Table
    enrollments: Table
    results: Table

    def tables(self) -> dict[str, Table]:
        """File name → rows."""
        return {
            "users.csv": self.users, "classes.csv": self.classes, "enrollments.csv": self.enrollments,
            "results.csv": self.results,
        }  # fmt: skip


def roster(user: User, cohort: Cohort) -> Roster:
    """The people of the cohort now, and those who left as "tobedeleted", without their results. Constant in queries."""
    require(may_run_cohort(user, cohort))
    people = list(
        CohortPerson.objects.filter(cohort=cohort).select_related("user").order_by("joined_at", "pk")
    )
    return Roster(
        users=[
            ["sourcedId", "status", "role", "identifier", "name", "email"],
            *[_user(row) for row in people],
        ],
        classes=[
            ["sourcedId", "status", "title", "courseSourcedId", "beginDate", "endDate"],
            [
                cohort.public_id, "active", cohort.name, cohort.course.code, cohort.starts_on.isoformat(),
                cohort.ends_on.isoformat(),
            ],
        ],
        enrollments=[
            ["sourcedId", "status", "classSourcedId", "userSourcedId", "role", "beginDate", "endDate"],
            *[_enrolment(row, cohort) for row in people],
        ],
        results=_results(cohort, people),
    )  # fmt: skip


def _status(row: CohortPerson) -> str:
    return "tobedeleted" if row.left_at else "active"


def _role(row: CohortPerson) -> str:
    return "student" if row.role == CohortRole.LEARNER else "teacher"


def _user(row: CohortPerson) -> list[Cell]:
    """Of who left only the id: the cohort has no say over their name and address any more."""
    kept = "" if row.left_at else row.user.full_name, "" if row.left_at else row.user.email
    person = "" if row.left_at else row.person_id
    return [row.user.public_id, _status(row), _role(row), person, *kept]


def _enrolment(row: CohortPerson, cohort: Cohort) -> list[Cell]:
    left = row.left_at.date().isoformat() if row.left_at else ""
    joined = row.joined_at.date().isoformat()
    return [row.public_id, _status(row), cohort.public_id, row.user.public_id, _role(row), joined, left]


def _results(cohort: Cohort, people: list[CohortPerson]) -> Table:
    learners = [row.user_id for row in people if row.role == CohortRole.LEARNER and row.left_at is None]
    held = {row.pk: row for row in enrolments_of(learners, cohort.course_id).values()}
    tries = Attempt.objects.filter(enrolment__in=held, handed_in_at__isnull=False).exclude(place__in=FORMS)
    ids = dict(User.objects.filter(pk__in=learners).values_list("pk", "public_id"))
    found: Table = [
        ["sourcedId", "status", "classSourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "scoreDate",
         "score", "passed", "supervisedBy"]
    ]  # fmt: skip
    for row in tries.defer("questions", "answers").order_by("handed_in_at", "pk"):
        day = row.handed_in_at.date().isoformat() if row.handed_in_at else ""
        state = "exempt" if row.set_aside_at else "submitted" if row.waiting else "fully graded"
        score = None if row.waiting else row.percent
        found.append([
            row.public_id, "active", cohort.public_id, row.place, ids[held[row.enrolment_id].user_id], state, day,
            score, "yes" if row.passed else "no", row.supervised_by,
        ])  # fmt: skip
    return found
