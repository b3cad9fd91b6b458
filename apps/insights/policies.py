"""Who may see a release of the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied

if TYPE_CHECKING:
    from apps.accounts.models import User


def release_visible_to(user: Any) -> Q:
    """The community sees every release; the public those that staff cleared."""
    return Q() if user.is_authenticated else Q(clearing__isnull=False)


def may_keep_benchmark(user: User) -> Decision:
    """Approve organisations, and clear a release for the public."""
    return ALLOWED if user.is_staff else denied(_("This is for the administrators of the site."))
