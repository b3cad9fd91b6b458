"""From organisations to the nation, worked by hand, and what may never be learned from it."""

from __future__ import annotations

import json
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.scoring.rollup import (
    CRITICALITIES,
    AreaRollUp,
    Cell,
    Gap,
    Organisation,
    SectorReach,
    Tally,
    Withheld,
    lower_quartile,
    roll_up,
    rollup_document,
    tally_of,
    withheld_sectors,
)

FEW = settings(max_examples=30, deadline=None, database=None)


def organisations(
    sector: str, *points: int, criticality: str = "other", area: str = "A"
) -> list[Organisation]:
    return [Organisation(sector, criticality, True, {area: F(value)}) for value in points]


# Energy: essential 80 and 60, important 40, other 20 and 100. Σ c = 3 + 3 + 2 + 1 + 1 = 10 and
# Σ c·points = 240 + 180 + 80 + 20 + 100 = 620, so 62. Sorted 20 40 60 80 100: a quarter of four steps is one, so 40.
ENERGY = [
    *organisations("energy", 80, 60, criticality="essential"),
    *organisations("energy", 40, criticality="important"),
    *organisations("energy", 20, 100),
]
# Health: 0 … 50 with equal weights, so 25. A quarter of five steps is 1¼: 10 + ¼ × 10 = 12½. None reaches 60.
HEALTH = organisations("health", 0, 10, 20, 30, 40, 50)


def rolled(rows: list[Organisation], **nation: int) -> AreaRollUp:
    (area,) = roll_up(["A"], rows, nation={code: F(value) for code, value in nation.items()}).areas
    return area


def test_sector_weighs_its_organisations_by_criticality():
    area = rolled(ENERGY + HEALTH)
    assert area.code == "A"
    assert area.sectors == {
        "energy": Cell(F(62), lower_quartile=F(40), share_reached=F(3, 5), organisations=5),
        "health": Cell(F(25), lower_quartile=F(25, 2), share_reached=F(0), organisations=6),
    }


def test_nation_is_the_mean_of_its_sectors():
    # (62 + 25) / 2 = 43.5. Sorted 0 10 20 20 30 40 40 50 60 80 100: place 10/4 = 2½ lies between 20 and 20.
    assert rolled(ENERGY + HEALTH).national == Cell(
        F(87, 2), lower_quartile=F(20), share_reached=F(3, 11), organisations=11
    )


def test_sixty_points_are_reached_at_sixty_exactly():
    tally = tally_of([(1, F(60)), (1, F(5999, 100)), (2, F(61))])
    assert tally == Tally(
        3, weight=4, heaviest=2, total=F(24199, 100), reached=2, lower_quartile=F(11999, 200)
    )
    assert tally.value == F(24199, 400)


@pytest.mark.parametrize(
    ("values", "quartile"),
    [
        ([7], F(7)),
        ([4, 8], F(5)),
        ([8, 4, 0], F(2)),
        ([30, 0, 20, 10], F(15, 2)),
        ([40, 0, 30, 10, 20], F(10)),
        ([0, 10, 20, 30, 40, 50, 60], F(15)),
    ],
)
def test_lower_quartile_stands_between_neighbours_in_proportion(values, quartile):
    assert lower_quartile([F(value) for value in values]) == quartile


@pytest.mark.parametrize(
    ("policy", "gap", "flagged"),
    [(45, 20, True), (5, -20, True), (44, 19, False), (6, -19, False), (25, 0, False)],
)
def test_gap_is_flagged_from_twenty_points_either_way(policy, gap, flagged):
    area = rolled(HEALTH, A=policy)
    assert area.gap == Gap(F(gap))
    assert area.gap.flagged is flagged


def test_gap_needs_both_figures():
    assert rolled(HEALTH).gap == Withheld("nation_not_scored")
    assert rolled(HEALTH[:4], A=50).gap == Withheld("too_few")
    assert rolled(HEALTH, B=50).gap == Withheld("nation_not_scored")


