"""Say how the work goes, in confidence."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import save_version
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.models import Feedback
from apps.mentoring.selectors.feedback import QUESTIONS, open_moments
from apps.mentoring.services.work import side_of, visible

HIGHEST = 5


@transaction.atomic
def give_feedback(
    *,
    actor: User,
    member: Member,
    engagement: str,
    moment: str,
    version: int,
    ratings: dict[str, int],
    **words: Any,
) -> Feedback:
    """Write or change what one side says at a moment. `words`: helped, change and what of it is shared.

    Raises `Conflict` when a colleague saved first (`version` 0 is for the first time), `Refused` when the moment is over.
    """
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    if moment not in open_moments(row, row.sessions.count()):
        raise Refused(_("This is not asked now."))
    if ratings.keys() - QUESTIONS.keys() or not all(1 <= n <= HIGHEST for n in ratings.values()):
        raise Refused(_("Answer from 1 to 5."))
    found = Feedback.objects.filter(engagement=row, moment=moment, side=side_of(row, member)).first()
    if found is None:
        found = Feedback.objects.create(
            engagement=row, moment=moment, side=side_of(row, member), ratings=ratings, by=actor, **words
        )
    elif version == 0:
        raise Conflict(_("A colleague wrote this while you were writing."), current=found)
    else:
        save_version(found, expected=version, changes={"ratings": ratings, "by": actor, **words})
    audit.record(actor=actor, action="feedback.given", on=found, chain=member.public_id, moment=moment)
    return found
