"""Reading another member's result under a grant; the owner sees each reading."""

from __future__ import annotations

from django.db import transaction

from apps.accounts.models import User
from apps.assessments.selectors.levels import ResultLevels, levels_of
from apps.assessments.selectors.sharing import SharedResult, shared_area, shared_result
from apps.members.services import record_reading


@transaction.atomic
def read_shared_result(*, actor: User, member: str) -> SharedResult:
    """What the actor may read of the member's latest result, put on record under every grant it rests on.

    The grant is the policy: raises Http404 without one in force, as for a member that does not exist.
    """
    page = shared_result(actor, member)
    for grant in page.grants:
        record_reading(actor=actor, grant=grant, what=page.title[:120])
    return page


@transaction.atomic
def read_shared_area(*, actor: User, member: str, area: str) -> SharedResult:
    """One area of what the actor may read, put on record with its code under the grants that name the area.

    The grant is the policy: raises Http404 for an area that none in force names.
    """
    page = shared_area(actor, member, area)
    for grant in page.grants:
        record_reading(actor=actor, grant=grant, what=f"{page.title[:75]}: {area}")
    return page


@transaction.atomic
def read_levels(*, actor: User, member: str, assessment: str) -> ResultLevels:
    """The levels of one result that the actor may read; a reading under grants is put on record.

    Membership or the grant is the policy: raises Http404 without either.
    """
    page = levels_of(actor, member, assessment)
    for grant in page.grants:
        record_reading(actor=actor, grant=grant, what=page.title[:120])
    return page
