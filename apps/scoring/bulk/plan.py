"""What is worked out once for a framework, so that scoring an assessment is a few look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, lcm
from typing import Literal

import numpy as np

from apps.scoring.bulk.cells import FIRST_LEVEL, NOT_APPLICABLE, BulkAnswers, Bytes
from apps.scoring.bulk.denominators import NotInBulk, common_denominator, dtype_for, whole_weights
from apps.scoring.bulk.scores import HIGHEST, NO_LEVEL, BulkScores, Figures
from apps.scoring.bulk.tables import AreaTable, Reading, Row, Whole
from apps.scoring.faults import InputFaults
from apps.scoring.linear import points_of
from apps.scoring.model import OVERALL, FrameworkSpec, Grade, MethodRef
from apps.scoring.plan import plan_of

COLUMNS_AT_ONCE = 16_384
METHOD = MethodRef("shared-mean", 1)

Basis = Literal["claimed", "evidenced"]


class BulkPlan:
    """A framework made ready for scoring in bulk. Make it with `for_framework`.

    `parts` names the rows of every result (areas, dimensions, the whole) and `row_of` finds them by code.
    `denominator` stands under every figure; a value gets the label n when its numerator reaches `thresholds[n - 1]`.
    """

    def __init__(self, framework: FrameworkSpec) -> None:
        if framework.method != METHOD:
            raise NotInBulk(f"its method is {framework.method.name} {framework.method.version}")
        self.framework = framework
        self.exact = exact = plan_of(framework)
        self.parts = (*exact.areas, *exact.dimensions, OVERALL)
        self.row_of = {code: row for row, code in enumerate(self.parts)}
        self._limits = FIRST_LEVEL + np.array(exact.highest, np.uint8)
        self._lowest_cap, self._step, self._jumps = _caps(exact.caps)
        self.inside, self.areas_of = together(exact.inside), together(exact.areas_of)
        self._compile()
        self.thresholds = [
            ceil(framework.scale.fraction(level) * HIGHEST * self.denominator)
            for level in range(1, framework.scale.highest + 1)
        ]

    @staticmethod
    def for_framework(framework: FrameworkSpec) -> BulkPlan:
        """Return the plan of a framework, kept with it for the next call. Raises `NotInBulk` with the reason."""
        plan = framework.compiled.get("bulk")
        if not isinstance(plan, BulkPlan):
            plan = framework.compiled["bulk"] = BulkPlan(framework)
        return plan

    def _compile(self) -> None:
        spec, inside = self.framework, self.exact.inside
        scales = [spec.scale_of(indicator) for indicator in spec.indicators]
        points = [[points_of(scale, level) for level in range(scale.highest + 1)] for scale in scales]
        unit = lcm(*(value.denominator for levels in points for value in levels))
        weights = [whole_weights([spec.indicators[n].weight for n in rows]) for rows in inside]
        counts = [len(areas) for areas in self.exact.areas_of]
        self.denominator = common_denominator(weights, unit=unit, counts=counts)
        self.dtype = dtype_for(int(HIGHEST) * self.denominator * max(*counts, len(counts), 1))
        worth = [tuple(int(value * unit) for value in levels) for levels in points]
        self._tables = [
            AreaTable(
                [Row(n, weight, worth[n]) for n, weight in zip(rows, own, strict=True)],
                unit=self.denominator // unit,
                dtype=self.dtype,
            )
            for rows, own in zip(inside, weights, strict=True)
        ]

    def score(self, answers: BulkAnswers, *, basis: Basis) -> BulkScores:
        """Score all assessments on one basis; values at once, what stands beside them when it is asked for.

        Raises `InputFaults` when the arrays do not fit the framework.
        """
        self._check(answers)
        cells = answers.cells if basis == "claimed" else self.evidenced(answers)
        return BulkScores(self, cells=cells, grades=answers.grades)

    def evidenced(self, answers: BulkAnswers) -> Bytes:
        """Return the cells with every level cut to what its evidence supports."""
        cut = np.empty_like(answers.cells)
        for columns in chunks(len(answers)):
            cells, grades = answers.cells[:, columns], answers.grades[:, columns]
            np.minimum(cells, self._caps_of(grades), out=cut[:, columns])
        return cut

    def _caps_of(self, grades: Bytes) -> Bytes:
        caps = grades * self._step
        caps += self._lowest_cap
        for grade, jump in self._jumps:
            caps += (grades >= grade) * jump
        return caps

    def figures(self, cells: Bytes, reading: Reading) -> Figures:
        """Return the values of every part for one reading of the answers."""
        marked = np.empty((len(self.parts), cells.shape[1]), self.dtype)
        for columns in chunks(cells.shape[1]):
            self._fill(cells[:, columns], reading, marked[:, columns])
        return Figures(marked)

    def _fill(self, cells: Bytes, reading: Reading, out: Whole) -> None:
        areas, dimensions = len(self._tables), slice(len(self._tables), -1)
        for table, row in zip(self._tables, out[:areas], strict=True):
            table.score(cells, reading, row)
        for places, row in zip(self.areas_of, out[dimensions], strict=True):
            _mean(out[:areas][places], row)
        _mean(out[dimensions], out[-1])

    def rows_of(self, indicator: int) -> tuple[int, int, int]:
        """Return the rows of the area, the dimension and the whole that an indicator, by place, belongs to."""
        spec = self.framework.indicators[indicator]
        return self.row_of[spec.area], self.row_of[spec.dimension], self.row_of[OVERALL]

    def key_levels(self, key: int, reading: Reading) -> Bytes:
        """Return by cell the main-scale level that a key indicator counts with; `NO_LEVEL` where it does not."""
        levels = self.exact.on_main[key]
        unanswered = {"value": NO_LEVEL, "low": levels[0], "high": levels[-1]}[reading]
        return np.array([unanswered, NO_LEVEL, levels[0], *levels], np.uint8)

    def _check(self, answers: BulkAnswers) -> None:
        shape = (len(self.framework.indicators), len(answers))
        if answers.cells.shape != shape or answers.grades.shape != shape:
            raise InputFaults([f"answers: arrays of {shape[0]} indicators × assessments are needed"])
        if (answers.cells.max(axis=1, initial=0) > self._limits).any():
            raise InputFaults(["answers: a level is outside the scale of its indicator"])
        if answers.grades.max(initial=0) > Grade.E3:
            raise InputFaults(["answers: a grade is not one of E0, E1, E2, E3"])
        if (answers.cells[list(self.exact.keys)] == NOT_APPLICABLE).any():
            raise InputFaults(["answers: a key indicator always applies"])


def _caps(caps: Sequence[Sequence[int]]) -> tuple[Bytes, Bytes, list[tuple[int, Bytes]]]:
    """Return, as columns, the cell of the cap of E0, the step to E1, and by how much later steps differ from that.

    On the scale 0–5 every step is 1, so no more than one product is needed. Differences below 0 wrap around.
    """
    columns = np.array(caps, np.uint8).reshape(-1, len(Grade), 1).swapaxes(0, 1)
    steps = np.diff(columns, axis=0)
    jumps = [(int(grade), steps[grade - 1] - steps[0]) for grade in (Grade.E2, Grade.E3)]
    return FIRST_LEVEL + columns[0], steps[0], [(grade, jump) for grade, jump in jumps if jump.any()]


def chunks(columns: int) -> Iterator[slice]:
    """Yield slices of so many columns that what is worked on stays in the processor's cache."""
    for start in range(0, columns, COLUMNS_AT_ONCE):
        yield slice(start, start + COLUMNS_AT_ONCE)


def together(rows: Iterable[Sequence[int]]) -> list[slice | list[int]]:
    """Return groups of rows as slices where they follow each other, which saves a copy at each use."""
    return [slice(group[0], group[-1] + 1) if _is_run(group) else list(group) for group in rows]


def _is_run(group: Sequence[int]) -> bool:
    return bool(group) and list(group) == list(range(group[0], group[-1] + 1))


def _mean(rows: Whole, out: Whole) -> None:
    """Write the mean of the rows that have a value into `out`; −1 where none has."""
    if not len(rows):
        out[:] = -1
        return
    np.add.reduce(rows, axis=0, dtype=rows.dtype, out=out)
    np.floor_divide(out, len(rows), out=out)
    (partly,) = np.nonzero(np.minimum.reduce(rows, axis=0) < 0)
    some = rows[:, partly]
    count = np.add.reduce(some >= 0, axis=0)
    total = np.add.reduce(np.maximum(some, 0), axis=0)
    out[partly] = np.where(count, total // np.maximum(count, 1), -1)
