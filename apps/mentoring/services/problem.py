"""The problem document of a round, built from requests, offers and the manager's decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from apps.matching import Eligible
from apps.mentoring.choices import Decision
from apps.mentoring.models import MatchingRound, Need, Offer, Proposal
from apps.mentoring.selectors import pairs

MOST_PRIORITY = 100
PRIORITY_STEP = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """A problem document with the rows and scores that it was made from."""

    document: dict[str, Any]
    supply: pairs.Supply
    scores: dict[tuple[str, str], Eligible]

    def row_of(self, need: str, offer: str) -> tuple[Need, Offer]:
        """The rows behind two ids of the document."""
        needs = {n.public_id: n for n in self.supply.needs}
        offers = {o.public_id: o for o in self.supply.offers}
        return needs[need], offers[offer]


def draft(round_: MatchingRound, *, at: datetime, only: int | None = None) -> Draft:
    """Build the document. Ready requests only; pairs that may not meet are left out like any other unfit pair.

    `only` is the key of the one request that is paired between rounds.
    """
    supply = pairs.supply_of(round_.programme)
    ready = [need for need in supply.needs if not need.missing and only in (None, need.pk)]
    scores = _scores(ready, supply, at=at)
    decided = list(round_.proposals.select_related("need", "offer"))
    locked = {_key(p) for p in decided if pairs.held(p.decision, p.pinned)} & scores.keys()
    aside = {_key(p) for p in decided if p.decision == Decision.REJECTED} & scores.keys()
    document = {
        "members": [_member(need, round_) for need in ready],
        "mentors": [{"id": o.public_id, "capacity": supply.free[o.pk], "minimum": 0} for o in supply.offers],
        "pairs": [
            {"member": need, "mentor": offer, "score": f"{found.score:f}", "cost": 1}
            for (need, offer), found in sorted(scores.items())
        ],
        "locked": _links(locked),
        "excluded": _links(aside),
        "objective": "leximin-then-total",
        "floors": [],
    }
    return Draft(document, supply, scores)


def _scores(needs: Iterable[Need], supply: pairs.Supply, *, at: datetime) -> dict[tuple[str, str], Eligible]:
    found = {}
    by_area: dict[str, list[Offer]] = {}
    for offer in supply.offers:
        by_area.setdefault(offer.area, []).append(offer)
    for need in needs:
        for offer in by_area.get(need.area, ()):
            result = pairs.score(need, offer, at=at)
            if isinstance(result, Eligible) and supply.may_meet(need, offer):
                found[need.public_id, offer.public_id] = result
    return found


def _member(need: Need, round_: MatchingRound) -> dict[str, Any]:
    # The mark keeps anybody from rebuilding the document with a pair more or less and comparing the shown hash.
    mark = salted_hmac("apps.mentoring.round", round_.public_id).hexdigest()[:16]
    priority = min(MOST_PRIORITY, int(need.priority) // PRIORITY_STEP)
    return {"id": need.public_id, "demand": 1, "priority": priority, "groups": [f"round-{mark}"]}


def _key(proposal: Proposal) -> tuple[str, str]:
    return proposal.need.public_id, proposal.offer.public_id


def _links(keys: set[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"member": need, "mentor": offer} for need, offer in sorted(keys)]
