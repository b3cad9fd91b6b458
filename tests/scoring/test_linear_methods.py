"""Means of means, weighted sums and points ratios, against vectors worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest

from apps.scoring import InputFaults, NotApplicable, Unanswered, Unknown, score
from apps.scoring.linear_steps import Ladder
from apps.scoring.model import Parameters, Scale
from tests.scoring.fields import FOUR, STAGES, TIERS, YES_NO, by
from tests.scoring.small import LEVEL_NAMES, TODAY, at, indicator


def scored(spec, answers, **named):
    return score(spec, at(answers), on=TODAY, **named)


REVIEW = by(
    "mean-of-means",
    indicator("A.1.1"),
    indicator("A.1.2", key=True, weight=1),
    indicator("A.2.1"),
    indicator("B.1.1"),
    scale=STAGES,
)


def test_mean_of_means_is_in_the_values_of_the_scale():
    result = scored(REVIEW, {"A.1.1": 1, "A.1.2": 2, "A.2.1": 1, "B.1.1": 3}).evidenced
    assert result.areas["A.1"].value == F(5, 2)  # stages 2 and 3
    assert result.dimensions["A"].value == F(9, 4)  # (5/2 + 2) / 2
    assert result.overall.value == F(25, 8)  # (9/4 + 4) / 2
    assert (result.overall.label, result.dimensions["A"].label) == (
        2,
        1,
    )  # 3.125 reaches 3 "Settled"; 2.25 reaches 2
    assert result.overall.possible == 5
    assert (result.dimensions["A"].foundation, result.dimensions["B"].foundation) == (2, None)


def test_key_indicators_count_once_and_hold_no_label_in_mean_of_means():
    overall = scored(REVIEW, {"A.1.1": 4, "A.1.2": 0, "A.2.1": 4, "B.1.1": 4}).evidenced.overall
    assert (overall.value, overall.label, overall.foundation) == (F(9, 2), 3, 0)  # A (3+5)/2 = 4; (4+5)/2


def test_unknown_is_the_lowest_stage_and_unanswered_opens_the_range():
    overall = scored(REVIEW, {"A.1.1": Unknown(), "A.1.2": 2, "A.2.1": 1}).evidenced.overall
    # A.1 (1+3)/2 = 2, A.2 2, so A 2; B nothing, or stage 1, or stage 5
    assert (overall.value, overall.low, overall.high) == (2, F(3, 2), F(7, 2))
    assert (overall.label, overall.label_low, overall.label_high) == (1, 0, 2)


def test_measure_of_stages_is_one_to_five_with_one_decimal():
    document = scored(REVIEW, {"A.1.1": 1, "A.1.2": 2, "A.2.1": 1, "B.1.1": 3}).as_document()
    assert document["measure"] == {
        "unit": "level",
        "lowest": {"exact": "1/1", "display": "1.0"},
        "highest": {"exact": "5/1", "display": "5.0"},
        "decimals": 1,
    }
    assert document["evidenced"]["dimensions"][0]["value"] == {"exact": "9/4", "display": "2.3"}
    assert document["evidenced"]["dimensions"][0]["label"] == {"level": 1, "name": "Forming"}
    assert document["outcome"] is None


def test_other_scale_in_mean_of_means_is_read_in_the_main_unit():
    spec = by(
        "mean-of-means",
        indicator("A.1.1"),
        replace(indicator("A.1.2"), scale="four"),
        scale=STAGES,
        scales={"four": FOUR},
    )
    result = scored(spec, {"A.1.1": 0, "A.1.2": 2})
    assert result.evidenced.overall.value == F(13, 6)  # (1 + 2/3·5) / 2
    assert result.measure.lowest == 0


THIRD = F(20, 3)
PILLARS = by(
    "weighted-sum",
    *(indicator(f"{p}.1.{n}", weight=THIRD) for p in "ABCDE" for n in range(3)),
    scale=Scale(("No", "Partly", "Yes")),
    tiers=TIERS,
)


def test_sum_of_rounded_pillars_is_wrong_and_the_unrounded_sum_is_right():
    answers = {i.code: 2 if i.code[-1] in "01" else 1 for i in PILLARS.indicators}
    document = scored(PILLARS, answers).as_document()["evidenced"]
    pillars = [row["value"]["display"] for row in document["dimensions"]]
    assert pillars == ["16.67"] * 5  # 20/3 · 2.5
    assert sum(F(pillar) for pillar in pillars) == F("83.35")
    assert document["overall"]["value"] == {"exact": "250/3", "display": "83.33"}
    assert document["overall"]["tier"] == {"id": "T3", "name": "Establishing"}


@pytest.mark.parametrize(
    ("weights", "tier"),
    [
        (("95",), "T1"),
        (("94.9999",), "T2"),
        (("85",), "T2"),
        (("28.335", "28.3325", "28.3324"), "T3"),  # shown 28.34 + 28.33 + 28.33 = 85.00, is 84.9999
        (("55",), "T3"),
        (("54.9999",), "T4"),
        (("20",), "T4"),
        (("19.9999",), None),
    ],
)
def test_tiers_are_judged_on_the_unrounded_sum(weights, tier):
    spec = by(
        "weighted-sum",
        *(indicator(f"A.1.{n}", weight=F(weight)) for n, weight in enumerate(weights)),
        scale=YES_NO,
        tiers=TIERS,
    )
    found = scored(spec, {i.code: 1 for i in spec.indicators}).evidenced.overall.tier
    assert (found.code if found else None) == tier


def test_not_applicable_is_not_made_up_for_in_a_sum():
    spec = by("weighted-sum", indicator("A.1.1", weight=12), indicator("B.1.1", weight=8), scale=FOUR)
    result = scored(spec, {"A.1.1": 2, "B.1.1": NotApplicable("none")}).evidenced
    assert (result.overall.value, result.overall.possible) == (8, 12)  # 2/3 of 12
    assert (result.dimensions["B"].value, result.dimensions["B"].possible) == (None, None)
    assert scored(spec, {}).measure.highest == 20


def test_unanswered_adds_nothing_to_a_sum_yet():
    spec = by(
        "weighted-sum", indicator("A.1.1", weight=12), indicator("A.1.2", weight=8), scale=STAGES, tiers=TIERS
    )
    overall = scored(spec, {"A.1.1": 2}).evidenced.overall
    assert (overall.value, overall.low, overall.high) == (
        F(36, 5),
        F(36, 5),
        F(76, 5),
    )  # 3/5 of 12, then 8 more
    assert (overall.tier, overall.tier_low, overall.tier_high) == (None, None, None)
    nothing = scored(spec, {}).evidenced.overall
    assert (nothing.value, nothing.low, nothing.high) == (None, 0, 20)
    assert (nothing.tier, nothing.tier_low, nothing.tier_high.code) == (None, None, "T4")


def test_weight_zero_alone_has_no_sum():
    spec = by("weighted-sum", indicator("A.1.1", weight=0), indicator("B.1.1", weight=2), scale=YES_NO)
    result = scored(spec, {"A.1.1": 1, "B.1.1": 1})
    assert (result.evidenced.dimensions["A"].value, result.evidenced.overall.value) == (None, 2)
    steps = result.explanation()["evidenced"]
    assert steps["areas"]["A.1"][0] == {"step": "left_out", "code": "A.1.1", "reason": "no_weight"}
    assert steps["overall"][0] == {"step": "left_out", "code": "A", "reason": "no_value"}


RATIO = by(
    "points-ratio",
    *(indicator(f"A.1.{n}", weight=10) for n in range(10)),
    indicator("A.2.1", weight=13),
    indicator("B.1.1", weight=7),
    scale=Scale(("No", "Partly", "Yes")),
)


def test_points_ratio_of_107_of_120_is_89_17():
    answers = {i.code: 1 if i.code == "A.2.1" else 2 for i in RATIO.indicators}  # partly gives nothing
    result = scored(RATIO, answers)
    assert result.evidenced.overall.value == F(10700, 120)
    assert result.evidenced.dimensions["A"].value == F(10000, 113)
    assert result.evidenced.areas["A.2"].value == 0
    shown = result.as_document()
    assert shown["evidenced"]["overall"]["value"]["display"] == "89.17"
    assert (shown["measure"]["unit"], shown["measure"]["decimals"]) == ("percent", 2)
    assert (shown["measure"]["highest"]["display"], shown["measure"]["lowest"]["display"]) == (
        "100.00",
        "0.00",
    )
    assert shown["evidenced"]["overall"]["label"] is None
    assert result.evidenced.overall.possible == 100


def test_points_ratio_leaves_out_what_does_not_apply():
    answers = {"A.2.1": NotApplicable("none"), "B.1.1": 0}
    overall = scored(RATIO, {i.code: 2 for i in RATIO.indicators} | answers).evidenced.overall
    assert overall.value == F(10000, 107)


def test_range_of_a_ratio_takes_the_unanswered_at_nothing_and_at_all():
    overall = scored(RATIO, {"A.2.1": 2, "B.1.1": 0}).evidenced.overall
    assert (overall.value, overall.low, overall.high) == (F(1300, 20), F(1300, 120), F(11300, 120))


@pytest.mark.parametrize(
    ("spec", "answers", "share", "contribution"),
    [
        (REVIEW, {"A.1.1": 1, "A.1.2": 2, "A.2.1": 1, "B.1.1": 3}, "1/2", "2/1"),
        (PILLARS, {i.code: 2 for i in PILLARS.indicators}, "1/1", "20/1"),
        (RATIO, {i.code: 2 for i in RATIO.indicators}, "7/120", "35/6"),
    ],
    ids=["mean-of-means", "weighted-sum", "points-ratio"],
)
def test_each_dimension_has_its_share_of_the_whole(spec, answers, share, contribution):
    steps = scored(spec, answers).explanation()["evidenced"]["overall"]
    last = [step for step in steps if step["step"] == "dimension"][-1]
    assert (last["share"], last["contribution"]["exact"]) == (share, contribution)


def test_explanation_of_a_sum_names_level_weight_and_tier():
    spec = by("weighted-sum", indicator("A.1.1", weight=60), scale=FOUR, tiers=TIERS)
    steps = scored(spec, {"A.1.1": 3}).explanation()["evidenced"]
    assert steps["areas"]["A.1"][0] == {
        "step": "indicator",
        "code": "A.1.1",
        "state": "rated",
        "level": 3,
        "highest": 3,
        "key": False,
        "points": {"exact": "1/1", "display": "1.00"},
        "weight": "60/1",
        "share": "60/1",
        "contribution": {"exact": "60/1", "display": "60.00"},
        "evidence": {"claimed": 3, "grade": "E3", "age": "current", "effective_grade": "E3", "cap": 3},
    }
    assert steps["overall"][1:] == [
        {
            "step": "score",
            "value": {"exact": "60/1", "display": "60.00"},
            "tier": {"id": "T3", "name": "Establishing"},
            "at_least": "55/1",
        },
    ]
    assert steps["areas"]["A.1"][1:] == [{"step": "score", "value": {"exact": "60/1", "display": "60.00"}}]


def test_lift_of_a_ratio_comes_only_with_the_last_level():
    result = scored(RATIO, {i.code: 1 for i in RATIO.indicators} | {"B.1.1": 0})
    assert [lift.code for lift in result.lifts][:2] == ["A.2.1", "A.1.0"]
    assert result.lifts[0].evidenced == F(1300, 120)
    assert "B.1.1" not in [lift.code for lift in result.lifts]


def test_held_back_of_a_sum_has_no_label_and_names_the_missing():
    spec = by(
        "weighted-sum", indicator("A.1.1", key=True, weight=12), indicator("A.1.2", weight=8), scale=FOUR
    )
    whole = scored(spec, {"A.1.1": 1}).held_back[0]
    assert (whole.value, whole.label, whole.by_score, whole.capped) == (4, None, None, False)
    assert [(loss.code, loss.practice, loss.evidence) for loss in whole.losses] == [("A.1.1", 8, 0)]
    assert (whole.missing, whole.lowest_keys, whole.blocking) == (("A.1.2",), ("A.1.1",), ())


@pytest.mark.parametrize(
    ("value", "level"), [(F(0), 0), (F(1, 3), 1), (F(1, 2), 1), (F(3, 4), 2), (F(749, 1000), 1), (F(9), 2)]
)
def test_ladder_gives_the_highest_level_that_a_value_reaches(value, level):
    assert Ladder.of([F(1, 3), F(3, 4)]).level_at(value) == level


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"parameters": Parameters(implemented_at=2, profiles=("x",))},
            (
                "framework.method.parameters.implemented_at: weighted-sum has no such parameter",
                "framework.method.parameters.profiles: weighted-sum has no such parameter",
            ),
        ),
        (
            {"parameters": Parameters(stages=("a", "b"))},
            ("framework.method.parameters.stages: weighted-sum has no such parameter",),
        ),
    ],
)
def test_parameters_of_another_method_are_refused(changes, fault):
    with pytest.raises(InputFaults) as caught:
        score(by("weighted-sum", indicator("A.1.1"), **changes), {}, on=TODAY)
    assert caught.value.faults == fault


def test_shared_mean_of_a_mix_reads_labels_and_foundation_on_the_main_scale():
    spec = by(
        "shared-mean",
        replace(indicator("A.1.1", key=True), scale="four"),
        indicator("A.1.2"),
        scales={"four": FOUR},
    )
    result = scored(spec, {"A.1.1": 2, "A.1.2": 5})
    overall = result.evidenced.overall
    assert overall.value == F(700, 9)  # (2·200/3 + 100) / 3
    assert (overall.foundation, overall.label) == (3, 3)  # two thirds reach level 3 of 5
    assert result.held_back[0].lowest_keys == ("A.1.1",)
    assert [(row.target, row.gap, row.highest) for row in result.indicators] == [(2, 0, 3), (3, 0, 5)]
    assert result.as_document()["indicators"][0]["highest"] == 3


def test_gap_and_next_step_are_on_the_scale_of_the_indicator():
    spec = by("shared-mean", replace(indicator("A.1.1"), scale="four"), scales={"four": FOUR})
    row = scored(spec, {"A.1.1": 0}, targets={"A.1.1": 3}).indicators[0]
    assert (row.gap, row.priority) == (1, 100)
    assert (row.next_step.level, row.next_step.grade.name) == (1, "E0")


def test_levels_are_checked_against_the_scale_of_the_indicator():
    spec = by(
        "shared-mean", replace(indicator("A.1.1"), scale="four"), indicator("A.1.2"), scales={"four": FOUR}
    )
    with pytest.raises(InputFaults) as caught:
        scored(spec, {"A.1.1": 4, "A.1.2": 5}, targets={"A.1.1": 4, "A.1.2": 5})
    assert caught.value.faults == ("answers.A.1.1.level: 4 is outside 0–3", "targets.A.1.1: 4 is outside 0–3")


@pytest.mark.parametrize(("highest", "wanted"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)])
def test_default_target_is_three_fifths_up_the_scale(highest, wanted):
    spec = by("shared-mean", indicator("A.1.1"), scale=Scale((*LEVEL_NAMES, *"6789X")[: highest + 1]))
    assert scored(spec, {}).indicators[0].target == wanted


def test_unanswered_given_or_left_out_is_the_same():
    one, two = scored(PILLARS, {"A.1.0": Unanswered()}), scored(PILLARS, {})
    assert one.as_document() == two.as_document()
