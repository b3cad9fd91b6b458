"""Marking: draw, arrange, read and mark questions of every kind: plain functions of their arguments, exact and repeatable. Plain Python."""

from apps.marking.base import BadAnswer, Given, Item, Marks, Outcome, Why
from apps.marking.drawing import draw, judge
from apps.marking.engine import (
    BODY,
    KINDS,
    after_tries,
    asked,
    faults_of,
    is_whole,
    item,
    mark,
    read_answer,
    shuffled,
)
from apps.marking.placed import BLANK, choices_of, rights_of
from apps.marking.typed import fits, number_of, rubric_share

__all__ = [
    "BLANK", "BODY", "KINDS", "BadAnswer", "Given", "Item", "Marks", "Outcome", "Why", "after_tries", "asked", "choices_of",
    "draw", "faults_of", "fits", "is_whole", "item", "judge", "mark", "number_of", "read_answer", "rights_of",
    "rubric_share", "shuffled",
]  # fmt: skip
