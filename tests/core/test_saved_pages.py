"""What a saved table carries: all rows, hostile text as text, the label, no more queries than its page."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from apps.core import audit
from apps.core.table_files import rows_a_page, table_query
from tests.people import Cast
from tests.reports.rows import small_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def add_acts(cast: Cast, many: int) -> None:
    with transaction.atomic():
        for number in range(many):
            audit.record(
                actor=cast.lead,
                action="member.changed",
                on=cast.agency,
                chain=cast.agency.public_id,
                area=f"A{number}",
            )


def test_paged_list_leaves_whole_and_newest_first(client: Client, cast: Cast) -> None:
    add_acts(cast, 60)
    url = f"/o/{cast.agency.public_id}/record/"
    page = client.get(url, {"page": "2"}).content.decode()
    assert "format=csv&amp;table=acts" in page and "page=2&amp;format" not in page
    rows = rows_of(client.get(url, {"format": "csv"}))
    assert len(rows) == 61 and rows[1][0].endswith("A59") and rows[-1][0].endswith("A0")


def test_file_asks_the_database_as_often_as_its_page_and_for_three_rows_as_for_one(
    client: Client, cast: Cast
) -> None:
    url = f"/o/{cast.agency.public_id}/record/"
    counts = []
    for many in (1, 2):
        add_acts(cast, many)
        client.get(url)
        for query in ({}, {"format": "csv"}, {"format": "xlsx"}):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(url, query).status_code == 200
            counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_text_like_a_formula_is_text_and_the_label_stands_on_the_sheet(client: Client, cast: Cast) -> None:
    small_result(cast.agency, cast.lead, title='=HYPERLINK("x")')
    url = f"/o/{cast.agency.public_id}/results/"
    response = client.get(url, {"format": "csv"})
    assert rows_of(response)[1][0] == '\'=HYPERLINK("x")'
    assert date.fromisoformat(rows_of(response)[1][2])
    assert "AMBER-STRICT-" in response["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(client.get(url, {"format": "xlsx"}).content)).worksheets[0]
    assert sheet["A2"].value == '=HYPERLINK("x")' and sheet["A2"].data_type == "s"
    assert sheet["C2"].is_date and isinstance(sheet["E2"].value, int | float)
    assert sheet.oddHeader.right.text == sheet.oddFooter.right.text == "TLP:AMBER+STRICT"


def test_filters_stay_and_the_page_number_goes() -> None:
    request = RequestFactory().get("/x/", {"area": "GOV & co", "page": "3", "format": "csv", "table": "old"})
    assert table_query(request, "new", "xlsx") == "?area=GOV+%26+co&format=xlsx&table=new"
    assert rows_a_page(request, 50) == 10_000
    assert rows_a_page(RequestFactory().get("/x/"), 50) == 50


def test_what_the_site_has_to_tell_waits_for_the_next_page(client: Client, cast: Cast) -> None:
    url = f"/o/{cast.agency.public_id}/team/"
    client.post(f"{url}invite/", {"email": "new@example.org", "role": "viewer"})
    assert rows_of(client.get(url, {"format": "csv", "table": "people"}))
    assert len(list(get_messages(client.get(url).wsgi_request))) == 1


def test_role_that_a_lead_may_change_is_in_the_file(client: Client, cast: Cast) -> None:
    rows = rows_of(client.get(f"/o/{cast.agency.public_id}/team/", {"format": "csv"}))
    assert all(row[1] for row in rows) and "Assessment lead" in {row[1] for row in rows}


def test_sheet_of_an_arabic_page_opens_from_the_right(client: Client, cast: Cast) -> None:
    url = f"/o/{cast.agency.public_id}/team/?format=xlsx"
    content = client.get(url, headers={"accept-language": "ar"}).content
    assert load_workbook(io.BytesIO(content)).worksheets[0].sheet_view.rightToLeft
