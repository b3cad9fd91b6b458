"""Item statistics as people see them: hidden under ten learners, grey under thirty, flags in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.workbooks import Cell
from apps.courses.choices import Pool
from apps.courses.models import Cohort, Course, CourseVersion, ItemReport, Question
from apps.courses.policies import may_write_course, runs_cohort
from apps.courses.selectors.gradebook import course_tests
from apps.courses.selectors.places import language_name, newest
from apps.marking.statistics import LEAST_SHOWN, LEAST_SURE, Flag

FLAGS: dict[str, Promise] = {
    Flag.TOO_HARD.value: gettext_lazy("Fewer than a quarter are right: too hard, or taught too little."),
    Flag.TOO_EASY.value: gettext_lazy("Nearly everyone is right: it tells little."),
    Flag.WEAK.value: gettext_lazy("Those who know more are hardly more often right."),
    Flag.WRONG_KEY.value: gettext_lazy(
        "Those who know more are less often right: look for a wrong key today."
    ),
    Flag.BLUNT.value: gettext_lazy("It separates far less than it could."),
    Flag.TRANSLATION.value: gettext_lazy("Harder in one language than in another: look at the translation."),
    Flag.DEAD.value: gettext_lazy("A wrong option that nearly nobody chooses."),
    Flag.TOP_CHOOSES_OTHER.value: gettext_lazy("The best third prefers a wrong option: look at the key."),
}


@dataclass(frozen=True, slots=True)
class PoolRow:
    place: str
    title: str
    n: int
    flagged: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CourseFigures:
    slug: str
    title: str
    edition: str
    pools: tuple[PoolRow, ...]
    cuts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OptionLine:
    """Who chose an option, in per cent: all, and the top, middle and bottom third."""

    text: str
    right: bool
    share: float
    thirds: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question; figures are None under ten learners, `sure` from thirty on. `text` only for authors."""

    code: str
    text: str
    n: int
    sure: bool
    facility: float | None
    discrimination: float | None
    efficiency: float | None
    flags: tuple[str, ...]
    languages: tuple[tuple[str, int, float], ...]
    options: tuple[OptionLine, ...]


@dataclass(frozen=True, slots=True)
class PoolPage:
    slug: str
    course: str
    edition: str
    place: str
    title: str
    n: int
    fixed: bool
    alpha: float | None
    sem: float | None
    made_at: datetime
    writes: bool
    rows: tuple[ItemRow, ...]

    @property
    def flagged(self) -> int:
        return sum(bool(row.flags) for row in self.rows)

    @property
    def sure(self) -> bool:
        """Whether any question was met by enough learners to say something about it."""
        return any(row.sure for row in self.rows)


def seen_courses(user: User) -> QuerySet[Course]:
    """Courses whose statistics the person may see: administrators all, authors theirs, and who runs a cohort of one."""
    if user.is_staff:
        return Course.objects.all()
    runs = Cohort.objects.filter(runs_cohort(user)).values("course")
    writes = user.authorships.values("slug")
    return Course.objects.filter(pk__in=runs) | Course.objects.filter(slug__in=writes)


def get_seen_course(user: User, slug: str) -> Course:
    """Raises Http404 for a course whose statistics the person may not see."""
    row = seen_courses(user).filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def statistics_list(user: User) -> list[CourseFigures]:
    """Every course with its pools, newest edition, and the tests one may judge. Constant in queries."""
    rows = list(seen_courses(user))
    versions = CourseVersion.objects.filter(course__in=rows).select_related("course").defer("document")
    shown = newest(versions)
    titles, cuts = {row.course_id: row.title for row in shown}, _cuts(user, shown)
    pools: dict[int, dict[str, list[ItemReport]]] = {}
    for report in ItemReport.objects.filter(course__in=rows).defer("document").order_by("made_at"):
        pools.setdefault(report.course_id, {}).setdefault(report.edition, []).append(report)
    found = []
    for row in rows:
        edition, held = list(pools.get(row.pk, {"": []}).items())[-1]
        made = tuple(
            PoolRow(one.place, place_title(one.place), one.n, one.flagged, one.made_at) for one in held
        )
        found.append(
            CourseFigures(row.slug, titles.get(row.pk, row.code), edition, made, cuts.get(row.pk, ()))
        )
    return sorted(found, key=lambda one: one.title)


