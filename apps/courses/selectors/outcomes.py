"""What a cohort reached as a group: completion, gain from before to after, and what learners said.

Answers before and after the course are nobody's to see but the learner's. A group's figures need ten pairs, and are
made of whole blocks of five in the order in which people answered; a block from which somebody left is out whole. So
neither one more answer nor one person taken out of the cohort ever tells about one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.workbooks import Cell
from apps.courses.choices import Pool, TestPlace, Verdict
from apps.courses.models import Attempt, Cohort, CourseVersion, Opinion, Question
from apps.courses.policies import may_run_cohort
from apps.courses.selectors.cohorts import CohortHead, cohort_head
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.following import WorkCount, cohort_work, whole_blocks
from apps.courses.selectors.places import newest
from apps.courses.selectors.standing import enrolments_of, ever_learned
from apps.marking import Item, item, mark
from apps.marking.statistics import LEAST_SHOWN, Gain, gain

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class GainRow:
    """One objective, or the whole when `objective` is empty; without `gain` there were fewer than ten pairs."""

    objective: str
    text: str
    gain: Gain | None


@dataclass(frozen=True, slots=True)
class Said:
    """How many in a group chose each answer."""

    question: str
    yes: int
    partly: int
    no: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`pairs` counts everybody who answered before and after; figures are of the first `counted` of them."""

    head: CohortHead
    learners: int
    started: int
    completed: int
    pairs: int
    counted: int
    gains: tuple[GainRow, ...]
    opinions: int
    said: tuple[Said, ...]
    words: tuple[str, ...]
    works: tuple[WorkCount, ...]

    @property
    def percent(self) -> int:
        return 100 * self.completed // self.learners if self.learners else 0

    @property
    def whole(self) -> Gain | None:
        return self.gains[0].gain if self.gains else None


def outcomes(user: User, cohort: Cohort) -> Outcomes:
    """The report of a cohort for those who run it. Constant in queries."""
    require(may_run_cohort(user, cohort))
    everyone = ever_learned(cohort)
    held = enrolments_of(everyone, cohort.course_id)
    keys, now_in = [row.pk for row in held.values()], [row for key, row in held.items() if everyone[key]]
    inside = {row.pk for row in now_in}
    pairs, questions = _pairs(keys), _questions({row.version_of_id for row in held.values()})
    shown = _shown(pairs, lambda pair: pair[0].enrolment_id, inside)
    opinions = list(Opinion.objects.filter(enrolment__in=keys).order_by("at", "pk"))
    said = _shown(opinions, lambda row: row.enrolment_id, inside)
    return Outcomes(
        cohort_head(user, cohort), sum(everyone.values()), len(now_in),
        sum(row.completed_at is not None for row in now_in),
        sum(pair[0].enrolment_id in inside for pair in pairs), len(shown), _gains(cohort, shown, questions),
        sum(row.enrolment_id in inside for row in opinions), _said(said),
        tuple(sorted(row.text for row in said if row.text)), cohort_work(keys, inside),
    )  # fmt: skip


def _shown(rows: Sequence[Row], person: Callable[[Row], int], inside: set[int]) -> list[Row]:
    found = whole_blocks(rows, person, inside)
    return found if len(found) >= LEAST_SHOWN else []


def _pairs(keys: Sequence[int]) -> list[tuple[Attempt, Attempt]]:
    """Both answers of everybody who gave them, in the order of the second."""
    rows = Attempt.objects.filter(enrolment__in=keys, place__in=FORMS, handed_in_at__isnull=False)
    found: dict[int, dict[str, Attempt]] = {}
    for row in rows.select_related("enrolment").order_by("handed_in_at", "pk"):
        found.setdefault(row.enrolment_id, {})[row.place] = row
    both = [held for held in found.values() if len(held) == len(FORMS)]
    both.sort(key=lambda held: (held[TestPlace.AFTER].handed_in_at, held[TestPlace.AFTER].pk))
    return [(held[TestPlace.BEFORE], held[TestPlace.AFTER]) for held in both]


