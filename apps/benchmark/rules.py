"""The published rules of the benchmark: its numbers, its fixed cuts and its fixed dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

FEWEST = 80
"""k: contributors behind a figure, and behind the difference of two figures of one release."""
FEWEST_IN_BAND = 3
"""Contributors in each of the four quarters that median and quartiles cut."""
CHANGED_PART = 2
"""A figure moves once one in this many of its contributors has come, gone or changed."""
FEWEST_CHANGED = 40
"""m: the same as a number; what two figures of different releases differ by at least."""
LARGEST_SHARE = 90
"""Per cent; a band of the thirds that holds more would tell about nearly everybody."""
FEWEST_FOR_SHARES = 100
"""Contributors behind the three shares, which say more than median and quartiles do."""
SIZE = "40+"
"""All that is said of how many stand behind a figure; smaller classes cannot occur."""
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))

ALL = "all"
REGIONS = ("africa", "americas", "asia", "europe", "oceania")
INCOMES = ("low", "lower-middle", "upper-middle", "high")
SECTORS = (
    "government", "response", "energy", "finance", "health", "telecom", "transport", "water", "education",
    "justice",
)  # fmt: skip
DIMENSIONS: dict[str, tuple[str, ...]] = {
    ALL: (ALL,),
    "region": REGIONS,
    "income": INCOMES,
    "sector": SECTORS,
}


class Cut(NamedTuple):
    """Whom a figure is about: all, or one value of one dimension; two dimensions are never crossed."""

    dimension: str
    value: str

    @property
    def code(self) -> str:
        return self.value if self.dimension == ALL else f"{self.dimension}.{self.value}"


def cuts() -> Iterator[Cut]:
    """Yield every cut there is, in the order in which they are decided and shown."""
    for dimension, values in DIMENSIONS.items():
        for value in values:
            yield Cut(dimension, value)


def next_cut_off(day: date) -> date:
    """Return the last day of the quarter that `day` is in: until its end consent can be given and taken back."""
    return next(end for month, last in QUARTER_ENDS if (end := date(day.year, month, last)) >= day)


def last_cut_off(day: date) -> date:
    """Return the newest cut-off that is over on `day`."""
    first_month = 3 * ((day.month - 1) // 3) + 1
    return date(day.year, first_month, 1) - timedelta(days=1)


def changed_enough(behind: int) -> int:
    """Return how many of a figure's contributors must have come, gone or changed before it moves."""
    return max(FEWEST_CHANGED, -(-behind // CHANGED_PART))
