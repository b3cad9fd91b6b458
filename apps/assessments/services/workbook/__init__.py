"""Answers and evidence away from the site and back: a workbook to fill in, merged three ways when it returns."""

from __future__ import annotations

from apps.assessments.services.workbook.lines import Line
from apps.assessments.services.workbook.taking import (
    Download,
    Plan,
    export_workbook,
    forget_workbooks,
    keep_workbook,
    look_at_workbook,
    take_workbook,
)

__all__ = [
    "Download",
    "Line",
    "Plan",
    "export_workbook",
    "forget_workbooks",
    "keep_workbook",
    "look_at_workbook",
    "take_workbook",
]
