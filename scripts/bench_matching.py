"""Rounds of matching against the bare solver on the same arcs, and what the largest ones take."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from apps.matching import parse_problem, solve
from apps.matching.problem import Problem

Row = Callable[..., dict[str, Any]]
CAPACITY = 6


def drawn(members: int, mentors: int, each: int, objective: str) -> dict[str, Any]:
    """A round document: every member with `each` eligible mentors, scores with two decimals."""
    dice = random.Random(4)
    pairs = [
        {"member": f"m{i}", "mentor": f"t{j}", "score": f"{dice.randint(100, 999) / 100:.2f}"}
        for i in range(members)
        for j in dice.sample(range(mentors), each)
    ]
    return {
        "members": [{"id": f"m{i}"} for i in range(members)],
        "mentors": [{"id": f"t{j}", "capacity": CAPACITY} for j in range(mentors)],
        "pairs": pairs,
        "objective": objective,
    }


def bare_solver(document: dict[str, Any]) -> Callable[[], None]:
    """The flow solver on arrays that are made beforehand: no rules, no proof, no answer in words."""
    members, mentors = len(document["members"]), len(document["mentors"])
    start, end = 0, members + mentors + 1
    row, column = 1 + np.arange(members), 1 + members + np.arange(mentors)
    tails = np.array([1 + int(pair["member"][1:]) for pair in document["pairs"]])
    heads = np.array([1 + members + int(pair["mentor"][1:]) for pair in document["pairs"]])
    costs = -np.array([round(float(pair["score"]) * 100) for pair in document["pairs"]])

    def act() -> None:
        flow = min_cost_flow.SimpleMinCostFlow()
        ones, nothing = np.ones(members, np.int64), np.zeros(members, np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(np.full(members, start), row, ones, nothing)
        flow.add_arcs_with_capacity_and_unit_cost(row, np.full(members, end), ones, nothing)
        flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), np.int64), costs)
        full = np.full(mentors, CAPACITY)
        flow.add_arcs_with_capacity_and_unit_cost(
            column, np.full(mentors, end), full, np.zeros(mentors, np.int64)
        )
        flow.set_node_supply(start, members)
        flow.set_node_supply(end, -members)
        flow.solve()

    return act


def again(problem: Problem) -> Callable[[], Any]:
    """Solve and certify a round that was read and indexed, as explanations and re-solves do."""
    solve(problem)
    return lambda: solve(problem)


def whole(document: dict[str, Any], name: str) -> dict[str, Any]:
    """What a round takes from the document to the proved answer, and the most memory until then."""
    start = time.perf_counter()
    problem = parse_problem(document)
    read = time.perf_counter()
    answer = solve(replace(problem))
    return {
        "name": name,
        "read_s": round(read - start, 2),
        "solve_s": round(time.perf_counter() - read, 2),
        "proved": answer.certificate.proved_optimal,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "limit_mb": 1024,
    }


def rows(row: Row) -> list[dict[str, Any]]:
    """The rows of this subject. Both sides only compute, in one thread, so the processor's own clock measures them."""
    small, large = drawn(300, 60, 24, "max-total"), drawn(5000, 1000, 50, "max-total")
    bare = "OR-Tools min-cost flow on the same arcs"
    return [
        row(
            "match 300 members, certified",
            again(parse_problem(small)),
            bare_solver(small),
            bare,
            5,
            time.process_time,
        ),
        row(
            "match 5,000 members x 1,000 mentors, certified",
            again(parse_problem(large)),
            bare_solver(large),
            bare,
            5,
            time.process_time,
        ),
        whole(large, "5,000 x 1,000 from the document to the answer"),
        whole(drawn(1000, 200, 200, "leximin-then-total"), "leximin 1,000 x 200, all eligible"),
    ]
