"""Open a round, solve it, decide on proposals, send invitations."""

from __future__ import annotations

from dataclasses import asdict
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
from apps.matching import Eligible, ProblemFaults, SolverFault
from apps.matching.progress import Progress, Tell, quiet
from apps.members.models import Programme
from apps.members.policies import may_manage, site_day
from apps.mentoring.choices import Decision, NeedState, RoundMode, RoundState
from apps.mentoring.models import MatchingRound, Need, Offer, Proposal, RoundStep
from apps.mentoring.selectors import pairs
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.problem import Draft, Solved, draft, settled
from apps.mentoring.services.recruiting import recruits

PAIRS_AT_ONCE = 2000
REPLY_DAYS = 14
TOLD_EVERY = timedelta(seconds=1)
CHOICES: dict[str, dict[str, Any]] = {
    "accept": {"decision": Decision.ACCEPTED},
    "set_aside": {"decision": Decision.REJECTED, "pinned": False},
    "reopen": {"decision": Decision.OPEN, "pinned": False},
    "pin": {"decision": Decision.OPEN, "pinned": True},
}


@transaction.atomic
def open_round(
    *, actor: User, programme: Programme, name: str, mode: str = RoundMode.DIRECT
) -> MatchingRound:
    """Open the next round of a programme; at most one is open. Requests left over from earlier rounds come with it."""
    require(may_manage(actor, programme))
    Programme.objects.select_for_update().get(pk=programme.pk)
    rounds = MatchingRound.objects.filter(programme=programme)
    if rounds.exclude(state__in=(RoundState.PUBLISHED, RoundState.CLOSED)).exists():
        raise Refused(_("Send the invitations of the open round first."))
    rounds.filter(state=RoundState.PUBLISHED).update(state=RoundState.CLOSED, version=F("version") + 1)
    try:
        with transaction.atomic():
            found = MatchingRound.objects.create(programme=programme, name=name, mode=mode)
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


