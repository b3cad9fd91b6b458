"""How far a figure may be off. Plain Python, used by every room that shows an interval."""

from __future__ import annotations

from apps.intervals.straight import FEWEST, Projection, project
from apps.intervals.student import t_95

__all__ = ["FEWEST", "Projection", "project", "t_95"]
