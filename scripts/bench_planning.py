"""Planning against the bare solver on the same model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def rows(row: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Plan 94 indicators of five steps to proof, ties settled and reasons given, against one raw CP-SAT call."""
    from ortools.sat.python import cp_model

    from apps.planning import parse_problem, plan_within

    steps = {(n, k): (5 + (n * 7 + k * 3) % 36, 1 + (n * 5) % 11) for n in range(94) for k in range(5)}
    needs = [(n, n // 3) for n in range(1, 94, 2)]
    problem = parse_problem(
        {"unit": "person-days", "budget": 400,
         "indicators": [{"id": f"i{n}", "level": 0, "steps": [
             {"cost": steps[n, k][0], "gain": f"{steps[n, k][1]}/60"} for k in range(5)]} for n in range(94)],
         "prerequisites": [{"indicator": f"i{a}", "requires": f"i{b}", "at_level": 2} for a, b in needs]}
    )  # fmt: skip

    def bare() -> None:
        model = cp_model.CpModel()
        take = {at: model.new_bool_var("") for at in steps}
        for n, k in steps:
            if k:
                model.add_implication(take[n, k], take[n, k - 1])
        for a, b in needs:
            model.add_implication(take[a, 0], take[b, 1])
        model.add(sum(steps[at][0] * take[at] for at in steps) <= 400)
        model.maximize(sum(steps[at][1] * take[at] for at in steps))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        assert solver.solve(model) == cp_model.OPTIMAL

    return [
        row(
            "plan 94 indicators × 5 steps, proved and explained",
            lambda: plan_within(problem).as_document(),
            bare,
            "one CP-SAT call on the same model",
            3,
        )
    ]
