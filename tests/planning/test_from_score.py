"""Problems made from stored results: what a plan promises is what scoring again gives, in every method."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from apps.planning import (
    Costs,
    NoPlan,
    Plan,
    Problem,
    ProblemFaults,
    ReachLabel,
    ReachLevels,
    cheapest_to,
    parse_costs,
    plan_within,
    problem_from_score,
)
from apps.planning.problem import Link, Work
from apps.scoring import parse_answers, parse_framework, score
from tests.scoring.small import LEVEL_NAMES, framework_document

COSTS = Costs({1: Decimal(5), 2: Decimal(15), 3: Decimal(40)})
Document = dict[str, Any]


def levels(*names: str, values: tuple[Any, ...] = ()) -> Document:
    rows: list[Document] = [{"level": n, "name": name, "meaning": "…"} for n, name in enumerate(names)]
    for row, value in zip(rows, values, strict=False):
        row["value"] = value
    return {"levels": rows}


def proven(level: int) -> Document:
    return {"level": level, "evidence": "E3", "dated": "2026-01-10"}


def result_of(framework: Document, answers: Document, **head: Any) -> Document:
    spec = parse_framework(framework, scope="national")
    document = {
        "framework": spec.id,
        "version": spec.version,
        "scope": "national",
        "on": "2026-05-01",
        "answers": answers,
    }
    sheet = parse_answers(document | head, spec)
    result = score(spec, sheet.answers, on=sheet.on, targets=sheet.targets, track=sheet.track)
    # Through text, as a stored result comes back.
    return json.loads(json.dumps(result.as_document()))


def wide(method: str, **changes: Any) -> Document:
    """Two dimensions, five areas, ten indicators; weights, keys, and a scale of four levels beside the main one."""
    dice = random.Random(method)
    areas = [
        {"id": f"{d}.{n}", "dimension": d, "name": "…"}
        for d, count in (("A", 3), ("B", 2))
        for n in range(count)
    ]
    indicators = [
        {
            "id": f"{area['id']}.{n}", "area": area["id"], "scope": "national", "effort": dice.randint(1, 3),
            "key": dice.random() < 0.3, "weight": dice.choice([0, 1, 2, "3/2"]),
        }
        for area in areas
        for n in range(2)
    ]  # fmt: skip
    indicators[4] |= {"scale": "four", "key": False, "weight": 1}
    indicators[0] |= {"weight": 2, "key": True}
    return framework_document(
        method={"name": method, "version": 1},
        areas=areas,
        indicators=indicators,
        scales=[{"id": "four", **levels("a", "b", "c", "d", values=(0, 1, 3, 4))}],
        prerequisites=[
            {"indicator": "A.0.1", "requires": "A.0.0", "at_level": 3},
            {"indicator": "B.0.0", "requires": "A.2.0", "at_level": 2},
        ],
        profiles=[{"id": "basic", "name": "…", "scope": "national", "targets": {"default": 3, "indicators": {"A.0.0": 4}}}],
        **changes,
    )  # fmt: skip


def drawn_answers(framework: Document, seed: int) -> Document:
    dice = random.Random(seed)
    answers: Document = {}
    for row in framework["indicators"]:
        highest = 3 if "scale" in row else 5
        kind = dice.random()
        if kind < 0.7 or row["key"]:
            answers[row["id"]] = {
                **proven(dice.randint(0, highest)),
                "evidence": dice.choice(["E1", "E2", "E3"]),
            }
        elif kind < 0.8:
            answers[row["id"]] = {"unknown": True}
        elif kind < 0.9:
            answers[row["id"]] = {"not_applicable": "no such body"}
    return answers


@pytest.mark.parametrize("method", ["shared-mean", "mean-of-means", "weighted-sum", "points-ratio"])
@pytest.mark.parametrize("seed", range(8))
def test_a_plan_gains_what_scoring_again_gives(method: str, seed: int) -> None:
    framework = wide(method)
    answers = drawn_answers(framework, seed)
    before = result_of(framework, answers)
    problem = problem_from_score(before, framework, costs=COSTS, budget=Decimal(40 + 30 * seed))
    plan = plan_within(problem)
    after = result_of(framework, answers | {code: proven(level) for code, level in plan.levels.items()})
    check_against_score(plan, before, after)


def check_against_score(plan: Plan, before: Document, after: Document) -> None:
    found = {part.id: part for part in plan.parts()}
    assert found["overall"].after - found["overall"].before == plan.gain
    for documents, value, label in ((before, "before", "label_before"), (after, "after", "label_after")):
        scores = documents["evidenced"]
        for part in [scores["overall"], *scores["dimensions"], *scores["areas"]]:
            if part["value"] is None:
                assert part["code"] not in found
                continue
            assert getattr(found[part["code"]], value) == Fraction(part["value"]["exact"])
            expected = None if part["label"] is None else part["label"]["level"]
            assert getattr(found[part["code"]], label) == expected


@pytest.mark.parametrize("part", ["overall", "A", "B.1"])
def test_the_cheapest_next_label_is_the_label_that_scoring_again_gives(part: str) -> None:
    framework = wide("shared-mean")
    answers = {row["id"]: proven(2 if "scale" in row else 1) for row in framework["indicators"]}
    before = result_of(framework, answers)
    plan = cheapest_to(problem_from_score(before, framework, costs=COSTS), ReachLabel(part))
    after = result_of(framework, answers | {code: proven(level) for code, level in plan.levels.items()})
    check_against_score(plan, before, after)
    (change,) = (row for row in plan.parts() if row.id == part)
    assert change.label_after == 1 + (change.label_before or 0)


def test_a_profile_is_reached_level_by_level_on_each_scale() -> None:
    framework = wide("shared-mean")
    answers = {row["id"]: proven(1) for row in framework["indicators"]}
    problem = problem_from_score(result_of(framework, answers), framework, costs=COSTS, profile="basic")
    assert problem.wanted["A.0.0"] == 4
    # Three fifths of the main scale: the level that counts 3 of 4, not the one that counts 1.
    assert problem.wanted["A.2.0"] == 2
    assert set(problem.wanted.values()) == {4, 2, 3}
    plan = cheapest_to(problem, ReachLevels())
    assert plan.levels == {code: level for code, level in problem.wanted.items() if level > 1}
    by_result = problem_from_score(result_of(framework, answers, profile="basic"), framework, costs=COSTS)
    assert by_result.wanted == problem.wanted
    with pytest.raises(ProblemFaults, match=r"^profile: the framework has no target profile 'gold'.$"):
        problem_from_score(result_of(framework, answers), framework, costs=COSTS, profile="gold")


def test_the_highest_level_wanted_is_the_highest_of_each_scale() -> None:
    framework = wide("shared-mean")
    framework["profiles"][0]["targets"] = {"default": 5}
    answers = {row["id"]: proven(1) for row in framework["indicators"]}
    problem = problem_from_score(result_of(framework, answers), framework, costs=COSTS, profile="basic")
    assert problem.wanted["A.2.0"] == 3
    assert set(problem.wanted.values()) == {3, 5}


def small(answers: Document, **changes: Any) -> Problem:
    framework = framework_document()
    return problem_from_score(result_of(framework, answers), framework, **{"costs": COSTS, **changes})


def test_costs_follow_effort_and_kind_of_work() -> None:
    answers = {"A.1.1": proven(4), "A.1.2": {"level": 4, "evidence": "E0"}, "B.1.1": {"unknown": True}}
    costs = Costs(COSTS.practice, {1: Decimal(1), 2: Decimal(2), 3: Decimal(3)}, {"A.1.1": Decimal("7.5")})
    key, shown, unknown = small(answers, costs=costs).items
    assert [(step.cost, step.work) for step in key.steps] == [(Decimal("7.5"), Work.PRACTICE)]
    assert (shown.level, [(int(step.cost), step.work.value) for step in shown.steps]) == (
        2, [(2, "evidence"), (2, "evidence"), (15, "practice")],
    )  # fmt: skip
    assert (unknown.level, [(int(step.cost), step.work.value) for step in unknown.steps]) == (
        0,
        [(40, "practice")] * 5,
    )
    assert [int(step.cost) for step in small(answers).items[1].steps] == [15, 15, 15]


def test_gains_are_twenty_points_times_the_share() -> None:
    key, other, alone = small({"A.1.1": proven(1), "A.1.2": proven(1), "B.1.1": proven(1)}).items
    assert {step.gain for step in key.steps} == {Fraction(20) * Fraction(2, 3) / 2}
    assert {step.gain for step in other.steps} == {Fraction(20) * Fraction(1, 3) / 2}
    assert {step.gain for step in alone.steps} == {Fraction(10)}
    assert key.priority == Fraction(100 * 2, 5) * 2 * Fraction(6, 5)


def test_what_is_not_applicable_is_left_out_and_what_is_unanswered_cannot_rise() -> None:
    problem = small({"A.1.2": proven(1), "B.1.1": {"not_applicable": "no such body"}})
    assert [(item.id, item.level, len(item.steps)) for item in problem.items] == [
        ("A.1.1", 0, 0),
        ("A.1.2", 1, 4),
    ]
    assert problem.links == (Link("A.1.2", "A.1.1", 2),)
    assert [part.id for part in problem.parts] == ["overall", "A", "A.1"]
    assert problem.parts[0].members == ("A.1.1", "A.1.2")
    assert problem.parts[0].keys == ()
    assert plan_within(problem).levels == {}
    with pytest.raises(NoPlan, match=r"A.1.1 can rise to level 0 at most"):
        cheapest_to(problem, ReachLevels())


def test_unit_budget_locks_and_target_go_into_the_problem() -> None:
    problem = small(
        {"A.1.1": proven(1), "A.1.2": proven(1), "B.1.1": proven(1)},
        unit="euro", budget=Decimal(99), target=ReachLabel(), at_least={"A.1.1": 2}, at_most={"B.1.1": 3},
    )  # fmt: skip
    assert (problem.unit, problem.budget, problem.target) == ("euro", 99, ReachLabel())
    assert (problem.at_least, problem.at_most) == ({"A.1.1": 2}, {"B.1.1": 3})
    assert problem.wanted == {"A.1.1": 3, "A.1.2": 3, "B.1.1": 3}
    with pytest.raises(ProblemFaults, match=r'^at_least.X: no indicator has the id "X".$'):
        small({"A.1.1": proven(1)}, at_least={"X": 1})


def test_a_method_without_values_can_only_be_planned_to_wanted_levels() -> None:
    framework = framework_document(
        method={"name": "threshold-profile", "version": 1, "parameters": {"profiles": ["nation"]}}
    )
    answers = {"A.1.1": proven(1), "A.1.2": proven(3), "B.1.1": proven(2)}
    result = result_of(framework, answers)
    problem = problem_from_score(result, framework, costs=COSTS, profile="nation", target=ReachLevels())
    plan = cheapest_to(problem)
    assert plan.levels == {"A.1.1": 3, "B.1.1": 3}
    assert (plan.cost, plan.gain, plan.parts()) == (50, 0, ())
    for target in (None, ReachLabel()):
        with pytest.raises(
            ProblemFaults,
            match=r"^target: the method threshold-profile has no values that steps add to; plan it to wanted levels.$",
        ):
            problem_from_score(result, framework, costs=COSTS, target=target)


def test_parts_are_not_labelled_where_keys_are_on_another_scale() -> None:
    framework = wide("shared-mean")
    framework["indicators"][4]["key"] = True
    answers = {row["id"]: proven(1) for row in framework["indicators"]}
    problem = problem_from_score(result_of(framework, answers), framework, costs=COSTS)
    labelled = {part.id: bool(part.labels) for part in problem.parts}
    assert not labelled["overall"]
    assert not labelled["A.2"]
    assert labelled["B"]
    assert labelled["A.0"]


def test_a_problem_from_a_score_on_a_plain_scale_names_levels_by_twenties() -> None:
    problem = small({"A.1.1": proven(1), "B.1.1": proven(1)})
    assert problem.parts[0].labels == tuple(Fraction(20 * n) for n in range(1, len(LEVEL_NAMES)))
    assert problem.parts[0].keys == ("A.1.1",)


def test_costs_are_read_from_words() -> None:
    assert parse_costs("5, 15,40.5", "cost") == {1: 5, 2: 15, 3: Decimal("40.5")}
    with pytest.raises(ProblemFaults) as refusal:
        parse_costs("5,x", "cost")
    assert refusal.value.faults == [
        "cost: must be an exact decimal from 0 to 1,000,000,000.",
        'cost: must be three costs, of effort 1, 2 and 3, as in "5,15,40".',
    ]
