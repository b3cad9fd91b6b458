"""The pages of the programme office: rounds, one round's board, invitations before they leave."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.members.selectors import get_programme
from apps.mentoring.choices import Decision, NeedState, Reply, RoundKind, RoundMode, RoundState
from apps.mentoring.models import MatchingRound, Need, Offer, Proposal
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.board_parts import (
    last_step,
    recruit_rows,
    standing_of,
)
from apps.mentoring.selectors.board_rows import (
    BoardPage,
    CapacityRow,
    ProposalRow,
    RoundRow,
    RoundsPage,
    UnreadyRow,
)
from apps.mentoring.selectors.certificate import certificate_of
from apps.mentoring.selectors.heat import heat_of
from apps.mentoring.selectors.hours import Load, hours_by_offer
from apps.mentoring.selectors.invitations import state_of
from apps.mentoring.selectors.options import unmatched_rows
from apps.mentoring.selectors.words import factor_rows, period_words, readiness_names, short_reasons, warnings

REPLY_LABELS = {Reply.WAITING: "you", Reply.ACCEPTED: "ok", Reply.DECLINED: "bad"}


def rounds_page(user: User, programme_id: str) -> RoundsPage:
    """The rounds of a programme, the newest first, and what waits to be matched."""
    programme = get_programme(user, programme_id)
    accepted = Count("proposals", filter=Q(proposals__decision=Decision.ACCEPTED))
    rounds = (
        MatchingRound.objects.filter(programme=programme)
        .defer("problem", "answer")
        .order_by("-opened_at", "-pk")
    )
    rows = [
        RoundRow(
            r.public_id, r.name, str(RoundState(r.state).label), r.state, r.opened_at, r.published_at,
            r.proposal_count, r.accepted_count, r.kind == RoundKind.BETWEEN,
        )
        for r in rounds.annotate(proposal_count=Count("proposals"), accepted_count=accepted)
    ]  # fmt: skip
    supply = pairs.supply_of(programme)
    busy = any(r.state not in (RoundState.PUBLISHED, RoundState.CLOSED) for r in rows)
    can_manage = bool(may_manage(user, programme))
    return RoundsPage(
        programme=programme,
        rows=[r for r in rows if not r.between],
        between=[r for r in rows if r.between],
        requests=len(supply.needs),
        ready=sum(not n.missing for n in supply.needs),
        places=sum(supply.free.values()),
        mentors=len({o.member_id for o in supply.offers}),
        can_open=can_manage and not busy,
        can_manage=can_manage,
    )


def get_round(user: User, programme_id: str, round_id: str) -> tuple[Programme, MatchingRound]:
    """A round of a programme whose office the user belongs to. Raises Http404."""
    programme = get_programme(user, programme_id)
    round_ = MatchingRound.objects.filter(programme=programme, public_id=round_id).first()
    if round_ is None:
        raise Http404
    return programme, round_


def solving_round(actor_id: str, round_id: str) -> tuple[User, Programme]:
    """Who asked for a round to be solved and for which programme; for the background job."""
    round_ = MatchingRound.objects.select_related("programme").get(public_id=round_id)
    return User.objects.get(public_id=actor_id), round_.programme


def board_page(user: User, programme_id: str, round_id: str, filters: Mapping[str, str]) -> BoardPage:
    """Everything on the board of one round. `filters`: show (first|open|accepted|aside), area, language."""
    programme, round_ = get_round(user, programme_id, round_id)
    supply = pairs.supply_of(programme)
    proposals = list(
        round_.proposals.select_related(
            "need__member", "offer__member", "need", "offer", "engagement"
        ).order_by("-score", "pk")
    )
    before = pairs.past_pairs(programme)
    in_round = _round_places(proposals, round_.state)
    taken = {
        pk: supply.taken.get(pk, 0) + in_round.get(pk, 0)
        for pk in {o.pk for o in supply.offers} | set(in_round)
    }
    alive = [p for p in proposals if p.decision != Decision.REJECTED]
    rows = [proposal_row(p, taken, before) for p in proposals]
    shown = filtered(rows, filters)
    matched = {p.need_id for p in alive}
    requests = _requests_in(supply.needs, alive, round_.state)
    reviewing = round_.state in (RoundState.COLLECTING, RoundState.PROPOSED, RoundState.SOLVING)
    unmatched = unmatched_rows(round_, supply, matched, taken) if reviewing else []
    unready = [n for n in supply.needs if n.missing] if reviewing else []
    capacity = _capacity(supply.offers, taken, hours_by_offer(programme))
    accepted = sum(p.decision == Decision.ACCEPTED for p in alive)
    return BoardPage(
        programme=programme,
        public_id=round_.public_id,
        version=round_.version,
        name=round_.name,
        state=round_.state,
        headline=headline(round_, len(matched), requests, accepted),
        steps=_steps(round_, supply, alive, requests),
        step=_step(round_, alive),
        rows=shown,
        shown=len(shown),
        total=len(rows),
        decided=sum(p.decision != Decision.OPEN for p in proposals),
        open=sum(p.decision == Decision.OPEN for p in proposals),
        accepted=accepted,
        requests=requests,
        unmatched=unmatched,
        unready=[UnreadyRow(n.member.name, n.area_name, readiness_names(n.missing)) for n in unready],
        capacity=capacity,
        full_mentors=sum(c.full for c in capacity),
        heat=heat_of(programme, supply),
        certificate=certificate_of(round_),
        recruits=recruit_rows(round_) if reviewing else [],
        last_step=last_step(round_),
        standing=standing_of(round_),
        stale=_is_stale(round_, proposals),
        areas=sorted({(r.area, r.area_name) for r in rows}),
        reply_by=next((p.reply_by for p in alive if p.reply_by), None),
        can_manage=bool(may_manage(user, programme)),
        two_stage=round_.mode == RoundMode.TWO_STAGE,
        filters=filters,
    )


def _requests_in(waiting: tuple[Need, ...], alive: list[Proposal], state: str) -> int:
    if state in (RoundState.PUBLISHED, RoundState.CLOSED):
        return len({p.need_id for p in alive})
    return len({n.pk for n in waiting} | {p.need_id for p in alive if p.need.state == NeedState.SENT})


def _round_places(proposals: list[Proposal], state: str) -> dict[int, int]:
    """Places that this round's pairs would take; once published, invitations are counted with the others."""
    if state in (RoundState.PUBLISHED, RoundState.CLOSED):
        return {}
    found: dict[int, int] = {}
    for p in proposals:
        if p.decision != Decision.REJECTED:
            found[p.offer_id] = found.get(p.offer_id, 0) + 1
    return found


