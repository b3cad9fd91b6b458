"""The estimators: what changed, and how much of it mentoring explains, each with an interval or a reason for none.

Members are served because they score low, and a low score is partly bad luck that the next result does not repeat.
A plain before and after therefore promises an effect where there is none. Both comparisons here hold the starting
level fixed: areas that were mentored are compared with areas that stood as low and were not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

from apps.intervals import t_95
from apps.uplift.observed import Floats, Observation, Table, tabulate

FEWEST = 5
_TINY = 1e-9


class Missing(StrEnum):
    """Why there is no figure."""

    TOO_FEW_MENTORED = "too-few-mentored"
    TOO_FEW_TO_COMPARE = "too-few-to-compare"
    NOTHING_ALIKE = "nothing-alike"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A change in levels with its 95 % interval, from `members` mentored members with `areas` mentored areas.

    Where `missing` says why there is no figure, the three figures are None. `compared` counts members on the other side.
    """

    value: float | None
    low: float | None
    high: float | None
    members: int
    areas: int
    compared: int = 0
    missing: Missing | None = None

    @property
    def shows_effect(self) -> bool:
        """Whether the whole interval lies above nothing."""
        return self.low is not None and self.low > 0


def plain_change(observations: Iterable[Observation]) -> Estimate:
    """The mean change of mentored areas, with nothing to compare: what was claimed or validated, never an effect."""
    table = tabulate(observations)
    mentored = table.keep(table.mentored > 0)
    members, areas = mentored.sizes
    if members < FEWEST:
        return _none(members, areas, 0, Missing.TOO_FEW_MENTORED)
    return _fit(np.ones((areas, 1)), mentored, members, areas, 0)


def difference_in_differences(observations: Iterable[Observation]) -> Estimate:
    """Change of mentored areas less the change of other areas of the same members that began as low."""
    table = tabulate(observations)
    mentored = np.unique(table.member[table.mentored > 0])
    inside = table.keep(np.isin(table.member, mentored) & ~table.waiting)
    members, areas = inside.sizes
    if members < FEWEST:
        return _none(members, areas, 0, Missing.TOO_FEW_MENTORED)
    others = len(np.unique(inside.member[inside.mentored == 0]))
    if others < FEWEST:
        return _none(members, areas, others, Missing.TOO_FEW_TO_COMPARE)
    columns = np.column_stack([inside.mentored, *_starting(inside)])
    centred, change = _within(columns, inside), _within(inside.change[:, None], inside)[:, 0]
    return _fit(centred, inside, members, areas, others, change)


def against_waiting(observations: Iterable[Observation]) -> Estimate:
    """Change of mentored areas less the change of areas that asked, began as low, and waited.

    Members that are weak all over are served first, so the member's own usual level is held fixed as well.
    """
    table = tabulate(observations)
    asked = table.keep((table.mentored > 0) | table.waiting)
    members, areas = asked.sizes
    waiting = len(np.unique(asked.member[asked.waiting]))
    if members < FEWEST:
        return _none(members, areas, waiting, Missing.TOO_FEW_MENTORED)
    if waiting < FEWEST:
        return _none(members, areas, waiting, Missing.TOO_FEW_TO_COMPARE)
    columns = np.column_stack([asked.mentored, np.ones(len(asked.change)), asked.usual, *_starting(asked)])
    return _fit(columns, asked, members, areas, waiting)


def _starting(table: Table) -> list[Floats]:
    """The starting level as a line and as steps, so that no shape of the way back to the mean is mistaken for an effect."""
    steps = np.floor(table.before + 0.5)
    present = np.unique(steps)[1:]
    return [table.before, *[(steps == step).astype(np.float64) for step in present]]


def _within(columns: Floats, table: Table) -> Floats:
    """Columns less their member's mean: what is the same over a member's areas cannot explain a difference among them."""
    count = len(table.members)
    sizes = np.maximum(np.bincount(table.member, minlength=count), 1)[:, None]
    totals = np.zeros((count, columns.shape[1]))
    np.add.at(totals, table.member, columns)
    return np.asarray(columns - (totals / sizes)[table.member], dtype=np.float64)


def _fit(
    columns: Floats, table: Table, members: int, areas: int, compared: int, change: Floats | None = None
) -> Estimate:
    """Least squares for the first column, with an interval from leaving out one member at a time.

    Answers of one member belong together, so members, not areas, are what the interval counts.
    """
    target = table.change if change is None else change
    present, group = np.unique(table.member, return_inverse=True)
    width, count = columns.shape[1], len(present)
    squares, products = np.zeros((count, width, width)), np.zeros((count, width))
    np.add.at(squares, group, columns[:, :, None] * columns[:, None, :])
    np.add.at(products, group, columns * target[:, None])
    values = _first(
        np.concatenate([squares.sum(0)[None], squares.sum(0) - squares]),
        np.concatenate([products.sum(0)[None], products.sum(0) - products]),
    )
    if values is None:
        return _none(members, areas, compared, Missing.NOTHING_ALIKE)
    whole = float(values[0])
    half = t_95(count - 1) * sqrt((count - 1) / count * float(((values[1:] - whole) ** 2).sum()))
    return Estimate(whole, whole - half, whole + half, members, areas, compared)


def _first(squares: Floats, products: Floats) -> Floats | None:
    """The first coefficient of each of many fits (normal equations, one a row).

    None where the other columns explain the first one wholly: nothing alike was left to compare with.
    """
    rest, cross = squares[:, 1:, 1:], squares[:, 1:, 0]
    weights = np.einsum("nij,nj->ni", np.linalg.pinv(rest, rcond=_TINY, hermitian=True), cross)
    left = squares[:, 0, 0] - np.einsum("ni,ni->n", cross, weights)
    if np.any(left <= _TINY * np.maximum(1.0, squares[:, 0, 0])):
        return None
    return np.asarray(
        (products[:, 0] - np.einsum("ni,ni->n", weights, products[:, 1:])) / left, dtype=np.float64
    )


def _none(members: int, areas: int, compared: int, why: Missing) -> Estimate:
    return Estimate(None, None, None, members, areas, compared, why)
