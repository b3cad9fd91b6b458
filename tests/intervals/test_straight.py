"""A line through past results: known answers, no answer from too little, and an interval that holds what it says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intervals import FEWEST, project, t_95

# Age in weeks and shear strength of 20 motors: Montgomery, Peck and Vining (2012), example 2.7.
MOTORS = [
    (15.50, 2158.70), (23.75, 1678.15), (8.00, 2316.00), (17.00, 2061.30), (5.50, 2207.50), (19.00, 1708.30),
    (24.00, 1784.70), (2.50, 2575.00), (7.50, 2357.90), (11.00, 2256.70), (13.00, 2165.20), (3.75, 2399.55),
    (25.00, 1779.80), (9.75, 2336.75), (22.00, 1765.30), (18.00, 2053.50), (6.00, 2414.40), (12.50, 2200.50),
    (2.00, 2654.20), (21.50, 1753.70),
]  # fmt: skip
VALUES = st.floats(0, 100)
HISTORIES = st.lists(
    st.tuples(st.integers(0, 4000), VALUES), min_size=3, max_size=12, unique_by=lambda row: row[0]
)


def test_the_published_example_is_met() -> None:
    found = project(MOTORS, 10, most=5000)
    assert found is not None
    assert found.slope == pytest.approx(-37.154, abs=1e-3)
    assert found.value == pytest.approx(2256.3, abs=0.1)
    assert (found.low, found.high) == pytest.approx((2048.32, 2464.32), abs=0.2)


def test_four_results_worked_by_hand() -> None:
    """Times 0 2 4 6, values 20 30 35 45: x̄ 3, ȳ 32.5, Sxx 20, slope 4.

    Fitted 20.5 28.5 36.5 44.5, residuals -0.5 1.5 -1.5 0.5, their squares 5, s² = 5/2. At 8 the line is at 52.5, and
    half the interval is 4.302653 · √2.5 · √(1 + 1/4 + 25/20) = 10.7566.
    """
    found = project([(0, 20), (2, 30), (4, 35), (6, 45)], 8)
    assert found is not None
    assert (found.slope, found.value) == pytest.approx((4, 52.5))
    assert (found.low, found.high) == pytest.approx((52.5 - 10.7566, 52.5 + 10.7566), abs=1e-4)
    assert (found.since, found.begins) == pytest.approx((6, 44.5))


def test_three_results_worked_by_hand() -> None:
    """Times 0 1 2, values 10 20 18: slope 4, residuals -2 4 -2, s² = 24; at 3 the line is at 24, half of it over 76."""
    found = project([(0, 10), (1, 20), (2, 18)], 3)
    assert found is not None
    assert found.value == pytest.approx(24)
    assert (found.low, found.high) == (0, 100)
    assert found.says_nothing


@given(st.lists(st.tuples(st.integers(0, 4000), VALUES), max_size=FEWEST - 1))
def test_under_three_results_nothing_is_projected(points: list[tuple[int, float]]) -> None:
    assert project(points, 5000) is None


def test_results_of_one_moment_make_no_line() -> None:
    assert project([(7, 10), (7, 20), (7, 30)], 8) is None


@given(HISTORIES, st.integers(0, 8000))
def test_the_interval_holds_its_middle_and_stays_on_the_scale(
    points: list[tuple[int, float]], at: int
) -> None:
    found = project(points, at)
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 100
    assert found.points == len(points)


@given(HISTORIES, st.integers(0, 3000))
def test_the_further_ahead_the_wider(points: list[tuple[int, float]], further: int) -> None:
    last = max(x for x, _y in points)
    near, far = (project(points, last + days, least=-1e9, most=1e9) for days in (further, further + 100))
    assert near is not None
    assert far is not None
    assert far.high - far.low >= near.high - near.low - 1e-6


@given(HISTORIES)
def test_the_order_of_the_points_does_not_matter(points: list[tuple[int, float]]) -> None:
    one, other = project(points, 4500), project(points[::-1], 4500)
    assert one is not None
    assert other is not None
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=1e-6)


def test_points_on_one_line_by_chance_are_no_certainty() -> None:
    found = project([(0, 40), (1, 40), (2, 40)], 3, scatter=0.5)
    assert found is not None
    assert found.high - found.low == pytest.approx(2 * 12.7062 * 0.5 * (1 + 1 / 3 + 4 / 2) ** 0.5, abs=1e-3)


@pytest.mark.parametrize("count", [3, 4, 5, 8])
@pytest.mark.parametrize("spread", [2.0, 8.0])
def test_the_interval_holds_the_next_result_in_nine_of_ten_worlds_and_more(count: int, spread: float) -> None:
    """It says 95 of 100; worlds with a slope, errors around it, uneven times, and a scale that ends."""
    dice = Random(count * 100 + int(spread))
    held = 0
    worlds = 800
    for _world in range(worlds):
        begin, slope = dice.uniform(10, 60), dice.uniform(-3, 6)
        times = sorted(dice.uniform(0, 8) for _point in range(count + 1))

        def measured(time: float, begin: float = begin, slope: float = slope) -> float:
            return min(max(begin + slope * time + dice.gauss(0, spread), 0), 100)

        found = project([(time, measured(time)) for time in times[:-1]], times[-1], scatter=0.5)
        assert found is not None
        held += found.low <= measured(times[-1]) <= found.high
    assert held / worlds >= 0.90


@pytest.mark.parametrize(
    ("freedom", "point"), [(1, 12.7062), (2, 4.3027), (3, 3.1824), (8, 2.3060), (9, 2.2622), (30, 2.0423)]
)
def test_student_s_points_for_few(freedom: int, point: float) -> None:
    assert t_95(freedom) == pytest.approx(point, abs=1e-3)


def test_student_has_no_point_for_nothing() -> None:
    with pytest.raises(ValueError, match="0 degrees"):
        t_95(0)
