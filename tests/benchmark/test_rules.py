"""The rules of the benchmark: what is shown, when it moves, and that nobody can subtract."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction as F
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.benchmark.figures import figures, half_level, is_spread, quartiles, shares
from apps.benchmark.releases import (
    Contributor,
    Release,
    Shown,
    Withheld,
    _reason,
    area_document,
    differing,
    next_release,
)
from apps.benchmark.rules import (
    FEWEST,
    FEWEST_CHANGED,
    Cut,
    changed_enough,
    cuts,
    last_cut_off,
    next_cut_off,
)

ALL, ENERGY, HEALTH = Cut("all", "all"), Cut("sector", "energy"), Cut("sector", "health")


def group(sector: str, count: int, points: int | None = None, first: int = 0) -> list[Contributor]:
    """Contributors of a sector at `points`, or spread over the scale."""
    return [
        Contributor(
            f"{sector}{n:03}", {"sector": sector}, {"A": F(points if points is not None else 5 * (n % 21))}
        )
        for n in range(first, first + count)
    ]


def release(people: list[Contributor], *earlier: Release) -> Release:
    return next_release(people, ["A"], number=len(earlier) + 1, on=f"day {len(earlier) + 1}", earlier=earlier)


def cell(made: Release, cut: Cut) -> Shown | Withheld:
    return made.areas["A"][cut]


def test_figures_of_a_known_group() -> None:
    values = [F(v) for v in range(101)]
    assert figures(values) == {"shares": [30, 40, 30], "size": "40+"} | {
        "low": "1.5", "median": "2.5", "high": "4.0",
    }  # fmt: skip


@pytest.mark.parametrize(("points", "level"), [(0, "0.0"), (44, "2.0"), (45, "2.5"), (54, "2.5"), (55, "3.0"), (100, "5.0")])  # fmt: skip
def test_half_levels_round_up(points: int, level: str) -> None:
    assert half_level(F(points)) == level


def test_shares_need_a_hundred_and_some_difference() -> None:
    assert shares([F(50)] * 99) is None
    assert shares([F(50)] * 100) is None
    assert shares([F(10)] * 40 + [F(50)] * 60) == [40, 60, 0]


def test_quarters_need_three_each() -> None:
    assert is_spread([F(v) for v in (0, 0, 0, 20, 20, 20, 40, 40, 40, 60, 60, 60)])
    assert not is_spread([F(0), F(20), F(40), F(60)])
    assert quartiles([F(0), F(10)]) == (F(5, 2), F(5), F(15, 2))


def test_few_are_not_shown_and_are_not_counted_aloud() -> None:
    made = release(group("energy", FEWEST - 1))
    assert cell(made, ALL) == Withheld("too_few")
    lines = area_document(made.areas["A"])
    assert [line["cut"] for line in lines] == [cut.code for cut in cuts()]
    assert all(line == {"cut": line["cut"], "withheld": "too_few"} for line in lines)
    assert isinstance(cell(release(group("energy", FEWEST)), ALL), Shown)


def test_one_change_leaves_the_figure_with_its_old_date() -> None:
    first = release(group("energy", 90))
    moved = [*group("energy", 89), *group("energy", 1, 100, first=190)]
    second = release(moved, first)
    assert cell(second, ENERGY) == cell(first, ENERGY)
    assert area_document(second.areas["A"])[0]["as_of"] == "day 1"


def test_a_figure_moves_when_half_have_changed() -> None:
    first = release(group("energy", 90))
    short = release([*group("energy", 44, 50), *group("energy", 46, first=44)], first)
    enough = release([*group("energy", 49, 50), *group("energy", 41, first=49)], first)
    assert cell(short, ENERGY) == cell(first, ENERGY)
    assert cell(enough, ENERGY).number == 2  # type: ignore[union-attr]


def test_the_rest_of_a_whole_is_not_a_few() -> None:
    made = release([*group("energy", 120), *group("health", 10)])
    assert isinstance(cell(made, ALL), Shown)
    assert cell(made, ENERGY) == Withheld("protects_another")
    alone = release(group("energy", 120))
    assert isinstance(cell(alone, ENERGY), Shown)


def test_the_rest_beside_several_cuts_is_not_a_few_either() -> None:
    made = release([*group("energy", 120), *group("health", 90), *group("water", 5)])
    shown = {cut for cut in (ENERGY, HEALTH) if isinstance(cell(made, cut), Shown)}
    assert shown == {ENERGY} and cell(made, HEALTH) == Withheld("protects_another")


def test_order_of_contributors_does_not_matter_and_nobody_counts_twice() -> None:
    people = [*group("energy", 100), *group("health", 90)]
    assert release(people) == release(people[::-1])
    with pytest.raises(ValueError, match="once"):
        release([*people, people[0]])


def test_who_leaves_and_who_comes_are_not_added_up() -> None:
    old = {f"o{n}": F(n) for n in range(20)}
    new = {f"o{n}": F(n) for n in range(5, 25)}
    assert differing(old, new) == 5
    assert changed_enough(81) == 41 and changed_enough(10) == FEWEST_CHANGED


@pytest.mark.parametrize(
    ("day", "last", "coming"),
    [("2026-03-31", "2025-12-31", "2026-03-31"), ("2026-04-01", "2026-03-31", "2026-06-30"), ("2026-11-22", "2026-09-30", "2026-12-31")],
)  # fmt: skip
def test_dates_are_fixed(day: str, last: str, coming: str) -> None:
    asked = date.fromisoformat(day)
    assert (last_cut_off(asked), next_cut_off(asked)) == (
        date.fromisoformat(last),
        date.fromisoformat(coming),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[Contributor]]:
    """Four releases of a community that organisations join, leave and change in, a few or many at a time."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    people = {
        n: (chance.choice("eh"), chance.choice("ab"), 5 * chance.randrange(21))
        for n in range(draw(st.integers(60, 320)))
    }
    history = []
    for turn in range(4):
        part = draw(st.sampled_from((0.02, 0.3, 0.6, 0.9)))
        for n in list(people):
            if turn and chance.random() < part:
                people.pop(n) if chance.random() < 0.3 else people.update(
                    {n: (*people[n][:2], 5 * chance.randrange(21))}
                )
        if turn:
            people |= {
                1000 * turn + n: (chance.choice("eh"), chance.choice("ab"), 5 * chance.randrange(21))
                for n in range(draw(st.integers(0, 90)))
            }
        history.append([
            Contributor(f"o{n}", {"sector": {"e": "energy", "h": "health"}[s], "region": {"a": "asia", "b": "africa"}[r]}, {"A": F(v)})
            for n, (s, r, v) in people.items()
        ])  # fmt: skip
    return history


