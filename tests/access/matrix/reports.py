"""Who gets what from reports: they stay inside the member, programme ones with the managers, the check is public."""

from __future__ import annotations

from datetime import date
from typing import Any

from apps.reports import services
from apps.reports.pdf import RenderedPdf
from apps.reports.services import rendering
from apps.reports.services.exports import make_export, request_export
from apps.reports.services.leaving import ask_to_leave
from apps.reports.services.schedules import set_member_schedule
from tests.access.matrix import courses
from tests.people import Cast
from tests.reports.rows import ask, small_result
from tests.reports.shared import batch_of, members

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


def dated(cast: Cast) -> dict[str, Any]:
    return {"what": "programme", "every": "month", "first_on": "2099-01-01", "language": "en", "paper": "a4"}


def own_dated(cast: Cast) -> dict[str, Any]:
    return {"every": "month", "first_on": "2099-01-01", "language": "en", "paper": "a4"}


def leaving_name(cast: Cast) -> dict[str, Any]:
    return {"name": cast.agency.name}


EXPORT_TAKEN = (302, 404, 404, 404, 200, 404, 404, 404, 404)
LEAD = (302, 404, 403, 403, 302, 404, 404, 404, 404)
# without choices a preview leads back to them
CHOOSE = (302, 404, 302, 302, 302, 404, 404, 404, 404)
PAPER = {"language": "en", "paper": "a4"}
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
    ("POST", "reports:again", (302, 404, 302, 302, 302, 404, 404, 404, 404)),
    ("POST", "reports:delete", (302, 404, 302, 302, 302, 404, 404, 404, 404)),
    ("GET", "reports:member_preview", CHOOSE),
    ("GET", "reports:member_preview_page", CHOOSE),
    ("GET", "reports:paper_preview", CHOOSE),
    ("GET", "reports:paper_preview_page", CHOOSE),
    ("GET", "reports:programme_preview", (302, 404, 404, 404, 404, 404, 404, 302, 404)),
    ("GET", "reports:programme_preview_page", (302, 404, 404, 404, 404, 404, 404, 302, 404)),
    ("GET", "reports:member_schedules", INSIDE),
    ("POST", "reports:member_schedules", LEAD, own_dated),
    ("GET", "reports:programme_schedules", OFFICE),
    ("POST", "reports:programme_schedules", (302, 404, 404, 404, 404, 404, 404, 302, 404), dated),
    ("POST", "reports:schedule_turn", LEAD, {"to": "paused"}),
    ("GET", "reports:batches", OFFICE),
    ("POST", "reports:batches", (302, 404, 404, 404, 404, 404, 404, 302, 404), PAPER),
    ("GET", "reports:batch", OFFICE),
    ("GET", "reports:batch_zip", OFFICE),
    ("POST", "reports:batch_cancel", (302, 404, 404, 404, 404, 404, 404, 409, 404)),
    ("POST", "reports:batch_retry", (302, 404, 404, 404, 404, 404, 404, 409, 404)),
    ("POST", "reports:batch_delete", (302, 404, 404, 404, 404, 404, 404, 302, 404)),
    ("POST", "api-report-new", API_MADE),
    ("POST", "api-report-delete", API),
    ("GET", "reports:exports", (302, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("POST", "reports:exports", (302, 404, 403, 403, 302, 404, 404, 404, 404)),
    ("POST", "reports:export_file", EXPORT_TAKEN),
    ("POST", "reports:export_delete", (302, 404, 404, 404, 302, 404, 404, 404, 404)),
    ("GET", "reports:leaving", (302, 404, 403, 403, 200, 404, 404, 404, 200)),
    ("POST", "reports:leaving", (302, 404, 403, 403, 409, 404, 404, 404, 404), leaving_name),
    ("POST", "reports:leaving_confirm", (302, 404, 404, 404, 403, 404, 404, 404, 302)),
    ("POST", "reports:leaving_cancel", (302, 404, 404, 404, 302, 404, 404, 404, 403)),
    ("GET", "reports:leaving_receipt", (302, *(404,) * 8)),
    ("GET", "reports:leaving_receipt_file", (302, *(404,) * 8)),
    ("GET", "api-exports", (401, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("POST", "api-exports", (401, *(403,) * 8)),
    ("GET", "api-export", (401, 404, 404, 404, 200, 404, 404, 404, 404)),
    ("GET", "api-export-file", (401, *(403,) * 8)),
    ("POST", "api-export-delete", (401, 404, 404, 404, 200, 404, 404, 404, 404)),
    ("GET", "api-batches", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("POST", "api-batches", (401, *(403,) * 8), PAPER),
    ("GET", "api-batch", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("GET", "api-batch-zip", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("POST", "api-batch-cancel", (401, 404, 404, 404, 404, 404, 404, 409, 404)),
    ("POST", "api-batch-again", (401, 404, 404, 404, 404, 404, 404, 409, 404)),
    ("GET", "api-member-schedules", API),
    ("POST", "api-member-schedules", (401, 404, 403, 403, 201, 404, 404, 404, 404), own_dated),
    ("GET", "api-programme-schedules", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("POST", "api-programme-schedules", (401, *(403,) * 8), dated),
    ("POST", "api-schedule-turn", (401, 404, 403, 403, 200, 404, 404, 404, 404), {"to": "paused"}),
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
        members(cast, 1)
        batch = batch_of(cast)
        for one in batch.reports.all():
            services.render_report(report=one.public_id)
    finally:
        rendering.render_pdf = engine
    export = request_export(actor=cast.lead, member=cast.agency.public_id)
    make_export(export=export.public_id)
    cast.ids["member_export"] = export.public_id
    leaving = ask_to_leave(actor=cast.lead, member=cast.agency.public_id, name=cast.agency.name)
    cast.ids["member_leaving"] = leaving.public_id
    report.refresh_from_db()
    schedule = set_member_schedule(
        actor=cast.lead,
        member=cast.agency.public_id,
        every="month",
        first_on=date(2099, 1, 1),
        language="en",
        paper="a4",
    )
    cast.ids |= {"report_batch": batch.public_id, "report_schedule": schedule.public_id}
    cast.ids |= {
        "paper_kind": "brief", "report": report.public_id, "report_code": report.public_id, "reported_result": result.public_id,
    }  # fmt: skip
