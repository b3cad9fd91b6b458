"""Priorities, lifts and what holds a score back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest

from apps.scoring import Grade, InputFaults, NotApplicable, Rated, Unanswered, Unknown, score
from apps.scoring.lifts import Lift, in_order
from apps.scoring.priorities import IndicatorResult
from tests.scoring.fields import FOUR
from tests.scoring.small import RECENTLY, TODAY, at, framework, indicator


def codes(rows: tuple[IndicatorResult, ...]) -> list[str]:
    return [row.code for row in rows]


def chain(length: int):
    """A.1.0 is needed by A.1.1, that by A.1.2, and so on, each at level 2."""
    links = tuple((f"A.1.{n + 1}", f"A.1.{n}", 2) for n in range(length))
    return framework(
        indicator("A.1.0", key=True), *(indicator(f"A.1.{n + 1}") for n in range(length)), requires=links
    )


def test_gap_of_3_on_a_key_that_unlocks_5_with_effort_1_comes_to_240():
    result = score(chain(5), at({"A.1.0": 0}), on=TODAY)
    assert result.indicators[0].unlock == 2
    assert result.indicators[0].priority == 240


@pytest.mark.parametrize(
    ("dependents", "unlock"), [(0, F(1)), (1, F(6, 5)), (4, F(9, 5)), (5, F(2)), (8, F(2))]
)
def test_unlock_counts_direct_and_indirect_dependents_up_to_2(dependents, unlock):
    assert score(chain(dependents), {}, on=TODAY).indicators[0].unlock == unlock


def test_two_ways_to_the_same_dependent_count_once():
    spec = framework(
        *(indicator(f"A.1.{n}") for n in range(4)),
        requires=(("A.1.1", "A.1.0", 1), ("A.1.2", "A.1.0", 1), ("A.1.3", "A.1.1", 1), ("A.1.3", "A.1.2", 1)),
    )
    assert score(spec, {}, on=TODAY).indicators[0].unlock == F(8, 5)


def test_four_lists_say_what_to_do():
    spec = framework(
        indicator("A.1.1"),
        indicator("A.1.2", effort=2),
        indicator("A.1.3", effort=3, key=True),
        indicator("A.1.4"),
        indicator("A.1.5"),
        indicator("A.1.6"),
        indicator("A.1.7"),
        indicator("A.1.8"),
        requires=(("A.1.4", "A.1.1", 2),),
    )
    answers = {"A.1.1": 1, "A.1.2": 2, "A.1.3": 1, "A.1.4": 1, "A.1.5": Unknown(), "A.1.6": 4}
    answers |= {"A.1.7": NotApplicable("none")}
    result = score(spec, at(answers), on=TODAY)
    assert codes(result.priorities.do_now) == ["A.1.1"]
    assert codes(result.priorities.build) == ["A.1.3", "A.1.2"]
    assert codes(result.priorities.prepare) == ["A.1.4"]
    assert codes(result.priorities.find_out) == ["A.1.5"]
    blocked = result.indicators[3]
    assert [(b.code, b.required, b.level) for b in blocked.blocked_by] == [("A.1.1", 2, 1)]
    assert blocked.start_with == ("A.1.1",)
    assert result.indicators[5].work_list is None
    assert (result.indicators[6].gap, result.indicators[6].priority) == (None, None)
    assert (result.indicators[7].gap, result.indicators[7].priority) == (None, None)


def test_equal_priorities_put_key_indicators_first_then_keep_the_order_of_the_framework():
    spec = framework(indicator("A.1.1", weight=2), indicator("A.1.2", weight=2), indicator("A.1.3", key=True))
    result = score(spec, at({"A.1.1": 1, "A.1.2": 1, "A.1.3": 1}), on=TODAY)
    assert codes(result.priorities.do_now) == ["A.1.3", "A.1.1", "A.1.2"]


def test_highest_priority_comes_first_and_work_without_weight_last():
    spec = framework(
        indicator("A.1.1", weight=0), indicator("A.1.2", weight=F(1, 1000)), indicator("A.1.3"),
        indicator("A.1.4", key=True, weight=F(1, 2)),
    )  # fmt: skip
    result = score(spec, at(dict.fromkeys(("A.1.1", "A.1.2", "A.1.3", "A.1.4"), 0)), on=TODAY)
    assert codes(result.priorities.do_now) == ["A.1.3", "A.1.4", "A.1.2", "A.1.1"]


def test_start_with_names_the_bottom_of_a_blocked_chain():
    result = score(chain(3), at({"A.1.0": 1, "A.1.1": 0, "A.1.2": 1, "A.1.3": 0}), on=TODAY)
    assert result.indicators[3].start_with == ("A.1.0",)
    assert [b.code for b in result.indicators[3].blocked_by] == ["A.1.2"]


@pytest.mark.parametrize(
    ("answer", "blocks"),
    [
        (Unanswered(), True),
        (Unknown(), True),
        (NotApplicable("none"), False),
        (Rated(2), False),
        (Rated(3), True),
    ],
)
def test_prerequisite_is_judged_on_what_is_evidenced(answer, blocks):
    level = 3 if answer == Rated(3) else 2  # claimed 3 on a statement is evidenced 2
    spec = framework(indicator("A.1.1"), indicator("A.1.2"), requires=(("A.1.2", "A.1.1", level),))
    result = score(spec, {"A.1.1": answer, "A.1.2": Rated(0)}, on=TODAY)
    assert bool(result.indicators[1].blocked_by) is blocks


def test_next_step_is_one_level_and_says_whether_evidence_is_all_that_is_missing():
    spec = framework(indicator("A.1.1"), indicator("A.1.2"), indicator("A.1.3"))
    answers = {
        "A.1.1": Rated(4, Grade.E1, RECENTLY),
        "A.1.2": Rated(1),
        "A.1.3": Rated(5, Grade.E3, RECENTLY),
    }
    shown, done, top = score(spec, answers, on=TODAY, track=5).indicators
    assert (shown.next_step.level, shown.next_step.work, shown.next_step.grade) == (4, "evidence", Grade.E2)
    assert (done.next_step.level, done.next_step.work, done.next_step.grade) == (2, "practice", Grade.E0)
    assert top.next_step is None


def test_next_step_asks_for_the_grade_that_carries_it_on_its_own_scale():
    # On 0–3 the grades carry 1, 1, 2 and 3; on 0–5 level 2 would need no evidence.
    spec = replace(framework(indicator("A.1.1")), scale=FOUR)
    (row,) = score(spec, {"A.1.1": Rated(3)}, on=TODAY).indicators
    assert (row.evidenced, row.next_step.level, row.next_step.grade) == (1, 2, Grade.E2)


def test_targets_are_levels_wanted_and_track_is_the_rest():
    spec = framework(indicator("A.1.1"), indicator("A.1.2"))
    result = score(spec, at({"A.1.1": 2, "A.1.2": 2}), on=TODAY, targets={"A.1.1": 5}, track=1)
    assert [row.gap for row in result.indicators] == [F(3, 5), 0]


def test_circle_of_prerequisites_is_refused():
    with pytest.raises(InputFaults, match=r"A\.1\.1 → A\.1\.2 → A\.1\.1 is a circle"):
        framework(
            indicator("A.1.1"), indicator("A.1.2"), requires=(("A.1.1", "A.1.2", 1), ("A.1.2", "A.1.1", 1))
        )


def test_lifts_put_the_largest_exact_gain_first():
    spec = framework(indicator("A.1.1", key=True), indicator("A.1.2"), indicator("B.1.1"))
    answers = {"A.1.1": Rated(5, Grade.E1, RECENTLY), "A.1.2": Unknown(), "B.1.1": Unanswered()}
    lifts = score(spec, answers, on=TODAY).lifts
    assert [(lift.code, lift.evidenced, lift.claimed) for lift in lifts] == [
        ("A.1.1", F(40, 3), None),
        ("A.1.2", F(20, 3), F(20, 3)),
    ]


def test_equal_evidenced_gains_are_put_in_the_order_of_the_claimed_ones():
    lifts = [
        Lift("only claimed", evidenced=None, claimed=F(2)),
        Lift("nothing", evidenced=F(0), claimed=None),
        Lift("only shown", evidenced=F(1, 2), claimed=None),
        Lift("both", evidenced=F(1, 2), claimed=F(1, 2)),
        Lift("both, more claimed", evidenced=F(1, 2), claimed=F(3, 4)),
    ]
    assert [lift.code for lift in in_order(lifts)] == [
        "both, more claimed", "both", "only shown", "only claimed"
    ]  # fmt: skip


def test_held_back_names_the_key_that_caps_the_label_and_where_the_points_went():
    spec = framework(indicator("A.1.1", key=True), indicator("A.1.2"), indicator("B.1.1", key=True))
    answers = at({"A.1.1": 1, "A.1.2": 5, "B.1.1": 5}) | {"B.1.1": Rated(5, Grade.E2, RECENTLY)}
    overall = score(spec, answers, on=TODAY).held_back[0]
    assert overall.value == F(190, 3)
    assert (overall.by_score, overall.label, overall.capped, overall.lowest_keys) == (3, 2, True, ("A.1.1",))
    assert [(x.code, x.practice, x.evidence) for x in overall.losses] == [
        ("A.1.1", F(80, 3), 0),
        ("B.1.1", 0, 10),
    ]


def test_part_that_points_alone_hold_back_is_not_called_capped():
    spec = framework(indicator("A.1.1"))
    overall = score(spec, at({"A.1.1": 2}), on=TODAY).held_back[0]
    assert (overall.capped, overall.lowest_keys) == (False, ())
