"""A round in two stages: shortlists, calls with confidential feedback; the final match is `solve_round`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
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
from apps.matching import ProblemFaults, SolverFault, parse_problem
from apps.matching.shortlist import Layer, shortlists
from apps.members.models import Member, Programme
from apps.members.policies import may_manage, site_day
from apps.mentoring import policies
from apps.mentoring.choices import RoundMode, RoundState, Side
from apps.mentoring.models import CallNote, MatchingRound, Shortlisted
from apps.mentoring.selectors import pairs
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.problem import Draft, draft, without
from apps.mentoring.services.rounds import lock_round, release_lapsed

BEFORE_CALLS = (RoundState.COLLECTING, RoundState.SHORTLIST)


def _open(programme: Programme, public_id: str) -> MatchingRound:
    round_ = lock_round(programme, public_id)
    if round_.mode != RoundMode.TWO_STAGE:
        raise Refused(_("This round has one stage: its proposals are worked out at once."))
    if round_.state not in BEFORE_CALLS:
        raise Refused(_("The shortlists of this round were sent, so they cannot change."))
    return round_


@transaction.atomic
def make_shortlists(*, actor: User, programme: Programme, public_id: str) -> MatchingRound:
    """Work out up to three mentors for each ready request. Pairs taken off by the manager stay off."""
    require(may_manage(actor, programme))
    round_ = _open(programme, public_id)
    release_lapsed(programme)
    made = draft(round_, at=now())
    try:
        document, layers = layers_of(made)
    except (ProblemFaults, SolverFault):
        raise Refused(
            _("The solver could not prove an answer. Nothing was changed; please try again.")
        ) from None
    if not layers:
        raise Refused(_("No ready request fits an open offer yet, so there is no shortlist."))
    write_layers(round_, made, layers)
    round_.shortlist = {"problem": document, "layers": [layer_document(layer) for layer in layers]}
    round_.state, round_.version = RoundState.SHORTLIST, round_.version + 1
    round_.save()
    audit.record(
        actor=actor, action="matching_round.shortlisted", on=round_, pairs=sum(len(layer.new) for layer in layers)
    )  # fmt: skip
    return round_


def layers_of(made: Draft) -> tuple[dict[str, Any], tuple[Layer, ...]]:
    """The document and its layers; a pair that may not meet leaves it only when a list would hold it, as in `settled`."""
    document = made.document
    while True:
        layers = shortlists(parse_problem(document))
        used = {(link.member, link.mentor) for layer in layers for link in layer.new} & made.apart
        if not used:
            return document, layers
        document = without(document, used)


def layer_document(layer: Layer) -> dict[str, Any]:
    """Problem and answer of a layer, so that it can be solved again."""
    return {"excluded": layer.problem.as_document()["excluded"], "answer": layer.answer.as_document()}


def write_layers(round_: MatchingRound, made: Draft, layers: tuple[Layer, ...]) -> None:
    """Store the pairs of the layers as the shortlists of a round; pairs taken off stay off."""
    off = set(round_.shortlisted.filter(removed=True).values_list("need", "offer"))
    round_.shortlisted.all().delete()
    at = now()
    for number, layer in enumerate(layers, start=1):
        for link in layer.new:
            need, offer = made.row_of(link.member, link.mentor)
            found = made.scores[link.member, link.mentor]
            Shortlisted.objects.create(
                round=round_, need=need, offer=offer, layer=number, score=found.score,
                reasons=pairs.reasons(need, offer, found, at=at), removed=(need.pk, offer.pk) in off,
            )  # fmt: skip


@transaction.atomic
def set_shortlisted(
    *, actor: User, programme: Programme, round_id: str, public_id: str, keep: bool, version: int
) -> Shortlisted:
    """Take a mentor off the shortlist of a request, or put it back, before anybody is told."""
    require(may_manage(actor, programme))
    round_ = _open(programme, round_id)
    row = round_.shortlisted.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    save_version(row, expected=version, changes={"removed": not keep})
    audit.record(actor=actor, action="shortlist.changed", on=row, kept=keep)
    return row


@transaction.atomic
def send_shortlists(*, actor: User, programme: Programme, public_id: str, version: int) -> MatchingRound:
    """Tell both sides of every pair whom to call. Nobody was told anything before."""
    require(may_manage(actor, programme))
    round_ = _open(programme, public_id)
    rows = list(round_.shortlisted.filter(removed=False).select_related("need__member", "offer__member"))
    if not rows:
        raise Refused(_("Work the shortlists out first."))
    save_version(round_, expected=version, changes={"state": RoundState.CALLS})
    audit.record(actor=actor, action="matching_round.calls", on=round_, pairs=len(rows))
    sides = {(r.need.member, leads_of) for r in rows} | {(r.offer.member, mentors_of) for r in rows}
    for member, people in sorted(sides, key=lambda side: side[0].pk):
        for person in people(member):
            notify(
                actor=actor, user=person, kind="shortlist_sent", key=f"shortlist:{round_.public_id}:{member.public_id}",
                url=reverse("mentoring:calls", args=[member.public_id]), programme=programme.name, member=member.name,
            )  # fmt: skip
    return round_


@transaction.atomic
def note_call(
    *, actor: User, member: Member, public_id: str, held_on: date, stars: int, words: str = ""
) -> CallNote:
    """Note for `member`, one of the two sides, that the call was held, and say in confidence how well the other fits.

    One to five stars and a sentence: the managers of the programme read them, the other side never. Saving again replaces
    them until the final match is worked out.
    """
    row = _called(member, public_id)
    side = Side.MEMBER if member.pk == row.need.member_id else Side.MENTOR
    policy = policies.may_reply_for_member if side == Side.MEMBER else policies.may_reply_for_mentor
    require(policy(actor, member))
    round_ = MatchingRound.objects.select_for_update().get(pk=row.round_id)
    if round_.state != RoundState.CALLS:
        raise Refused(_("The final match is being made, so notes on calls are closed."))
    if held_on > site_day() or held_on < round_.opened_at.date():
        raise Refused(_("Note the call on the day it was held, or later."), field="held_on")
    if stars not in range(1, 6):
        raise Refused(_("Choose one to five."), field="stars")
    note, _made = CallNote.objects.update_or_create(
        shortlisted=row, side=side,
        defaults={"held_on": held_on, "stars": stars, "words": words.strip(), "by": actor, "at": now()},
    )  # fmt: skip
    # The record names the act and the own chain only: it must not tell the other side that something was said.
    audit.record(actor=actor, action="call.noted", on=member, chain=member.public_id)
    return note


def _called(member: Member, public_id: str) -> Shortlisted:
    rows = Shortlisted.objects.filter(removed=False, public_id=public_id)
    row = rows.exclude(round__state__in=BEFORE_CALLS).select_related("need", "offer").first()
    if row is None or member.pk not in (row.need.member_id, row.offer.member_id):
        raise Http404
    return row
