"""The public side of courses: the catalogue, a course's page, links from areas."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.courses.choices import TestPlace
from apps.courses.models import Attempt, Certificate, CourseVersion, Enrolment, Lesson, Module
from apps.courses.selectors.places import (
    Visitor,
    enrolment_of,
    has_forms,
    language_name,
    published,
    version_for,
)
from apps.courses.selectors.skipping import lessons_left, skipped_modules
from apps.frameworks.models import Area


@dataclass(frozen=True, slots=True)
class CourseLink:
    title: str
    url: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the catalogue; `size` is in bytes as sent over the line."""

    code: str
    slug: str
    version: str
    language: str
    language_name: str
    title: str
    summary: str
    hours: Decimal
    lessons: int
    minutes: int
    size: int
    areas: tuple[str, ...]
    area_names: tuple[str, ...]
    state: str

    @property
    def megabytes(self) -> Decimal:
        """What is loaded, in millions of bytes and never shown as nothing."""
        return max(Decimal(self.size) / 1_000_000, Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class LessonRow:
    number: int
    slug: str
    title: str
    minutes: int
    objective: str
    state: str  # "seen", "begun" or ""

    @property
    def mark(self) -> str:
        """The icon of the state."""
        return {"seen": "done", "begun": "half"}.get(self.state, "ring")


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module, or the final test as a module without lessons; `planned` are titles that are not written yet."""

    code: str
    title: str
    summary: str
    draw: int
    pass_mark: int
    passed: bool
    lessons: tuple[LessonRow, ...]
    planned: tuple[str, ...] = ()
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where a learner goes on: a lesson, a test, or nothing more to do."""

    kind: str  # "lesson", "test" or "done"
    slug: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Artefact:
    """What learners make for their office; each line of the rubric has criterion, good, enough, missing."""

    title: str
    text: str
    rubric: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """`form` is the one of the two forms that may be answered now: "before", "after" or none."""

    card: CourseCard
    audience: str
    artefact: Artefact
    country_sheet: tuple[dict[str, str], ...]
    form: str
    in_preparation: bool
    objectives: tuple[str, ...]
    glossary: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    modules: tuple[ModuleRow, ...]
    validity_months: int
    enrolled: bool
    begun: bool
    step: NextStep
    certificate: str
    newer_version: str
    lessons_seen: int = 0


def list_courses(user: Visitor) -> list[CourseCard]:
    """Every published course, one version each, in the reader's language where there is one."""
    versions = published(user)
    counts = {
        row["pk"]: row
        for row in CourseVersion.objects.filter(pk__in=[version.pk for version in versions])
        .order_by()
        .values("pk")
        .annotate(lessons_count=Count("lessons"), minutes=Sum("lessons__minutes"))
    }
    names = area_names(code for version in versions for code in version.areas)
    states = _states(user)
    return [
        _card(version, counts[version.pk]["lessons_count"], counts[version.pk]["minutes"] or 0, names, states.get(version.course_id, ""))
        for version in versions
    ]  # fmt: skip


def _states(user: Visitor) -> dict[int, str]:
    if not user.is_authenticated:
        return {}
    rows = (
        Enrolment.objects.filter(user=user)
        .order_by("enrolled_at")
        .values_list("version_of__course", "completed_at")
    )
    return {course: "done" if done else "begun" for course, done in rows}


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of areas of the newest published framework that has them; unknown codes are left out."""
    rows = Area.objects.filter(code__in=set(codes), version__state="published").order_by(
        "version__published_at"
    )
    return dict(rows.values_list("code", "name"))


def _card(
    version: CourseVersion, lessons: int, minutes: int, names: dict[str, str], state: str
) -> CourseCard:
    return CourseCard(
        code=version.course.code, slug=version.course.slug, version=version.version, language=version.language,
        language_name=language_name(version.language),
        title=version.title, summary=version.summary, hours=version.hours, lessons=lessons, minutes=minutes,
        size=version.size, areas=tuple(version.areas),
        area_names=tuple(names.get(code, code) for code in version.areas), state=state,
    )  # fmt: skip


def for_areas(user: Visitor, codes: Iterable[str]) -> dict[str, list[CourseLink]]:
    """Courses that help to raise each of these areas; an area without one is not in the answer."""
    wanted = set(codes)
    found: dict[str, list[CourseLink]] = {}
    versions = published(user)
    minutes = dict(
        CourseVersion.objects.filter(pk__in=[version.pk for version in versions])
        .order_by()
        .values_list("pk")
        .annotate(Sum("lessons__minutes"))
    )
    for version in versions:
        url = reverse("courses:course", kwargs={"course": version.course.slug})
        link = CourseLink(version.title, url, minutes[version.pk] or 0)
        for code in wanted & set(version.areas):
            found.setdefault(code, []).append(link)
    return found


def course_page(user: Visitor, course: str) -> CoursePage:
    """The course as this person meets it: the version they take, or the newest. Raises Http404."""
    enrolment = enrolment_of(user, course)
    version = enrolment.version_of if enrolment else version_for(user, course)
    modules = module_rows(version, enrolment)
    final = final_row(version, enrolment)
    lessons = [lesson for module in modules for lesson in module.lessons]
    document = version.document
    offered = [row for row in published(user) if row.course_id == version.course_id]
    state = "" if enrolment is None else "done" if enrolment.completed_at else "begun"
    held = Certificate.objects.filter(enrolment=enrolment).order_by("-pk").first() if enrolment else None
    return CoursePage(
        card=_card(version, len(lessons), sum(row.minutes for row in lessons), area_names(version.areas), state),
        audience=document["audience"], artefact=artefact_of(document["artefact"]),
        country_sheet=tuple(document.get("country_sheet", ())), in_preparation=in_preparation(version),
        form=open_form(enrolment, lessons) if enrolment else "",
        objectives=tuple(row["text"] for row in document["objectives"]),
        glossary=tuple((row["term"], row["meaning"]) for row in document["glossary"]),
        sources=tuple((row["title"], row["url"]) for row in document.get("sources", [])),
        modules=(*modules, *final), validity_months=document["validity_months"], enrolled=enrolment is not None,
        begun=any(row.state for row in lessons), step=next_step((*modules, *final)),
        certificate=held.public_id if held else "",
        newer_version=offered[0].version if enrolment and offered and offered[0].pk != version.pk else "",
        lessons_seen=sum(row.state == "seen" for row in lessons),
    )  # fmt: skip


def artefact_of(written: str | dict[str, Any]) -> Artefact:
    """The piece of work of a course as course.yaml writes it: a text, or a title with a rubric."""
    if isinstance(written, str):
        return Artefact("", written, ())
    return Artefact(written["title"], written["text"], tuple(written["rubric"]))


def in_preparation(version: CourseVersion) -> bool:
    """Whether later modules are only planned: the course can be taken and earns no certificate yet."""
    return bool(version.document.get("status") == "preparation")


def open_form(enrolment: Enrolment, lessons: Sequence[LessonRow]) -> str:
    """The form that this learner may answer now: before anything is seen, or after every lesson when the first was answered."""
    if not has_forms(enrolment.version_of):
        return ""
    done = set(enrolment.attempts.filter(handed_in_at__isnull=False).values_list("place", flat=True))
    seen = sum(row.state == "seen" for row in lessons)
    if not seen and not done:
        return TestPlace.BEFORE
    if TestPlace.BEFORE in done and TestPlace.AFTER not in done and not lessons_left(enrolment):
        return TestPlace.AFTER
    return ""


def final_row(version: CourseVersion, enrolment: Enrolment | None) -> tuple[ModuleRow, ...]:
    """The final test, where the course has one."""
    rules = version.document.get("final")
    if not rules:
        return ()
    tries = (
        enrolment.attempts.filter(place=TestPlace.FINAL, passed=True) if enrolment else Attempt.objects.none()
    )
    text = _("Questions over the whole course, once the test of every module is passed.")
    return (
        ModuleRow(
            TestPlace.FINAL, _("Final test"), text, rules["draw"], rules["pass_mark"], tries.exists(), ()
        ),
    )


def module_rows(version: CourseVersion, enrolment: Enrolment | None) -> tuple[ModuleRow, ...]:
    states: dict[int, str] = {}
    passed: set[str] = set()
    if enrolment:
        states = {
            row.lesson_id: "seen" if row.seen_at else "begun" if row.screen else ""
            for row in enrolment.progress.all()
        }
        passed = set(enrolment.attempts.filter(passed=True).values_list("place", flat=True))
    skipped = skipped_modules(enrolment)
    return lay_out(version.modules.all(), version.lessons.defer("screens"), states, passed, skipped)


def lay_out(
    modules: Iterable[Module],
    lessons: Iterable[Lesson],
    states: Mapping[int, str],
    passed: Container[str],
    skipped: Container[int],
) -> tuple[ModuleRow, ...]:
    """Modules with their lessons, both in order; `states` by key of the lesson, `passed` are places, `skipped` keys."""
    rows: dict[int, list[LessonRow]] = {}
    for number, lesson in enumerate(lessons, 1):
        row = LessonRow(
            number,
            lesson.slug,
            lesson.title,
            lesson.minutes,
            lesson.content["objective"],
            states.get(lesson.pk, ""),
        )
        rows.setdefault(lesson.module_id, []).append(row)
    return tuple(
        ModuleRow(
            module.code, module.title, module.summary, module.draw, module.pass_mark, module.code in passed,
            tuple(rows.get(module.pk, [])), tuple(module.planned), module.pk in skipped,
        )
        for module in modules
    )  # fmt: skip


def next_step(modules: Iterable[ModuleRow]) -> NextStep:
    """The first lesson that is begun or new, module by module, each followed by its test."""
    for module in modules:
        for lesson in module.lessons:
            if lesson.state != "seen" and not module.skipped:
                return NextStep("lesson", lesson.slug, lesson.title)
        if not module.passed and not module.planned:
            return NextStep("test", module.code, module.title)
    return NextStep("done")