def proposal_row(
    p: Proposal, taken: Mapping[int, int], before: Mapping[tuple[int, int], set[str]]
) -> ProposalRow:
    """One pair as the office reads it."""
    need, offer = p.need, p.offer
    state = state_of(p, full=False) if p.reply_by else ""
    past = before.get((need.member_id, offer.member_id), set()) if state != "started" else set()
    return ProposalRow(
        public_id=p.public_id,
        version=p.version,
        need_id=need.public_id,
        member=need.member.name,
        area=need.area,
        area_name=need.area_name,
        now_level=need.now_level,
        wanted_level=need.wanted_level,
        mentor=offer.member.name,
        places=offer.places,
        taken=taken.get(offer.pk, 0),
        score=f"{p.score:.2f}",
        why=short_reasons(p.reasons),
        factors=factor_rows(p.reasons),
        warnings=warnings(p.reasons, languages=need.languages, past=past if not state else past & {"worked"}),
        decision=p.decision,
        pinned=p.pinned,
        reply_state=state,
        member_reply=str(Reply(p.member_reply).label),
        member_kind=REPLY_LABELS[Reply(p.member_reply)],
        mentor_reply=str(Reply(p.mentor_reply).label),
        mentor_kind=REPLY_LABELS[Reply(p.mentor_reply)],
        reply_by=p.reply_by,
        can_extend=state == "open",
        declined_because=p.get_declined_because_display() if p.declined_because else "",
        languages=[code for code in need.languages if code in offer.languages],
    )


