"""What may be known of many members at once; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.insights.selectors.answers import AnswerArrays, Column, answer_arrays
from apps.insights.selectors.region import AreaRow, HeatCell, MemberRow, Region, region
from apps.insights.selectors.uplift import UpliftPage, programme_uplift

__all__ = [
    "AnswerArrays",
    "AreaRow",
    "Column",
    "HeatCell",
    "MemberRow",
    "Region",
    "UpliftPage",
    "answer_arrays",
    "programme_uplift",
    "region",
]
