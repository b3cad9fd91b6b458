"""A colleague's answer overtook a kept draft: nobody submits past it without saying so, and nobody reads it."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Draft, Result
from apps.assessments.selectors.review import review_page
from apps.core.models import AuditEntry
from tests.assessments.flow import answer, at, begin
from tests.assessments.test_api import Program, root
from tests.people import Cast

WORDS = "Nobody but me reads this"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def place(row: Assessment, more: str) -> str:
    return f"/o/{row.member.public_id}/assessments/{row.public_id}/{more}"


def overtaken(cast: Cast, row: Assessment, code: str) -> None:
    """The respondent writes on, the lead saves meanwhile."""
    draft = services.AnswerInput("2", "", WORDS)
    services.keep_draft(actor=cast.respondent, place=at(cast.respondent, row, code), answer=draft, base=0)
    answer(cast.lead, row, code, "3")


@pytest.fixture
def running(cast: Cast) -> Assessment:
    row = begin(cast.lead, cast.agency)
    overtaken(cast, row, "GOV.1.2")
    return row


def test_the_check_names_the_question_and_the_person_and_never_the_text(
    cast: Cast, running: Assessment
) -> None:
    for name in ("review/", "submit/", "GOV.1/GOV.1.2/"):
        page = client_of(cast.lead).get(place(running, name)).content.decode()
        assert str(cast.respondent) in page and "keeps another answer" in page and WORDS not in page
        assert place(running, "GOV.1/GOV.1.2/") in page
    own = client_of(cast.respondent).get(place(running, "GOV.1/GOV.1.2/")).content.decode()
    assert "keeps another answer" not in own and place(running, "GOV.1/GOV.1.2/compare/") in own


def test_several_people_and_questions_are_counted(cast: Cast, running: Assessment) -> None:
    draft = services.AnswerInput("1", "", WORDS)
    services.keep_draft(actor=cast.lead, place=at(cast.lead, running, "GOV.1.2"), answer=draft, base=0)
    overtaken(cast, running, "RES.1.1")
    found = review_page(cast.lead, cast.agency.public_id, running.public_id).waiting
    assert [gap.code for gap in found] == ["GOV.1.2", "RES.1.1"]
    assert found[0].note.startswith("2 people keep other answers") and not found[0].blocks


def test_the_lead_waits_or_says_that_it_goes_without(cast: Cast, running: Assessment) -> None:
    overtaken(cast, running, "RES.1.1")
    client, url = client_of(cast.lead), place(running, "submit/")
    page = client.get(url).content.decode()
    assert page.count('name="without"') == 2 and "Not everybody has decided" in page
    for ticked in ([], ["GOV.1.2"]):
        said = client.post(url, {"without": ticked})
        assert said.status_code == 422 and "have not decided yet" in said.content.decode()
        assert not Result.objects.exists()
    assert client.post(url, {"without": ["GOV.1.2", "RES.1.1"]}).status_code == 302
    entry = AuditEntry.objects.get(action="assessment.submitted")
    assert entry.detail["undecided"] == ["GOV.1.2", "RES.1.1"] and entry.actor == cast.lead.public_id
    assert Draft.objects.count() == 2


def test_what_came_after_the_page_was_shown_is_not_passed_over(cast: Cast, running: Assessment) -> None:
    overtaken(cast, running, "GOV.1.1")
    with pytest.raises(services.Undecided) as fault:
        services.submit_assessment(actor=cast.lead, assessment=running, without=["GOV.1.2"])
    assert fault.value.codes == ("GOV.1.1", "GOV.1.2")


def test_once_the_author_has_decided_nothing_is_asked(cast: Cast, running: Assessment) -> None:
    spot = at(cast.respondent, running, "GOV.1.2")
    services.settle_answers(actor=cast.respondent, place=spot, use="theirs", seen=1)
    client, url = client_of(cast.lead), place(running, "submit/")
    assert 'name="without"' not in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert "undecided" not in AuditEntry.objects.get(action="assessment.submitted").detail


def test_who_does_not_lead_sees_what_waits_and_has_nothing_to_tick(cast: Cast, running: Assessment) -> None:
    page = client_of(cast.viewer).get(place(running, "submit/")).content.decode()
    assert "Not everybody has decided" in page and 'name="without"' not in page and WORDS not in page


def test_a_program_is_told_the_codes_and_has_to_name_them(cast: Cast, running: Assessment) -> None:
    lead = Program(cast.lead)
    found = lead.get(f"{root(running)}checks/")["findings"]
    assert [(row["code"], row["waits"]) for row in found if row["kind"] == "undecided"] == [("GOV.1.2", True)]
    told = lead.post(f"{root(running)}submit/", status=422)
    assert told["code"] == "undecided" and told["codes"] == ["GOV.1.2"] and told["field"] == "without"
    lead.post(f"{root(running)}submit/", {"without": "GOV.1.2"}, status=400)
    lead.post(f"{root(running)}submit/", {"without": ["GOV.1.2"]}, status=201)
    assert AuditEntry.objects.get(action="assessment.submitted").detail["undecided"] == ["GOV.1.2"]
