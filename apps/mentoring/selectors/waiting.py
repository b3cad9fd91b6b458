"""The waiting list: in which order, why, and who fits a free place; and the same as a member may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.matching import Eligible, NotEligible
from apps.matching.scoring import Refusal
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.members.selectors import get_programme
from apps.mentoring.choices import Mode, UrgencyState, UrgentReason
from apps.mentoring.models import Need, Offer, Proposal, Urgency
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.options import full_text, near
from apps.mentoring.selectors.words import cause_text, language_names, readiness_names

MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """A mentor with a free place; `tried` when an invitation of the two ended in vain before."""

    offer_id: str
    mentor: str
    score: str
    free: int
    tried: bool


@dataclass(frozen=True, slots=True)
class WaitingRow:
    need_id: str
    place: int
    member: str
    area_name: str
    now_level: int
    wanted_level: int
    priority: str
    since: datetime
    days: int
    missing: list[str]
    urgent: str
    urgent_id: str
    urgent_reason: str
    again: bool
    cause: str
    options: list[str]
    fits: list[Fit]


@dataclass(frozen=True, slots=True)
class WaitingPage:
    programme: Programme
    rows: list[WaitingRow]
    fitting: int
    urgent: int
    can_manage: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a request of one's own waits, and what would change it; never a name of a mentor."""

    since: datetime
    days: int
    cause: str
    changes: list[str]


def waiting_page(user: User, programme_id: str) -> WaitingPage:
    """Requests of a programme that wait: confirmed urgent ones first, then by priority, then by how long. Ten queries."""
    programme = get_programme(user, programme_id)
    supply = pairs.supply_of(programme)
    urgent = _urgencies(supply.needs)
    tried = tried_pairs(programme)
    ordered = sorted(supply.needs, key=lambda n: order_of(n, urgent.get(n.pk)))
    again = pairs.free_again(supply.offers)
    rows = [
        _row(n, place, supply, urgent.get(n.pk), tried, again) for place, n in enumerate(ordered, start=1)
    ]
    return WaitingPage(
        programme=programme,
        rows=rows,
        fitting=sum(bool(r.fits) for r in rows),
        urgent=sum(u.state == UrgencyState.ASKED for u in urgent.values()),
        can_manage=bool(may_manage(user, programme)),
    )


def order_of(need: Need, urgency: Urgency | None) -> tuple[bool, object, datetime, int]:
    """The key that the waiting list is sorted by."""
    confirmed = urgency is not None and urgency.state == UrgencyState.CONFIRMED
    return (not confirmed, -need.priority, need.waiting_from, need.pk)


def _urgencies(needs: Iterable[Need]) -> dict[int, Urgency]:
    """The open or confirmed urgent mark of each request."""
    rows = Urgency.objects.filter(need__in=[n.pk for n in needs]).exclude(state=UrgencyState.REFUSED)
    return {row.need_id: row for row in rows}


def tried_pairs(programme: Programme) -> set[tuple[int, int]]:
    """(request, offer) of invitations that ended in vain."""
    rows = Proposal.objects.lapsed().filter(need__programme=programme)
    return {(need, offer) for need, offer in rows.values_list("need", "offer")}


def _row(
    need: Need,
    place: int,
    supply: pairs.Supply,
    urgency: Urgency | None,
    tried: set[tuple[int, int]],
    again: Mapping[int, date],
) -> WaitingRow:
    fits, cause, options = _fits(need, supply, tried, again)
    return WaitingRow(
        need_id=need.public_id,
        place=place,
        member=need.member.name,
        area_name=need.area_name,
        now_level=need.now_level,
        wanted_level=need.wanted_level,
        priority=f"{need.priority:.2f}",
        since=need.waiting_from,
        days=_days(need),
        missing=readiness_names(need.missing),
        urgent=urgency.state if urgency else "",
        urgent_id=urgency.public_id if urgency else "",
        urgent_reason=str(UrgentReason(urgency.reason).label) if urgency else "",
        again=need.again_of_id is not None,
        cause="" if need.missing else cause,
        options=options,
        fits=[] if need.missing else fits,
    )


def _days(need: Need) -> int:
    return max(0, (now() - need.waiting_from).days)


