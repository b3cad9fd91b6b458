"""The reads of a lesson's page, each one statement: where the learner is, what is done, what was tried. See `core.statements`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.core import statements
from apps.courses.selectors.places import screen_count
from apps.courses.selectors.taught import Edition, Taught, edition, taught

# The latest enrolment in a course, and what the learner has of one lesson. Values: slug of the lesson, user, course.
HERE = """
SELECT v."id", v."public_id", v."document_hash", e."id", e."public_id", e."last_screen", stop."position",
    p."screen", p."seen_at" IS NOT NULL, p."commitment", CAST(p."commitment_on" AS TEXT), n."text", n."version"
FROM "courses_enrolment" e
JOIN "courses_courseversion" v ON v."id" = e."version_of_id"
JOIN "courses_course" c ON c."id" = v."course_id"
LEFT JOIN "courses_lesson" stop ON stop."id" = e."last_lesson_id"
LEFT JOIN "courses_lesson" l ON l."version_id" = v."id" AND l."slug" = %s
LEFT JOIN "courses_progress" p ON p."enrolment_id" = e."id" AND p."lesson_id" = l."id"
LEFT JOIN "courses_note" n ON n."enrolment_id" = e."id" AND n."lesson_id" = l."id"
WHERE e."user_id" = %s AND c."slug" = %s
ORDER BY e."enrolled_at" DESC, e."id" DESC LIMIT 1
"""

# What is done of a course: states of lessons, places of passed tests, skipped modules. Values: the enrolment, thrice.
DONE = """
SELECT 'lesson', p."lesson_id", CASE WHEN p."seen_at" IS NOT NULL THEN 'seen' WHEN p."screen" > 0 THEN 'begun' ELSE '' END
FROM "courses_progress" p WHERE p."enrolment_id" = %s
UNION ALL SELECT 'passed', 0, a."place" FROM "courses_attempt" a WHERE a."enrolment_id" = %s AND a."passed"
UNION ALL SELECT 'skipped', s."module_id", '' FROM "courses_skip" s WHERE s."enrolment_id" = %s
"""

# Every try at the practice questions of a lesson, oldest first. Values: enrolment, lesson.
TRIES = """
SELECT a."id", a."question_id", a."chosen", a."correct" FROM "courses_practiceanswer" a
JOIN "courses_question" q ON q."id" = a."question_id"
WHERE a."enrolment_id" = %s AND q."lesson_id" = %s ORDER BY a."id"
"""


@dataclass(frozen=True, slots=True)
class Here:
    """Where a learner is: what the version teaches here, and what they have of it. `screen` is None in a new lesson."""

    edition: Edition
    taught: Taught
    enrolment: int
    enrolment_id: str
    last: tuple[int, int]
    screen: int | None
    seen: bool
    commitment: str
    commitment_on: date | None
    note: str
    note_version: int

    def which(self, asked: int | None) -> int:
        """The screen to show: nobody jumps ahead; without a number, where the lesson was left."""
        return which_screen(screen_count(self.taught.lesson), self.screen or 0, self.seen, asked)

    def is_news(self, shown: int) -> bool:
        """Whether opening screen `shown` is something to be written down."""
        further = (self.taught.lesson.position, shown) > self.last
        return self.screen is None or shown > self.screen or further


@dataclass(frozen=True, slots=True)
class Done:
    """States of lessons ("seen", "begun") by key, places of passed tests, keys of skipped modules."""

    states: dict[int, str]
    passed: set[str]
    skipped: set[int]


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a practice question; `chosen` is the answer as it was given."""

    pk: int
    question_id: int
    chosen: Any
    correct: bool


def here(user: User, course: str, lesson: str) -> Here | None:
    """What this address means for the learner, in one query; None unless enrolled. Raises Http404 for an unknown lesson."""
    found = statements.row(HERE, lesson, user.pk, course)
    if found is None:
        return None
    *key, enrolment, public_id, screen, position, opened, seen, words, day, note, note_version = found
    last = (-1 if position is None else position, screen)
    return Here(
        edition(*key), taught(*key, lesson), enrolment, public_id, last, opened, bool(seen), words or "",
        date.fromisoformat(day) if day else None, note or "", note_version or 0,
    )  # fmt: skip


def which_screen(total: int, opened: int, seen: bool, asked: int | None) -> int:
    """The screen to show of `total`, when `opened` is the furthest so far."""
    if asked is not None:
        return max(1, min(asked, opened + 1, total))
    return 1 if seen else max(1, opened)


def done(enrolment: int) -> Done:
    """What is done of a course, in one query."""
    found = statements.rows(DONE, enrolment, enrolment, enrolment)
    return Done(
        {key: text for kind, key, text in found if kind == "lesson"},
        {text for kind, _key, text in found if kind == "passed"},
        {key for kind, key, _text in found if kind == "skipped"},
    )


def tries(enrolment: int, lesson: int) -> list[Try]:
    """Every try at the practice questions of a lesson, oldest first, in one query."""
    found = statements.rows(TRIES, enrolment, lesson)
    return [Try(key, question, json.loads(chosen), bool(right)) for key, question, chosen, right in found]
