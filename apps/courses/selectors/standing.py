"""How far the learners of a cohort are: seen, practised and shown for each module, in a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from apps.courses.choices import CohortRole, Pool, TestPlace
from apps.courses.models import (
    Attempt,
    Cohort,
    CohortPerson,
    Enrolment,
    Lesson,
    Module,
    PracticeAnswer,
    Progress,
    Question,
)
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.learning import Fact, is_practised


@dataclass(frozen=True, slots=True)
class ModuleStanding:
    """Three facts of one module that are never mixed."""

    code: str
    seen: Fact
    practised: Fact
    shown: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One learner in one course; `modules` is empty for somebody who has not started."""

    seen: Fact
    modules: tuple[ModuleStanding, ...]
    final: bool
    completed_at: datetime | None
    last_at: datetime | None
    enrolment: int = 0

    @property
    def shown(self) -> int:
        return sum(module.shown for module in self.modules) + self.final


NOT_STARTED = Standing(Fact(0, 0), (), False, None, None)


def enrolments_of(users: Iterable[int], course: int) -> dict[int, Enrolment]:
    """Each person's latest enrolment in the course, by the person's key. One query."""
    rows = Enrolment.objects.filter(user__in=users, version_of__course=course).select_related("version_of")
    return {
        row.user_id: row
        for row in rows.defer("version_of__document", "version_of__summary").order_by("enrolled_at", "pk")
    }


def standings(users: Iterable[int], course: int) -> dict[int, Standing]:
    """How far each of these people is, by the person's key; who has not started is not in the answer. Seven queries."""
    held = enrolments_of(users, course)
    versions = {row.version_of_id for row in held.values()}
    keys = [row.pk for row in held.values()]
    modules: dict[int, list[tuple[int, str]]] = {}
    for pk, version, code in Module.objects.filter(version__in=versions).values_list("pk", "version", "code"):
        modules.setdefault(version, []).append((pk, code))
    lessons = Counter(Lesson.objects.filter(version__in=versions).values_list("module", flat=True))
    practice = Question.objects.filter(version__in=versions, pool=Pool.PRACTICE).order_by()
    objectives = Counter(
        module for module, _ in practice.values_list("module", "objective").distinct() if module
    )
    seen, last = _seen(keys)
    passed = set(
        Attempt.objects.filter(enrolment__in=keys, passed=True)
        .exclude(place__in=FORMS)
        .exclude(place__startswith="recheck-")
        .values_list("enrolment", "place")
    )
    practised = _practised(keys)
    return {
        user: _standing(row, modules.get(row.version_of_id, []), lessons, objectives, seen, practised, passed, last)
        for user, row in held.items()
    }  # fmt: skip


def _seen(keys: list[int]) -> tuple[Counter[tuple[int, int]], dict[int, datetime]]:
    """Lessons seen by (enrolment, module), and when each enrolment was last worked on."""
    seen: Counter[tuple[int, int]] = Counter()
    last: dict[int, datetime] = {}
    rows = Progress.objects.filter(enrolment__in=keys)
    for key, module, done, at in rows.values_list("enrolment", "lesson__module", "seen_at", "updated_at"):
        seen[key, module] += done is not None
        last[key] = max(last.get(key, at), at)
    return seen, last


def _practised(keys: list[int]) -> Counter[tuple[int, int]]:
    """Objectives practised by (enrolment, module)."""
    tries: dict[tuple[int, int, str], list[bool]] = {}
    rows = PracticeAnswer.objects.filter(enrolment__in=keys).order_by("pk")
    for key, module, objective, right in rows.values_list(
        "enrolment", "question__module", "question__objective", "correct"
    ):
        tries.setdefault((key, module, objective), []).append(right)
    return Counter((key, module) for (key, module, _), results in tries.items() if is_practised(results))


def _standing(
    row: Enrolment,
    modules: list[tuple[int, str]],
    lessons: Counter[int],
    objectives: Counter[int],
    seen: Counter[tuple[int, int]],
    practised: Counter[tuple[int, int]],
    passed: set[tuple[int, str]],
    last: dict[int, datetime],
) -> Standing:
    made = tuple(
        ModuleStanding(
            code, Fact(seen[row.pk, pk], lessons[pk]), Fact(practised[row.pk, pk], objectives[pk]),
            (row.pk, code) in passed,
        )
        for pk, code in modules
    )  # fmt: skip
    whole = Fact(sum(one.seen.done for one in made), sum(one.seen.total for one in made))
    final = (row.pk, TestPlace.FINAL) in passed
    return Standing(whole, made, final, row.completed_at, last.get(row.pk), row.pk)


def expected_share(cohort: Cohort, day: date) -> float:
    """The share of the cohort's time that has passed on `day`, 0 to 1."""
    total = (cohort.ends_on - cohort.starts_on).days or 1
    return min(1.0, max(0.0, (day - cohort.starts_on).days / total))


def is_behind(standing: Standing, cohort: Cohort, day: date) -> bool:
    """Whether fewer lessons were seen than the passed share of time asks for, rounded down; after the end, whoever is
    not finished. Nobody is behind before the first day, or who has not started within the first three days."""
    if standing.completed_at or day < cohort.starts_on:
        return False
    if not standing.modules:
        return (day - cohort.starts_on).days > 3
    return standing.seen.done < int(standing.seen.total * expected_share(cohort, day)) or day > cohort.ends_on


def learners_of(cohort: Cohort) -> list[CohortPerson]:
    """The learners who are in the cohort now, by name."""
    rows = CohortPerson.objects.filter(cohort=cohort, role=CohortRole.LEARNER, left_at__isnull=True)
    return list(rows.select_related("user").order_by("user__full_name", "pk"))


def ever_learned(cohort: Cohort) -> dict[int, bool]:
    """Everybody who is or was a learner of the cohort, by key: whether they are in it now."""
    rows = CohortPerson.objects.filter(cohort=cohort, role=CohortRole.LEARNER)
    return {user: left is None for user, left in rows.values_list("user", "left_at")}


def behind(cohort: Cohort, day: date) -> list[CohortPerson]:
    """The learners who are behind on `day`."""
    people = learners_of(cohort)
    held = standings([row.user_id for row in people], cohort.course_id)
    return [row for row in people if is_behind(held.get(row.user_id, NOT_STARTED), cohort, day)]
