"""Cut scores: one's own estimates, and once they are given the cut of all judges with its spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from apps.accounts.models import User
from apps.courses.choices import Pool, TestPlace
from apps.courses.models import Course, CourseVersion, CutEstimate, Question
from apps.courses.policies import may_write_course
from apps.courses.selectors.gradebook import course_tests
from apps.courses.selectors.places import newest
from apps.marking.cutscore import LEAST_JUDGES, CutScore, cut_score


@dataclass(frozen=True, slots=True)
class CutQuestion:
    """`value` is one's own estimate in per cent; the others are there once the cut is shown."""

    code: str
    text: str
    language: str
    value: int | None
    mean: float | None
    low: int | None
    high: int | None
    far_apart: bool


@dataclass(frozen=True, slots=True)
class Judge:
    name: str
    at: datetime
    cut: float


@dataclass(frozen=True, slots=True)
class CutPage:
    """`cut` is None until the reader and at least three judges have estimated; before, nobody's figures are shown."""

    slug: str
    place: str
    course: str
    title: str
    edition: str
    pass_mark: int
    questions: tuple[CutQuestion, ...]
    judges: int
    missing: int
    given: bool
    cut: float | None = None
    spread: float | None = None
    error: float | None = None
    suggested: int | None = None
    panel: tuple[Judge, ...] = ()


def cut_course(user: User, slug: str) -> Course:
    """A course whose tests this person may judge. Raises Http404 for others."""
    row = Course.objects.filter(slug=slug).first()
    if row is None or not may_write_course(user, slug):
        raise Http404
    return row


def cut_places(course: Course) -> tuple[tuple[str, str], ...]:
    """(place, title) of the tests that a cut can be found for."""
    return course_tests(course.pk)


def cut_version(course: Course) -> CourseVersion:
    """The edition that is judged: the newest, in the reader's language where there is one."""
    return newest(CourseVersion.objects.filter(course=course).select_related("course"))[0]


def cut_questions(version: CourseVersion, place: str) -> list[Question]:
    """The questions of a test, in order. Raises Http404 where there is none."""
    rows = version.questions.all()
    if place == TestPlace.FINAL:
        rows = rows.filter(pool=Pool.FINAL)
    else:
        rows = rows.filter(pool=Pool.EXAM, module__code=place)
    found = list(rows.order_by("position", "pk"))
    if not found:
        raise Http404
    return found


def cut_page(user: User, slug: str, place: str) -> CutPage:
    """The form of one judge, and the cut once there is one. Raises Http404. Constant in queries."""
    course = cut_course(user, slug)
    titles = dict(cut_places(course))
    if place not in titles:
        raise Http404
    version = cut_version(course)
    questions = cut_questions(version, place)
    codes = [row.code for row in questions]
    held = _whole(course, version.version, place, codes)
    own: dict[str, int] = next((row.values for row in held if row.judge_id == user.pk), {})
    cut = cut_score([row.values for row in held]) if own and len(held) >= LEAST_JUDGES else None
    shown = tuple(_question(row, version.language, own, cut, n) for n, row in enumerate(questions))
    page = {
        "slug": slug, "place": place, "course": version.title, "title": titles[place], "edition": version.version,
        "pass_mark": _pass_mark(version, place), "questions": shown, "judges": len(held),
        "missing": max(0, LEAST_JUDGES - len(held)), "given": bool(own),
    }  # fmt: skip
    if cut is None:
        return CutPage(**page)  # type: ignore[arg-type]
    panel = tuple(Judge(str(row.judge), row.at, float(cut.judges[n])) for n, row in enumerate(held))
    return CutPage(
        **page, cut=float(cut.cut), spread=cut.spread, error=cut.error, suggested=cut.pass_mark, panel=panel,  # type: ignore[arg-type]
    )  # fmt: skip


def _whole(course: Course, edition: str, place: str, codes: list[str]) -> list[CutEstimate]:
    """Estimates of exactly these questions; those of an older set of questions no longer count."""
    rows = CutEstimate.objects.filter(course=course, edition=edition, place=place).select_related("judge")
    found = [row for row in rows if set(row.values) == set(codes)]
    for row in found:
        row.values = {code: row.values[code] for code in codes}
    return found


def _question(row: Question, language: str, own: dict[str, int], cut: CutScore | None, n: int) -> CutQuestion:
    one = cut.questions[n] if cut else None
    return CutQuestion(
        row.code, row.text, language, own.get(row.code), float(one.mean) if one else None, one.low if one else None,
        one.high if one else None, bool(one and one.far_apart),
    )  # fmt: skip


def _pass_mark(version: CourseVersion, place: str) -> int:
    if place == TestPlace.FINAL:
        return int(version.document["final"]["pass_mark"])
    return version.modules.get(code=place).pass_mark
