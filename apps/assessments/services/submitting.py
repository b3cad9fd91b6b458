"""Submitting: the answers close and the result is stored, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import AssessmentState
from apps.assessments.models import Assessment, Draft, Result
from apps.assessments.selectors.board import board_of, mark_of
from apps.assessments.selectors.inputs import answers_file, score_file, spec_of
from apps.assessments.services.figures import store_figures
from apps.assessments.services.locks import lock_open
from apps.assessments.services.signing import sign_result
from apps.core import audit, saves
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.members.models import Membership
from apps.members.policies import site_day
from apps.scoring import InputFaults, ScoreResult


class Undecided(Refused):
    """Somebody keeps an answer that a colleague's overtook; `codes` says to which questions."""

    status = 422
    code = "undecided"


@transaction.atomic
def submit_assessment(
    *,
    actor: User,
    assessment: Assessment,
    idempotency: str = "",
    without: Collection[str] = (),
    seen: str = "",
) -> Result:
    """Close the answers and store the result with the exact answers file that made it.

    `seen` is the mark of what the lead was shown: `Conflict` when anything of it changed since, and nothing is signed.

    `without` are codes of questions with an answer whose author has not decided, which the lead leaves out knowingly; the
    record says so. Raises `Undecided` when there is another one, `Refused` when nothing is answered, two answers wait for
    a decision or the answers do not fit the framework, `Closed` when it was submitted already. Unanswered questions stay unanswered; coverage says so for ever.
    """
    require(policies.may_lead(actor, assessment))
    done = saves.once(
        owner=actor.public_id,
        scope=f"submit:{assessment.public_id}",
        key=idempotency,
        act=lambda: _submit(actor, assessment, without, seen),
    )
    return Result.objects.get(public_id=done["result"])


def _submit(actor: User, assessment: Assessment, without: Collection[str], seen: str) -> dict[str, Any]:
    lock_open(assessment)
    _refuse_two_answers(assessment)
    left = _left_undecided(assessment, without)
    inputs, scored = _scored(assessment, seen)
    result = Result.objects.create(
        member=assessment.member,
        assessment=assessment,
        method=scored.framework.method.name,
        method_version=scored.framework.method.version,
        input_hash=scored.input_hash,
        inputs=inputs,
        document=scored.as_document(),
    )
    store_figures([result])
    statement = sign_result(actor=actor, result=result)
    _close(actor, assessment)
    audit.record(
        actor=actor,
        action="assessment.submitted",
        on=assessment,
        chain=assessment.member.public_id,
        result=result.public_id,
        input_hash=result.input_hash,
        statement=statement,
        answers=len(inputs["answers"]),
        undecided=left or None,
    )
    _tell(actor, assessment)
    return {"result": result.public_id}


def _refuse_two_answers(assessment: Assessment) -> None:
    """Two answers that a reviewer was asked to decide between: neither may be signed as if the other had not been given."""
    drafts = Draft.objects.filter(assessment=assessment, for_review=True).select_related("indicator")
    codes = sorted({draft.indicator.code for draft in drafts})
    if codes:
        text = ngettext(
            "Two answers to %(codes)s wait for a decision. The reviewer must choose one first.",
            "Two answers each to %(codes)s wait for a decision. The reviewer must choose one of each first.",
            len(codes),
        )
        raise Refused(text % {"codes": ", ".join(codes[:20])})


def _left_undecided(assessment: Assessment, without: Collection[str]) -> list[str]:
    """Questions with an answer that a colleague's overtook and whose author has not decided; the lead named each of them."""
    drafts = Draft.objects.filter(assessment=assessment, for_review=False).overtaken()
    codes = sorted(set(drafts.values_list("indicator__code", flat=True)))
    if not set(codes) <= set(without):
        text = ngettext(
            "The author of another answer to %(codes)s has not decided yet. Wait, or say that you submit without it.",
            "The authors of other answers to %(codes)s have not decided yet. Wait, or say that you submit without them.",
            len(codes),
        )
        raise Undecided(text % {"codes": ", ".join(codes[:20])}, field="without", codes=tuple(codes))
    return codes


def _scored(assessment: Assessment, seen: str) -> tuple[dict[str, Any], ScoreResult]:
    board = board_of(assessment)
    if seen and seen != mark_of(board):
        raise Conflict(_("The answer changed while you were reading. Look at the new one before you decide."))
    try:
        spec = spec_of(assessment.version_of, assessment.scope)
        inputs = answers_file(board, spec, on=site_day())
        if not inputs["answers"]:
            raise Refused(_("Nothing is answered yet, so there is nothing to submit."))
        return inputs, score_file(spec, inputs)
    except InputFaults as faults:
        reason = _("These answers cannot be scored: %(faults)s") % {"faults": "; ".join(faults.faults[:5])}
        raise Refused(reason) from faults


def _close(actor: User, assessment: Assessment) -> None:
    """The assessment is submitted; those submitted before it on the same framework are replaced by it."""
    older = Assessment.objects.filter(
        member=assessment.member,
        state=AssessmentState.SUBMITTED,
        version_of__framework=assessment.version_of.framework_id,
    )
    older.update(state=AssessmentState.REPLACED)
    assessment.state = AssessmentState.SUBMITTED
    assessment.submitted_at, assessment.submitted_by = now(), actor
    assessment.version += 1
    assessment.save(update_fields=["state", "submitted_at", "submitted_by", "version"])


def _tell(actor: User, assessment: Assessment) -> None:
    at = {"member": assessment.member.public_id, "assessment": assessment.public_id}
    rows = Membership.objects.filter(member=assessment.member, user__is_active=True).exclude(user=actor)
    for row in rows.select_related("user").order_by("pk"):
        notify(
            actor=actor,
            user=row.user,
            kind="submitted",
            key=f"submitted:{assessment.public_id}:{assessment.version}",
            url=reverse("assessments:tasks", kwargs=at),
            member=assessment.member.name,
            title=assessment.title,
        )
