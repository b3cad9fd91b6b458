"""Ask for, make, stop, repeat and take reports."""

from apps.reports.services.asking import (
    ask_once,
    cancel_report,
    draft_report,
    request_assessment_report,
    request_programme_report,
    request_questionnaire,
    retry_report,
)
from apps.reports.services.files import (
    OpenedFile,
    open_after_action,
    open_certificate,
    open_plan,
    open_report_file,
    open_transcript,
)
from apps.reports.services.keeping import delete_report, make_again
from apps.reports.services.papers import (
    PAPER_ASKS,
    request_action_sheets,
    request_brief,
    request_comparison,
    request_national_report,
)
from apps.reports.services.rendering import render_report

__all__ = [
    "PAPER_ASKS", "OpenedFile", "ask_once", "cancel_report", "delete_report", "draft_report", "make_again", "open_after_action",
    "open_certificate", "open_plan", "open_report_file", "open_transcript", "render_report",
    "request_action_sheets", "request_assessment_report", "request_brief", "request_comparison", "request_national_report",
    "request_programme_report", "request_questionnaire", "retry_report",
]  # fmt: skip
