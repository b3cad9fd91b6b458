"""Words noted in confidence after a call lie in one table, and leave it only for their own side and the managers."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse

from apps.core import jobs
from apps.members.services.people import export_record
from apps.mentoring import services
from apps.mentoring.models import CallNote, Engagement, Proposal
from apps.mentoring.selectors.replay import export_of
from apps.reports.documents import Request, document_html, round_document
from apps.reports.selectors import matching_source
from tests.mentoring.test_flow import signed_in
from tests.mentoring.test_two_stages import calls, note
from tests.mentoring.world import World
from tests.reports.reading import pages as pages_of

pytestmark = pytest.mark.django_db
CANARY, OTHER = "CANARY-said-by-the-member", "CANARY-said-by-the-mentor"
BY_PROGRAMS = ("plans/", "roadmaps/", "needs/", "offers/", "invitations/", "calls/", "engagements/")
PAPER = Request("ABCD-EFGH-JKMN", "Matching round", "TLP:AMBER+STRICT", "a4", "Ines", date(2026, 5, 6), "")


@pytest.fixture
def worked(world: World) -> Engagement:
    """Both sides noted their calls, the round was published, both accepted and signed, mails were sent."""
    cast = world.cast
    round_ = calls(world)
    note(world, cast.mentor_partner, 5, words=CANARY)
    note(world, cast.mentor_partner, 5, by_mentor=True, words=OTHER)
    final = world.solve(round_)
    row = final.proposals.get()
    assert row.offer.member == cast.mentor_partner
    world.decide(row, "accept")
    world.publish(final)
    for actor, member in ((cast.lead, cast.agency), (cast.mentor, cast.mentor_partner)):
        made = services.accept_invitation(actor=actor, member=member, public_id=row.public_id)
    assert made is not None
    world.sign(made, cast.lead, cast.agency)
    world.sign(made, cast.mentor, cast.mentor_partner)
    jobs.ring_due()
    return made


def test_no_other_table_and_no_mail_holds_the_words(worked: Engagement) -> None:
    found = []
    for model in apps.get_models():
        if model is CallNote:
            continue
        for values in model._default_manager.values_list():
            if "CANARY-said" in str(values):
                found.append(model._meta.label)
    assert found == []
    assert all(
        "CANARY-said" not in f"{m.subject}{m.body}{getattr(m, 'alternatives', '')}" for m in mail.outbox
    )
    assert CallNote.objects.count() == 2


def test_pages_programs_exports_and_papers_of_the_other_side_do_not_tell(
    world: World, worked: Engagement
) -> None:
    cast, row, papers = world.cast, Proposal.objects.get(engagement=worked), 0
    for user, member, theirs in (
        (cast.lead, cast.agency, OTHER), (cast.mentor, cast.mentor_partner, CANARY),
    ):  # fmt: skip
        client, home = signed_in(user), f"/o/{member.public_id}/"
        api = f"/api/v1/members/{member.public_id}/"
        here = reverse("mentoring:engagement", args=[member.public_id, worked.public_id])
        pages = [
            home, f"{home}engagements/", f"{home}requests/", f"{home}calls/", f"{home}invitations/{row.public_id}/",
            f"{home}ledger/", here, *(f"{here}{part}" for part in ("agreement/", "meetings/", "work/", "feedback/", "pdf/")),
            "/me/notifications/", "/api/v1/", *(f"{api}{part}" for part in BY_PROGRAMS),
            *(f"{api}engagements/{worked.public_id}/{part}" for part in ("", "sessions/", "meetings/", "work/")),
            f"{api}invitations/{row.public_id}/",
        ]  # fmt: skip
        for page in pages:
            answer = client.get(page)
            assert answer.status_code in (200, 404), (page, answer.status_code)
            content = b"".join(answer)
            papers += content.startswith(b"%PDF")
            text = " ".join(pages_of(content)) if content.startswith(b"%PDF") else content.decode()
            assert theirs not in text.replace("\n", ""), page
    assert papers == 2, "the paper of the engagement was read on both sides"
    taken = json.dumps(export_record(actor=cast.lead, member=cast.agency), default=str)
    assert "CANARY-said" not in taken


def test_files_and_paper_of_the_round_do_not_tell(world: World, worked: Engagement) -> None:
    cast, round_id = world.cast, worked.proposal.round.public_id
    papers = [
        export_of(cast.manager, cast.programme.public_id, round_id, part)[0] for part in ("problem", "answer")
    ]
    source = matching_source(cast.manager, cast.programme.public_id, round_id)
    papers.append(document_html(round_document(source, PAPER)))
    assert [paper for paper in papers if "CANARY-said" in paper] == []


def test_programs_of_both_sides_read_their_own_words_only_while_calls_are_open(world: World) -> None:
    cast = world.cast
    calls(world)
    note(world, cast.mentor_partner, 5, words=CANARY)
    note(world, cast.mentor_partner, 5, by_mentor=True, words=OTHER)
    for user, member, own, theirs in (
        (cast.lead, cast.agency, CANARY, OTHER), (cast.mentor, cast.mentor_partner, OTHER, CANARY),
    ):  # fmt: skip
        client, api = signed_in(user), f"/api/v1/members/{member.public_id}/"
        found = client.get(f"{api}calls/").json()["results"]
        texts = [
            json.dumps(found),
            *(client.get(f"{api}calls/{row['id']}/").content.decode() for row in found),
        ]
        assert all(theirs not in text for text in texts) and any(own in text for text in texts)