def filtered(rows: list[ProposalRow], filters: Mapping[str, str]) -> list[ProposalRow]:
    """The rows that the filters keep, open ones first, then the best fit."""
    show, area, language = (filters.get(name, "") for name in ("show", "area", "language"))
    wanted = {"open": Decision.OPEN, "accepted": Decision.ACCEPTED, "aside": Decision.REJECTED}.get(show)
    kept = [
        r
        for r in rows
        if (wanted is None or r.decision == wanted)
        and (not area or r.area == area)
        and (not language or language in r.languages)
    ]
    order = {Decision.OPEN: 0, Decision.ACCEPTED: 1, Decision.REJECTED: 2}
    return sorted(kept, key=lambda r: (order[Decision(r.decision)], -Decimal(r.score), r.member))


def headline(round_: MatchingRound, matched: int, requests: int, accepted: int) -> str:
    """The finding of the page."""
    if round_.state == RoundState.SOLVING:
        return _("The round is being worked out")
    if round_.state in (RoundState.PUBLISHED, RoundState.CLOSED):
        return ngettext("%(n)s invitation was sent", "%(n)s invitations were sent", accepted) % {
            "n": accepted
        }
    if round_.answer is None:
        return ngettext("%(n)s request waits for a mentor", "%(n)s requests wait for a mentor", requests) % {
            "n": requests
        }
    text = ngettext(
        "%(matched)s of %(total)s request has a mentor in sight",
        "%(matched)s of %(total)s requests have a mentor in sight",
        requests,
    )
    return text % {"matched": matched, "total": requests}


def _steps(
    round_: MatchingRound, supply: pairs.Supply, alive: list[Proposal], requests: int
) -> list[tuple[str, str]]:
    over = round_.state in (RoundState.PUBLISHED, RoundState.CLOSED)
    members = len({p.need.member_id for p in alive} if over else {n.member_id for n in supply.needs})
    mentors, places = len({o.member_id for o in supply.offers}), sum(supply.free.values())
    left = sum(p.decision == Decision.OPEN for p in alive)
    decided = ngettext("%(n)s decided", "%(n)s decided", len(alive) - left) % {"n": len(alive) - left}
    started = sum(state_of(p, full=False) == "started" for p in alive)
    sent = sum(p.reply_by is not None for p in alive)
    return [
        (
            _("Collect requests"),
            ngettext("%(n)s waits, from %(m)s", "%(n)s wait, from members: %(m)s", requests)
            % {"n": requests, "m": members},
        ),
        (_("Collect offers"), _("mentors: %(m)s, free places: %(n)s") % {"m": mentors, "n": places}),
        (
            _("Review matches"),
            _("%(decided)s, %(n)s open") % {"decided": decided, "n": left} if alive else "",
        ),
        (_("Send invitations"), ngettext("%(n)s sent", "%(n)s sent", sent) % {"n": sent} if sent else ""),
        (
            _("Start engagements"),
            ngettext("%(n)s started", "%(n)s started", started) % {"n": started} if started else "",
        ),
    ]


def _step(round_: MatchingRound, alive: list[Proposal]) -> int:
    if round_.state == RoundState.COLLECTING:
        return 2
    if round_.state in (RoundState.PUBLISHED, RoundState.CLOSED):
        waiting = any(state_of(p, full=False) == "open" for p in alive if p.reply_by)
        return 5 if not waiting else 4
    return 3


def _capacity(
    offers: tuple[Offer, ...], taken: Mapping[int, int], hours: Mapping[int, Load]
) -> list[CapacityRow]:
    rows = []
    for offer in offers:
        used = taken.get(offer.pk, 0)
        percent = min(100, round(100 * used / offer.places)) if offer.places else 100
        rows.append(
            CapacityRow(
                offer.member.name,
                offer.area_name,
                offer.places,
                used,
                percent,
                used >= offer.places,
                period_words(offer.period_months),
                load if (load := hours.get(offer.pk)) and load.over else None,
            )
        )
    return sorted(rows, key=lambda r: (r.mentor, r.area_name))


def _is_stale(round_: MatchingRound, proposals: list[Proposal]) -> bool:
    """Whether a pair was set aside or opened again since the answer was worked out."""
    if round_.problem is None or round_.state != RoundState.PROPOSED:
        return False
    aside = {(p.need.public_id, p.offer.public_id) for p in proposals if p.decision == Decision.REJECTED}
    stored = {(row["member"], row["mentor"]) for row in round_.problem["excluded"]}
    possible = {(row["member"], row["mentor"]) for row in round_.problem["pairs"]}
    return aside & possible != stored
