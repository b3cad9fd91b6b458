"""Reading another member's history under a grant; the owner sees each reading."""

from __future__ import annotations

from django.db import transaction

from apps.accounts.models import User
from apps.insights.selectors.trends import TrendsPage, trends_page
from apps.members.services import record_reading


@transaction.atomic
def read_trends(*, actor: User, member: str) -> TrendsPage:
    """The history that the actor may read, put on record under every grant it rests on.

    Membership or the grant is the policy: raises Http404 without either, as for a member that does not exist.
    """
    page = trends_page(actor, member)
    for grant in page.grants:
        moments = page.histories[0].moments
        what = f"{moments[0].title} – {moments[-1].title}" if len(moments) > 1 else moments[0].title
        record_reading(actor=actor, grant=grant, what=what[:120])
    return page
