"""The report of a programme says of its region what the page of the region says, in the same drawing."""

from __future__ import annotations

import pytest

from apps.core.charts.pairs import paired
from apps.core.charts.rows import stacked
from apps.insights.selectors import region_page
from apps.members.models import Participation
from apps.mentoring.models import Need
from apps.reports.documents import document_html, programme_document
from apps.reports.selectors import programme_source
from tests.insights.test_regional import CANARY, need, small_region
from tests.people import Cast
from tests.reports import samples
from tests.reports.rows import small_result

pytestmark = pytest.mark.django_db


def section(html: str, name: str) -> str:
    return html.split(f'id="{name}"')[1].split("</section>")[0]


def printed(cast: Cast) -> str:
    source = programme_source(cast.manager, cast.programme.public_id)
    return document_html(programme_document(source, samples.request()))


def test_weakest_areas_requests_and_who_moved_are_those_of_the_page(cast: Cast) -> None:
    found = small_region(cast)
    page, html = region_page(cast.manager, cast.programme.public_id, {}), printed(cast)
    direction = next(row for row in page.areas if row.code == "GOV.1")
    areas = section(html, "areas")
    assert "2 of 5" in areas and "Requests: 2. Places: 3." in areas
    bars = str(paired(2, 3, most=page.asked_most, title="Direction. Requests: 2. Places: 3."))
    assert bars in areas
    assert str(stacked(direction.counts)).split(">", 1)[1].removesuffix("</svg>") in section(html, "summary")
    moved = section(html, "moved")
    assert found[0].name in moved and found[4].name in moved and found[1].name not in moved
    assert CANARY not in moved
    assert f"{page.requests}</" in section(html, "summary")


def test_figures_are_gone_when_fewer_than_five_share(cast: Cast) -> None:
    found = small_region(cast)
    Participation.objects.filter(member=found[1]).update(shares_levels=False)
    areas = section(printed(cast), "areas")
    assert "Fewer than five: not shown" in areas and " of 4" not in areas


def test_requests_are_one_number_on_its_first_page(cast: Cast) -> None:
    """Those that wait, as on the page of the region; requests of all times stand in a table that says so."""
    result = small_result(cast.agency, cast.lead)
    for area, state in (("GOV.1", "sent"), ("GOV.2", "done"), ("RES.1", "matched")):
        Need.objects.filter(pk=need(cast.agency, cast, result, area).pk).update(state=state)
    summary = section(printed(cast), "summary")
    assert "Requests for help: 1." in summary
