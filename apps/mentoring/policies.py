"""Who may see requests, offers, invitations and engagements, and who may act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.members.choices import Role
from apps.members.policies import may_act, may_answer, may_lead, may_mentor

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.members.models import Member
    from apps.mentoring.models import Action, Engagement, ThreadWords

MENTOR_SIDE = (Role.MENTOR, Role.LEAD)


def own_rows(user: User) -> Q:
    """Requests and offers are seen inside their member; the programme office reads them on its own pages."""
    return Q(member__in=user.memberships.values("member"))


def engagement_visible_to(user: User) -> Q:
    """Both sides: everybody of the member, and the mentors and leads of the mentor partner."""
    mine = user.memberships.filter(role__in=MENTOR_SIDE).values("member")
    return Q(member__in=user.memberships.values("member")) | Q(mentor__in=mine)


def invitation_visible_to(user: User) -> Q:
    """Both sides of a pair, as with engagements."""
    mentored = user.memberships.filter(role__in=MENTOR_SIDE).values("member")
    return Q(need__member__in=user.memberships.values("member")) | Q(offer__member__in=mentored)


def may_ask(user: User, member: Member) -> Decision:
    """Ask a programme for help."""
    return may_lead(user, member)


def may_offer(user: User, member: Member) -> Decision:
    """Offer help to a programme; only mentor partners do."""
    if not member.is_mentor:
        return denied(
            _("%(member)s is not a mentor partner. Ask your programme office.") % {"member": member.name}
        )
    return may_mentor(user, member)


def may_plan(user: User, member: Member) -> Decision:
    """Work out roadmaps: whoever works on the member's assessments."""
    return may_answer(user, member)


def may_run_plan(user: User, member: Member) -> Decision:
    """Start and close action plans, and say who does what until when."""
    return may_lead(user, member)


def may_work_on(user: User, action: Action) -> Decision:
    """Change one action: the lead, and its owner."""
    if action.owner_id == user.pk and may_act(user, action.member, *Role):
        return ALLOWED
    if may_lead(user, action.member):
        return ALLOWED
    return denied(_("Only its owner and the assessment lead change an action."))


def may_exclude(user: User, member: Member) -> Decision:
    """Read and write the private wishes of a member."""
    return may_mentor(user, member)


def may_call(user: User, member: Member) -> Decision:
    """Read whom to call, and what one's own side said in confidence."""
    return may_mentor(user, member)


def may_reply_for_member(user: User, member: Member) -> Decision:
    """Accept or decline a mentor: acceptance gives consent to read, so only a lead may."""
    return may_lead(user, member)


def may_reply_for_mentor(user: User, member: Member) -> Decision:
    """Accept or decline to mentor."""
    return may_mentor(user, member)


def may_write_session(user: User, engagement: Engagement) -> Decision:
    """Write notes: whoever works on the member's assessment, and the mentors."""
    return _either_side(user, engagement, Role.LEAD, Role.RESPONDENT, Role.REVIEWER)


def may_mend(user: User, words: ThreadWords) -> Decision:
    """Change or withdraw what was said in a discussion: its author only."""
    if words.by_id != user.pk:
        return denied(_("Only the person who wrote these words may change or withdraw them."))
    return ALLOWED


def may_follow(user: User, engagement: Engagement) -> Decision:
    """Read an engagement and keep its calendar: everybody of the member, and the mentors and leads of the partner."""
    return _either_side(user, engagement, *Role)


def may_steer(user: User, engagement: Engagement) -> Decision:
    """Change goals and dates, pause, resume, close: the member's lead or a mentor."""
    return _either_side(user, engagement, Role.LEAD)


def _either_side(user: User, engagement: Engagement, *member_roles: Role) -> Decision:
    for member, roles in ((engagement.member, member_roles), (engagement.mentor, MENTOR_SIDE)):
        if may_act(user, member, *roles):
            return ALLOWED
    return may_act(user, engagement.member, *member_roles)


def may_sign(user: User, engagement: Engagement, *, for_mentor: bool) -> Decision:
    """Sign the agreement for one side: who may answer its invitations."""
    if for_mentor:
        return may_reply_for_mentor(user, engagement.mentor)
    return may_reply_for_member(user, engagement.member)
