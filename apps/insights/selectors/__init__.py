"""What may be known of many members at once; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.insights.selectors.answers import AnswerArrays, Column, answer_arrays
from apps.insights.selectors.pictures import (
    PicturePage,
    get_nation,
    get_picture,
    operators_page,
    picture_page,
    picture_rows,
)
from apps.insights.selectors.region import AreaRow, HeatCell, MemberRow, Region, region
from apps.insights.selectors.regional import AreaPage, RegionPage, area_page, region_page, region_table
from apps.insights.selectors.uplift import UpliftPage, programme_uplift

__all__ = [
    "AnswerArrays",
    "AreaPage",
    "AreaRow",
    "Column",
    "HeatCell",
    "MemberRow",
    "PicturePage",
    "Region",
    "RegionPage",
    "UpliftPage",
    "answer_arrays",
    "area_page",
    "get_nation",
    "get_picture",
    "operators_page",
    "picture_page",
    "picture_rows",
    "programme_uplift",
    "region",
    "region_page",
    "region_table",
]
