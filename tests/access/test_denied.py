"""Who asks for what they may not see leaves a row with whom it concerns, learns nothing by it, and cannot fill the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from apps.core import audit, jobs
from apps.core.models import AuditEntry, OutboxMessage
from apps.home.services import denied
from apps.members.models import Grant
from tests.access.test_attacks import browser, hidden
from tests.access.test_matrix import ask, url_of, world
from tests.assessments.flow import begin, submitted
from tests.core.api import Program
from tests.factories import OrganisationFactory, share
from tests.people import Cast

pytestmark = pytest.mark.django_db
NOBODY = "q" * 20


def rows(chain: str) -> list[AuditEntry]:
    """What stands in a record about refused requests, once the jobs are done."""
    while jobs.run_waiting():
        pass
    return list(AuditEntry.objects.filter(chain_id=chain, action__startswith="access.").order_by("seq"))


def test_a_request_for_another_members_assessment_is_on_record_there(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    url = reverse("assessments:tasks", args=[cast.agency.public_id, row.public_id])
    answer = browser(cast.other_lead).get(url)
    (found,) = rows(cast.agency.public_id)
    assert (found.actor, found.object_type, found.object_id) == (
        cast.other_lead.public_id,
        "Assessment",
        row.public_id,
    )
    assert found.detail == {
        "route": "assessments:tasks",
        "method": "GET",
        "request": answer["X-Request-ID"],
    }
    page = browser(cast.viewer).get(reverse("home:record", args=[cast.agency.public_id])).content.decode()
    assert (
        "asked for something of yours that is not shared with them" in page and str(cast.other_lead) in page
    )
    assert rows(cast.other.public_id) == [] and rows(audit.OPERATOR_CHAIN) == []


def test_a_foreign_thing_under_ones_own_address_is_on_record_with_its_owner(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    browser(cast.other_lead).get(reverse("assessments:tasks", args=[cast.other.public_id, row.public_id]))
    assert [one.object_id for one in rows(cast.agency.public_id)] == [row.public_id]
    assert rows(cast.other.public_id) == []


def test_programs_leave_the_same_row(cast: Cast) -> None:
    row = submitted(cast, "2")
    result = row.results.get()
    Program(cast.other_lead).get(f"results/{result.public_id}/", 404)
    (found,) = rows(cast.agency.public_id)
    assert (found.object_type, found.detail["route"]) == ("Result", "api-result")


def test_a_reader_whose_agreement_has_ended_is_on_record(cast: Cast) -> None:
    submitted(cast, "2")
    share(cast.agency, cast.lead, cast.mentor_partner)
    url = reverse("assessments:shared", args=[cast.agency.public_id])
    reader = browser(cast.mentor)
    assert reader.get(url).status_code == 200 and rows(cast.agency.public_id) == []
    Grant.objects.update(withdrawn_at=now())
    assert reader.get(url).status_code == 404
    assert [one.actor for one in rows(cast.agency.public_id)] == [cast.mentor.public_id]


def test_a_programme_is_on_the_sites_own_record(cast: Cast) -> None:
    browser(cast.lead).get(reverse("members:participants", args=[cast.programme.public_id]))
    assert [one.object_id for one in rows(audit.OPERATOR_CHAIN)] == [cast.programme.public_id]


def test_ones_own_mistakes_and_ids_that_nothing_has_leave_no_row(cast: Cast) -> None:
    lead = browser(cast.lead)
    assert lead.get(reverse("assessments:tasks", args=[cast.agency.public_id, NOBODY])).status_code == 404
    assert lead.get(reverse("assessments:tasks", args=[NOBODY, NOBODY])).status_code == 404
    assert browser(cast.viewer).get("/nothing/here/").status_code == 404
    assert Client().get(reverse("assessments:tasks", args=[cast.agency.public_id, NOBODY])).status_code == 302
    assert [rows(one) for one in (cast.agency.public_id, cast.other.public_id, audit.OPERATOR_CHAIN)] == [
        []
    ] * 3


def test_a_role_that_may_see_but_not_do_leaves_no_row(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    url = reverse("assessments:area_send", args=[cast.agency.public_id, row.public_id, "GOV.1"])
    assert browser(cast.viewer).post(url, {}).status_code == 403
    assert rows(cast.agency.public_id) == []


def test_what_is_there_costs_as_much_as_what_is_not(cast: Cast) -> None:
    """Nothing is looked up while the person waits: both leave the same kind of note, and only a worker looks."""
    row, client = begin(cast.lead, cast.agency), browser(cast.other_lead)
    client.get("/home/")
    counts = []
    for ids in ((cast.agency.public_id, row.public_id), (NOBODY, NOBODY)):
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("assessments:tasks", args=ids))
        counts.append([query["sql"].split(" ")[0] for query in seen.captured_queries])
    assert counts[0] == counts[1]
    assert OutboxMessage.objects.filter(topic="home.note_denied").count() == 2


def test_asking_again_is_one_row_a_day(cast: Cast) -> None:
    row, client = begin(cast.lead, cast.agency), browser(cast.other_lead)
    for name in ("tasks", "review", "people", "tasks"):
        client.get(reverse(f"assessments:{name}", args=[cast.agency.public_id, row.public_id]))
    assert len(rows(cast.agency.public_id)) == 1
    OutboxMessage.objects.all().delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denied, "now", lambda: now() + timedelta(days=1, minutes=1))
        client.get(reverse("assessments:tasks", args=[cast.agency.public_id, row.public_id]))
        assert len(rows(cast.agency.public_id)) == 2


def test_a_flood_fills_neither_the_record_nor_the_outbox(cast: Cast) -> None:
    client = browser(cast.other_lead)
    others = [OrganisationFactory(nation=cast.nation).public_id for _ in range(40)]
    for n in range(200):
        client.get(reverse("assessments:list", args=[others[n % 40]]))
    assert OutboxMessage.objects.filter(topic="home.note_denied").count() == denied.MOST_AN_HOUR
    told = rows(audit.OPERATOR_CHAIN)
    assert [(one.action, one.actor) for one in told] == [("access.denied_often", cast.other_lead.public_id)]
    noted = AuditEntry.objects.filter(action="access.denied")
    assert noted.count() == denied.MOST_AN_HOUR


def test_one_person_leaves_ten_rows_a_day_in_one_record(cast: Cast) -> None:
    for n in range(15):
        row = begin(cast.lead, cast.agency, title=f"A{n}")
        note = {"route": "assessments:tasks", "method": "GET", "request": "r"}
        things = {"member": cast.agency.public_id, "assessment": row.public_id}
        denied.record_denied(actor=cast.other_lead.public_id, things=things, **note)
    assert len(rows(cast.agency.public_id)) == denied.MOST_A_DAY


def test_every_hidden_address_about_one_member_leaves_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the access matrix: whatever is hidden from a stranger, and names a row of the agency, is on record there."""
    cast = world()
    monkeypatch.setattr(denied, "MOST_AN_HOUR", 10_000)
    monkeypatch.setattr(denied, "MOST_A_DAY", 10_000)
    client, missing, tried = browser(cast.outsider), [], set()
    for method, name, data in hidden("outsider"):
        url = url_of(name, cast)
        if f"/{cast.agency.public_id}/" not in url or (method, url) in tried:
            continue
        cache.clear()
        before = OutboxMessage.objects.filter(topic="home.note_denied").count()
        ask(client, method, name, cast, data(cast) if callable(data) else data)
        tried.add((method, url))
        if OutboxMessage.objects.filter(topic="home.note_denied").count() != before + 1:
            missing.append(f"{method} {name}")
    assert missing == [] and len(tried) > 80
    assert {one.actor for one in rows(cast.agency.public_id)} == {cast.outsider.public_id}
