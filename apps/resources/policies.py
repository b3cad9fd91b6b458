"""Who sees which resource, who proposes, who decides, and who loads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.members.choices import Role, Tlp
from apps.members.policies import may_act

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.members.models import Member
    from apps.resources.models import Contribution, Resource

CONTRIBUTING = (Role.LEAD, Role.RESPONDENT, Role.REVIEWER, Role.MENTOR)
OPEN = (Tlp.CLEAR, Tlp.GREEN)


def visible_to(user: User | AnonymousUser) -> Q:
    """CLEAR is for everybody; GREEN for the members and the office of its programme, or of any when it names none;
    AMBER for the people of its own member, administrators not among them. Nothing is ever RED here.
    """
    clear = Q(tlp=Tlp.CLEAR)
    if not user.is_authenticated:
        return clear
    own = Q(tlp=Tlp.AMBER, member__in=user.memberships.values("member"))
    if user.is_staff:
        return Q(tlp__in=OPEN) | own
    joined: Any = user.memberships.filter(member__participations__isnull=False)
    programmes = Q(programme__in=joined.values("member__participations__programme")) | Q(
        programme__in=user.programmes.values("pk")
    )
    community = Q(programme__isnull=True) & (Q(Exists(joined)) | Q(Exists(user.programmes.all())))
    return clear | own | (Q(tlp=Tlp.GREEN) & (programmes | community))


def decided_by(user: User) -> Q:
    """Proposals for more than one member: the office of their programme decides, and administrators."""
    if user.is_staff:
        return Q(tlp__in=OPEN)
    return Q(tlp__in=OPEN, programme__in=user.programmes.values("pk"))


def curated_by(user: User) -> Q:
    """Entries that a person keeps: as an office or administrator, and a lead those of the own member."""
    led = user.memberships.filter(role=Role.LEAD)
    return decided_by(user) | Q(tlp=Tlp.AMBER, member__in=led.values("member"))


def contributed_by(user: User) -> Q:
    """What the user's members proposed."""
    return Q(member__in=user.memberships.values("member"))


def _of_office(user: User, programme: int | None) -> bool:
    return programme is not None and user.programmes.filter(pk=programme).exists()


def may_contribute(actor: User, member: Member) -> Decision:
    """Propose, say that it was used, change what the member said; readers only read."""
    return may_act(actor, member, *CONTRIBUTING)


def may_curate(actor: User) -> Decision:
    """Open the queue."""
    if actor.is_staff or actor.programmes.exists() or actor.memberships.filter(role=Role.LEAD).exists():
        return ALLOWED
    return denied(_("The library is kept by programme offices and administrators."))


def may_decide(actor: User, contribution: Contribution) -> Decision:
    """The office decides, but nobody on what they proposed themselves."""
    if contribution.proposed_by_id == actor.pk:
        return denied(_("You proposed this yourself, so somebody else decides."))
    kept = actor.is_staff or _of_office(actor, contribution.programme_id)
    if contribution.tlp in OPEN and kept:
        return ALLOWED
    return denied(_("This is decided by the office of the programme."))


def may_keep(actor: User, resource: Resource) -> Decision:
    """Mend an entry, take it out of the library, bring it back."""
    if resource.tlp in OPEN:
        kept = actor.is_staff or _of_office(actor, resource.programme_id)
    else:
        kept = actor.memberships.filter(member=resource.member_id, role=Role.LEAD).exists()
    return ALLOWED if kept else denied(_("This entry is kept by others."))


def may_load(actor: User | None) -> Decision:
    """Administrators, and whoever works at the console of the server (no actor)."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("Resources are loaded by the administrators of the site."))
