"""What a published version teaches, kept by the process: a version never changes, so it is read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404

from apps.courses.choices import Pool
from apps.courses.models import CourseVersion, Lesson, Module, Question


@dataclass(frozen=True, slots=True)
class Edition:
    """A version with its modules and its lessons in order; the lessons come without their text. Only to be read."""

    version: CourseVersion
    modules: tuple[Module, ...]
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson with its module, its text and its practice questions in order. Only to be read."""

    lesson: Lesson
    practice: tuple[Question, ...]


# The public id and the hash are part of the key: a database that was restored may give a number to another version.
@lru_cache(maxsize=64)
def edition(version: int, public_id: str, document_hash: str) -> Edition:
    """The whole of a version but for the text of its lessons. Three queries the first time, none after."""
    row = CourseVersion.objects.select_related("course").get(pk=version)
    return Edition(row, tuple(row.modules.all()), tuple(row.lessons.defer("screens")))


@lru_cache(maxsize=256)
def taught(version: int, public_id: str, document_hash: str, lesson: str) -> Taught:
    """A lesson of a version. Two queries the first time, none after. Raises Http404 for an unknown lesson."""
    row = Lesson.objects.filter(version=version, slug=lesson).select_related("module").first()
    if row is None:
        raise Http404
    return Taught(row, tuple(row.questions.filter(pool=Pool.PRACTICE)))
