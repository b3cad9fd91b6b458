"""Contour lines of an invented landscape: marching squares in plain Python, the same seed drawing the same hills."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from random import Random

Point = tuple[float, float]
Edge = tuple[int, int, int]  # column, row, 0 = along the row, 1 = down the column
Field = list[list[float]]

# the four sides of a cell that a contour joins, by which corners lie above (bit 1 top left, 2 top right,
# 4 bottom right, 8 bottom left); sides are 0 top, 1 right, 2 bottom, 3 left
CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 2), (0, 1)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 3), (1, 2)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}
HILLS = (
    (560, 250, 190, 1.0),
    (690, 120, 110, 0.55),
    (380, 420, 150, 0.5),
    (150, 160, 170, 0.38),
    (250, 560, 120, 0.35),
)


def landscape(seed: str, width: int, height: int) -> Callable[[float, float], float]:
    """A smooth height at each place: five fixed hills that carry the route, and small ones drawn from `seed`."""
    dice = Random(seed)  # noqa: S311  decoration, not a secret
    hills: list[tuple[float, float, float, float]] = [*HILLS, (760, 520, 150, 0.45)]
    hills += [
        (dice.uniform(0, width), dice.uniform(0, height), dice.uniform(45, 95), dice.uniform(-0.07, 0.08))
        for _ in range(22)
    ]

    def at(x: float, y: float) -> float:
        return sum(
            a * math.exp(-(((x - cx) / s) ** 2) - ((y - cy) / (s * 0.85)) ** 2) for cx, cy, s, a in hills
        )

    return at


@lru_cache(maxsize=32)
def contour_paths(seed: str, width: int, height: int, lines: int = 18, step: int = 12) -> tuple[str, ...]:
    """SVG path data, one per height from low to high; whole pixels, relative moves to stay small."""
    at = landscape(seed, width, height)
    columns, rows = width // step + 2, height // step + 2
    field = [[at(i * step, j * step) for i in range(columns)] for j in range(rows)]
    top = max(map(max, field))
    heights = [0.06 + (top * 0.985 - 0.06) * k / (lines - 1) for k in range(lines)]
    return tuple("".join(map(_path, _lines(field, z, step))) for z in heights)


def _lines(field: Field, z: float, step: int) -> Iterator[list[Point]]:
    """Join the pieces found in each cell into whole lines; closed ones end where they began."""
    joins: dict[Edge, list[Edge]] = {}
    for a, b in _pieces(field, z):
        joins.setdefault(a, []).append(b)
        joins.setdefault(b, []).append(a)
    ends = [edge for edge, others in joins.items() if len(others) == 1]
    left = dict.fromkeys([*ends, *joins])
    while left:
        edge = next(iter(left))
        line = [edge]
        del left[edge]
        while following := next((other for other in joins[line[-1]] if other in left), None):
            line.append(following)
            del left[following]
        if len(line) > 2 and line[0] in joins[line[-1]]:
            line.append(line[0])
        if len(line) > 8:
            yield [_place(field, z, step, item) for item in line]


def _pieces(field: Field, z: float) -> Iterator[tuple[Edge, Edge]]:
    for j in range(len(field) - 1):
        upper, lower = field[j], field[j + 1]
        for i in range(len(upper) - 1):
            corners = (upper[i], upper[i + 1], lower[i + 1], lower[i])
            case = sum(1 << bit for bit, value in enumerate(corners) if value > z)
            sides: tuple[Edge, Edge, Edge, Edge] = ((i, j, 0), (i + 1, j, 1), (i, j + 1, 0), (i, j, 1))
            for a, b in CASES.get(case, ()):
                yield sides[a], sides[b]


def _place(field: Field, z: float, step: int, edge: Edge) -> Point:
    i, j, down = edge
    a = field[j][i]
    b = field[j + 1][i] if down else field[j][i + 1]
    share = (z - a) / (b - a)
    return ((i + (0 if down else share)) * step, (j + (share if down else 0)) * step)


def _path(line: list[Point]) -> str:
    closed = line[0] == line[-1]
    x, y = round(line[0][0]), round(line[0][1])
    text = [f"M{x} {y}l"]
    for px, py in line[1:-1] if closed else line[1:]:
        dx, dy = round(px) - x, round(py) - y
        if dx or dy:
            text.append(f"{dx} {dy} " if dy >= 0 else f"{dx}{dy} ")
            x, y = x + dx, y + dy
    return "".join(text).rstrip() + ("z" if closed else "") if len(text) > 1 else ""
