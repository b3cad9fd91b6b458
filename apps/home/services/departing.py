"""Members of the demonstration that leave: one waits for a second person, one for its day."""

from __future__ import annotations

from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.home.services.reporting import settle_news
from apps.members.models import Member
from apps.reports.services.leaving import ask_to_leave, confirm_leaving

ASKED, CONFIRMED = "ilmara-university", "nareth-education"


def make_leavings(cast: Cast, members: dict[str, Member], chance: Chance) -> None:
    """Leads ask; the administrator confirmed one. A region too small for these members goes without."""
    for slug in (ASKED, CONFIRMED):
        if slug in members:
            member = members[slug]
            row = ask_to_leave(actor=cast.lead(slug), member=member.public_id, name=member.name)
            if slug == CONFIRMED:
                confirm_leaving(actor=cast.tour["administrator"], leaving=row.public_id)
    settle_news(chance)
