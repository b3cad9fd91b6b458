"""Reports by programs: asked for once, followed, taken, for the same people as on the pages."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from apps.core.models import AuditEntry
from apps.reports import services
from apps.reports.models import Report
from apps.reports.pdf import RenderedPdf
from apps.reports.services import rendering
from tests.assessments.flow import begin
from tests.core.api import Program
from tests.people import Cast
from tests.reports.rows import ask, small_result

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF engine has tests of its own."""
    monkeypatch.setattr(rendering, "render_pdf", lambda html, **more: RenderedPdf(b"%PDF-1.7", 1))


def test_a_report_is_asked_for_once_followed_and_taken(cast: Cast) -> None:
    result, viewer = small_result(cast.agency, cast.lead), Program(cast.viewer)
    at = f"members/{cast.agency.public_id}/reports/"
    sent = {"result": result.public_id, "language": "en", "paper": "a4"}
    made = viewer.post(at, sent, 201, key="asked-once")
    assert viewer.last["Location"].endswith(f"/api/v1/reports/{made['id']}/")
    assert viewer.post(at, sent, 201, key="asked-once")["id"] == made["id"] and Report.objects.count() == 1
    one = f"reports/{made['id']}/"
    assert viewer.get(one)["state"] == "queued"
    viewer.get(f"{one}file/", 409)
    services.render_report(report=made["id"])
    ready = viewer.get(one)
    answer = viewer.ask("GET", f"{one}file/")
    content = answer.getvalue()
    assert ready["sha256"] == answer["X-SHA256"] == hashlib.sha256(content).hexdigest()
    assert answer["Content-Type"] == "application/pdf" and "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="report.taken", actor=cast.viewer.public_id).count() == 1
    assert [row["id"] for row in viewer.get(at)["results"]] == [made["id"]]
    for stranger in (cast.other_lead, cast.mentor, cast.manager, cast.staff):
        for path in (at, one, f"{one}file/"):
            Program(stranger).get(path, 404)
        Program(stranger).post(at, sent, 404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"result": "none"}, "result"),
        ({"language": "xx"}, "language"),
        ({"paper": "a0"}, "paper"),
        ({"key": "x"}, "key"),
    ],
)
def test_a_report_that_cannot_be_names_its_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    result = small_result(cast.agency, cast.lead)
    sent = {"result": result.public_id, "language": "en", "paper": "a4"} | change
    told = Program(cast.lead).post(f"members/{cast.agency.public_id}/reports/", sent, 400)
    assert told["field"] == field and not Report.objects.exists()


def test_a_report_is_stopped_and_made_again(cast: Cast) -> None:
    row, lead = ask(small_result(cast.agency, cast.lead), cast.lead), Program(cast.lead)
    at = f"reports/{row.public_id}/"
    lead.post(f"{at}again/", status=409)
    assert lead.post(f"{at}cancel/")["state"] == "cancelled"
    lead.post(f"{at}cancel/", status=409)
    assert lead.post(f"{at}again/", key="again-once")["state"] == "queued"
    assert lead.post(f"{at}again/", key="again-once")["state"] == "queued"
    Program(cast.lead, "results:read").post(f"{at}cancel/", status=403)


def test_the_questionnaire_is_asked_for_blank_or_filled(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    at = f"members/{cast.agency.public_id}/assessments/{row.public_id}/questionnaire/"
    lead = Program(cast.lead)
    made = lead.post(at, {"filled": True, "areas": ["GOV.1"], "language": "en"}, 201)
    kept = Report.objects.get(public_id=made["id"])
    assert kept.about == {"areas": ["GOV.1"], "person": "all", "filled": True}
    assert lead.post(at, {"areas": ["XX.1"], "language": "en"}, 400)["field"] == "areas"
    assert lead.post(at, {"person": "nobody", "language": "en"}, 400)["field"] == "person"
    Program(cast.other_lead).post(at, {"language": "en"}, 404)


def test_the_office_asks_with_a_fresh_proof_and_nobody_else(cast: Cast) -> None:
    at, sent = f"programmes/{cast.programme.public_id}/reports/", {"language": "fr", "paper": "a4"}
    Program(cast.manager, "rounds:write").post(at, sent, 403)
    office = Program(cast.manager)
    made = office.post(at, sent, 201)
    assert office.get(at)["results"][0]["id"] == made["id"]
    Program(cast.lead).post(at, sent, 404)
    Program(cast.lead).get(at, 404)


def test_the_list_counts_every_report(cast: Cast) -> None:
    first = ask(small_result(cast.agency, cast.lead), cast.lead)
    rows = [
        Report(
            kind=first.kind, member=first.member, result=first.result, title=f"R{n}", asked_by=cast.lead,
            state="ready", asked_at=now() - timedelta(days=n + 1),
        )
        for n in range(120)
    ]  # fmt: skip
    Report.objects.bulk_create(rows)
    page = Program(cast.viewer).get(f"members/{cast.agency.public_id}/reports/?limit=10&offset=115")
    assert page["count"] == 121 and len(page["results"]) == 6 and page["results"][-1]["title"] == "R119"


def test_library_is_narrowed_by_kind_state_and_days(cast: Cast) -> None:
    old = ask(small_result(cast.agency, cast.lead), cast.lead)
    Report.objects.filter(pk=old.pk).update(kind="brief", asked_at=now() - timedelta(days=60))
    new = ask(old.result, cast.lead)  # type: ignore[arg-type]
    viewer, address = Program(cast.viewer), f"members/{cast.agency.public_id}/reports/"
    for query, found in (
        ("", [new, old]),
        ("?kind=brief", [old]),
        ("?state=queued&days=30", [new]),
        ("?state=stale", []),
    ):
        rows = viewer.get(f"{address}{query}")["results"]
        assert [row["id"] for row in rows] == [report.public_id for report in found]
    viewer.get(f"{address}?kind=novel", 400)
