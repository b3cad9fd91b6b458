"""Kits, runs of them, and what came of a run."""

from apps.exercises.models.after import Finding, Observation, Reflection
from apps.exercises.models.kits import Kit
from apps.exercises.models.runs import Entry, Inject, Opening, Part, Player, Run

__all__ = [
    "Entry", "Finding", "Inject", "Kit", "Observation", "Opening", "Part", "Player", "Reflection", "Run",
]  # fmt: skip
