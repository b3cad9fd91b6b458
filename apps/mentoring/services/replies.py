"""Both sides answer an invitation; the second acceptance starts the engagement, exactly once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import DeclineReason, NeedState, OfferState, Reply
from apps.mentoring.models import Engagement, Goal, Need, Offer, Proposal
from apps.mentoring.selectors.figures import HIGHEST_LEVEL
from apps.mentoring.services.agreements import begin_draft
from apps.mentoring.services.people import leads_of, managers_of, mentors_of
from apps.mentoring.services.places import place_freed_by

ENGAGEMENT_DAYS = 180


class Over(Refused):
    """The invitation cannot be answered any more: expired, declined, taken back, or begun."""

    status = 409
    code = "over"


@transaction.atomic
def accept_invitation(*, actor: User, member: Member, public_id: str) -> Engagement | None:
    """Say yes for `member`, which is one of the two sides. Return the engagement once both have.

    The engagement starts with a draft of the agreement; nothing is shared before both sides have signed it. Raises
    `Over` when the time is over, `Conflict` when the last place has gone.
    """
    row, offer = _lock(actor, member, public_id)
    side = _side(actor, row, member)
    if (started := Engagement.objects.filter(proposal=row).first()) is not None:
        return started
    _check_open(row)
    if getattr(row, f"{side}_reply") == Reply.ACCEPTED:
        return None
    _check_place(offer)
    setattr(row, f"{side}_reply", Reply.ACCEPTED)
    setattr(row, f"{side}_replied_by", actor)
    row.version += 1
    row.save()
    audit.record(actor=actor, action="proposal.accepted", on=row, chain=member.public_id, side=side)
    if row.member_reply == row.mentor_reply == Reply.ACCEPTED:
        return _start(actor, row, offer)
    _tell_others(actor, row, side, "proposal_accepted")
    return None


@transaction.atomic
def decline_invitation(*, actor: User, member: Member, public_id: str, reason: str) -> None:
    """Say no for `member`, with a reason code; the request waits for the next round."""
    row, _offer = _lock(actor, member, public_id)
    side = _side(actor, row, member)
    if Engagement.objects.filter(proposal=row).exists():
        raise Over(_("Both sides have accepted already. Close the engagement instead."))
    _check_open(row)
    if reason not in DeclineReason.values:
        raise Refused(_("Choose a reason."), field="reason")
    setattr(row, f"{side}_reply", Reply.DECLINED)
    setattr(row, f"{side}_replied_by", actor)
    row.declined_because, row.version = reason, row.version + 1
    row.save()
    need = row.need
    need.state, need.version = NeedState.SENT, need.version + 1
    need.save(update_fields=["state", "version"])
    audit.record(
        actor=actor, action="proposal.declined", on=row, chain=member.public_id, side=side, reason=reason
    )
    place_freed_by(actor=actor, proposal=row, event="over")
    _tell_others(actor, row, side, "proposal_declined")


def _lock(actor: User, member: Member, public_id: str) -> tuple[Proposal, Offer]:
    """The invitation and its offer, the offer locked first: all who want its places queue here."""
    offer_id = (
        Proposal.objects.visible_to(actor).filter(public_id=public_id).values_list("offer", flat=True).first()
    )
    if offer_id is None:
        raise Http404
    offer = Offer.objects.select_for_update().get(pk=offer_id)
    row = Proposal.objects.select_related("need__member", "need__programme", "offer__member").get(
        public_id=public_id
    )
    if member.pk not in (row.need.member_id, row.offer.member_id):
        raise Http404
    return row, offer


def _side(actor: User, row: Proposal, member: Member) -> str:
    if member.pk == row.need.member_id:
        require(policies.may_reply_for_member(actor, member))
        return "member"
    require(policies.may_reply_for_mentor(actor, member))
    return "mentor"


def _check_open(row: Proposal) -> None:
    if Reply.DECLINED in (row.member_reply, row.mentor_reply):
        raise Over(_("This invitation was declined."))
    if row.withdrawn_at is not None:
        raise Over(_("The programme office has taken this invitation back."))
    if row.offer.state != OfferState.OPEN:
        raise Over(_("The mentor has withdrawn this offer. Ask the programme office."))
    if row.reply_by is None or row.reply_by < site_day():
        raise Over(_("The time to answer this invitation is over. Ask the programme office."))


def _check_place(offer: Offer) -> None:
    """Engagements alone decide here: of many invitations to one place the first pair to say yes twice has it."""
    taken = Engagement.objects.holding_a_place().filter(proposal__offer=offer).count()
    if taken >= offer.places:
        raise Conflict(
            _("The last place of this mentor has been taken. Ask the programme office for another mentor.")
        )


def _start(actor: User, row: Proposal, offer: Offer) -> Engagement:
    need, today = row.need, site_day()
    ends = today + timedelta(days=ENGAGEMENT_DAYS)
    engagement = Engagement.objects.create(
        member=need.member, mentor=offer.member, programme=need.programme, proposal=row,
        area=need.area, area_name=need.area_name, purpose=need.note,
        baseline_id=need.result_id, starts_on=today, ends_on=ends,
    )  # fmt: skip
    Goal.objects.bulk_create(_goals(engagement, need))
    begin_draft(engagement, actor, member_lead=row.member_replied_by, mentor_lead=row.mentor_replied_by)
    need.state, need.version = NeedState.MATCHED, need.version + 1
    need.save(update_fields=["state", "version"])
    audit.record(
        actor=actor,
        action="engagement.started",
        on=engagement,
        chain=need.member.public_id,
        mentor=offer.member.public_id,
    )
    _tell_started(actor, engagement)
    return engagement


def _goals(engagement: Engagement, need: Need) -> list[Goal]:
    return [
        Goal(
            engagement=engagement, indicator=i["code"], indicator_name=i["name"],
            from_level=i["level"], to_level=i["level"] + 1,
        )
        for i in need.indicators
        if i["level"] < HIGHEST_LEVEL
    ]  # fmt: skip


def _tell_others(actor: User, row: Proposal, side: str, kind: str) -> None:
    """The other side and the office hear of an answer."""
    speaker, other = row.need.member, row.offer.member
    people = mentors_of(other)
    if side == "mentor":
        speaker, other, people = other, speaker, leads_of(speaker)
    targets = [(p, reverse("mentoring:invitation", args=[other.public_id, row.public_id])) for p in people]
    programme = row.need.programme
    board = reverse("mentoring:board", args=[programme.public_id, row.round.public_id])
    for person, url in [*targets, *((m, board) for m in managers_of(programme))]:
        notify(
            actor=actor, user=person, kind=kind, key=f"{kind}:{row.public_id}:{side}", url=url,
            who=speaker.name, area=row.need.area_name,
        )  # fmt: skip


def _tell_started(actor: User, engagement: Engagement) -> None:
    sides = (
        (engagement.member, leads_of(engagement.member)),
        (engagement.mentor, mentors_of(engagement.mentor)),
    )
    for side, people in sides:
        url = reverse("mentoring:engagement", args=[side.public_id, engagement.public_id])
        for person in people:
            notify(
                actor=actor, user=person, kind="engagement_started", key=f"started:{engagement.public_id}", url=url,
                member=engagement.member.name, mentor=engagement.mentor.name, area=engagement.area_name,
            )  # fmt: skip
