"""The annex of a report: what stood behind the result when it was signed, and no title under TLP:RED."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from apps.assessments import services
from apps.assessments.models import Evidence, Response, Result
from apps.reports.selectors import annex_of
from tests.assessments.flow import answer, at, begin
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_annex_holds_what_stood_when_the_result_was_signed(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    for code in ("GOV.1.1", "RES.1.1"):
        answer(cast.respondent, row, code, "2", why=f"Reason of {code}")
    for title in ("Kept in the safe", "Known to all", "Came later"):
        item = services.EvidenceInput(kind="link", title=title, url="https://example.org")
        services.add_evidence(actor=cast.respondent, place=at(cast.respondent, row, "GOV.1.1"), item=item)
    services.submit_assessment(actor=cast.lead, assessment=row)
    result, later = Result.objects.get(), now() + timedelta(minutes=5)
    Evidence.objects.filter(title="Kept in the safe").update(tlp="TLP:RED")
    Evidence.objects.filter(title="Came later").update(added_at=later)
    Response.objects.filter(indicator__code="RES.1.1").update(answered_at=later)
    annex = annex_of(cast.lead, result)
    assert [piece.title for piece in annex.pieces] == ["Known to all"] and annex.withheld == 1
    lines = {line.code: line for area in annex.areas for line in area.lines}
    assert (lines["GOV.1.1"].why, lines["GOV.1.1"].later) == ("Reason of GOV.1.1", False)
    assert (lines["RES.1.1"].why, lines["RES.1.1"].later) == ("", True)
    told = {piece.title for piece in annex_of(cast.lead, result, red=True).pieces}
    assert told == {"Kept in the safe", "Known to all"}
