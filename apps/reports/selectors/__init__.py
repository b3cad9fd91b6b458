"""Rows for documents and pages of reports, as complete frozen data."""

from __future__ import annotations

from apps.reports.selectors.check import (
    CheckedReport,
    check_report,
    report_code,
)
from apps.reports.selectors.matching import MatchingSource, matching_source, rounds_with_answer
from apps.reports.selectors.pages import (
    Choice,
    QuestionnairePage,
    ReportList,
    ReportRow,
    member_for_reports,
    member_reports,
    programme_for_reports,
    programme_reports,
    questionnaire_page,
    report_page,
    report_to_change,
)
from apps.reports.selectors.programme import (
    HelpSource,
    LearningSource,
    MemberSource,
    ProgrammeSource,
    RoundSource,
    programme_source,
)
from apps.reports.selectors.result import (
    Document,
    ResultSource,
    Seal,
    Tree,
    result_source,
)

__all__ = [
    "CheckedReport",
    "Choice",
    "Document",
    "HelpSource",
    "LearningSource",
    "MatchingSource",
    "MemberSource",
    "ProgrammeSource",
    "QuestionnairePage",
    "ReportList",
    "ReportRow",
    "ResultSource",
    "RoundSource",
    "Seal",
    "Tree",
    "check_report",
    "matching_source",
    "member_for_reports",
    "member_reports",
    "programme_for_reports",
    "programme_reports",
    "programme_source",
    "questionnaire_page",
    "report_code",
    "report_page",
    "report_to_change",
    "result_source",
    "rounds_with_answer",
]
