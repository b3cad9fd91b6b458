"""The roll-up of `rollup.py` for very many organisations: the same tallies, counted in whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.scoring.bulk.denominators import NotInBulk
from apps.scoring.bulk.scores import BulkScores, Flags
from apps.scoring.bulk.tables import Whole
from apps.scoring.rollup import REACHED, RollUp, SectorReach, Tally, area_roll_up

HIGHEST = 100


@dataclass(frozen=True, slots=True)
class BulkOrganisations:
    """Who the assessments belong to, one entry for each column of the scores.

    `sector` (uint8) holds places in `sectors`, whose codes are sorted; `weight` (uint8) is the criticality 3, 2
    or 1; `designated` says whom the nation counts among its operators.
    """

    sectors: tuple[str, ...]
    sector: NDArray[np.uint8]
    weight: NDArray[np.uint8]
    designated: Flags


@dataclass(frozen=True, slots=True)
class Sums:
    """int64 areas × groups, or areas × 1 for everybody: organisations with a value, Σ c, largest c, Σ c·points, 60 or more.

    Points are numerators over the plan's denominator.
    """

    organisations: Whole
    weight: Whole
    heaviest: Whole
    total: Whole
    reached: Whole

    def together(self) -> Sums:
        """Return the sums of everybody."""
        return Sums(
            self.organisations.sum(axis=1, keepdims=True),
            self.weight.sum(axis=1, keepdims=True),
            self.heaviest.max(axis=1, keepdims=True, initial=0),
            self.total.sum(axis=1, keepdims=True),
            self.reached.sum(axis=1, keepdims=True),
        )


@dataclass(frozen=True, slots=True)
class BulkTallies:
    """Everything the roll-up of a nation is made of. It holds unprotected figures: show only `roll_up`.

    `ordered` (areas × members, −1 for no value) has the members by sector; those of each begin at `starts`.
    """

    areas: tuple[str, ...]
    sectors: tuple[str, ...]
    denominator: int
    by_sector: Sums
    reach: tuple[SectorReach, ...]
    ordered: Whole
    starts: Whole

    def roll_up(self, nation: Mapping[str, Fraction]) -> RollUp:
        """Return the roll-up, equal to the exact one; `nation` holds the nation's own points by area code."""
        sectors = self._tallies(self.by_sector, self.starts)
        everyone = self._tallies(self.by_sector.together(), np.zeros(1, np.int64))
        rolled = [
            area_roll_up(
                area,
                {code: tally for code, tally in zip(self.sectors, row, strict=True) if tally},
                together[0],
                nation=nation,
            )
            for area, row, together in zip(self.areas, sectors, everyone, strict=True)
        ]
        return RollUp(tuple(rolled), self.reach)

    def _tallies(self, sums: Sums, starts: Whole) -> list[list[Tally | None]]:
        """Return every cell, by area and group, as the exact roll-up has it; None where nobody has a value."""
        quartiles = _quartiles(self.ordered, sums.organisations, starts)
        counted = (sums.organisations, sums.weight, sums.heaviest, sums.total, sums.reached, *quartiles)
        columns = [column.tolist() for column in counted]
        return [
            [_tally(numbers, self.denominator) for numbers in zip(*area, strict=True)]
            for area in zip(*columns, strict=True)
        ]


def _tally(numbers: Sequence[int], denominator: int) -> Tally | None:
    organisations, weight, heaviest, total, reached, quarters, below, above = numbers
    if not organisations:
        return None
    quartile = Fraction(4 * below + quarters * (above - below), 4 * denominator)
    return Tally(organisations, weight, heaviest, Fraction(total, denominator), reached, quartile)


