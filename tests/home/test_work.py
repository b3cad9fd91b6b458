"""Course work offered to a member's assessment as evidence: the learner offers, those who answer decide."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from apps.accounts.models import Notification
from apps.assessments.models import Assessment, Evidence
from apps.assessments.services import read_evidence
from apps.core.errors import Conflict, Refused, Stale
from apps.core.jobs import run_waiting
from apps.core.models import AuditEntry
from apps.courses import services as learning
from apps.courses.models import WorkFile, WorkOffer
from apps.courses.services import work_files
from apps.frameworks.models import Framework
from apps.frameworks.selectors import SHARED
from apps.home import selectors
from apps.home.services.work import decline_offer, offer_to_assessment, take_offer
from tests.assessments.flow import begin
from tests.courses.small import small_course
from tests.factories import small_version
from tests.people import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COURSE = "c9-doors"


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    """A running assessment on the shared framework; the viewer takes a course that names two of its questions."""
    version = small_version()
    Framework.objects.filter(pk=version.framework_id).update(slug=SHARED)
    small_course(indicators=["GOV.1.1", "RES.1.1"])
    learning.enrol(actor=cast.viewer, course=COURSE)
    return begin(cast.lead, cast.agency, version=version)


def write(cast: Cast, text: str = "Whom to call: Réda.", expected: int = 0) -> Any:
    return learning.save_artefact(
        actor=cast.viewer, course=COURSE, title="Card", text=text, expected=expected
    )


def offer(cast: Cast, assessment: Assessment, indicator: str = "GOV.1.1") -> WorkOffer:
    return offer_to_assessment(
        actor=cast.viewer, course=COURSE, member=cast.agency.public_id, assessment=assessment.public_id,
        area=indicator.rpartition(".")[0], indicator=indicator,
    )  # fmt: skip


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_work_is_written_offered_and_taken_as_a_file(cast: Cast, assessment: Assessment) -> None:
    learner = signed_in(cast.viewer)
    assert "Make something your office can use" in learner.get(f"/learn/{COURSE}/my-work/").content.decode()
    learner.post(
        f"/learn/{COURSE}/my-work/", {"title": "Card", "text": "Whom to call: Réda.", "version": "0"}
    )
    page = learner.get(f"/me/offer-work/{COURSE}/").content.decode()
    assert "It can support 2 questions" in page
    learner.post(f"/me/offer-work/{COURSE}/", {"place": f"{assessment.public_id}:GOV.1.1"})
    row = WorkOffer.objects.get()
    assert Notification.objects.filter(user=cast.lead, kind="work_offered").count() == 1
    owner, address = signed_in(cast.lead), f"/o/{cast.agency.public_id}/offered-work/"
    assert "Whom to call: Réda." in owner.get(address).content.decode()
    owner.post(f"{address}{row.public_id}/", {"act": "take"})
    piece = Evidence.objects.get()
    assert (piece.kind, piece.title, piece.owner) == ("file", "Card", cast.viewer.full_name)
    assert piece.links.get().indicator.code == "GOV.1.1"
    row.refresh_from_db()
    assert (row.state, row.evidence, row.decided_by) == ("taken", piece.public_id, cast.lead)
    assert "Taken as evidence" in learner.get(f"/learn/{COURSE}/my-work/").content.decode()
    with pytest.raises(Conflict):
        decline_offer(actor=cast.lead, member=cast.agency.public_id, offer=row.public_id)
    assert Evidence.objects.count() == 1


def test_offer_keeps_its_words_and_readers_cannot_decide(cast: Cast, assessment: Assessment) -> None:
    write(cast)
    row = offer(cast, assessment)
    write(cast, "Other words", 1)
    assert offer(cast, assessment).pk == row.pk
    assert WorkOffer.objects.get().text == "Whom to call: Réda."
    where = {"member": cast.agency.public_id, "offer": row.public_id}
    with pytest.raises(PermissionDenied):
        take_offer(actor=cast.viewer, **where)
    with pytest.raises(Http404):
        take_offer(actor=cast.other_lead, **where)
    decline_offer(actor=cast.respondent, **where)
    assert not Evidence.objects.exists()


def test_only_questions_that_the_course_names_and_only_ones_own_members(
    cast: Cast, assessment: Assessment
) -> None:
    with pytest.raises(Http404):
        offer(cast, assessment)
    write(cast)
    with pytest.raises(Refused, match="says nothing"):
        offer(cast, assessment, "GOV.2.1")
    learning.enrol(actor=cast.outsider, course=COURSE)
    assert selectors.offer_places(cast.outsider, ["GOV.1.1"]) == []
    page = signed_in(cast.viewer).post(f"/me/offer-work/{COURSE}/", {"place": "x"})
    assert (page.status_code, "Choose a question." in page.content.decode()) == (422, True)


def test_work_changed_on_two_devices_shows_both(cast: Cast, assessment: Assessment) -> None:
    write(cast)
    write(cast, "From the phone", 1)
    with pytest.raises(Stale):
        write(cast, "From the desk", 1)
    page = signed_in(cast.viewer).post(
        f"/learn/{COURSE}/my-work/", {"title": "Card", "text": "From the desk", "version": "1"}
    )
    text = page.content.decode()
    assert page.status_code == 409 and "From the phone" in text and "From the desk" in text
    empty = signed_in(cast.viewer).post(
        f"/learn/{COURSE}/my-work/", {"title": "", "text": "x", "version": "2"}
    )
    assert empty.status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_places_and_offers_ask_the_same_for_one_and_three(
    cast: Cast, assessment: Assessment, count: int, django_assert_num_queries: Any
) -> None:
    from apps.courses import selectors as courses

    work = write(cast)
    for n in range(count):
        WorkOffer.objects.create(
            artefact=work, member=cast.agency, assessment="a" * 20, area="GOV.1", indicator=f"GOV.1.{n}"
        )
        if n:
            begin(cast.lead, cast.agency, title=f"{n}", version=assessment.version_of)
    with django_assert_num_queries(2):
        assert len(selectors.offer_places(cast.viewer, ["GOV.1.1"])) == count
    with django_assert_num_queries(2):
        assert len(courses.offers_to(cast.lead, cast.agency)) == count


def add_file(cast: Cast, data: bytes = b"The list itself.\n") -> Any:
    return work_files.add_work_file(
        actor=cast.viewer, course=COURSE, upload=io.BytesIO(data), name="list.txt"
    )


def test_file_goes_along_and_becomes_evidence_of_its_own(cast: Cast, assessment: Assessment) -> None:
    write(cast)
    add_file(cast)
    row = offer(cast, assessment)
    work_files.remove_work_file(actor=cast.viewer, course=COURSE)
    run_waiting()
    owner, address = signed_in(cast.lead), f"/o/{cast.agency.public_id}/offered-work/"
    assert "list.txt" in owner.get(address).content.decode()
    got = owner.get(f"{address}{row.public_id}/file/")
    assert b"".join(got.streaming_content) == b"The list itself.\n"
    entry = AuditEntry.objects.get(action="work.file_read")
    assert (entry.actor, entry.chain_id) == (cast.lead.public_id, cast.agency.public_id)
    assert signed_in(cast.other_lead).get(f"{address}{row.public_id}/file/").status_code == 404
    owner.post(f"{address}{row.public_id}/", {"act": "take"})
    pieces = {piece.title: piece for piece in Evidence.objects.all()}
    assert sorted(pieces) == ["Card", "list.txt"]
    row.refresh_from_db()
    assert row.evidence == pieces["list.txt"].public_id
    kept = b"".join(read_evidence(actor=cast.lead, evidence=pieces["list.txt"]).parts)
    assert kept == b"The list itself.\n"
    run_waiting()
    assert not WorkFile.objects.exclude(file="").exists()
    assert owner.get(f"{address}{row.public_id}/file/").status_code == 404


def test_offer_with_a_file_that_waits_is_not_taken_half(cast: Cast, assessment: Assessment) -> None:
    write(cast)
    file = add_file(cast)
    row = offer(cast, assessment)
    WorkFile.objects.filter(pk=file.pk).update(state="waiting")
    with pytest.raises(Conflict):
        take_offer(actor=cast.lead, member=cast.agency.public_id, offer=row.public_id)
    assert not Evidence.objects.exists()
    decline_offer(actor=cast.lead, member=cast.agency.public_id, offer=row.public_id)
