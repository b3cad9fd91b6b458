"""What a person sees of assessments; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.assessments.selectors.counting import summary
from apps.assessments.selectors.grant_areas import areas_to_narrow, areas_to_share
from apps.assessments.selectors.home import Overview, Waiting, overview, waiting_for
from apps.assessments.selectors.leading import framework_of, on_shared, results_in
from apps.assessments.selectors.levels import GivenLevel, ResultLevels, levels_of
from apps.assessments.selectors.result_page import ResultPage, result_page
from apps.assessments.selectors.results import get_result, latest_result, result_of, results_of
from apps.assessments.selectors.sharing import SharedResult, result_under_grant, shared_result
from apps.assessments.selectors.signed import (
    CheckedResult,
    check_result,
    result_code,
    result_file,
    review_file,
)
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of

__all__ = [
    "CheckedResult",
    "GivenLevel",
    "Overview",
    "ResultLevels",
    "ResultPage",
    "SharedResult",
    "Waiting",
    "Yardstick",
    "areas_to_narrow",
    "areas_to_share",
    "check_result",
    "framework_of",
    "get_result",
    "latest_result",
    "levels_of",
    "on_shared",
    "overview",
    "result_code",
    "result_file",
    "result_of",
    "result_page",
    "result_under_grant",
    "results_in",
    "results_of",
    "review_file",
    "shared_result",
    "summary",
    "waiting_for",
    "yardstick_of",
]
