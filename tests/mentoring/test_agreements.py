"""The agreement: drafted by both, signed by both, shared only then, changed only by a new version."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from apps.core.errors import Conflict, Refused
from apps.core.seals import content_hash, is_signed
from apps.members.models import Grant
from apps.mentoring import services
from apps.mentoring.models import Agreement, Engagement
from apps.mentoring.selectors.agreements import agreement_draft, agreement_page, may_publish, signed_agreement
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World
from tests.together import at_once


def form_of(world: World, row: Engagement, **changes: Any) -> dict[str, Any]:
    """What the browser sends back from the form of the draft, with some fields changed."""
    from apps.mentoring.forms.agreements import AgreementForm

    page = agreement_draft(world.cast.lead, world.cast.agency.public_id, row.public_id)
    form = AgreementForm(
        terms=page.terms, people=(page.member_people, page.mentor_people), initial={"version": page.version}
    )
    values = {field.name: field.value() for field in form}
    return {name: value for name, value in {**values, **changes}.items() if value not in (None, False)}


def url(world: World, row: Engagement, name: str = "agreement", *, mentor: bool = False) -> str:
    member = world.cast.mentor_partner if mentor else world.cast.agency
    return reverse(f"mentoring:{name}", args=[member.public_id, row.public_id])


def test_draft_holds_every_point_filled_from_the_proposal(world: World) -> None:
    row = world.engagement(signed=False)
    page = signed_in(world.cast.viewer).get(url(world, row)).content.decode()
    for words in (
        "Leila Marwan", "Sana Aldris", "Please help.", "GOV.1 Direction", "Assessment 1", "SHA-256", "from level 1 to level 2",
        "Milestones", "Review points", "6 hours a month", "Each side bears its own costs", "TLP:AMBER+STRICT", "without evidence",
        "Conflict of interest", "Pause", "Exit", "Another mentor", "Consents and signatures",
    ):  # fmt: skip
        assert words in page, words
    assert "Sign the agreement" not in page


def test_nothing_is_shared_before_both_have_signed(world: World) -> None:
    row, cast = world.engagement(signed=False), world.cast
    shared = reverse("assessments:shared", args=[cast.agency.public_id])
    mentor = signed_in(cast.mentor)
    assert mentor.get(shared).status_code == 404
    world.sign(row, cast.mentor, cast.mentor_partner)
    assert mentor.get(shared).status_code == 404
    assert "It waits for your signature" in signed_in(cast.lead).get("/me/notifications/").content.decode()
    world.sign(row, cast.lead, cast.agency)
    assert mentor.get(shared).status_code == 200
    row.refresh_from_db()
    assert row.grant is not None and (row.grant.given_by, row.grant.ends_on) == (cast.lead, row.ends_on)


def test_signed_words_are_frozen_and_can_be_checked_elsewhere(world: World) -> None:
    row, cast = world.engagement(), world.cast
    agreement = row.agreements.get()
    assert content_hash(agreement.document) == agreement.document_hash
    for put in agreement.signatures.all():
        assert put.statement["hash"] == agreement.document_hash and is_signed(put.statement, put.proof)
    client = signed_in(cast.mentor)
    answer = client.get(
        reverse(
            "mentoring:agreement_file",
            args=[cast.mentor_partner.public_id, row.public_id, agreement.public_id],
        )
    )
    assert "attachment" in answer["Content-Disposition"]
    told = json.loads(answer.content)
    assert content_hash(told["document"]) == told["sha256"] and len(told["signatures"]) == 2
    assert client.get(url(world, row, "agreement_edit", mentor=True)).status_code == 404


def test_draft_is_changed_in_the_browser(world: World) -> None:
    row = world.engagement(signed=False)
    client = signed_in(world.cast.mentor)
    address = url(world, row, "agreement_edit", mentor=True)
    assert client.get(address).status_code == 200
    sent = form_of(
        world, row, purpose="A strategy by spring", milestone_4_title="Cabinet", milestone_4_on=row.ends_on
    )
    assert client.post(address, sent).status_code == 302
    page = client.get(url(world, row, mentor=True)).content.decode()
    assert "A strategy by spring" in page and "Cabinet" in page


def test_both_texts_are_shown_when_the_other_side_saved_first(world: World) -> None:
    row = world.engagement(signed=False)
    address = url(world, row, "agreement_edit")
    mine, theirs = form_of(world, row, purpose="Mine"), form_of(world, row, purpose="Theirs")
    client = signed_in(world.cast.lead)
    assert client.post(address, theirs).status_code == 302
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Theirs" in page and "Mine" in page
    assert client.post(address, {**mine, "version": 2}).status_code == 302


def test_words_are_not_lost_when_the_other_side_signs_meanwhile(world: World) -> None:
    row = world.engagement(signed=False)
    mine = form_of(world, row, purpose="Mine")
    world.sign(row, world.cast.mentor, world.cast.mentor_partner)
    answer = signed_in(world.cast.lead).post(url(world, row, "agreement_edit"), mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "signed this version meanwhile" in page and "Mine" in page
    assert row.agreements.get().terms["purpose"] == "Please help."


def test_signing_what_changed_while_reading_is_a_conflict(world: World) -> None:
    row, cast = world.engagement(signed=False), world.cast
    seen = agreement_page(cast.lead, cast.agency.public_id, row.public_id).hash
    signed_in(cast.mentor).post(
        url(world, row, "agreement_edit", mentor=True), form_of(world, row, cost_note="You pay the flights.")
    )
    answer = signed_in(cast.lead).post(url(world, row, "agreement_sign"), {"seen": seen})
    assert answer.status_code == 409 and "changed while you were reading" in answer.content.decode()
    assert not row.agreements.get().signatures.exists()


def test_change_is_a_new_version_that_both_sign_again(world: World) -> None:
    row, cast = world.engagement(), world.cast
    first, grant = row.agreements.get(), row.grant
    client = signed_in(cast.lead)
    client.post(url(world, row, "agreement_next"))
    client.post(
        url(world, row, "agreement_edit"),
        form_of(world, row, access_until=localdate() + timedelta(days=40), exit="With a week of notice."),
    )
    page = client.get(url(world, row)).content.decode()
    assert "What changed since version 1" in page and "With a week of notice." in page
    world.sign(row, cast.lead, cast.agency)
    row.refresh_from_db()
    assert row.grant == grant and signed_agreement(row) == first
    world.sign(row, cast.mentor, cast.mentor_partner)
    row.refresh_from_db()
    first.refresh_from_db()
    assert first.state == "replaced" and [a.number for a in row.agreements.all()] == [2, 1]
    assert row.grant != grant and Grant.objects.in_force().count() == 1
    assert row.grant is not None and row.grant.ends_on == localdate() + timedelta(days=40)
    earlier = reverse(
        "mentoring:agreement_version", args=[cast.agency.public_id, row.public_id, first.public_id]
    )
    page = client.get(earlier).content.decode()
    assert "replaced by a later one" in page and "With a week of notice." not in page


def test_same_terms_leave_the_consent_as_it_is(world: World) -> None:
    row, cast = world.engagement(), world.cast
    grant = row.grant
    services.draft_agreement(actor=cast.mentor, member=cast.mentor_partner, engagement=row.public_id)
    world.sign(row, cast.lead, cast.agency)
    world.sign(row, cast.mentor, cast.mentor_partner)
    row.refresh_from_db()
    assert row.grant == grant and Grant.objects.count() == 1


def test_opening_a_half_signed_version_sets_it_aside(world: World) -> None:
    row, cast = world.engagement(signed=False), world.cast
    world.sign(row, cast.lead, cast.agency)
    signed_in(cast.mentor).post(url(world, row, "agreement_next", mentor=True))
    assert [(a.number, a.state) for a in row.agreements.all()] == [(2, "draft"), (1, "set_aside")]
    with pytest.raises(Refused, match="nothing to go back to"):
        services.drop_agreement(actor=cast.lead, member=cast.agency, engagement=row.public_id)


def test_open_version_can_be_given_up(world: World) -> None:
    row, cast = world.engagement(), world.cast
    services.draft_agreement(actor=cast.lead, member=cast.agency, engagement=row.public_id)
    assert signed_in(cast.lead).post(url(world, row, "agreement_drop")).status_code == 302
    assert "in force" in signed_in(cast.lead).get(url(world, row)).content.decode()


def test_publication_needs_both_and_ends_when_one_takes_it_back(world: World) -> None:
    row, cast = world.engagement(signed=False), world.cast
    world.sign(row, cast.lead, cast.agency, publication=True)
    assert not may_publish(row)
    world.sign(row, cast.mentor, cast.mentor_partner, publication=True)
    assert may_publish(row)
    row.refresh_from_db()
    services.close_engagement(
        actor=cast.mentor,
        member=cast.mentor_partner,
        engagement=row.public_id,
        version=row.version,
        note="Done.",
    )
    client = signed_in(cast.lead)
    assert "Withdraw consent to publication" in client.get(url(world, row)).content.decode()
    assert client.post(url(world, row, "agreement_unpublish")).status_code == 302
    assert not may_publish(row)
    assert "Withdrew its consent to publication" in client.get(url(world, row)).content.decode()


def test_only_who_may_answer_for_a_side_signs_for_it(world: World) -> None:
    row, cast = world.engagement(signed=False), world.cast
    for person in (cast.respondent, cast.viewer):
        with pytest.raises(PermissionDenied):
            world.sign(row, person, cast.agency)
    with pytest.raises(Http404):
        world.sign(row, cast.other_lead, cast.agency)
    with pytest.raises(Http404):
        services.sign_agreement(
            actor=cast.mentor,
            member=cast.other,
            engagement=row.public_id,
            seen="",
            measurement=True,
            publication=False,
        )


def test_signature_asks_for_a_fresh_proof(world: World, settings: Any) -> None:
    settings.DEMO = False
    row, cast = world.engagement(signed=False), world.cast
    TOTP.activate(cast.lead, "JBSWY3DPEHPK3PXP")
    seen = agreement_page(cast.lead, cast.agency.public_id, row.public_id).hash
    answer = signed_in(cast.lead).post(url(world, row, "agreement_sign"), {"seen": seen})
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not row.agreements.get().signatures.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ends_on", "2020-01-01", "after the start"),
        ("ends_on", "2099-01-01", "two years"),
        ("access_until", "2098-01-01", "to the end of the work"),
        ("milestone_1_on", "2099-01-01", "between the start and the end"),
        ("milestone_1_title", "", "Say what is to be reached"),
        ("review_1", "1999-01-01", "between the start and the end"),
        ("result_1_to", "1", "valid choice"),
        ("purpose", "", "required"),
    ],
)
def test_terms_that_nobody_could_keep_are_refused_beside_the_field(
    world: World, field: str, value: str, words: str
) -> None:
    row = world.engagement(signed=False)
    answer = signed_in(world.cast.lead).post(
        url(world, row, "agreement_edit"), {**form_of(world, row), field: value}
    )
    assert answer.status_code == 422 and words in answer.content.decode()
    assert row.agreements.get().version == 1


def test_engagement_without_any_agreement_can_begin_one(world: World) -> None:
    row = world.engagement(signed=False)
    Agreement.objects.all().delete()
    client = signed_in(world.cast.lead)
    assert "There is no agreement yet" in client.get(url(world, row)).content.decode()
    assert client.post(url(world, row, "agreement_next")).status_code == 302
    assert row.agreements.get().number == 1


@pytest.mark.parametrize("count", [1, 3])
def test_agreement_page_asks_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries: Any
) -> None:
    row, cast = world.engagement(), world.cast
    for _again in range(count - 1):
        services.draft_agreement(actor=cast.lead, member=cast.agency, engagement=row.public_id)
        world.sign(row, cast.lead, cast.agency)
        world.sign(row, cast.mentor, cast.mentor_partner)
    with django_assert_num_queries(7):
        agreement_page(cast.lead, cast.agency.public_id, row.public_id)


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_put_one_agreement_into_force() -> None:
    from tests.mentoring.world import make_world
    from tests.people import make_cast

    world = make_world(make_cast())
    row, cast = world.engagement(signed=False), world.cast
    seen = agreement_page(cast.lead, cast.agency.public_id, row.public_id).hash

    def sign(user: Any, member: Any) -> None:
        for _attempt in range(400):
            try:
                services.sign_agreement(
                    actor=user,
                    member=member,
                    engagement=row.public_id,
                    seen=seen,
                    measurement=True,
                    publication=False,
                )
            except Exception as fault:
                if "locked" not in str(fault):
                    raise
                time.sleep(0.02)
            else:
                return

    raised = at_once(
        lambda: sign(cast.lead, cast.agency), lambda: sign(cast.mentor, cast.mentor_partner),
        lambda: sign(cast.lead, cast.agency),
    )  # fmt: skip
    assert raised == []
    assert row.agreements.get().state == "in_force" and Grant.objects.count() == 1


def test_conflict_without_an_open_version(world: World) -> None:
    row, cast = world.engagement(), world.cast
    with pytest.raises(Conflict, match="nothing to sign"):
        services.sign_agreement(
            actor=cast.lead,
            member=cast.agency,
            engagement=row.public_id,
            seen="0" * 64,
            measurement=True,
            publication=False,
        )
