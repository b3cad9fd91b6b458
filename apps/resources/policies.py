"""Who sees which resource, and who loads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.members.choices import Tlp

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User


def visible_to(user: User | AnonymousUser) -> Q:
    """CLEAR is for everybody, GREEN for the community: those who are signed in."""
    return Q(tlp__in=[Tlp.CLEAR, Tlp.GREEN] if user.is_authenticated else [Tlp.CLEAR])


def may_load(actor: User | None) -> Decision:
    """Administrators, and whoever works at the console of the server (no actor)."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("Resources are loaded by the administrators of the site."))
