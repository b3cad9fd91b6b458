"""Lists of reports, batches and schedules go on on a second page; a file of the table has all rows."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from apps.reports.models import Report, ReportBatch, ReportSchedule
from apps.reports.selectors import Wanted, member_reports
from tests.people import Cast
from tests.reports.rows import ask, small_result
from tests.reports.test_pages import signed_in

pytestmark = pytest.mark.django_db


def reports(cast: Cast, many: int) -> None:
    """So many ready reports, the last the oldest; all stale, as their result was reopened."""
    result = small_result(cast.agency, cast.lead)
    ask(result, cast.lead).delete()
    Report.objects.bulk_create(
        Report(
            kind="assessment", member=cast.agency, result=result, title=f"Paper {n}.", asked_by=cast.lead,
            state="ready", asked_at=now() - timedelta(minutes=n), ready_at=now(),
        )
        for n in range(1, many + 1)
    )  # fmt: skip
    type(result).objects.update(voided_at=now(), voided_by=cast.lead, void_reason="Reopened")


def get(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("state", ["ready", "stale"])
def test_second_page_of_the_library_has_the_oldest_and_keeps_the_filter(cast: Cast, state: str) -> None:
    reports(cast, 101)
    client, url = signed_in(cast.lead), reverse("reports:member_reports", args=[cast.agency.public_id])
    first, second = get(client, url, state=state), get(client, url, state=state, page="2")
    assert "Paper 1." in first and "Paper 101." not in first and "101 reports" in first
    assert "Paper 101." in second and "Paper 100." not in second and "101 reports" in second
    assert f"?state={state}&amp;page=2" in first and f"?state={state}&amp;page=1" in second
    file = get(client, url, state=state, page="2", format="csv")
    assert sum("Paper" in row[0] for row in csv.reader(io.StringIO(file)) if row) == 101
    assert "Paper 101." in get(client, url, page="99") and "Paper 1." in get(client, url, page="x")


@pytest.mark.parametrize("many", [3, 101])
def test_any_page_takes_the_same_queries(cast: Cast, many: int, django_assert_num_queries: Any) -> None:
    reports(cast, many)
    with django_assert_num_queries(6):
        rows = member_reports(cast.lead, cast.agency.public_id, number="2").rows
    with django_assert_num_queries(5):
        assert len(member_reports(cast.lead, cast.agency.public_id, None, Wanted("", "stale")).rows) == many
    assert len(rows) == (1 if many > 100 else many)


def test_second_page_of_schedules_and_of_batches_has_the_oldest(cast: Cast) -> None:
    day = now() - timedelta(days=1)
    ReportSchedule.objects.bulk_create(
        ReportSchedule(
            kind="assessment", member=cast.agency, every="month", set_by=cast.lead, label="TLP:RED" if n == 101 else "",
            set_at=day - timedelta(minutes=n), first_on=day.date(), next_on=day.date(), language="en",
        )
        for n in range(1, 102)
    )  # fmt: skip
    url = reverse("reports:member_schedules", args=[cast.agency.public_id])
    first, second = get(signed_in(cast.lead), url), get(signed_in(cast.lead), url, page="2")
    assert "101 scheduled reports" in first and "?page=2" in first and "English, TLP:RED" not in first
    assert "English, TLP:RED" in second
    batches = [
        ReportBatch(programme=cast.programme, asked_by=cast.manager, asked_at=day - timedelta(minutes=n), state="done")
        for n in range(51)
    ]  # fmt: skip
    ReportBatch.objects.bulk_create(batches)
    url = reverse("reports:batches", args=[cast.programme.public_id])
    client = signed_in(cast.manager)
    assert batches[-1].public_id not in get(client, url) and "?page=2" in get(client, url)
    assert batches[-1].public_id in get(client, url, page="2")