def _fits(
    need: Need, supply: pairs.Supply, tried: set[tuple[int, int]], again: Mapping[int, date]
) -> tuple[list[Fit], str, list[str]]:
    """(mentors with a place, best first; the cause when there is none; what could change it)."""
    # From facts alone: who may not meet is told only when the two are to be invited, in the words for an unfit pair.
    offers = [
        o
        for o in supply.offers
        if o.area == need.area and o.member_id != need.member_id and not supply.in_conflict(need, o)
    ]
    scored = [(offer, pairs.score(need, offer, at=now())) for offer in offers]
    good = [(offer, found) for offer, found in scored if isinstance(found, Eligible)]
    free = [(offer, found) for offer, found in good if supply.free[offer.pk]]
    free.sort(key=lambda row: ((need.pk, row[0].pk) in tried, -row[1].score, row[0].pk))
    fits = [
        Fit(o.public_id, o.member.name, f"{found.score:.2f}", supply.free[o.pk], (need.pk, o.pk) in tried)
        for o, found in free[:MOST_SHOWN]
    ]
    if fits:
        return fits, "", []
    near_by = [
        near(o, found, o.member.name)
        for o, found in scored
        if isinstance(found, NotEligible) and len(found.reasons) == 1
    ]
    asks = [full_text(o.member.name, again.get(o.pk)) for o, _found in good]
    options = [text for text in (*asks, *near_by) if text][:MOST_SHOWN]
    return (
        [],
        cause_text("capacity-full" if good else "no-eligible-mentor"),
        options or [_("Ask a mentor partner who is strong in this area to make an offer.")],
    )


def who_fits(offer: Offer) -> list[Need]:
    """Ready requests that wait and fit a free place of `offer`, in the order of the list; not those it failed before."""
    supply = pairs.supply_of(offer.programme)
    if not supply.free.get(offer.pk):
        return []
    tried = tried_pairs(offer.programme)
    fitting = [
        need
        for need in supply.needs
        if not need.missing
        and need.member_id != offer.member_id
        and (need.pk, offer.pk) not in tried
        and not supply.in_conflict(need, offer)
        and isinstance(pairs.score(need, offer, at=now()), Eligible)
    ]
    return sorted(fitting, key=lambda n: order_of(n, None))


def waits_of(needs: Iterable[Need]) -> dict[int, Wait]:
    """Why each of a member's own requests waits, by key; two queries for each programme that is asked.

    Private wishes play no part in it: the text is the same whether or not somebody asked never to be paired.
    """
    waiting = list(needs)
    offers = list(
        Offer.objects.open().filter(programme__in={n.programme_id for n in waiting}).select_related("member")
    ) if waiting else []  # fmt: skip
    taken = pairs.places_taken(offers) if offers else {}
    return {need.pk: _wait(need, offers, taken) for need in waiting}


def _wait(need: Need, offers: list[Offer], taken: dict[int, int]) -> Wait:
    cause, changes = _own_cause(
        need,
        [
            o
            for o in offers
            if o.programme_id == need.programme_id and o.area == need.area and o.member_id != need.member_id
        ],
        taken,
    )
    return Wait(need.waiting_from, _days(need), cause, changes)


def _own_cause(need: Need, offers: list[Offer], taken: dict[int, int]) -> tuple[str, list[str]]:
    if need.missing:
        return _("It can be matched once you are ready."), [
            _("Missing: %(what)s") % {"what": name} for name in readiness_names(need.missing)
        ]
    if not offers:
        return _("Nobody offers this area yet."), [
            _("The programme office can ask a mentor partner who is strong here to make an offer.")
        ]
    scored = [(offer, pairs.score(need, offer, at=now())) for offer in offers]
    good = [offer for offer, found in scored if isinstance(found, Eligible)]
    if any(taken.get(offer.pk, 0) < offer.places for offer in good):
        return _("The programme office has not proposed a pair yet."), [
            _("Pairs are proposed in rounds, and between them from the waiting list.")
        ]
    if good:
        return _("Every mentor who could help is full."), [
            _("A place becomes free when an engagement ends or a mentor offers more. It goes by priority, then by how long a request has waited.")
        ]  # fmt: skip
    return cause_text("no-eligible-mentor"), _own_changes(need, scored)


def _own_changes(need: Need, scored: list[tuple[Offer, Eligible | NotEligible]]) -> list[str]:
    """The single changes to the request that would let it meet an offer."""
    single = [
        (offer, found.reasons[0])
        for offer, found in scored
        if isinstance(found, NotEligible) and len(found.reasons) == 1
    ]
    languages = sorted({c for o, why in single if why is Refusal.NO_COMMON_LANGUAGE for c in o.languages})
    modes = sorted({o.mode for o, why in single if why is Refusal.NO_COMMON_MODE})
    changes = []
    if languages:
        changes.append(
            _("One of these languages would do as well: %(languages)s.")
            % {"languages": language_names(languages)}
        )
    changes += [_("Another way of working would do: %(mode)s.") % {"mode": Mode(m).label} for m in modes]
    if any(why is Refusal.NOBODY_PAYS for _offer, why in single):
        changes.append(_("An offer fits if you or the programme can bear the costs."))
    if any(why is Refusal.LEVEL_TOO_CLOSE for _offer, why in single):
        changes.append(_("The offers here are less than two levels above yours."))
    return changes or [_("The programme office can ask for another offer in this area.")]
