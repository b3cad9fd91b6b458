"""Pair one request between two rounds: the same engine, what goes on stays, both sides are invited at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.matching import ProblemFaults, SolverFault
from apps.members.models import Programme
from apps.members.policies import may_manage, site_day
from apps.mentoring.choices import Decision, NeedState, RoundKind, RoundState
from apps.mentoring.models import MatchingRound, Need, Offer, Proposal
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.words import cause_text
from apps.mentoring.services.invitations import release
from apps.mentoring.services.problem import Draft, draft, settled
from apps.mentoring.services.rounds import REPLY_DAYS, invite_sides

NAME_LENGTH = 120


@transaction.atomic
def propose_between(
    *, actor: User, programme: Programme, need: str, offer: str = "", days: int = REPLY_DAYS
) -> Proposal:
    """Invite both sides of one request outside a round; `offer` is the mentor wanted, else the engine chooses.

    Problem and answer are stored as those of a round, so that the choice can be checked and replayed. Raises
    `Refused` with the cause when no place fits.
    """
    require(may_manage(actor, programme))
    Programme.objects.select_for_update().get(pk=programme.pk)
    row = Need.objects.select_for_update().filter(programme=programme, public_id=need).first()
    if row is None:
        raise Http404
    _check_waits(row)
    # Offers are locked in the order of their keys, so that two who want the last place queue here.
    list(Offer.objects.select_for_update().filter(programme=programme, area=row.area).order_by("pk"))
    round_ = MatchingRound.objects.create(
        programme=programme, name=_name(programme, row), kind=RoundKind.BETWEEN
    )
    made = _pinned(round_, row, offer) if offer else draft(round_, at=now(), only=row.pk)
    proposal = _settle(round_, made, row)
    _leave_open_rounds(row, round_)
    Need.objects.filter(pk=row.pk).update(state=NeedState.PROPOSED, version=F("version") + 1)
    audit.record(
        actor=actor, action="matching_round.between", on=round_, input=made_hash(round_), days=days
    )  # fmt: skip
    Proposal.objects.filter(pk=proposal.pk).update(
        reply_by=site_day() + timedelta(days=days), invited_on=site_day()
    )
    proposal.refresh_from_db()
    invite_sides(actor, proposal)
    return proposal


def made_hash(round_: MatchingRound) -> str:
    """The hash of what was asked."""
    answer: dict[str, Any] = round_.answer or {}
    return str(answer["certificate"]["input_hash"])


def _check_waits(row: Need) -> None:
    if not Need.objects.waiting().filter(pk=row.pk).exists():
        raise Refused(_("This request no longer waits."))
    release(row)
    if row.missing:
        raise Refused(_("This request is not ready yet: its readiness questions come first."))


def _name(programme: Programme, need: Need) -> str:
    """Day, member and area, with a number when the same was done before."""
    base = f"{site_day().isoformat()} · {need.member.name}"[: NAME_LENGTH - 30] + f" · {need.area}"
    taken = MatchingRound.objects.filter(programme=programme, name__startswith=base).count()
    return f"{base} ({taken + 1})" if taken else base


def _pinned(round_: MatchingRound, need: Need, offer: str) -> Draft:
    """The document with the wanted pair locked. Raises `Refused` when it does not meet the conditions, or has no place."""
    made = draft(round_, at=now(), only=need.pk)
    found = made.scores.get((need.public_id, offer))
    if found is None:
        raise Refused(_("This offer does not meet the conditions of the request."))
    _need, row = made.row_of(need.public_id, offer)
    if not made.supply.free[row.pk]:
        raise Refused(_("Every mentor who could help is full."))
    Proposal.objects.create(
        round=round_, need=need, offer=row, score=found.score, pinned=True, decision=Decision.ACCEPTED,
        reasons=pairs.reasons(need, row, found, at=now()),
    )  # fmt: skip
    return draft(round_, at=now(), only=need.pk)


def _settle(round_: MatchingRound, made: Draft, need: Need) -> Proposal:
    try:
        document, found_answer = settled(made)
    except (ProblemFaults, SolverFault):
        raise Refused(
            _("The solver could not prove an answer. Nothing was changed; please try again.")
        ) from None
    answer = found_answer.as_document()
    chosen = list(answer["pairs"])  # type: ignore[call-overload]
    if not chosen:
        causes = list(answer["unmatched"])  # type: ignore[call-overload]
        raise Refused(cause_text(causes[0]["cause"] if causes else "no-eligible-mentor"))
    round_.problem, round_.answer, round_.state = document, answer, RoundState.PUBLISHED
    round_.solved_at = round_.published_at = now()
    round_.save()
    _need, offer = made.row_of(need.public_id, chosen[0]["mentor"])
    found = made.scores[need.public_id, offer.public_id]
    row, _made = Proposal.objects.get_or_create(
        round=round_, need=need, offer=offer,
        defaults={
            "score": found.score, "decision": Decision.ACCEPTED,
            "reasons": pairs.reasons(need, offer, found, at=now()),
        },
    )  # fmt: skip
    return row


def _leave_open_rounds(need: Need, but: MatchingRound) -> None:
    """A request that is invited now is not invited a second time by the round that is being reviewed."""
    rows = need.proposals.exclude(round=but)
    rows.exclude(pk__in=need.proposals.invited().values("pk")).delete()
