"""From organisations to the nation: sectors and a national figure per area, and what may not be shown of them.

Exact and pure. A cell is shown only when it says nothing about a single organisation, neither by itself nor by
taking the other shown cells away from the national figure. Source: the shared framework, "From organisations to
the nation".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from apps.scoring.display import figure

Criticality = Literal["essential", "important", "other"]
Reason = Literal["too_few", "one_dominates", "protects_another", "nation_not_scored", "somebody_left"]

CRITICALITIES: tuple[Criticality, ...] = get_args(Criticality)
WEIGHTS: Mapping[Criticality, int] = {"essential": 3, "important": 2, "other": 1}
FEWEST_ORGANISATIONS = 5
LARGEST_SHARE = Fraction(1, 2)
REACHED = 60
INDICATIVE_BELOW = Fraction(30, 100)
FLAGGED_FROM = 20


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation's result: points 0–100 by area code, only for areas that have a value.

    `designated` says that the nation counts it among its operators; one without a result has no areas.
    """

    sector: str
    criticality: Criticality
    designated: bool
    areas: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure that is not shown, or cannot be, and why. Never None and never a number."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted in one cell: organisations, Σ c, the largest c, Σ c·points, how many reach 60, the quartile."""

    organisations: int
    weight: int
    heaviest: int
    total: Fraction
    reached: int
    lower_quartile: Fraction

    @property
    def value(self) -> Fraction:
        return self.total / self.weight


@dataclass(frozen=True, slots=True)
class Cell:
    """A shown figure in points 0–100, the quartile below which a quarter stands, and the share at 60 or more, 0–1."""

    value: Fraction
    lower_quartile: Fraction
    share_reached: Fraction
    organisations: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Policy minus practice in points: the nation's own answer less the organisations' figure."""

    value: Fraction

    @property
    def flagged(self) -> bool:
        """Whether policy and practice are 20 points apart or more, either way."""
        return abs(self.value) >= FLAGGED_FROM


@dataclass(frozen=True, slots=True)
class AreaRollUp:
    """One area: the organisations' national figure, its sectors by code, and its distance to the nation's own."""

    code: str
    national: Cell | Withheld
    sectors: Mapping[str, Cell | Withheld]
    gap: Gap | Withheld


@dataclass(frozen=True, slots=True)
class SectorReach:
    """How much of a sector stands behind its figures: designated operators, and how many of them have a result.

    `indicative` below 30 %, and where nobody is designated, since nothing then says how much was reached.
    """

    code: str
    designated: int
    answered: int

    @property
    def indicative(self) -> bool:
        return not self.designated or Fraction(self.answered, self.designated) < INDICATIVE_BELOW


@dataclass(frozen=True, slots=True)
class RollUp:
    """The roll-up of a nation: areas in the order asked for, sectors by code."""

    areas: tuple[AreaRollUp, ...]
    reach: tuple[SectorReach, ...]


def roll_up(
    areas: Sequence[str], organisations: Iterable[Organisation], *, nation: Mapping[str, Fraction]
) -> RollUp:
    """Roll up the organisations of one nation; `nation` holds the nation's own points by area code."""
    rows = list(organisations)
    found = tuple(area_roll_up(area, *_tallies(area, rows), nation=nation) for area in areas)
    return RollUp(found, tuple(_reach(rows)))


def _tallies(area: str, rows: Sequence[Organisation]) -> tuple[dict[str, Tally], Tally | None]:
    """Return the tally of each sector in which somebody has a value, by code, and that of all together."""
    by_sector: dict[str, list[tuple[int, Fraction]]] = {row.sector: [] for row in rows if area in row.areas}
    for row in rows:
        if area in row.areas:
            by_sector[row.sector].append((WEIGHTS[row.criticality], row.areas[area]))
    everyone = [pair for pairs in by_sector.values() for pair in pairs]
    sectors = {sector: tally_of(by_sector[sector]) for sector in sorted(by_sector)}
    return sectors, tally_of(everyone) if everyone else None


def tally_of(values: Sequence[tuple[int, Fraction]]) -> Tally:
    """Count (weight, points) of at least one organisation."""
    weights = [weight for weight, _ in values]
    return Tally(
        organisations=len(values),
        weight=sum(weights),
        heaviest=max(weights),
        total=sum((weight * points for weight, points in values), Fraction(0)),
        reached=sum(points >= REACHED for _, points in values),
        lower_quartile=lower_quartile([points for _, points in values]),
    )