def test_four_organisations_are_not_shown_and_five_are():
    assert rolled(HEALTH[:4]).sectors == {"health": Withheld("too_few")}
    assert rolled(HEALTH[:4]).national == Withheld("too_few")
    assert rolled(HEALTH[:5]).sectors["health"] == rolled(HEALTH[:5]).national
    assert rolled(HEALTH[:5]).national.value == 20


def test_area_nobody_answered_is_withheld_everywhere():
    area = rolled(organisations("health", 1, 2, 3, 4, 5, area="B"), A=50)
    assert (area.national, area.sectors, area.gap) == (Withheld("too_few"), {}, Withheld("too_few"))


def test_single_withheld_sector_takes_the_smallest_other_with_it():
    # Water has 2 organisations. Shown energy and health would leave its mean as 3 × national − energy − health.
    area = rolled(ENERGY + HEALTH + organisations("water", 70, 90))
    assert area.sectors == {
        "energy": Withheld("protects_another"),
        "health": Cell(F(25), lower_quartile=F(25, 2), share_reached=F(0), organisations=6),
        "water": Withheld("too_few"),
    }
    assert area.national.value == (62 + 25 + 80) * F(1, 3)
    assert area.national.organisations == 13


def test_sector_withheld_to_protect_another_is_the_smallest_whatever_its_code():
    sectors = {"a": tally(7, weight=7, heaviest=1), "b": tally(6, weight=6, heaviest=1)}
    sectors["w"] = tally(2, weight=2, heaviest=1)
    assert withheld_sectors(sectors) == {"w": Withheld("too_few"), "b": Withheld("protects_another")}


def test_sectors_of_one_size_are_withheld_in_the_order_of_their_codes():
    area = rolled(
        ENERGY
        + HEALTH[:5]
        + [
            Organisation(o.sector.replace("health", "crops"), o.criticality, o.designated, o.areas)
            for o in HEALTH[:5]
        ]
        + organisations("water", 70)
    )
    assert [code for code, cell in area.sectors.items() if cell == Withheld("protects_another")] == ["crops"]


def test_two_small_sectors_of_less_than_five_together_take_a_third_with_them():
    area = rolled(ENERGY + HEALTH + organisations("water", 70, 90) + organisations("crops", 10, 20))
    assert area.sectors["energy"] == Withheld("protects_another")
    assert isinstance(area.sectors["health"], Cell)


def test_two_small_sectors_of_five_together_hide_each_other():
    area = rolled(ENERGY + HEALTH + organisations("water", 70, 90) + organisations("crops", 10, 20, 30))
    assert {code for code, cell in area.sectors.items() if isinstance(cell, Withheld)} == {"crops", "water"}
    assert area.national.value == (62 + 25 + 80 + 20) * F(1, 4)


def test_nation_of_small_sectors_is_shown_without_any_of_them():
    area = rolled(organisations("energy", 10, 20, 30) + organisations("water", 40, 50))
    assert area.national.value == F(65, 2)
    assert list(area.sectors.values()) == [Withheld("too_few")] * 2


def tally(number: int, *, weight: int, heaviest: int) -> Tally:
    return Tally(number, weight, heaviest, total=F(50 * weight), reached=0, lower_quartile=F(50))


def test_cell_of_which_one_holds_over_half_the_weight_is_withheld():
    assert withheld_sectors({"a": tally(5, weight=10, heaviest=5)}) == {}
    assert withheld_sectors({"a": tally(5, weight=9, heaviest=5)}) == {"a": Withheld("one_dominates")}
    # Alone it could be worked out, however many there are in it: a second sector has to go with it.
    both = {"a": tally(50, weight=9, heaviest=5), "b": tally(60, weight=60, heaviest=1)}
    assert withheld_sectors(both) == {"a": Withheld("one_dominates"), "b": Withheld("protects_another")}


