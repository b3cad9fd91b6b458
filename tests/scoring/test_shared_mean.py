"""The method shared-mean version 1, against vectors worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction as F

import pytest

from apps.scoring import Grade, InputFaults, NotApplicable, Rated, Unanswered, Unknown, score
from apps.scoring.model import FrameworkSpec, MethodRef, Scale
from apps.scoring.parts import PartScore
from apps.scoring.shared_mean import label_of
from tests.scoring.small import RECENTLY, SCALE, TODAY, at, framework, indicator, proven

# Two dimensions; A has two areas (a key of weight 2 beside a plain one; one alone), B has one.
SPEC = framework(indicator("A.1.1", key=True), indicator("A.1.2"), indicator("A.2.1"), indicator("B.1.1"))


def evidenced(spec: FrameworkSpec, answers: dict) -> PartScore:
    return score(spec, at(answers), on=TODAY).evidenced.overall


def test_score_follows_the_hand_computed_vector():
    result = score(SPEC, at({"A.1.1": 3, "A.1.2": 1, "A.2.1": 4, "B.1.1": 2}), on=TODAY).evidenced
    assert result.areas["A.1"].value == F(140, 3)  # (2·60 + 1·20) / 3
    assert result.areas["A.2"].value == 80
    assert result.dimensions["A"].value == F(190, 3)  # (140/3 + 80) / 2
    assert result.dimensions["B"].value == 40
    assert result.overall.value == F(155, 3)  # (190/3 + 40) / 2
    assert (result.overall.low, result.overall.high) == (F(155, 3), F(155, 3))
    assert result.overall.label == 2
    assert result.overall.foundation == 3
    assert not result.overall.provisional


def test_dimension_of_52_8_with_a_lowest_key_level_of_1_is_called_level_2():
    assert label_of(F(528, 10), 1) == 2
    spec = framework(indicator("A.1.1", key=True, weight=34), indicator("A.1.2", weight=41))
    dimension = score(spec, at({"A.1.1": 1, "A.1.2": 4}), on=TODAY).evidenced.dimensions["A"]
    assert dimension.value == F(528, 10)
    assert (dimension.label, dimension.foundation) == (2, 1)


@pytest.mark.parametrize(
    ("value", "lowest_key", "label"),
    [
        (F(62), 0, 1),
        (F(62), 2, 3),
        (F(5999, 100), 5, 2),
        (F(60), None, 3),
        (F(100), 5, 5),
        (F(0), 0, 0),
        (None, 3, None),
    ],
)
def test_label_is_floored_and_capped_one_above_the_lowest_key(value, lowest_key, label):
    assert label_of(value, lowest_key) == label


def test_claimed_80_with_described_evidence_everywhere_is_evidenced_60():
    answers = {i.code: Rated(4, Grade.E1, RECENTLY) for i in SPEC.indicators}
    result = score(SPEC, answers, on=TODAY)
    assert result.claimed.overall.value == 80
    assert result.evidenced.overall.value == 60


def test_unknown_counts_zero_and_completes_the_answer():
    overall = evidenced(SPEC, {"A.1.1": 3, "A.1.2": Unknown(), "A.2.1": 3, "B.1.1": 3})
    assert overall.value == F(55)  # A: (40 + 60)/2 = 50
    assert (overall.low, overall.high) == (55, 55)
    assert (overall.coverage.answered, overall.coverage.unknown) == (3, 1)
    assert overall.coverage.completeness == 1


def test_unknown_key_pulls_the_foundation_to_zero():
    overall = evidenced(SPEC, {"A.1.1": Unknown(), "A.1.2": 5, "A.2.1": 5, "B.1.1": 5})
    assert (overall.foundation, overall.label) == (0, 1)


def test_not_applicable_leaves_numerator_and_denominator():
    overall = evidenced(SPEC, {"A.1.1": 3, "A.1.2": 3, "A.2.1": NotApplicable("no coast"), "B.1.1": 1})
    assert overall.value == 40  # dimension A is area A.1 alone: 60; B 20
    assert overall.coverage.applicable == 3
    assert overall.coverage.completeness == 1


def test_not_applicable_is_refused_on_a_key_indicator():
    with pytest.raises(InputFaults) as caught:
        score(SPEC, {"A.1.1": NotApplicable("we would rather not")}, on=TODAY)
    assert caught.value.faults == ("answers.A.1.1.not_applicable: a key indicator always applies",)


def test_unanswered_stays_out_of_the_value_and_opens_the_range():
    overall = evidenced(SPEC, {"A.1.1": 3, "A.1.2": Unanswered(), "A.2.1": 3})
    assert overall.value == 60
    assert overall.low == F(25)  # A: (40 + 60)/2 = 50; B: 0
    assert overall.high == F(250, 3)  # A: (220/3 + 60)/2 = 200/3; B: 100
    assert overall.provisional
    assert (overall.label_low, overall.label, overall.label_high) == (1, 3, 4)


def test_unanswered_key_lowers_only_the_low_reading_of_the_foundation():
    overall = evidenced(SPEC, {"A.1.2": 4, "A.2.1": 4, "B.1.1": 4})
    assert (overall.foundation, overall.foundation_low, overall.foundation_high) == (None, 0, 5)
    assert (overall.label_low, overall.label) == (1, 4)


def test_weight_zero_counts_zero_not_one():
    spec = framework(indicator("A.1.1"), indicator("A.1.2", weight=0))
    assert evidenced(spec, {"A.1.1": 5, "A.1.2": 0}).value == 100


def parts(result) -> dict[str, tuple]:
    """(value, label, foundation) of every part."""
    return {part.code: (part.value, part.label, part.foundation) for part in result.evidenced}


def test_key_of_weight_zero_is_out_of_the_mean_and_still_caps_every_label_above_it():
    beside = framework(indicator("A.1.1", key=True, weight=0), indicator("A.1.2"), indicator("B.1.1"))
    result = score(beside, at({"A.1.1": 1, "A.1.2": 5, "B.1.1": 5}), on=TODAY)
    capped, free = (100, 2, 1), (100, 5, None)
    assert parts(result) == {"overall": capped, "A": capped, "B": free, "A.1": capped, "B.1": free}
    assert result.held_back[0].capped and result.held_back[0].lowest_keys == ("A.1.1",)


def test_key_alone_in_an_area_without_weight_caps_what_stands_above_the_area():
    alone = framework(indicator("A.1.1", key=True, weight=0), indicator("A.2.1"), indicator("B.1.1"))
    result = score(alone, at({"A.1.1": 1, "A.2.1": 5, "B.1.1": 5}), on=TODAY)
    capped, free = (100, 2, 1), (100, 5, None)
    assert parts(result) == {
        "overall": capped, "A": capped, "B": free, "A.1": (None, None, 1), "A.2": free, "B.1": free,
    }  # fmt: skip
    unanswered = score(alone, at({"A.2.1": 5, "B.1.1": 5}), on=TODAY).evidenced.overall
    assert (unanswered.label, unanswered.label_low, unanswered.foundation_low) == (5, 1, 0)


def test_area_whose_weights_come_to_zero_has_no_value():
    spec = framework(indicator("A.1.1", weight=0), indicator("A.2.1"))
    result = score(spec, at({"A.1.1": 5, "A.2.1": 2}), on=TODAY).evidenced
    assert result.areas["A.1"].value is None
    assert result.areas["A.1"].label is None
    assert result.overall.value == 40


def test_nothing_applicable_gives_no_score_and_no_division_by_zero():
    spec = framework(indicator("A.1.1"))
    overall = evidenced(spec, {"A.1.1": NotApplicable("none")})
    assert (overall.value, overall.low, overall.high, overall.label, overall.coverage.completeness) == (
        None,
    ) * 5


def test_nothing_answered_gives_a_range_without_a_value():
    overall = evidenced(SPEC, {})
    assert (overall.value, overall.low, overall.high) == (None, 0, 100)
    assert overall.provisional


@pytest.mark.parametrize(
    ("answered", "of", "dimension_provisional", "overall_provisional"),
    [
        (20, 20, False, False),
        (18, 20, False, False),
        (89, 100, False, True),
        (90, 100, False, False),
        (17, 20, False, True),
        (15, 20, False, True),
        (14, 20, True, True),
    ],
)
def test_provisional_below_90_percent_overall_or_75_in_a_dimension(
    answered, of, dimension_provisional, overall_provisional
):
    spec = framework(*(indicator(f"A.1.{n}") for n in range(of)))
    result = score(spec, {f"A.1.{n}": proven(3) for n in range(answered)}, on=TODAY).claimed
    assert result.dimensions["A"].provisional is dimension_provisional
    assert result.overall.provisional is overall_provisional


def test_one_thin_dimension_makes_a_complete_whole_provisional():
    spec = framework(*(indicator(f"A.1.{n}") for n in range(18)), indicator("B.1.1"), indicator("B.1.2"))
    answers = {i.code: proven(3) for i in spec.indicators if i.code != "B.1.2"}
    overall = score(spec, answers, on=TODAY).claimed.overall
    assert overall.coverage.completeness == F(19, 20)
    assert overall.provisional


@pytest.mark.parametrize(("grade", "level"), [(Grade.E0, 2), (Grade.E1, 3), (Grade.E2, 4), (Grade.E3, 5)])
def test_each_grade_supports_up_to_its_level(grade, level):
    spec = framework(indicator("A.1.1"))
    assert evidenced(spec, {"A.1.1": Rated(5, grade, RECENTLY)}).value == 20 * level
    assert evidenced(spec, {"A.1.1": Rated(1, grade, RECENTLY)}).value == 20


@pytest.mark.parametrize(
    ("dated", "on", "level"),
    [
        (date(2024, 5, 1), date(2026, 5, 1), 4),  # exactly 24 months is not older than 24 months
        (date(2024, 4, 30), date(2026, 5, 1), 3),
        (date(2024, 2, 29), date(2026, 2, 28), 4),
        (date(2024, 2, 29), date(2026, 3, 1), 3),
        (date(2023, 12, 31), date(2026, 1, 1), 3),
        (None, date(2026, 5, 1), 3),  # without a date it is no attached, dated document
    ],
)
def test_evidence_older_than_24_months_loses_one_grade(dated, on, level):
    spec = framework(indicator("A.1.1"))
    result = score(spec, {"A.1.1": Rated(5, Grade.E2, dated)}, on=on)
    assert result.indicators[0].evidenced == level
    assert result.indicators[0].claimed == 5


def test_old_statement_stays_a_statement():
    spec = framework(indicator("A.1.1"))
    assert evidenced(spec, {"A.1.1": Rated(5, Grade.E0, date(2001, 1, 1))}).value == 40


def test_coverage_counts_evidence_by_grade_after_ageing():
    answers = {
        "A.1.1": Rated(3, Grade.E1, date(2020, 1, 1)),
        "A.1.2": proven(3),
        "A.2.1": Rated(1),
        "B.1.1": Unknown(),
    }
    coverage = score(SPEC, answers, on=TODAY).claimed.overall.coverage
    assert coverage.by_grade == (2, 0, 0, 1)
    assert coverage.with_evidence == 1


def test_unknown_method_names_those_that_exist():
    spec = FrameworkSpec("x", "1", "national", MethodRef("shared-mean", 2), SCALE, (), (), ())
    with pytest.raises(
        InputFaults, match="'shared-mean' version 2 is not known; known: shared-mean version 1"
    ):
        score(spec, {}, on=TODAY)


def test_yes_or_no_counts_the_whole_scale_or_nothing_of_it():
    spec = replace(framework(indicator("A.1.1"), indicator("A.1.2")), scale=Scale(("No", "Yes")))
    overall = evidenced(spec, {"A.1.1": 1, "A.1.2": 0})
    assert (overall.value, overall.label, overall.possible) == (50, 0, 100)


def test_every_fault_of_the_answers_is_reported_at_once():
    with pytest.raises(InputFaults) as caught:
        score(
            SPEC,
            {
                "A.1.1": Rated(9),
                "A.1.2": Rated(True),
                "Z.9": Unknown(),
                "B.1.1": Rated(1, Grade.E1, date(2030, 1, 1)),
            },
            on=TODAY,
            targets={"A.1.1": 6, "Z.1": 1},
            track=-1,
        )
    assert caught.value.faults == (
        "answers.A.1.1.level: 9 is outside 0–5",
        "answers.A.1.2.level: True is outside 0–5",
        "answers.Z.9: not an indicator that framework tiny asks at national scope",
        "answers.B.1.1.dated: 2030-01-01 is after the day of scoring, 2026-05-01",
        "track: -1 is outside 0–5",
        "targets.A.1.1: 6 is outside 0–5",
        "targets.Z.1: not an indicator that framework tiny asks at national scope",
    )