def lower_quartile(values: Iterable[Fraction]) -> Fraction:
    """Return the value a quarter of the way up the sorted values, between two neighbours in proportion.

    With n values it stands at place (n − 1) ÷ 4, counted from 0: what spreadsheets call QUARTILE.INC. Weights
    play no part: it says what a quarter of the organisations do not exceed.
    """
    ordered = sorted(values)
    place, quarters = divmod(len(ordered) - 1, 4)
    above = ordered[min(place + 1, len(ordered) - 1)]
    return ordered[place] + Fraction(quarters, 4) * (above - ordered[place])


def area_roll_up(
    area: str, sectors: Mapping[str, Tally], everyone: Tally | None, *, nation: Mapping[str, Fraction]
) -> AreaRollUp:
    """Put the cells of one area together, withheld where they would give an organisation away."""
    hidden = withheld_sectors(sectors)
    national = _national(sectors, everyone)
    shown = {code: hidden.get(code) or _cell(tally, tally.value) for code, tally in sectors.items()}
    return AreaRollUp(area, national, shown, _gap(nation.get(area), national))


def withheld_sectors(sectors: Mapping[str, Tally]) -> dict[str, Withheld]:
    """Return the sectors of an area that are not shown, with the reason.

    The national figure is the mean of all sectors, so whoever takes the shown ones away learns the mean of
    those withheld. As long as that remainder is a single sector, or would itself not be shown, the smallest
    shown sector is withheld too.
    """
    hidden = {code: Withheld(reason) for code, tally in sectors.items() if (reason := _fault([tally]))}
    shown = sorted(
        (code for code in sectors if code not in hidden), key=lambda c: (sectors[c].organisations, c)
    )
    while hidden and shown and _fault([sectors[code] for code in hidden]):
        hidden[shown.pop(0)] = Withheld("protects_another")
    return hidden


def _fault(tallies: Sequence[Tally]) -> Reason | None:
    """Return why the mean of these sectors must not be known; None when it may."""
    if sum(tally.organisations for tally in tallies) < FEWEST_ORGANISATIONS:
        return "too_few"
    heaviest = max(Fraction(tally.heaviest, tally.weight) for tally in tallies)
    return "one_dominates" if heaviest / len(tallies) > LARGEST_SHARE else None


def _national(sectors: Mapping[str, Tally], everyone: Tally | None) -> Cell | Withheld:
    if everyone is None:
        return Withheld("too_few")
    reason = _fault(list(sectors.values()))
    if reason:
        return Withheld(reason)
    return _cell(everyone, sum((t.value for t in sectors.values()), Fraction(0)) / len(sectors))


def _cell(tally: Tally, value: Fraction) -> Cell:
    return Cell(
        value=value,
        lower_quartile=tally.lower_quartile,
        share_reached=Fraction(tally.reached, tally.organisations),
        organisations=tally.organisations,
    )


def _gap(policy: Fraction | None, practice: Cell | Withheld) -> Gap | Withheld:
    if isinstance(practice, Withheld):
        return practice
    return Withheld("nation_not_scored") if policy is None else Gap(policy - practice.value)


def _reach(rows: Sequence[Organisation]) -> Iterable[SectorReach]:
    for sector in sorted({row.sector for row in rows}):
        designated = [row for row in rows if row.sector == sector and row.designated]
        yield SectorReach(sector, len(designated), sum(bool(row.areas) for row in designated))


def rollup_document(rolled: RollUp) -> dict[str, Any]:
    """Return the roll-up as JSON-able data: exact values as "p/q" with what pages show; withheld cells say why."""
    return {
        "areas": [
            {
                "code": area.code,
                "national": _cell_document(area.national),
                "sectors": {code: _cell_document(cell) for code, cell in area.sectors.items()},
                "gap": _gap_document(area.gap),
            }
            for area in rolled.areas
        ],
        "sectors": [
            {"code": s.code, "designated": s.designated, "answered": s.answered, "indicative": s.indicative}
            for s in rolled.reach
        ],
    }


def _cell_document(cell: Cell | Withheld) -> dict[str, Any]:
    if isinstance(cell, Withheld):
        return {"withheld": cell.reason}
    return {
        "value": figure(cell.value),
        "lower_quartile": figure(cell.lower_quartile),
        "percent_at_60": figure(100 * cell.share_reached),
        "organisations": cell.organisations,
    }


def _gap_document(gap: Gap | Withheld) -> dict[str, Any]:
    if isinstance(gap, Withheld):
        return {"withheld": gap.reason}
    return {"value": figure(gap.value), "flagged": gap.flagged}
