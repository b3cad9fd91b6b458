"""Two results side by side, and all results over time, leave as the pages show them."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from apps.core.workbooks import read_workbook
from tests.people import Cast
from tests.reports.rows import small_result


@pytest.mark.django_db
def test_comparison_and_trend_leave_as_the_pages_show_them(cast: Cast) -> None:
    first = small_result(cast.agency, cast.lead, title="=1+1", level=1, days_ago=90)
    small_result(cast.agency, cast.lead, title="Second", level=3, version=first.assessment.version_of)
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    for place in ("compare", "trend"):
        home = f"/o/{cast.agency.public_id}/assessments/{place}/"
        page = client.get(home).content.decode()
        assert f"{home}csv/" in page and f"{home}xlsx/" in page
        table = list(csv.reader(io.StringIO(client.get(f"{home}csv/").content.decode("utf-8-sig"))))
        assert len(table) > 4 and any("'=1+1" in row for row in table)
        book = next(iter(read_workbook(client.get(f"{home}xlsx/").content, name="table").values()))
        assert len(book) == len(table)
        assert client.get(f"{home}ods/").status_code == 404
    changes = {row[0]: row[4] for row in table_of(client, cast)}
    assert changes["GOV.1.1"] == "2"


def table_of(client: Client, cast: Cast) -> list[list[str]]:
    content = client.get(f"/o/{cast.agency.public_id}/assessments/compare/csv/").content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
