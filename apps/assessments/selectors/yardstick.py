"""What the parts of one result are measured with: steps that have names, or values of a unit. Read, never computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from apps.core.charts.marks import HIGHEST, LEVEL_NAMES, shade_of, site_names
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors import book_of, framework_spec

Document = Mapping[str, Any]
POINTS: Document = {
    "unit": "points",
    "lowest": {"exact": "0/1", "display": "0"},
    "highest": {"exact": "100/1", "display": "100"},
    "decimals": 1,
}
"""The measure of results that were stored before documents named theirs."""
NAMED_LEVELS = ("points", "level")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """`steps` name what a part can stand at, from 0 up; empty where parts have values and no names for them.

    `unit` is that of the values: points, level, sum, percent, or stage and profile for methods without values.
    `plain` says that each level counts its own number. `profiles` are the ids of the profiles behind the steps.
    """

    method: str
    unit: str
    lowest: str
    highest: str
    decimals: int
    steps: tuple[str, ...] = ()
    plain: bool = True
    profiles: tuple[str, ...] = ()

    @property
    def has_values(self) -> bool:
        return self.unit not in ("stage", "profile")

    @property
    def top(self) -> int:
        """The highest step."""
        return len(self.steps) - 1 if self.steps else HIGHEST

    def rank(self, part: Document | None) -> int | None:
        """The step of a part of a document; None where it has none."""
        if not part or not self.steps:
            return None
        if not self.profiles:
            return int(part["label"]["level"]) if part.get("label") else None
        if part.get("tier"):
            return self.profiles.index(part["tier"]["id"]) + 1
        coverage = part["coverage"]
        return 0 if coverage["answered"] + coverage["unknown"] else None

    def share(self, part: Document | None) -> float | None:
        """How much of what is possible a part has, in percent, for drawing; None where it has no value."""
        if not part or not part.get("value"):
            return None
        most = Fraction((part.get("possible") or {"exact": "100/1"})["exact"])
        return float(100 * Fraction(part["value"]["exact"]) / most) if most else None

    def step(self, rank: int | None) -> str:
        """The name of a step; empty for none."""
        return "" if rank is None or not self.steps else str(self.steps[rank])

    def says(self, part: Document | None) -> str:
        """Where a part stands, short: a step with its number, a value with its unit; empty for nothing."""
        rank = self.rank(part)
        if rank is not None:
            return self.step(rank) if self.unit == "profile" else f"{rank} {self.step(rank)}"
        return self.value(part.get("value")) if part else ""

    def value(self, figure: Document | None) -> str:
        """A figure with its unit; empty for none."""
        if not figure:
            return ""
        return f"{figure['display']} %" if self.unit == "percent" else str(figure["display"])

    def mark(self, part: Document | None) -> tuple[str, int]:
        """What stands in a small square for a part, and its colour 0–5; an empty text for nothing."""
        rank = self.rank(part)
        if rank is not None:
            return str(rank), shade_of(rank, self.top)
        share = self.share(part)
        if part is None or share is None:
            return "", 0
        return str(part["value"]["display"]), int(share * HIGHEST // 100)


def site_yardstick() -> Yardstick:
    """The one of the shared framework: levels 0–5 and points 0–100."""
    return Yardstick("shared-mean", "points", "0", "100", 1, tuple(map(str, LEVEL_NAMES)))


def yardstick_of(document: Document, version: FrameworkVersion) -> Yardstick:
    """The yardstick of a stored document of this version, in the reader's language where there are words for it."""
    measure = document.get("measure") or POINTS
    unit = str(measure["unit"])
    steps, profiles = _steps(document, version, unit)
    plain = unit != "level" or framework_spec(version, str(document["scope"])).scale.is_plain
    return Yardstick(
        method=str((document.get("method") or {"name": "shared-mean"})["name"]),
        unit=unit,
        lowest=str(measure["lowest"]["display"]),
        highest=str(measure["highest"]["display"]),
        decimals=int(measure["decimals"]),
        steps=steps,
        plain=plain,
        profiles=profiles,
    )


def _steps(
    document: Document, version: FrameworkVersion, unit: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if unit in NAMED_LEVELS:
        return tuple(map(str, site_names([step.name for step in book_of(version).scale]))), ()
    if unit == "stage":
        return framework_spec(version, str(document["scope"])).parameters.stages, ()
    if unit == "profile":
        told = {profile.id: profile.name for profile in book_of(version).profiles}
        rows: Sequence[Document] = document["outcome"]["evidenced"]["profiles"]
        names = [str(told.get(row["id"]) or row["name"]) for row in rows]
        return (_("None yet"), *names), tuple(row["id"] for row in rows)
    return (), ()
