"""An imported framework is assessed, scored and reported like the shared one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.assessments import services
from apps.assessments.models import Result
from apps.assessments.selectors.places import place_for
from apps.frameworks.services import importing
from tests.frameworks.imports import csf
from tests.people import make_cast


@pytest.mark.django_db
def test_the_imported_csf_is_assessed_scored_and_shown(client: Client) -> None:
    cast = make_cast()
    choices = importing.Choices(publish=True)
    kept = importing.keep_upload(actor=cast.staff, content=csf(), name="csf.xml", choices=choices)
    version = importing.import_upload(actor=cast.staff, upload=kept.public_id)
    assessment = services.open_assessment(actor=cast.lead, member=cast.agency, title="CSF", version=version)
    for number, row in enumerate(version.document["indicators"]):
        place = place_for(cast.respondent, cast.agency, assessment.public_id, row["area"], row["id"])
        given = services.AnswerInput(str(number % 3 + 1), "", "Seen in the register.")
        services.save_answer(actor=cast.respondent, place=place, answer=given, expected=0)
    services.submit_assessment(actor=cast.lead, assessment=assessment)
    result = Result.objects.get(assessment=assessment)
    assert result.document["framework"]["id"] == "nist-cybersecurity-framework-2-0"
    assert len(result.document["indicators"]) == 106
    client.force_login(cast.lead)
    keys = {"member": cast.agency.public_id, "assessment": assessment.public_id}
    page = client.get(reverse("home:result", kwargs=keys))
    assert page.status_code == 200
    shown = page.content.decode()
    assert "GOVERN" in shown
    assert "PR.AA" in shown
