"""What somebody learned as xAPI 1.0.3 statements, to be taken elsewhere; made anew each time, with the same ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import TestPlace
from apps.courses.models import (
    Attempt,
    Certificate,
    Cohort,
    Enrolment,
    Lesson,
    Module,
    PracticeAnswer,
    Progress,
)
from apps.courses.policies import may_learn, may_run_cohort
from apps.courses.selectors.certificates import verify_url
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.issuer import site_url
from apps.courses.selectors.standing import enrolments_of, learners_of

Statement = dict[str, Any]
VERBS = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "progressed": "http://adlnet.gov/expapi/verbs/progressed",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "terminated": "http://adlnet.gov/expapi/verbs/terminated",
    "earned": "http://id.tincanapi.com/verb/earned",
}
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
BADGE = "http://activitystrea.ms/schema/1.0/badge"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"


def my_statements(user: User) -> list[Statement]:
    """The person's own: courses, lessons, practice answers, tests, certificates. Constant in queries."""
    require(may_learn(user))
    return _statements(Enrolment.objects.filter(user=user), whole=True)


def cohort_statements(user: User, cohort: Cohort) -> list[Statement]:
    """What those who run the cohort see anyway: no practice answer, none of the forms before and after the course."""
    require(may_run_cohort(user, cohort))
    held = enrolments_of([row.user_id for row in learners_of(cohort)], cohort.course_id)
    return _statements(Enrolment.objects.filter(pk__in=[row.pk for row in held.values()]), whole=False)


