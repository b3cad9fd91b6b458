"""What may be known of many members at once; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.insights.selectors.answers import AnswerArrays, Column, answer_arrays
from apps.insights.selectors.benchmark import (
    get_organisation,
    get_release,
    member_benchmark,
    places_page,
    release_file,
    release_page,
    release_rows,
    releases_page,
)
from apps.insights.selectors.peers import Peers, peers_beside
from apps.insights.selectors.pictures import (
    PicturePage,
    get_nation,
    get_picture,
    operators_page,
    picture_editions,
    picture_page,
    picture_rows,
)
from apps.insights.selectors.region import AreaRow, HeatCell, MemberRow, Region, region
from apps.insights.selectors.regional import (
    AreaPage,
    RegionPage,
    area_page,
    region_data,
    region_page,
    region_table,
)
from apps.insights.selectors.uplift import UpliftPage, programme_uplift

__all__ = [
    "AnswerArrays",
    "AreaPage",
    "AreaRow",
    "Column",
    "HeatCell",
    "MemberRow",
    "Peers",
    "PicturePage",
    "Region",
    "RegionPage",
    "UpliftPage",
    "answer_arrays",
    "area_page",
    "get_nation",
    "get_organisation",
    "get_picture",
    "get_release",
    "member_benchmark",
    "operators_page",
    "peers_beside",
    "picture_editions",
    "picture_page",
    "picture_rows",
    "places_page",
    "programme_uplift",
    "region",
    "region_data",
    "region_page",
    "region_table",
    "release_file",
    "release_page",
    "release_rows",
    "releases_page",
]
