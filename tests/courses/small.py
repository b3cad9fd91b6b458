"""A small course, as rows and as a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from apps.accounts.models import User
from apps.courses import services
from apps.courses.models import Course, CourseVersion, Lesson, Module, Question

RIGHT, WRONG = "a", "b"
SECRET = "Only authors read this."


def question(code: str, objective: str, **fields: Any) -> dict[str, Any]:
    """One question in the form of the files; option a is right."""
    options = [
        {"id": "a", "text": f"Right of {code}", "correct": True, "feedback": f"Because {code} is so."},
        {"id": "b", "text": f"Wrong of {code}", "correct": False, "feedback": f"It is not so in {code}."},
        {
            "id": "c",
            "text": f"Other of {code}",
            "correct": False,
            "feedback": f"It is another thing in {code}.",
        },
    ]
    base = {
        "id": code,
        "objective": objective,
        "kind": "single",
        "text": f"What of {code}?",
        "critical": False,
    }
    return {**base, "options": options, **fields}


def lesson_front(course: str, module: int, lesson: int, objective: str) -> dict[str, Any]:
    return {
        "id": f"{course}.m{module}.l{lesson}", "module": f"m{module}", "title": f"Lesson {module}-{lesson}", "minutes": 8,
        "objective": "After this you can lock a door.", "objective_id": objective,
        "hook": {"question": "Which door?", "options": ["Front", "Back"]},
        "do_it_at_work": "Lock one door.", "key_points": ["Look.", "Lock.", "Tell."],
    }  # fmt: skip


def course_document(code: str = "C9", modules: int = 1, lessons: int = 1, **fields: Any) -> dict[str, Any]:
    """course.yaml of a course with `lessons` lessons in each of `modules` modules, all of one objective."""
    return {
        "id": code, "slug": f"{code.lower()}-doors", "version": "1.0", "language": "en", "title": f"Doors {code}",
        "summary": "How to lock doors.", "audience": "Everybody.", "hours": 1, "areas": ["GOV.1"], "nice_roles": [],
        "validity_months": 12, "pass_mark": 80, "certificate": "achievement",
        "objectives": [{"id": f"{code}.O1", "text": "Lock a door."}],
        "glossary": [{"term": "door", "meaning": "A way in."}], "artefact": "A list of doors.",
        "modules": [
            {"id": f"m{m}", "title": f"Module {m}", "summary": "Doors.", "lessons": [f"l{m}{n}" for n in range(1, lessons + 1)],
             "test": {"draw": 4, "pass_mark": 75}}
            for m in range(1, modules + 1)
        ],
        **fields,
    }  # fmt: skip


def course_files(code: str = "C9", **shape: Any) -> dict[str, Any]:
    """Path → content (data for YAML, text for Markdown) of a faultless course."""
    document = course_document(code, **shape)
    objective, files, place = f"{code}.O1", {"course.yaml": document}, 0
    for m, module in enumerate(document["modules"], 1):
        for n, slug in enumerate(module["lessons"], 1):
            place += 1
            front = yaml.safe_dump(lesson_front(code, m, n, objective), allow_unicode=True)
            files[f"lessons/{place}-{slug}.md"] = (
                f"---\n{front}---\n## One\n\nText of {slug}.\n\n---screen---\n\n## Two\n\nMore.\n"
            )
            files[f"questions/{slug}.yaml"] = [
                question(f"{code}.m{m}.l{n}.q{k}", objective) for k in range(1, 4)
            ]
        exam = [question(f"{code}.m{m}.test.q{k}", objective, critical=k == 1) for k in range(1, 6)]
        files[f"questions/test-m{m}.yaml"] = exam
    return files


def write_course(root: Path, files: dict[str, Any]) -> Path:
    """Write `files` into a folder named after the course's slug and return it."""
    folder = root / "c9-doors"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(
                content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
            )
    return folder


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
    return enrolment.certificate
