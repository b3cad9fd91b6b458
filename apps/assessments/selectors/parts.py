"""Rows of a result page, made from a stored document. Figures are read, never computed; words come from the framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from apps.assessments.selectors.yardstick import Yardstick, site_yardstick
from apps.core.charts.marks import HIGHEST, shade_of
from apps.scoring.display import is_material, rounded

Document = Mapping[str, Any]
STATES = ("rated", "unknown", "not_applicable", "unanswered")


@dataclass(frozen=True, slots=True)
class PartRow:
    """The whole, a dimension or an area: its step on the yardstick (None: not assessed) and its value in the unit of it.

    `now` and `score` are evidenced; the claimed ones stand beside them. `*_exact` are "numerator/denominator".
    `low` and `high` are values with the unanswered at their lowest and at their highest level. `change` is signed, since
    last time. `share` and `goal_share` are percents of what is possible, for drawing. `says` is where it stands, short.
    `peers` is the middle half of other organisations in levels, where a page has it.
    """

    code: str
    name: str
    prev: int | None
    now: int | None
    goal: int | None
    claimed: int | None
    now_name: str
    score: str
    score_exact: str
    claimed_score: str
    claimed_exact: str
    low: str
    high: str
    change: str
    material: bool
    foundation: int | None
    provisional: bool
    answered: int
    unknown: int
    not_applicable: int
    unanswered: int
    applicable: int
    with_evidence: int
    completeness: str
    tier: str = ""
    possible: str = ""
    share: float | None = None
    goal_score: str = ""
    goal_share: float | None = None
    says: str = ""
    claimed_says: str = ""
    url: str = ""
    peers: tuple[float, float] | None = None

    @property
    def known(self) -> bool:
        """Whether there is anything to say about it."""
        return self.now is not None or self.share is not None

    @property
    def has_goal(self) -> bool:
        return self.goal is not None or self.goal_share is not None

    @property
    def at_goal(self) -> bool:
        """Whether the step, or where there are none the value, is the wanted one or more."""
        if self.now is not None and self.goal is not None:
            return self.now >= self.goal
        return self.share is not None and self.goal_share is not None and self.share >= self.goal_share


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator as a square, coloured by `shade` 0–5. `moved` is "up", "down" or "" against the result before."""

    code: str
    name: str
    level: int | None
    shade: int
    claimed: int | None
    state: str
    moved: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SquareRow:
    """The squares of one area; `group` rows carry the name of a dimension only."""

    code: str
    name: str
    cells: tuple[Cell, ...] = ()
    group: bool = False
    url: str = ""


def state_label(state: str) -> str:
    """The words for an indicator without a level."""
    return {
        "unknown": _("Not known"),
        "not_applicable": _("Does not apply"),
        "unanswered": _("Not answered"),
    }.get(state, "")


def parts_by_code(document: Document, basis: str) -> dict[str, Document]:
    """Every part of a score set by code: "overall", dimensions and areas."""
    scores = document[basis]
    return {part["code"]: part for part in (scores["overall"], *scores["dimensions"], *scores["areas"])}


def level_in(part: Document | None, name: str = "label") -> int | None:
    """The level of a part, or None."""
    found = part and part.get(name)
    return int(found["level"]) if found else None


def display(figure: Document | None, key: str = "display") -> str:
    """A figure as shown, or exactly; empty where there is nothing to show."""
    return str(figure[key]) if figure else ""


def part_row(
    code: str,
    name: str,
    document: Document,
    *,
    yardstick: Yardstick,
    before: Document | None = None,
    goal: Document | None = None,
    over: Document | None = None,
    url: str = "",
) -> PartRow:
    """One row. `before` is the previous document when it may be compared; `goal` the part with every target reached.

    `over` is this result over what is comparable, when that is not all of it: the change is counted from there.
    """
    part, claimed = parts_by_code(document, "evidenced")[code], parts_by_code(document, "claimed")[code]
    prev = parts_by_code(before, "evidenced").get(code) if before else None
    same = parts_by_code(over or document, "evidenced").get(code) or {}
    change, material = change_of(same.get("value"), prev.get("value") if prev else None, yardstick)
    coverage = part["coverage"]
    return PartRow(
        code=code,
        name=name,
        prev=yardstick.rank(prev),
        now=yardstick.rank(part),
        goal=yardstick.rank(goal),
        claimed=yardstick.rank(claimed),
        now_name=yardstick.step(yardstick.rank(part)),
        score=display(part["value"]),
        score_exact=display(part["value"], "exact"),
        claimed_score=display(claimed["value"]),
        claimed_exact=display(claimed["value"], "exact"),
        low=display(part["low"]),
        high=display(part["high"]),
        change=change,
        material=material,
        foundation=level_in(part, "foundation"),
        provisional=bool(part["provisional"]),
        answered=coverage["answered"],
        unknown=coverage["unknown"],
        not_applicable=coverage["not_applicable"],
        unanswered=coverage["unanswered"],
        applicable=coverage["applicable"],
        with_evidence=coverage["with_evidence"],
        completeness=display(coverage["completeness_percent"]),
        tier=str(part["tier"]["name"]) if part.get("tier") and yardstick.has_values else "",
        possible=display(part.get("possible")),
        share=yardstick.share(part),
        goal_score=yardstick.value(goal["value"]) if goal else "",
        goal_share=yardstick.share(goal),
        says=yardstick.says(part),
        claimed_says=yardstick.says(claimed),
        url=url,
    )


def change_of(
    now: Document | None, before: Document | None, yardstick: Yardstick | None = None
) -> tuple[str, bool]:
    """The signed change in the unit of the yardstick as shown, and whether it is material (2 of 100 or more).

    Without a yardstick it is in points.
    """
    yardstick = yardstick or site_yardstick()
    if not now or not before:
        return "", False
    change = Fraction(now["exact"]) - Fraction(before["exact"])
    shown, whole = rounded(change, yardstick.decimals), Fraction(yardstick.highest)
    return (f"+{shown}" if change > 0 else shown), bool(whole) and is_material(100 * change / whole)


def moved(now: int | None, before: int | None) -> str:
    """Which way an evidenced level went."""
    if now is None or before is None or now == before:
        return ""
    return "up" if now > before else "down"


def cell_of(row: Document, before: Document | None, name: str, url: str = "") -> Cell:
    """One indicator row of a document as a square."""
    return Cell(
        code=row["code"],
        name=name,
        level=row["evidenced"] if row["state"] == "rated" else None,
        shade=shade_of(row["evidenced"] or 0, row.get("highest", HIGHEST)),
        claimed=row["claimed"] if row["state"] == "rated" else None,
        state=state_label(row["state"]),
        moved=moved(row["evidenced"], before["evidenced"] if before else None),
        url=url,
    )
