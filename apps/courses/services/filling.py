"""Fill a learner's review box after a module."""

from __future__ import annotations

from collections.abc import Sequence

from apps.courses.choices import Pool
from apps.courses.models import Enrolment, Module, Question, ReviewItem
from apps.courses.selectors.reviewing import next_due


def fill_box(enrolment: Enrolment, module: Module, objectives: Sequence[str] = ()) -> int:
    """Put a module's missed and critical practice questions into the box; return how many are new.

    `objectives` were missed in the module's test: each brings its first practice question. Must run in the transaction
    that changed the progress. Questions that are or were in the box stay as they are.
    """
    pool = list(
        Question.objects.filter(module=module, pool=Pool.PRACTICE, lesson__isnull=False).order_by(
            "lesson__position", "position"
        )
    )
    tries = enrolment.practice.filter(question__in=pool, correct=False)
    wanted = set(tries.values_list("question", flat=True)) | {row.pk for row in pool if row.critical}
    for objective in objectives:
        wanted |= {next((row.pk for row in pool if row.objective == objective), 0)}
    held = set(enrolment.review_box.values_list("question", flat=True))
    due = next_due(0)
    new = [
        ReviewItem(enrolment=enrolment, question=row, due_on=due)
        for row in pool
        if row.pk in wanted and row.pk not in held
    ]
    ReviewItem.objects.bulk_create(new)
    return len(new)
