"""A straight line through a few points in time, and how far the next may be from it. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from apps.intervals.student import t_95

FEWEST = 3


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the line leads at time `at`: `value`, and `low`–`high` that hold a new observation in 95 of 100 cases.

    All three are cut to the scale `least`–`most`. `begins` is the height of the line at the last point's time `since`;
    `slope` is per unit of time, not cut. `points` is how many it rests on.
    """

    at: float
    value: float
    low: float
    high: float
    since: float
    begins: float
    slope: float
    points: int
    least: float
    most: float

    @property
    def says_nothing(self) -> bool:
        """Whether the interval is the whole scale."""
        return self.low <= self.least and self.high >= self.most


def project(
    points: Sequence[tuple[float, float]],
    at: float,
    *,
    least: float = 0.0,
    most: float = 100.0,
    scatter: float = 0.0,
) -> Projection | None:
    """The least-squares line through `points` (time, value), and the 95 % prediction interval of one more at time `at`.

    ŷ ± t(n-2) · s · √(1 + 1/n + (at - x̄)²/Sxx): Montgomery, Peck and Vining, Introduction to Linear Regression
    Analysis, 5th ed. (2012), formula 2.45. It rests on independent errors of equal spread around a line that goes on.
    `scatter` is the least that s may be: a few points on one line by chance must not pass for certainty.
    None under three points, and where all are of one moment.
    """
    count = len(points)
    if count < FEWEST:
        return None
    mean_x = fsum(x for x, _y in points) / count
    mean_y = fsum(y for _x, y in points) / count
    spread = fsum((x - mean_x) ** 2 for x, _y in points)
    if spread <= 0:
        return None
    slope = fsum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    left = fsum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    error = max(sqrt(left / (count - 2)), scatter)
    half = t_95(count - 2) * error * sqrt(1 + 1 / count + (at - mean_x) ** 2 / spread)

    def cut(value: float) -> float:
        return min(max(value, least), most)

    middle, last = mean_y + slope * (at - mean_x), max(x for x, _y in points)
    return Projection(
        at=at,
        value=cut(middle),
        low=cut(middle - half),
        high=cut(middle + half),
        since=last,
        begins=cut(mean_y + slope * (last - mean_x)),
        slope=slope,
        points=count,
        least=least,
        most=most,
    )
