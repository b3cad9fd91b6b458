"""Rows of an assessment report: squares, indicators, figures of parts, chapters, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.reports.documents.worklist import WorkRow
from apps.reports.selectors import Seal


@dataclass(frozen=True, slots=True)
class Cell:
    """One square: `level` is the evidenced level or None, `state` says why there is none, `moved` up, down or "".

    `shade` (0–5) picks its colour.
    """

    code: str
    level: int | None
    shade: int
    state: str
    moved: str


@dataclass(frozen=True, slots=True)
class SquareRow:
    """One area with its squares, or the heading of a dimension when `group` is true."""

    name: str
    code: str = ""
    group: bool = False
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    code: str
    name: str
    key: bool
    state: str
    claimed: int | None
    claimed_shade: int
    evidenced: int | None
    shade: int
    grade: str
    target: str
    priority: str


@dataclass(frozen=True, slots=True)
class PartFigures:
    """The figures of the whole, a dimension or an area, as displayed. Empty text where there is no value.

    `level` is its step on the yardstick; `most` what is possible, with its unit.
    """

    code: str
    name: str
    level: int | None
    shade: int
    level_name: str
    tier: str
    most: str
    share: float | None
    evidenced: str
    claimed: str
    answered: int
    applicable: int
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class AreaPart:
    figures: PartFigures
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One dimension. `number` counts from 1, `finding` says why it stands there, `steps` what to do first in it."""

    number: int
    figures: PartFigures
    areas: tuple[AreaPart, ...]
    finding: str = ""
    steps: tuple[WorkRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What an auditor needs to check the report: the exact method and inputs."""

    framework: str
    method: str
    input_hash: str
    result: str
    on: date
    status: str
    seal: Seal | None
