"""Load a course folder as a published version: all or nothing, and a published version never changes."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps import marking
from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.markdown import render_markdown
from apps.courses.choices import Pool
from apps.courses.models import Course, CourseVersion, Lesson, Module, Question, VersionFolder
from apps.courses.policies import may_keep_courses
from apps.courses.services.checking import FIGURE_LINE, find_faults
from apps.courses.services.figures import figure_html
from apps.courses.services.packing import pack_files
from apps.courses.services.reading import CourseSource, Fault, LessonSource, read_folder
from apps.frameworks.models import Area

FRAMEWORK = "belay-shared"
MAX_SCREEN_BYTES = 40 * 1024
LESSON_PARTS = ("id", "objective", "objective_id", "hook", "do_it_at_work", "key_points", "facts")


class CourseFaults(Refused):
    """The folder is not a course yet; `faults` lists every reason with its place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@transaction.atomic
def load_course(*, actor: User | None, folder: Path) -> CourseVersion:
    """Load `folder` and return its version; the same content again changes nothing.

    Raises `CourseFaults` with every fault, or `Refused` when this version was published with other content.
    """
    require(may_keep_courses(actor))
    return store_source(actor, read_folder(folder))


def store_source(actor: User | None, source: CourseSource) -> CourseVersion:
    """Publish a folder as read, for somebody who may; the same errors. Runs in the caller's transaction."""
    faults = find_faults(source) or _faults_with_what_is_stored(source)
    if faults:
        raise CourseFaults(faults)
    given = source.course
    course, _new = Course.objects.get_or_create(slug=given["slug"], defaults={"code": given["id"]})
    version = _publish(actor, course, source)
    VersionFolder.objects.get_or_create(version=version, defaults={"packed": pack_files(source.files)})
    for translated in source.translations.values():
        _publish(actor, course, translated)
    return version


def _publish(actor: User | None, course: Course, source: CourseSource) -> CourseVersion:
    """Store one language of a course, unless it is stored already."""
    given = source.course
    stored = course.versions.filter(version=given["version"], language=given["language"]).first()
    if stored:
        return _unchanged(stored, source)
    version = _store(course, source)
    audit.record(actor=actor, action="course.published", on=version, digest=source.digest, code=course.code)
    return version


def _faults_with_what_is_stored(source: CourseSource) -> list[Fault]:
    given = source.course
    faults = []
    clash = Course.objects.filter(slug=given["slug"]).exclude(code=given["id"]).first()
    if clash:
        faults.append(Fault("course.yaml: id", f"“{clash.slug}” is {clash.code} on this site."))
    clash = Course.objects.filter(code=given["id"]).exclude(slug=given["slug"]).first()
    if clash:
        faults.append(Fault("course.yaml: slug", f"{clash.code} is called “{clash.slug}” on this site."))
    known = Area.objects.filter(version__framework__slug=FRAMEWORK, version__state="published")
    codes = set(known.values_list("code", flat=True))
    for number, code in enumerate(given["areas"]):
        if codes and code not in codes:
            faults.append(Fault(f"course.yaml: areas[{number}]", f"the shared framework has no area {code}."))
    return faults


def _unchanged(stored: CourseVersion, source: CourseSource) -> CourseVersion:
    if stored.document_hash != source.digest:
        text = _(
            "Version %(version)s was published with other content. A published version never changes; raise the version."
        )
        raise Refused(text % {"version": stored.version})
    return stored


def _store(course: Course, source: CourseSource) -> CourseVersion:
    given = source.course
    with translation.override(given["language"]):
        screens = {
            lesson.slug: [_screen(source, lesson, n) for n in range(len(lesson.screens))]
            for lesson in source.lessons
        }
    version = CourseVersion.objects.create(
        course=course, version=given["version"], language=given["language"], title=given["title"],
        summary=given["summary"].strip(), hours=Decimal(str(given["hours"])), areas=given["areas"],
        document=given, document_hash=source.digest, size=_size(screens, source),
    )  # fmt: skip
    by_slug = {lesson.slug: lesson for lesson in source.lessons}
    place = 0
    for number, data in enumerate(given["modules"]):
        rules = data.get("test", {"draw": 0, "pass_mark": given["pass_mark"]})
        module = Module.objects.create(
            version=version, code=data["id"], title=data["title"], summary=data["summary"], position=number,
            draw=rules["draw"], pass_mark=rules["pass_mark"], planned=data.get("planned", []),
        )  # fmt: skip
        for slug in data.get("lessons", []):
            lesson = _store_lesson(module, by_slug[slug], screens[slug], place)
            _store_questions(version, source.pools[f"questions/{slug}.yaml"], Pool.PRACTICE, module, lesson)
            place += 1
        _store_questions(
            version, source.pools.get(f"questions/test-{module.code}.yaml", []), Pool.EXAM, module
        )
    for name, pool in (("final", Pool.FINAL), ("form-a", Pool.FORM_A), ("form-b", Pool.FORM_B)):
        _store_questions(version, source.pools.get(f"questions/{name}.yaml", []), pool)
    return version


def _screen(source: CourseSource, lesson: LessonSource, number: int) -> str:
    """One screen as safe HTML: Markdown between figures, figures as images that carry themselves."""
    text, parts, start = lesson.screens[number], [], 0
    for figure in FIGURE_LINE.finditer(text):
        parts.append(str(render_markdown(text[start : figure.start()])))
        parts.append(str(figure_html(source.figures[figure["path"]], figure["alt"])))
        start = figure.end()
    parts.append(str(render_markdown(text[start:])))
    html = "".join(parts)
    if len(html.encode()) > MAX_SCREEN_BYTES:
        fault = Fault(
            f"{lesson.path}: screen {number + 1}", f"this screen has more than {MAX_SCREEN_BYTES // 1024} KB."
        )
        raise CourseFaults([fault])
    return html


def _size(screens: dict[str, list[str]], source: CourseSource) -> int:
    """Bytes on the line: each lesson's screens with its check, compressed."""
    return sum(
        len(gzip.compress(("".join(html) + str(source.pools[f"questions/{slug}.yaml"])).encode(), mtime=0))
        for slug, html in screens.items()
    )


def _store_lesson(module: Module, lesson: LessonSource, screens: list[str], place: int) -> Lesson:
    front = lesson.front
    content = {key: front[key] for key in LESSON_PARTS if key in front}
    return Lesson.objects.create(
        version=module.version, module=module, slug=lesson.slug, title=front["title"], minutes=front["minutes"],
        screens=screens, content=content, position=place,
    )  # fmt: skip


def _store_questions(
    version: CourseVersion,
    pool: list[dict[str, Any]],
    kind: Pool,
    module: Module | None = None,
    lesson: Lesson | None = None,
) -> None:
    Question.objects.bulk_create(
        Question(
            version=version, module=module, lesson=lesson, code=row["id"], pool=kind, kind=row["kind"],
            objective=row["objective"], text=row["text"], options=row.get("options", []),
            body={key: row[key] for key in marking.BODY if key in row and key != "options"},
            critical=row["critical"], position=n,
        )
        for n, row in enumerate(pool)
    )  # fmt: skip