def test_reach_counts_designated_operators_with_a_result():
    rows = [
        *organisations("water", 10, 20, 30),
        *[Organisation("water", "other", True, {})] * 7,
        *[Organisation("water", "other", False, {"A": F(50)})] * 5,
        *[Organisation("health", "essential", True, {"A": F(50)})] * 2,
        *[Organisation("health", "essential", True, {})] * 5,
        Organisation("crops", "other", False, {"A": F(50)}),
    ]
    crops, health, water = roll_up(["A"], rows, nation={}).reach
    assert water == SectorReach("water", designated=10, answered=3)
    assert health == SectorReach("health", designated=7, answered=2)
    assert crops == SectorReach("crops", designated=0, answered=0)
    # 3 of 10 are 30 %, 2 of 7 are 28.6 %, and where nobody is designated nothing says how much was reached.
    assert [s.indicative for s in (water, health, crops)] == [False, True, True]


def test_document_gives_figures_and_says_why_cells_are_withheld():
    found = roll_up(["A", "B"], ENERGY + organisations("water", 70), nation={"A": F(90), "B": F(10)})
    document = rollup_document(found)
    assert json.loads(json.dumps(document)) == document
    assert document == {
        "areas": [
            {
                "code": "A",
                "national": {
                    "value": {"exact": "66/1", "display": "66.0"},
                    "lower_quartile": {"exact": "45/1", "display": "45.0"},
                    "percent_at_60": {"exact": "200/3", "display": "66.7"},
                    "organisations": 6,
                },
                "sectors": {"energy": {"withheld": "protects_another"}, "water": {"withheld": "too_few"}},
                "gap": {"value": {"exact": "24/1", "display": "24.0"}, "flagged": True},
            },
            {
                "code": "B",
                "national": {"withheld": "too_few"},
                "sectors": {},
                "gap": {"withheld": "too_few"},
            },
        ],
        "sectors": [
            {"code": "energy", "designated": 5, "answered": 5, "indicative": False},
            {"code": "water", "designated": 1, "answered": 1, "indicative": False},
        ],
    }


POINTS = st.fractions(min_value=0, max_value=100, max_denominator=12)
ORGANISATION = st.builds(
    Organisation,
    st.sampled_from(["crops", "energy", "health", "water"]),
    st.sampled_from(CRITICALITIES),
    st.booleans(),
    st.one_of(st.builds(lambda value: {"A": value}, POINTS), st.just({})),
)


@FEW
@given(st.lists(ORGANISATION, max_size=30))
def test_no_withheld_cell_can_be_worked_out_from_what_is_shown(rows):
    area = rolled(rows)
    counts = {s: sum(row.sector == s and bool(row.areas) for row in rows) for s in area.sectors}
    hidden = [s for s, cell in area.sectors.items() if isinstance(cell, Withheld)]
    assert all(counts[s] >= 5 for s in area.sectors if s not in hidden)
    if isinstance(area.national, Cell):
        # National is one equation; it may leave several unknown sectors of five organisations or more, never one.
        assert sum(counts.values()) >= 5
        assert not hidden or (len(hidden) > 1 and sum(counts[s] for s in hidden) >= 5)
    else:
        assert hidden == list(area.sectors)


@FEW
@given(st.lists(ORGANISATION, max_size=20), st.randoms(use_true_random=False))
def test_order_of_the_organisations_does_not_matter(rows, dice):
    turned = rows.copy()
    dice.shuffle(turned)
    assert roll_up(["A"], rows, nation={}) == roll_up(["A"], turned, nation={})


@FEW
@given(st.lists(ORGANISATION, min_size=1, max_size=20), st.data())
def test_raising_one_organisation_lowers_no_figure(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    if not (row := rows[place]).areas:
        return
    more = data.draw(st.fractions(min_value=row.areas["A"], max_value=100, max_denominator=12))
    better = [
        *rows[:place],
        Organisation(row.sector, row.criticality, row.designated, {"A": more}),
        *rows[place + 1 :],
    ]
    old, new = rolled(rows), rolled(better)
    pairs = [(old.national, new.national), *((old.sectors[s], new.sectors[s]) for s in old.sectors)]
    for before, after in pairs:
        assert isinstance(before, Withheld) == isinstance(after, Withheld)
        if isinstance(before, Cell):
            assert before.value <= after.value
            assert before.lower_quartile <= after.lower_quartile
            assert before.share_reached <= after.share_reached
