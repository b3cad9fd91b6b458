"""Framework documents with scales, stages, tiers and parameters of their own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F
from typing import Any

import pytest

from apps.scoring import InputFaults, NotApplicable, known_methods, parse_answers, parse_framework, score
from apps.scoring.methods import default_weight
from apps.scoring.model import MethodRef, Parameters, Scale, TargetProfile, Tier
from tests.scoring.fields import FOUR, STAGES, TIERS, YES_NO, by, staged
from tests.scoring.small import (
    LEVEL_NAMES,
    SCALE,
    TODAY,
    answers_document,
    at,
    framework,
    framework_document,
    indicator,
)

YN = {"id": "yn", "levels": [{"level": 0, "name": "No"}, {"level": 1, "name": "Yes", "value": "3/2"}]}


def levels(*names: str) -> dict[str, Any]:
    return {"levels": [{"level": n, "name": name} for n, name in enumerate(names)]}


def with_indicator(number: int, **fields: Any) -> dict[str, Any]:
    document = framework_document(scales=[YN])
    document["indicators"][number] |= fields
    return document


def faults_of(document: dict[str, Any], scope: str = "national") -> tuple[str, ...]:
    with pytest.raises(InputFaults) as caught:
        parse_framework(document, scope=scope)
    return caught.value.faults


def test_indicator_may_use_another_scale():
    spec = parse_framework(with_indicator(3, scale="yn"), scope="national")
    assert spec.scales["yn"] == Scale(("No", "Yes"), (F(0), F(3, 2)))
    assert spec.by_code["B.1.1"].scale == "yn"
    assert spec.scale_of(spec.by_code["B.1.1"]).highest == 1
    assert spec.scale_of(spec.by_code["A.1.1"]) == SCALE
    assert spec.by_code["A.1.1"].stage is None


def test_levels_count_their_number_or_their_value():
    document = framework_document()
    document["scale"]["levels"][5]["value"] = "15/2"
    spec = parse_framework(document, scope="national")
    assert spec.scale.values == (0, 1, 2, 3, 4, F(15, 2))
    assert not spec.scale.is_plain
    assert SCALE.is_plain
    assert spec.scale.fraction(3) == F(2, 5)


def test_targets_and_prerequisites_are_in_the_own_scale():
    document = with_indicator(2, scale="yn")
    assert faults_of(document, "organisational") == (
        "framework.prerequisites[1].at_level: 2 is outside 0–1",
        "framework.profiles[0].targets.indicators.A.2.1: 4 is outside 0–1",
    )
    document["prerequisites"][1]["at_level"] = 1
    document["profiles"][0]["targets"]["indicators"] = {"A.2.1": 1}
    spec = parse_framework(document, scope="organisational")
    assert spec.profiles[0].targets == {"A.2.1": 1}
    assert spec.profiles[0].name == "Basic"
    assert spec.prerequisites[0].at_level == 1


def test_tiers_are_sorted_from_the_highest_down():
    tiers = [{"id": "a", "name": "Low", "at_least": 10}, {"id": "b", "name": "High", "at_least": "60.5"}]
    spec = parse_framework(framework_document(tiers=tiers), scope="national")
    assert spec.tiers == (Tier("b", "High", F(121, 2)), Tier("a", "Low", F(10)))


def test_parameters_are_read():
    method = {
        "name": "cumulative",
        "version": 1,
        "parameters": {
            "implemented_at": 3,
            "stages": [{"stage": 0, "name": "None"}, {"stage": 1, "name": "One"}],
        },
    }
    document = framework_document(method=method)
    for row in document["indicators"]:
        row["stage"] = 1
    spec = parse_framework(document, scope="national")
    assert spec.parameters == Parameters(3, ("None", "One"), ())
    assert [i.stage for i in spec.indicators] == [1, 1, 1]
    score(spec, {}, on=TODAY)


def test_parameters_name_the_profiles_of_this_scope():
    method = {"name": "threshold-profile", "version": 1, "parameters": {"profiles": ["basic", "nation"]}}
    document = framework_document(method=method)
    assert parse_framework(document, scope="national").parameters.profiles == ("basic", "nation")
    assert parse_framework(document, scope="organisational").parameters.profiles == ("basic",)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"scales": [YN, YN]}, "framework.scales[1].id: 'yn' appears twice"),
        ({"scales": [{"levels": YN["levels"]}]}, "framework.scales[0].id: it is missing"),
        (
            {"scales": [{"id": "x", **levels("One")}]},
            "framework.scales[0].levels: a scale has at least two levels",
        ),
        (
            {"scales": [{**YN, "id": str(n)} for n in range(21)]},
            "framework.scales: a list of 21 is longer than 20",
        ),
        ({"scale": levels(*"abcdefghijkl")}, "framework.scale.levels: a list of 12 is longer than 11"),
        (
            {"scale": {"levels": [{"level": 0, "name": "a"}, {"level": 2, "name": "b"}]}},
            "framework.scale.levels[1].level: levels go up one by one from 0, so this one is 1",
        ),
        (
            {"scale": {"levels": [{"level": 0, "name": "a"}, {"level": 1, "name": "b", "value": "x"}]}},
            "framework.scale.levels[1].value: 'x' is not a number of 0 or more",
        ),
        (
            {"tiers": [{"id": "a", "name": "A", "at_least": -1}]},
            "framework.tiers[0].at_least: -1 is not a number of 0 or more",
        ),
        (
            {"tiers": [{"id": "a", "name": "A", "at_least": 1}, {"id": "b", "name": "B", "at_least": "1.0"}]},
            "framework.tiers: two tiers begin at the same value",
        ),
        (
            {"tiers": [{"id": "a", "name": "A", "at_least": 1}, {"id": "a", "name": "B", "at_least": 2}]},
            "framework.tiers: two tiers have the same id",
        ),
        (
            {"method": {"name": "shared-mean", "version": 1, "parameters": {"colour": 1}}},
            "framework.method.parameters.colour: not known here; known: implemented_at, profiles, stages",
        ),
        (
            {
                "method": {
                    "name": "cumulative",
                    "version": 1,
                    "parameters": {"stages": [{"stage": 1, "name": "x"}]},
                }
            },
            "framework.method.parameters.stages[0].stage: stages go up one by one from 0, so this one is 0",
        ),
        (
            {"method": {"name": "threshold-profile", "version": 1, "parameters": {"profiles": "basic"}}},
            "framework.method.parameters.profiles: it is a list of ids",
        ),
        (
            {"method": {"name": "threshold-profile", "version": 1, "parameters": {"profiles": [["basic"]]}}},
            "framework.method.parameters.profiles: it is a list of ids",
        ),
        (
            {"method": {"name": "threshold-profile", "version": 1, "parameters": {"profiles": ["gold"]}}},
            "framework.method.parameters.profiles: 'gold' is not a profile of this framework",
        ),
    ],
)
def test_bad_extension_is_refused_with_its_place(changes, fault):
    assert fault in faults_of(framework_document(**changes))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"scale": "zz"}, "framework.indicators[0].scale: 'zz' is not a scale of this framework"),
        ({"scale": 3}, "framework.indicators[0].scale: 3 is not an id of letters, digits, dots and hyphens"),
        ({"stage": "1"}, "framework.indicators[0].stage: '1' is not a whole number"),
    ],
)
def test_bad_field_of_an_indicator_is_refused(fields, fault):
    assert fault in faults_of(with_indicator(0, **fields))


@pytest.mark.parametrize(
    ("scale", "fault"),
    [
        (
            Scale(("a", "b"), (F(1), F(1))),
            "framework.scale.levels: values rise from level to level and are not below 0",
        ),
        (
            Scale(("a", "b"), (F(-1), F(1))),
            "framework.scale.levels: values rise from level to level and are not below 0",
        ),
        (Scale(("a", "b"), (F(0), F(1), F(2))), "framework.scale.levels: 3 values for 2 levels"),
        (Scale(("a",)), "framework.scale.levels: a scale has at least two levels"),
    ],
)
def test_scale_that_cannot_be_scored_is_refused_in_code_as_well(scale, fault):
    with pytest.raises(InputFaults) as caught:
        replace(framework(indicator("A.1.1")), scale=scale)
    assert fault in caught.value.faults
    with pytest.raises(InputFaults) as caught:
        replace(framework(indicator("A.1.1")), scales={"x": scale})
    assert caught.value.faults == (fault.replace("scale.levels", "scales.x.levels"),)


def test_scale_of_an_indicator_must_exist():
    spec = framework(indicator("A.1.1"))
    with pytest.raises(InputFaults) as caught:
        replace(spec, indicators=(replace(spec.indicators[0], scale="x"),))
    assert caught.value.faults == ("framework.indicators.A.1.1.scale: 'x' is not a scale of this framework",)


def test_prerequisite_is_checked_on_the_scale_of_what_it_requires():
    with pytest.raises(InputFaults) as caught:
        by(
            "shared-mean",
            replace(indicator("A.1.1"), scale="yn"),
            indicator("A.1.2"),
            requires=(("A.1.2", "A.1.1", 2),),
            scales={"yn": YES_NO},
        )
    assert caught.value.faults == ("framework.prerequisites.A.1.2.at_level: outside 0–1",)


@pytest.mark.parametrize(
    ("share", "at", "reaching"),
    [(F(0), 0, 0), (F(1, 5), 0, 0), (F(1, 4), 0, 1), (F(3, 5), 2, 2), (F(1), 4, 4), (F(2), 4, 4)],
)
def test_levels_are_found_from_below_and_from_above(share, at, reaching):
    assert (STAGES.level_at(share), STAGES.level_reaching(share)) == (at, reaching)


def test_share_below_the_lowest_level_is_still_level_0():
    assert STAGES.level_at(F(1, 100)) == 0


def test_every_method_of_the_field_is_known():
    names = [
        "shared-mean",
        "mean-of-means",
        "weighted-sum",
        "cumulative",
        "threshold-profile",
        "points-ratio",
    ]
    assert [(ref.name, ref.version) for ref in known_methods()] == [(name, 1) for name in names]


def test_key_counts_double_in_the_shared_mean_only():
    weights = {ref.name: default_weight(ref, key=True) for ref in known_methods()}
    assert weights == {ref.name: 2 if ref.name == "shared-mean" else 1 for ref in known_methods()}
    assert {default_weight(ref, key=False) for ref in known_methods()} == {1}
    assert default_weight(None, key=True) == default_weight(MethodRef("guess", 1), key=True) == 1


def test_answers_file_is_checked_by_the_rules_of_the_method():
    method = {"name": "cumulative", "version": 1}
    spec = parse_framework(framework_document(method=method), scope="national")
    with pytest.raises(InputFaults) as caught:
        parse_answers(answers_document(), spec)
    assert caught.value.faults == ('answers.B.1.1.not_applicable: cumulative has no "not applicable"',)


def test_track_of_an_answers_file_follows_the_scale():
    spec = parse_framework(framework_document(scale=levels(*"abcd"), profiles=[]), scope="national")
    assert parse_answers(answers_document(), spec).track == 2
    assert parse_answers(answers_document(track=1), spec).track == 1
    assert parse_answers(answers_document(track=0), spec).track == 0


# --- the fingerprint

BASE = by("weighted-sum", indicator("A.1.1"), indicator("A.1.2"), scale=YES_NO)


def hash_of(spec) -> str:
    return score(spec, at({"A.1.1": 1}), on=TODAY).input_hash


def test_fingerprint_of_a_plain_framework_never_changes():
    """Worked out by the first release; stored results carry it."""
    spec = framework(indicator("A.1.1", key=True), indicator("A.1.2"), requires=(("A.1.2", "A.1.1", 2),))
    answers = at({"A.1.1": 3}) | {"A.1.2": NotApplicable("none")}
    assert (
        score(spec, answers, on=TODAY).input_hash
        == "a149c465c8f7eedd8635b34b72f01a104d3fadc334f95090198f4d02271b44e0"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, scale=FOUR),
        replace(BASE, scale=Scale(("No", "Yes"), (F(0), F(2)))),
        replace(BASE, tiers=TIERS),
        replace(BASE, tiers=TIERS[:2]),
        replace(BASE, indicators=(replace(BASE.indicators[0], scale="yn"), BASE.indicators[1]), scales={"yn": YES_NO}),
        replace(BASE, indicators=(replace(BASE.indicators[0], scale="yn"), BASE.indicators[1]), scales={"yn": Scale(("a", "b"), (F(1), F(3)))}),
        replace(BASE, method=MethodRef("points-ratio", 1)),
    ],
)  # fmt: skip
def test_fingerprint_changes_with_everything_that_moves_a_figure(other):
    assert hash_of(other) != hash_of(BASE)


def test_fingerprint_knows_stages_parameters_and_minima():
    two = (indicator("A.1.1"), 1), (indicator("A.1.2"), 2)
    first = staged(*two)
    others = [
        staged(two[0], (two[1][0], 1)),
        replace(first, parameters=Parameters(3, first.parameters.stages)),
        staged(*two, names=("a", "b", "c", "d")),
    ]
    assert len({hash_of(spec) for spec in (first, *others)}) == 4
    profiles = (TargetProfile("p", 1, {}), TargetProfile("q", 2, {}), TargetProfile("r", 1, {"A.1.1": 2}))
    checks = [
        by(
            "threshold-profile",
            indicator("A.1.1"),
            profiles=profiles,
            parameters=Parameters(profiles=(code,)),
        )
        for code in "pqr"
    ]
    assert len({hash_of(spec) for spec in checks}) == 3


def test_fingerprint_ignores_names_and_scales_that_nobody_uses():
    renamed = replace(BASE, scale=Scale(("Non", "Oui")), scales={"four": FOUR})
    assert hash_of(renamed) == hash_of(BASE)
    tiered = [replace(BASE, tiers=(Tier("a", name, F(1)),)) for name in ("High", "Haut")]
    assert hash_of(tiered[0]) == hash_of(tiered[1])


def test_level_names_of_the_small_framework_stay():
    assert parse_framework(framework_document(), scope="national").scale.names == LEVEL_NAMES
