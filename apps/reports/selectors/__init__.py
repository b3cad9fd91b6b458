"""Rows for documents and pages of reports, as complete frozen data."""

from __future__ import annotations

from apps.reports.selectors.annex import Annex, AnswerArea, PieceLine, annex_of
from apps.reports.selectors.check import (
    CheckedReport,
    check_report,
    report_code,
)
from apps.reports.selectors.matching import MatchingSource, matching_source, rounds_with_answer
from apps.reports.selectors.pages import (
    SHOWN,
    Choice,
    Gone,
    QuestionnairePage,
    ReportList,
    ReportRow,
    Wanted,
    member_for_reports,
    member_reports,
    programme_for_reports,
    programme_reports,
    questionnaire_page,
    report_page,
    report_to_change,
)
from apps.reports.selectors.papers import PaperPage, paper_page, papers_page
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
    "SHOWN",
    "Annex",
    "AnswerArea",
    "CheckedReport",
    "Choice",
    "Document",
    "Gone",
    "HelpSource",
    "LearningSource",
    "MatchingSource",
    "MemberSource",
    "PaperPage",
    "PieceLine",
    "ProgrammeSource",
    "QuestionnairePage",
    "ReportList",
    "ReportRow",
    "ResultSource",
    "RoundSource",
    "Seal",
    "Tree",
    "Wanted",
    "annex_of",
    "check_report",
    "matching_source",
    "member_for_reports",
    "member_reports",
    "paper_page",
    "papers_page",
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
