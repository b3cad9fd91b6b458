"""What a course gives when it is taken out as a package: its lessons and their practice, never a question of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.safestring import SafeString, mark_safe

from apps import marking
from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import Pool
from apps.courses.models import CourseVersion, Lesson, Module, Question
from apps.courses.policies import may_keep_packages, may_take_out
from apps.courses.selectors.asking import Asked, ask
from apps.courses.selectors.places import language_name, published
from apps.courses.selectors.player import facts_of


@dataclass(frozen=True, slots=True)
class CourseToTake:
    slug: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the course in one language; `modules` are (code, title) of those with lessons."""

    language: str
    language_name: str
    title: str
    version: str
    modules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ScormPage:
    slug: str
    title: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class PackagedQuestion:
    code: str
    number: int
    ask: Asked
    key: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PackagedLesson:
    slug: str
    title: str
    minutes: int
    module: str
    objective: str
    hook: str
    hook_options: tuple[str, ...]
    screens: tuple[SafeString, ...]
    questions: tuple[PackagedQuestion, ...]
    do_it_at_work: str
    key_points: tuple[str, ...]
    facts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PackagedCourse:
    """`module` is empty for the whole course."""

    slug: str
    code: str
    title: str
    version: str
    language: str
    module: str
    module_title: str
    lessons: tuple[PackagedLesson, ...]
    glossary: tuple[tuple[str, str], ...]


def courses_to_take_out(user: User) -> list[CourseToTake]:
    """Published courses, for who keeps packages. Raises PermissionDenied."""
    require(may_keep_packages(user))
    return [CourseToTake(row.course.slug, row.title, row.language) for row in published(user)]


def _editions(course: str) -> list[CourseVersion]:
    """The newest version in each language, English first."""
    rows = (
        CourseVersion.objects.filter(course__slug=course)
        .select_related("course")
        .order_by("published_at", "pk")
    )
    newest = {row.language: row for row in rows}
    return sorted(newest.values(), key=lambda row: (row.language != "en", row.language))


def scorm_page(user: User, course: str) -> ScormPage:
    """The editions of a course that can be taken out. Raises PermissionDenied, Http404."""
    require(may_take_out(user, course))
    rows = _editions(course)
    if not rows:
        raise Http404
    modules: dict[int, list[tuple[str, str]]] = {}
    for module in (
        Module.objects.filter(version__in=rows, lessons__isnull=False).distinct().order_by("position")
    ):
        modules.setdefault(module.version_id, []).append((module.code, module.title))
    return ScormPage(
        course, rows[0].title,
        tuple(
            Edition(row.language, language_name(row.language), row.title, row.version, tuple(modules.get(row.pk, ())))
            for row in rows
        ),
    )  # fmt: skip


def packaged_course(course: str, language: str = "", module: str = "") -> PackagedCourse:
    """The lessons of the newest version in `language` (else the first there is), of one module or all. Raises Http404."""
    rows = _editions(course)
    version = next((row for row in rows if not language or row.language == language), None)
    if version is None:
        raise Http404
    practice = Prefetch("questions", Question.objects.filter(pool=Pool.PRACTICE), to_attr="practice")
    lessons = version.lessons.select_related("module").prefetch_related(practice)
    chosen = [row for row in lessons if module in ("", row.module.code)]
    if not chosen:
        raise Http404
    return PackagedCourse(
        slug=version.course.slug, code=version.course.code, title=version.title, version=version.version,
        language=version.language, module=module, module_title=chosen[0].module.title if module else "",
        lessons=tuple(_lesson(version, row) for row in chosen),
        glossary=tuple((row["term"], row["meaning"]) for row in version.document["glossary"]),
    )  # fmt: skip


def _lesson(version: CourseVersion, row: Lesson) -> PackagedLesson:
    questions: list[Question] = row.practice  # type: ignore[attr-defined]
    return PackagedLesson(
        slug=row.slug, title=row.title, minutes=row.minutes, module=row.module.title, objective=row.content["objective"],
        hook=row.content["hook"]["question"], hook_options=tuple(row.content["hook"]["options"]),
        screens=tuple(mark_safe(str(html)) for html in row.screens),  # noqa: S308  made safe when the course was loaded
        questions=tuple(_question(version, question, number) for number, question in enumerate(questions, 1)),
        do_it_at_work=row.content["do_it_at_work"], key_points=tuple(row.content["key_points"]),
        facts=facts_of(version, row),
    )  # fmt: skip


def _question(version: CourseVersion, row: Question, number: int) -> PackagedQuestion:
    """A practice question with what makes it right: the package explains, so it must know."""
    asked = ask(row, marking.shuffled(marking.item(row), version.public_id), [])
    key: dict[str, Any] = {"kind": row.kind}
    if asked.options:
        key["right"] = [option.value for option in asked.options if option.correct]
    elif asked.lines:
        key["right"] = {line.id: line.right for line in asked.lines}
    else:
        key["answers"] = [
            {name: answer[name] for name in ("text", "value", "tolerance", "share") if name in answer}
            for answer in row.body.get("answers", ())
        ]
    return PackagedQuestion(row.code, number, asked, key)
