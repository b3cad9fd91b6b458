"""Statistics against a second, independent calculation, and what they may say about whom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.marking.statistics import (
    Flag,
    ItemStatistics,
    drawn_statistics,
    flags_of,
    gain,
    option_flags,
    option_table,
    t_95,
)
from apps.marking.statistics import test_statistics as statistics_of

CODES = [f"q{n}" for n in range(6)]
TABLES = st.lists(
    st.lists(st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]), min_size=6, max_size=6), min_size=3, max_size=40
)


@given(TABLES)
def test_items_and_tests_equal_a_second_calculation(table: list[list[float]]) -> None:
    found = statistics_of([dict(zip(CODES, row, strict=True)) for row in table])
    marks = np.array(table)
    totals = marks.sum(axis=1)
    assert found.sd == pytest.approx(totals.std(ddof=1), abs=1e-9)
    for place, code in enumerate(CODES):
        mine, rest = marks[:, place], totals - marks[:, place]
        one = found.items[code]
        assert one.facility == pytest.approx(mine.mean(), abs=1e-9)
        assert one.sd == pytest.approx(mine.std(ddof=1), abs=1e-9)
        if one.discrimination is not None and mine.std() > 1e-6 and rest.std() > 1e-6:
            assert one.discrimination == pytest.approx(100 * np.corrcoef(mine, rest)[0, 1], abs=1e-6)
        largest = np.cov(np.sort(mine), np.sort(rest))[0, 1]
        if one.efficiency is not None and largest > 1e-9:
            assert one.efficiency == pytest.approx(100 * np.cov(mine, rest)[0, 1] / largest, abs=1e-6)
    if found.alpha is not None and totals.var() > 1e-6:
        alpha = 6 / 5 * (1 - marks.var(axis=0, ddof=1).sum() / totals.var(ddof=1))
        assert found.alpha == pytest.approx(alpha, abs=1e-6)


def test_alpha_of_right_or_wrong_items_is_kuder_richardson() -> None:
    rows = [
        dict(zip("abcde", map(float, marks), strict=True))
        for marks in ("11111", "11110", "11100", "11000", "10000", "00000")
    ]
    found = statistics_of(rows)
    shares = [5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6]
    variance = np.var([5, 4, 3, 2, 1, 0])
    assert found.alpha == pytest.approx(5 / 4 * (1 - sum(p * (1 - p) for p in shares) / variance), abs=1e-12)
    assert found.sem == pytest.approx(found.sd * (1 - found.alpha) ** 0.5)


def test_alpha_may_be_negative_and_is_missing_for_few_items_or_no_spread() -> None:
    rows = [
        {"a": 1.0, "b": 0.0, "c": 1.0, "d": 0.0, "e": 1.0},
        {"a": 0.0, "b": 1.0, "c": 0.0, "d": 1.0, "e": 0.5},
    ] * 3
    assert (statistics_of(rows).alpha or 0) < 0
    assert statistics_of([{"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 0.0}]).alpha is None
    assert statistics_of([dict.fromkeys("abcde", 1.0)] * 4).alpha is None


def test_learners_with_different_items_get_no_alpha() -> None:
    rows = [{"a": 1.0, "b": 0.0}, {"a": 0.0, "c": 1.0}, {"b": 1.0, "c": 1.0}]
    with pytest.raises(ValueError, match="different items"):
        statistics_of(rows)
    assert {code: one.n for code, one in drawn_statistics(rows).items()} == {"a": 2, "b": 2, "c": 2}


def one(**fields: float) -> ItemStatistics:
    held = {"n": 60, "facility": 0.6, "sd": 0.5, "discrimination": 40.0, "efficiency": 50.0, **fields}
    return ItemStatistics(**held)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "flags"),
    [
        (one(), ()),
        (one(facility=0.24), (Flag.TOO_HARD,)),
        (one(facility=0.96), (Flag.TOO_EASY,)),
        (one(discrimination=-1.0, efficiency=-2.0), (Flag.WRONG_KEY, Flag.BLUNT)),
        (one(discrimination=19.0), (Flag.WEAK,)),
        (one(n=29, facility=0.1), ()),
    ],
)
def test_flags_need_thirty_learners_and_a_reason(item: ItemStatistics, flags: tuple[Flag, ...]) -> None:
    assert flags_of(item) == flags


def test_a_gap_between_languages_needs_fifty_in_each() -> None:
    assert flags_of(one(), {"en": one(facility=0.8), "ar": one(facility=0.6)}) == (Flag.TRANSLATION,)
    assert flags_of(one(), {"en": one(facility=0.8), "ar": one(facility=0.6, n=49)}) == ()


def test_options_are_counted_by_thirds_and_a_wrong_key_stands_out() -> None:
    chosen = [(["b"], 9.0)] * 10 + [(["a"], 5.0)] * 10 + [(["a"], 1.0)] * 10
    table = option_table(chosen, "abc", frozenset("a"))
    assert [(row.option, round(row.share), row.thirds) for row in table] == [
        ("a", 67, (0.0, 100.0, 100.0)), ("b", 33, (100.0, 0.0, 0.0)), ("c", 0, (0.0, 0.0, 0.0)),
    ]  # fmt: skip
    assert option_flags(table, 30) == (Flag.DEAD, Flag.TOP_CHOOSES_OTHER)
    assert option_flags(table, 29) == ()


@pytest.mark.parametrize(
    ("freedom", "point"), [(9, 2.262157), (19, 2.093024), (29, 2.04523), (99, 1.984217), (999, 1.962341)]
)
def test_the_interval_uses_student_s_points(freedom: int, point: float) -> None:
    assert t_95(freedom) == pytest.approx(point, abs=1e-3)


def test_gain_is_of_means_and_only_for_ten_pairs() -> None:
    pairs = [(40.0, 70.0), (60.0, 80.0)] * 5
    found = gain(pairs)
    assert found is not None
    assert (found.n, found.before, found.after, found.difference) == (10, 50.0, 75.0, 25.0)
    assert found.normalised == pytest.approx(0.5)
    half = 2.262157 * np.std([30, 20] * 5, ddof=1) / 10**0.5
    assert (found.low, found.high) == (pytest.approx(25 - half, abs=1e-2), pytest.approx(25 + half, abs=1e-2))
    assert gain(pairs[:9]) is None
    assert gain([(100.0, 100.0)] * 10).normalised is None  # type: ignore[union-attr]
