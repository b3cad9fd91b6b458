"""Organisations rolled up in bulk come to the same as one by one."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.scoring import NotApplicable, Rated, Unanswered, Unknown, score
from apps.scoring.bulk import BulkOrganisations, BulkPlan, NotInBulk, encode, roll_up_in_bulk
from apps.scoring.rollup import CRITICALITIES, WEIGHTS, Cell, Organisation, SectorReach, Withheld, roll_up
from tests.scoring.small import TODAY, framework, indicator

FEW = settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
SPEC = framework(
    indicator("A.1.1", key=True), indicator("A.1.2"), indicator("A.1.3", weight=F(1, 3)),
    indicator("A.2.1"), indicator("B.1.1", weight=0), indicator("B.2.1"),
)  # fmt: skip
SECTORS = ("crops", "energy", "health", "idle", "water")
NATION = {"A.1": F(80), "B.2": F(10)}
ANSWERS = st.one_of(
    st.builds(Rated, st.integers(0, 5)),
    st.builds(Rated, st.integers(0, 5)),
    st.just(Unknown()),
    st.just(Unanswered()),
)
SHEETS = st.fixed_dictionaries(
    {
        i.code: ANSWERS if i.key else st.one_of(ANSWERS, st.just(NotApplicable("none")))
        for i in SPEC.indicators
    }
)
ROWS = st.lists(
    st.tuples(st.sampled_from([0, 1, 1, 2, 2, 2, 4]), st.sampled_from(CRITICALITIES), st.booleans(), SHEETS),
    max_size=25,
)


def in_bulk(rows, *, spec=SPEC):
    sheets = [sheet for *_, sheet in rows]
    scores = BulkPlan.for_framework(spec).score(encode(spec, sheets, on=TODAY), basis="claimed")
    organisations = BulkOrganisations(
        SECTORS,
        sector=np.array([sector for sector, *_ in rows], np.uint8),
        weight=np.array([WEIGHTS[criticality] for _, criticality, *_ in rows], np.uint8),
        designated=np.array([designated for _, _, designated, _ in rows], np.bool_),
    )
    return roll_up_in_bulk(scores, organisations)


def one_by_one(rows):
    organisations = []
    for sector, criticality, designated, sheet in rows:
        areas = score(SPEC, sheet, on=TODAY).claimed.areas
        values = {code: part.value for code, part in areas.items() if part.value is not None}
        organisations.append(Organisation(SECTORS[sector], criticality, designated, values))
    return roll_up([area.code for area in SPEC.areas], organisations, nation=NATION)


@FEW
@given(ROWS)
def test_bulk_roll_up_is_the_exact_one(rows):
    assert in_bulk(rows).roll_up(NATION) == one_by_one(rows)


def rated(level: int) -> dict[str, Rated]:
    return {i.code: Rated(level) for i in SPEC.indicators}


def test_roll_up_worked_by_hand():
    # Energy: levels 4 and 3 (c 3), 2 (c 2), 1 and 5 (c 1): 620 / 10 = 62; quartile 40; 3 of 5 reach 60.
    # Water: levels 0 … 5 (c 1): 300 / 6 = 50; quartile at place 1¼: 25; 3 of 6.
    rows = [
        (4, "other", False, rated(0)),
        (1, "essential", True, rated(4)),
        *[(4, "other", False, rated(level)) for level in (3, 1, 2)],
        (1, "essential", True, rated(3)),
        (1, "important", False, rated(2)),
        *[(1, "other", True, rated(level)) for level in (1, 5)],
        *[(4, "other", False, rated(level)) for level in (4, 5)],
        *[(0, "other", True, {})] * 2,
    ]
    found = in_bulk(rows).roll_up({"A.1": F(36)})
    area = found.areas[0]
    assert area.sectors == {"energy": Cell(F(62), F(40), F(3, 5), 5), "water": Cell(F(50), F(25), F(1, 2), 6)}
    # Sorted 0 20 20 40 40 60 60 80 80 100 100: place 10/4 = 2½ lies between 20 and 40. Reached by 6 of 11.
    assert area.national == Cell(F(56), F(30), F(6, 11), 11)
    assert (area.gap.value, area.gap.flagged) == (-20, True)
    assert found.reach == (
        SectorReach("crops", designated=2, answered=0),
        SectorReach("energy", designated=4, answered=4),
        SectorReach("water", designated=0, answered=0),
    )
    # B.1 holds one indicator of weight 0, so it has no value for anybody.
    assert found.areas[2].national == Withheld("too_few") and found.areas[2].sectors == {}
    assert [a.code for a in found.areas] == ["A.1", "A.2", "B.1", "B.2"]


def test_nation_without_organisations_is_withheld():
    found = in_bulk([]).roll_up({})
    assert found.reach == ()
    assert [area.national for area in found.areas] == [Withheld("too_few")] * 4


def test_sum_over_organisations_has_to_fit_into_63_bits():
    # Σ w is 1 … 36, so the denominator is their least common multiple, 144 403 552 893 600; 100 times that
    # fits 638 times into 2⁶³ − 1.
    spec = framework(*(indicator(f"A.1.{n}") for n in range(36)))
    rows = [(1, "other", False, {})] * 639
    assert in_bulk(rows[:638], spec=spec).sectors == ("energy",)
    with pytest.raises(NotInBulk, match="639 organisations sum up to more than 63 bits"):
        in_bulk(rows, spec=spec)
