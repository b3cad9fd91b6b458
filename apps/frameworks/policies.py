"""Who may load frameworks. Reading published ones is open to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied

if TYPE_CHECKING:
    from apps.accounts.models import User


def may_load(actor: User | None) -> Decision:
    """Administrators, and whoever works at the console of the server (no actor)."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("Frameworks are loaded by the administrators of the site."))
