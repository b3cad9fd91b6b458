"""Who may see a draft, a result, and who may answer, review, lead and submit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.members import policies as members
from apps.members.choices import GrantKind, Role

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.assessments.models import (
        Assessment,
        Assignment,
        Comment,
        PeerReview,
        Response,
        ReviewRequest,
    )
    from apps.members.models import Member, Programme


def assessment_visible_to(user: User) -> Q:
    """Drafts are seen inside the member only."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(member__in=user.memberships.values("member"))


def result_visible_to(user: User) -> Q:
    """Whole results are seen inside the member only; others read under a grant, area by area."""
    return assessment_visible_to(user)


def round_visible_to(user: User) -> Q:
    """Rounds of programmes whose office the user belongs to."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(programme__in=user.programmes.values("pk"))


def may_open(user: User, member: Member) -> Decision:
    """Open an assessment of the member."""
    return members.may_lead(user, member)


def may_set_targets(user: User, member: Member) -> Decision:
    """Save, change and drop the targets of a member."""
    return members.may_lead(user, member)


def may_lead(user: User, assessment: Assessment) -> Decision:
    """Give areas to colleagues and submit."""
    return members.may_lead(user, assessment.member)


def may_answer(user: User, assessment: Assessment, *, known: str | None = None) -> Decision:
    """Answer questions and add evidence; `known` is the person's role where a read of this request gave it."""
    return members.may_answer(user, assessment.member, known=known)


def may_read(user: User, assessment: Assessment) -> Decision:
    """Open a piece of evidence."""
    return members.may_belong(user, assessment.member)


def may_review(user: User, assessment: Assessment) -> Decision:
    """Review answers of others."""
    return members.may_act(user, assessment.member, Role.REVIEWER, Role.LEAD)


def may_judge(user: User, response: Response, assignment: Assignment | None) -> Decision:
    """Agree to this answer or ask back: never to one's own, and only the area's reviewer or the lead."""
    if response.answered_by_id == user.pk:
        return denied(_("This is your own answer. Someone else has to review it."))
    role = members.role_of(user, response.member)
    if role == Role.LEAD:
        return ALLOWED
    if role == Role.REVIEWER and (assignment is None or assignment.reviewer_id in (None, user.pk)):
        return ALLOWED
    return denied(_("Only the reviewer of this area or the assessment lead may review this answer."))


def may_fill_in(user: User, assessment: Assessment, respondent: int | None) -> Decision:
    """Take an area away in a workbook and bring it back: who answers it (anyone when nobody is named), and the lead."""
    decision = may_answer(user, assessment)
    if not decision or respondent in (None, user.pk) or may_lead(user, assessment):
        return decision
    return denied(
        _(
            "This area is given to a colleague. Only they or the assessment lead may take it away in a workbook."
        )
    )


def may_run_rounds(user: User, programme: Programme) -> Decision:
    """Open and close rounds of the programme."""
    return members.may_manage(user, programme)


def may_decline(user: User, member: Member) -> Decision:
    """Say for the member that it does not take part in a round, and take that back."""
    return members.may_lead(user, member)


def may_talk(user: User, assessment: Assessment) -> Decision:
    """Take part in the discussion of a question: every person of the member, readers too, who may be asked."""
    return members.may_belong(user, assessment.member)


def may_mend(user: User, comment: Comment) -> Decision:
    """Change the words of a comment: its author only, while still in the member."""
    if comment.by_id != user.pk:
        return denied(_("Only the person who wrote a comment may change it."))
    return members.may_belong(user, comment.member)


def may_review_outside(user: User, request: ReviewRequest) -> Decision:
    """Review the result of another member: under a grant in force, never of one's own, and certified to verify."""
    under = members.may_read_under(user, request.grant)
    if not under:
        return under
    if members.role_of(user, request.member):
        return denied(
            _("You belong to %(member)s yourself. Someone else has to review it.")
            % {"member": request.member.name}
        )
    return members.may_verify(user, request.member) if request.kind == GrantKind.VERIFICATION else ALLOWED


def may_write_review(user: User, review: PeerReview) -> Decision:
    """Go on with one's own review."""
    if review.reviewer_id != user.pk:
        return denied(_("This is the review of someone else."))
    return may_review_outside(user, review.request)
