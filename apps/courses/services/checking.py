"""What makes a folder a course: the schemas first, then how its parts fit together."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

from apps import marking
from apps.courses.services.figures import BadFigure, check_figure
from apps.courses.services.parity import parity_faults
from apps.courses.services.reading import CourseSource, Fault, LessonSource, read_folder

FIGURE_LINE = re.compile(r"^!\[(?P<alt>[^\]\n]*)\]\((?P<path>[^)\s]*)\)[ \t]*$", re.MULTILINE)
ANY_IMAGE = re.compile(r"!\[[^\]]*\]")
AFTER_THIS = re.compile(r"After this you can .+\.", re.DOTALL)
TAKEN_SLUGS = {"certificate", "enrol", "saved", "test"}
TAKEN_COURSES = {"saved"}
LEAST_PER_OBJECTIVE = 3
OWN_POOLS = ("final", "form-a", "form-b")
FORMS = ("questions/form-a.yaml", "questions/form-b.yaml")


@lru_cache
def _schema(name: str, part: str = "") -> Draft202012Validator:
    document = json.loads((settings.CONTENT_DIR / "schemas" / name).read_text(encoding="utf-8"))
    root = {"$ref": f"#/$defs/{part}", "$defs": document["$defs"]} if part else document
    return Draft202012Validator(root)


def find_faults(source: CourseSource) -> list[Fault]:
    """Every fault of `source`, ordered by place; an empty list means it may be loaded.

    Parts are only compared with each other once each of them keeps its schema.
    """
    faults = _own_faults(source)
    for language, translated in source.translations.items():
        found = _own_faults(translated)
        if not faults and not found:
            found = list(parity_faults(source, translated))
        faults += [Fault(f"{language}/{fault.place}", fault.sentence) for fault in found]
    return sorted(set(faults))


def check_folder(folder: Path) -> tuple[list[Fault], dict[str, int]]:
    """The faults of a folder, and how many lessons, figures and questions of each pool it holds."""
    source = read_folder(folder)
    held: Counter[str] = Counter(lessons=len(source.lessons), figures=len(source.figures))
    for path, pool in source.pools.items():
        name = Path(path).stem
        kind = "test" if name.startswith("test-") else name if name in OWN_POOLS else "practice"
        held[kind] += len(pool or [])
    return find_faults(source), dict(held)


def _own_faults(source: CourseSource) -> list[Fault]:
    faults = [*source.faults, *_shape_faults(source), *_figure_faults(source)]
    return faults or [*_lesson_faults(source), *_fact_faults(source), *_question_faults(source)]


def _shape_faults(source: CourseSource) -> Iterator[Fault]:
    if source.course:
        yield from _against("course.yaml", source.course, _schema("course.schema.json"))
    for lesson in source.lessons:
        yield from _against(lesson.path, lesson.front, _schema("course.schema.json", "lesson"))
    for path, pool in source.pools.items():
        if pool is not None:
            yield from _against(path, pool, _schema("question.schema.json"))


def against(path: str, data: Any, name: str) -> Iterator[Fault]:
    """What in `data`, of the file `path`, is not as the schema `name` wants it."""
    yield from _against(path, data, _schema(name))


def _against(path: str, data: Any, schema: Draft202012Validator) -> Iterator[Fault]:
    for error in schema.iter_errors(data):
        place = error.json_path.removeprefix("$").removeprefix(".")
        text = error.message if len(error.message) < 200 else f"…{error.message[-180:]}"
        yield Fault(f"{path}: {place}" if place else path, f"{text}.")


def _figure_faults(source: CourseSource) -> Iterator[Fault]:
    shown = {
        match["path"]
        for lesson in source.lessons
        for text in lesson.screens
        for match in FIGURE_LINE.finditer(text)
    }
    for path, raw in source.figures.items():
        if path not in shown and not source.into:
            yield Fault(path, "no lesson shows this figure.")
        try:
            check_figure(raw)
        except BadFigure as fault:
            yield Fault(path, str(fault))
    for lesson in source.lessons:
        for number, text in enumerate(lesson.screens, 1):
            yield from _screen_faults(source, f"{lesson.path}: screen {number}", text)


def _screen_faults(source: CourseSource, place: str, text: str) -> Iterator[Fault]:
    if not text:
        yield Fault(place, "this screen is empty.")
    figures = list(FIGURE_LINE.finditer(text))
    if len(figures) != len(ANY_IMAGE.findall(text)):
        yield Fault(place, "a picture stands on a line of its own: ![what it shows](figures/name.svg).")
    for figure in figures:
        if figure["path"] not in source.figures:
            yield Fault(place, f"there is no figure “{figure['path']}”.")
        if not figure["alt"].strip():
            yield Fault(place, "a picture needs words that say what it shows.")


def _lesson_faults(source: CourseSource) -> Iterator[Fault]:
    course = source.course
    if course["slug"] != source.folder:
        yield Fault("course.yaml: slug", f"the folder is called “{source.folder}”.")
    if course["slug"] in TAKEN_COURSES:
        yield Fault("course.yaml: slug", f"“{course['slug']}” is the name of another page.")
    if course["certificate"] == "practice":
        yield Fault(
            "course.yaml: certificate",
            "a practice certificate needs a reviewed artefact; choose achievement.",
        )
    if source.into and course["language"] != source.into:
        yield Fault("course.yaml: language", f"this folder holds the language “{source.into}”.")
    if course.get("status") != "preparation" and any("planned" in module for module in course["modules"]):
        yield Fault("course.yaml: status", "a course with planned modules is in preparation.")
    yield from _doubles("course.yaml: objectives", [row["id"] for row in course["objectives"]])
    yield from _doubles("course.yaml: modules", [module["id"] for module in course["modules"]])
    named = [slug for module in course["modules"] for slug in module.get("lessons", [])]
    yield from _doubles("course.yaml: modules", named)
    yield from _order_faults(source, named)


def _order_faults(source: CourseSource, named: list[str]) -> Iterator[Fault]:
    """Lessons that course.yaml does not name, names without a lesson, lessons out of their place."""
    course = source.course
    by_slug = {lesson.slug: lesson for lesson in source.lessons}
    for lesson in source.lessons:
        if lesson.slug not in named:
            yield Fault(lesson.path, "no module in course.yaml names this lesson.")
        if lesson.slug in TAKEN_SLUGS:
            yield Fault(lesson.path, f"“{lesson.slug}” is the name of another page; choose a different slug.")
    position = 0
    for m, module in enumerate(course["modules"]):
        for n, slug in enumerate(module.get("lessons", [])):
            position += 1
            place = f"course.yaml: modules[{m}].lessons[{n}]"
            if slug not in by_slug:
                yield Fault(place, f"there is no lesson file lessons/{position}-{slug}.md.")
            else:
                wanted = f"{course['id']}.{module['id']}.l{n + 1}"
                yield from _place_faults(by_slug[slug], position, wanted, module["id"], course)


def _place_faults(
    lesson: LessonSource, position: int, wanted: str, module: str, course: Any
) -> Iterator[Fault]:
    if lesson.number != position:
        yield Fault(
            lesson.path, f"this is lesson {position} of the course; the file name says {lesson.number}."
        )
    if lesson.front["module"] != module:
        yield Fault(f"{lesson.path}: module", f"course.yaml puts this lesson into {module}.")
    if lesson.front["id"] != wanted:
        yield Fault(f"{lesson.path}: id", f"by its place this is {wanted}.")
    if lesson.front["objective_id"] not in {row["id"] for row in course["objectives"]}:
        yield Fault(f"{lesson.path}: objective_id", f"there is no objective {lesson.front['objective_id']}.")
    if course["language"] == "en" and not AFTER_THIS.fullmatch(lesson.front["objective"]):
        yield Fault(
            f"{lesson.path}: objective", "this begins “After this you can” and ends with a full stop."
        )


def _fact_faults(source: CourseSource) -> Iterator[Fault]:
    facts = [row["id"] for row in source.course.get("facts", [])]
    yield from _doubles("course.yaml: facts", facts)
    used = {name for lesson in source.lessons for name in lesson.front.get("facts", [])}
    for lesson in source.lessons:
        for name in sorted(set(lesson.front.get("facts", [])) - set(facts)):
            yield Fault(f"{lesson.path}: facts", f"there is no fact {name}.")
    for name in sorted(set(facts) - used):
        yield Fault("course.yaml: facts", f"no lesson uses {name}.")


def _question_faults(source: CourseSource) -> Iterator[Fault]:
    course, fronts = source.course, {lesson.slug: lesson.front for lesson in source.lessons}
    wanted: dict[str, str] = {}
    practice: Counter[str] = Counter()
    for module in course["modules"]:
        if "planned" in module:
            continue
        taught = {fronts[slug]["objective_id"] for slug in module["lessons"] if slug in fronts}
        for slug in module["lessons"]:
            path = f"questions/{slug}.yaml"
            wanted[path] = fronts.get(slug, {}).get("id", "")
            practice.update(row["objective"] for row in source.pools.get(path) or [])
        path = f"questions/test-{module['id']}.yaml"
        wanted[path] = f"{course['id']}.{module['id']}.test"
        yield from _test_faults(path, source.pools.get(path) or [], module["test"]["draw"], taught)
        for objective in sorted(taught):
            if practice[objective] < LEAST_PER_OBJECTIVE:
                text = f"{objective} has fewer than {LEAST_PER_OBJECTIVE} practice questions."
                yield Fault(f"course.yaml: {module['id']}", text)
    if "final" in course:
        wanted["questions/final.yaml"] = f"{course['id']}.final"
        yield from _draw_faults(
            "questions/final.yaml", source.pools.get("questions/final.yaml") or [], course["final"]["draw"]
        )
    if any(path in source.pools for path in FORMS):
        wanted |= dict(zip(FORMS, (f"{course['id']}.forma", f"{course['id']}.formb"), strict=True))
        yield from _form_faults(source)
    yield from _pool_faults(source, wanted)


def _form_faults(source: CourseSource) -> Iterator[Fault]:
    """Two forms measure the same: question by question they ask for the same objective."""
    first, second = ([row["objective"] for row in source.pools.get(path) or []] for path in FORMS)
    if first != second:
        yield Fault(FORMS[1], "both forms ask for the same objectives in the same order.")
    for path in FORMS:
        for number, row in enumerate(source.pools.get(path) or []):
            if row["kind"] == "essay":
                yield Fault(f"{path}: [{number}].kind", "forms are marked at once; an essay is not.")


def _draw_faults(path: str, pool: list[Any], draw: int) -> Iterator[Fault]:
    if pool and len(pool) < draw:
        yield Fault(path, f"the test draws {draw} questions, the pool has {len(pool)}.")
    critical = sum(row["critical"] for row in pool)
    if critical > draw:
        yield Fault(path, f"{critical} questions are critical, the test draws {draw}.")


def _test_faults(path: str, pool: list[Any], draw: int, taught: set[str]) -> Iterator[Fault]:
    yield from _draw_faults(path, pool, draw)
    counts = Counter(row["objective"] for row in pool)
    for objective in sorted(taught | counts.keys()):
        if objective not in taught:
            yield Fault(path, f"{objective} is not taught in this module.")
        elif pool and counts[objective] < LEAST_PER_OBJECTIVE:
            yield Fault(path, f"{objective} has fewer than {LEAST_PER_OBJECTIVE} questions.")


def _pool_faults(source: CourseSource, wanted: dict[str, str]) -> Iterator[Fault]:
    objectives = {row["id"] for row in source.course["objectives"]}
    texts: dict[str, str] = {}
    for path in sorted(wanted.keys() - source.pools.keys()):
        yield Fault(path, "this file is missing.")
    for path, pool in source.pools.items():
        if path not in wanted:
            yield Fault(path, "no lesson or module of this course has this name.")
            continue
        yield from _doubles(path, [row["id"] for row in pool])
        for number, row in enumerate(pool):
            place = f"{path}: [{number}]"
            if row["id"].rpartition(".")[0] != wanted[path]:
                yield Fault(f"{place}.id", f"questions of this file begin with {wanted[path]}.")
            if row["objective"] not in objectives:
                yield Fault(f"{place}.objective", f"there is no objective {row['objective']}.")
            same = texts.setdefault(" ".join(str(marking.asked(row)).split()).lower(), row["id"])
            if same != row["id"]:
                yield Fault(f"{place}.text", f"{same} asks the same; a test never repeats the practice.")
            for part, sentence in marking.faults_of(row):
                yield Fault(f"{place}.{part}", sentence)


def _doubles(place: str, values: Iterable[str]) -> Iterator[Fault]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Fault(place, f"“{value}” stands here {count} times.")
