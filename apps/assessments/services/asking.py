"""Reminding members of a round, and their answer that they do not take part."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import RoundState
from apps.assessments.models import Assessment, Round, RoundMember
from apps.assessments.selectors.asked import asked_members, members_behind
from apps.assessments.services.telling import tell_leads, tell_office
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.members.models import Member
from apps.members.policies import site_day

LONGEST_REASON = 500


@transaction.atomic
def remind_members(*, actor: User, row: Round, member: str = "") -> int:
    """Remind the leads of everybody who is behind, or of one member (public id); return how many members.

    Each member at most once a day. Raises `Refused` for a round that takes no answers, and for one member that is not
    behind or was reminded today; `Http404` for a member that the round does not ask.
    """
    require(policies.may_run_rounds(actor, row.programme))
    locked = Round.objects.select_for_update().get(pk=row.pk)
    today = site_day()
    if locked.state != RoundState.OPEN or locked.opens_on > today:
        raise Refused(_("This round is not open, so there is nothing to remind of."))
    if member and not asked_members(locked).filter(public_id=member).exists():
        raise Http404
    late = members_behind(locked)
    told = set(locked.asked.filter(reminded_on=today).values_list("member", flat=True))
    chosen = [m for m in late if m.pk not in told and member in ("", m.public_id)]
    if member and not chosen:
        raise Refused(_why_not(late.filter(public_id=member).exists()))
    for found in chosen:
        RoundMember.objects.update_or_create(round=locked, member=found, defaults={"reminded_on": today})
    if chosen:
        audit.record(
            actor=actor,
            action="round.reminded",
            on=locked,
            programme=row.programme.public_id,
            members=len(chosen),
        )
        tell_leads(actor, locked, chosen, kind="round_reminder", turn=today.isoformat())
    return len(chosen)


def _why_not(behind: bool) -> str:
    if behind:
        return _("This member was reminded today. Members are reminded once a day at most.")
    return _("This member is not behind: it has submitted or declined.")


@transaction.atomic
def decline_round(*, actor: User, member: Member, row: Round, reason: str) -> RoundMember:
    """Say for a member that it does not take part, and why; the programme's office is told.

    Raises `Refused` without a reason, and `Conflict` when the member has begun. Declining twice is declining once.
    """
    require(policies.may_decline(actor, member))
    said = reason.replace("\x00", "").strip()
    if not said:
        raise Refused(_("Say in a sentence why you do not take part."), field="reason")
    if len(said) > LONGEST_REASON:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": LONGEST_REASON}, field="reason")
    locked = Round.objects.select_for_update().get(pk=row.pk)
    if Assessment.objects.filter(member=member, round=locked).exists():
        raise Conflict(_("Your member has begun in this round already. Look at its assessments."))
    answer, _created = RoundMember.objects.get_or_create(round=locked, member=member)
    if answer.declined_at is not None:
        return answer
    answer.declined_at, answer.declined_by, answer.reason = now(), actor, said
    answer.save(update_fields=["declined_at", "declined_by", "reason"])
    audit.record(actor=actor, action="round.declined", on=locked, chain=member.public_id)
    tell_office(actor, locked, member, kind="round_declined", turn=answer.declined_at.isoformat())
    return answer


@transaction.atomic
def rejoin_round(*, actor: User, member: Member, row: Round) -> None:
    """Take back that the member does not take part; nothing happens when it never said so."""
    require(policies.may_decline(actor, member))
    answer = RoundMember.objects.select_for_update().filter(round=row, member=member).first()
    if answer is None or answer.declined_at is None:
        return
    answer.declined_at, answer.declined_by, answer.reason = None, None, ""
    answer.save(update_fields=["declined_at", "declined_by", "reason"])
    audit.record(actor=actor, action="round.rejoined", on=row, chain=member.public_id)
    tell_office(actor, row, member, kind="round_rejoined", turn=now().isoformat())
