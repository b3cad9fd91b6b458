"""The pages of the workbook as people meet them: download, upload, the list, confirming, the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from apps.assessments import services
from apps.assessments.models import Assessment, Draft, Evidence, Response, Workbook
from apps.assessments.selectors.workbook import workbook_page
from apps.assessments.tasks import forget_workbooks
from tests.assessments.flow import answer, at, begin
from tests.assessments.paper import brought, filled, taken
from tests.assessments.test_answers import client_of, text
from tests.people import Cast


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def url(row: Assessment, name: str = "workbook", **more: str) -> str:
    args = {"member": row.member.public_id, "assessment": row.public_id, **more}
    return reverse(f"assessments:{name}", kwargs=args)


def send(client: Client, row: Assessment, content: bytes, name: str = "answers.xlsx") -> Any:
    return client.post(url(row), {"file": SimpleUploadedFile(name, content)})


def test_task_and_area_pages_lead_to_the_workbook(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    tasks = text(client.get(url(running, "tasks")))
    assert url(running) in tasks
    area = text(client.get(url(running, "area", area="GOV.1")))
    assert f"{url(running, 'workbook_file')}?areas=GOV.1" in area
    assert url(running, "workbook_file") not in text(
        client_of(cast.viewer).get(url(running, "area", area="GOV.1"))
    )


def test_download_is_a_private_file(cast: Cast, running: Assessment) -> None:
    response = client_of(cast.respondent).get(url(running, "workbook_file") + "?areas=GOV.1")
    assert response["Content-Disposition"].startswith('attachment; filename="answers-GOV.1-')
    assert response["Cache-Control"] == "private, no-store" and response.content.startswith(b"PK")
    client = client_of(cast.respondent)
    for query, status in (("?as=exe", 400), ("?areas=GOV.9", 404), ("?areas=%00", 404), ("?as=json", 200)):
        assert client.get(url(running, "workbook_file") + query).status_code == status, query


def test_upload_shows_what_it_does_and_confirming_does_it_once(cast: Cast, running: Assessment) -> None:
    content = filled(
        taken(cast.respondent, running), ("GOV.1.1", "answer", "3 – Step 3"), ("GOV.1.1", "why", "<b>bold</b>"),
        ("GOV.1.2", "answer", "sometimes"), ("RES.1.1", "answer", "2 – Step 2"),
    )  # fmt: skip
    answer(cast.lead, running, "RES.1.1", "5", "Theirs.")
    client = client_of(cast.respondent)
    response = send(client, running, content)
    look = url(running, "workbook_look", workbook=Workbook.objects.get().public_id)
    assert response.status_code == 302 and response["Location"] == look
    page = text(client.get(look))
    assert "This workbook brings 2 changes" in page and "&lt;b&gt;bold" in page
    assert "sheet Answers, cell F4" in page and "sometimes" in page and "Theirs." in page
    assert Response.objects.count() == 1
    for _time in range(2):
        assert client.post(look)["Location"] == look
    page = text(client.get(look))
    assert (
        "One change was taken in" in page
        and url(running, "compare", area="RES.1", indicator="RES.1.1") in page
    )
    assert Response.objects.count() == 2 and Draft.objects.count() == 1
    assert bytes(Workbook.objects.get().content) == b""


def test_a_faulty_upload_is_answered_with_each_cell(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    content = filled(taken(cast.respondent, running), ("GOV.1.1", "why", "=1+1"), ("GOV.1.2", "why", "=A1"))
    response = send(client, running, content)
    assert response.status_code == 422
    assert "2 faults keep this workbook out" in text(response) and "cell G3: a formula" in text(response)
    assert send(client, running, b"", "empty.xlsx").status_code == 422
    assert send(client, running, b"x" * 5_000_001).status_code == 422
    assert client.post(url(running)).status_code == 422
    assert client.post(url(running), {"file": "text"}).status_code == 422
    assert not Workbook.objects.exists()


def test_a_tick_on_the_page_decides_a_field_of_evidence(cast: Cast, running: Assessment) -> None:
    item = services.EvidenceInput("described", title="Minutes", owner="Registry", place="Vault")
    made = services.add_evidence(actor=cast.respondent, place=at(cast.lead, running, "GOV.1.1"), item=item)
    content = filled(taken(cast.respondent, running), (made, "title", "Mine"))
    piece = Evidence.objects.get()
    services.change_evidence(actor=cast.lead, evidence=piece, expected=1, changes={"title": "Theirs"})
    client = client_of(cast.respondent)
    look = send(client, running, content)["Location"]
    assert f'value="{made}.title"' in text(client.get(look))
    client.post(look, {"use": [f"{made}.title", "x" * 1000]})
    piece.refresh_from_db()
    assert piece.title == "Mine" and "took the place" in text(client.get(look))


def test_nothing_new_says_so(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.lead)
    look = send(client, running, taken(cast.lead, running))["Location"]
    page = text(client.get(look))
    assert "This workbook would change nothing" in page and "Confirm</span>" not in page


def test_a_closed_assessment_takes_nothing_in(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2")
    client, content = client_of(cast.lead), taken(cast.lead, running)
    look = send(client, running, filled(content, ("GOV.1.2", "answer", 3)))["Location"]
    services.submit_assessment(actor=cast.lead, assessment=running)
    assert "Out of date" in text(client.get(look))
    assert client.post(look).status_code == 409
    assert send(client, running, content).status_code == 409
    assert "was submitted" in text(client.get(url(running)))


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_queries(
    cast: Cast, running: Assessment, django_assert_num_queries: Any, count: int
) -> None:
    for code in ("GOV.1.1", "GOV.2.1", "RES.1.1")[:count]:
        answer(cast.lead, running, code, "2")
        content = filled(taken(cast.lead, running), (code, "answer", 4))
        brought(cast.lead, running, content)
    where = (cast.agency.public_id, running.public_id)
    workbook_page(cast.lead, *where)
    with django_assert_num_queries(11):
        assert workbook_page(cast.lead, *where).answered == count


def test_uploads_are_forgotten_after_a_day(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.lead)
    look = send(client, running, taken(cast.lead, running))["Location"]
    assert forget_workbooks() == 0 and client.get(look).status_code == 200
    Workbook.objects.update(at=now() - timedelta(hours=25))
    assert client.get(look).status_code == 404
    assert forget_workbooks() == 1 and not Workbook.objects.exists()