def lock_round(programme: Programme, public_id: str) -> MatchingRound:
    """The round, locked. Raises Http404 for those of others."""
    found = MatchingRound.objects.select_for_update().filter(programme=programme, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def reviewable(programme: Programme, public_id: str, *, calls_end: bool = False) -> MatchingRound:
    """The round, locked, while decisions can still change, or its calls may end. Raises `Refused` otherwise."""
    round_ = lock_round(programme, public_id)
    if round_.state == RoundState.SOLVING:
        raise Refused(_("This round is being worked out. Come back in a minute."))
    two = round_.mode == RoundMode.TWO_STAGE
    if two and round_.state in (RoundState.COLLECTING, RoundState.SHORTLIST):
        raise Refused(_("This round has two stages: send the shortlists first."))
    if round_.state == RoundState.CALLS:
        if calls_end:
            return round_
        raise Refused(_("The calls of this round are under way. Work out the final match first."))
    if round_.state not in (RoundState.COLLECTING, RoundState.PROPOSED):
        raise Refused(_("The invitations of this round were sent, so it cannot change."))
    return round_


@transaction.atomic
def solve_round(*, actor: User, programme: Programme, public_id: str) -> MatchingRound:
    """Work out the proposals: at once up to 2,000 pairs, beyond that in the background.

    Accepted and pinned pairs stay, pairs set aside stay out. Raises `Refused` when the decisions cannot all be kept.
    """
    require(may_manage(actor, programme))
    round_ = reviewable(programme, public_id, calls_end=True)
    release_lapsed(programme)
    made = draft(round_, at=now())
    if not made.document["members"]:
        raise Refused(_("No request is ready yet, so there is nothing to match."))
    if len(made.document["pairs"]) > PAIRS_AT_ONCE:
        round_.state, round_.progress = RoundState.SOLVING, None
        round_.save(update_fields=["state", "progress"])
        key = f"solve:{round_.public_id}:{round_.version}"
        jobs.enqueue("mentoring.solve_round", key=key, round_id=round_.public_id, actor_id=actor.public_id)
        return round_
    return _settle(actor, round_, made, _solved(made))


def finish_solving(*, actor: User, programme: Programme, public_id: str) -> None:
    """The background half of `solve_round`, telling on the round how far it is; running it twice changes nothing."""
    require(may_manage(actor, programme))
    round_ = MatchingRound.objects.filter(programme=programme, public_id=public_id).first()
    if round_ is None or round_.state != RoundState.SOLVING:
        return
    made = draft(round_, at=now())
    try:
        found = _solved(made, tell=_teller(round_))
        _keep_solved(actor=actor, programme=programme, public_id=public_id, made=made, found=found)
    except Refused:
        # The manager finds the round open again, with the earlier answer, and is told on the next try.
        first = RoundState.CALLS if round_.mode == RoundMode.TWO_STAGE else RoundState.COLLECTING
        back = RoundState.PROPOSED if round_.answer else first
        waits = MatchingRound.objects.filter(pk=round_.pk, state=RoundState.SOLVING)
        waits.update(state=back, progress=None, version=F("version") + 1)


@transaction.atomic
def _keep_solved(*, actor: User, programme: Programme, public_id: str, made: Draft, found: Solved) -> None:
    round_ = lock_round(programme, public_id)
    if round_.state == RoundState.SOLVING:
        _settle(actor, round_, made, found)


def _teller(round_: MatchingRound) -> Tell:
    """Writes how far it is into the round, at most once a second."""
    last = now() - TOLD_EVERY

    def tell(progress: Progress) -> None:
        nonlocal last
        if now() - last >= TOLD_EVERY:
            last = now()
            rows = MatchingRound.objects.filter(pk=round_.pk, state=RoundState.SOLVING)
            rows.update(progress={**asdict(progress), "stage": progress.stage.value})

    return tell


def _solved(made: Draft, *, tell: Tell = quiet) -> Solved:
    try:
        return settled(made, tell=tell)
    except ProblemFaults:
        raise Refused(
            _("The accepted and pinned pairs need more places than the mentors have. Set one of them aside.")
        ) from None
    except SolverFault:
        raise Refused(
            _("The solver could not prove an answer. Nothing was changed; please try again.")
        ) from None


def _settle(actor: User, round_: MatchingRound, made: Draft, found: Solved) -> MatchingRound:
    """Keep the problem with its answer, and make the proposals agree with it."""
    document, answer = found
    round_.problem, round_.answer = document, answer.as_document()
    round_.progress, round_.recruits = None, recruits(made, document, answer, at=now())
    round_.state, round_.solved_at, round_.version = RoundState.PROPOSED, now(), round_.version + 1
    round_.save()
    round_.steps.all().delete()
    _write_proposals(round_, made)
    audit.record(
        actor=actor, action="matching_round.solved", on=round_, input=answer.certificate.input_hash,
        pairs=len(answer.pairs),
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
            reasons=made.reasons(need, offer, at=at),
        )
    for row in round_.proposals.select_related("need__member", "offer__member").exclude(
        decision=Decision.REJECTED
    ):
        key = (row.need.public_id, row.offer.public_id)
        if key in kept:
            row.score = made.scores[key].score
            row.reasons = made.reasons(row.need, row.offer, at=at)
            row.save(update_fields=["score", "reasons"])


@transaction.atomic
def decide_proposal(
    *, actor: User, programme: Programme, round_id: str, public_id: str, choice: str, version: int
) -> Proposal:
    """Accept a pair, set it aside, pin it, or open it again. `choice` is a key of CHOICES."""
    require(may_manage(actor, programme))
    round_ = reviewable(programme, round_id)
    row = Proposal.objects.select_related("need").filter(round=round_, public_id=public_id).first()
    if row is None:
        raise Http404
    if choice not in CHOICES:
        raise Refused(_("Choose accept, set aside, pin or open again."))
    if choice in ("accept", "pin"):
        check_only_one(row)
    before = {"was_decision": row.decision, "was_pinned": row.pinned}
    save_version(row, expected=version, changes=CHOICES[choice])
    RoundStep.objects.create(round=round_, proposal=row, choice=choice, made_by=actor, **before)
    audit.record(actor=actor, action="proposal.decided", on=row, decision=choice)
    return row


def check_only_one(row: Proposal) -> None:
    """Raises `Refused` when another mentor is held for the same request."""
    others = Proposal.objects.filter(round=row.round_id, need=row.need_id).exclude(pk=row.pk)
    if any(pairs.held(p.decision, p.pinned) for p in others):
        raise Refused(
            _("Another mentor is already accepted or pinned for this request. Open that one again first.")
        )


@transaction.atomic
def force_pair(*, actor: User, programme: Programme, round_id: str, need: str, offer: str) -> MatchingRound:
    """Pin a pair that the solver did not choose, and work the round out around it."""
    require(may_manage(actor, programme))
    round_ = reviewable(programme, round_id)
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
            "score": found.score, "reasons": made.reasons(need_row, offer_row, at=now()),
            "pinned": True, "decision": Decision.OPEN,
        },
    )  # fmt: skip
    audit.record(actor=actor, action="proposal.forced", on=round_)
    again = draft(round_, at=now())
    return _settle(actor, round_, again, _solved(again))


@transaction.atomic
def publish_round(*, actor: User, programme: Programme, public_id: str, version: int) -> MatchingRound:
    """Invite both sides of every accepted pair. Nobody was told anything before."""
    require(may_manage(actor, programme))
    round_ = reviewable(programme, public_id)
    chosen = list(
        round_.proposals.filter(decision=Decision.ACCEPTED).select_related(
            "need__member", "offer__member", "need", "offer"
        )
    )
    if not chosen:
        raise Refused(_("Accept at least one proposal first."))
    _check_places([p.offer for p in chosen])
    _check_conditions(programme, chosen)
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


def _check_conditions(programme: Programme, chosen: list[Proposal]) -> None:
    """One sentence whatever changed: a request, an offer, or what a side told in confidence."""
    supply = pairs.supply_of(programme)
    waiting, offered = {n.pk for n in supply.needs}, {o.pk for o in supply.offers}
    for row in chosen:
        here = row.need_id in waiting and row.offer_id in offered
        fits = here and isinstance(pairs.score(row.need, row.offer, at=now()), Eligible)
        willing = supply.may_meet(row.need, row.offer) and not supply.in_conflict(row.need, row.offer)
        if not fits or not willing:
            raise Refused(_("An accepted pair no longer meets every condition. Work the round out again."))


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
