"""How much mentoring lifted areas: changes and comparisons with intervals. Plain Python, no Django."""

from __future__ import annotations

from apps.uplift.estimate import (
    FEWEST,
    Estimate,
    Missing,
    against_waiting,
    difference_in_differences,
    plain_change,
)
from apps.uplift.observed import Observation, Standing

__all__ = [
    "FEWEST", "Estimate", "Missing", "Observation", "Standing", "against_waiting", "difference_in_differences", "plain_change",
]  # fmt: skip
