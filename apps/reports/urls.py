"""Addresses of reports."""

from django.urls import path

from apps.reports import views
from apps.reports.views import papers

app_name = "reports"
urlpatterns = [
    path("o/<pid:member>/reports/", views.member_reports, name="member_reports"),
    path("o/<pid:member>/reports/questionnaire/<pid:assessment>/", views.questionnaire, name="questionnaire"),
    path("o/<pid:member>/reports/kinds/", papers.papers, name="papers"),
    path("o/<pid:member>/reports/kinds/<slug:paper_kind>/", papers.paper, name="paper"),
    path("p/<pid:programme>/reports/", views.programme_reports, name="programme_reports"),
    path("reports/<pid:report>/", views.report, name="report"),
    path("reports/<pid:report>/file/", views.file, name="file"),
    path("reports/<pid:report>/cancel/", views.cancel, name="cancel"),
    path("reports/<pid:report>/retry/", views.retry, name="retry"),
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
