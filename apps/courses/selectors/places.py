"""Find the version, the enrolment and the lesson that an address means for this person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.courses.choices import EXTRA_SCREENS, Pool, TestPlace
from apps.courses.models import CourseVersion, Enrolment, Lesson, Module
from apps.courses.selectors.renewal import RECHECK, RECHECK_QUESTIONS, may_recheck

Visitor = User | AnonymousUser
# Of the lesson where somebody stopped only the place is asked for; its text weighs more than all the rest.
TEXTS = ("last_lesson__screens", "last_lesson__content")


def newest(versions: Iterable[CourseVersion]) -> list[CourseVersion]:
    """One version per course: in the reader's language if there is one, otherwise the newest. Order of course codes."""
    language = (get_language() or "en").partition("-")[0]
    best: dict[int, CourseVersion] = {}
    for version in versions:
        held = best.get(version.course_id)
        fits = version.language.partition("-")[0] == language
        if held is None or (fits and held.language.partition("-")[0] != language):
            best[version.course_id] = version
    return sorted(best.values(), key=lambda version: (len(version.course.code), version.course.code))


def published(user: Visitor) -> list[CourseVersion]:
    """What the catalogue offers to this reader; courses are public."""
    return newest(CourseVersion.objects.select_related("course").defer("document"))


def version_for(user: Visitor, course: str) -> CourseVersion:
    """The version this person takes, or the one a newcomer would take. Raises Http404 for an unknown course."""
    enrolment = enrolment_of(user, course)
    if enrolment:
        return enrolment.version_of
    found = newest(CourseVersion.objects.filter(course__slug=course).select_related("course"))
    if not found:
        raise Http404
    return found[0]


def enrolment_of(user: Visitor, course: str) -> Enrolment | None:
    """The person's latest enrolment in the course: whoever began with one version ends with it."""
    if not user.is_authenticated:
        return None
    rows = Enrolment.objects.filter(user=user, version_of__course__slug=course).defer(*TEXTS)
    return rows.select_related("version_of__course", "last_lesson").order_by("-enrolled_at", "-pk").first()


def enrolment_by_address(email: str, course: str) -> str:
    """The id of the latest enrolment of the person with this address. Raises Http404."""
    rows = Enrolment.objects.filter(user__email__iexact=email.strip(), version_of__course__slug=course)
    found = rows.order_by("-enrolled_at", "-pk").values_list("public_id", flat=True).first()
    if found is None:
        raise Http404
    return found


def lesson_in(version: CourseVersion, lesson: str) -> Lesson:
    """The lesson of this version. Raises Http404."""
    row = Lesson.objects.filter(version=version, slug=lesson).select_related("module").first()
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class TestSpot:
    """A test of a course: of a module, of the whole, or one of the two forms asked before and after.

    `draw` is 0 where every question of the pool is asked.
    """

    __test__ = False

    place: str
    title: str
    pool: str
    draw: int
    pass_mark: int
    module: Module | None = None

    @property
    def is_form(self) -> bool:
        return self.place in (TestPlace.BEFORE, TestPlace.AFTER)

    @property
    def is_recheck(self) -> bool:
        """A short test over the whole course that renews a certificate."""
        return RECHECK.match(self.place) is not None


def test_spot(enrolment: Enrolment, place: str) -> TestSpot:
    """The test that this learner meets at `place`. Raises Http404 where the course has none."""
    version = enrolment.version_of
    if place == TestPlace.FINAL and "final" in version.document:
        rules = version.document["final"]
        return TestSpot(place, _("Final test"), Pool.FINAL, rules["draw"], rules["pass_mark"])
    if place in (TestPlace.BEFORE, TestPlace.AFTER) and has_forms(version):
        title = _("Before the course") if place == TestPlace.BEFORE else _("After the course")
        return TestSpot(place, title, form_of(enrolment, place), 0, 0)
    if RECHECK.match(place) and may_recheck(enrolment, place):
        mark = version.document["pass_mark"]
        return TestSpot(place, _("Re-check"), Pool.FINAL, RECHECK_QUESTIONS, mark)
    row = Module.objects.filter(version=version, code=place, planned=[]).first()
    if row is None:
        raise Http404
    return TestSpot(row.code, row.title, Pool.EXAM, row.draw, row.pass_mark, row)


def has_forms(version: CourseVersion) -> bool:
    return version.questions.filter(pool=Pool.FORM_A).exists()


def form_of(enrolment: Enrolment, place: str) -> str:
    """Half of the learners meet form A first, the others form B; by the enrolment, so that it never changes."""
    a_first = int(hashlib.sha256(enrolment.public_id.encode()).hexdigest(), 16) % 2 == 0
    return Pool.FORM_A if (place == TestPlace.BEFORE) == a_first else Pool.FORM_B


def language_name(code: str) -> str:
    """The language in the reader's words; the code itself for one that Django has no name for."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def screen_count(lesson: Lesson) -> int:
    """How many screens the player shows: the lesson's own with one before and two after."""
    return len(lesson.screens) + EXTRA_SCREENS
