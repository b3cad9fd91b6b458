"""Merging three ways: changes that do not overlap commute, and none is lost without a decision."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.assessments.services.workbook.merging import MISSING, Clash, merge

Answers = dict[str, tuple[str, str]]
CODES = st.sampled_from(["GOV.1.1", "GOV.1.2", "GOV.2.1", "RES.1.1", "RES.1.2"])
VALUES = st.tuples(st.sampled_from(["0", "3", "5", "unknown"]), st.sampled_from(["", "Because.", "Else."]))
ANSWERS = st.dictionaries(CODES, VALUES)


def changed(base: Answers, other: Answers) -> set[str]:
    return {key for key in {*base, *other} if base.get(key) != other.get(key)}


@given(ANSWERS, ANSWERS)
def test_merge_of_one_sided_changes_is_that_side(base: Answers, other: Answers) -> None:
    assert merge(base, other, base).values == other == merge(base, base, other).values
    same = merge(base, other, other)
    assert same.values == other and not same.clashes and same.both == changed(base, other)


@given(ANSWERS, ANSWERS, ANSWERS)
def test_merge_commutes_where_changes_do_not_overlap(base: Answers, left: Answers, right: Answers) -> None:
    mine = base | {key: value for key, value in left.items() if key not in changed(base, right)}
    one, two = merge(base, mine, right), merge(base, right, mine)
    assert one.values == two.values and not one.clashes and not two.clashes
    after_mine = merge(base, right, merge(base, mine, base).values)
    assert after_mine.values == one.values


@given(ANSWERS, ANSWERS, ANSWERS)
def test_merge_loses_no_change_without_a_decision(base: Answers, mine: Answers, theirs: Answers) -> None:
    merged = merge(base, mine, theirs)
    for side, other in ((mine, "mine"), (theirs, "theirs")):
        for key in changed(base, side):
            wanted = side.get(key, MISSING)
            clash = merged.clashes.get(key)
            assert merged.values.get(key, MISSING) == wanted or (clash and getattr(clash, other) == wanted)
    for key, clash in merged.clashes.items():
        assert merged.values.get(key, MISSING) == clash.theirs != clash.mine
    assert {*merged.mine, *merged.theirs, *merged.both, *merged.clashes} == changed(base, mine) | changed(
        base, theirs
    )


@given(ANSWERS, ANSWERS, ANSWERS)
def test_merge_has_the_same_clashes_from_either_side(base: Answers, mine: Answers, theirs: Answers) -> None:
    turned = {
        key: Clash(clash.base, clash.theirs, clash.mine)
        for key, clash in merge(base, theirs, mine).clashes.items()
    }
    assert merge(base, mine, theirs).clashes == turned


@given(ANSWERS, ANSWERS, ANSWERS)
def test_merge_twice_changes_nothing_more(base: Answers, mine: Answers, theirs: Answers) -> None:
    once = merge(base, mine, theirs)
    again = merge(base, mine, once.values)
    assert again.values == once.values and again.clashes == once.clashes and not again.mine
