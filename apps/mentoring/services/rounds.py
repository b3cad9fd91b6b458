"""Open a round, solve it, decide on proposals, send invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit, jobs
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import save_version
from apps.matching import ProblemFaults, SolverFault, parse_problem, solve
from apps.members.models import Programme
from apps.members.policies import may_manage, site_day
from apps.mentoring.choices import Decision, NeedState, RoundState
from apps.mentoring.models import MatchingRound, Need, Offer, Proposal
from apps.mentoring.selectors import pairs
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.problem import Draft, draft

PAIRS_AT_ONCE = 2000
REPLY_DAYS = 14
CHOICES: dict[str, dict[str, Any]] = {
    "accept": {"decision": Decision.ACCEPTED},
    "set_aside": {"decision": Decision.REJECTED, "pinned": False},
    "reopen": {"decision": Decision.OPEN, "pinned": False},
    "pin": {"decision": Decision.OPEN, "pinned": True},
}


@transaction.atomic
def open_round(*, actor: User, programme: Programme, name: str) -> MatchingRound:
    """Open the next round of a programme; at most one is open. Requests left over from earlier rounds come with it."""
    require(may_manage(actor, programme))
    Programme.objects.select_for_update().get(pk=programme.pk)
    rounds = MatchingRound.objects.filter(programme=programme)
    if rounds.exclude(state__in=(RoundState.PUBLISHED, RoundState.CLOSED)).exists():
        raise Refused(_("Send the invitations of the open round first."))
    rounds.filter(state=RoundState.PUBLISHED).update(state=RoundState.CLOSED, version=F("version") + 1)
    try:
        with transaction.atomic():
            found = MatchingRound.objects.create(programme=programme, name=name)
    except IntegrityError:
        raise Refused(_("There is a round with this name already."), field="name") from None
    release_lapsed(programme)
    audit.record(actor=actor, action="matching_round.opened", on=found)
    return found


def release_lapsed(programme: Programme) -> None:
    """Requests whose invitation was declined or ran out wait again."""
    lapsed = Proposal.objects.lapsed().filter(need__programme=programme).values("need")
    live = Proposal.objects.pending().filter(need__programme=programme).values("need")
    stuck = Need.objects.filter(programme=programme, state=NeedState.PROPOSED, pk__in=lapsed).exclude(
        pk__in=live
    )
    stuck.update(state=NeedState.SENT, version=F("version") + 1)


def _lock(programme: Programme, public_id: str) -> MatchingRound:
    found = MatchingRound.objects.select_for_update().filter(programme=programme, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _reviewable(programme: Programme, public_id: str) -> MatchingRound:
    round_ = _lock(programme, public_id)
    if round_.state == RoundState.SOLVING:
        raise Refused(_("This round is being worked out. Come back in a minute."))
    if round_.state not in (RoundState.COLLECTING, RoundState.PROPOSED):
        raise Refused(_("The invitations of this round were sent, so it cannot change."))
    return round_


@transaction.atomic
def solve_round(*, actor: User, programme: Programme, public_id: str) -> MatchingRound:
    """Work out the proposals: at once up to 2,000 pairs, beyond that in the background.

    Accepted and pinned pairs stay, pairs set aside stay out. Raises `Refused` when the decisions cannot all be kept.
    """
    require(may_manage(actor, programme))
    round_ = _reviewable(programme, public_id)
    release_lapsed(programme)
    made = draft(round_, at=now())
    if not made.document["members"]:
        raise Refused(_("No request is ready yet, so there is nothing to match."))
    round_.problem = made.document
    if len(made.document["pairs"]) > PAIRS_AT_ONCE:
        round_.state = RoundState.SOLVING
        round_.save(update_fields=["problem", "state"])
        key = f"solve:{round_.public_id}:{round_.version}"
        jobs.enqueue("mentoring.solve_round", key=key, round_id=round_.public_id, actor_id=actor.public_id)
        return round_
    return _settle(actor, round_, made)


@transaction.atomic
def finish_solving(*, actor: User, programme: Programme, public_id: str) -> None:
    """The background half of `solve_round`; running it twice changes nothing."""
    require(may_manage(actor, programme))
    round_ = _lock(programme, public_id)
    if round_.state != RoundState.SOLVING:
        return
    made = draft(round_, at=now())
    round_.problem = made.document
    try:
        with transaction.atomic():
            _settle(actor, round_, made)
    except Refused:
        # The manager finds the round open again, with the earlier answer, and is told on the next try.
        back = RoundState.PROPOSED if round_.answer else RoundState.COLLECTING
        MatchingRound.objects.filter(pk=round_.pk).update(state=back, version=F("version") + 1)


def _settle(actor: User, round_: MatchingRound, made: Draft) -> MatchingRound:
    try:
        answer = solve(parse_problem(made.document)).as_document()
    except ProblemFaults:
        raise Refused(
            _("The accepted and pinned pairs need more places than the mentors have. Set one of them aside.")
        ) from None
    except SolverFault:
        raise Refused(
            _("The solver could not prove an answer. Nothing was changed; please try again.")
        ) from None
    round_.problem, round_.answer = made.document, answer
    round_.state, round_.solved_at, round_.version = RoundState.PROPOSED, now(), round_.version + 1
    round_.save()
    _write_proposals(round_, made)
    certificate = answer["certificate"]
    audit.record(
        actor=actor, action="matching_round.solved", on=round_, input=certificate["input_hash"],  # type: ignore[index]
        pairs=len(answer["pairs"]),  # type: ignore[arg-type]
    )  # fmt: skip
    return round_


def _write_proposals(round_: MatchingRound, made: Draft) -> None:
    """Make the rows agree with the answer: new pairs appear, undecided old ones go, set-aside ones stay on record."""
    wanted = {(row["member"], row["mentor"]) for row in (round_.answer or {})["pairs"]}
    kept = set()
    for row in round_.proposals.select_related("need", "offer"):
        key = (row.need.public_id, row.offer.public_id)
        if key in wanted:
            kept.add(key)
        elif row.decision != Decision.REJECTED:
            row.delete()
    at = now()
    for need_id, offer_id in sorted(wanted - kept):
        need, offer = made.row_of(need_id, offer_id)
        found = made.scores[need_id, offer_id]
        Proposal.objects.create(
            round=round_,
            need=need,
            offer=offer,
            score=found.score,
            reasons=pairs.reasons(need, offer, found, at=at),
        )
    for row in round_.proposals.select_related("need__member", "offer__member").exclude(
        decision=Decision.REJECTED
    ):
        key = (row.need.public_id, row.offer.public_id)
        if key in kept:
            row.score = made.scores[key].score
            row.reasons = pairs.reasons(row.need, row.offer, made.scores[key], at=at)
            row.save(update_fields=["score", "reasons"])


@transaction.atomic
def decide_proposal(
    *, actor: User, programme: Programme, round_id: str, public_id: str, choice: str, version: int
) -> Proposal:
    """Accept a pair, set it aside, pin it, or open it again. `choice` is a key of CHOICES."""
    require(may_manage(actor, programme))
    round_ = _reviewable(programme, round_id)
    row = Proposal.objects.select_related("need").filter(round=round_, public_id=public_id).first()
    if row is None:
        raise Http404
    if choice not in CHOICES:
        raise Refused(_("Choose accept, set aside, pin or open again."))
    if choice in ("accept", "pin"):
        _check_only_one(row)
    save_version(row, expected=version, changes=CHOICES[choice])
    audit.record(actor=actor, action="proposal.decided", on=row, decision=choice)
    return row


def _check_only_one(row: Proposal) -> None:
    others = Proposal.objects.filter(round=row.round_id, need=row.need_id).exclude(pk=row.pk)
    if any(pairs.held(p.decision, p.pinned) for p in others):
        raise Refused(
            _("Another mentor is already accepted or pinned for this request. Open that one again first.")
        )


@transaction.atomic
def force_pair(*, actor: User, programme: Programme, round_id: str, need: str, offer: str) -> MatchingRound:
    """Pin a pair that the solver did not choose, and work the round out around it."""
    require(may_manage(actor, programme))
    round_ = _reviewable(programme, round_id)
    made = draft(round_, at=now())
    found = made.scores.get((need, offer))
    if found is None:
        raise Refused(_("This offer does not meet the conditions of the request."))
    need_row, offer_row = made.row_of(need, offer)
    round_.proposals.filter(need=need_row).exclude(decision=Decision.REJECTED).exclude(
        offer=offer_row
    ).delete()
    Proposal.objects.update_or_create(
        round=round_, need=need_row, offer=offer_row,
        defaults={
            "score": found.score, "reasons": pairs.reasons(need_row, offer_row, found, at=now()),
            "pinned": True, "decision": Decision.OPEN,
        },
    )  # fmt: skip
    audit.record(actor=actor, action="proposal.forced", on=round_)
    return _settle(actor, round_, draft(round_, at=now()))


@transaction.atomic
def publish_round(*, actor: User, programme: Programme, public_id: str, version: int) -> MatchingRound:
    """Invite both sides of every accepted pair. Nobody was told anything before."""
    require(may_manage(actor, programme))
    round_ = _reviewable(programme, public_id)
    chosen = list(
        round_.proposals.filter(decision=Decision.ACCEPTED).select_related(
            "need__member", "offer__member", "need", "offer"
        )
    )
    if not chosen:
        raise Refused(_("Accept at least one proposal first."))
    _check_places([p.offer for p in chosen])
    save_version(round_, expected=version, changes={"state": RoundState.PUBLISHED, "published_at": now()})
    Proposal.objects.filter(pk__in=[p.pk for p in chosen]).update(
        reply_by=site_day() + timedelta(days=REPLY_DAYS), invited_on=site_day()
    )
    Need.objects.filter(pk__in=[p.need_id for p in chosen]).update(
        state=NeedState.PROPOSED, version=F("version") + 1
    )
    audit.record(actor=actor, action="matching_round.published", on=round_, invitations=len(chosen))
    for row in chosen:
        invite_sides(actor, row)
    return round_


def _check_places(offers: list[Offer]) -> None:
    taken = pairs.places_taken(offers)
    for offer in offers:
        wanted = sum(1 for other in offers if other.pk == offer.pk)
        if taken[offer.pk] + wanted > offer.places:
            raise Refused(
                _("%(mentor)s no longer has a place for every accepted pair. Work the round out again.")
                % {"mentor": offer.member.name}
            )


def invite_sides(actor: User, row: Proposal) -> None:
    """Tell the leads of the member and the mentors of the partner that they are invited."""
    member, mentor = row.need.member, row.offer.member
    for side, people in ((member, leads_of(member)), (mentor, mentors_of(mentor))):
        url = reverse("mentoring:invitation", args=[side.public_id, row.public_id])
        for person in people:
            notify(
                actor=actor, user=person, kind="proposal", key=f"proposal:{row.public_id}:{side.public_id}", url=url,
                member=member.name, mentor=mentor.name, area=row.need.area_name,
            )  # fmt: skip
