"""The method `threshold-profile` version 1: a profile is passed when each indicator reaches its own minimum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from apps.scoring.display import named_tier
from apps.scoring.gates import GateMethod, counted_places, lowest_levels
from apps.scoring.interface import Basis, Case, Measure, Step
from apps.scoring.model import OVERALL, FrameworkSpec, MethodRef, TargetProfile, Tier
from apps.scoring.parts import PartScore
from apps.scoring.plan import Plan


class ThresholdProfile(GateMethod):
    """The highest profile passed, in the whole and in each part, and which indicators fail each; never an average.

    A higher profile asks at least as much of every indicator as the one before, so that "highest" is clear.
    """

    ref = MethodRef("threshold-profile", 1)
    uses = frozenset({"profiles"})

    def faults(self, framework: FrameworkSpec) -> list[str]:
        place, wanted = "framework.method.parameters.profiles", framework.parameters.profiles
        known = {profile.code for profile in framework.profiles}
        faults = super().faults(framework)
        faults += [
            f"{place}: {code!r} is not a profile of framework {framework.id} at {framework.scope} scope"
            for code in wanted
            if code not in known
        ]
        if not wanted or len(set(wanted)) < len(wanted):
            faults.append(f"{place}: it names the profiles, the lowest first, each once")
        return faults or [f"{place}: {fault}" for fault in _falling(framework)]

    def measure(self, framework: FrameworkSpec) -> Measure:
        return Measure("profile", Fraction(0), Fraction(len(framework.parameters.profiles)), decimals=0)

    def rank(self, plan: Plan, places: Sequence[int], levels: Sequence[int | None]) -> int:
        passed = (
            all(_reaches(levels[place], minimum[place]) for place in places)
            for minimum in minima_of(plan.framework)
        )
        return sum(passed)

    def label_of_rank(self, plan: Plan, rank: int | None) -> int | None:
        return None

    def tier_of_rank(self, plan: Plan, rank: int | None) -> Tier | None:
        if not rank:
            return None
        profile = profiles_of(plan.framework)[rank - 1]
        return Tier(profile.code, profile.name, at_least=Fraction(rank))

    def has_rank(self, code: str) -> bool:
        return True

    def ranked_part_of(self, plan: Plan, place: int) -> str:
        return OVERALL

    def blocking(self, case: Case, places: Sequence[int], rank: int) -> tuple[str, ...]:
        minima = minima_of(case.plan.framework)
        failing = _failing(case, case.sheet.evidenced, places, minima[rank]) if rank < len(minima) else []
        return tuple(case.plan.codes[place] for place in failing)

    def outcome(self, case: Case, basis: Basis) -> dict[str, Any]:
        """Return every profile with what fails it, and the highest one passed."""
        framework, overall = case.plan.framework, case.scores(basis).overall
        places = counted_places(case.plan, case.sheet, OVERALL)
        rows = zip(profiles_of(framework), minima_of(framework), strict=True)
        return {
            "kind": "profiles",
            "profiles": [
                self._row(case, basis, profile, _failing(case, case.levels(basis), places, minimum), minimum)
                for profile, minimum in rows
            ],
            "highest": named_tier(overall.tier),
            "highest_high": named_tier(overall.tier_high),
        }

    def _row(
        self, case: Case, basis: Basis, profile: TargetProfile, failing: Sequence[int], minimum: Sequence[int]
    ) -> dict[str, Any]:
        levels = lowest_levels(case.sheet, case.levels(basis))
        return {
            "id": profile.code,
            "name": profile.name,
            "passed": not failing,
            "failures": [
                {"code": case.plan.codes[place], "level": levels[place], "required": minimum[place]}
                for place in failing
            ],
        }

    def part_steps(self, case: Case, basis: Basis, part: PartScore) -> list[Step]:
        """Return a step a profile: how many minima it sets here, how many are met, which are not."""
        places = counted_places(case.plan, case.sheet, part.code)
        steps: list[Step] = []
        rows = zip(profiles_of(case.plan.framework), minima_of(case.plan.framework), strict=True)
        for profile, minimum in rows:
            failing = _failing(case, case.levels(basis), places, minimum)
            steps.append(
                {
                    "step": "profile",
                    "code": profile.code,
                    "name": profile.name,
                    "indicators": len(places),
                    "met": len(places) - len(failing),
                    "missing": [case.plan.codes[place] for place in failing],
                    "passed": not failing,
                }
            )
        return steps


def profiles_of(framework: FrameworkSpec) -> tuple[TargetProfile, ...]:
    """Return the profiles that the method names, the lowest first."""
    by_code = {profile.code: profile for profile in framework.profiles}
    return tuple(by_code[code] for code in framework.parameters.profiles)


def minima_of(framework: FrameworkSpec) -> tuple[tuple[int, ...], ...]:
    """Return for each profile the lowest passing level of every indicator, on its own scale."""
    minima: tuple[tuple[int, ...], ...] | None = framework.compiled.get("minima")
    if minima is None:
        minima = framework.compiled["minima"] = tuple(
            tuple(framework.target_in(profile, indicator) for indicator in framework.indicators)
            for profile in profiles_of(framework)
        )
    return minima


def _falling(framework: FrameworkSpec) -> Iterator[str]:
    ranked = zip(profiles_of(framework), minima_of(framework), strict=True)
    for (low, lower), (high, higher) in pairwise(ranked):
        for indicator, least, most in zip(framework.indicators, lower, higher, strict=True):
            if most < least:
                yield f"{high.code!r} asks less of {indicator.code} than {low.code!r}"


def _reaches(level: int | None, minimum: int) -> bool:
    return level is not None and level >= minimum


def _failing(case: Case, levels: Sequence[int], places: Sequence[int], minimum: Sequence[int]) -> list[int]:
    lowest = lowest_levels(case.sheet, levels)
    return [place for place in places if not _reaches(lowest[place], minimum[place])]