def _statements(rows: QuerySet[Enrolment], *, whole: bool) -> list[Statement]:
    enrolments = list(rows.select_related("user", "version_of__course").order_by("enrolled_at", "pk"))
    events = _Events(enrolments, whole)
    found = [one for row in enrolments for one in events.of(row)]
    return sorted(found, key=lambda one: (one["timestamp"], one["id"]))


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Makes the statements of one enrolment."""

    row: Enrolment

    def say(
        self,
        verb: str,
        key: str,
        at: datetime,
        thing: Statement,
        result: Statement | None = None,
        parent: str = "",
    ) -> Statement:
        """`key` names the event for ever: it alone makes the id."""
        version = self.row.version_of
        where: Statement = {"grouping": [{"id": _course_id(self.row)}]}
        if parent:
            where["parent"] = [{"id": parent}]
        return {
            "id": str(uuid.uuid5(_namespace(), key)),
            "actor": {
                "objectType": "Agent",
                "account": {"homePage": site_url(), "name": self.row.user.public_id},
            },
            "verb": {"id": VERBS[verb], "display": {"en": verb}},
            "object": {"objectType": "Activity", **thing},
            **({"result": result} if result else {}),
            "context": {
                "registration": str(uuid.uuid5(_namespace(), f"enrolment:{self.row.public_id}")),
                "contextActivities": where, "language": version.language, "platform": "Belay",
            },
            "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "version": "1.0.3",
        }  # fmt: skip


def _namespace() -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, site_url())


def _course_id(row: Enrolment) -> str:
    """The course with its version: what was learned in another version is another activity."""
    version = row.version_of
    path = reverse("courses:course", kwargs={"course": version.course.slug})
    return f"{site_url(path)}?version={version.version}&language={version.language}"


def _activity(identifier: str, kind: str, name: str, language: str) -> Statement:
    return {"id": identifier, "definition": {"type": ACTIVITIES + kind, "name": {language: name}}}


class _Events:
    """All that happened in these enrolments, read at once."""

    def __init__(self, enrolments: list[Enrolment], whole: bool) -> None:
        versions = {row.version_of_id for row in enrolments}
        self.lessons: dict[int, list[Lesson]] = {}
        for lesson in (
            Lesson.objects.filter(version__in=versions).only("version", "slug", "title").order_by("position")
        ):
            self.lessons.setdefault(lesson.version_id, []).append(lesson)
        modules = Module.objects.filter(version__in=versions).values_list("version", "code", "title")
        self.titles = {(version, code): title for version, code, title in modules}
        tries = Attempt.objects.filter(enrolment__in=enrolments).defer("questions", "answers", "review")
        if not whole:
            tries = tries.exclude(place__in=FORMS)
        seen = Progress.objects.filter(enrolment__in=enrolments, seen_at__isnull=False)
        answers = PracticeAnswer.objects.filter(enrolment__in=enrolments).select_related("question__lesson")
        answers = answers.defer("question__lesson__screens", "question__lesson__content")
        held = Certificate.objects.filter(enrolment__in=enrolments).defer("credential")
        self.tries = _by_enrolment(tries.order_by("pk"))
        self.seen = _by_enrolment(seen.order_by("seen_at", "pk"))
        self.answers = _by_enrolment(answers.order_by("pk")) if whole else {}
        self.held = _by_enrolment(held.order_by("pk"))

    def of(self, row: Enrolment) -> Iterator[Statement]:
        speaker, version = _Speaker(row), row.version_of
        course = _activity(_course_id(row), "course", version.title, version.language)
        yield speaker.say("initialized", f"begun:{row.public_id}", row.enrolled_at, course)
        yield from self._lessons(speaker, course)
        for answer in self.answers.get(row.pk, []):
            yield _answered(speaker, answer)
        for attempt in self.tries.get(row.pk, []):
            yield from self._test(speaker, attempt)
        if row.completed_at:
            done = {"completion": True}
            yield speaker.say("completed", f"done:{row.public_id}", row.completed_at, course, done)
        for certificate in self.held.get(row.pk, []):
            yield _earned(speaker, certificate)

    def _lessons(self, speaker: _Speaker, course: Statement) -> Iterator[Statement]:
        """Each lesson as it was finished, and how far the course is with it, in whole per cent."""
        row = speaker.row
        lessons = {one.pk: one for one in self.lessons.get(row.version_of_id, [])}
        for number, progress in enumerate(self.seen.get(row.pk, []), 1):
            lesson = lessons[progress.lesson_id]
            thing = _activity(_lesson_id(row, lesson), "lesson", lesson.title, row.version_of.language)
            key = f"{row.public_id}:{lesson.slug}"
            yield speaker.say(
                "completed", f"seen:{key}", progress.seen_at, thing, {"completion": True}, course["id"]
            )
            share = {"extensions": {PROGRESS: 100 * number // len(lessons)}}
            yield speaker.say("progressed", f"far:{key}", progress.seen_at, course, share)

    def _test(self, speaker: _Speaker, attempt: Attempt) -> Iterator[Statement]:
        row = speaker.row
        version = row.version_of
        names = {str(TestPlace.FINAL): "Final test", **{str(form): str(form) for form in FORMS}}
        title = self.titles.get((version.pk, attempt.place), names.get(attempt.place, attempt.place))
        course = _course_id(row)
        thing = _activity(f"{course}#test-{attempt.place}", "assessment", title, version.language)
        key = attempt.public_id
        yield speaker.say("initialized", f"try:{key}", attempt.started_at, thing, parent=course)
        if attempt.handed_in_at:
            verb = "passed" if attempt.passed else "failed"
            verb = "completed" if attempt.place in FORMS else "terminated" if attempt.waiting else verb
            yield speaker.say(verb, f"ended:{key}", attempt.handed_in_at, thing, _score(attempt), course)


def _by_enrolment(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, []).append(row)
    return found


def _lesson_id(row: Enrolment, lesson: Lesson) -> str:
    return f"{_course_id(row)}#{lesson.slug}"


def _answered(speaker: _Speaker, answer: PracticeAnswer) -> Statement:
    row, lesson = speaker.row, answer.question.lesson
    parent = _lesson_id(row, lesson) if lesson else _course_id(row)
    thing = {
        "id": f"{_course_id(row)}#{answer.question.code}",
        "definition": {"type": ACTIVITIES + "cmi.interaction", "interactionType": "other"},
    }
    said = {"response": _response(answer.chosen), "success": answer.correct}
    return speaker.say("answered", f"answer:{row.public_id}:{answer.pk}", answer.at, thing, said, parent)


def _response(chosen: Any) -> str:
    """What was chosen in one line, parts as the standard divides them."""
    if isinstance(chosen, dict):
        return "[,]".join(f"{key}[.]{value}" for key, value in chosen.items())
    return "[,]".join(map(str, chosen)) if isinstance(chosen, list) else str(chosen)


def _score(attempt: Attempt) -> Statement:
    """Nothing is decided while a text waits for marking; a try that was set aside is named as such."""
    lasted = (attempt.handed_in_at or attempt.started_at) - attempt.started_at
    found: Statement = {"completion": True, "duration": _duration(lasted)}
    if attempt.waiting:
        return found
    percent = attempt.percent or 0
    found["score"] = {"scaled": percent / 100, "raw": percent, "min": 0, "max": 100}
    if attempt.place not in FORMS:
        found["success"] = bool(attempt.passed)
    named = {"set-aside": attempt.set_aside_at is not None, "supervised-by": attempt.supervised_by}
    extra = {site_url(f"/xapi/{key}"): value for key, value in named.items() if value}
    return {**found, **({"extensions": extra} if extra else {})}


def _duration(lasted: timedelta) -> str:
    return f"PT{max(0, int(lasted.total_seconds()))}S"


def _earned(speaker: _Speaker, row: Certificate) -> Statement:
    language = speaker.row.version_of.language
    name = str(row.statement["course"]["title"])
    thing = {"id": verify_url(row.code), "definition": {"type": BADGE, "name": {language: name}}}
    at = datetime(row.issued_on.year, row.issued_on.month, row.issued_on.day, tzinfo=UTC)
    return speaker.say("earned", f"certificate:{row.public_id}", at, thing, parent=_course_id(speaker.row))
