"""A small course as rows, and learners who take it."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import User
from apps.courses import services
from apps.courses.models import Course, CourseVersion, Lesson, Module, Question
from tests.courses.files import (
    RIGHT,
    RIGHT_FIELDS,
    SECRET,
    WHY,
    WRONG,
    course_document,
    course_files,
    every_kind_files,
    lesson_front,
    question,
    write_course,
)

__all__ = [
    "RIGHT", "RIGHT_FIELDS", "SECRET", "WHY", "WRONG", "course_document", "course_files", "every_kind_files",
    "finish_course", "finish_lesson", "lesson_front", "question", "right_fields", "small_course", "take_test",
    "write_course",
]  # fmt: skip


def right_fields(row: Question) -> dict[str, list[str]]:
    """The fields of a form that answer any question rightly."""
    body = row.body
    if row.kind == "matching":
        keys = {pair["right"]: pair["id"] for pair in reversed(body["pairs"])}
        return {f"at.{pair['id']}": [keys[pair["right"]]] for pair in body["pairs"]}
    if row.kind == "ordering":
        return {"order": [line["id"] for line in body["items"]]}
    if row.kind == "fill":
        return {f"at.{blank['id']}": ["1"] for blank in body["blanks"]}
    if row.kind in ("short", "numeric"):
        answer = body["answers"][0]
        return {"typed": [str(answer.get("text", answer.get("value"))).replace("*", "")]}
    return {"chosen": [option["id"] for option in row.options if option["correct"]]}


def small_course(code: str = "C9", *, modules: int = 1, lessons: int = 1, **fields: Any) -> CourseVersion:
    """The same course as rows, without reading files: three practice questions a lesson, five in each exam pool."""
    document = course_document(code, modules, lessons, **fields)
    course, _ = Course.objects.get_or_create(slug=document["slug"], defaults={"code": code})
    version = CourseVersion.objects.create(
        course=course, version=document["version"], language=document["language"], title=document["title"],
        summary=document["summary"], hours=document["hours"], areas=document["areas"], document=document,
        document_hash="0" * 64, size=5000,
    )  # fmt: skip
    place = 0
    for m, data in enumerate(document["modules"], 1):
        module = Module.objects.create(
            version=version,
            code=data["id"],
            title=data["title"],
            summary=data["summary"],
            position=m,
            draw=4,
            pass_mark=75,
        )
        for n, slug in enumerate(data["lessons"], 1):
            front = lesson_front(code, m, n, f"{code}.O1")
            lesson = Lesson.objects.create(
                version=version, module=module, slug=slug, title=front["title"], minutes=8, content=front, position=place,
                screens=[f"<p>First text of {slug}.</p>", f"<p>Second text of {slug}.</p>"],
            )  # fmt: skip
            place += 1
            _questions(module, lesson, f"{code}.m{m}.l{n}", 3)
        _questions(module, None, f"{code}.m{m}.test", 5)
    return version


def _questions(module: Module, lesson: Lesson | None, prefix: str, count: int) -> None:
    for k in range(1, count + 1):
        row = question(f"{prefix}.q{k}", f"{prefix.partition('.')[0]}.O1")
        if lesson is None:
            for option in row["options"]:
                option["feedback"] = SECRET
        Question.objects.create(
            version=module.version, module=module, lesson=lesson, code=row["id"], pool="practice" if lesson else "exam",
            kind="single", objective=row["objective"], text=row["text"], options=row["options"],
            critical=lesson is None and k == 1, position=k,
        )  # fmt: skip


def finish_lesson(user: User, course: str, lesson: str) -> None:
    """Open every screen and try every question."""
    for screen in range(1, 6):
        services.open_screen(actor=user, course=course, lesson=lesson, screen=screen)
    for row in Question.objects.filter(lesson__slug=lesson, lesson__version__course__slug=course):
        services.answer_practice(
            actor=user, course=course, lesson=lesson, question=row.code, given={"chosen": [RIGHT]}
        )


def take_test(user: User, course: str, module: str, choice: str = RIGHT) -> Any:
    """One whole try with the same choice everywhere."""
    attempt = services.start_attempt(actor=user, course=course, module=module)
    for drawn in attempt.questions:
        services.save_answer(
            actor=user,
            course=course,
            module=module,
            attempt=attempt.public_id,
            question=drawn["code"],
            given={"chosen": [choice]},
        )
    return services.hand_in(actor=user, course=course, module=module, attempt=attempt.public_id)


def finish_course(user: User, version: CourseVersion) -> Any:
    """Enrol, see everything, pass everything; return the certificate."""
    slug = version.course.slug
    enrolment = services.enrol(actor=user, course=slug)
    for lesson in version.lessons.all():
        finish_lesson(user, slug, lesson.slug)
    for module in version.modules.all():
        take_test(user, slug, module.code)
    enrolment.refresh_from_db()
    return enrolment.certificates.get()
