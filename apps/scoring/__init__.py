"""Scores, explained: plain Python, no Django. Everything outside meets this app here."""

from __future__ import annotations

from apps.scoring.engine import score
from apps.scoring.faults import InputFaults
from apps.scoring.framework_file import parse_framework
from apps.scoring.methods import known_methods
from apps.scoring.model import (
    Answer,
    FrameworkSpec,
    Grade,
    NotApplicable,
    Rated,
    Unanswered,
    Unknown,
)
from apps.scoring.parse import parse_answers
from apps.scoring.result import ScoreResult

__all__ = [
    "Answer",
    "FrameworkSpec",
    "Grade",
    "InputFaults",
    "NotApplicable",
    "Rated",
    "ScoreResult",
    "Unanswered",
    "Unknown",
    "known_methods",
    "parse_answers",
    "parse_framework",
    "score",
]
