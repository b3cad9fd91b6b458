"""Find the version, the enrolment and the lesson that an address means for this person."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import get_language, get_language_info

from apps.accounts.models import User
from apps.courses.choices import EXTRA_SCREENS
from apps.courses.models import CourseVersion, Enrolment, Lesson, Module

Visitor = User | AnonymousUser


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
    rows = Enrolment.objects.filter(user=user, version_of__course__slug=course)
    return rows.select_related("version_of__course", "last_lesson").order_by("-enrolled_at", "-pk").first()


def lesson_in(version: CourseVersion, lesson: str) -> Lesson:
    """The lesson of this version. Raises Http404."""
    row = Lesson.objects.filter(version=version, slug=lesson).select_related("module").first()
    if row is None:
        raise Http404
    return row


def module_in(version: CourseVersion, module: str) -> Module:
    """The module of this version. Raises Http404."""
    row = Module.objects.filter(version=version, code=module).first()
    if row is None:
        raise Http404
    return row


def language_name(code: str) -> str:
    """The language in the reader's words; the code itself for one that Django has no name for."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def screen_count(lesson: Lesson) -> int:
    """How many screens the player shows: the lesson's own with one before and two after."""
    return len(lesson.screens) + EXTRA_SCREENS
