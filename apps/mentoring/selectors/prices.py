"""What a decision on the board would cost, found by solving the stored problem with the change forced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.matching import NoAssignment, Problem, ProblemFaults, SolverFault, parse_problem
from apps.matching.prices import Price, price_of
from apps.matching.problem import Link
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.mentoring.choices import Decision, RoundState
from apps.mentoring.models import MatchingRound, Proposal
from apps.mentoring.selectors import pairs
from apps.mentoring.selectors.board import get_round

MOST_PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """One decision that can be taken, with its price in sentences; the first says the total."""

    choice: str
    price: list[str]
    possible: bool


@dataclass(frozen=True, slots=True)
class PricePage:
    programme: Programme
    round_id: str
    round_name: str
    public_id: str
    version: int
    need_id: str
    member: str
    mentor: str
    area_name: str
    score: str
    pinned: bool
    changes: list[Change]
    can_manage: bool
    reviewing: bool


def price_page(user: User, programme_id: str, round_id: str, proposal_id: str) -> PricePage:
    """A pair with every decision that is open on it, and what each costs. Raises Http404, and `Refused` for a large round."""
    programme, round_ = get_round(user, programme_id, round_id)
    rows = list(round_.proposals.select_related("need__member", "offer__member", "need", "offer"))
    row = next((p for p in rows if p.public_id == proposal_id), None)
    if row is None or round_.problem is None:
        raise Http404
    reviewing = round_.state in (RoundState.COLLECTING, RoundState.PROPOSED)
    return PricePage(
        programme=programme,
        round_id=round_.public_id,
        round_name=round_.name,
        public_id=row.public_id,
        version=row.version,
        need_id=row.need.public_id,
        member=row.need.member.name,
        mentor=row.offer.member.name,
        area_name=row.need.area_name,
        score=f"{row.score:.2f}",
        pinned=row.pinned,
        changes=_changes(round_, rows, row) if reviewing else [],
        can_manage=bool(may_manage(user, programme)),
        reviewing=reviewing,
    )


def _changes(round_: MatchingRound, rows: list[Proposal], row: Proposal) -> list[Change]:
    assert round_.problem is not None
    if len(round_.problem["pairs"]) > MOST_PAIRS:
        raise Refused(_("This round is too large to price a single change. Decide, and work it out again."))
    try:
        before = standing_problem(parse_problem(round_.problem), rows)
        link = Link(row.need.public_id, row.offer.public_id)
        forced = {choice: _forced(before, link, choice) for choice in _open_choices(row)}
        return [_change(choice, price_of(before, after)) for choice, after in forced.items()]
    except NoAssignment:
        raise Refused(
            _("The accepted and pinned pairs need more places than the mentors have. Set one of them aside.")
        ) from None
    except (ProblemFaults, SolverFault):
        raise Refused(_("The stored problem cannot be solved again. Work the round out again.")) from None


def standing_problem(stored: Problem, rows: list[Proposal]) -> Problem:
    """The stored problem with the decisions as they stand now."""
    known = {pair.link for pair in stored.pairs}
    links = {p.pk: Link(p.need.public_id, p.offer.public_id) for p in rows}
    held = {links[p.pk] for p in rows if pairs.held(p.decision, p.pinned)} & known
    aside = {links[p.pk] for p in rows if p.decision == Decision.REJECTED} & known
    return replace(stored, locked=frozenset(held), excluded=frozenset(aside))


def _open_choices(row: Proposal) -> list[str]:
    if row.decision != Decision.OPEN:
        return ["reopen"]
    return ["reopen", "set_aside"] if row.pinned else ["accept", "pin", "set_aside"]


def _forced(before: Problem, link: Link, choice: str) -> Problem:
    locked, excluded = before.locked - {link}, before.excluded - {link}
    if choice in ("accept", "pin") and before.eligible_pair(link):
        locked |= {link}
    if choice == "set_aside" and before.eligible_pair(link):
        excluded |= {link}
    return replace(before, locked=locked, excluded=excluded)


def _change(choice: str, price: Price) -> Change:
    if not price.possible:
        return Change(choice, [_("Not possible together with the pairs that are accepted or pinned.")], False)
    return Change(choice, [_total(price.loss), *_worst(price), *_places(price), *_moves(price)], True)


def _total(loss: Decimal) -> str:
    if not loss:
        return _("Costs nothing: the total stays as it is.")
    if loss > 0:
        return _("Costs %(n)s of the total.") % {"n": f"{loss:f}"}
    return _("Adds %(n)s to the total.") % {"n": f"{-loss:f}"}


def _worst(price: Price) -> list[str]:
    before, after = price.worst_off_before, price.worst_off_after
    if before is None or after is None:
        return []
    values = {"before": f"{before:f}", "after": f"{after:f}"}
    if before == after:
        return [_("The worst off stays at %(after)s.") % values]
    if after < before:
        return [_("The worst off falls from %(before)s to %(after)s.") % values]
    return [_("The worst off rises from %(before)s to %(after)s.") % values]


def _places(price: Price) -> list[str]:
    n = abs(price.places)
    if price.places < 0:
        return [ngettext("%(n)s request fewer is served.", "%(n)s requests fewer are served.", n) % {"n": n}]
    if price.places > 0:
        return [ngettext("%(n)s request more is served.", "%(n)s requests more are served.", n) % {"n": n}]
    return []


def _moves(price: Price) -> list[str]:
    n = len(price.added)
    if not n:
        return []
    return [ngettext("%(n)s pair would be new.", "%(n)s pairs would be new.", n) % {"n": n}]