def _cuts(user: User, shown: list[CourseVersion]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Course → (place, title) of its tests, where the person may judge them. Two queries."""
    written = set(user.authorships.values_list("slug", flat=True))
    mine = {row.pk: row.course_id for row in shown if user.is_staff or row.course.slug in written}
    rows = Question.objects.filter(version__in=mine, pool__in=(Pool.EXAM, Pool.FINAL)).order_by(
        "pool", "module__position"
    )
    found: dict[int, dict[str, str]] = {}
    for version, code in rows.values_list("version", "module__code"):
        place = code or str(Pool.FINAL)
        found.setdefault(mine[version], {})[place] = place_title(place)
    return {course: tuple(places.items()) for course, places in found.items()}


def place_title(place: str) -> str:
    """The pool in words; a module by its code."""
    if place in (Pool.FINAL, Pool.FORM_A, Pool.FORM_B):
        return str(Pool(place).label)
    return _("Module test %(code)s") % {"code": place}


def pool_page(user: User, slug: str, place: str) -> PoolPage:
    """The questions of one pool of the newest edition that has figures. Raises Http404. Constant in queries."""
    course = get_seen_course(user, slug)
    report = ItemReport.objects.filter(course=course, place=place).order_by("-made_at", "-pk").first()
    if report is None:
        raise Http404
    writes = bool(may_write_course(user, slug))
    shown = newest(
        CourseVersion.objects.filter(course=course, version=report.edition).select_related("course")
    )[0]
    questions = {row.code: row for row in Question.objects.filter(version=shown)} if writes else {}
    titles = dict(course_tests(course.pk))
    document = report.document
    return PoolPage(
        slug, shown.title, report.edition, place, titles.get(place, place_title(place)), report.n, document["fixed"],
        document["alpha"], document["sem"], report.made_at, writes,
        tuple(_item_row(one, questions.get(one["code"])) for one in document["items"]),
    )  # fmt: skip


def _item_row(one: dict[str, Any], question: Question | None) -> ItemRow:
    enough = one["n"] >= LEAST_SHOWN
    languages = _languages(one)
    texts = {option["id"]: option["text"] for option in question.options} if question else {}
    options = tuple(
        OptionLine(texts[row["option"]], row["right"], row["share"], (row["thirds"][0], row["thirds"][1], row["thirds"][2]))
        for row in one["options"]
        if row["option"] in texts
    )  # fmt: skip
    return ItemRow(
        one["code"], question.text if question else "", one["n"], one["n"] >= LEAST_SURE,
        100 * one["facility"] if enough else None, one["discrimination"] if enough else None,
        one["efficiency"] if enough else None, tuple(str(FLAGS[flag]) for flag in one["flags"]),
        languages if len(languages) > 1 else (), options if enough else (),
    )  # fmt: skip


def _languages(one: dict[str, Any]) -> tuple[tuple[str, int, float], ...]:
    """Languages of ten learners or more; none where those left out are fewer than ten, and follow by subtraction."""
    shown = {key: held for key, held in one["languages"].items() if held["n"] >= LEAST_SHOWN}
    if 0 < one["n"] - sum(held["n"] for held in shown.values()) < LEAST_SHOWN:
        return ()
    return tuple((language_name(key), held["n"], 100 * held["facility"]) for key, held in shown.items())


def pool_rows(page: PoolPage) -> list[list[Cell]]:
    """The statistics as a table; figures of fewer than ten stay empty."""
    head: list[Cell] = [
        _("Question"), _("Learners"), _("Facility, %"), _("Discrimination, %"), _("Discriminative efficiency, %"), _("To look at"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [head]
    for row in page.rows:
        figures = (row.facility, row.discrimination, row.efficiency)
        cells: list[Cell] = [None if value is None else f"{value:.6f}" for value in figures]
        rows.append([row.code, row.n, *cells, " ".join(row.flags)])
    return rows
