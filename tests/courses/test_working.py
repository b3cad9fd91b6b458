"""Trainers accept the work of their cohort's learners, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from apps.courses import services
from apps.courses.models import AcceptedWork, Certificate, Cohort, Enrolment, OralCheck
from apps.courses.selectors.working import learner_enrolment, work_page
from apps.courses.services import work_files
from apps.courses.services.oral import note_oral_check
from tests.courses.groups import bring, make_cohort
from tests.courses.small import finish_course, small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast: Cast) -> Cohort:
    version = small_course()
    made = make_cohort(cast.manager, version.course.slug, programme=cast.programme)
    bring(made, cast.manager, cast.mentor, "trainer")
    return made


def test_trainer_accepts_work_and_the_certificate_rises(cast: Cast, group: Cohort) -> None:
    person = bring(group, cast.manager, cast.respondent)
    finish_course(cast.respondent, group.course.versions.get())
    browser = signed_in(cast.mentor)
    page = browser.get(f"/cohorts/{group.public_id}/pieces/").content.decode()
    assert "The work of 0 of 1 learner is accepted" in page
    url = f"/cohorts/{group.public_id}/people/{person.public_id}/piece/"
    assert browser.post(url, {"title": " "}).status_code == 400
    assert browser.post(url, {"title": "A list"}).status_code == 400
    assert 'name="title"' not in page and "What came of the talk about it?" in page
    note_oral_check(
        actor=cast.mentor, enrolment=learner_enrolment(cast.mentor, group, person.public_id), result="good"
    )
    page = browser.post(url, {"title": "A list of <b>doors"}, follow=True).content.decode()
    assert "The work of 1 of 1 learner is accepted" in page
    assert "A list of &lt;b&gt;doors" in page
    held = Certificate.objects.get(superseded_by=None)
    assert (held.kind, held.statement["work"]["asked_on"]) == ("practice", held.issued_on.isoformat())
    assert AcceptedWork.objects.get().reviewer == cast.mentor


def test_talk_that_has_to_be_repeated_is_told_and_the_next_one_counts(cast: Cast, group: Cohort) -> None:
    person = bring(group, cast.manager, cast.respondent)
    services.enrol(actor=cast.respondent, course=group.course.slug)
    url = f"/cohorts/{group.public_id}/people/{person.public_id}/piece/"
    browser, learner = signed_in(cast.mentor), signed_in(cast.respondent)
    for odd in ({}, {"result": "best"}, {"result": "again"}, {"result": "good", "note": "x" * 301}):
        assert browser.post(f"{url}asked/", odd).status_code == 400
    browser.post(f"{url}asked/", {"result": "again", "note": "Who stands <b>in?"})
    assert browser.post(url, {"title": "A list"}).status_code == 400
    assert cast.respondent.notifications.filter(kind="work_asked").count() == 1
    page = learner.get(f"/learn/{group.course.slug}/my-work/").content.decode()
    assert "To be asked again" in page and "Who stands &lt;b&gt;in?" in page
    browser.post(f"{url}asked/", {"result": "good"})
    assert browser.post(url, {"title": "A list"}).status_code == 302
    assert browser.post(f"{url}asked/", {"result": "again", "note": "Late."}).status_code == 409
    assert [row.result for row in OralCheck.objects.all()] == ["again", "good"]


def test_nobody_notes_a_talk_with_themselves_or_of_another_cohort(cast: Cast, group: Cohort) -> None:
    services.enrol(actor=cast.mentor, course=group.course.slug)
    own = Enrolment.objects.get(user=cast.mentor)
    for stranger in (cast.mentor, cast.lead, cast.outsider):
        with pytest.raises(PermissionDenied):
            note_oral_check(actor=stranger, enrolment=own.public_id, result="good")
    assert not OralCheck.objects.exists()


def test_work_is_accepted_in_ones_own_cohort_only(cast: Cast, group: Cohort) -> None:
    person = bring(group, cast.manager, cast.respondent)
    url = f"/cohorts/{group.public_id}/people/{person.public_id}/piece/"
    for stranger in (cast.lead, cast.outsider):
        assert signed_in(stranger).post(url, {"title": "A"}).status_code == 404
    assert signed_in(cast.respondent).post(url, {"title": "A"}).status_code == 403
    assert Client().post(url, {"title": "A"}).status_code == 302
    with pytest.raises(Http404):
        learner_enrolment(cast.mentor, group, "x" * 20)
    assert not AcceptedWork.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_work_page_asks_the_same_for_one_and_three(
    cast: Cast, group: Cohort, count: int, django_assert_num_queries: Any
) -> None:
    for _n in range(count):
        user = UserFactory()
        bring(group, cast.manager, user)
        given = {"actor": user, "course": group.course.slug}
        services.enrol(**given)
        services.save_artefact(**given, title="Card", text="Words", expected=0)
        work_files.show_work(**given, shown=True)
        enrolment = Enrolment.objects.get(user=user).public_id
        note_oral_check(actor=cast.mentor, enrolment=enrolment, result="again", note="Look again.")
    with django_assert_num_queries(10):
        assert len(work_page(cast.mentor, group).rows) == count
