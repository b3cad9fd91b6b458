"""Who may see a member and who may act in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.members.choices import READING_ROLES, REVIEW_KINDS, REVIEWING_ROLES, Role

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.members.models import Grant, Member, Programme


def site_day(moment: datetime | None = None) -> date:
    """The site's own day of a moment, or today: on it grants and certificates end, since a reader could put the end off with a zone."""
    return localdate(moment, get_default_timezone())


def belongs(user: User) -> Q:
    """Members that the user is in."""
    return Q(pk__in=user.memberships.values("member"))


def member_visible_to(user: User) -> Q:
    """Members a user may open: their own, those of a programme they manage; staff see all names."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.is_staff:
        return Q()
    return belongs(user) | Q(pk__in=user.programmes.values("participations__member"))


def programme_visible_to(user: User) -> Q:
    """Programmes whose office the user belongs to; members share with the office, not with administrators."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(pk__in=user.programmes.values("pk"))


def role_of(user: User, member: Member) -> str:
    """The user's role in the member, or an empty string."""
    return user.memberships.filter(member=member).values_list("role", flat=True).first() or ""


def may_act(user: User, member: Member, *roles: Role, known: str | None = None) -> Decision:
    """Allowed when the user has one of `roles` in the member; `known` is the role that a read of this request gave."""
    if (role_of(user, member) if known is None else known) in roles:
        return ALLOWED
    names = ", ".join(str(role.label) for role in roles)
    return denied(
        _("This needs one of these roles in %(member)s: %(roles)s.") % {"member": member.name, "roles": names}
    )


def may_lead(user: User, member: Member) -> Decision:
    """Invite, remove, share, open and submit assessments, ask for help."""
    return may_act(user, member, Role.LEAD)


def may_belong(user: User, member: Member) -> Decision:
    """Anything any person of the member may do."""
    return may_act(user, member, *Role)


def may_answer(user: User, member: Member, *, known: str | None = None) -> Decision:
    """Answer questions of the member's assessment."""
    return may_act(user, member, Role.LEAD, Role.RESPONDENT, Role.REVIEWER, known=known)


def may_mentor(user: User, member: Member) -> Decision:
    """Offer help and reply to invitations for a mentor partner."""
    return may_act(user, member, Role.MENTOR, Role.LEAD)


def may_manage(user: User, programme: Programme) -> Decision:
    """Run rounds and export reports of a programme."""
    if user.programmes.filter(pk=programme.pk).exists():
        return ALLOWED
    return denied(_("This is for the managers of %(programme)s.") % {"programme": programme.name})


def may_read_under(user: User, grant: Grant) -> Decision:
    """The grant is in force and names the user's mentor partner, reviewing member or programme."""
    if grant.withdrawn_at is None and grant.ends_on >= site_day():
        roles = REVIEWING_ROLES if grant.kind in REVIEW_KINDS else READING_ROLES
        if grant.to_member_id and user.memberships.filter(member=grant.to_member_id, role__in=roles).exists():
            return ALLOWED
        if grant.to_programme_id and user.programmes.filter(pk=grant.to_programme_id).exists():
            return ALLOWED
    return denied(_("This is not shared with you."))


def may_verify(user: User, member: Member) -> Decision:
    """The user is certified, today, by a programme that the member takes part in."""
    held = user.certifications.in_force()
    if held.filter(programme__in=member.participations.values("programme")).exists():
        return ALLOWED
    return denied(
        _("Only a reviewer certified by a programme of %(member)s may verify.") % {"member": member.name}
    )
