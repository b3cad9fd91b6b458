"""What a person sees of assessments; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.assessments.selectors.home import Overview, Waiting, overview, waiting_for
from apps.assessments.selectors.result_page import ResultPage, result_page
from apps.assessments.selectors.results import get_result, latest_result, result_of, results_of

__all__ = [
    "Overview",
    "ResultPage",
    "Waiting",
    "get_result",
    "latest_result",
    "overview",
    "result_of",
    "result_page",
    "results_of",
    "waiting_for",
]
