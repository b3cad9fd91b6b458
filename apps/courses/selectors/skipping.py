"""Which modules the answers before the course cover, so that their lessons may be skipped."""

from __future__ import annotations

from apps.courses.choices import SKIP_MARK, TestPlace
from apps.courses.models import Attempt, Enrolment, Module, Question
from apps.marking import item, judge


def before_attempt(enrolment: Enrolment) -> Attempt | None:
    """The form answered before the course, once it was handed in."""
    return enrolment.attempts.filter(place=TestPlace.BEFORE, handed_in_at__isnull=False).first()


def covered(enrolment: Enrolment) -> list[Module]:
    """Modules whose lessons may be skipped: the form passed at 85 % with every critical question right, at least half
    of the module's objectives asked in it, and none of those missed. Empty when the form does not allow it.
    """
    attempt = before_attempt(enrolment)
    if attempt is None:
        return []
    codes = [drawn["code"] for drawn in attempt.questions]
    rows = [item(row) for row in Question.objects.filter(version=enrolment.version_of, code__in=codes)]
    outcome = judge(rows, attempt.answers, SKIP_MARK)
    if not outcome.passed:
        return []
    asked, missed = {row.objective for row in rows}, set(outcome.review)
    taught: dict[int, set[str]] = {}
    for key, content in enrolment.version_of.lessons.values_list("module", "content"):
        taught.setdefault(key, set()).add(content["objective_id"])
    return [
        module
        for module in enrolment.version_of.modules.filter(planned=[])
        if is_covered(taught.get(module.pk, set()), asked, missed)
    ]


def is_covered(taught: set[str], asked: set[str], missed: set[str]) -> bool:
    """Whether a module's objectives were asked (half of them at least) and none of those was missed."""
    known = taught & asked
    return bool(known) and 2 * len(known) >= len(taught) and not known & missed


def skipped_modules(enrolment: Enrolment | None) -> set[int]:
    """Keys of the modules that this learner skips."""
    return set(enrolment.skips.values_list("module", flat=True)) if enrolment else set()


def lessons_left(enrolment: Enrolment) -> int:
    """How many lessons are neither seen nor in a module that this learner skips."""
    lessons = enrolment.version_of.lessons.exclude(module__in=skipped_modules(enrolment))
    return lessons.exclude(pk__in=enrolment.progress.filter(seen_at__isnull=False).values("lesson")).count()
