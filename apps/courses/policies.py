"""Who may learn, and who may load courses and withdraw certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
