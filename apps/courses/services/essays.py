"""Put texts of a test into the queue, mark them, settle two marks that differ, and finish the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.courses.choices import CohortRole, EssayState, Mark
from apps.courses.models import Attempt, CohortPerson, Enrolment, Essay, EssayMark, Question
from apps.courses.policies import may_mark
from apps.courses.selectors.renewal import RECHECK
from apps.courses.services.filling import fill_box
from apps.courses.services.issuing import complete
from apps.courses.services.renewal import renew
from apps.marking import item, judge, rubric_share

LONGEST_FEEDBACK = 2000


def empty_texts(asked: Sequence[Question], answers: Mapping[str, object]) -> dict[str, Fraction]:
    """Texts that were left empty earn nothing; nobody has to look at them."""
    return {row.code: Fraction(0) for row in asked if row.kind == "essay" and not answers.get(row.code)}


def queue_essays(attempt: Attempt, asked: Sequence[Question]) -> None:
    """Put every text of a try that was handed in where its markers find it, and tell them. The try is locked."""
    for question in asked:
        if question.kind != "essay" or not attempt.answers.get(question.code):
            continue
        row, made = Essay.objects.get_or_create(attempt=attempt, question=question)
        for marker in _markers(attempt.enrolment) if made else ():
            notify(
                actor=attempt.enrolment.user, user=marker, kind="essay_waits", key=f"essay:{row.public_id}",
                url=reverse("courses:essay", kwargs={"essay": row.public_id}), course=attempt.enrolment.version_of.title,
            )  # fmt: skip


def _markers(enrolment: Enrolment) -> list[User]:
    """The trainers of the learner's cohorts of this course."""
    mine = CohortPerson.objects.filter(
        user=enrolment.user_id, role=CohortRole.LEARNER, left_at__isnull=True,
        cohort__course=enrolment.version_of.course_id,
    ).values("cohort")  # fmt: skip
    places = CohortPerson.objects.filter(cohort__in=mine, role=CohortRole.TRAINER, left_at__isnull=True)
    return [row.user for row in places.select_related("user").exclude(user=enrolment.user_id)]


def _locked(actor: User, essay: str) -> Essay:
    """The text, locked after its enrolment. Raises Http404 for one that the actor may not see."""
    found = Essay.objects.filter(public_id=essay).select_related("attempt__enrolment").first()
    if found is None:
        raise Http404
    enrolments = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "user", "version_of__course"
    )
    enrolment = enrolments.get(pk=found.attempt.enrolment_id)
    if not may_mark(actor, enrolment.user, enrolment.version_of.course_id):
        raise Http404
    rows = Essay.objects.select_for_update(of=("self",)).select_related("question", "attempt")
    row = rows.get(pk=found.pk)
    row.attempt.enrolment = enrolment
    return row


@transaction.atomic
def mark_essay(
    *, actor: User, essay: str, marks: Mapping[str, str], feedback: str, version: int, second: bool = False
) -> Essay:
    """Give a mark for each criterion. With `second` the text waits for one more marker.

    The same mark sent again changes nothing. Two marks that differ wait to be settled. Raises Conflict with the other
    person's mark when the text was marked meanwhile, Refused naming the field, Http404.
    """
    row = _locked(actor, essay)
    require(may_mark(actor, row.attempt.enrolment.user, row.attempt.enrolment.version_of.course_id))
    kept = _read(row, marks, feedback)
    mine = row.given.filter(marker=actor).first()
    if mine and (mine.marks, mine.feedback) == kept:
        return row
    if row.version != version or row.state not in (EssayState.WAITING, EssayState.SECOND) or mine:
        held = row.given.exclude(marker=actor).select_related("marker").last() or mine
        raise Conflict(_("This text was marked meanwhile."), current=held, proposed=kept)
    EssayMark.objects.create(essay=row, marker=actor, marks=kept[0], feedback=kept[1])
    row.version += 1
    _advance(row, second=second and row.state == EssayState.WAITING)
    audit.record(actor=actor, action="essay.marked", on=row, state=row.state)
    return row


