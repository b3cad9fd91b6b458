"""What callers in code can get wrong, and the rare days and shapes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction as F

import pytest

from apps.scoring import Grade, InputFaults, NotApplicable, Rated, Unanswered, Unknown, parse_framework, score
from apps.scoring.display import named_level, named_tier, rounded
from apps.scoring.evidence import cap_on, caps_on, effective_grade, grade_for, months_later, support_of
from apps.scoring.faults import FaultList, shown
from apps.scoring.fields import Fields
from apps.scoring.foundation import foundations_of
from apps.scoring.linear_steps import Ladder
from apps.scoring.model import AreaSpec, Tier, state_of
from apps.scoring.parts import Coverage, coverages_of
from apps.scoring.plan import plan_of
from apps.scoring.sheet import NOT_APPLICABLE, UNANSWERED, UNKNOWN, sheet_of
from tests.scoring.fields import FOUR, STAGES, by, profiled, staged
from tests.scoring.small import RECENTLY, TODAY, at, framework, framework_document, indicator, proven

SPEC = framework(indicator("A.1.1", key=True), indicator("A.1.2"))


def faults_of(call, *arguments, **named) -> tuple[str, ...]:
    with pytest.raises(InputFaults) as caught:
        call(*arguments, **named)
    return caught.value.faults


def test_day_of_scoring_has_no_time():
    assert faults_of(score, SPEC, {}, on=datetime(2026, 5, 1)) == ("on: it is a day, without a time",)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (3, "answers.A.1.2: 3 is not an answer"),
        (None, "answers.A.1.2: None is not an answer"),
        (Rated(1, 2), "answers.A.1.2.evidence: 2 is not one of E0, E1, E2, E3"),
        (Rated(1, Grade.E1, datetime(2026, 1, 1)), "answers.A.1.2.dated: it is a day, without a time"),
        (Rated(6), "answers.A.1.2.level: 6 is outside 0–5"),
        (Rated(-1), "answers.A.1.2.level: -1 is outside 0–5"),
        (
            Rated(1, Grade.E1, date(2026, 5, 2)),
            "answers.A.1.2.dated: 2026-05-02 is after the day of scoring, 2026-05-01",
        ),
        (NotApplicable(""), "answers.A.1.2.not_applicable: it needs a reason"),
        (NotApplicable("x" * 501), "answers.A.1.2.not_applicable: the reason is longer than 500 characters"),
    ],
)
def test_answer_that_is_none_is_refused(answer, fault):
    assert faults_of(score, SPEC, {"A.1.2": answer}, on=TODAY) == (fault,)


@pytest.mark.parametrize(
    "answer", [Rated(0), Rated(5), Rated(3, Grade.E1, TODAY), NotApplicable("x" * 500), Unknown()]
)
def test_answer_at_the_edge_is_taken(answer):
    assert score(SPEC, {"A.1.2": answer}, on=TODAY).given["A.1.2"] == answer


def test_states_have_names():
    states = [state_of(a) for a in (Rated(1), Unknown(), NotApplicable("x"), Unanswered())]
    assert states == ["rated", "unknown", "not_applicable", "unanswered"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"areas": (AreaSpec("A.1", "Q"),)},
            "framework.areas.A.1.dimension: 'Q' is not a dimension of this framework",
        ),
        ({"areas": ()}, "framework.indicators.A.1.1.area: 'A.1' is not an area of this framework"),
        (
            {"indicators": (replace(indicator("A.1.1"), dimension="B"),)},
            "framework.indicators.A.1.1.dimension: 'B' is not the dimension of area A.1",
        ),
        (
            {"indicators": (indicator("A.1.1", weight=-1),)},
            "framework.indicators.A.1.1.weight: it cannot be below 0",
        ),
        (
            {"indicators": (indicator("A.1.1", effort=4),)},
            "framework.indicators.A.1.1.effort: it is 1, 2 or 3",
        ),
        ({"indicators": (indicator("A.1.1"),) * 2}, "framework.indicators: 'A.1.1' appears twice"),
        ({"dimensions": ("A", "overall")}, "framework areas and dimensions: 'overall' appears twice"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(changes, fault):
    assert fault in faults_of(replace, SPEC, **changes)


def test_prerequisite_of_an_unknown_indicator_is_refused():
    links = (("A.1.2", "A.9.9", 6),)
    faults = faults_of(framework, indicator("A.1.1"), indicator("A.1.2"), requires=links)
    assert faults == (
        "framework.prerequisites.A.1.2: 'A.9.9' is not an indicator of this scope",
        "framework.prerequisites.A.1.2.at_level: outside 0–5",
    )


def test_scope_of_a_framework_is_one_of_two():
    assert faults_of(parse_framework, framework_document(), scope="global") == (
        "scope: 'global' is not one of national, organisational",
    )


def test_version_may_be_a_whole_number():
    assert parse_framework(framework_document(version=3), scope="national").version == "3"
    assert "framework.version: a number of that size is not a whole number" in faults_of(
        parse_framework, framework_document(version=10**40), scope="national"
    )


def test_missing_method_version_and_id_are_all_named():
    document = {k: v for k, v in framework_document().items() if k not in ("id", "version", "method")}
    assert faults_of(parse_framework, document, scope="national") == (
        "framework.id: it is missing",
        "framework.version: it is missing",
        "framework.method: it is missing",
        "framework.method.name: it is missing",
        "framework.method.version: it is missing",
    )


def test_whole_numbers_have_at_most_18_digits():
    faults = FaultList()
    assert Fields({"n": 10**18 - 1}, "", faults).whole("n") == 10**18 - 1
    assert Fields({"n": 10**18}, "", faults).whole("n") is None
    assert list(faults) == ["n: 1000000000000000000 is not a whole number"]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(9999, 1, 1), 11, date(9999, 12, 1)),
        (date(9998, 1, 1), 24, date.max),
    ],
)
def test_months_later_stay_in_the_calendar(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("highest", "caps"),
    [
        (1, (0, 0, 0, 1)),
        (2, (0, 1, 1, 2)),
        (3, (1, 1, 2, 3)),
        (4, (1, 2, 3, 4)),
        (5, (2, 3, 4, 5)),
        (10, (4, 6, 8, 10)),
    ],
)
def test_grades_support_the_same_share_of_every_scale(highest, caps):
    assert caps_on(highest) == caps == tuple(cap_on(grade, highest) for grade in Grade)
    assert [caps[grade_for(level, highest)] >= level for level in range(highest + 1)] == [True] * (
        highest + 1
    )
    assert grade_for(highest, highest) is Grade.E3
    assert grade_for(0, highest) is Grade.E0


def test_support_is_weighed_on_the_scale_of_the_indicator():
    old = Rated(3, Grade.E2, date(2020, 1, 1))
    support = support_of(old, on=TODAY, highest=3)
    assert (support.grade, support.age, support.effective, support.cap) == (Grade.E2, "old", Grade.E1, 1)
    assert effective_grade(old, on=TODAY) is Grade.E1
    assert effective_grade(Rated(3, Grade.E0, None), on=TODAY) is Grade.E0
    assert effective_grade(proven(3), on=TODAY) is Grade.E3


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (F(10700, 120), 2, "89.17"),
        (F("89.165"), 2, "89.17"),
        (F("89.1649"), 2, "89.16"),
        (F("2.25"), 1, "2.3"),
        (F(5), 0, "5"),
        (F(1, 2), 0, "1"),
        (F(-1, 200), 2, "-0.01"),
        (F(-1, 201), 2, "0.00"),
        (F(1, 20), 2, "0.05"),
        (F(-5), 0, "-5"),
    ],
)
def test_figures_are_rounded_half_away_from_zero_to_any_decimals(value, decimals, shown):
    assert rounded(value, decimals) == shown


def test_names_of_nothing_are_nothing():
    assert (named_level(None, ("a",)), named_tier(None)) == (None, None)
    assert named_tier(Tier("a", "A", F(1))) == {"id": "a", "name": "A"}


def test_methods_without_values_have_no_shares_and_the_others_no_outcome():
    assert score(staged((indicator("A.1.1"), 1)), {}, on=TODAY).shares is None
    result = score(SPEC, at({"A.1.1": 3, "A.1.2": 3}), on=TODAY)
    assert result.outcome("claimed") is None
    assert result.shares.overall == {"A.1.1": F(2, 3), "A.1.2": F(1, 3)}


def test_shares_multiply_down_the_tree():
    spec = framework(indicator("A.1.1"), indicator("A.1.2"), indicator("A.2.1"), indicator("B.1.1"))
    shares = score(spec, at({i.code: 1 for i in spec.indicators}), on=TODAY).shares
    assert shares.in_area == {"A.1.1": F(1, 2), "A.1.2": F(1, 2), "A.2.1": 1, "B.1.1": 1}
    assert shares.in_dimension == {"A.1.1": F(1, 4), "A.1.2": F(1, 4), "A.2.1": F(1, 2), "B.1.1": 1}
    assert shares.overall == {"A.1.1": F(1, 8), "A.1.2": F(1, 8), "A.2.1": F(1, 4), "B.1.1": F(1, 2)}


def test_plan_and_terms_are_made_once():
    spec = framework(indicator("A.1.1"))
    score(spec, {}, on=TODAY)
    kept = dict(spec.compiled)
    assert set(kept) == {"plan", "terms", "faults"}
    score(spec, {}, on=TODAY)
    assert all(spec.compiled[name] is kept[name] for name in kept)
    checks = profiled(indicator("A.1.1"))
    score(checks, {}, on=TODAY)
    minima = checks.compiled["minima"]
    score(checks, {}, on=TODAY)
    assert checks.compiled["minima"] is minima == ((2,), (3,))


def test_plan_holds_places_in_the_order_of_the_framework():
    spec = by(
        "shared-mean",
        indicator("A.2.1"),
        replace(indicator("A.1.1", key=True), scale="four"),
        indicator("B.1.1"),
        scales={"four": FOUR},
    )
    plan = plan_of(spec)
    assert (plan.codes, plan.places) == (("A.2.1", "A.1.1", "B.1.1"), {"A.2.1": 0, "A.1.1": 1, "B.1.1": 2})
    assert (plan.areas, plan.area_of, plan.inside) == (("A.2", "A.1", "B.1"), (0, 1, 2), ((0,), (1,), (2,)))
    assert (plan.dimensions, plan.areas_of) == (("A", "B"), ((0, 1), (2,)))
    assert (plan.highest, plan.keys) == ((5, 3, 5), (1,))
    assert plan.caps == ((2, 3, 4, 5), (1, 1, 2, 3), (2, 3, 4, 5))
    assert plan.on_main[1] == (0, 1, 3, 5)


def test_sheet_holds_kinds_and_both_levels():
    spec = framework(*(indicator(f"A.1.{n}") for n in range(6)))
    answers = {
        "A.1.0": Rated(5, Grade.E1, RECENTLY),
        "A.1.1": Unknown(),
        "A.1.2": NotApplicable("none"),
        "A.1.3": Unanswered(),
        "A.1.5": Rated(1, Grade.E2, date(2020, 1, 1)),
    }
    sheet = sheet_of(plan_of(spec), answers, on=TODAY)
    assert sheet.kinds == [1, UNKNOWN, NOT_APPLICABLE, UNANSWERED, UNANSWERED, 1]
    assert (sheet.claimed, sheet.evidenced) == ([5, 0, 0, 0, 0, 1], [3, 0, 0, 0, 0, 1])
    coverages = coverages_of(plan_of(spec), sheet.kinds)
    overall = coverages.overall
    assert (overall.answered, overall.unknown, overall.not_applicable, overall.unanswered) == (2, 1, 1, 2)
    assert (overall.by_grade, overall.applicable, overall.with_evidence) == ((0, 2, 0, 0), 5, 2)
    assert overall.completeness == F(3, 5)
    assert coverages.areas == coverages.dimensions == (overall,)


@pytest.mark.parametrize(("percent", "below"), [(59, False), (60, False), (61, True)])
def test_completeness_is_compared_in_whole_percents(percent, below):
    spec = framework(*(indicator(f"A.1.{n}") for n in range(5)))
    sheet = sheet_of(plan_of(spec), {f"A.1.{n}": proven(1) for n in range(3)}, on=TODAY)
    assert coverages_of(plan_of(spec), sheet.kinds).overall.is_below(percent) is below


def test_nothing_that_applies_is_never_provisional():
    spec = framework(indicator("A.1.1"))
    assert not score(spec, {"A.1.1": NotApplicable("none")}, on=TODAY).claimed.overall.provisional


def test_foundation_takes_unanswered_keys_at_their_lowest_and_highest():
    spec = by(
        "shared-mean",
        indicator("A.1.1", key=True),
        replace(indicator("A.2.1", key=True), scale="s"),
        scales={"s": STAGES},
    )
    plan = plan_of(spec)
    open_second = foundations_of(plan, [3, UNANSWERED], [4, 0])
    assert open_second == (
        (4, 1, 4),
        [(4, 1, 4)],
        [(4, 4, 4), (None, 1, 5)],
    )  # stage 1 of 5 is level 1 of 0–5
    assert foundations_of(plan, [UNANSWERED, 3], [0, 0])[0] == (1, 0, 1)


def test_framework_without_indicators_has_no_score():
    spec = replace(SPEC, indicators=(), areas=(), dimensions=())
    overall = score(spec, {}, on=TODAY).claimed.overall
    assert (overall.value, overall.low, overall.high, overall.possible, overall.label) == (None,) * 5
    for method in ("mean-of-means", "weighted-sum", "points-ratio"):
        empty = by(method)
        assert score(empty, {}, on=TODAY).as_document()["evidenced"]["overall"]["value"] is None


def test_document_of_version_2_has_these_keys():
    document = score(SPEC, at({"A.1.1": 3, "A.1.2": 3}), on=TODAY).as_document()
    assert list(document) == [
        "format", "framework", "method", "scope", "on", "input_hash", "measure", "tiers", "claimed", "evidenced",
        "outcome", "indicators", "priorities", "lifts", "held_back", "explanation",
    ]  # fmt: skip
    assert document["format"] == {"name": "belay-score", "version": 2}
    assert document["measure"] == {
        "unit": "points",
        "lowest": {"exact": "0/1", "display": "0.0"},
        "highest": {"exact": "100/1", "display": "100.0"},
        "decimals": 1,
    }
    assert list(document["evidenced"]["overall"]) == [
        "code", "value", "low", "high", "possible", "label", "label_low", "label_high", "tier", "tier_low",
        "tier_high", "foundation", "foundation_low", "foundation_high", "coverage", "provisional",
    ]  # fmt: skip
    assert document["held_back"][0] == {
        "code": "overall",
        "value": {"exact": "60/1", "display": "60.0"},
        "label": {"level": 3, "name": "Established"},
        "by_score": {"level": 3, "name": "Established"},
        "capped": False,
        "lowest_keys": ["A.1.1"],
        "losses": [
            {
                "code": code,
                "practice": {"exact": loss, "display": shown},
                "evidence": {"exact": "0/1", "display": "0.0"},
                "total": {"exact": loss, "display": shown},
            }
            for code, loss, shown in (("A.1.1", "80/3", "26.7"), ("A.1.2", "40/3", "13.3"))
        ],
        "missing": [],
        "blocking": [],
    }
    assert document["lifts"][0] == {
        "code": "A.1.1",
        "evidenced": {"exact": "40/3", "display": "13.3"},
        "claimed": {"exact": "40/3", "display": "13.3"},
    }
    assert document["tiers"] == []


def test_document_says_all_there_is_about_an_indicator():
    spec = framework(
        indicator("A.1.1", key=True), indicator("A.1.2", effort=2), indicator("A.1.3"),
        requires=(("A.1.2", "A.1.1", 4),),
    )  # fmt: skip
    answers = {
        "A.1.1": Rated(4, Grade.E1, RECENTLY),
        "A.1.2": Rated(1),
        "A.1.3": NotApplicable("no such body"),
    }
    first, second, third = score(spec, answers, on=TODAY).as_document()["indicators"]
    # One indicator waits for it, so it unlocks 1.2; described evidence (E1) carries level 3, which is the target.
    assert first == {
        "code": "A.1.1", "area": "A.1", "dimension": "A", "key": True, "weight": "2/1", "effort": 1,
        "state": "rated", "reason": None, "claimed": 4, "evidenced": 3, "highest": 5,
        "evidence": {"claimed": 4, "grade": "E1", "age": "current", "effective_grade": "E1", "cap": 3},
        "target": 3, "gap": "0/1", "unlock": {"exact": "6/5", "display": "1.2"},
        "priority": {"exact": "0/1", "display": "0.0"}, "list": None, "blocked_by": [], "start_with": [],
        "next": {"level": 4, "work": "evidence", "grade": "E2"},
    }  # fmt: skip
    # 100 × gap 2/5 × weight 1 × unlock 1 ÷ effort 2 = 20
    assert second == {
        "code": "A.1.2", "area": "A.1", "dimension": "A", "key": False, "weight": "1/1", "effort": 2,
        "state": "rated", "reason": None, "claimed": 1, "evidenced": 1, "highest": 5,
        "evidence": {"claimed": 1, "grade": "E0", "age": "none", "effective_grade": "E0", "cap": 2},
        "target": 3, "gap": "2/5", "unlock": {"exact": "1/1", "display": "1.0"},
        "priority": {"exact": "20/1", "display": "20.0"}, "list": "prepare",
        "blocked_by": [{"code": "A.1.1", "required": 4, "level": 3}], "start_with": ["A.1.1"],
        "next": {"level": 2, "work": "practice", "grade": "E0"},
    }  # fmt: skip
    assert third == {
        "code": "A.1.3", "area": "A.1", "dimension": "A", "key": False, "weight": "1/1", "effort": 1,
        "state": "not_applicable", "reason": "no such body", "claimed": None, "evidenced": None, "highest": 5,
        "evidence": None, "target": 3, "gap": None, "unlock": {"exact": "1/1", "display": "1.0"},
        "priority": None, "list": None, "blocked_by": [], "start_with": [], "next": None,
    }  # fmt: skip


def test_document_says_all_there_is_about_a_part():
    answers = at({"A.1.1": 3, "A.1.2": 5})
    part = score(SPEC, answers, on=TODAY).as_document()["evidenced"]["areas"][0]
    # (2 × 60 + 1 × 100) ÷ 3 = 73⅓, which alone would be level 3 as well
    value, three = {"exact": "220/3", "display": "73.3"}, {"level": 3, "name": "Established"}
    assert part.pop("coverage")["by_grade"] == {"E0": 0, "E1": 0, "E2": 0, "E3": 2}
    assert part == {
        "code": "A.1", "value": value, "low": value, "high": value, "possible": {"exact": "100/1", "display": "100.0"},
        "label": three, "label_low": three, "label_high": three, "tier": None, "tier_low": None, "tier_high": None,
        "foundation": three, "foundation_low": three, "foundation_high": three, "provisional": False,
    }  # fmt: skip


def test_document_names_the_tiers_of_the_framework():
    spec = by("weighted-sum", indicator("A.1.1", weight=3), tiers=(Tier("t", "Top", F(5, 2)),))
    document = score(spec, at({"A.1.1": 5}), on=TODAY).as_document()
    assert document["tiers"] == [{"id": "t", "name": "Top", "at_least": {"exact": "5/2", "display": "2.50"}}]
    assert document["evidenced"]["overall"]["tier_high"] == {"id": "t", "name": "Top"}
    assert document["evidenced"]["areas"][0]["tier"] is None


def test_document_counts_the_answers_of_each_part():
    answers = {"A.1.1": Rated(2, Grade.E1, RECENTLY)}
    part = score(SPEC, answers, on=TODAY).as_document()["claimed"]["overall"]
    assert part["coverage"] == {
        "answered": 1,
        "unknown": 0,
        "not_applicable": 0,
        "unanswered": 1,
        "applicable": 2,
        "completeness_percent": {"exact": "50/1", "display": "50.0"},
        "with_evidence": 1,
        "by_grade": {"E0": 0, "E1": 1, "E2": 0, "E3": 0},
    }


def test_value_a_hair_below_a_threshold_does_not_reach_it():
    ladder = Ladder.of((F(20), F(40)))
    assert [ladder.level_at(F(20) - F(1, 10**30)), ladder.level_at(F(20)), ladder.level_at(F(40))] == [
        0,
        1,
        2,
    ]


def test_value_in_a_message_is_cut_to_60_characters():
    assert shown("a" * 58) == f"'{'a' * 58}'"  # 60 with its quotes
    assert shown("a" * 59) == f"'{'a' * 58}…"
    assert len(shown("a" * 5000)) == 60
    assert [shown(2**64 - 1), shown(2**64)] == ["18446744073709551615", "a number of that size"]


def test_share_answered_is_compared_without_rounding():
    def below_90(answered: int, unanswered: int) -> bool:
        return Coverage(answered, 0, 0, unanswered, (answered, 0, 0, 0)).is_below(90)

    assert below_90(89, 10)  # 89.9 %
    assert not below_90(90, 10)


def test_steps_end_with_the_range_and_the_label():
    steps = score(SPEC, at({"A.1.1": 3}), on=TODAY).explanation()["evidenced"]["overall"]
    assert steps[1:] == [
        {"step": "score", "value": {"exact": "60/1", "display": "60.0"}},
        {
            "step": "range",
            "low": {"exact": "40/1", "display": "40.0"},
            "high": {"exact": "220/3", "display": "73.3"},
        },
        {
            "step": "label",
            "by_score": {"level": 3, "name": "Established"},
            "lowest_key": 3,
            "label": {"level": 3, "name": "Established"},
        },
    ]


def test_prerequisite_between_the_only_two_indicators_is_kept():
    document = framework_document(indicators=framework_document()["indicators"][:2])
    document |= {"areas": document["areas"][:1], "dimensions": document["dimensions"][:1], "profiles": []}
    document["prerequisites"] = document["prerequisites"][:1]
    assert len(parse_framework(document, scope="national").prerequisites) == 1


def test_one_answer_and_one_unknown_are_held_back_as_well():
    spec = staged((indicator("A.1.1"), 1), (indicator("A.1.2"), 1))
    held = score(spec, {"A.1.1": proven(3), "A.1.2": Unknown()}, on=TODAY).held_back
    assert [(row.code, row.blocking) for row in held] == [("A", ("A.1.2",)), ("A.1", ("A.1.2",))]
