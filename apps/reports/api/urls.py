"""Addresses of reports in the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from apps.reports.api import exports, making, papers, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("members/<pid:member>/reports/", views.MemberReports.as_view(), name="api-member-reports"),
    path("members/<pid:member>/reports/one-page/", papers.Briefs.as_view(), name="api-briefs"),
    path("members/<pid:member>/reports/comparison/", papers.Comparisons.as_view(), name="api-comparisons"),
    path("members/<pid:member>/reports/actions/", papers.ActionSheets.as_view(), name="api-action-sheets"),
    path("members/<pid:member>/reports/national/", papers.NationalReports.as_view(), name="api-national"),
    path(
        "members/<pid:member>/assessments/<pid:assessment>/questionnaire/",
        views.Questionnaire.as_view(),
        name="api-questionnaire",
    ),
    path("members/<pid:member>/plans/<pid:action_plan>/pdf/", views.PlanPdf.as_view(), name="api-plan-pdf"),
    path("members/<pid:member>/exports/", exports.Exports.as_view(), name="api-exports"),
    path("exports/<pid:member_export>/", exports.OneExport.as_view(), name="api-export"),
    path("exports/<pid:member_export>/file/", exports.ExportFile.as_view(), name="api-export-file"),
    path("exports/<pid:member_export>/delete/", exports.DeleteExport.as_view(), name="api-export-delete"),
    path(
        "programmes/<pid:programme>/reports/", views.ProgrammeReports.as_view(), name="api-programme-reports"
    ),
    path("reports/<pid:report>/", views.OneReport.as_view(), name="api-report"),
    path("reports/<pid:report>/file/", views.ReportFile.as_view(), name="api-report-file"),
    path("reports/<pid:report>/cancel/", views.CancelReport.as_view(), name="api-report-cancel"),
    path("reports/<pid:report>/again/", views.ReportAgain.as_view(), name="api-report-again"),
    path("reports/<pid:report>/new/", making.NewReport.as_view(), name="api-report-new"),
    path("reports/<pid:report>/delete/", making.DeleteReport.as_view(), name="api-report-delete"),
    path("programmes/<pid:programme>/report-batches/", making.Batches.as_view(), name="api-batches"),
    path(
        "programmes/<pid:programme>/report-batches/<pid:report_batch>/",
        making.OneBatch.as_view(),
        name="api-batch",
    ),
    path(
        "programmes/<pid:programme>/report-batches/<pid:report_batch>/zip/",
        making.BatchArchive.as_view(),
        name="api-batch-zip",
    ),
    path(
        "programmes/<pid:programme>/report-batches/<pid:report_batch>/cancel/",
        making.CancelBatch.as_view(),
        name="api-batch-cancel",
    ),
    path(
        "programmes/<pid:programme>/report-batches/<pid:report_batch>/again/",
        making.BatchAgain.as_view(),
        name="api-batch-again",
    ),
    path(
        "members/<pid:member>/report-schedules/",
        making.MemberSchedules.as_view(),
        name="api-member-schedules",
    ),
    path(
        "programmes/<pid:programme>/report-schedules/",
        making.ProgrammeSchedules.as_view(),
        name="api-programme-schedules",
    ),
    path(
        "report-schedules/<pid:report_schedule>/turn/",
        making.TurnSchedule.as_view(),
        name="api-schedule-turn",
    ),
]
