"""The region of a programme: the heat table of its members, the list behind each figure, and the table as a file."""

from __future__ import annotations

from apps.insights.selectors.regional.areas import AreaLine, AreaPage, area_page
from apps.insights.selectors.regional.data import RegionData, region_data
from apps.insights.selectors.regional.page import RegionPage, region_page
from apps.insights.selectors.regional.table import region_table

__all__ = [
    "AreaLine",
    "AreaPage",
    "RegionData",
    "RegionPage",
    "area_page",
    "region_data",
    "region_page",
    "region_table",
]
