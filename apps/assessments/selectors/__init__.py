"""What a person sees of assessments; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.assessments.selectors.home import Overview, Waiting, overview, waiting_for
from apps.assessments.selectors.levels import GivenLevel, ResultLevels, levels_of
from apps.assessments.selectors.result_page import ResultPage, result_page
from apps.assessments.selectors.results import get_result, latest_result, result_of, results_of
from apps.assessments.selectors.sharing import SharedResult, result_under_grant, shared_result
from apps.assessments.selectors.signed import CheckedResult, check_result, result_code, result_file

__all__ = [
    "CheckedResult",
    "GivenLevel",
    "Overview",
    "ResultLevels",
    "ResultPage",
    "SharedResult",
    "Waiting",
    "check_result",
    "get_result",
    "latest_result",
    "levels_of",
    "overview",
    "result_code",
    "result_file",
    "result_of",
    "result_page",
    "result_under_grant",
    "results_of",
    "shared_result",
    "waiting_for",
]
