"""Pair members with mentors: the weakest first, exactly, and with proof. Plain Python, no Django."""

from __future__ import annotations

from apps.matching.answer import Answer, Cause, solve
from apps.matching.explain import explain_score, shadow_prices, why_not
from apps.matching.faults import NoAssignment, ProblemFaults, SolverFault
from apps.matching.problem import Objective, Problem
from apps.matching.reading import parse_problem
from apps.matching.scoring import Eligible, NeedFacts, NotEligible, OfferFacts, Weights, score_pair

__all__ = [
    "Answer",
    "Cause",
    "Eligible",
    "NeedFacts",
    "NoAssignment",
    "NotEligible",
    "Objective",
    "OfferFacts",
    "Problem",
    "ProblemFaults",
    "SolverFault",
    "Weights",
    "explain_score",
    "parse_problem",
    "score_pair",
    "shadow_prices",
    "solve",
    "why_not",
]
