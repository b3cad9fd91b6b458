"""An invitation as one side sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from apps.accounts.models import User
from apps.members.models import Member
from apps.members.policies import site_day
from apps.members.selectors import get_member
from apps.mentoring import policies
from apps.mentoring.choices import EngagementState, Mode, Reply
from apps.mentoring.models import Engagement, Proposal
from apps.mentoring.selectors.words import (
    FactorRow,
    factor_rows,
    for_sides,
    language_names,
    pays_sentence,
    short_reasons,
)


@dataclass(frozen=True, slots=True)
class InvitationRow:
    public_id: str
    other: str
    area_name: str
    reply_by: date | None
    state: str
    engagement: str


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """`state`: open | answered | declined | withdrawn | over | full | started. `for_mentor` says which side reads."""

    member: Member
    public_id: str
    for_mentor: bool
    learner: str
    mentor: str
    area: str
    area_name: str
    now_level: int
    wanted_level: int
    note: str
    indicators: list[str]
    why: list[str]
    factors: list[FactorRow]
    score: str
    hours_per_month: int
    hours_wanted: int
    pays: str
    mode_label: str
    languages: str
    reply_by: date | None
    state: str
    engagement: str
    can_reply: bool
    refusal: str


def invitation_page(user: User, member_id: str, public_id: str) -> InvitationPage:
    """One invitation, seen from `member_id`, which is one of its two sides."""
    member = get_member(user, member_id)
    rows = Proposal.objects.visible_to(user).filter(public_id=public_id)
    row = rows.select_related("need__member", "offer__member", "engagement").first()
    if row is None or member.pk not in (row.need.member_id, row.offer.member_id):
        raise Http404
    for_mentor = member.pk == row.offer.member_id
    policy = policies.may_reply_for_mentor if for_mentor else policies.may_reply_for_member
    decision = policy(user, member)
    mine = row.mentor_reply if for_mentor else row.member_reply
    state = state_of(row, full=_full(row))
    need, offer = row.need, row.offer
    reasons, score = for_sides(row.reasons)
    return InvitationPage(
        member=member,
        public_id=row.public_id,
        for_mentor=for_mentor,
        learner=need.member.name,
        mentor=offer.member.name,
        area=need.area,
        area_name=need.area_name,
        now_level=need.now_level,
        wanted_level=need.wanted_level,
        note=need.note,
        indicators=[i["name"] for i in need.indicators],
        why=short_reasons(reasons),
        factors=factor_rows(reasons),
        score=f"{score:.2f}",
        hours_per_month=offer.hours_per_month,
        hours_wanted=need.hours_per_month,
        pays=pays_sentence(need.pays, offer.pays),
        mode_label=str(Mode(need.mode if need.mode != Mode.EITHER else offer.mode).label),
        languages=language_names(code for code in need.languages if code in offer.languages),
        reply_by=row.reply_by,
        state="answered" if state == "open" and mine == Reply.ACCEPTED else state,
        engagement=_engagement_id(row),
        can_reply=bool(decision) and state == "open" and mine == Reply.WAITING,
        refusal=decision.reason,
    )


def invitations_of(user: User, member: Member) -> list[InvitationRow]:
    """Invitations of either side of a member, the newest first, in one query."""
    rows = Proposal.objects.visible_to(user).select_related(
        "need__member", "offer__member", "engagement", "need", "offer"
    )
    found = []
    for row in rows.order_by("-pk"):
        if member.pk in (row.need.member_id, row.offer.member_id):
            other = row.offer.member if row.need.member_id == member.pk else row.need.member
            mine = row.member_reply if row.need.member_id == member.pk else row.mentor_reply
            state = state_of(row, full=False)
            state = "answered" if state == "open" and mine == Reply.ACCEPTED else state
            found.append(
                InvitationRow(
                    row.public_id, other.name, row.need.area_name, row.reply_by, state, _engagement_id(row)
                )
            )
    return found


def state_of(row: Proposal, *, full: bool) -> str:
    """started | declined | withdrawn | over | full | open, of both sides together."""
    if _engagement_id(row):
        return "started"
    if Reply.DECLINED in (row.member_reply, row.mentor_reply):
        return "declined"
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.reply_by is None or row.reply_by < site_day():
        return "over"
    return "full" if full else "open"


def _engagement_id(row: Proposal) -> str:
    engagement: Engagement | None = getattr(row, "engagement", None)
    return engagement.public_id if engagement else ""


def _full(row: Proposal) -> bool:
    going_on = (
        Engagement.objects.filter(proposal__offer=row.offer_id).exclude(state=EngagementState.CLOSED).count()
    )
    return going_on >= row.offer.places
