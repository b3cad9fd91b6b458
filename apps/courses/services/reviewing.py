"""Answer the questions of one's review box: right goes forward, wrong back to two days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.choices import REVIEW_DAYS
from apps.courses.models import PracticeAnswer, ReviewItem
from apps.courses.policies import may_learn
from apps.courses.selectors.reviewing import next_due
from apps.courses.services.learning import read_whole
from apps.marking import item, mark
from apps.members.policies import site_day


@transaction.atomic
def answer_review(
    *, actor: User, review_item: str, version: int, given: Mapping[str, Sequence[str]]
) -> ReviewItem:
    """Answer a due question of one's box; it is kept as a practice answer too.

    An answer sent twice counts once: a question seen at an older `version`, or not due, is left as it is.
    Raises Http404 for what is not in the actor's box, Refused for an answer that is not whole.
    """
    require(may_learn(actor))
    rows = ReviewItem.objects.select_for_update(of=("self",)).select_related("question", "enrolment")
    row = rows.filter(public_id=review_item, enrolment__user=actor).first()
    if row is None:
        raise Http404
    if row.version != version or row.ended_at or row.due_on > site_day():
        return row
    picked = read_whole(row.question, given)
    row.right = mark(item(row.question), picked) == 1
    row.given, row.answered_at, row.answered_on = picked, now(), site_day()
    row.version += 1
    if row.right and row.step + 1 == len(REVIEW_DAYS):
        row.ended_at = now()
    else:
        row.step = row.step + 1 if row.right else 0
        row.due_on = next_due(row.step)
    row.save()
    PracticeAnswer.objects.create(
        enrolment=row.enrolment, question=row.question, chosen=picked, correct=row.right
    )
    return row


@transaction.atomic
def leave_review(*, actor: User, review_item: str) -> ReviewItem:
    """Take a question out of one's box for good. Raises Http404."""
    require(may_learn(actor))
    row = ReviewItem.objects.select_for_update().filter(public_id=review_item, enrolment__user=actor).first()
    if row is None:
        raise Http404
    if row.ended_at is None:
        row.ended_at, row.version = now(), row.version + 1
        row.save(update_fields=["ended_at", "version"])
    return row
