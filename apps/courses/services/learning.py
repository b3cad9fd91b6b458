"""Enrol, move through a lesson, answer its check, write down what to do at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.choices import Pool
from apps.courses.models import Enrolment, Lesson, PracticeAnswer, Progress, Question
from apps.courses.policies import may_learn
from apps.courses.selectors.hot import Here, here, which_screen
from apps.courses.selectors.places import TEXTS, enrolment_of, lesson_in, screen_count, version_for
from apps.courses.services.filling import fill_box
from apps.courses.services.following import plan_follow_ups
from apps.courses.services.issuing import complete
from apps.marking import BadAnswer, Given, Why, is_whole, item, mark, read_answer

SENTENCES = {
    Why.FOREIGN: gettext_lazy("This answer does not belong to the question. Load the page again."),
    Why.NOT_A_NUMBER: gettext_lazy("Type a number: digits, and at most one decimal sign."),
    Why.PLACES: gettext_lazy("Give every line a place of its own."),
    Why.TOO_LONG: gettext_lazy("Keep the answer under %(most)d characters."),
    Why.TOO_MANY_WORDS: gettext_lazy("Keep your text under %(most)d words."),
}


@transaction.atomic
def enrol(*, actor: User, course: str) -> Enrolment:
    """Start the course; starting again changes nothing. Raises Http404 for an unknown course."""
    require(may_learn(actor))
    held = enrolment_of(actor, course)
    if held:
        return held
    version = version_for(actor, course)
    row, created = Enrolment.objects.get_or_create(user=actor, version_of=version)
    if created:
        audit.record(
            actor=actor, action="course.started", on=row, course=version.course.code, version=version.version
        )
    return row


def open_screen(*, actor: User, course: str, lesson: str, screen: int | None, at: Here | None = None) -> int:
    """Note that the learner opened this screen, counted from 1, and return the one to show.

    Without a number the lesson opens where it was left. Nobody jumps ahead of what was opened; of two devices the one
    that is further wins. `at` is what `here` found, when it was read for this request already: who only looks back
    writes nothing, and locks nothing. Raises Http404 unless the learner is enrolled.
    """
    require(may_learn(actor))
    at = at or here(actor, course, lesson)
    if at is None:
        raise Http404
    shown = at.which(screen)
    return _keep_place(actor, course, lesson, screen) if at.is_news(shown) else shown


@transaction.atomic
def _keep_place(actor: User, course: str, lesson: str, screen: int | None) -> int:
    enrolment, row = _place(actor, course, lesson)
    progress, _new = Progress.objects.select_for_update().get_or_create(enrolment=enrolment, lesson=row)
    shown = which_screen(screen_count(row), progress.screen, progress.seen_at is not None, screen)
    if shown > progress.screen:
        progress.screen, progress.updated_at = shown, now()
        progress.save(update_fields=["screen", "updated_at"])
        _mark_seen(enrolment, row, progress)
    held = enrolment.last_lesson.position if enrolment.last_lesson else -1
    if (row.position, shown) > (held, enrolment.last_screen):
        enrolment.last_lesson, enrolment.last_screen = row, shown
        enrolment.save(update_fields=["last_lesson", "last_screen"])
    return shown


def _place(actor: User, course: str, lesson: str) -> tuple[Enrolment, Lesson]:
    """The enrolment, locked, and the lesson; lock order is always enrolment first."""
    rows = Enrolment.objects.filter(user=actor, version_of__course__slug=course).defer(*TEXTS)
    locked = rows.select_for_update(of=("self",)).select_related("version_of__course", "last_lesson")
    held = locked.order_by("-enrolled_at", "-pk").first()
    if held is None:
        raise Http404
    return held, lesson_in(held.version_of, lesson)


def _mark_seen(enrolment: Enrolment, lesson: Lesson, progress: Progress) -> None:
    """A lesson is seen once its last screen was opened and every question of its check was tried."""
    if progress.seen_at or progress.screen < screen_count(lesson):
        return
    asked = set(lesson.questions.filter(pool=Pool.PRACTICE).values_list("pk", flat=True))
    if asked <= set(enrolment.practice.filter(question__lesson=lesson).values_list("question", flat=True)):
        progress.seen_at = now()
        progress.save(update_fields=["seen_at"])
        unseen = lesson.module.lessons.exclude(
            pk__in=enrolment.progress.exclude(seen_at=None).values("lesson")
        )
        if not unseen.exists():
            fill_box(enrolment, lesson.module)
        complete(enrolment)


@transaction.atomic
def answer_practice(
    *, actor: User, course: str, lesson: str, question: str, given: Mapping[str, Sequence[str]],
    at: datetime | None = None,
) -> PracticeAnswer:  # fmt: skip
    """Keep one try at a practice question; `at` is when it was made, for one that comes later. Raises Http404 for a question of another place, Refused for a bad choice."""
    require(may_learn(actor))
    enrolment, row = _place(actor, course, lesson)
    pool = {found.code: found for found in Question.objects.filter(lesson=row, pool=Pool.PRACTICE)}
    asked = pool.get(question)
    if asked is None:
        raise Http404
    picked = read_whole(asked, given)
    right = mark(item(asked), picked) == 1
    answer = PracticeAnswer.objects.create(
        enrolment=enrolment, question=asked, chosen=picked, correct=right, at=at or now()
    )
    progress, _new = Progress.objects.get_or_create(enrolment=enrolment, lesson=row)
    _mark_seen(enrolment, row, progress)
    return answer


def read_whole(question: Question, given: Mapping[str, Sequence[str]]) -> Given:
    """The same for a question that has to be answered in every part."""
    picked = read_given(question, given)
    if not is_whole(item(question), picked):
        missing = _("Answer every part of the question first.") if picked else _("Choose an answer first.")
        raise Refused(
            missing if question.options or picked else _("Write an answer first."), field=question.code
        )
    return picked


def read_given(question: Question, given: Mapping[str, Sequence[str]]) -> Given:
    """The answer in the fields of a form (`chosen`, `typed`, `at.<place>`, `order`). Raises Refused in words."""
    try:
        return read_answer(item(question), given)
    except BadAnswer as bad:
        text = str(SENTENCES[bad.why])
        raise Refused(text % {"most": bad.most} if bad.most else text, field=question.code) from None


@transaction.atomic
def save_plan(
    *, actor: User, course: str, lesson: str, text: str, planned_on: date | None = None
) -> Progress:
    """Keep what the learner will do at work and when, at most 1000 characters; only they see it.

    After 30 and 90 days they are asked what became of it.
    """
    require(may_learn(actor))
    enrolment, row = _place(actor, course, lesson)
    if len(text) > 1000:
        raise Refused(_("Keep your plan under 1000 characters."), field="text")
    progress, _new = Progress.objects.get_or_create(enrolment=enrolment, lesson=row)
    words = text.replace("\x00", "").strip()
    day = planned_on if words else None
    changed = (words, day) != (progress.commitment, progress.commitment_on)
    progress.commitment, progress.commitment_on, progress.updated_at = words, day, now()
    progress.save(update_fields=["commitment", "commitment_on", "updated_at"])
    if changed:
        plan_follow_ups(progress, day)
    return progress
