"""The urgent lane: a lead says why a request cannot wait, the office confirms it, and it is paired between rounds."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.members.models import Member, Programme
from apps.members.policies import may_manage
from apps.mentoring import policies
from apps.mentoring.choices import UrgencyState, UrgentReason
from apps.mentoring.models import Need, Proposal, Urgency
from apps.mentoring.selectors.urgent import MOST_A_YEAR, YEAR_DAYS
from apps.mentoring.services.between import propose_between
from apps.mentoring.services.people import leads_of, managers_of

URGENT_DAYS = 3


@transaction.atomic
def mark_urgent(*, actor: User, member: Member, need: str, reason: str, note: str) -> Urgency:
    """Say that a request cannot wait for the next round. At most twice a year for each member, whatever the answer."""
    require(policies.may_ask(actor, member))
    Member.objects.select_for_update().get(pk=member.pk)
    row = Need.objects.waiting().filter(member=member, public_id=need).select_related("programme").first()
    if row is None:
        raise Http404
    _check(member, row, reason, note)
    made = Urgency.objects.create(need=row, reason=reason, note=note.strip(), asked_by=actor)
    audit.record(actor=actor, action="need.urgent", on=row, chain=member.public_id, reason=reason)
    for person in managers_of(row.programme):
        notify(
            actor=actor, user=person, kind="urgent_asked", key=f"urgent:{made.public_id}",
            url=reverse("mentoring:urgency", args=[row.programme.public_id, made.public_id]),
            member=member.name, area=row.area_name,
        )  # fmt: skip
    return made


def _check(member: Member, row: Need, reason: str, note: str) -> None:
    if reason not in UrgentReason.values:
        raise Refused(_("Choose a reason."), field="reason")
    if not note.strip():
        raise Refused(_("Say in a sentence what cannot wait."), field="note")
    if row.urgencies.exclude(state=UrgencyState.REFUSED).exists():
        raise Refused(_("This request is marked as urgent already."))
    since = now() - timedelta(days=YEAR_DAYS)
    if Urgency.objects.filter(need__member=member, asked_at__gt=since).count() >= MOST_A_YEAR:
        raise Refused(
            _(
                "Your organisation has marked %(n)s requests as urgent within a year; that is the most there can be."
            )
            % {"n": MOST_A_YEAR}
        )


@transaction.atomic
def answer_urgency(
    *, actor: User, programme: Programme, public_id: str, confirm: bool, answer: str = ""
) -> Proposal | None:
    """Confirm that a request is urgent, which pairs it at once if a place fits, or refuse with a sentence.

    Return the invitation, with three days to answer; None when refused or when no place fits yet: then the request
    stands first on the waiting list.
    """
    require(may_manage(actor, programme))
    rows = Urgency.objects.select_for_update(of=("self",)).select_related("need__member", "need__programme")
    row = rows.filter(need__programme=programme, public_id=public_id).first()
    if row is None:
        raise Http404
    if row.state != UrgencyState.ASKED:
        raise Conflict(_("A colleague has answered this already."), current=row)
    if not confirm and not answer.strip():
        raise Refused(_("Say in a sentence why it can wait."), field="answer")
    row.state = UrgencyState.CONFIRMED if confirm else UrgencyState.REFUSED
    row.answer, row.answered_by, row.answered_at = answer.strip(), actor, now()
    row.save()
    action = "need.urgent_confirmed" if confirm else "need.urgent_refused"
    audit.record(actor=actor, action=action, on=row.need, chain=row.need.member.public_id)
    _tell_leads(actor, row)
    return _propose(actor, programme, row.need) if confirm else None


def _propose(actor: User, programme: Programme, need: Need) -> Proposal | None:
    try:
        with transaction.atomic():
            return propose_between(actor=actor, programme=programme, need=need.public_id, days=URGENT_DAYS)
    except Refused:
        return None


def _tell_leads(actor: User, row: Urgency) -> None:
    member = row.need.member
    for person in leads_of(member):
        notify(
            actor=actor, user=person, kind=f"urgent_{row.state}", key=f"urgent_{row.state}:{row.public_id}",
            url=reverse("mentoring:needs", args=[member.public_id]), area=row.need.area_name,
        )  # fmt: skip
