"""A second assessment begins from the first: its answers come over unconfirmed, and count once somebody confirms them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from apps.assessments import services
from apps.assessments.choices import Progress
from apps.assessments.models import Assessment, CarriedAnswer, Draft, Evidence, EvidenceLink, Response
from apps.assessments.selectors import pages, review
from apps.assessments.selectors.board import board_of
from apps.assessments.selectors.inputs import answers_file, spec_of
from apps.assessments.selectors.question import question_page
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from tests.assessments.flow import CODES, answer, at, begin, submitted
from tests.assessments.test_answers import client_of, text, url
from tests.assessments.test_scanning import work
from tests.factories import OrganisationFactory, join, small_version
from tests.frameworks.test_versions import newer, published, small_document
from tests.people import Cast


def path(row: Assessment, name: str, **more: str) -> str:
    args = {"member": row.member.public_id, "assessment": row.public_id, **more}
    return reverse(f"assessments:{name}", kwargs=args)


def again(cast: Cast, *levels: str, **more: Any) -> tuple[Assessment, Assessment]:
    """A submitted assessment with these levels, and an open one on the same version that begins from it."""
    version = small_version()
    old = begin(cast.lead, cast.agency, title="2024", version=version)
    for code, choice in zip(CODES, levels, strict=False):
        answer(cast.respondent, old, code, choice, f"Why {code}.")
    for change in more.pop("then", ()):
        change(old)
    services.submit_assessment(actor=cast.lead, assessment=old)
    old.refresh_from_db()
    new = begin(cast.lead, cast.agency, title="2026", version=version)
    services.carry_over(actor=cast.lead, assessment=new, source=old)
    return old, new


def test_carried_answers_count_for_nothing_until_they_are_confirmed(cast: Cast) -> None:
    _old, new = again(cast, "3", "2")
    board = board_of(new)
    inputs = answers_file(board, spec_of(new.version_of, new.scope), on=localdate())
    assert inputs["answers"] == {}
    page = review.review_page(cast.lead, cast.agency.public_id, new.public_id)
    assert (page.coverage.answered, page.coverage.unanswered, page.coverage.unconfirmed) == (0, 5, 2)
    assert page.groups[0][0].startswith("Carried over and not confirmed")
    with pytest.raises(Refused, match="Nothing is answered yet"):
        services.submit_assessment(actor=cast.lead, assessment=new)
    services.confirm_answers(actor=cast.respondent, assessment=new, codes=["GOV.1.1"])
    result = services.submit_assessment(actor=cast.lead, assessment=new)
    assert list(result.inputs["answers"]) == ["GOV.1.1"]


def test_pages_say_that_an_answer_is_carried_over_and_unconfirmed(cast: Cast) -> None:
    _old, new = again(cast, "3", "2")
    client = client_of(cast.respondent)
    page = text(client.get(url(new, "GOV.1.1")))
    assert "Carried over from <bdi>2024</bdi>, unconfirmed" in page and "Still true" in page
    assert "Why GOV.1.1." in page and " checked" not in page.split("Evidence")[0]
    area = text(client.get(path(new, "area", area="GOV.1")))
    assert "2 answers are carried over and unconfirmed" in area and "All 2 are still true" in area
    assert "Carried over, unconfirmed" in area
    tasks = text(client.get(path(new, "tasks")))
    assert "2 answers are carried over and unconfirmed" in tasks and "2 to confirm" in tasks
    assert "0 of 5 questions answered" in tasks
    assert "Carried over, unconfirmed" in text(client.get(path(new, "area_review", area="GOV.1")))


def test_still_true_in_one_tap_makes_an_ordinary_answer_on_record(cast: Cast) -> None:
    _old, new = again(cast, "3")
    client = client_of(cast.lead)
    done = client.post(url(new, "GOV.1.1", "confirm"), follow=True)
    assert "GOV.1.1 is confirmed and counts now." in text(done)
    row = Response.objects.get(assessment=new)
    assert (row.level, row.why, row.version, row.answered_by) == (3, "Why GOV.1.1.", 1, cast.lead)
    assert row.revisions.count() == 1
    entry = AuditEntry.objects.get(action="answer.confirmed")
    assert entry.detail["indicator"] == "GOV.1.1" and "Why" not in str(entry.detail)
    again_ = client.post(url(new, "GOV.1.1", "confirm"), follow=True)
    assert "Nothing was left to confirm" in text(again_)
    assert Response.objects.get(assessment=new).version == 1
    assert "Carried over from" not in text(client.get(url(new, "GOV.1.1")))


def test_a_changed_answer_replaces_what_was_carried_over(cast: Cast) -> None:
    _old, new = again(cast, "3")
    client = client_of(cast.respondent)
    client.post(url(new, "GOV.1.1"), {"answer": "4", "why": "Better now.", "version": "0"})
    assert Response.objects.get(assessment=new).level == 4
    assert services.confirm_answers(actor=cast.respondent, assessment=new, codes=["GOV.1.1"]) == 0
    assert Response.objects.get(assessment=new).level == 4


def test_an_area_is_confirmed_at_once_but_only_what_was_seen_and_open(cast: Cast) -> None:
    _old, new = again(cast, "3", "2", "1", "4", "5")
    answer(cast.lead, new, "GOV.1.2", "5", "Meanwhile.")
    seen = {"code": ["GOV.1.1", "GOV.1.2", "GOV.2.1", "NO.SUCH"]}
    shown = text(client_of(cast.respondent).post(path(new, "area_confirm", area="GOV.1"), seen, follow=True))
    assert "One answer is confirmed." in shown and "3 were left alone" in shown
    levels = dict(Response.objects.filter(assessment=new).values_list("indicator__code", "level"))
    assert levels == {"GOV.1.1": 3, "GOV.1.2": 5}


def test_what_i_began_to_write_is_not_confirmed_over(cast: Cast) -> None:
    _old, new = again(cast, "3")
    place = at(cast.respondent, new, "GOV.1.1")
    given = services.AnswerInput("4", "", "Half a sentence")
    services.keep_draft(actor=cast.respondent, place=place, answer=given, base=0)
    assert services.confirm_answers(actor=cast.respondent, assessment=new, codes=["GOV.1.1"]) == 0
    assert Draft.objects.get().content["why"] == "Half a sentence"
    assert "Still true" not in text(client_of(cast.respondent).get(url(new, "GOV.1.1")))
    assert services.confirm_answers(actor=cast.lead, assessment=new, codes=["GOV.1.1"]) == 1


def test_what_is_answered_already_stays_and_carrying_twice_changes_nothing(cast: Cast) -> None:
    old, new = again(cast, "3", "2")
    answer(cast.lead, new, "GOV.1.1", "1", "New.")
    done = services.carry_over(actor=cast.lead, assessment=new, source=old)
    assert done.answers == 1
    assert Response.objects.get(assessment=new).level == 1
    assert CarriedAnswer.objects.filter(assessment=new).count() == 2


def test_only_comparable_questions_are_carried_across_versions(cast: Cast) -> None:
    said = [
        {"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": False},
        {"kind": "merged", "from": ["RES.1.1", "RES.1.2"], "to": ["RES.1.2"], "comparable": True},
    ]
    old = submitted(cast, "3", "2", "1", "4", "2", title="2024", version=published(small_document()))
    new = begin(cast.lead, cast.agency, title="2026", version=published(newer(said=said)))
    services.carry_over(actor=cast.lead, assessment=new, source=old)
    found = {
        row.indicator.code: (row.level, row.codes)
        for row in CarriedAnswer.objects.filter(assessment=new).select_related("indicator")
    }
    assert "GOV.1.1" not in found
    assert found["GOV.1.2"] == (2, ["GOV.1.2"])
    assert found["RES.1.2"] == (2, ["RES.1.1", "RES.1.2"])
    page = text(client_of(cast.lead).get(url(new, "RES.1.2")))
    assert "There it was the answer to RES.1.1, RES.1.2." in page


def test_evidence_in_date_comes_over_and_expired_evidence_does_not(cast: Cast) -> None:
    today = localdate()

    def evidence(old: Assessment) -> None:
        place = at(cast.respondent, old, "GOV.1.1")
        for title, until in (("Valid", today), ("Expired later", None)):
            item = services.EvidenceInput(
                "link", title=title, url="https://example.org", dated=today, expires_on=until
            )
            services.add_evidence(actor=cast.respondent, place=place, item=item)
        Evidence.objects.filter(title="Expired later").update(expires_on=today - timedelta(1))
        link = EvidenceLink.objects.get(evidence__title="Valid")
        services.agree_answer(actor=cast.lead, place=place, expected=1, accepted=[link.evidence.public_id])

    _old, new = again(cast, "3", then=[evidence])
    piece = Evidence.objects.get(assessment=new)
    link = EvidenceLink.objects.get(evidence=piece)
    assert piece.title == "Valid" and piece.added_by == cast.respondent
    assert link.indicator.code == "GOV.1.1" and link.accepted_by is None
    page = question_page(cast.lead, cast.agency.public_id, new.public_id, "GOV.1", "GOV.1.1")
    assert [row.title for row in page.evidence] == ["Valid"]


def test_a_file_is_sealed_anew_for_the_second_assessment(cast: Cast, settings: Any) -> None:
    settings.CLAMAV_ADDRESS = ""

    def evidence(old: Assessment) -> None:
        item = services.EvidenceInput("file", data=b"Minutes of May.", file_name="minutes.txt")
        services.add_evidence(actor=cast.respondent, place=at(cast.lead, old, "GOV.1.1"), item=item)

    old, new = again(cast, "3", then=[evidence])
    assert not Evidence.objects.filter(assessment=new).exists()
    work()
    first, second = Evidence.objects.get(assessment=old), Evidence.objects.get(assessment=new)
    assert first.file.name != second.file.name and first.file_key != second.file_key
    opened = services.read_evidence(actor=cast.lead, evidence=second)
    assert b"".join(opened.parts) == b"Minutes of May."
    services.carry_over(actor=cast.lead, assessment=new, source=old)
    work()
    assert Evidence.objects.filter(assessment=new).count() == 1


def test_nothing_foreign_can_be_carried_over(cast: Cast) -> None:
    version = small_version()
    mine = begin(cast.lead, cast.agency, title="2026", version=version)
    open_one = begin(cast.lead, cast.agency, title="2025", version=version)
    answer(cast.lead, open_one, "GOV.1.1", "3")
    join(cast.other, cast.lead, "lead")
    theirs = begin(cast.lead, cast.other, title="2024", version=version)
    answer(cast.lead, theirs, "GOV.1.1", "3")
    services.submit_assessment(actor=cast.lead, assessment=theirs)
    for source in (open_one, theirs, mine):
        with pytest.raises(Refused, match="Choose an earlier, submitted assessment"):
            services.carry_over(actor=cast.lead, assessment=mine, source=source)
        answer_ = client_of(cast.lead).post(path(mine, "carry"), {"source": source.public_id})
        assert answer_.status_code == 404
    assert client_of(cast.lead).post(path(mine, "carry"), {"source": "\x00"}).status_code == 404
    assert not CarriedAnswer.objects.exists()


def test_the_task_page_offers_earlier_assessments_to_the_lead(cast: Cast) -> None:
    version = small_version()
    submitted(cast, "3", title="2024", version=version)
    new = begin(cast.lead, cast.agency, title="2026", version=version)
    page = text(client_of(cast.lead).get(path(new, "tasks")))
    assert "Begin from <bdi>2024</bdi>" in page
    assert "Begin from <bdi>2024</bdi>" not in text(client_of(cast.respondent).get(path(new, "tasks")))
    found = pages.tasks_page(cast.lead, cast.agency.public_id, new.public_id)
    shown = text(
        client_of(cast.lead).post(
            path(new, "carry"), {"source": found.carry.sources[0].public_id}, follow=True
        )
    )
    assert "One answer of 2024 is carried over." in shown
    assert found.running.areas[0].progress == Progress.NOT_STARTED


def test_lists_and_the_overview_offer_it_too_and_to_the_lead_alone(cast: Cast) -> None:
    version = small_version()
    old = submitted(cast, "3", title="2024", version=version)
    new = begin(cast.lead, cast.agency, title="2026", version=version)
    for place in (f"/o/{cast.agency.public_id}/assessments/", f"/o/{cast.agency.public_id}/"):
        shown = text(client_of(cast.lead).get(place))
        assert "Begin from <bdi>2024</bdi>" in shown and f'value="{old.public_id}"' in shown
        assert "Begin from" not in text(client_of(cast.respondent).get(place))
    services.carry_over(actor=cast.lead, assessment=new, source=old)
    for place in (
        f"/o/{cast.agency.public_id}/assessments/",
        f"/o/{cast.agency.public_id}/",
        path(new, "tasks"),
    ):
        assert "Take it back" in text(client_of(cast.lead).get(place))
        assert "Take it back" not in text(client_of(cast.respondent).get(place))


def test_carrying_over_is_undone_until_something_is_confirmed(cast: Cast) -> None:
    def evidence(old: Assessment) -> None:
        for title in ("Decree", "Mended"):
            item = services.EvidenceInput("link", title=title, url="https://example.org")
            services.add_evidence(actor=cast.respondent, place=at(cast.respondent, old, "GOV.1.1"), item=item)
        item = services.EvidenceInput("file", data=b"Minutes of May.", file_name="minutes.txt")
        services.add_evidence(actor=cast.respondent, place=at(cast.lead, old, "GOV.1.1"), item=item)

    old, new = again(cast, "3", "2", then=[evidence])
    mended = Evidence.objects.get(assessment=new, title="Mended")
    services.change_evidence(actor=cast.lead, evidence=mended, expected=1, changes={"title": "Mended here"})
    client = client_of(cast.lead)
    assert "2 answers were taken back" in text(client.post(path(new, "carry_undo"), follow=True))
    work()  # the file that was on its way does not arrive
    left = Evidence.objects.in_force().filter(assessment=new).values_list("title", flat=True)
    assert list(left) == ["Mended here"] and not CarriedAnswer.objects.filter(assessment=new).exists()
    assert Evidence.objects.in_force().filter(assessment=old).count() == 3
    assert "Nothing is carried over here" in text(client.post(path(new, "carry_undo"), follow=True))
    services.carry_over(actor=cast.lead, assessment=new, source=old)
    services.confirm_answers(actor=cast.respondent, assessment=new, codes=["GOV.1.2"])
    assert "Take it back" not in text(client.get(path(new, "tasks")))
    assert "Somebody has answered" in text(client.post(path(new, "carry_undo"), follow=True))
    assert CarriedAnswer.objects.filter(assessment=new).count() == 2
    work()
    assert Evidence.objects.in_force().filter(assessment=new).count() == 3
    assert client_of(cast.respondent).post(path(new, "carry_undo")).status_code == 403


def test_an_agency_without_a_past_is_offered_nothing(cast: Cast) -> None:
    agency = OrganisationFactory()
    join(agency, cast.lead, "lead")
    row = begin(cast.lead, agency, version=small_version())
    assert "Begin from" not in text(client_of(cast.lead).get(path(row, "tasks")))
