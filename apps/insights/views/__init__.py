"""Pages on many members at once."""

from __future__ import annotations

from apps.insights.views.pictures import edition, edition_file, operators, picture
from apps.insights.views.region import region, region_area, region_file
from apps.insights.views.uplift import uplift

__all__ = [
    "edition",
    "edition_file",
    "operators",
    "picture",
    "region",
    "region_area",
    "region_file",
    "uplift",
]
