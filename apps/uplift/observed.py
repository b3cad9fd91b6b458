"""What the estimators look at: one area of one member, before and after, and what happened in between."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOP_LEVEL = 5.0


class Standing(StrEnum):
    """What an area of a member was between two results."""

    MENTORED = "mentored"
    WAITING = "waiting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Observation:
    """One area of one member: its levels (0 to 5) in the result before and in the result after, and its standing."""

    member: str
    area: str
    before: float
    after: float
    standing: Standing

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            level = getattr(self, name)
            if not (math.isfinite(level) and 0 <= level <= TOP_LEVEL):
                raise ValueError(f"{name} must be a level from 0 to 5, not {level}.")


@dataclass(frozen=True)
class Table:
    """Observations as columns; `member` is an index into `members`. Sorted, so that their order changes nothing."""

    members: tuple[str, ...]
    member: NDArray[np.int64]
    before: Floats
    change: Floats
    mentored: Floats
    waiting: NDArray[np.bool_]
    usual: Floats

    @property
    def sizes(self) -> tuple[int, int]:
        """How many mentored members and mentored areas there are."""
        rows = self.mentored > 0
        return len(np.unique(self.member[rows])), int(rows.sum())

    def keep(self, rows: NDArray[np.bool_]) -> Table:
        """The table of some rows; members keep their index, `usual` stays what it was over all rows."""
        return Table(
            self.members, self.member[rows], self.before[rows], self.change[rows], self.mentored[rows],
            self.waiting[rows], self.usual[rows],
        )  # fmt: skip


def tabulate(observations: Iterable[Observation]) -> Table:
    """The observations as a table; raises ValueError for an area of a member that is given twice."""
    rows = sorted(observations, key=lambda row: (row.member, row.area))
    for first, second in pairwise(rows):
        if (first.member, first.area) == (second.member, second.area):
            raise ValueError(f"Area {first.area} of member {first.member} is given twice.")
    members = tuple(sorted({row.member for row in rows}))
    place = {name: index for index, name in enumerate(members)}
    member = np.array([place[row.member] for row in rows], dtype=np.int64)
    before = np.array([row.before for row in rows], dtype=np.float64)
    change = np.array([row.after for row in rows], dtype=np.float64) - before
    mentored = np.array([row.standing is Standing.MENTORED for row in rows], dtype=np.float64)
    waiting = np.array([row.standing is Standing.WAITING for row in rows], dtype=bool)
    return Table(members, member, before, change, mentored, waiting, _usual(member, before, len(members)))


def _usual(member: NDArray[np.int64], before: Floats, count: int) -> Floats:
    """For each row the mean level of its member over all areas that are given."""
    totals = np.bincount(member, weights=before, minlength=count)
    return np.asarray(
        (totals / np.maximum(np.bincount(member, minlength=count), 1))[member], dtype=np.float64
    )
