"""Why this pair, why not that one, and what one more place would bring: always by solving again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.matching.answer import objective_value, worst_off
from apps.matching.faults import NoAssignment, ProblemFaults
from apps.matching.problem import Link, Mentor, Problem, decimal_text
from apps.matching.solver import Outcome, optimise


@dataclass(frozen=True, slots=True)
class Factor:
    """What one named fact adds to a score."""

    name: str
    contribution: Decimal

    def as_document(self) -> dict[str, str]:
        return {"name": self.name, "contribution": decimal_text(self.contribution)}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What happens when a pair is forced.

    `loss` is what the objective value loses (less than 0 if it gains, which leximin may allow);
    `worst_off_change` is in points of quality. Both are None unless `possible`.
    An excluded pair reads as not eligible.
    """

    member: str
    mentor: str
    eligible: bool
    already_matched: bool
    possible: bool
    loss: Decimal | None
    worst_off_change: Decimal | None
    released: tuple[Link, ...]
    added: tuple[Link, ...]

    def as_document(self) -> dict[str, object]:
        return {
            "member": self.member,
            "mentor": self.mentor,
            "eligible": self.eligible,
            "already_matched": self.already_matched,
            "possible": self.possible,
            "loss": _text(self.loss),
            "worst_off_change": _text(self.worst_off_change),
            "released": [link.as_document() for link in self.released],
            "added": [link.as_document() for link in self.added],
        }


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What one more unit of capacity at `mentor` changes; `value_gain` above 0 is for the better."""

    mentor: str
    value_gain: Decimal
    worst_off_gain: Decimal | None
    places_gain: int

    def as_document(self) -> dict[str, object]:
        return {
            "mentor": self.mentor,
            "value_gain": decimal_text(self.value_gain),
            "worst_off_gain": _text(self.worst_off_gain),
            "places_gain": self.places_gain,
        }


def explain_score(score: Decimal, contributions: Mapping[str, Decimal]) -> tuple[Factor, ...]:
    """The factors of a score, largest first. Raises ValueError unless they sum to it exactly."""
    found = sum(contributions.values(), Decimal())
    if found != score:
        raise ValueError(f"The factors sum to {decimal_text(found)}, not to {decimal_text(score)}.")
    factors = (Factor(name, value) for name, value in contributions.items())
    return tuple(sorted(factors, key=lambda f: (-f.contribution, f.name)))


def why_not(problem: Problem, member: str, mentor: str) -> WhyNot:
    """Force the pair, solve again and compare. Raises ProblemFaults for an unknown id."""
    _check_ids(problem, member, mentor)
    link = Link(member, mentor)
    pair = problem.eligible_pair(link)
    if pair is None:
        # Before any solving, so that an exclusion does not show in the time taken either.
        return _impossible(link, eligible=False)
    before = optimise(problem)
    if link in links_of(before):
        return WhyNot(member, mentor, True, True, True, Decimal(), Decimal(), (), ())
    if pair.cost > _mentor(problem, mentor).capacity:
        return _impossible(link, eligible=True)
    try:
        after = optimise(replace(problem, locked=problem.locked | {link}))
    except NoAssignment:
        return _impossible(link, eligible=True)
    return _compared(link, before, after)


def shadow_prices(problem: Problem) -> tuple[ShadowPrice, ...]:
    """The gain from one more unit of capacity at each mentor, by solving again, best first.

    With unit costs a unit is a place. Takes one solve per mentor.
    """
    before = optimise(problem)
    prices = [_one_more(problem, before, mentor) for mentor in problem.mentors]
    return tuple(sorted(prices, key=lambda s: (-s.places_gain, -s.value_gain, s.mentor)))


def _one_more(problem: Problem, before: Outcome, mentor: Mentor) -> ShadowPrice:
    larger = replace(mentor, capacity=mentor.capacity + 1)
    mentors = tuple(larger if m.id == mentor.id else m for m in problem.mentors)
    after = optimise(replace(problem, mentors=mentors))
    return ShadowPrice(
        mentor=mentor.id,
        value_gain=before.model.sign * (objective_value(after) - objective_value(before)),
        worst_off_gain=_change(worst_off(before), worst_off(after)),
        places_gain=int(after.chosen.sum()) - int(before.chosen.sum()),
    )


def _compared(link: Link, before: Outcome, after: Outcome) -> WhyNot:
    old, new = links_of(before), links_of(after)
    return WhyNot(
        member=link.member,
        mentor=link.mentor,
        eligible=True,
        already_matched=False,
        possible=True,
        loss=before.model.sign * (objective_value(before) - objective_value(after)),
        worst_off_change=_change(worst_off(before), worst_off(after)),
        released=_ordered(old - new),
        added=_ordered(new - old),
    )


def _impossible(link: Link, *, eligible: bool) -> WhyNot:
    return WhyNot(link.member, link.mentor, eligible, False, False, None, None, (), ())


def _change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def links_of(outcome: Outcome) -> frozenset[Link]:
    """The pairs that an outcome chose."""
    rows = zip(outcome.model.pairs, outcome.chosen, strict=True)
    return frozenset(pair.link for pair, taken in rows if taken)


def _ordered(links: frozenset[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda k: (k.member, k.mentor)))


def _mentor(problem: Problem, name: str) -> Mentor:
    return next(m for m in problem.mentors if m.id == name)


def _check_ids(problem: Problem, member: str, mentor: str) -> None:
    faults = []
    if all(m.id != member for m in problem.members):
        faults.append(f"member: no member has the id {member[:100]!r}.")
    if all(m.id != mentor for m in problem.mentors):
        faults.append(f"mentor: no mentor has the id {mentor[:100]!r}.")
    if faults:
        raise ProblemFaults(faults)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
