"""What pages of mentoring show."""

from __future__ import annotations

from apps.accounts.models import User
from apps.members.policies import may_manage
from apps.mentoring.selectors.board import (
    board_page,
    get_round,
    rounds_page,
    solving_round,
)
from apps.mentoring.selectors.board_rows import BoardPage
from apps.mentoring.selectors.calls import call_page, calls_page
from apps.mentoring.selectors.endings import ending_of, endings_page, head_row, steering_head
from apps.mentoring.selectors.engagements import (
    EngagementRow,
    engagements_of,
    engagements_page,
    programme_engagements,
    session_draft,
    workspace,
)
from apps.mentoring.selectors.invitations import invitation_page
from apps.mentoring.selectors.needs import edit_need, needs_page, new_need
from apps.mentoring.selectors.offers import edit_offer, exclusions_page, new_offer, offers_page
from apps.mentoring.selectors.options import WhyNotPage
from apps.mentoring.selectors.options import why_not_page as _why_not_page
from apps.mentoring.selectors.overview import (
    MatchingOverview,
    Waiting,
    programme_matching_overview,
    waiting_for,
)
from apps.mentoring.selectors.prices import price_page
from apps.mentoring.selectors.replay import export_of, replay_of, replay_page, stored_round
from apps.mentoring.selectors.shortlists import shortlists_page
from apps.mentoring.selectors.times import InvitationTimePage, invitation_time_page
from apps.mentoring.selectors.urgent import urgency_page, urgent_page
from apps.mentoring.selectors.waiting import waiting_page


def why_not_page(user: User, programme_id: str, round_id: str, need: str, offer: str) -> WhyNotPage:
    """The page that answers "why not this mentor?". Raises Http404 for rows of other rounds."""
    programme, round_ = get_round(user, programme_id, round_id)
    return _why_not_page(programme, round_, need, offer, can_manage=bool(may_manage(user, programme)))


__all__ = [
    "BoardPage",
    "EngagementRow",
    "InvitationTimePage",
    "MatchingOverview",
    "Waiting",
    "WhyNotPage",
    "board_page",
    "call_page",
    "calls_page",
    "edit_need",
    "edit_offer",
    "ending_of",
    "endings_page",
    "engagements_of",
    "engagements_page",
    "exclusions_page",
    "export_of",
    "get_round",
    "head_row",
    "invitation_page",
    "invitation_time_page",
    "needs_page",
    "new_need",
    "new_offer",
    "offers_page",
    "price_page",
    "programme_engagements",
    "programme_matching_overview",
    "replay_of",
    "replay_page",
    "rounds_page",
    "session_draft",
    "shortlists_page",
    "solving_round",
    "steering_head",
    "stored_round",
    "urgency_page",
    "urgent_page",
    "waiting_for",
    "waiting_page",
    "why_not_page",
    "workspace",
]
