"""What people do in mentoring; one function an act."""

from __future__ import annotations

from apps.mentoring.services.again import ask_again
from apps.mentoring.services.agreements import (
    change_agreement,
    draft_agreement,
    drop_agreement,
    end_publication,
    sign_agreement,
)
from apps.mentoring.services.between import propose_between
from apps.mentoring.services.endings import (
    leave_engagement,
    pause_engagement,
    remind_returns,
    resume_engagement,
    undo_leaving,
)
from apps.mentoring.services.engagements import (
    change_session,
    close_engagement,
    log_session,
    set_goal,
)
from apps.mentoring.services.invitations import extend_invitation, keep_invitations, withdraw_invitation
from apps.mentoring.services.needs import change_need, send_need, withdraw_need
from apps.mentoring.services.offers import (
    change_offer,
    exclude_member,
    lift_exclusion,
    make_offer,
    withdraw_offer,
)
from apps.mentoring.services.plans import change_action, close_plan, remind_owners, start_plan
from apps.mentoring.services.replies import accept_invitation, decline_invitation
from apps.mentoring.services.roadmaps import ask_roadmap, draw_roadmap, retry_roadmap
from apps.mentoring.services.rounds import (
    decide_proposal,
    finish_solving,
    force_pair,
    open_round,
    publish_round,
    solve_round,
)
from apps.mentoring.services.shortlists import make_shortlists, note_call, send_shortlists, set_shortlisted
from apps.mentoring.services.steps import undo_decision
from apps.mentoring.services.urgent import answer_urgency, mark_urgent

__all__ = [
    "accept_invitation",
    "answer_urgency",
    "ask_again",
    "ask_roadmap",
    "change_action",
    "change_agreement",
    "change_need",
    "change_offer",
    "change_session",
    "close_engagement",
    "close_plan",
    "decide_proposal",
    "decline_invitation",
    "draft_agreement",
    "draw_roadmap",
    "drop_agreement",
    "end_publication",
    "exclude_member",
    "extend_invitation",
    "finish_solving",
    "force_pair",
    "keep_invitations",
    "leave_engagement",
    "lift_exclusion",
    "log_session",
    "make_offer",
    "make_shortlists",
    "mark_urgent",
    "note_call",
    "open_round",
    "pause_engagement",
    "propose_between",
    "publish_round",
    "remind_owners",
    "remind_returns",
    "resume_engagement",
    "retry_roadmap",
    "send_need",
    "send_shortlists",
    "set_goal",
    "set_shortlisted",
    "sign_agreement",
    "solve_round",
    "start_plan",
    "undo_decision",
    "undo_leaving",
    "withdraw_invitation",
    "withdraw_need",
    "withdraw_offer",
]
