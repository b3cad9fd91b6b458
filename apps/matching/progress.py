"""How far a solve is, told while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What the solver is doing."""

    GUARANTEE = "guarantee"
    TOTAL = "total"
    TIES = "ties"


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` counts solver calls of this stage from 1; of `total` members with a usable pair `fixed` have their final quality."""

    stage: Stage
    step: int
    fixed: int
    total: int


Tell = Callable[[Progress], None]


def quiet(_progress: Progress) -> None:
    """Nobody listens."""
