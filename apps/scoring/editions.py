"""From one edition of a national picture to the next, so that two of them tell nothing about one organisation.

A figure that moves when a single organisation answers gives that organisation away, however many others stand behind
it. So what an edition rests on changes by sectors, and by five organisations at once or not at all. Exact and pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from apps.scoring.display import rounded
from apps.scoring.rollup import (
    FEWEST_ORGANISATIONS,
    FLAGGED_FROM,
    AreaRollUp,
    Cell,
    Criticality,
    Organisation,
    Withheld,
    roll_up,
)

STEP = 5
SMALL = ""


class Entry(NamedTuple):
    """What an organisation brings to one area: its sector, what it weighs there, and points 0–100."""

    sector: str
    criticality: Criticality
    points: Fraction


Entries = Mapping[str, Entry]


def next_entries(earlier: Sequence[Entries], now: Entries) -> Entries | None:
    """Return what the next edition of one area rests on, by organisation; None when the area must not be shown.

    `earlier` is what each edition before it rested on, the last one at the end; `now` is how things stand. All of it is
    taken over when no figure then differs from an earlier one by fewer than five organisations, else those sectors
    alone for which that holds; the others stay as they were. When somebody who is no longer there stands in what
    would stay, the area is not shown, since there must be nothing to subtract.
    """
    if not _tells_too_much(earlier, now):
        return now
    made = dict(earlier[-1]) if earlier else {}
    for keys in _pools(made, now):
        tried = {key: entry for key, entry in made.items() if key not in keys}
        tried |= {key: now[key] for key in keys if key in now}
        if not _tells_too_much(earlier, tried):
            made = tried
    return None if made.keys() - now.keys() else made


def _tells_too_much(earlier: Sequence[Entries], made: Entries) -> bool:
    """Say whether a figure of an edition, next to one of an earlier edition, is about fewer than five organisations."""
    groups = groups_behind(made)
    pairs = ((one, other) for before in earlier for one in groups_behind(before) for other in groups)
    return any(0 < len({key for key, _ in one ^ other}) < FEWEST_ORGANISATIONS for one, other in pairs)


def groups_behind(entries: Entries) -> list[frozenset[tuple[str, Entry]]]:
    """Return who stands behind each figure that a reader has or can work out: shown sectors, the rest, and the nation."""
    area = area_of("", entries, own=None)
    shown = [code for code, cell in area.sectors.items() if isinstance(cell, Cell)]
    groups = [frozenset(row for row in entries.items() if row[1].sector == code) for code in shown]
    if isinstance(area.national, Cell):
        rest = frozenset(row for row in entries.items() if row[1].sector not in shown)
        groups += [rest, frozenset(entries.items())]
    return groups


def _pools(before: Entries, now: Entries) -> Iterator[set[str]]:
    """Yield the organisations that change together: a sector, all small sectors, or sectors that somebody moves between."""
    parts = [_parts(rows) for rows in (before, now)]
    touched = {key: {rows[key] for rows in parts if key in rows} for key in before.keys() | now.keys()}
    for joined in _joined(touched[key] for key in sorted(touched)):
        yield {key for key, own in touched.items() if own <= joined}


def _parts(rows: Entries) -> dict[str, str]:
    """Return the sector of each organisation, or one name for all sectors under five."""
    held = Counter(entry.sector for entry in rows.values())
    return {
        key: entry.sector if held[entry.sector] >= FEWEST_ORGANISATIONS else SMALL
        for key, entry in rows.items()
    }


def _joined(sets: Iterable[set[str]]) -> list[set[str]]:
    """Return the sets with those that share something put together."""
    found: list[set[str]] = []
    for one in sets:
        apart = [other for other in found if not other & one]
        found = [*apart, one.union(*(other for other in found if other & one))]
    return found


def area_of(code: str, entries: Entries | None, *, own: Fraction | None) -> AreaRollUp:
    """Roll up one area of an edition; `own` is the nation's own answer in points."""
    if entries is None:
        left = Withheld("somebody_left")
        return AreaRollUp(code, left, {}, left)
    rows = [Organisation(e.sector, e.criticality, False, {code: e.points}) for e in entries.values()]
    return roll_up([code], rows, nation={} if own is None else {code: own}).areas[0]


def area_document(area: AreaRollUp, *, own: Fraction | None) -> dict[str, Any]:
    """Return what an edition says of an area: whole points, and a gap that is the difference of the two shown figures.

    The quartile can be the value of one organisation, and the share counts them, so both come in steps of five.
    """
    mine = None if own is None else int(rounded(own, 0))
    shown = cell_document(area.national)
    gap = None if mine is None or "withheld" in shown else mine - shown["points"]
    return {
        "code": area.code,
        "own": mine,
        "organisations": shown,
        "gap": gap,
        "flagged": gap is not None and abs(gap) >= FLAGGED_FROM,
        "sectors": {code: cell_document(cell) for code, cell in area.sectors.items()},
    }


def cell_document(cell: Cell | Withheld) -> dict[str, Any]:
    """Return a shown cell in whole numbers, or why it is withheld."""
    if isinstance(cell, Withheld):
        return {"withheld": cell.reason}
    return {
        "points": int(rounded(cell.value, 0)),
        "lower_quartile": in_steps(cell.lower_quartile),
        "percent_at_60": in_steps(100 * cell.share_reached),
        "counted": cell.organisations,
    }


def in_steps(value: Fraction) -> int:
    """Return the value to the next multiple of five, halves up."""
    return STEP * int(rounded(value / STEP, 0))
