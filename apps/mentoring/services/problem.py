"""The problem document of a round, built from requests, offers and the manager's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils.crypto import salted_hmac

from apps.matching import Answer, Eligible, Problem, parse_problem, solve
from apps.matching.progress import Tell, quiet
from apps.mentoring.choices import Decision, RoundMode, RoundState, Side
from apps.mentoring.models import MatchingRound, Need, Offer, Proposal
from apps.mentoring.selectors import pairs

MOST_PRIORITY = 100
PRIORITY_STEP = 10
SOLVES, SOLVES_OF_LARGE, MOST_PAIRS_THRICE = 3, 2, 2000
Solved = tuple[dict[str, Any], Answer]


@dataclass(frozen=True, slots=True)
class Draft:
    """A problem document with the rows and scores that it was made from.

    `scores` holds the pairs that may meet, `apart` those that fit by their facts and may not.
    """

    document: dict[str, Any]
    supply: pairs.Supply
    scores: dict[tuple[str, str], Eligible]
    apart: frozenset[tuple[str, str]]
    stars: Mapping[tuple[str, str], pairs.Stars] = field(default_factory=dict)

    def reasons(self, need: Need, offer: Offer, *, at: datetime) -> list[dict[str, Any]]:
        """The factors of a pair that may meet with the fact under each."""
        key = need.public_id, offer.public_id
        stars = self.stars.get(key, pairs.UNSAID)
        return pairs.reasons(need, offer, self.scores[key], at=at, stars=stars)

    def row_of(self, need: str, offer: str) -> tuple[Need, Offer]:
        """The rows behind two ids of the document."""
        needs = {n.public_id: n for n in self.supply.needs}
        offers = {o.public_id: o for o in self.supply.offers}
        return needs[need], offers[offer]


def draft(round_: MatchingRound, *, at: datetime, only: int | None = None) -> Draft:
    """Build the document: ready requests, and every pair that fits by its facts. `settled` takes out what may not meet.

    `only` is the key of the one request that is paired between rounds.
    """
    supply = pairs.supply_of(round_.programme)
    ready = [need for need in supply.needs if not need.missing and only in (None, need.pk)]
    called = _called(round_)
    fitting = {
        (n.public_id, o.public_id): (n, o, found) for n, o, found in _fitting(ready, supply, called, at=at)
    }
    scores = {key: found for key, (n, o, found) in fitting.items() if supply.may_meet(n, o)}
    decided = list(round_.proposals.select_related("need", "offer"))
    held = {_key(p) for p in decided if pairs.held(p.decision, p.pinned)} & fitting.keys()
    aside = {_key(p) for p in decided if p.decision == Decision.REJECTED} & fitting.keys()
    document = {
        "members": [_member(need, round_) for need in ready],
        "mentors": [{"id": o.public_id, "capacity": supply.free[o.pk], "minimum": 0} for o in supply.offers],
        "pairs": [
            {"member": need, "mentor": offer, "score": f"{found.score:f}", "cost": 1}
            for (need, offer), (_need, _offer, found) in sorted(fitting.items())
        ],
        "locked": _links(held),
        "excluded": _links(aside),
        "objective": "leximin-then-total",
        "floors": [],
    }
    apart = frozenset(fitting.keys() - scores.keys())
    return Draft(without(document, held & apart), supply, scores, apart, called or {})


def _called(round_: MatchingRound) -> dict[tuple[str, str], pairs.Stars] | None:
    """After the shortlists of a round in two stages were sent: the pairs on them with what each side said; else None."""
    if round_.mode != RoundMode.TWO_STAGE or round_.state in (RoundState.COLLECTING, RoundState.SHORTLIST):
        return None
    found: dict[tuple[str, str], pairs.Stars] = {}
    rows = round_.shortlisted.filter(removed=False).select_related("need", "offer").prefetch_related("notes")
    for row in rows:
        said = {note.side: note.stars for note in row.notes.all()}
        found[row.need.public_id, row.offer.public_id] = said.get(Side.MEMBER), said.get(Side.MENTOR)
    return found


class Solver(Protocol):
    """What solves a problem: the engine, or a count of it."""

    def __call__(self, problem: Problem, *, tell: Tell) -> Answer: ...


def settled(made: Draft, *, tell: Tell = quiet, solver: Solver = solve) -> Solved:
    """The document that is kept, and its answer. Raises ProblemFaults or SolverFault.

    A pair that may not meet leaves the document only when the answer would have used it. So a private wish about a
    pair that is not needed changes nothing at all: not the stored problem, its hash, a cause, a price or an explanation.
    The answer is still the best: it is the best of a problem with more pairs, and uses none that may not meet.

    A wish that matters costs one more solve. So that the time taken does not tell of it, every round is solved as often as
    one in which wishes matter, and only the first solve is told of.
    """
    document, solves, found = made.document, 0, None
    least = SOLVES if len(made.document["pairs"]) <= MOST_PAIRS_THRICE else SOLVES_OF_LARGE
    while found is None or solves < least:
        answer = solver(parse_problem(document), tell=tell if not solves else quiet)
        solves += 1
        used = {(pair.member, pair.mentor) for pair in answer.pairs} & made.apart
        if used:
            document = without(document, used)
        else:
            found = document, answer
    return found


def without(document: dict[str, Any], keys: set[tuple[str, str]]) -> dict[str, Any]:
    """The document as though these pairs did not fit."""
    lists = {
        name: [row for row in document[name] if (row["member"], row["mentor"]) not in keys]
        for name in ("pairs", "locked", "excluded")
    }
    return {**document, **lists}


def _fitting(
    needs: Iterable[Need],
    supply: pairs.Supply,
    called: Mapping[tuple[str, str], pairs.Stars] | None,
    *,
    at: datetime,
) -> Iterator[tuple[Need, Offer, Eligible]]:
    """Every pair that fits by its facts, but for one's own offer and stated conflicts of interest; after calls only pairs that were to talk."""
    by_area: dict[str, list[Offer]] = {}
    for offer in supply.offers:
        by_area.setdefault(offer.area, []).append(offer)
    for need in needs:
        for offer in by_area.get(need.area, ()):
            key = need.public_id, offer.public_id
            if called is not None and key not in called:
                continue
            result = pairs.score(need, offer, at=at, stars=(called or {}).get(key, pairs.UNSAID))
            own = need.member_id == offer.member_id
            if isinstance(result, Eligible) and not own and not supply.in_conflict(need, offer):
                yield need, offer, result


def _member(need: Need, round_: MatchingRound) -> dict[str, Any]:
    # The mark keeps anybody from rebuilding the document with a pair more or less and comparing the shown hash.
    mark = salted_hmac("apps.mentoring.round", round_.public_id).hexdigest()[:16]
    priority = min(MOST_PRIORITY, int(need.priority) // PRIORITY_STEP)
    return {"id": need.public_id, "demand": 1, "priority": priority, "groups": [f"round-{mark}"]}


def _key(proposal: Proposal) -> tuple[str, str]:
    return proposal.need.public_id, proposal.offer.public_id


def _links(keys: set[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"member": need, "mentor": offer} for need, offer in sorted(keys)]