def roll_up_in_bulk(scores: BulkScores, organisations: BulkOrganisations) -> BulkTallies:
    """Count the organisations of one nation by area and sector.

    Raises `NotInBulk` when their weighted sum would not fit into 63 bits; `rollup.roll_up` then takes them.
    """
    plan = scores.plan
    largest = int(organisations.weight.sum(dtype=np.int64)) * HIGHEST * plan.denominator
    if largest > np.iinfo(np.int64).max:
        raise NotInBulk(f"{len(scores)} organisations sum up to more than 63 bits")
    # Members of one sector and one weight stand together, so that weights multiply sums and not members.
    kind = organisations.sector.astype(np.uint16) << 8 | organisations.weight
    order = np.argsort(kind, kind="stable")
    kinds, starts = np.unique(kind[order], return_index=True)
    present, first = np.unique(kinds >> 8, return_index=True)
    marked = scores.figures().marked
    areas = marked[: len(plan.exact.areas)].take(order, axis=1)
    return BulkTallies(
        areas=plan.exact.areas,
        sectors=tuple(organisations.sectors[place] for place in present),
        denominator=plan.denominator,
        by_sector=_sums(areas, starts, kinds & 0xFF, first, reached=REACHED * plan.denominator),
        reach=tuple(_reach(organisations, marked[-1] >= 0, present)),
        ordered=areas,
        starts=starts[first],
    )


def _sums(areas: Whole, starts: Whole, weight: Whole, first: Whole, *, reached: int) -> Sums:
    """Count every sector: its columns of one weight begin at `starts`, their groups at `first` among these."""
    there = _summed((areas >= 0).astype(np.int32), starts)
    missing = np.diff(starts, append=areas.shape[1]) - there
    # Every missing value was added as −1.
    total = _summed(areas.astype(np.int64), starts) + missing
    most = _summed((areas >= reached).astype(np.int32), starts)
    heaviest = np.where(there > 0, weight, 0)
    return Sums(
        organisations=_summed(there, first),
        weight=_summed(there * weight, first),
        heaviest=np.maximum.reduceat(heaviest, first, axis=1) if len(first) else heaviest,
        total=_summed(total * weight, first),
        reached=_summed(most, first),
    )


def _summed(values: NDArray[Any], starts: Whole) -> Whole:
    """Return the sum of every group in the type of `values`: changing it on the way is several times slower."""
    if not len(starts):
        return np.zeros((len(values), 0), np.int64)
    summed: Whole = np.add.reduceat(values, starts, axis=1)
    return summed


def _quartiles(areas: Whole, organisations: Whole, starts: Whole) -> tuple[Whole, Whole, Whole]:
    """Return quarters, below and above for every area and group, as `rollup.lower_quartile` places them."""
    last = np.maximum(organisations - 1, 0)
    places, quarters = np.divmod(last, 4)
    nexts = np.minimum(places + 1, last)
    below, above = np.zeros_like(places), np.zeros_like(places)
    # Read without a sign, −1 for "no value" is the largest number there is and is sorted behind all others.
    unsigned = areas.view(f"u{areas.itemsize}")
    for group, columns in enumerate(np.split(unsigned, starts[1:], axis=1)):
        if columns.shape[1]:
            below[:, group], above[:, group] = _at_places(columns, places[:, group], nexts[:, group])
    return quarters, below, above


def _at_places(columns: NDArray[Any], places: Whole, nexts: Whole) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what stands at two places of each row when it is sorted, sorting no more than needed."""
    last = int(nexts.max())
    lowest = np.sort(np.partition(columns, last, axis=1)[:, : last + 1], axis=1)
    rows = np.arange(len(columns))
    return lowest[rows, places], lowest[rows, nexts]


def _reach(
    organisations: BulkOrganisations, scored: Flags, present: NDArray[np.uint16]
) -> Iterator[SectorReach]:
    size = len(organisations.sectors)
    designated = np.bincount(organisations.sector[organisations.designated], minlength=size)
    answered = np.bincount(organisations.sector[organisations.designated & scored], minlength=size)
    for place in present:
        yield SectorReach(organisations.sectors[place], int(designated[place]), int(answered[place]))
