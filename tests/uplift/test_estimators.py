"""The estimators against regions whose truth is known, and their behaviour on small and odd input."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from apps.uplift import (
    Estimate,
    Missing,
    Observation,
    Standing,
    against_waiting,
    difference_in_differences,
    plain_change,
)
from tests.uplift.regions import region

REGIONS = 1000
Estimator = Callable[[Iterable[Observation]], Estimate]


def tried(effect: float, regions: int = REGIONS) -> dict[Estimator, tuple[float, float]]:
    """For each estimator its mean distance from the planted effect, and the share of intervals that hold it."""
    found: dict[Estimator, list[Estimate]] = {
        plain_change: [], difference_in_differences: [], against_waiting: [],
    }  # fmt: skip
    for seed in range(regions):
        rows = region(seed, effect)
        for estimator, estimates in found.items():
            estimates.append(estimator(rows))
    return {estimator: (off(rows, effect), covered(rows, effect)) for estimator, rows in found.items()}


def off(estimates: list[Estimate], effect: float) -> float:
    values = [one.value for one in estimates if one.value is not None]
    assert len(values) == len(estimates)
    return sum(values) / len(values) - effect


def covered(estimates: list[Estimate], effect: float) -> float:
    held = [
        one
        for one in estimates
        if one.low is not None and one.high is not None and one.low <= effect <= one.high
    ]
    return len(held) / len(estimates)


@pytest.mark.parametrize("effect", [0, 0.3, 1])
def test_planted_effect_is_found_and_plain_change_promises_too_much(effect: float) -> None:
    result = tried(effect)
    for estimator in (difference_in_differences, against_waiting):
        bias, coverage = result[estimator]
        assert abs(bias) < 0.05, estimator
        assert coverage >= 0.90, estimator
    bias, coverage = result[plain_change]
    assert bias > 0.5, (
        "The weakest rise by themselves, and a plain before and after takes that for an effect."
    )
    assert coverage < 0.05


def small(mentored: int, waiting: int = 0) -> list[Observation]:
    """Members with one mentored or waiting area and three others, all at level 1 or 2."""
    rows = []
    for number in range(mentored + waiting):
        standing = Standing.MENTORED if number < mentored else Standing.WAITING
        rise = 2.0 if standing is Standing.MENTORED else 1.0
        level = float(number % 2 + 1)
        rows.append(Observation(f"m{number}", "A.1", level, level + rise, standing))
        rows += [Observation(f"m{number}", f"A.{k}", level, level + 1, Standing.OTHER) for k in (2, 3)]
    return rows


@pytest.mark.parametrize("estimator", [plain_change, difference_in_differences, against_waiting])
def test_under_five_mentored_members_there_is_no_figure(estimator: Estimator) -> None:
    found = estimator(small(4, 8))
    assert (found.value, found.low, found.high) == (None, None, None)
    assert (found.missing, found.members, found.areas) == (Missing.TOO_FEW_MENTORED, 4, 4)
    assert not found.shows_effect


@pytest.mark.parametrize("estimator", [plain_change, difference_in_differences, against_waiting])
def test_nothing_observed_is_no_figure(estimator: Estimator) -> None:
    assert estimator([]).missing is Missing.TOO_FEW_MENTORED


def test_under_five_waiting_members_nothing_is_compared_with_them() -> None:
    found = against_waiting(small(9, 4))
    assert (found.value, found.missing, found.compared) == (None, Missing.TOO_FEW_TO_COMPARE, 4)


def test_members_without_other_areas_are_not_compared_with_themselves() -> None:
    rows = [row for row in small(9) if row.area == "A.1"]
    assert difference_in_differences(rows).missing is Missing.TOO_FEW_TO_COMPARE


def test_a_rise_that_all_share_is_no_effect_of_mentoring() -> None:
    rows = small(6, 6)
    assert plain_change(rows).value == pytest.approx(2)
    assert difference_in_differences(rows).value == pytest.approx(1)
    assert against_waiting(rows).value == pytest.approx(1)


def test_standing_that_follows_from_the_starting_level_leaves_nothing_alike() -> None:
    rows = [
        Observation(f"m{number}", "A.1", 1 if number < 6 else 3, 3, Standing.MENTORED if number < 6 else Standing.WAITING)
        for number in range(12)
    ]  # fmt: skip
    assert against_waiting(rows).missing is Missing.NOTHING_ALIKE


@pytest.mark.parametrize("estimator", [plain_change, difference_in_differences, against_waiting])
def test_the_order_of_rows_changes_nothing(estimator: Estimator) -> None:
    rows = region(7, 0.3)
    mixed = random.Random(3).sample(rows, len(rows))
    assert estimator(mixed) == estimator(rows)


def test_an_area_given_twice_and_a_level_that_is_none_are_refused() -> None:
    row = Observation("m", "A.1", 1, 2, Standing.OTHER)
    with pytest.raises(ValueError, match="twice"):
        plain_change([row, row])
    for level in (-0.1, 5.1, float("nan")):
        with pytest.raises(ValueError, match="level from 0 to 5"):
            Observation("m", "A.1", level, 2, Standing.OTHER)


def test_an_interval_above_nothing_shows_an_effect_and_one_around_it_does_not() -> None:
    assert Estimate(0.4, 0.1, 0.7, 8, 9).shows_effect
    assert not Estimate(0.4, -0.1, 0.9, 8, 9).shows_effect
