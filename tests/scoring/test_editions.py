"""Two editions of a national picture, next to each other, say nothing about one organisation."""

from __future__ import annotations

from fractions import Fraction as F

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from apps.scoring.editions import Entry, area_document, area_of, groups_behind, in_steps, next_entries
from apps.scoring.rollup import Cell, withheld_sectors


def five(sector: str, points: int, first: int = 0) -> dict[str, Entry]:
    return {f"{sector}{n}": Entry(sector, "other", F(points)) for n in range(first, first + 5)}


def test_first_edition_takes_everybody_when_there_are_five():
    assert next_entries([], five("energy", 40)) == five("energy", 40)


def test_four_organisations_are_no_edition():
    four = dict(list(five("energy", 40).items())[:4])
    assert next_entries([], four) == four
    assert area_document(area_of("A", four, own=None), own=None)["organisations"] == {"withheld": "too_few"}


def test_one_newcomer_waits_until_five_differ():
    before = five("energy", 40)
    now = before | {"new": Entry("energy", "other", F(90))}
    assert next_entries([before], now) == before
    more = before | five("energy", 90, first=10)
    assert next_entries([before], more) == more


def test_a_sector_that_changed_goes_on_while_another_stays():
    before = five("energy", 40) | five("health", 20)
    now = five("energy", 60) | five("health", 20) | {"late": Entry("health", "other", F(80))}
    assert next_entries([before], now) == five("energy", 60) | five("health", 20)


def test_small_sectors_change_together():
    before = {f"w{n}": Entry("water", "other", F(10)) for n in range(3)} | {
        f"j{n}": Entry("justice", "other", F(10)) for n in range(3)
    }
    three = {key: entry._replace(points=F(50)) if key[0] == "w" else entry for key, entry in before.items()}
    assert next_entries([before], three) == before
    six = {key: entry._replace(points=F(50)) for key, entry in before.items()}
    assert next_entries([before], six) == six


def test_who_leaves_is_not_counted_on_and_takes_the_area_along():
    before = five("energy", 40) | five("health", 20)
    now = {key: entry for key, entry in before.items() if key != "energy0"}
    assert next_entries([before], now) is None
    document = area_document(area_of("A", None, own=F(61)), own=F(61))
    assert document["organisations"] == {"withheld": "somebody_left"}
    assert document["gap"] is None and document["sectors"] == {} and document["own"] == 61


def test_who_moves_to_another_sector_changes_both_or_none():
    before = five("energy", 40) | five("health", 20) | {"moves": Entry("energy", "other", F(0))}
    now = before | {"moves": Entry("health", "other", F(0))}
    assert next_entries([before], now) == before


def test_gap_is_the_difference_of_the_two_figures_that_are_shown():
    # 40.4 and 60.5 are shown as 40 and 61: the gap says 21, and not 20.
    entries = {key: entry._replace(points=F(404, 10)) for key, entry in five("energy", 0).items()}
    document = area_document(area_of("A", entries, own=F(605, 10)), own=F(605, 10))
    assert document["organisations"] == {
        "points": 40, "lower_quartile": 40, "percent_at_60": 0, "counted": 5,
    }  # fmt: skip
    assert (document["own"], document["gap"], document["flagged"]) == (61, 21, True)


def test_quartile_and_share_come_in_steps_of_five():
    assert [in_steps(F(value)) for value in (0, 2, 3, 42, 43, 98)] == [0, 0, 5, 40, 45, 100]
    assert in_steps(F(5, 2)) == 5


def test_a_sector_that_becomes_large_enough_does_not_leave_its_first_one_alone_behind():
    small = {f"h{n}": Entry("health", "other", F(10)) for n in range(4)} | {
        "w": Entry("water", "other", F(3))
    }
    before = small | {"energy9": Entry("energy", "other", F(77))}
    assert next_entries([before], before | five("energy", 40)) == before


ORGANISATIONS = [f"o{n}" for n in range(16)]
ENTRY = st.builds(
    Entry,
    st.sampled_from(["energy", "health", "water"]),
    st.sampled_from(["essential", "important", "other"]),
    st.sampled_from([F(0), F(30), F(61), F(100)]),
)
WORLD = st.dictionaries(st.sampled_from(ORGANISATIONS), ENTRY)
STEPS = st.lists(st.dictionaries(st.sampled_from(ORGANISATIONS), st.none() | ENTRY, max_size=9), max_size=5)


@settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate])
@given(WORLD, STEPS)
def test_no_figure_of_two_editions_differs_by_fewer_than_five(
    world: dict[str, Entry], steps: list[dict[str, Entry | None]]
) -> None:
    editions = [dict(next_entries([], world) or {})]
    for step in steps:
        world = {key: entry for key, entry in (world | step).items() if entry is not None}
        made = next_entries(editions, world)
        if made is None:
            continue
        assert made.keys() <= world.keys()
        for one in (group for edition in editions for group in groups_behind(edition)):
            for other in groups_behind(made):
                differ = {key for key, _entry in one ^ other}
                assert not differ or len(differ) >= 5, (one, other)
        editions.append(dict(made))


def test_withheld_sectors_still_protect_each_other_in_an_edition():
    entries = five("energy", 40) | {"w": Entry("water", "other", F(3))}
    area = area_of("A", entries, own=None)
    assert {code: isinstance(cell, Cell) for code, cell in area.sectors.items()} == {
        "energy": False, "water": False,
    }  # fmt: skip
    assert withheld_sectors({}) == {}
