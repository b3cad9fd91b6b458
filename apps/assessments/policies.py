"""Who may see a draft, a result, and who may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from apps.accounts.models import User


def assessment_visible_to(user: User) -> Q:
    """Drafts are seen inside the member only."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return Q(member__in=user.memberships.values("member"))


def result_visible_to(user: User) -> Q:
    """Whole results are seen inside the member only; others read under a grant, area by area."""
    return assessment_visible_to(user)
