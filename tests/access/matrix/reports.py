"""Who gets what from reports: they stay inside the member, programme ones with the managers, the check is public."""

from __future__ import annotations

from typing import Any

from apps.reports import services
from apps.reports.pdf import RenderedPdf
from apps.reports.services import rendering
from tests.access.matrix import courses
from tests.people import Cast
from tests.reports.rows import ask, small_result

#         anon outs view resp lead othr ment mana staf
INSIDE = (302, 404, 200, 200, 200, 404, 404, 404, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
# the report is ready: it can be neither cancelled nor repeated
OVER = (302, 404, 409, 409, 409, 404, 404, 404, 404)

API = (401, 404, 200, 200, 200, 404, 404, 404, 404)
API_WRONG = (401, 404, 400, 400, 400, 404, 404, 404, 404)
API_MADE = (401, 404, 201, 201, 201, 404, 404, 404, 404)
API_OVER = (401, 404, 409, 409, 409, 404, 404, 404, 404)


def chosen(cast: Cast) -> dict[str, Any]:
    return {"result": cast.ids["reported_result"], "language": "en", "paper": "a4"}


def about(cast: Cast) -> dict[str, Any]:
    return {"result": cast.ids["reported_result"], "language": "en", "paper": "a4", "key": ""}


ROWS = [
    ("GET", "reports:member_reports", INSIDE),
    ("POST", "reports:member_reports", (302, 404, 302, 302, 302, 404, 404, 404, 404), about),
    ("GET", "reports:questionnaire", INSIDE),
    (
        "POST",
        "reports:questionnaire",
        (302, 404, 302, 302, 302, 404, 404, 404, 404),
        {"filled": "1", "language": "en"},
    ),
    ("GET", "reports:papers", INSIDE),
    ("GET", "reports:paper", INSIDE),
    (
        "POST",
        "reports:paper",
        (302, 404, 302, 302, 302, 404, 404, 404, 404),
        about,
    ),
    ("POST", "api-briefs", API_MADE, chosen),
    ("POST", "api-comparisons", API_WRONG, {"before": "x", "result": "y", "language": "en", "paper": "a4"}),
    ("POST", "api-action-sheets", API_WRONG, {"plan": "x", "person": "all", "language": "en", "paper": "a4"}),
    ("POST", "api-national", (401, *(404,) * 8), {"edition": 1, "language": "en", "paper": "a4"}),
    ("GET", "reports:programme_reports", OFFICE),
    (
        "POST",
        "reports:programme_reports",
        (302, 404, 404, 404, 404, 404, 404, 302, 404),
        {"language": "en", "paper": "a4"},
    ),
    ("GET", "reports:report", INSIDE),
    ("GET", "reports:file", INSIDE),
    ("POST", "reports:cancel", OVER),
    ("POST", "reports:retry", OVER),
    ("GET", "reports:check", (200,) * 9),
    ("GET", "reports:certificate_pdf", courses.OWN),
    ("GET", "reports:transcript_pdf", (302, *(200,) * 8)),
    ("GET", "reports:engagement_pdf", (302, 404, 200, 200, 200, 404, 404, 404, 404)),
    ("GET", "reports:office_engagement_pdf", (302, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("GET", "reports:exercise_pdf", (302, 404, 403, 403, 403, 404, 404, 404, 404)),
    ("GET", "reports:plan_pdf", (302, 404, 200, 200, 200, 404, 404, 404, 404)),
    ("GET", "api-member-reports", API),
    ("POST", "api-member-reports", API_MADE, chosen),
    ("POST", "api-questionnaire", API_MADE, {"filled": True, "language": "en"}),
    ("GET", "api-programme-reports", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("POST", "api-programme-reports", (401, *(403,) * 8), {"language": "en", "paper": "a4"}),
    ("GET", "api-report", API),
    ("GET", "api-report-file", API),
    ("POST", "api-report-cancel", API_OVER),
    ("POST", "api-report-again", API_OVER),
    ("GET", "api-plan-pdf", API),
]


def prepare(cast: Cast) -> None:
    """A ready report about the agency; its file is made without the engine, which has tests of its own."""
    courses.prepare(cast)
    result = small_result(cast.agency, cast.lead, title="Reported")
    report = ask(result, cast.lead)
    engine = rendering.render_pdf
    rendering.render_pdf = lambda html, **more: RenderedPdf(b"%PDF-1.7", 1)
    try:
        services.render_report(report=report.public_id)
    finally:
        rendering.render_pdf = engine
    report.refresh_from_db()
    cast.ids |= {
        "paper_kind": "brief", "report": report.public_id, "report_code": report.public_id, "reported_result": result.public_id,
    }  # fmt: skip
