"""A translation says the same as its course: the same parts in the same order, the same answers right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.courses.services.reading import CourseSource, Fault

SAME_IN_COURSE = (
    "id", "slug", "version", "status", "hours", "areas", "indicators", "nice_roles", "validity_months", "pass_mark",
    "certificate", "final",
)  # fmt: skip
SAME_IN_LESSON = ("id", "module", "minutes", "objective_id", "facts")
WORDS = {
    "text",
    "feedback",
    "explanation",
    "left",
    "right",
    "extra",
    "choices",
    "unit",
    "criterion",
    "good",
    "enough",
    "missing",
}


def parity_faults(course: CourseSource, translated: CourseSource) -> Iterator[Fault]:
    """Every place where `translated` is another course than `course` and not just another language."""
    for name in SAME_IN_COURSE:
        if course.course.get(name) != translated.course.get(name):
            yield Fault(f"course.yaml: {name}", "this differs from the course.")
    yield from _ids(course, translated, "objectives", "id")
    yield from _ids(course, translated, "facts", "id")
    for name, part in (("glossary", "term"), ("country_sheet", "label")):
        if len(course.course.get(name, [])) != len(translated.course.get(name, [])):
            yield Fault(f"course.yaml: {name}", f"the course has another number of lines with a {part}.")
    shapes = [
        [(m["id"], m.get("lessons"), m.get("test")) for m in one.course["modules"]]
        for one in (course, translated)
    ]
    if shapes[0] != shapes[1]:
        yield Fault("course.yaml: modules", "modules, lessons and tests are those of the course.")
    yield from _lesson_faults(course, translated)
    yield from _pool_faults(course, translated)


def _ids(course: CourseSource, translated: CourseSource, name: str, key: str) -> Iterator[Fault]:
    first, second = ([row[key] for row in one.course.get(name, [])] for one in (course, translated))
    if first != second:
        yield Fault(f"course.yaml: {name}", "these are not those of the course, in its order.")


def _lesson_faults(course: CourseSource, translated: CourseSource) -> Iterator[Fault]:
    others = {lesson.path: lesson for lesson in translated.lessons}
    for lesson in course.lessons:
        other = others.get(lesson.path)
        if other is None:
            yield Fault(lesson.path, "this lesson is not translated.")
            continue
        for name in SAME_IN_LESSON:
            if lesson.front.get(name) != other.front.get(name):
                yield Fault(f"{lesson.path}: {name}", "this differs from the course.")
        if len(lesson.screens) != len(other.screens):
            yield Fault(lesson.path, f"the course has {len(lesson.screens)} screens here.")
        if len(lesson.front["hook"]["options"]) != len(other.front["hook"]["options"]):
            yield Fault(f"{lesson.path}: hook", "the course has another number of options here.")


def _pool_faults(course: CourseSource, translated: CourseSource) -> Iterator[Fault]:
    for path, pool in course.pools.items():
        others = translated.pools.get(path)
        if others is None:
            continue
        if [row["id"] for row in pool] != [row["id"] for row in others]:
            yield Fault(path, "the questions are not those of the course, in its order.")
            continue
        for number, (row, other) in enumerate(zip(pool, others, strict=True)):
            if _frame(row) != _frame(other):
                yield Fault(
                    f"{path}: [{number}]", "ids, kinds, right answers or numbers differ from the course."
                )


def _frame(value: Any, name: str = "") -> Any:
    """A question without its words: texts become nothing, lists of texts keep their length."""
    if isinstance(value, dict):
        skip = {"answers"} if value.get("kind") == "short" else set()
        return {key: _frame(held, key) for key, held in value.items() if key not in skip}
    if isinstance(value, list):
        return [_frame(held, name) for held in value]
    return None if name in WORDS else value
