"""Work out item statistics from first tries: each week by the schedule, and when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.jobs import enqueue
from apps.courses.choices import SMALLEST_GROUP, EssayState, TestPlace
from apps.courses.models import Attempt, Course, Essay, ItemReport, Question
from apps.courses.policies import may_see_statistics
from apps.courses.selectors.places import form_of
from apps.marking import Given, Item, item, mark, rubric_share
from apps.marking.statistics import (
    LEAST_ITEMS,
    LEAST_SHOWN,
    LEAST_SURE,
    ItemStatistics,
    OptionRow,
    drawn_statistics,
    flags_of,
    option_flags,
    option_table,
    test_statistics,
)

FORMS = (TestPlace.BEFORE, TestPlace.AFTER)


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's first try at one pool: language, marks 0 to 1 and answers by question."""

    language: str
    marks: dict[str, float]
    answers: Mapping[str, Given]

    @property
    def mean(self) -> float:
        return sum(self.marks.values()) / len(self.marks)


@transaction.atomic
def ask_for_statistics(*, actor: User, course: Course) -> None:
    """Have the statistics of a course worked out now; asked twice in a minute it is done once."""
    require(may_see_statistics(actor, course))
    minute = now().strftime("%Y%m%d%H%M")
    enqueue("courses.make_statistics", key=f"statistics:{course.slug}:{minute}", course=course.slug)
    audit.record(actor=actor, action="statistics.asked", on=course)


@transaction.atomic
def make_statistics(*, actor: User | None = None, course: str = "") -> int:
    """Work out the statistics of every pool of a course, or of every course; return how many pools. `actor` is None."""
    made = 0
    for row in Course.objects.filter(slug=course) if course else Course.objects.all():
        shown = {(one.edition, one.place): one.document for one in ItemReport.objects.filter(course=row)}
        for (edition, place), rows in _rows(row).items():
            fresh = report(rows, _questions(row, edition, place))
            document = steady(shown.get((edition, place)), fresh)
            flagged = sum(bool(one["flags"]) for one in document["items"])
            ItemReport.objects.update_or_create(
                course=row, edition=edition, place=place,
                defaults={"n": len(rows), "flagged": flagged, "document": document, "made_at": now()},
            )  # fmt: skip
            made += 1
    return made


def _rows(course: Course) -> dict[tuple[str, str], list[Row]]:
    """First tries by (edition, pool); what still waits for marking is left out."""
    tries = Attempt.objects.filter(
        enrolment__version_of__course=course,
        number=1,
        waiting=0,
        handed_in_at__isnull=False,
        set_aside_at__isnull=True,
    ).select_related("enrolment__version_of")
    questions = {
        (row.version_id, row.code): item(row) for row in Question.objects.filter(version__course=course)
    }
    shares = _text_shares(course)
    found: dict[tuple[str, str], list[Row]] = {}
    for row in tries.defer("enrolment__version_of__document"):
        version = row.enrolment.version_of
        place = form_of(row.enrolment, row.place) if row.place in FORMS else row.place
        marks: dict[str, float] = {}
        for drawn in row.questions:
            asked = questions.get((version.pk, drawn["code"]))
            if asked is not None:
                given = mark(asked, row.answers.get(asked.code, []))
                marks[asked.code] = float(given) if given is not None else shares.get((row.pk, asked.code), 0)
        if marks:
            found.setdefault((version.version, place), []).append(Row(version.language, marks, row.answers))
    return found


def _text_shares(course: Course) -> dict[tuple[int, str], float]:
    rows = Essay.objects.filter(
        attempt__enrolment__version_of__course=course, state=EssayState.DONE
    ).select_related("question")
    return {
        (row.attempt_id, row.question.code): float(rubric_share(row.question.body["rubric"], row.marks))
        for row in rows
    }


def _questions(course: Course, edition: str, place: str) -> dict[str, Item]:
    rows = Question.objects.filter(version__course=course, version__version=edition)
    return {row.code: item(row) for row in rows.exclude(pool="practice").order_by("-version__language")}


def report(rows: list[Row], questions: Mapping[str, Item]) -> dict[str, Any]:
    """The statistics of one pool as plain data. Alpha and SEM only for a form that all met alike, with five questions
    and thirty learners; drawn tests have figures of single questions only."""
    marks = [row.marks for row in rows]
    fixed = len({tuple(sorted(one)) for one in marks}) == 1
    whole = test_statistics(marks) if fixed else None
    items = whole.items if whole else drawn_statistics(marks)
    sure = whole is not None and len(rows) >= LEAST_SURE and len(items) >= LEAST_ITEMS
    return {
        "fixed": fixed,
        "alpha": whole.alpha if whole and sure else None,
        "sem": 100 * whole.sem / len(items) if whole and sure and whole.sem is not None else None,
        "items": [_item(code, one, rows, questions.get(code)) for code, one in sorted(items.items())],
    }


def steady(shown: Mapping[str, Any] | None, fresh: dict[str, Any]) -> dict[str, Any]:
    """The new statistics, with the old figures wherever fewer than five people more or fewer stand behind the new.

    Two editions of a figure, one person apart, would say what that person answered. Five are as many as a group's report
    waits for.
    """
    if shown is None:
        return fresh
    before = {one["code"]: one for one in shown["items"]}
    items = [_steady_item(before.get(one["code"]), one) for one in fresh["items"]]
    kept = {**fresh, "items": items}
    if fresh["fixed"] and shown["fixed"] and items[0] is before.get(items[0]["code"]):
        kept |= {"alpha": shown["alpha"], "sem": shown["sem"]}
    return kept


def _steady_item(shown: dict[str, Any] | None, fresh: dict[str, Any]) -> dict[str, Any]:
    if shown is None:
        return fresh
    if _too_close(shown, fresh):
        return shown
    languages = {
        key: shown["languages"][key] if _too_close(shown["languages"].get(key), one) else one
        for key, one in fresh["languages"].items()
    }
    return {**fresh, "languages": languages}


def _too_close(shown: Mapping[str, Any] | None, fresh: Mapping[str, Any]) -> bool:
    return shown is not None and shown["n"] >= LEAST_SHOWN and abs(fresh["n"] - shown["n"]) < SMALLEST_GROUP


def _item(code: str, one: ItemStatistics, rows: list[Row], question: Item | None) -> dict[str, Any]:
    met = [row for row in rows if code in row.marks]
    languages = _languages(code, met)
    table = _options(code, met, question)
    flags = (*flags_of(one, languages), *option_flags(table, one.n))
    return {
        "code": code, "n": one.n, "facility": one.facility, "sd": one.sd, "discrimination": one.discrimination,
        "efficiency": one.efficiency, "flags": [flag.value for flag in flags],
        "languages": {key: {"n": held.n, "facility": held.facility} for key, held in sorted(languages.items())},
        "options": [
            {"option": row.option, "right": row.right, "share": row.share, "thirds": list(row.thirds)} for row in table
        ],
    }  # fmt: skip


def _languages(code: str, rows: Iterable[Row]) -> dict[str, ItemStatistics]:
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row.language, []).append(row.marks[code])
    return {
        key: ItemStatistics(len(marks), sum(marks) / len(marks), 0.0, None, None)
        for key, marks in found.items()
    }


def _options(code: str, rows: list[Row], question: Item | None) -> tuple[OptionRow, ...]:
    if question is None or not question.options:
        return ()
    chosen = [
        (given if isinstance(given := row.answers.get(code, []), list) else [], row.mean) for row in rows
    ]
    return option_table(chosen, question.options, question.right)
