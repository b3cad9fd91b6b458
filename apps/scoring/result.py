"""The result of one scoring: every figure that any page, report or file may show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from apps.scoring.documents import document_of
from apps.scoring.hashing import hash_of_inputs
from apps.scoring.interface import BASES, Basis, Case, Measure, Method
from apps.scoring.lifts import HeldBack, Lift
from apps.scoring.model import Answer, FrameworkSpec, Unanswered
from apps.scoring.parts import ScoreSet, Shares
from apps.scoring.plan import plan_of
from apps.scoring.priorities import IndicatorResult, Priorities, indicator_results, priorities_of
from apps.scoring.sheet import NOT_APPLICABLE, Sheet


@dataclass(frozen=True)
class ScoreResult:
    """Claimed and evidenced scores side by side, what to do first, and why.

    Scores and coverage are counted at once; everything else is worked out when it is first asked for.
    `answers`, `own_targets` and `track` are what was scored.
    """

    framework: FrameworkSpec
    method: Method
    on: date
    answers: Mapping[str, Answer]
    own_targets: Mapping[str, int]
    track: int
    sheet: Sheet
    claimed: ScoreSet
    evidenced: ScoreSet

    @cached_property
    def given(self) -> dict[str, Answer]:
        """The answer to every indicator, in the order of the framework."""
        return {i.code: self.answers.get(i.code, Unanswered()) for i in self.framework.indicators}

    @cached_property
    def targets(self) -> dict[str, int]:
        """The wanted level of every indicator, on its own scale."""
        return {
            i.code: self.own_targets.get(i.code, self.framework.own_level(i, self.track))
            for i in self.framework.indicators
        }

    @cached_property
    def indicators(self) -> tuple[IndicatorResult, ...]:
        """What was found out about every indicator, in the order of the framework."""
        levels = zip(plan_of(self.framework).codes, self.sheet.kinds, self.sheet.evidenced, strict=True)
        evidenced = {code: level for code, kind, level in levels if kind < NOT_APPLICABLE}
        return indicator_results(self.framework, self.given, evidenced, targets=self.targets, on=self.on)

    @cached_property
    def priorities(self) -> Priorities:
        """The four lists of work."""
        return priorities_of(self.indicators)

    @cached_property
    def case(self) -> Case:
        """Everything that was counted, as the method wants it."""
        return Case(
            plan=plan_of(self.framework),
            sheet=self.sheet,
            claimed=self.claimed,
            evidenced=self.evidenced,
            indicators=self.indicators,
        )

    @cached_property
    def lifts(self) -> tuple[Lift, ...]:
        """The exact gain of each single step of one level, the largest evidenced gain first."""
        return self.method.lifts(self.case)

    @cached_property
    def held_back(self) -> tuple[HeldBack, ...]:
        """What holds back the whole, each dimension and each area."""
        return self.method.held_back(self.case)

    @cached_property
    def shares(self) -> Shares | None:
        """What one unit of each counted indicator adds; None in a method without values."""
        return self.method.shares(self.case)

    @cached_property
    def measure(self) -> Measure:
        """The unit of the values, their ends, and the decimals they are shown with."""
        return self.method.measure(self.framework)

    @cached_property
    def input_hash(self) -> str:
        """The SHA-256, in hexadecimal, of the canonical JSON of everything that went in."""
        return hash_of_inputs(self.framework, self.given, targets=self.targets, on=self.on)

    def outcome(self, basis: Basis) -> dict[str, Any] | None:
        """Return what a method says that has no values, as JSON-able data; None for the others."""
        return self.method.outcome(self.case, basis)

    def explanation(self) -> dict[str, Any]:
        """Return the steps of every score on both bases, as JSON-able data."""
        return {basis: self.method.explain(self.case, basis) for basis in BASES}

    def as_document(self) -> dict[str, Any]:
        """Return the result as JSON-able data: lists in framework order, exact values as "p/q" strings."""
        return document_of(self)
