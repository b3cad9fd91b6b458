"""Pages on many members at once."""

from __future__ import annotations

from apps.insights.views.benchmark import (
    benchmark,
    benchmark_file,
    benchmark_organisation,
    benchmark_organisations,
    benchmark_release,
    clear_benchmark,
    member_benchmark,
)
from apps.insights.views.pictures import edition, edition_file, operators, picture
from apps.insights.views.region import region, region_area, region_file
from apps.insights.views.uplift import uplift

__all__ = [
    "benchmark",
    "benchmark_file",
    "benchmark_organisation",
    "benchmark_organisations",
    "benchmark_release",
    "clear_benchmark",
    "edition",
    "edition_file",
    "member_benchmark",
    "operators",
    "picture",
    "region",
    "region_area",
    "region_file",
    "uplift",
]
