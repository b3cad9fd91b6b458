"""The national picture and the region for programs: the figures of the page, and nothing that the page withholds."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from apps.core.charts.pairs import paired
from apps.core.workbooks import read_workbook
from apps.insights.selectors import region_page
from apps.insights.services import make_picture
from apps.members.models import Member, Participation
from tests.insights.test_picture import nation, operator, small_of
from tests.insights.test_region import result_for
from tests.insights.test_regional import small_region
from tests.people import Cast

pytestmark = pytest.mark.django_db
__all__ = ["nation"]
AREA = ("code", "level", "reached", "counted", "requests", "places")
QUERIES = 5


def asked(client: Client, address: str) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_picture_is_the_same_in_every_channel(cast: Cast, nation: Member, client: Client) -> None:
    """Own, organisations, quartile, share and gap: page, drawing, CSV, XLSX, JSON and API say the same whole numbers."""
    for _n in range(2):
        result_for(operator(cast, "health", in_picture=True), cast, small_of(nation), 1)
    made = make_picture(actor=cast.lead, nation=nation)
    client.force_login(cast.viewer)
    base = f"/o/{nation.public_id}/picture/1/"
    told = asked(client, f"nations/{nation.public_id}/pictures/1/")
    assert told == made.document == client.get(f"{base}json/").json()
    rows = list(csv.reader(io.StringIO(client.get(f"{base}csv/").content.decode("utf-8-sig"))))
    book = next(iter(read_workbook(client.get(f"{base}xlsx/").content, name="picture").values()))
    page = client.get(base).content.decode()
    for area in told["areas"]:
        shown = area["organisations"]
        expected = [
            area["own"],
            *(shown.get(k) for k in ("points", "lower_quartile", "percent_at_60", "counted")),
            area["gap"],
        ]
        said = ["" if value is None else str(value) for value in expected]
        for table in (rows, [[str(cell if cell is not None else "") for cell in row] for row in book]):
            assert next(row for row in table if row[0] == area["code"])[2:8] == said
        if "points" in shown:
            assert f"<b>{shown['points']}</b>" in page
            most = max(
                max(a["own"], a["organisations"]["points"])
                for a in told["areas"]
                if "points" in a["organisations"]
            )
            assert str(paired(area["own"], shown["points"], most=most)) in page, "the drawing says it too"
        assert not any(cell.keys() - {"withheld"} for cell in area["sectors"].values())
    assert any("points" in area["organisations"] for area in told["areas"])
    (line,) = asked(client, f"nations/{nation.public_id}/pictures/")["results"]
    assert (line["number"], line["content_hash"]) == (1, made.content_hash)


def test_region_says_what_its_page_says_and_hides_what_it_hides(cast: Cast, client: Client) -> None:
    found = small_region(cast)
    client.force_login(cast.manager)
    told = asked(client, f"programmes/{cast.programme.public_id}/region/")
    page = region_page(cast.manager, cast.programme.public_id, {})
    rows = {row["id"]: row for row in told["members"]}
    assert {row.public_id: row.name for row in page.rows} == {key: row["name"] for key, row in rows.items()}
    for row in page.rows:
        assert rows[row.public_id]["overall"] == row.overall.text
        assert rows[row.public_id]["levels"].get("GOV.1", "") == row.squares[0].text
    assert [row["moved"] for row in (rows[found[0].public_id], rows[found[4].public_id])] == ["up", "down"]
    silent = rows[found[5].public_id]
    assert (silent["state"], silent["overall"], silent["levels"], silent["moved"]) == ("hidden", "", {}, "")
    assert silent["result_of"] is None
    shown = [(row.code, row.level, row.reached, row.counted, row.requests, row.places) for row in page.areas]
    assert [tuple(row[key] for key in AREA) for row in told["areas"]] == shown
    Participation.objects.filter(member=found[0]).update(shares_levels=False)
    told = asked(client, f"programmes/{cast.programme.public_id}/region/")
    assert {(row["level"], row["reached"], row["counted"]) for row in told["areas"]} == {(None, None, None)}


@pytest.mark.parametrize("more", [0, 2])
def test_programs_ask_the_same_for_any_number(
    cast: Cast, nation: Member, more: int, django_assert_num_queries: Any, client: Client
) -> None:
    make_picture(actor=cast.lead, nation=nation)
    for number in range(more):
        row = nation.pictures.get(number=1)  # type: ignore[attr-defined]
        row.pk, row.public_id, row.number = None, f"edition{number}aaaaaaaaaaaa"[:20], number + 2
        row.save(force_insert=True)
    client.force_login(cast.lead)
    address = f"nations/{nation.public_id}/pictures/"
    asked(client, address)
    with django_assert_num_queries(QUERIES):
        assert asked(client, address)["count"] == 1 + more
