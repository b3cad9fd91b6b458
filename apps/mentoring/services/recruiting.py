"""Which mentor to recruit next: found by solving the round again with one mentor more."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median_low
from typing import Any

from apps.matching import Answer, Eligible, OfferFacts, parse_problem, score_pair
from apps.matching.prices import Newcomer, gains
from apps.matching.problem import Mentor, Pair, decimal_text
from apps.mentoring.models import Need
from apps.mentoring.selectors import pairs
from apps.mentoring.services.problem import Draft

MOST_KINDS = 6
MOST_PAIRS = 20_000
SHOWN = 3
USUAL_PLACES = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """A mentor in an area who works in a language, two levels above every request of the kind where the levels allow it."""

    area: str
    language: str
    level: int
    offset_minutes: int
    hours: int

    @property
    def facts(self) -> OfferFacts:
        """As the engine reads an offer: both ways of working, the hours asked for, nothing in common beyond the language."""
        modes = frozenset({"remote", "visit"})
        return OfferFacts(
            self.area,
            self.level,
            frozenset({self.language}),
            modes,
            utc_offset_minutes=self.offset_minutes,
            hours=self.hours,
        )


def recruits(
    made: Draft, document: dict[str, Any], answer: Answer, *, at: datetime
) -> list[dict[str, object]]:
    """At most three kinds of mentor that would serve more requests or lift the worst off, the most useful first.

    `document` is the one that `answer` belongs to. A round too large to solve a few times more gets none.
    """
    if len(document["pairs"]) > MOST_PAIRS:
        return []
    waiting = {row.member for row in answer.unmatched}
    needs = [n for n in made.supply.needs if not n.missing]
    places = median_low([o.places for o in made.supply.offers] or [USUAL_PLACES]) or 1
    found = [(kind, _newcomer(kind, needs, places, at=at)) for kind in _kinds(needs, waiting, at=at)]
    by_id = {newcomer.mentor.id: kind for kind, newcomer in found}
    names = {n.area: n.area_name for n in needs}
    useful = [
        gain
        for gain in gains(parse_problem(document), [newcomer for _kind, newcomer in found])
        if gain.places > 0 or (gain.worst_off or 0) > 0
    ]
    return [
        {
            "area": by_id[g.mentor].area, "area_name": names[by_id[g.mentor].area],
            "language": by_id[g.mentor].language, "level": by_id[g.mentor].level, "places": places,
            "served": g.places, "worst_off": decimal_text(g.worst_off or Decimal()),
        }
        for g in useful[:SHOWN]
    ]  # fmt: skip


def _kinds(needs: list[Need], waiting: set[str], *, at: datetime) -> list[Kind]:
    """Areas and first languages of the requests, those that most are left over in first."""
    left: Counter[tuple[str, str]] = Counter()
    grouped: dict[tuple[str, str], list[Need]] = {}
    for need in needs:
        if need.languages and need.now_level + 2 <= pairs.HIGHEST_LEVEL:
            key = (need.area, need.languages[0])
            grouped.setdefault(key, []).append(need)
            left[key] += need.public_id in waiting
    chosen = sorted(grouped, key=lambda key: (-left[key], min(n.now_level for n in grouped[key]), key))
    return [_kind(key, grouped[key], at=at) for key in chosen[:MOST_KINDS]]


def _kind(key: tuple[str, str], needs: list[Need], *, at: datetime) -> Kind:
    level = min(pairs.HIGHEST_LEVEL, max(n.now_level for n in needs) + 2)
    offset = median_low([pairs.offset_minutes(n.member, at) for n in needs])
    return Kind(*key, level, offset, max(n.hours_per_month for n in needs))


def _newcomer(kind: Kind, needs: list[Need], places: int, *, at: datetime) -> Newcomer:
    name = f"new:{kind.area}:{kind.language}"
    scored = ((n, score_pair(pairs.need_facts(n, at=at), kind.facts)) for n in needs if n.area == kind.area)
    rows = (Pair(n.public_id, name, s.score) for n, s in scored if isinstance(s, Eligible))
    return Newcomer(Mentor(name, places), tuple(rows))
