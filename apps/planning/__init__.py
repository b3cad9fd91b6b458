"""Planning: which improvements first, within a budget or up to a target, with proof. Plain Python."""

from __future__ import annotations

from apps.planning.explain import MoreBudget, WhyNot, more_budget, why_not
from apps.planning.faults import NoPlan, ProblemFaults, SolverFault
from apps.planning.from_score import Costs, parse_costs, problem_from_score
from apps.planning.frontier import Frontier, Point, frontier
from apps.planning.leftout import Cause, LeftOut
from apps.planning.order import PlannedStep
from apps.planning.plan import Certificate, Plan, Question, cheapest_to, plan_within
from apps.planning.problem import Problem, ReachLabel, ReachLevels, ReachScore, Target
from apps.planning.reading import parse_problem

__all__ = [
    "Cause",
    "Certificate",
    "Costs",
    "Frontier",
    "LeftOut",
    "MoreBudget",
    "NoPlan",
    "Plan",
    "PlannedStep",
    "Point",
    "Problem",
    "ProblemFaults",
    "Question",
    "ReachLabel",
    "ReachLevels",
    "ReachScore",
    "SolverFault",
    "Target",
    "WhyNot",
    "cheapest_to",
    "frontier",
    "more_budget",
    "parse_costs",
    "parse_problem",
    "plan_within",
    "problem_from_score",
    "why_not",
]
