"""From one release of the benchmark to the next, so that no two figures tell about a few organisations.

Each figure rests on a *basis*: who stands behind it, with the value each brought. A figure is new only where its basis
differs enough from that of every figure that anybody has seen; else the last one is repeated with its old date, which
tells nothing new, or nothing is shown. Deterministic: the same organisations in any order give the same release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from apps.benchmark.figures import figures, is_spread
from apps.benchmark.rules import ALL, DIMENSIONS, FEWEST, FEWEST_CHANGED, Cut, changed_enough, cuts

Basis = Mapping[str, Fraction]


class Contributor(NamedTuple):
    """An approved organisation that agreed: where it stands in each dimension, and evidenced points 0–100 by area."""

    key: str
    places: Mapping[str, str]
    points: Mapping[str, Fraction]


class Shown(NamedTuple):
    """A figure as it was first shown: in which release, on which day, what, and what it rests on."""

    number: int
    on: str
    figures: Mapping[str, Any]
    basis: Basis


class Withheld(NamedTuple):
    """Which rule keeps a figure back: "too_few", "too_narrow", "protects_another" or "changed_too_little"."""

    reason: str


Cell = Shown | Withheld
Row = Mapping[Cut, Cell]


class Release(NamedTuple):
    """Number and day, and for each area what every cut shows."""

    number: int
    on: str
    areas: Mapping[str, Row]


def next_release(
    people: Iterable[Contributor], areas: Sequence[str], *, number: int, on: str, earlier: Sequence[Release]
) -> Release:
    """Return the release that follows `earlier`, oldest first. Raises ValueError when somebody would count twice."""
    all_of_them = sorted(people, key=lambda one: one.key)
    if len({one.key for one in all_of_them}) < len(all_of_them):
        raise ValueError("an organisation counts once")
    rows = {code: _row(code, all_of_them, number, on, earlier) for code in areas}
    return Release(number, on, rows)


def _row(
    code: str, people: Sequence[Contributor], number: int, on: str, earlier: Sequence[Release]
) -> dict[Cut, Cell]:
    """Return what every cut shows of one area."""
    known = [row[code] for release in earlier if (row := release.areas) and code in row]
    seen = [cell for row in known for cell in row.values() if isinstance(cell, Shown)]
    bases = _bases(people, code)
    reasons = {cut: _own_reason(basis) for cut, basis in bases.items()}
    fresh: dict[Cut, Basis] = {}
    for cut in _by_size(bases):
        reasons[cut] = reasons[cut] or _reason(bases[cut], _last(known, cut), seen, fresh)
        if not reasons[cut]:
            fresh[cut] = bases[cut]
    while (given_up := _leaves_few(fresh, known)) is not None:
        del fresh[given_up]
        reasons[given_up] = "protects_another"
    return {cut: _cell(cut, fresh, reasons, _last(known, cut), number, on) for cut in bases}


def _bases(people: Sequence[Contributor], code: str) -> dict[Cut, dict[str, Fraction]]:
    """Return who stands in each cut with a value in the area."""
    bases: dict[Cut, dict[str, Fraction]] = {cut: {} for cut in cuts()}
    for one in people:
        if code not in one.points:
            continue
        for cut in (Cut(ALL, ALL), *(Cut(*place) for place in one.places.items())):
            if cut in bases:
                bases[cut][one.key] = one.points[code]
    return bases


def _own_reason(basis: Basis) -> str:
    """Say what keeps the cell back whatever else is shown, or nothing."""
    if len(basis) < FEWEST:
        return "too_few"
    return "" if is_spread(sorted(basis.values())) else "too_narrow"


def _by_size(bases: Mapping[Cut, Basis]) -> list[Cut]:
    """Return the cuts, the largest first, so that what most people read is kept when two cannot both be shown."""
    order = {cut: place for place, cut in enumerate(bases)}
    return sorted(bases, key=lambda cut: (-len(bases[cut]), order[cut]))


def _reason(basis: Basis, last: Shown | None, seen: Sequence[Shown], fresh: Mapping[Cut, Basis]) -> str:
    """Say which rule forbids a figure on this basis beside all that is known, or nothing."""
    if last is not None and differing(basis, last.basis) < changed_enough(max(len(basis), len(last.basis))):
        return "changed_too_little"
    if any(0 < differing(basis, other.basis) < FEWEST_CHANGED for other in seen):
        return "changed_too_little"
    if any(0 < len(basis.keys() ^ other.keys()) < FEWEST for other in fresh.values()):
        return "protects_another"
    return ""


def differing(one: Basis, other: Basis) -> int:
    """Return by how many organisations two bases differ: those that came or changed, or those that went or changed.

    The larger of the two. Who leaves and who comes are not added up, since ten of each leave most of a figure as it was.
    """
    came, went = len(one.items() - other.items()), len(other.items() - one.items())
    return max(came, went)


def _leaves_few(fresh: Mapping[Cut, Basis], known: Sequence[Row]) -> Cut | None:
    """Return a cut to keep back because all less the shown cuts of one dimension would be a few organisations."""
    whole = fresh.get(Cut(ALL, ALL))
    for dimension, values in DIMENSIONS.items():
        if whole is None or dimension == ALL:
            continue
        siblings = [Cut(dimension, value) for value in values]
        new = [cut for cut in siblings if cut in fresh]
        old = [last.basis for cut in siblings if cut not in fresh and (last := _last(known, cut))]
        left = whole.keys() - {key for basis in (*(fresh[cut] for cut in new), *old) for key in basis}
        if (new or old) and 0 < len(left) < FEWEST:
            return min(new, key=lambda cut: (len(fresh[cut]), cut), default=Cut(ALL, ALL))
    return None


def _last(known: Sequence[Row], cut: Cut) -> Shown | None:
    """Return what the last release showed of the cut."""
    cell = known[-1].get(cut) if known else None
    return cell if isinstance(cell, Shown) else None


def _cell(
    cut: Cut, fresh: Mapping[Cut, Basis], reasons: Mapping[Cut, str], last: Shown | None, number: int, on: str
) -> Cell:
    """Return the new figure, the last one again, or why there is none."""
    if cut in fresh:
        return Shown(number, on, figures(list(fresh[cut].values())), fresh[cut])
    return last or Withheld(reasons[cut])


def area_document(row: Row) -> list[dict[str, Any]]:
    """Return what a release says of one area: a line for each cut, the same lines whoever took part."""
    return [{"cut": cut.code, **_line(row[cut])} for cut in cuts()]


def _line(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Withheld):
        return {"withheld": cell.reason}
    return {**cell.figures, "release": cell.number, "as_of": cell.on}
