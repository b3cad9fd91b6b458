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

    `sector` (uint16) holds places in `sectors`, whose codes are sorted; `weight` (uint8) is the criticality 3, 2
    or 1; `designated` says whom the nation counts among its operators.
    """

    sectors: tuple[str, ...]
    sector: NDArray[np.uint16]
    weight: NDArray[np.uint8]
    designated: Flags


@dataclass(frozen=True, slots=True)
class Tallies:
    """int64 areas × groups, or areas × 1 for everybody: the numbers of a `Tally`.

    Points are numerators over the plan's denominator. The lower quartile stands `quarters` ÷ 4 of the way from
    `below` to `above`. Where no organisation has a value, `organisations` is 0 and the rest means nothing.
    """

    organisations: Whole
    weight: Whole
    heaviest: Whole
    total: Whole
    reached: Whole
    quarters: Whole
    below: Whole
    above: Whole

    def exact(self, denominator: int) -> list[list[Tally | None]]:
        """Return every cell, by area and group, as the exact roll-up has it; None where nobody has a value."""
        columns = [getattr(self, name).tolist() for name in self.__slots__]
        return [
            [_tally(numbers, denominator) for numbers in zip(*area, strict=True)]
            for area in zip(*columns, strict=True)
        ]


def _tally(numbers: Sequence[int], denominator: int) -> Tally | None:
    organisations, weight, heaviest, total, reached, quarters, below, above = numbers
    if not organisations:
        return None
    quartile = Fraction(4 * below + quarters * (above - below), 4 * denominator)
    return Tally(organisations, weight, heaviest, Fraction(total, denominator), reached, quartile)


@dataclass(frozen=True, slots=True)
class BulkTallies:
    """Everything the roll-up of a nation is made of. It holds unprotected figures: show only `roll_up`."""

    areas: tuple[str, ...]
    sectors: tuple[str, ...]
    denominator: int
    by_sector: Tallies
    everyone: Tallies
    reach: tuple[SectorReach, ...]

    def roll_up(self, nation: Mapping[str, Fraction]) -> RollUp:
        """Return the roll-up, equal to the exact one; `nation` holds the nation's own points by area code."""
        sectors, everyone = self.by_sector.exact(self.denominator), self.everyone.exact(self.denominator)
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


def roll_up_in_bulk(scores: BulkScores, organisations: BulkOrganisations) -> BulkTallies:
    """Count the organisations of one nation by area and sector.

    Raises `NotInBulk` when their weighted sum would not fit into 63 bits; `rollup.roll_up` then takes them.
    """
    plan = scores.plan
    largest = int(organisations.weight.sum(dtype=np.int64)) * HIGHEST * plan.denominator
    if largest > np.iinfo(np.int64).max:
        raise NotInBulk(f"{len(scores)} organisations sum up to more than 63 bits")
    order = np.argsort(organisations.sector, kind="stable")
    present, starts = np.unique(organisations.sector[order], return_index=True)
    marked = scores.figures().marked
    areas = marked[: len(plan.exact.areas)].take(order, axis=1)
    by_sector = _tallies(areas, organisations.weight[order], starts, reached=REACHED * plan.denominator)
    return BulkTallies(
        areas=plan.exact.areas,
        sectors=tuple(organisations.sectors[place] for place in present),
        denominator=plan.denominator,
        by_sector=by_sector,
        everyone=_together(by_sector, areas),
        reach=tuple(_reach(organisations, marked[-1] >= 0, present)),
    )


def _tallies(areas: Whole, weight: NDArray[np.uint8], starts: Whole, *, reached: int) -> Tallies:
    """Count every group of columns; groups begin at `starts`, none is empty."""
    there = areas >= 0
    counted: Whole = np.multiply(there, weight, dtype=np.int32)
    organisations = _summed(there.astype(np.int32), starts)
    return Tallies(
        organisations,
        _summed(counted, starts),
        np.maximum.reduceat(counted, starts, axis=1) if len(starts) else organisations,
        _summed(np.multiply(areas, counted, dtype=np.int64), starts),
        _summed((areas >= reached).astype(np.int32), starts),
        *_quartiles(areas, organisations, starts),
    )


def _together(by_sector: Tallies, areas: Whole) -> Tallies:
    organisations = by_sector.organisations.sum(axis=1, keepdims=True)
    return Tallies(
        organisations,
        by_sector.weight.sum(axis=1, keepdims=True),
        by_sector.heaviest.max(axis=1, keepdims=True, initial=0),
        by_sector.total.sum(axis=1, keepdims=True),
        by_sector.reached.sum(axis=1, keepdims=True),
        *_quartiles(areas, organisations, np.zeros(1, np.int64)),
    )


def _summed(values: Whole, starts: Whole) -> Whole:
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
    first, last = int(places.min()), int(nexts.max())
    lowest = np.partition(columns, last, axis=1)[:, : last + 1]
    lowest.partition(first, axis=1)
    window = np.sort(lowest[:, first:], axis=1)
    rows = np.arange(len(columns))
    return window[rows, places - first], window[rows, nexts - first]


def _reach(
    organisations: BulkOrganisations, scored: Flags, present: NDArray[np.uint16]
) -> Iterator[SectorReach]:
    size = len(organisations.sectors)
    designated = np.bincount(organisations.sector[organisations.designated], minlength=size)
    answered = np.bincount(organisations.sector[organisations.designated & scored], minlength=size)
    for place in present:
        yield SectorReach(organisations.sectors[place], int(designated[place]), int(answered[place]))
