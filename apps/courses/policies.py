"""Who may learn, and who may load courses and withdraw certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied

if TYPE_CHECKING:
    from apps.accounts.models import User


def may_learn(user: User) -> Decision:
    """Anyone with an account may take any published course."""
    if user.is_authenticated and user.is_active:
        return ALLOWED
    return denied(_("Sign in to take a course, so that your place and your certificate are kept."))


def may_keep_courses(actor: User | None) -> Decision:
    """Load courses and withdraw certificates: the operator at the machine (no actor) or an administrator."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("This is for the administrators of the site."))


def may_grant_some_time(actor: User) -> Decision:
    """Give more time in tests at all: people of a programme's office and administrators."""
    if actor.is_authenticated and (actor.is_staff or actor.programmes.exists()):
        return ALLOWED
    return denied(_("Extra time is given by the programme office or an administrator."))


def may_grant_time(actor: User, learner: User) -> Decision:
    """Give this learner more time: not oneself, and an office only people of its programme's members."""
    if actor.pk == learner.pk:
        return denied(_("Somebody else has to give you extra time."))
    if actor.is_staff or learner.memberships.filter(member__in=members_of(actor)).exists():
        return ALLOWED
    return denied(_("You give extra time to people of the members of your programme."))


def members_of(actor: User) -> Any:
    """Ids of the members in the programmes whose office the actor belongs to."""
    return actor.programmes.values("participations__member")
