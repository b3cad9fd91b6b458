"""What every scoring method answers for. One way in: the engine knows no method by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from apps.scoring.lifts import HeldBack, Lift
from apps.scoring.model import FrameworkSpec, MethodRef
from apps.scoring.parts import Coverages, ScoreSet, Shares
from apps.scoring.plan import Plan
from apps.scoring.priorities import IndicatorResult
from apps.scoring.sheet import Sheet

Basis = Literal["claimed", "evidenced"]
BASES: tuple[Basis, ...] = ("claimed", "evidenced")
Unit = Literal["points", "level", "sum", "percent", "stage", "profile"]
Step = dict[str, Any]
Explained = dict[str, Any]
OTHER_WEIGHT = Fraction(1)
PARAMETERS = ("implemented_at", "stages", "profiles")
# Whole percents of what applies, below which a score is provisional.
COMPLETE_OVERALL, COMPLETE_IN_PART = 90, 75


@dataclass(frozen=True, slots=True)
class Measure:
    """What the values of a method are: their unit, their ends, and the decimals they are shown with."""

    unit: Unit
    lowest: Fraction
    highest: Fraction
    decimals: int


@dataclass(frozen=True, slots=True)
class Case:
    """One assessment with everything that was counted, for what is worked out only when somebody asks."""

    plan: Plan
    sheet: Sheet
    claimed: ScoreSet
    evidenced: ScoreSet
    indicators: Sequence[IndicatorResult]

    def scores(self, basis: Basis) -> ScoreSet:
        return self.claimed if basis == "claimed" else self.evidenced

    def levels(self, basis: Basis) -> list[int]:
        return self.sheet.claimed if basis == "claimed" else self.sheet.evidenced


class Method(ABC):
    """One method of one version. A published version never changes."""

    ref: MethodRef
    uses: frozenset[str] = frozenset()
    has_values = True
    takes_not_applicable = True

    def default_weight(self, *, key: bool) -> Fraction:
        """Return the weight of an indicator that the framework gives none."""
        return OTHER_WEIGHT

    def label_names(self, framework: FrameworkSpec) -> tuple[str, ...]:
        """Return the names that labels are written with, from 0 up."""
        return framework.scale.names

    def faults(self, framework: FrameworkSpec) -> list[str]:
        """Return why this method cannot score the framework; empty when it can."""
        given = framework.parameters
        unused = [name for name in PARAMETERS if getattr(given, name) and name not in self.uses]
        faults = [
            f"framework.method.parameters.{name}: {self.ref.name} has no such parameter" for name in unused
        ]
        if framework.tiers and not self.has_values:
            faults.append(f"framework.tiers: {self.ref.name} gives no overall value that a tier could name")
        return faults

    @abstractmethod
    def measure(self, framework: FrameworkSpec) -> Measure:
        """Return what the values of this framework are."""

    @abstractmethod
    def score_set(self, plan: Plan, sheet: Sheet, levels: Sequence[int], coverages: Coverages) -> ScoreSet:
        """Score every area, every dimension and the whole with `levels`, claimed or evidenced."""

    def shares(self, case: Case) -> Shares | None:
        """Return what one unit of each counted indicator adds; None where a method has no values."""
        return None

    def outcome(self, case: Case, basis: Basis) -> dict[str, Any] | None:
        """Return, as JSON-able data, what a method says that has no values; None for the others."""
        return None

    @abstractmethod
    def explain(self, case: Case, basis: Basis) -> Explained:
        """Return the steps of the whole, of every dimension and of every area, as JSON-able data."""

    @abstractmethod
    def lifts(self, case: Case) -> tuple[Lift, ...]:
        """Return the exact gain of each single step of one level, the largest evidenced gain first."""

    @abstractmethod
    def held_back(self, case: Case) -> tuple[HeldBack, ...]:
        """Return what holds back the whole, each dimension and each area that has anything counted."""
