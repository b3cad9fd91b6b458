"""Reopening what was submitted: the answers open again, and the signed result is void for everybody to see."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import AssessmentState
from apps.assessments.models import Assessment, PeerReview, Result
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.seals import content_hash
from apps.members.models import GrantReading, Member

LONGEST_REASON = 500


@transaction.atomic
def reopen_assessment(*, actor: User, assessment: Assessment, reason: str) -> Result:
    """Open the newest submitted assessment again; its result and all reviews of it are void, and readers are told.

    The result that it had replaced stands again. Raises `Refused` without a reason, `Conflict` unless it is submitted
    and not replaced.
    """
    require(policies.may_lead(actor, assessment))
    said = reason.replace("\x00", "").strip()
    if not said:
        raise Refused(_("Say why. Everybody who sees the result reads it."), field="reason")
    if len(said) > LONGEST_REASON:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": LONGEST_REASON}, field="reason")
    # The member's row makes reopening and submitting take turns, whichever assessment they are about.
    Member.objects.select_for_update(no_key=True).get(pk=assessment.member_id)
    row = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("version_of", "member")
        .get(pk=assessment.pk)
    )
    result = Result.objects.standing().filter(assessment=row).first()
    if row.state != AssessmentState.SUBMITTED or result is None:
        raise Conflict(_("Only the newest submitted assessment can be reopened."))
    result.voided_at, result.voided_by, result.void_reason = now(), actor, said
    result.save(update_fields=["voided_at", "voided_by", "void_reason"])
    row.state, row.submitted_at, row.submitted_by = AssessmentState.IN_PROGRESS, None, None
    row.version += 1
    row.save(update_fields=["state", "submitted_at", "submitted_by", "version"])
    _restore(row)
    audit.record(
        actor=actor, action="assessment.reopened", on=row, chain=row.member.public_id, result=result.public_id,
        statement=content_hash(result.statement) if result.statement else None,
    )  # fmt: skip
    _tell(actor, result)
    return result


def _restore(row: Assessment) -> None:
    """The assessment that this one had replaced is the newest submitted one again."""
    older = Assessment.objects.filter(
        member=row.member_id,
        state=AssessmentState.REPLACED,
        version_of__framework=row.version_of.framework_id,
    )
    last = older.order_by("-submitted_at", "-pk").first()
    if last:
        Assessment.objects.filter(pk=last.pk).update(state=AssessmentState.SUBMITTED)


def _tell(actor: User, result: Result) -> None:
    """Tell the colleagues, everybody who read the member's results under a grant since it was signed, and reviewers."""
    member, title = result.member, result.assessment.title
    at = {"member": member.public_id, "assessment": result.assessment.public_id}
    inside = set(member.memberships.filter(user__is_active=True).values_list("user", flat=True))
    read = GrantReading.objects.filter(grant__member=member, at__gte=result.computed_at)
    outside = set(read.values_list("user", flat=True))
    outside |= set(PeerReview.objects.filter(request__result=result).values_list("reviewer", flat=True))
    here = reverse("home:result", kwargs=at)
    for person in (
        User.objects.filter(pk__in=inside | outside, is_active=True).exclude(pk=actor.pk).order_by("pk")
    ):
        notify(
            actor=actor, user=person, kind="result_void", key=f"void:{result.public_id}",
            url=here if person.pk in inside else reverse("assessments:desks"), member=member.name, title=title,
        )  # fmt: skip
