"""Stages and profiles: methods that say how far, never how much."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.scoring import Grade, InputFaults, NotApplicable, Rated, Unknown, score
from apps.scoring.model import Parameters, TargetProfile
from tests.scoring.fields import FOUR, TIERS, YES_NO, profiled, staged
from tests.scoring.small import TODAY, at, indicator

# Two domains: R with three practices (stages 1, 1, 2) in two areas, S with one of stage 2.
DOMAINS = staged(
    (indicator("R.1.1", key=True), 1),
    (indicator("R.1.2"), 1),
    (indicator("R.2.1"), 2),
    (indicator("S.1.1"), 2),
)


def scored(spec, answers, **named):
    return score(spec, at(answers), on=TODAY, **named)


def stages(result, basis="evidenced") -> dict[str, int | None]:
    return {part.code: part.label for part in getattr(result, basis)}


def test_one_partly_implemented_practice_keeps_its_domain_at_0():
    result = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 1, "R.2.1": 3, "S.1.1": 3})
    assert stages(result) == {"overall": None, "R": 0, "S": 2, "R.1": 0, "R.2": 2, "S.1": 2}


def test_largely_is_enough_for_every_stage():
    result = scored(DOMAINS, {"R.1.1": 2, "R.1.2": 2, "R.2.1": 2, "S.1.1": 1})
    assert stages(result) == {"overall": None, "R": 2, "S": 1, "R.1": 2, "R.2": 2, "S.1": 1}


def test_stage_without_practices_blocks_nothing():
    spec = staged((indicator("R.1.1"), 1), (indicator("R.1.2"), 3), names=("0", "1", "2", "3"))
    assert stages(scored(spec, {"R.1.1": 3, "R.1.2": 1}))["R"] == 2
    assert stages(scored(spec, {"R.1.1": 3, "R.1.2": 2}))["R"] == 3


def test_there_is_never_a_value_nor_a_label_of_the_whole():
    overall = scored(DOMAINS, {i.code: 3 for i in DOMAINS.indicators}).evidenced.overall
    assert (overall.value, overall.low, overall.high, overall.label, overall.possible) == (None,) * 5
    assert (overall.label_low, overall.label_high, overall.tier, overall.tier_low, overall.tier_high) == (
        None,
    ) * 5


def test_unanswered_practices_open_the_range_of_stages():
    part = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 3}).evidenced.dimensions["R"]
    assert (part.label, part.label_low, part.label_high) == (1, 1, 2)
    untouched = scored(DOMAINS, {"R.1.1": 3}).evidenced.dimensions["S"]
    assert (untouched.label, untouched.label_low, untouched.label_high) == (None, 1, 2)
    unknown = scored(DOMAINS, {"R.1.1": Unknown(), "R.1.2": 3, "R.2.1": 3}).evidenced.dimensions["R"]
    assert (unknown.label, unknown.label_low, unknown.label_high) == (0, 0, 0)


def test_evidence_holds_stages_down():
    answers = {i.code: Rated(3, Grade.E0) for i in DOMAINS.indicators}
    result = scored(DOMAINS, answers)
    assert (stages(result, "claimed")["R"], stages(result)["R"]) == (2, 0)


def test_provisional_is_judged_as_elsewhere():
    # three of four answered: 75 % is enough in R (2 of 3 is not) and too little for the whole
    result = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 3, "S.1.1": 3}).evidenced
    assert (result.dimensions["R"].provisional, result.dimensions["S"].provisional) == (True, False)
    assert result.overall.provisional
    assert not scored(DOMAINS, {i.code: 3 for i in DOMAINS.indicators}).evidenced.overall.provisional


def test_whole_is_provisional_by_its_own_coverage_or_by_that_of_one_dimension():
    # 3 of 4 in each domain is enough for a domain (75 %) and too little for the whole (90 %).
    even = staged(*((indicator(f"{domain}.1.{n}"), 1) for domain in "RS" for n in range(4)))
    result = scored(even, {i.code: 3 for i in even.indicators if not i.code.endswith("3")}).evidenced
    assert [result.dimensions[code].provisional for code in "RS"] == [False, False]
    assert result.overall.provisional
    # 10 of 11 is enough for the whole (91 %), but nothing is known of S.
    uneven = staged(*((indicator(f"R.1.{n}"), 1) for n in range(10)), (indicator("S.1.1"), 1))
    result = scored(uneven, {i.code: 3 for i in uneven.indicators[:10]}).evidenced
    assert [result.dimensions[code].provisional for code in "RS"] == [False, True]
    assert result.overall.provisional


def test_each_part_has_the_foundation_of_its_own_keys():
    spec = staged(
        (indicator("R.1.1", key=True), 1), (indicator("R.2.1"), 1), (indicator("S.1.1", key=True), 1)
    )
    result = scored(spec, {"R.1.1": 3, "R.2.1": 2, "S.1.1": 1}).evidenced
    assert {part.code: part.foundation for part in result} == {
        "overall": 1, "R": 3, "S": 1, "R.1": 3, "R.2": None, "S.1": 1
    }  # fmt: skip


def test_not_applicable_is_refused_in_words():
    with pytest.raises(InputFaults) as caught:
        scored(DOMAINS, {"R.1.2": NotApplicable("too small")})
    assert caught.value.faults == ('answers.R.1.2.not_applicable: cumulative has no "not applicable"',)


def test_outcome_says_the_next_stage_and_what_is_missing_for_it():
    document = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 3, "R.2.1": 1}).as_document()
    outcome = document["outcome"]["evidenced"]
    assert outcome["kind"] == "stages"
    assert outcome["implemented_at"] == {"level": 2, "name": "Largely"}
    assert outcome["dimensions"] == [
        {
            "code": "R",
            "stage": {"level": 1, "name": "Begun"},
            "stage_low": {"level": 1, "name": "Begun"},
            "stage_high": {"level": 1, "name": "Begun"},
            "next": {"level": 2, "name": "Arranged"},
            "missing": ["R.2.1"],
        },
        {
            "code": "S",
            "stage": None,
            "stage_low": {"level": 1, "name": "Begun"},
            "stage_high": {"level": 2, "name": "Arranged"},
            "next": {"level": 2, "name": "Arranged"},
            "missing": ["S.1.1"],
        },
    ]
    assert [row["code"] for row in outcome["areas"]] == ["R.1", "R.2", "S.1"]
    assert (outcome["areas"][0]["next"], outcome["areas"][0]["missing"]) == (None, [])
    assert document["measure"] == {
        "unit": "stage",
        "lowest": {"exact": "0/1", "display": "0"},
        "highest": {"exact": "2/1", "display": "2"},
        "decimals": 0,
    }
    assert document["evidenced"]["dimensions"][0]["label"] == {"level": 1, "name": "Begun"}
    assert document["evidenced"]["dimensions"][0]["foundation"] == {"level": 3, "name": "Fully"}


def test_missing_counts_what_earlier_stages_lack_as_well():
    outcome = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 1, "R.2.1": 1, "S.1.1": 3}).as_document()["outcome"]
    assert outcome["evidenced"]["dimensions"][0]["missing"] == ["R.1.2"]
    assert outcome["claimed"]["dimensions"][1]["missing"] == []


def test_steps_count_practices_stage_by_stage():
    steps = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 1, "R.2.1": 3, "S.1.1": 3}).explanation()["evidenced"]
    assert steps["overall"] == [{"step": "score", "value": None}]
    assert steps["dimensions"]["R"] == [
        {"step": "stage", "code": "1", "stage": {"level": 1, "name": "Begun"}, "practices": 2, "implemented": 1,
         "missing": ["R.1.2"], "reached": False},
        {"step": "stage", "code": "2", "stage": {"level": 2, "name": "Arranged"}, "practices": 1, "implemented": 1,
         "missing": [], "reached": False},
        {"step": "score", "value": None, "stage": {"level": 0, "name": "Not yet"}},
    ]  # fmt: skip
    assert [step.get("reached") for step in steps["areas"]["S.1"]] == [True, True, None]


def test_outcome_and_steps_tell_what_is_claimed_from_what_is_shown():
    # Everything is claimed in full; nothing is shown for R.1.2, so that shown it stands at 1 of 3.
    result = scored(
        DOMAINS, {"R.1.1": 3, "R.1.2": Rated(3, Grade.E0), "R.2.1": 3, "S.1.1": Rated(3, Grade.E0)}
    )
    outcome, steps = result.as_document()["outcome"], result.explanation()

    def row(basis, part, code):
        return next(row for row in outcome[basis][part] if row["code"] == code)

    assert row("claimed", "dimensions", "R")["stage"]["level"] == 2
    assert row("evidenced", "dimensions", "R")["stage"]["level"] == 0
    assert row("claimed", "areas", "S.1")["missing"] == row("claimed", "dimensions", "S")["missing"] == []
    assert row("evidenced", "areas", "S.1")["missing"] == ["S.1.1"]
    lower = scored(DOMAINS, {"R.1.1": 3, "R.1.2": Rated(3, Grade.E0), "R.2.1": 1}).as_document()["outcome"]
    assert lower["claimed"]["dimensions"][0]["missing"] == ["R.2.1"]
    assert lower["evidenced"]["dimensions"][0]["missing"] == ["R.1.2"]
    assert [step.get("missing") for step in steps["claimed"]["dimensions"]["R"]] == [[], [], None]
    assert [step.get("missing") for step in steps["evidenced"]["dimensions"]["R"]] == [["R.1.2"], [], None]
    assert [steps[basis]["dimensions"]["R"][-1]["stage"]["level"] for basis in ("claimed", "evidenced")] == [
        2,
        0,
    ]
    area = staged((indicator("R.1.1"), 1), (indicator("R.1.2"), 2))
    result = scored(area, {"R.1.1": Rated(3, Grade.E0), "R.1.2": 1})
    missing = {basis: result.outcome(basis)["areas"][0]["missing"] for basis in ("claimed", "evidenced")}
    assert missing == {"claimed": ["R.1.2"], "evidenced": ["R.1.1"]}


def test_lift_is_the_stages_that_one_step_gains():
    lifts = scored(DOMAINS, {"R.1.1": 3, "R.1.2": 1, "R.2.1": 3, "S.1.1": 1}).lifts
    assert [(lift.code, lift.evidenced, lift.claimed) for lift in lifts] == [("R.1.2", 2, 2), ("S.1.1", 1, 1)]


def test_lift_leaves_out_what_has_no_step_to_take():
    lifts = scored(DOMAINS, {"R.1.1": Rated(3, Grade.E0), "R.1.2": 3, "R.2.1": 3}).lifts
    # R.1.1 is claimed in full and supported to 1: only an evidenced step is left
    assert [(lift.code, lift.evidenced, lift.claimed) for lift in lifts] == [("R.1.1", 2, None)]


def test_held_back_names_the_practices_in_the_way():
    held = {row.code: row for row in scored(DOMAINS, {"R.1.1": 3, "R.1.2": 1}).held_back}
    assert list(held) == ["R", "R.1"]
    row = held["R"]
    assert (row.value, row.label, row.by_score, row.capped, row.losses) == (None, 0, None, False, ())
    assert (row.blocking, row.missing, row.lowest_keys) == (("R.1.2",), ("R.2.1",), ("R.1.1",))


def test_held_back_by_nothing_at_the_last_stage():
    held = scored(DOMAINS, {i.code: 3 for i in DOMAINS.indicators}).held_back
    assert [(row.code, row.blocking) for row in held] == [
        (code, ()) for code in ("R", "S", "R.1", "R.2", "S.1")
    ]


def faults_of(spec) -> tuple[str, ...]:
    with pytest.raises(InputFaults) as caught:
        score(spec, {}, on=TODAY)
    return caught.value.faults


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"parameters": Parameters(implemented_at=2)},
            ("framework.method.parameters.stages: cumulative needs the names of at least the stages 0 and 1",
             "framework.indicators.R.1.1.stage: it is 1 to 1"),
        ),
        (
            {"parameters": Parameters(stages=("0", "1", "2"))},
            ("framework.method.parameters.implemented_at: it is a level from 1 to 3 of every scale in use",),
        ),
        (
            {"parameters": Parameters(4, ("0", "1", "2"))},
            ("framework.method.parameters.implemented_at: it is a level from 1 to 3 of every scale in use",),
        ),
        (
            {"parameters": Parameters(0, ("0", "1", "2"))},
            ("framework.method.parameters.implemented_at: it is a level from 1 to 3 of every scale in use",),
        ),
        ({"tiers": TIERS}, ("framework.tiers: cumulative gives no overall value that a tier could name",)),
    ],
)  # fmt: skip
def test_cumulative_says_what_it_needs(changes, faults):
    assert faults_of(replace(staged((indicator("R.1.1"), 2)), **changes)) == faults


@pytest.mark.parametrize("stage", [None, 0, 3])
def test_every_practice_needs_a_stage_there_is(stage):
    spec = staged((indicator("R.1.1"), 1), (indicator("R.1.2"), stage))
    assert faults_of(spec) == ("framework.indicators.R.1.2.stage: it is 1 to 2",)


def test_implemented_at_fits_every_scale_in_use():
    spec = staged((indicator("R.1.1"), 1))
    yes_no = replace(spec.indicators[0], code="R.1.2", scale="yn")
    mixed = replace(spec, indicators=(*spec.indicators, yes_no), scales={"yn": YES_NO})
    assert faults_of(mixed) == (
        "framework.method.parameters.implemented_at: it is a level from 1 to 1 of every scale in use",
    )


def test_implemented_at_is_1_while_there_is_no_scale_in_use():
    empty = replace(staged((indicator("R.1.1"), 1)), indicators=())
    assert faults_of(empty) == (
        "framework.method.parameters.implemented_at: it is a level from 1 to 1 of every scale in use",
    )
    assert scored(replace(empty, parameters=Parameters(1, ("0", "1"))), {}).evidenced.overall.label is None


# --- profiles

CHECK = profiled(indicator("A.1.1"), indicator("A.1.2"), indicator("B.1.1"))  # basic: 2, 1, 1; full: 3 each


def tier(part) -> str | None:
    return part.tier.code if part.tier else None


@pytest.mark.parametrize(
    ("levels", "passed"),
    [
        ((2, 1, 1), "basic"),
        ((1, 5, 5), None),  # 5 elsewhere does not make up for 1 where 2 is needed
        ((5, 5, 0), None),
        ((3, 3, 3), "full"),
        ((3, 3, 2), "basic"),
        ((5, 5, 5), "full"),
    ],
)
def test_profile_is_passed_only_when_each_reaches_its_own_minimum(levels, passed):
    answers = dict(zip((i.code for i in CHECK.indicators), levels, strict=True))
    overall = scored(CHECK, answers).evidenced.overall
    assert tier(overall) == passed
    assert overall.tier == overall.tier_low == overall.tier_high


def test_parts_have_the_highest_profile_they_pass():
    result = scored(CHECK, {"A.1.1": 3, "A.1.2": 3, "B.1.1": 1}).evidenced
    assert [tier(result.dimensions[code]) for code in "AB"] == ["full", "basic"]
    assert tier(result.areas["B.1"]) == "basic"
    assert result.overall.tier.name == "Basic"
    assert result.overall.tier.at_least == 1
    assert (result.overall.value, result.overall.label) == (None, None)


def test_unanswered_fails_until_it_is_known():
    overall = scored(CHECK, {"A.1.1": 3, "A.1.2": 3}).evidenced.overall
    assert (overall.tier, overall.tier_low, overall.tier_high.code) == (None, None, "full")


def test_not_applicable_asks_nothing():
    assert (
        tier(scored(CHECK, {"A.1.1": 3, "A.1.2": 3, "B.1.1": NotApplicable("none")}).evidenced.overall)
        == "full"
    )


def test_unknown_counts_0():
    assert scored(CHECK, {"A.1.1": 3, "A.1.2": 3, "B.1.1": Unknown()}).evidenced.overall.tier is None


def test_outcome_lists_what_fails_each_profile():
    document = scored(CHECK, {"A.1.1": 2, "A.1.2": 3, "B.1.1": 1}).as_document()
    assert document["outcome"]["evidenced"] == {
        "kind": "profiles",
        "profiles": [
            {"id": "basic", "name": "Basic", "passed": True, "failures": []},
            {
                "id": "full",
                "name": "Full",
                "passed": False,
                "failures": [
                    {"code": "A.1.1", "level": 2, "required": 3},
                    {"code": "B.1.1", "level": 1, "required": 3},
                ],
            },
        ],
        "highest": {"id": "basic", "name": "Basic"},
        "highest_high": {"id": "basic", "name": "Basic"},
    }
    assert document["measure"]["unit"] == "profile"
    assert document["measure"]["highest"] == {"exact": "2/1", "display": "2"}
    assert document["measure"]["lowest"] == {"exact": "0/1", "display": "0"}


def test_unanswered_is_a_failure_without_a_level():
    outcome = scored(CHECK, {"A.1.1": 3, "A.1.2": 3}).outcome("evidenced")
    assert outcome["profiles"][0]["failures"] == [{"code": "B.1.1", "level": None, "required": 1}]
    assert (outcome["highest"], outcome["highest_high"]) == (None, {"id": "full", "name": "Full"})


def test_steps_count_minima_profile_by_profile():
    steps = scored(CHECK, {"A.1.1": 2, "A.1.2": 3, "B.1.1": 1}).explanation()["claimed"]
    assert steps["dimensions"]["A"] == [
        {"step": "profile", "code": "basic", "name": "Basic", "indicators": 2, "met": 2,
         "missing": [], "passed": True},
        {"step": "profile", "code": "full", "name": "Full", "indicators": 2, "met": 1,
         "missing": ["A.1.1"], "passed": False},
        {"step": "score", "value": None, "tier": {"id": "basic", "name": "Basic"}, "at_least": "1/1"},
    ]  # fmt: skip


def test_profiles_tell_what_is_claimed_from_what_is_shown():
    # Level 3 without evidence stands at 2 when shown: enough for basic, too little for full.
    result = scored(CHECK, {"A.1.1": Rated(3, Grade.E0), "A.1.2": 3, "B.1.1": 3})
    outcome, steps = result.as_document()["outcome"], result.explanation()
    assert [row["failures"] for row in outcome["claimed"]["profiles"]] == [[], []]
    assert [row["failures"] for row in outcome["evidenced"]["profiles"]] == [
        [],
        [{"code": "A.1.1", "level": 2, "required": 3}],
    ]
    assert [outcome[basis]["highest"]["id"] for basis in ("claimed", "evidenced")] == ["full", "basic"]
    for part in (
        lambda rows: rows["overall"],
        lambda rows: rows["dimensions"]["A"],
        lambda rows: rows["areas"]["A.1"],
    ):
        assert [step["missing"] for step in part(steps["claimed"])[:2]] == [[], []]
        assert [step["missing"] for step in part(steps["evidenced"])[:2]] == [[], ["A.1.1"]]


def test_failures_name_the_level_of_their_basis():
    most = replace(
        CHECK, profiles=(TargetProfile("most", 5, {}, "Most"),), parameters=Parameters(profiles=("most",))
    )
    result = scored(most, {"A.1.1": Rated(4, Grade.E0), "A.1.2": 5, "B.1.1": 5})
    levels = {b: result.outcome(b)["profiles"][0]["failures"][0]["level"] for b in ("claimed", "evidenced")}
    assert levels == {"claimed": 4, "evidenced": 2}


def test_lift_is_the_profiles_that_one_step_gains():
    lifts = scored(CHECK, {"A.1.1": 1, "A.1.2": 3, "B.1.1": 3}).lifts
    assert [(lift.code, lift.evidenced, lift.claimed) for lift in lifts] == [("A.1.1", 1, 1)]


def test_held_back_by_what_fails_the_next_profile():
    held = {row.code: row for row in scored(CHECK, {"A.1.1": 2, "A.1.2": 3, "B.1.1": 3}).held_back}
    assert held["overall"].blocking == ("A.1.1",)
    assert held["B"].blocking == ()
    assert list(held) == ["overall", "A", "B", "A.1", "B.1"]


def test_minimum_of_another_scale_reaches_the_same_share():
    spec = profiled(indicator("A.1.1"), replace(indicator("A.1.2"), scale="four"), scales={"four": FOUR})
    # basic wants 1 of 5 of A.1.2, which 1 of 3 reaches; full wants 3 of 5, which 2 of 3 reaches
    assert tier(scored(spec, {"A.1.1": 3, "A.1.2": 1}).evidenced.overall) == "basic"
    assert tier(scored(spec, {"A.1.1": 3, "A.1.2": 2}).evidenced.overall) == "full"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"parameters": Parameters()}, ("framework.method.parameters.profiles: it names the profiles, the lowest first, each once",)),
        ({"parameters": Parameters(profiles=("basic", "basic"))}, ("framework.method.parameters.profiles: it names the profiles, the lowest first, each once",)),
        ({"parameters": Parameters(profiles=("gold",))}, ("framework.method.parameters.profiles: 'gold' is not a profile of framework tiny at national scope",)),
        ({"parameters": Parameters(profiles=("full", "basic"))}, (
            "framework.method.parameters.profiles: 'basic' asks less of A.1.1 than 'full'",
            "framework.method.parameters.profiles: 'basic' asks less of B.1.1 than 'full'",
        )),
        ({"tiers": TIERS}, ("framework.tiers: threshold-profile gives no overall value that a tier could name",)),
        ({"parameters": Parameters(1, profiles=("basic",))}, ("framework.method.parameters.implemented_at: threshold-profile has no such parameter",)),
    ],
)  # fmt: skip
def test_threshold_profile_says_what_it_needs(changes, faults):
    spec = profiled(indicator("A.1.1"), indicator("B.1.1"))
    assert faults_of(replace(spec, **changes)) == faults


def test_profile_of_equal_minima_may_follow():
    spec = profiled(indicator("A.1.1"))
    same = (TargetProfile("a", 2, {}), TargetProfile("b", 2, {}))
    twice = replace(spec, profiles=same, parameters=Parameters(profiles=("a", "b")))
    assert tier(scored(twice, {"A.1.1": 2}).evidenced.overall) == "b"