def _read(row: Essay, marks: Mapping[str, str], feedback: str) -> tuple[dict[str, str], str]:
    criteria = [line["criterion"] for line in row.question.body["rubric"]]
    for number, criterion in enumerate(criteria):
        if marks.get(criterion) not in Mark.values:
            raise Refused(_("Give a mark for every criterion."), field=f"c{number}")
    text = feedback.replace("\x00", "").strip()
    if len(text) > LONGEST_FEEDBACK:
        raise Refused(_("Keep the feedback under 2000 characters."), field="feedback")
    return {criterion: marks[criterion] for criterion in criteria}, text


def _advance(row: Essay, *, second: bool) -> None:
    """What the marks given so far make of the text."""
    given = list(row.given.order_by("at", "pk"))
    if second:
        row.state = EssayState.SECOND
    elif len({tuple(sorted(mark.marks.items())) for mark in given}) > 1:
        row.state = EssayState.DIFFERS
    else:
        _close(row, given[-1], "\n\n".join(dict.fromkeys(mark.feedback for mark in given if mark.feedback)))
    row.save(update_fields=["state", "version", "marks", "feedback", "done_at"])
    if row.state == EssayState.DONE:
        _finish(row.attempt)


def _close(row: Essay, mark: EssayMark, feedback: str) -> None:
    row.state, row.marks, row.feedback, row.done_at = EssayState.DONE, mark.marks, feedback, now()


@transaction.atomic
def settle_essay(*, actor: User, essay: str, marker: str, version: int) -> Essay:
    """Decide which of two marks counts: the one of `marker`. Raises Conflict when it was settled, Http404."""
    row = _locked(actor, essay)
    require(may_mark(actor, row.attempt.enrolment.user, row.attempt.enrolment.version_of.course_id))
    if row.state != EssayState.DIFFERS or row.version != version:
        raise Conflict(_("This was settled meanwhile."), current=row.given.last())
    chosen = row.given.filter(marker__public_id=marker).first()
    if chosen is None:
        raise Http404
    row.version += 1
    _close(row, chosen, chosen.feedback)
    row.save(update_fields=["state", "version", "marks", "feedback", "done_at"])
    _finish(row.attempt)
    audit.record(actor=actor, action="essay.settled", on=row)
    return row


def _finish(attempt: Attempt) -> None:
    """Judge the try again with what people gave; once no text waits, it counts and the learner is told."""
    enrolment = attempt.enrolment
    codes = [drawn["code"] for drawn in attempt.questions]
    asked = list(Question.objects.filter(version=enrolment.version_of, code__in=codes))
    done = Essay.objects.filter(attempt=attempt, state=EssayState.DONE).select_related("question")
    marked = empty_texts(asked, attempt.answers) | {
        row.question.code: rubric_share(row.question.body["rubric"], row.marks) for row in done
    }
    outcome = judge([item(row) for row in asked], attempt.answers, attempt.pass_mark, marked)
    attempt.correct, attempt.percent = outcome.correct, outcome.percent
    attempt.passed = outcome.passed and attempt.set_aside_at is None
    attempt.review, attempt.waiting = list(outcome.review), outcome.waiting
    attempt.save(update_fields=["correct", "percent", "passed", "review", "waiting"])
    if attempt.waiting:
        return
    count_try(attempt)
    where = {"course": enrolment.version_of.course.slug, "module": attempt.place}
    notify(
        actor=None, user=enrolment.user, kind="test_marked", key=f"marked:{attempt.public_id}",
        url=reverse("courses:test", kwargs=where), course=enrolment.version_of.title,
    )  # fmt: skip


def count_try(attempt: Attempt) -> None:
    """What a test that is marked whole brings: questions for the review box, and perhaps a certificate or its renewal."""
    enrolment = attempt.enrolment
    module = enrolment.version_of.modules.filter(code=attempt.place).first()
    if module:
        fill_box(enrolment, module, attempt.review)
    if RECHECK.match(attempt.place):
        renew(attempt)
    else:
        complete(enrolment)
