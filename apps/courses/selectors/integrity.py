"""Tries of a cohort that a person should look at, each with the facts in words, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import FlagDecision, Pool
from apps.courses.models import AnswerTime, Attempt, Cohort, Enrolment, IntegrityDecision, Question
from apps.courses.policies import may_decide_flag, may_run_cohort
from apps.courses.selectors.cohorts import CohortHead, cohort_head
from apps.courses.selectors.exams import FORMS
from apps.courses.selectors.gradebook import course_tests
from apps.courses.selectors.standing import enrolments_of, learners_of
from apps.marking import item, mark
from apps.marking.integrity import Answered, Found, Sign, Try, signs


@dataclass(frozen=True, slots=True)
class FlaggedTry:
    public_id: str
    learner: str
    number: int
    percent: int
    at: datetime
    is_set_aside: bool


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag. `decision` is empty until somebody decided; `final` once a try was set aside."""

    key: str
    title: str
    test: str
    facts: tuple[str, ...]
    otherwise: str
    tries: tuple[FlaggedTry, ...]
    decision: str
    label: str
    reason: str
    decided_by: str
    decided_at: datetime | None
    version: int
    can_decide: bool

    @property
    def is_final(self) -> bool:
        return self.decision == FlagDecision.SET_ASIDE


@dataclass(frozen=True, slots=True)
class FlagsPage:
    head: CohortHead
    rows: tuple[FlagRow, ...]

    @property
    def open(self) -> tuple[FlagRow, ...]:
        return tuple(row for row in self.rows if not row.decision)

    @property
    def decided(self) -> tuple[FlagRow, ...]:
        return tuple(row for row in self.rows if row.decision)


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as the decision about it is stored."""

    key: str
    sign: str
    facts: dict[str, float]
    tries: tuple[Attempt, ...]


def flag_key(found: Found) -> str:
    """The same flag about the same tries has the same key on every page."""
    return sha256("/".join((found.sign.value, *sorted(found.tries))).encode()).hexdigest()[:20]


def flags_page(user: User, cohort: Cohort) -> FlagsPage:
    """Everything worth a look in a cohort that the person runs, open ones first. Constant in queries."""
    require(may_run_cohort(user, cohort))
    titles = dict(course_tests(cohort.course_id))
    rows = [_row(user, flag, held, titles) for flag, held in _flags(cohort)]
    rows.sort(key=lambda row: (bool(row.decision), row.tries[0].learner, row.title))
    return FlagsPage(cohort_head(user, cohort), tuple(rows))


def flag_of(user: User, cohort: Cohort, key: str) -> Flag:
    """One flag of a cohort that the person runs. Raises Http404."""
    require(may_run_cohort(user, cohort))
    found = next((flag for flag, _held in _flags(cohort) if flag.key == key), None)
    if found is None:
        raise Http404
    return found


def _flags(cohort: Cohort) -> list[tuple[Flag, IntegrityDecision | None]]:
    """Flags that are seen now, and those decided whose times are deleted. Six queries."""
    held = enrolments_of([row.user_id for row in learners_of(cohort)], cohort.course_id)
    rows = Attempt.objects.filter(enrolment__in=[row.pk for row in held.values()], waiting=0)
    rows = rows.filter(handed_in_at__isnull=False).exclude(place__in=FORMS).select_related("enrolment__user")
    attempts = {row.public_id: row for row in rows}
    decided = {row.flag: row for row in _decisions(cohort, held.values())}
    flags: dict[str, tuple[Flag, IntegrityDecision | None]] = {}
    for found in signs(_tries(attempts.values())):
        key = flag_key(found)
        tries = tuple(attempts[one] for one in found.tries)
        flags[key] = Flag(key, found.sign.value, found.facts, tries), decided.get(key)
    for key, row in decided.items():
        # What was decided stays as it was seen then.
        tries = tuple(one for one in (row.first, row.second) if one)
        flags[key] = Flag(key, row.sign, row.facts, tries), row
    return list(flags.values())


def _decisions(cohort: Cohort, enrolments: Iterable[Enrolment]) -> list[IntegrityDecision]:
    """Decisions about people who are still in the cohort."""
    inside = {row.pk for row in enrolments}
    rows = IntegrityDecision.objects.filter(cohort=cohort).select_related(
        "first__enrolment__user", "second__enrolment__user", "decided_by"
    )
    return [
        row
        for row in rows
        if row.first.enrolment_id in inside and (row.second is None or row.second.enrolment_id in inside)
    ]


def _tries(attempts: Iterable[Attempt]) -> list[Try]:
    rows = list(attempts)
    versions = {row.enrolment.version_of_id for row in rows}
    asked = Question.objects.filter(version__in=versions).exclude(pool__in=(Pool.PRACTICE, *FORM_POOLS))
    questions = {(row.version_id, row.code): row for row in asked}
    times: dict[int, dict[str, AnswerTime]] = {}
    for time in AnswerTime.objects.filter(attempt__in=[row.pk for row in rows]):
        times.setdefault(time.attempt_id, {})[time.question] = time
    return [_try(row, questions, times.get(row.pk, {})) for row in rows]


FORM_POOLS = (Pool.FORM_A, Pool.FORM_B)


def _try(row: Attempt, questions: dict[tuple[int, str], Question], times: dict[str, AnswerTime]) -> Try:
    ended = row.handed_in_at or row.started_at
    return Try(
        row.public_id, row.enrolment.user.public_id, row.place, row.number, row.percent or 0, row.started_at, ended,
        frozenset(time.network for time in times.values() if time.network),
        tuple(
            _answered(row, questions[row.enrolment.version_of_id, drawn["code"]], times)
            for drawn in row.questions
            if (row.enrolment.version_of_id, drawn["code"]) in questions
        ),
    )  # fmt: skip


def _answered(row: Attempt, asked: Question, times: dict[str, AnswerTime]) -> Answered:
    given = row.answers.get(asked.code, [])
    points = mark(item(asked), given)
    time = times.get(asked.code)
    return Answered(
        asked.code, json.dumps(given, sort_keys=True) if given else "", None if points is None else points == 1,
        length_of(asked), time.seconds if time else None,
    )  # fmt: skip


def length_of(asked: Question) -> int:
    """Characters that have to be read: the question with everything there is to choose from."""
    parts: Sequence[Any] = (
        *asked.options, *asked.body.get("pairs", ()), *asked.body.get("items", ()), *asked.body.get("blanks", ())
    )  # fmt: skip
    texts = (part.get(name, "") for part in parts for name in ("text", "left", "right"))
    return len(asked.text) + sum(len(text) for text in texts if isinstance(text, str))


def _row(user: User, flag: Flag, held: IntegrityDecision | None, titles: dict[str, str]) -> FlagRow:
    title, otherwise = _words(flag.sign)
    learners = {row.enrolment.user_id for row in flag.tries}
    return FlagRow(
        flag.key, title, titles.get(flag.tries[0].place, _("Renewal")), _facts(flag), otherwise,
        tuple(
            FlaggedTry(
                row.public_id, str(row.enrolment.user), row.number, row.percent or 0,
                row.handed_in_at or row.started_at, row.set_aside_at is not None,
            )
            for row in flag.tries
        ),
        held.decision if held else "", str(FlagDecision(held.decision).label) if held else "",
        held.reason if held else "", str(held.decided_by) if held else "", held.decided_at if held else None,
        held.version if held else 0, bool(may_decide_flag(user, learners)),
    )  # fmt: skip


def _words(sign: str) -> tuple[str, str]:
    """What the flag is called, and what else may be behind it."""
    return {
        Sign.FAST.value: (
            _("Long questions answered faster than they can be read"),
            _("Somebody who took the test before, or read the questions first and answered later, is fast too."),
        ),
        Sign.SAME.value: (
            _("Two learners with the same wrong answers, at the same time, in one network"),
            _("An office or a classroom shares one network, and what was taught wrongly is answered wrongly alike."),
        ),
        Sign.JUMP.value: (
            _("Far better on questions seen before, not on new ones"),
            _("Somebody may have looked up just what was missed, which is what the pause between tries is for."),
        ),
    }[sign]  # fmt: skip


def _facts(flag: Flag) -> tuple[str, ...]:
    facts = flag.facts
    if flag.sign == Sign.FAST.value:
        said = ngettext(
            "%(fast)d of %(n)d long question was answered in under two seconds.",
            "%(fast)d of %(n)d long questions were answered in under two seconds each.",
            int(facts["long"]),
        )
        quickest = _("The fastest took %(seconds)s seconds.") % {"seconds": facts["seconds"]}
        return said % {"fast": facts["fast"], "n": facts["long"]}, quickest
    if flag.sign == Sign.SAME.value:
        said = ngettext(
            "Of %(n)d question that both had wrong, %(same)d has the same wrong answer.",
            "Of %(n)d questions that both had wrong, %(same)d have the same wrong answer.",
            int(facts["both"]),
        )
        minutes = ngettext(
            "Both tries ran at the same time for %(n)d minute, and answers came from the same network.",
            "Both tries ran at the same time for %(n)d minutes, and answers came from the same network.",
            int(facts["minutes"]),
        )
        return said % {"n": facts["both"], "same": facts["same"]}, minutes % {"n": facts["minutes"]}
    rise = _("%(after)d%% right, after %(before)d%% in the try before.") % facts
    seen = _("Questions seen before: %(exposed)d, of them %(seen)d%% right. New ones: %(fresh)d, of them %(new)d%% right.")  # fmt: skip
    return rise, seen % facts
