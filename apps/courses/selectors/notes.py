"""A learner's own notes; the key points and the words of a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from apps.accounts.models import User
from apps.core.folding import has_words
from apps.courses.models import Note
from apps.courses.selectors.places import Visitor, enrolment_of, version_for


@dataclass(frozen=True, slots=True)
class NoteRow:
    course: str
    course_title: str
    lesson: str
    lesson_title: str
    language: str
    text: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NotesPage:
    """Notes that hold every word of `query`, newest first, of `total` in all."""

    query: str
    total: int
    notes: tuple[NoteRow, ...]


def notes_page(user: User, query: str) -> NotesPage:
    """The person's notes, searched without regard to capitals, accents and vowel signs. One query."""
    words = " ".join(query.replace("\x00", "").split())[:100]
    rows = (
        Note.objects.filter(enrolment__user=user)
        .select_related("lesson", "enrolment__version_of__course")
        .defer("lesson__screens", "lesson__content", "enrolment__version_of__document")
        .order_by("-updated_at", "-pk")
    )
    found = [_row(row) for row in rows]
    fit = [row for row in found if has_words(f"{row.text} {row.lesson_title} {row.course_title}", words)]
    return NotesPage(words, len(found), tuple(fit))


def _row(row: Note) -> NoteRow:
    version = row.enrolment.version_of
    return NoteRow(
        version.course.slug, version.title, row.lesson.slug, row.lesson.title, version.language, row.text, row.updated_at
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointsOfLesson:
    number: int
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointsOfModule:
    code: str
    title: str
    lessons: tuple[PointsOfLesson, ...]


@dataclass(frozen=True, slots=True)
class PointsPage:
    """The key points of a course: one sheet of paper a module."""

    course: str
    title: str
    version: str
    language: str
    modules: tuple[PointsOfModule, ...]


def points_page(user: User, course: str) -> PointsPage:
    """The key points of the course that this learner takes. Raises Http404 unless enrolled."""
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    version = enrolment.version_of
    rows: dict[int, list[PointsOfLesson]] = {}
    for number, lesson in enumerate(version.lessons.defer("screens"), 1):
        points = tuple(lesson.content["key_points"])
        rows.setdefault(lesson.module_id, []).append(PointsOfLesson(number, lesson.title, points))
    modules = tuple(
        PointsOfModule(module.code, module.title, tuple(rows[module.pk]))
        for module in version.modules.all()
        if module.pk in rows
    )
    return PointsPage(course, version.title, version.version, version.language, modules)


@dataclass(frozen=True, slots=True)
class GlossaryPage:
    """Words of a course that hold what was searched for, of `total` in all."""

    course: str
    title: str
    language: str
    query: str
    total: int
    words: tuple[tuple[str, str], ...]


def glossary_page(user: Visitor, course: str, query: str) -> GlossaryPage:
    """The words of a course with what they mean there; courses are public. Raises Http404."""
    version = version_for(user, course)
    wanted = " ".join(query.replace("\x00", "").split())[:100]
    every = [(row["term"], row["meaning"]) for row in version.document["glossary"]]
    fit = tuple((term, meaning) for term, meaning in every if has_words(f"{term} {meaning}", wanted))
    return GlossaryPage(course, version.title, version.language, wanted, len(every), fit)
