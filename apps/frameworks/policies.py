"""Who may see a framework, who may load one, who may edit one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.frameworks.choices import VersionState
from apps.members.policies import may_manage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.members.models import Member, Programme

OPEN = Q(state=VersionState.PUBLISHED, framework__programme__isnull=True)


def version_visible_to(user: User | AnonymousUser) -> Q:
    """The site's own once published; a programme's once published, for its people; drafts for who may edit them."""
    if not user.is_authenticated:
        return OPEN
    if user.is_staff:
        return Q()
    managed = user.programmes.values("pk")
    joined = user.memberships.values("member__participations__programme")
    near = Q(state=VersionState.PUBLISHED, framework__programme__in=joined)
    return OPEN | near | Q(framework__programme__in=managed)


def version_offered_to(member: Member) -> Q:
    """What a member may be assessed against, whoever of its people opens the assessment."""
    joined = member.participations.values("programme")
    return OPEN | Q(state=VersionState.PUBLISHED, framework__programme__in=joined)


def version_offered_in(programme: int) -> Q:
    """What a round of a programme may ask."""
    return OPEN | Q(state=VersionState.PUBLISHED, framework__programme=programme)


def framework_editable_by(user: User) -> Q:
    """Frameworks of the programmes that the user manages; all of them for administrators."""
    return Q() if user.is_staff else Q(programme__in=user.programmes.values("pk"))


def may_edit_frameworks(actor: User, programme: Programme | None) -> Decision:
    """Write, publish and delete frameworks of a programme: its managers; the site's own, and any: administrators."""
    if actor.is_staff:
        return ALLOWED
    if programme is None:
        return denied(_("The frameworks of the site are kept by its administrators."))
    return may_manage(actor, programme)


def may_load(actor: User | None) -> Decision:
    """Administrators, and whoever works at the console of the server (no actor)."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("Frameworks are loaded by the administrators of the site."))
