"""What a plan says: figures, order, reasons, parts, certificate; by hand on small problems."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version

import pytest

import apps.planning.solver as solver
from apps.planning import (
    Cause,
    MoreBudget,
    NoPlan,
    Problem,
    ProblemFaults,
    ReachLabel,
    ReachLevels,
    ReachScore,
    SolverFault,
    cheapest_to,
    cli,
    frontier,
    more_budget,
    parse_problem,
    plan_within,
    why_not,
)
from tests.planning.problems import Document, drawn, indicator, problem, whole


def chain(**more: object) -> Problem:
    """A law (dear, little gain) that a plan needs before a police unit (cheap, much gain); and training."""
    document = problem(
        indicator("law", 1, (10, 1), (10, 1), priority="30"),
        indicator("unit", 0, (5, 8), (20, 2), priority="40"),
        indicator("training", 2, (8, 4), priority="35"),
        requires=(("unit", "law", 2),),
        parts=[whole("law", "unit", "training", value=38, keys=("law", "unit"))],
    )
    return parse_problem({**document, **more})


def test_a_chain_is_taken_when_what_it_unlocks_is_worth_it() -> None:
    plan = plan_within(chain(budget="16.5"))
    assert plan.levels == {"law": 2, "unit": 1}
    assert (plan.cost, plan.left, plan.gain) == (15, Decimal("1.5"), 9)


def test_a_chain_that_is_over_the_budget_gives_way() -> None:
    plan = plan_within(chain(budget=14))
    assert plan.levels == {"training": 3}
    assert plan.cost == 8
    assert plan.left == 6


def test_without_a_budget_everything_that_gains_is_in() -> None:
    plan = plan_within(chain())
    assert plan.levels == {"law": 3, "unit": 2, "training": 3}
    assert plan.left is None
    assert plan.left_out() == ()
    assert more_budget(plan) is None


def test_equal_plans_are_told_apart_by_cost_and_then_by_the_order_of_the_framework() -> None:
    rows = [indicator("a", 0, (2, 3)), indicator("b", 0, (1, 3)), indicator("c", 0, (1, 3))]
    assert plan_within(parse_problem(problem(*rows, budget=2))).levels == {"b": 1, "c": 1}
    assert plan_within(parse_problem(problem(*rows, budget=1))).levels == {"b": 1}
    assert plan_within(parse_problem(problem(*reversed(rows), budget=1))).levels == {"c": 1}


def test_a_free_step_without_gain_is_taken_and_a_paid_one_is_not() -> None:
    plan = plan_within(parse_problem(problem(indicator("a", 0, (0, 0), (1, 0)), budget=5)))
    assert plan.levels == {"a": 1}
    (row,) = plan.left_out()
    assert (row.indicator, row.level, row.cause, row.cost, row.gain) == ("a", 2, Cause.NO_GAIN, 1, 0)
    assert row.over == 0


def test_steps_come_in_an_order_that_can_be_walked_with_running_totals() -> None:
    rows = [step.as_document() for step in plan_within(chain()).steps()]
    assert [(r["indicator"], r["from"], r["to"], r["after"], r["unlocks"]) for r in rows] == [
        ("training", 2, 3, [], []),
        ("law", 1, 2, [], ["unit"]),
        ("unit", 0, 1, [2], []),
        ("unit", 1, 2, [2, 3], []),
        ("law", 2, 3, [2], []),
    ]
    assert [r["place"] for r in rows] == [1, 2, 3, 4, 5]
    assert [r["cost_so_far"] for r in rows] == ["8", "18", "23", "43", "53"]
    assert [r["gain_so_far"] for r in rows] == ["4/1", "5/1", "13/1", "15/1", "16/1"]
    assert rows[0] == {
        "place": 1, "indicator": "training", "from": 2, "to": 3, "work": "practice", "cost": "8", "gain": "4/1",
        "cost_so_far": "8", "gain_so_far": "4/1", "after": [], "unlocks": [],
    }  # fmt: skip


def test_of_the_same_priority_free_steps_then_more_gain_for_the_cost_then_the_framework_go_first() -> None:
    rows = [
        indicator("a", 0, (4, 4)),
        indicator("b", 0, (2, 4)),
        indicator("c", 0, (1, 2)),
        indicator("d", 0, (0, 1)),
        indicator("e", 0, (0, 2)),
    ]
    steps = plan_within(parse_problem(problem(*rows))).steps()
    assert [step.indicator for step in steps] == ["e", "d", "b", "c", "a"]


def test_a_step_names_only_what_waited_for_it_and_rises() -> None:
    rows = [indicator("a", 0, (1, 5), (1, 5)), indicator("b", 0, (1, 5)), indicator("c", 0, (9, 1))]
    requires = (("b", "a", 2), ("c", "a", 1))
    steps = plan_within(parse_problem(problem(*rows, requires=requires, budget=4))).steps()
    assert [(s.indicator, s.level, s.unlocks) for s in steps] == [
        ("a", 1, ()),
        ("a", 2, ("b",)),
        ("b", 1, ()),
    ]


def test_what_is_left_out_says_what_it_would_take_from_where_the_plan_ends() -> None:
    plan = plan_within(chain(budget=14, wanted={"unit": 2, "law": 1}))
    law, unit = plan.left_out()
    assert law.as_document() == {
        "indicator": "law", "level": 2, "wanted": None, "cause": "over-budget", "stuck": None, "needs": [],
        "cost": "10", "gain": "1/1", "over": "4",
    }  # fmt: skip
    assert unit.as_document() == {
        "indicator": "unit", "level": 1, "wanted": 2, "cause": "over-budget", "stuck": None,
        "needs": [{"indicator": "law", "level": 2}], "cost": "15", "gain": "9/1", "over": "9",
    }  # fmt: skip


def test_what_cannot_rise_says_what_stands_in_the_way() -> None:
    plan = plan_within(chain(at_most={"law": 1, "training": 2}, wanted={"law": 3}))
    assert plan.levels == {}
    assert [row.as_document()["stuck"] for row in plan.left_out()] == [
        {"obstacle": "locked", "indicator": "law", "level": 1},
        {
            "obstacle": "prerequisite-cannot-rise",
            "indicator": "unit",
            "level": 0,
            "requires": "law",
            "at_level": 2,
        },
        {"obstacle": "locked", "indicator": "training", "level": 2},
    ]
    assert [(row.cause, row.wanted, row.cost) for row in plan.left_out()] == [
        (Cause.STUCK, 3, None), (Cause.STUCK, None, None), (Cause.STUCK, None, None),
    ]  # fmt: skip


def test_what_is_wanted_above_the_last_step_is_told_and_the_last_step_alone_is_not() -> None:
    rows = [indicator("a", 3), indicator("b", 3)]
    (row,) = plan_within(parse_problem(problem(*rows, wanted={"a": 4, "b": 3}))).left_out()
    assert (row.indicator, row.wanted) == ("a", 4)
    assert row.as_document()["stuck"] == {"obstacle": "no-step-further", "indicator": "a", "level": 3}


def test_the_cheapest_plan_leaves_out_what_the_target_does_not_need() -> None:
    plan = cheapest_to(chain(budget=10), ReachScore(Fraction(47)))
    assert plan.levels == {"law": 2, "unit": 1}
    assert (plan.cost, plan.left) == (15, -5)
    assert {row.cause for row in plan.left_out()} == {Cause.NOT_NEEDED}
    assert [row.over for row in plan.left_out()] == [15, 25, 13]
    assert more_budget(plan) is None


def test_the_next_label_needs_both_the_points_and_the_key_indicators() -> None:
    plan = cheapest_to(chain(), ReachLabel())
    # Points alone would take training (42); the label is held by the unit at 0, so the label now is 1.
    (part,) = plan.parts()
    assert (part.label_before, part.label_after) == (1, 2)
    assert plan.levels == {"law": 2, "unit": 1}
    assert (part.before, part.after) == (38, 47)
    assert part.as_document() == {
        "id": "overall", "before": "38/1", "after": "47/1", "label_before": 1, "label_after": 2,
    }  # fmt: skip
    with pytest.raises(
        NoPlan, match=r"^target.unit: level 3 cannot be reached. unit can rise to level 2 at most.\n"
    ):
        cheapest_to(chain(), ReachLabel("overall", 4))
    with pytest.raises(NoPlan, match=r"^target: overall can come to 54 at most, not to 60.$"):
        cheapest_to(chain(), ReachLabel("overall", 3))
    with pytest.raises(NoPlan, match=r"^target: overall has no label above 5.$"):
        cheapest_to(chain(), ReachLabel("overall", 6))
    assert cheapest_to(chain(), ReachLabel("overall", 0)).levels == {}


def test_a_part_without_labels_has_none_before_or_after() -> None:
    rows = problem(indicator("a", 0, (1, 1)), parts=[whole("a", labels=[])])
    (part,) = plan_within(parse_problem(rows)).parts()
    assert (part.label_before, part.label_after) == (None, None)


def test_a_target_that_is_reached_already_costs_nothing() -> None:
    assert cheapest_to(chain(), ReachScore(Fraction(38))).levels == {}
    assert cheapest_to(chain(wanted={"training": 1}), ReachLevels()).levels == {}


def test_a_target_out_of_reach_says_how_far_it_is_without_looking_further() -> None:
    with pytest.raises(NoPlan, match=r"^target: overall can come to 54 at most, not to 60.5.$"):
        cheapest_to(chain(), ReachScore(Fraction(121, 2)))
    short = problem(indicator("a", 0, (1, "2/3")), parts=[whole("a", value="1/3", factor="1/2")])
    with pytest.raises(NoPlan, match=r"^target: overall can come to 0.66 at most, not to 0.67.$"):
        cheapest_to(parse_problem(short), ReachScore(Fraction(67, 100)))


def test_a_problem_without_a_target_has_nothing_to_reach() -> None:
    with pytest.raises(
        ProblemFaults, match=r"^target: the problem names none, so there is nothing to reach.$"
    ):
        cheapest_to(chain())
    with pytest.raises(ProblemFaults, match=r'^target.score.part: no part has the id "GOV".$'):
        cheapest_to(chain(), ReachScore(Fraction(1), "GOV"))


def test_locks_hold_in_every_question() -> None:
    held = chain(at_least={"unit": 2}, at_most={"training": 2}, budget=40)
    assert plan_within(held).levels == {"law": 2, "unit": 2}
    assert cheapest_to(held, ReachScore(Fraction(39))).levels == {"law": 2, "unit": 2}
    assert frontier(held).points[0].cost == 35
    assert cheapest_to(chain(at_least={"law": 2}, wanted={"law": 3}), ReachLevels()).levels == {"law": 3}
    assert cheapest_to(chain(at_least={"law": 3}, wanted={"law": 2}), ReachLevels()).levels == {"law": 3}


def test_locks_that_cannot_be_kept_say_why_down_to_the_first_cause() -> None:
    blocked = chain(at_least={"unit": 1}, at_most={"law": 1})
    sentence = (
        "at_least.unit: level 1 cannot be reached. unit needs law at level 2, which cannot be reached. "
        "law is locked at level 1."
    )
    for ask in (plan_within, frontier, lambda p: cheapest_to(p, ReachScore(Fraction(1)))):
        with pytest.raises(NoPlan) as refusal:
            ask(blocked)
        assert refusal.value.faults == [sentence]
    with pytest.raises(NoPlan) as refusal:
        plan_within(chain(at_least={"unit": 1}, budget="14.5"))
    assert refusal.value.faults == [
        "budget: what is locked in costs 15 with its prerequisites, more than the budget of 14.5."
    ]
    assert plan_within(chain(at_least={"unit": 1}, budget=15)).cost == 15


def test_why_not_forces_a_level_and_says_what_it_costs_the_rest() -> None:
    forced = why_not(chain(budget=14), "law")
    assert forced.as_document() == {
        "indicator": "law", "level": 2, "possible": True, "loss": "3/1",
        "raised": [{"indicator": "law", "level": 2}], "lowered": [{"indicator": "training", "level": 2}],
        "reasons": [],
    }  # fmt: skip
    refused = why_not(chain(budget=14), "unit", 2)
    assert refused.as_document() == {
        "indicator": "unit", "level": 2, "possible": False, "loss": None, "raised": [], "lowered": [],
        "reasons": ["budget: what is locked in costs 35 with its prerequisites, more than the budget of 14."],
    }  # fmt: skip
    assert why_not(chain(budget=14), "training", 3).loss == 0
    assert why_not(chain(budget=14, at_least={"training": 3}), "training", 2).possible
    assert why_not(chain(budget=14), "training", 2).loss == 0


def test_why_not_refuses_what_the_problem_does_not_know() -> None:
    with pytest.raises(ProblemFaults, match=r'^indicator: no indicator has the id "tax".$'):
        why_not(chain(), "tax")
    for level in (1, 4):
        with pytest.raises(ProblemFaults, match=r"^level: training goes from level 2 to 3.$"):
            why_not(chain(), "training", level)
    with pytest.raises(ProblemFaults, match=r"^level: training goes from level 2 to 3.$"):
        why_not(chain(), "training")


def test_more_budget_names_the_next_thing_it_would_buy() -> None:
    more = more_budget(plan_within(chain(budget=14)))
    assert more == MoreBudget(Decimal(1), Fraction(5))
    assert more.as_document() == {"extra": "1", "gain": "5/1"}
    assert more_budget(plan_within(chain(budget=53))) is None


def test_the_frontier_rises_from_nothing_to_everything() -> None:
    found = frontier(chain(budget=3), None)
    costs = [(point.cost, point.gain) for point in found.points]
    assert costs == [(0, 0), (8, 4), (15, 9), (23, 13), (33, 14), (43, 15), (53, 16)]
    assert found.as_document()["points"][1] == {"cost": "8", "gain": "4/1", "proved": True}
    assert found.as_document()["complete"] is True
    assert found.as_document()["format"] == "belay-plan-frontier/1"
    assert found.unit == "person-days"
    assert found.input_hash == chain(budget=3).input_hash()
    three = frontier(chain(), 3)
    assert [point.cost for point in three.points] == [0, 23, 53]
    assert [point.cost for point in frontier(chain(), 2).points] == [0, 53]
    with pytest.raises(ProblemFaults, match=r"^points: a frontier has at least 2 points.$"):
        frontier(chain(), 1)


def test_the_same_problem_gives_the_same_bytes() -> None:
    text = json.dumps({**drawn(3), "budget": 5})
    assert cli.run(text) == cli.run(json.loads(text) and text.encode())
    document = json.loads(cli.run(parse_problem(text)))
    assert document["format"] == "belay-plan/1"
    assert document["certificate"]["status"] == "optimal"
    assert document["certificate"]["seed"] == 0
    assert document["certificate"]["input_hash"] == parse_problem(text).input_hash()
    assert document["more_budget"] is None or set(document["more_budget"]) == {"extra", "gain"}


def test_the_command_line_answers_the_question_that_the_problem_asks() -> None:
    assert json.loads(cli.run(chain(budget=14)))["more_budget"] == {"extra": "1", "gain": "5/1"}
    assert json.loads(cli.run(chain()))["more_budget"] is None
    aimed = json.loads(cli.run(chain(target={"score": {"at_least": 47}})))
    assert aimed["question"] == "least-cost-to-target"
    assert aimed["target"] == {"score": {"part": "overall", "at_least": "47/1"}}
    assert (aimed["cost"], aimed["gain"], aimed["left"], aimed["budget"]) == ("15", "9/1", None, None)
    assert aimed["levels"] == [{"id": "law", "from": 1, "to": 2}, {"id": "unit", "from": 0, "to": 1}]
    assert "more_budget" not in aimed
    assert len(json.loads(cli.run(chain(), points=3))["points"]) == 3
    most = json.loads(cli.run(chain(budget="16.50", target=None)))
    assert (most["budget"], most["left"], most["target"]) == ("16.5", "1.5", None)


def test_words_of_the_command_line_name_every_target() -> None:
    assert cli.target_of("profile:basic") == (ReachLevels(), "basic")
    assert cli.target_of("wanted") == (ReachLevels(), None)
    assert cli.target_of("score:62.5") == (ReachScore(Fraction(125, 2)), None)
    assert cli.target_of("score:GOV:60") == (ReachScore(Fraction(60), "GOV"), None)
    assert cli.target_of("label") == (ReachLabel(), None)
    assert cli.target_of("label:GOV") == (ReachLabel("GOV"), None)
    assert cli.target_of("label:GOV:3") == (ReachLabel("GOV", 3), None)
    for words in (
        "",
        "profile",
        "profile:",
        "profile:a:b",
        "wanted:1",
        "score",
        "score:a:b:c",
        "label:a:1:2",
        "best",
    ):
        with pytest.raises(ProblemFaults, match=r"^target: must be profile:ID"):
            cli.target_of(words)
    for words in ("label:GOV:x", "label:GOV:1000", "label:GOV:²"):
        with pytest.raises(ProblemFaults, match=r"^target: a label is a whole number"):
            cli.target_of(words)
    with pytest.raises(ProblemFaults, match=r"^target: must be a number from 0"):
        cli.target_of("score:high")


def test_the_document_of_a_plan_is_all_there_is_to_say_about_it() -> None:
    plan = plan_within(chain(budget="16.5", wanted={"law": 3}))
    document = plan.as_document()
    certificate = document.pop("certificate")
    assert document == {
        "format": "belay-plan/1",
        "question": "most-gain-within-budget",
        "target": None,
        "unit": "person-days",
        "budget": "16.5",
        "cost": "15",
        "left": "1.5",
        "gain": "9/1",
        "levels": [{"id": "law", "from": 1, "to": 2}, {"id": "unit", "from": 0, "to": 1}],
        "steps": [step.as_document() for step in plan.steps()],
        "left_out": [
            {"indicator": "law", "level": 3, "wanted": 3, "cause": "over-budget", "stuck": None, "needs": [],
             "cost": "10", "gain": "1/1", "over": "8.5"},
            {"indicator": "unit", "level": 2, "wanted": None, "cause": "over-budget", "stuck": None, "needs": [],
             "cost": "20", "gain": "2/1", "over": "18.5"},
            {"indicator": "training", "level": 3, "wanted": None, "cause": "over-budget", "stuck": None, "needs": [],
             "cost": "8", "gain": "4/1", "over": "6.5"},
        ],
        "parts": [{"id": "overall", "before": "38/1", "after": "47/1", "label_before": 1, "label_after": 2}],
    }  # fmt: skip
    assert certificate == {
        "value": "9/1", "bound": "9/1", "gap": "0/1", "status": "optimal", "input_hash": plan.problem.input_hash(),
        "solver": "OR-Tools CP-SAT", "solver_version": version("ortools"), "seed": solver.SEED,
    }  # fmt: skip
    cheapest = cheapest_to(chain(), ReachScore(Fraction(42))).as_document()
    assert (cheapest["question"], cheapest["budget"], cheapest["left"]) == (
        "least-cost-to-target",
        None,
        None,
    )
    assert cheapest["target"] == {"score": {"part": "overall", "at_least": "42/1"}}


# Limits: work, size and exactness.


def test_a_search_cut_short_says_that_nothing_is_proved_and_how_much_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "MOST_WORK", 0.0)
    plan = plan_within(chain(budget=16, at_least={"training": 3}))
    document = plan.certificate.as_document()
    assert document["status"] == "best-found-not-proved"
    assert plan.certificate.value == plan.gain == 4
    assert plan.certificate.gap == plan.certificate.bound - plan.gain > 0
    assert plan.certificate.bound == 16
    reached = cheapest_to(chain(), ReachScore(Fraction(42)))
    assert not reached.certificate.proved
    assert reached.certificate.bound <= 8 <= reached.cost


def test_a_plan_that_was_not_proved_does_not_claim_that_the_rest_is_worthless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "MOST_WORK", 0.0)
    rows = {row.indicator: row.cause for row in plan_within(chain(budget=100)).left_out()}
    assert set(rows.values()) <= {Cause.NOT_PROVED}


def odd(count: int = 12, **more: object) -> Document:
    """Gains whose common denominator is far too large for whole numbers."""
    primes = [
        999_983,
        999_979,
        999_961,
        999_959,
        999_953,
        999_931,
        999_917,
        999_907,
        999_883,
        999_863,
        999_853,
        999_809,
    ]
    names = [f"i{n}" for n in range(count)]
    rows = [indicator(name, 0, (1, f"{p // 2}/{p}")) for name, p in zip(names, primes, strict=False)]
    return problem(*rows, parts=[whole(*names)], **more)


def test_gains_that_no_whole_number_holds_are_cut_and_the_gap_says_by_how_much() -> None:
    plan = plan_within(parse_problem(odd(budget=6)))
    assert plan.cost == 6
    assert not plan.certificate.proved
    assert 0 < plan.certificate.gap < Fraction(12, 2**20)
    exact_best = sum(sorted((s.gain for i in plan.problem.items for s in i.steps), reverse=True)[:6])
    assert plan.certificate.value <= exact_best <= plan.certificate.bound


def test_a_score_is_reached_exactly_even_with_cut_gains() -> None:
    goal = parse_problem(odd())
    plan = cheapest_to(goal, ReachScore(Fraction(29, 10)))
    assert plan.cost == 6
    assert plan.gain >= Fraction(29, 10)
    assert plan.certificate.proved
    everything = sum((s.gain for i in goal.items for s in i.steps), Fraction(0))
    assert cheapest_to(goal, ReachScore(everything)).cost == 12


def test_costs_that_no_whole_number_holds_are_refused() -> None:
    rows = [indicator(f"i{n}", 0, ("999999999.9999", 1), ("1.0001", 1)) for n in range(120)]
    with pytest.raises(
        ProblemFaults, match=r"^indicators: the costs are too large to be added exactly; use a larger unit.$"
    ):
        plan_within(parse_problem(problem(*rows)))


def test_an_answer_that_breaks_a_rule_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver.Program, "_read", lambda self, found: {"unit": 1})
    with pytest.raises(SolverFault, match=r"^The plan found does not keep its rules.$"):
        plan_within(chain(budget=14))


def test_a_model_that_the_solver_calls_impossible_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    original = solver.Program._add_order

    def contradiction(self: solver.Program) -> None:
        original(self)
        self.model.add_bool_or([])

    monkeypatch.setattr(solver.Program, "_add_order", contradiction)
    with pytest.raises(SolverFault, match=r"^CP-SAT stopped with INFEASIBLE.$"):
        plan_within(chain(budget=14))


def test_a_large_problem_is_planned_to_proof() -> None:
    rows = [
        indicator(f"i{n}", 0, *((5 + (n * 7 + k) % 31, f"{1 + (n * 5) % 11}/60") for k in range(5)))
        for n in range(94)
    ]
    requires = tuple((f"i{n}", f"i{n // 3}", 2) for n in range(1, 94, 2))
    plan = plan_within(parse_problem(problem(*rows, requires=requires, budget=400)))
    assert plan.certificate.proved
    assert plan.cost <= 400


def test_of_several_prerequisites_the_one_that_cannot_rise_is_named() -> None:
    rows = [indicator("a", 0, (1, 1)), indicator("b", 1), indicator("c", 0, (1, 1))]
    requires = (("c", "a", 1), ("c", "b", 2))
    (_, row) = plan_within(parse_problem(problem(*rows, requires=requires, wanted={"b": 2}))).left_out()
    assert row.as_document()["stuck"] == {
        "obstacle": "prerequisite-cannot-rise", "indicator": "c", "level": 0, "requires": "b", "at_level": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("bound", "safe"), [(20.0, 21), (20.3, 22), (90.0, 30), (1.0, 11), (float("inf"), 30), (float("nan"), 30)]
)
def test_a_bound_in_floating_point_is_only_used_on_its_safe_side(bound: float, safe: int) -> None:
    assert solver._upper(bound, 10, {("a", 1): 30, ("b", 1): -5}) == safe
