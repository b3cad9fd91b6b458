"""Addresses of reports."""

from django.urls import path

from apps.reports import views
from apps.reports.views import batches, exports, leaving, papers, preview, schedules

app_name = "reports"
urlpatterns = [
    path("o/<pid:member>/reports/", views.member_reports, name="member_reports"),
    path("o/<pid:member>/reports/questionnaire/<pid:assessment>/", views.questionnaire, name="questionnaire"),
    path("o/<pid:member>/reports/kinds/", papers.papers, name="papers"),
    path("o/<pid:member>/reports/kinds/<slug:paper_kind>/", papers.paper, name="paper"),
    path(
        "o/<pid:member>/reports/kinds/<slug:paper_kind>/preview/", preview.paper_preview, name="paper_preview"
    ),
    path(
        "o/<pid:member>/reports/kinds/<slug:paper_kind>/preview/page/",
        preview.paper_preview_page,
        name="paper_preview_page",
    ),
    path("p/<pid:programme>/reports/", views.programme_reports, name="programme_reports"),
    path("reports/<pid:report>/", views.report, name="report"),
    path("reports/<pid:report>/file/", views.file, name="file"),
    path("reports/<pid:report>/cancel/", views.cancel, name="cancel"),
    path("reports/<pid:report>/retry/", views.retry, name="retry"),
    path("reports/<pid:report>/again/", views.again, name="again"),
    path("reports/<pid:report>/delete/", views.delete, name="delete"),
    path("o/<pid:member>/reports/preview/", preview.member_preview, name="member_preview"),
    path("o/<pid:member>/reports/preview/page/", preview.member_preview_page, name="member_preview_page"),
    path("p/<pid:programme>/reports/preview/", preview.programme_preview, name="programme_preview"),
    path(
        "p/<pid:programme>/reports/preview/page/",
        preview.programme_preview_page,
        name="programme_preview_page",
    ),
    path("o/<pid:member>/reports/schedules/", schedules.member_schedules, name="member_schedules"),
    path("p/<pid:programme>/reports/schedules/", schedules.programme_schedules, name="programme_schedules"),
    path("reports/schedules/<pid:report_schedule>/turn/", schedules.schedule_turn, name="schedule_turn"),
    path("o/<pid:member>/export/", exports.exports, name="exports"),
    path("o/<pid:member>/leaving/", leaving.leaving, name="leaving"),
    path("leavings/<pid:member_leaving>/confirm/", leaving.leaving_confirm, name="leaving_confirm"),
    path("leavings/<pid:member_leaving>/cancel/", leaving.leaving_cancel, name="leaving_cancel"),
    path("leavings/<pid:member_leaving>/receipt/", leaving.leaving_receipt, name="leaving_receipt"),
    path(
        "leavings/<pid:member_leaving>/receipt.json",
        leaving.leaving_receipt_file,
        name="leaving_receipt_file",
    ),
    path("exports/<pid:member_export>/file/", exports.export_file, name="export_file"),
    path("exports/<pid:member_export>/delete/", exports.export_delete, name="export_delete"),
    path("p/<pid:programme>/reports/batches/", batches.batches, name="batches"),
    path("p/<pid:programme>/reports/batches/<pid:report_batch>/", batches.batch, name="batch"),
    path("p/<pid:programme>/reports/batches/<pid:report_batch>/zip/", batches.batch_zip, name="batch_zip"),
    path(
        "p/<pid:programme>/reports/batches/<pid:report_batch>/cancel/",
        batches.batch_cancel,
        name="batch_cancel",
    ),
    path(
        "p/<pid:programme>/reports/batches/<pid:report_batch>/retry/",
        batches.batch_retry,
        name="batch_retry",
    ),
    path(
        "p/<pid:programme>/reports/batches/<pid:report_batch>/delete/",
        batches.batch_delete,
        name="batch_delete",
    ),
    path("me/transcript.pdf", views.transcript_pdf, name="transcript_pdf"),
    path("me/certificates/<pid:certificate>/pdf/", views.certificate_pdf, name="certificate_pdf"),
    path("o/<pid:member>/plans/<pid:action_plan>/pdf/", views.plan_pdf, name="plan_pdf"),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/pdf/",
        views.engagement_pdf,
        name="engagement_pdf",
    ),
    path(
        "p/<pid:programme>/engagements/<pid:engagement>/pdf/",
        views.office_engagement_pdf,
        name="office_engagement_pdf",
    ),
    path("o/<pid:member>/exercises/<pid:exercise>/report.pdf", views.exercise_pdf, name="exercise_pdf"),
    path("verify/report/<str:report_code>/", views.check, name="check"),
]
