"""The register of evidence on a report of a result: titles, but none that is for named people alone, and none that came later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from apps.assessments.models import Evidence, EvidenceLink, Result
from apps.reports.documents import Request, assessment_document, document_html
from apps.reports.selectors import result_source
from tests.people import Cast
from tests.reports.rows import small_result


def piece(result: Result, title: str, tlp: str, **fields: object) -> None:
    """A piece for the first question, of two days ago."""
    row = result.assessment
    values = {"added_at": now() - timedelta(days=2), **fields}
    made = Evidence.objects.create(
        member=result.member, assessment=row, kind="held", title=title, tlp=tlp, added_by=row.lead, **values
    )
    EvidenceLink.objects.create(
        member=result.member, evidence=made, indicator=row.version_of.indicators.get(code="GOV.1.1"),
        attached_by=row.lead, attached_at=values["added_at"],
    )  # fmt: skip


def printed(result: Result) -> str:
    request = Request(
        reference="a", title="Report", tlp=result.tlp, paper="a4", reader="Lead", made_on=now().date()
    )
    source = result_source(result.assessment.lead, result.public_id)
    return document_html(assessment_document(source, request))


@pytest.mark.django_db
def test_titles_for_named_people_alone_are_counted_and_not_listed(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    piece(result, "Plan of the year", "TLP:AMBER+STRICT")
    piece(result, "Who watches whom", "TLP:RED")
    piece(result, "Came after the result", "TLP:AMBER", added_at=now() + timedelta(minutes=1))
    html = printed(result)
    assert "Plan of the year" in html
    assert "Who watches whom" not in html
    assert "Came after the result" not in html
    assert result_source(cast.lead, result.public_id).annex.withheld == 1


@pytest.mark.django_db
def test_a_report_for_named_people_alone_lists_them(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead, tlp="TLP:RED")
    piece(result, "Who watches whom", "TLP:RED")
    assert "Who watches whom" in printed(result)
    assert result_source(cast.lead, result.public_id).annex.withheld == 0
