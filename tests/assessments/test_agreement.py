"""Agreement of two raters: vectors worked by hand, cases that are not defined, and laws that always hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assessments.selectors.agreement import agreement

# Worked by hand. For (0,0)(1,1)(2,2)(3,2)(4,5): squared differences 0,0,0,1,1 = 2, n times that = 10.
# First 0,1,2,3,4 (sum 10, squares 30), second 0,1,2,2,5 (sum 10, squares 34): all pairs 5*30 + 5*34 - 2*10*10 = 120.
VECTORS = [
    (
        [(0, 0), (1, 1), (2, 2), (3, 2), (4, 5)],
        5,
        Fraction(0),
        Fraction(1),
        Fraction(3, 5),
        1 - Fraction(10, 120),
    ),
    # Opposites: squared 25+25, times 2 = 100; all pairs (0-5)^2+(0-0)^2+(5-5)^2+(5-0)^2 = 50.
    ([(0, 5), (5, 0)], 2, Fraction(0), Fraction(0), Fraction(0), Fraction(-1)),
    ([(1, 1), (4, 4)], 2, Fraction(0), Fraction(1), Fraction(1), Fraction(1)),
    # Always two lower: squared 4*3 = 12, times 3 = 36; first 2,3,4 second 0,1,2: 3*29 + 3*5 - 2*9*3 = 48.
    ([(2, 0), (3, 1), (4, 2)], 3, Fraction(-2), Fraction(0), Fraction(0), Fraction(1, 4)),
]


@pytest.mark.parametrize(("pairs", "n", "mean", "near", "same", "kappa"), VECTORS)
def test_vectors_worked_by_hand(
    pairs: list[tuple[int, int]], n: int, mean: Fraction, near: Fraction, same: Fraction, kappa: Fraction
) -> None:
    found = agreement(pairs)
    assert (found.n, found.mean_difference, found.within_one, found.exact) == (n, mean, near, same)
    assert found.kappa == kappa and found.reason == ""


def test_nothing_rated_by_both_has_no_figure() -> None:
    found = agreement([])
    assert (found.n, found.kappa, found.mean_difference, found.reason) == (0, None, None, "nothing")


def test_the_same_level_everywhere_leaves_kappa_undefined() -> None:
    found = agreement([(3, 3)] * 4)
    assert found.kappa is None and found.reason == "all_the_same" and found.within_one == 1


def test_one_constant_rater_makes_kappa_nought_and_says_so() -> None:
    found = agreement([(3, 1), (3, 2), (3, 5)])
    assert found.kappa == 0 and found.reason == "one_is_constant"


PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30)


@given(PAIRS)
def test_figures_stay_in_their_bounds_and_turn_round_with_the_raters(pairs: list[tuple[int, int]]) -> None:
    there, back = agreement(pairs), agreement([(b, a) for a, b in pairs])
    assert there.kappa == back.kappa and there.mean_difference == -(back.mean_difference or 0)
    assert there.kappa is None or -1 <= there.kappa <= 1
    assert there.exact is not None and there.within_one is not None and there.exact <= there.within_one <= 1


@given(PAIRS, st.integers(1, 9))
def test_kappa_does_not_depend_on_where_the_scale_begins(pairs: list[tuple[int, int]], by: int) -> None:
    assert agreement(pairs).kappa == agreement([(a + by, b + by) for a, b in pairs]).kappa