def _questions(versions: set[int]) -> dict[tuple[int, str], Item]:
    rows = Question.objects.filter(version__in=versions, pool__in=(Pool.FORM_A, Pool.FORM_B))
    return {(row.version_id, row.code): item(row) for row in rows}


def _gains(
    cohort: Cohort, pairs: list[tuple[Attempt, Attempt]], questions: dict[tuple[int, str], Item]
) -> tuple[GainRow, ...]:
    """The whole first, then each objective in the course's order."""
    shown = newest(CourseVersion.objects.filter(course=cohort.course_id).select_related("course"))[0]
    shares = [(_shares(before, questions), _shares(after, questions)) for before, after in pairs]
    texts = {row["id"]: row["text"] for row in shown.document["objectives"]}
    rows = [GainRow("", _("All objectives"), gain([(one[""], two[""]) for one, two in shares]))]
    for key, text in texts.items():
        both = [(one[key], two[key]) for one, two in shares if key in one and key in two]
        rows.append(GainRow(key, text, gain(both)))
    return tuple(rows)


def _shares(row: Attempt, questions: dict[tuple[int, str], Item]) -> dict[str, float]:
    """Per cent of the points by objective, and of all under the empty key."""
    points: dict[str, list[float]] = {}
    for drawn in row.questions:
        asked = questions.get((row.enrolment.version_of_id, drawn["code"]))
        if asked is None:
            continue
        value = float(mark(asked, row.answers.get(asked.code, [])) or 0)
        points.setdefault(asked.objective, []).append(value)
        points.setdefault("", []).append(value)
    return {key: 100 * sum(values) / len(values) for key, values in points.items()} or {"": 0.0}


def _said(opinions: list[Opinion]) -> tuple[Said, ...]:
    if not opinions:
        return ()
    asked = ((_("Is it useful for your work?"), "useful"), (_("Was it clear in your language?"), "clear"))
    return tuple(
        Said(text, counts[Verdict.YES], counts[Verdict.PARTLY], counts[Verdict.NO])
        for text, counts in ((text, Counter(getattr(row, name) for row in opinions)) for text, name in asked)
    )


def outcome_rows(page: Outcomes) -> list[list[Cell]]:
    """The report as a table for a spreadsheet; what is too few to show stays empty."""
    rows: list[list[Cell]] = [
        [_("Cohort"), page.head.name], [_("Course"), page.head.course_title], [_("Learners"), page.learners],
        [_("Started"), page.started], [_("Finished"), page.completed],
        [_("Answered before and after"), page.pairs], [_("Counted in the figures"), page.counted], [],
        [
            _("Objective"),
            _("Pairs"),
            _("Before, %"),
            _("After, %"),
            _("Difference"),
            # xgettext:no-python-format
            _("95 % from"),
            # xgettext:no-python-format
            _("95 % to"),
            _("Normalised gain"),
        ],
    ]  # fmt: skip
    for row in page.gains:
        one = row.gain
        figures: list[Cell] = (
            [one.n, *(_figure(v) for v in (one.before, one.after, one.difference, one.low, one.high, one.normalised))]
            if one
            else []
        )  # fmt: skip
        rows.append([row.text, *figures])
    rows += [[], [_("What learners said"), _("Yes"), _("Partly"), _("No")]] if page.said else []
    rows += [[row.question, row.yes, row.partly, row.no] for row in page.said]
    return rows + _work_rows(page.works)


def _work_rows(works: Sequence[WorkCount]) -> list[list[Cell]]:
    """Plans at work by the day they were asked about; empty under ten people."""
    head: list[Cell] = [
        _("Plans at work, after days"),
        _("People"),
        _("Done"),
        _("Partly"),
        _("No"),
        _("Not possible"),
    ]
    figures: list[list[Cell]] = [
        [row.days, row.people, row.done, row.partly, row.no, row.blocked] for row in works if row.people
    ]
    return [[], head, *figures] if figures else []


def _figure(value: float | None) -> Cell:
    return None if value is None else str(round(value, 2))