@given(histories())
@settings(max_examples=60, deadline=None)
def test_no_two_figures_differ_by_a_few(history: list[list[Contributor]]) -> None:
    made: list[Release] = []
    for people in history:
        made.append(release(people, *made))
    known = [c for one in made for c in one.areas["A"].values() if isinstance(c, Shown)]
    for c in known:
        assert len(c.basis) >= FEWEST
    for one, other in combinations(known, 2):
        assert differing(one.basis, other.basis) == 0 or differing(one.basis, other.basis) >= FEWEST_CHANGED
        if one.number == other.number:
            apart = len(one.basis.keys() ^ other.basis.keys())
            assert apart == 0 or apart >= FEWEST


@given(histories())
@settings(max_examples=40, deadline=None)
def test_what_is_left_of_all_is_nobody_or_enough(history: list[list[Contributor]]) -> None:
    made: list[Release] = []
    for people in history:
        made.append(release(people, *made))
        row = made[-1].areas["A"]
        whole = row[ALL]
        if not isinstance(whole, Shown) or whole.number != made[-1].number:
            continue
        for dimension in ("sector", "region"):
            shown = [c for cut, c in row.items() if cut.dimension == dimension and isinstance(c, Shown)]
            left = whole.basis.keys() - {key for c in shown for key in c.basis}
            assert not shown or not left or len(left) >= FEWEST


def test_a_quarter_of_two_is_too_narrow() -> None:
    pairs = [F(v) for v in (0, 0, 20, 20, 40, 40, 60, 60)]
    assert not is_spread(pairs) and is_spread(sorted([*pairs, F(0), F(20), F(40), F(60)]))


@pytest.mark.parametrize(("changed", "reason"), [(1, "changed_too_little"), (FEWEST_CHANGED - 1, "changed_too_little"), (FEWEST_CHANGED, "")])  # fmt: skip
def test_two_figures_of_different_cuts_and_releases_differ_by_enough(changed: int, reason: str) -> None:
    """A sector of today beside a region of last time: what one has and the other has not must be many."""
    before = {f"k{n}": F(20) for n in range(90)}
    after = {f"k{n}": F(20) for n in range(changed, 90 + changed)}
    seen = [Shown(1, "day 1", {}, before)]
    assert _reason(after, None, seen, {}) == reason
    assert _reason(before, None, seen, {}) == "", "the same figure tells nothing new"
