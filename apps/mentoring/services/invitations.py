"""Invitations that are open: reminded of, given more time, taken back; and those that ran out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import save_version
from apps.members.models import Programme
from apps.members.policies import may_manage, site_day
from apps.mentoring.choices import NeedState, Reply
from apps.mentoring.models import Need, Offer, Proposal
from apps.mentoring.services.people import leads_of, managers_of, mentors_of
from apps.mentoring.services.places import place_freed_by

REMIND_DAYS, REMIND_DAYS_OF_SHORT = 3, 1
SHORT_DAYS = 7
MOST_DAYS = 60


def keep_invitations(*, actor: None = None) -> int:
    """Remind whoever has not answered shortly before the last day, and close what ran out; return how many ran out.

    Asked often by the clock: each reminder is told once for each last day, and an invitation runs out once.
    """
    soon = site_day() + timedelta(days=REMIND_DAYS)
    pending = Proposal.objects.pending().filter(reply_by__lte=soon).values_list("pk", flat=True)
    for pk in list(pending):
        with transaction.atomic():
            _remind(pk)
    over = list(Proposal.objects.ran_out().values_list("pk", flat=True))
    for pk in over:
        with transaction.atomic():
            _run_out(pk)
    return len(over)


def _lock(pk: int) -> Proposal:
    """The invitation, its offer locked first: all who change who holds its places queue here."""
    offer = Proposal.objects.values_list("offer", flat=True).get(pk=pk)
    Offer.objects.select_for_update().get(pk=offer)
    rows = Proposal.objects.select_related("need__member", "need__programme", "offer__member", "round")
    return rows.get(pk=pk)


def _remind(pk: int) -> None:
    row = _lock(pk)
    if row.reply_by is None or site_day() < row.reply_by - timedelta(days=_days_before(row)):
        return
    for person, url in _silent(row):
        notify(
            actor=None, user=person, kind="reply_soon", key=f"reply_soon:{row.public_id}:{row.reply_by}", url=url,
            area=row.need.area_name, day=row.reply_by.isoformat(),
        )  # fmt: skip


def _days_before(row: Proposal) -> int:
    """Three days before the last day; one where there was less than a week to answer."""
    start = row.invited_on
    if start and row.reply_by and (row.reply_by - start).days < SHORT_DAYS:
        return REMIND_DAYS_OF_SHORT
    return REMIND_DAYS


def _silent(row: Proposal) -> list[tuple[User, str]]:
    """The people of each side that has not answered, with the address where they can."""
    sides = (
        (row.member_reply, row.need.member, leads_of),
        (row.mentor_reply, row.offer.member, mentors_of),
    )
    return [
        (person, reverse("mentoring:invitation", args=[member.public_id, row.public_id]))
        for reply, member, people in sides
        if reply == Reply.WAITING
        for person in people(member)
    ]


def _run_out(pk: int) -> None:
    row = _lock(pk)
    if not Proposal.objects.ran_out().filter(pk=pk).exists():
        return
    Proposal.objects.filter(pk=pk).update(ran_out_at=now(), version=F("version") + 1)
    release(row.need)
    place_freed_by(actor=None, proposal=row, event="over")
    audit.record(actor=None, action="proposal.ran_out", on=row, chain=row.need.member.public_id)
    _tell_all(
        row, "invitation_ran_out", actor=None, member=row.need.member.name, mentor=row.offer.member.name
    )


def release(need: Need) -> None:
    """The request waits again, unless another invitation of it is open."""
    if not need.proposals.pending().exists():
        Need.objects.filter(pk=need.pk, state=NeedState.PROPOSED).update(
            state=NeedState.SENT, version=F("version") + 1
        )


def _tell_all(row: Proposal, kind: str, *, actor: User | None, **values: Any) -> None:
    """Both sides and the office, each with the address of its own page."""
    need, offer = row.need, row.offer
    board = reverse("mentoring:board", args=[need.programme.public_id, row.round.public_id])
    targets = [(person, board) for person in managers_of(need.programme)]
    for member, people in ((need.member, leads_of(need.member)), (offer.member, mentors_of(offer.member))):
        url = reverse("mentoring:invitation", args=[member.public_id, row.public_id])
        targets += [(person, url) for person in people]
    for person, url in targets:
        if person != actor:
            notify(
                actor=actor, user=person, kind=kind, key=f"{kind}:{row.public_id}:{row.version}", url=url,
                area=need.area_name, **values,
            )  # fmt: skip


def _open(programme: Programme, round_id: str, public_id: str) -> Proposal:
    rows = Proposal.objects.invited().filter(
        round__programme=programme, round__public_id=round_id, public_id=public_id
    )
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    row = _lock(pk)
    if not Proposal.objects.pending().filter(pk=pk).exists():
        raise Refused(_("This invitation is no longer open."))
    return row


@transaction.atomic
def extend_invitation(
    *, actor: User, programme: Programme, round_id: str, public_id: str, until: date, version: int
) -> Proposal:
    """Give both sides of an open invitation more time. The place stays held. Raises `Refused` for a day that is no later."""
    require(may_manage(actor, programme))
    row = _open(programme, round_id, public_id)
    today = site_day()
    if row.reply_by is None or not row.reply_by < until <= today + timedelta(days=MOST_DAYS):
        raise Refused(
            _("Choose a day after the present one, at most %(n)s days from today.") % {"n": MOST_DAYS},
            field="until",
        )
    save_version(row, expected=version, changes={"reply_by": until})
    chain = row.need.member.public_id
    audit.record(actor=actor, action="proposal.extended", on=row, chain=chain, until=until.isoformat())
    for person, url in _silent(row):
        notify(
            actor=actor, user=person, kind="invitation_extended", key=f"extended:{row.public_id}:{until}", url=url,
            area=row.need.area_name, day=until.isoformat(),
        )  # fmt: skip
    return row


@transaction.atomic
def withdraw_invitation(
    *, actor: User, programme: Programme, round_id: str, public_id: str, version: int
) -> Proposal:
    """Take an open invitation back. The place is free and the request waits again at once; both sides are told."""
    require(may_manage(actor, programme))
    row = _open(programme, round_id, public_id)
    save_version(row, expected=version, changes={"withdrawn_at": now()})
    release(row.need)
    audit.record(actor=actor, action="proposal.withdrawn", on=row, chain=row.need.member.public_id)
    place_freed_by(actor=actor, proposal=row, event="over")
    _tell_all(row, "invitation_withdrawn", actor=actor)
    return row
