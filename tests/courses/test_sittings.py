"""A test under supervision: the code of a room, who is in, and the certificate that is given only so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.courses import selectors, services
from apps.courses.models import Attempt, Cohort, CourseVersion, Seat, Sitting
from apps.courses.selectors.reaching import reached
from apps.courses.selectors.sittings import sitting_page, sittings_page
from apps.courses.services import sittings
from tests.courses.groups import bring, make_cohort
from tests.courses.small import RIGHT, finish_lesson, small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory
from tests.people import Cast
from tests.together import at_once

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
PLACE: dict[str, Any] = {"course": COURSE, "module": "m1"}
TEST = f"/learn/{COURSE}/test/m1/"


@pytest.fixture
def group(cast: Cast) -> Cohort:
    """A cohort of a course whose test counts only under supervision."""
    version = small_course()
    watched(version)
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    bring(group, cast.manager, cast.mentor, "trainer")
    cache.clear()
    return group


def watched(version: CourseVersion) -> None:
    version.document["modules"][0]["test"]["supervised"] = True
    version.save()


def learner(cast: Cast, group: Cohort, name: str = "Vera Lind") -> User:
    return bring(group, cast.manager, UserFactory(full_name=name)).user


def open_one(cast: Cast, group: Cohort, **given: Any) -> Sitting:
    given = {"place": "m1", "where": "Room 4, Arda", "minutes": 60, "seats": 5, **given}
    return sittings.open_sitting(actor=cast.mentor, cohort=group, **given)


def enter(user: User, sitting: Sitting, **given: Any) -> Attempt:
    return sittings.start_supervised(actor=user, **PLACE, **{"code": sitting.code, **given})


def answer_all(user: User, attempt: Attempt) -> None:
    for drawn in attempt.questions:
        services.save_answer(
            actor=user, **PLACE, attempt=attempt.public_id, question=drawn["code"], given={"chosen": [RIGHT]}
        )


def test_certificate_of_such_a_course_is_given_only_under_supervision(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    finish_lesson(user, COURSE, "l11")
    with pytest.raises(Refused, match="only under supervision"):
        services.start_attempt(actor=user, **PLACE)
    sitting = open_one(cast, group)
    attempt = enter(user, sitting)
    answer_all(user, attempt)
    services.hand_in(actor=user, **PLACE, attempt=attempt.public_id)
    enrolment = Attempt.objects.get().enrolment
    certificate = enrolment.certificates.get()
    assert certificate.statement["assessed"][0]["supervised"]["by"] == str(cast.mentor)
    page = Client().get(f"/verify/{certificate.code}/").content.decode()
    assert f"supervised by <bdi>{cast.mentor}</bdi>" in page
    assert "unsupervised" not in page
    # The same result without supervision would reach no more than completion.
    Attempt.objects.update(supervised_by="", sitting=None)
    assert reached(enrolment)[0] == "completion"


def test_re_check_of_such_a_course_needs_supervision_too(cast: Cast, group: Cohort) -> None:
    version = CourseVersion.objects.get()
    from apps.courses.selectors.clock import needs_supervision

    assert needs_supervision(version, "recheck-1")
    version.document["modules"][0]["test"].pop("supervised")
    assert not needs_supervision(version, "recheck-1")


def test_code_opens_nothing_for_others_before_or_after(cast: Cast, group: Cohort) -> None:
    user, stranger = learner(cast, group), UserFactory()
    services.enrol(actor=stranger, course=COURSE)
    sitting = open_one(cast, group)
    with pytest.raises(Refused, match="opens no sitting"):
        enter(stranger, sitting)
    with pytest.raises(Refused, match="opens no sitting"):
        enter(user, sitting, code="00000000")
    with pytest.raises(Refused, match="opens no sitting"):
        enter(user, sitting, at=now() + timedelta(minutes=61))
    later = open_one(cast, group, starts_at=now() + timedelta(hours=2))
    with pytest.raises(Refused, match="has not begun"):
        enter(user, later)
    code = sitting.code
    sittings.end_sitting(actor=cast.mentor, cohort=group, sitting=sitting.public_id)
    with pytest.raises(Refused, match="opens no sitting"):
        enter(user, sitting, code=code)
    assert not Attempt.objects.exists()


def test_list_and_seats_are_kept(cast: Cast, group: Cohort) -> None:
    named, other = learner(cast, group), learner(cast, group, "Oto Maar")
    place = group.people.get(user=named)
    sitting = open_one(cast, group, learners=[place.public_id])
    enter(named, sitting)
    with pytest.raises(Refused, match="not on the list"):
        enter(other, sitting)
    small = open_one(cast, group, seats=1)
    enter(other, small)
    with pytest.raises(Refused, match="Every seat"):
        enter(learner(cast, group, "Third"), small)


def test_nobody_who_sees_the_codes_is_supervised(cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.manager)
    with pytest.raises(PermissionDenied):
        enter(cast.manager, open_one(cast, group))


def test_only_those_who_run_the_cohort_open_sittings(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    for actor in (user, cast.outsider):
        with pytest.raises(PermissionDenied):
            sittings.open_sitting(actor=actor, cohort=group, place="m1", where="Home", minutes=60, seats=1)
    with pytest.raises(Refused):
        open_one(cast, group, place="before")
    with pytest.raises(Refused):
        open_one(cast, group, minutes=2000)
    with pytest.raises(Refused):
        open_one(cast, group, seats=0)


def test_end_of_the_sitting_hands_in_what_was_saved(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    sitting = open_one(cast, group, minutes=10)
    attempt = enter(user, sitting)
    assert attempt.closes_at == sitting.closes_at
    longer = sittings.prolong_sitting(actor=cast.mentor, cohort=group, sitting=sitting.public_id, minutes=5)
    attempt.refresh_from_db()
    assert attempt.closes_at == longer.closes_at
    # Time that a lost line took is given back within the sitting only.
    back = {"attempt": attempt.public_id, "seconds": 300, "at": now() + timedelta(minutes=8)}
    assert services.give_back_time(actor=user, **PLACE, **back).closes_at == longer.closes_at
    sittings.end_sitting(actor=cast.mentor, cohort=group, sitting=sitting.public_id)
    attempt.refresh_from_db()
    assert services.close_attempt(actor=None, attempt=attempt.public_id, at=now() + timedelta(minutes=3))
    attempt.refresh_from_db()
    assert attempt.handed_in_at
    assert Sitting.objects.get(pk=sitting.pk).code == ""


def test_who_is_not_in_the_room_is_ended_and_gets_no_certificate(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    finish_lesson(user, COURSE, "l11")
    sitting = open_one(cast, group)
    attempt = enter(user, sitting)
    answer_all(user, attempt)
    seat = Seat.objects.get()
    given = {"actor": cast.mentor, "cohort": group, "sitting": sitting.public_id, "seat": seat.public_id}
    with pytest.raises(Refused):
        sittings.send_out(**given, reason=" ")
    sittings.send_out(**given, reason="Not in the room.")
    attempt.refresh_from_db()
    assert attempt.set_aside_reason == "Not in the room."
    assert attempt.passed is False
    assert not attempt.enrolment.certificates.exists()
    with pytest.raises(Refused, match="ended your try"):
        enter(user, sitting)
    other = learner(cast, group, "Oto Maar")
    done = enter(other, sitting)
    services.hand_in(actor=other, **PLACE, attempt=done.public_id)
    given["seat"] = Seat.objects.get(user=other).public_id
    with pytest.raises(Conflict):
        sittings.send_out(**given, reason="Too late.")
    assert AuditEntry.objects.filter(action="sitting.sent_out").count() == 1


def test_another_browser_asks_for_the_code_again_and_goes_on(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    sitting = open_one(cast, group)
    first, second = signed_in(user), signed_in(user)
    typed = f" {sitting.code[:4].lower()}-{sitting.code[4:]} "
    assert first.post(f"{TEST}supervised/", {"code": typed})["Location"] == TEST
    attempt = Attempt.objects.get()
    question = attempt.questions[0]["code"]
    answer = {"attempt": attempt.public_id, "question": question, "chosen": RIGHT}
    assert first.post(f"{TEST}answer/", answer).status_code == 302
    assert second.get(TEST)["Location"] == f"{TEST}supervised/"
    second.post(f"{TEST}answer/", answer | {"question": attempt.questions[1]["code"]})
    second.post(f"{TEST}hand-in/", {"attempt": attempt.public_id})
    attempt.refresh_from_db()
    assert list(attempt.answers) == [question]
    assert attempt.handed_in_at is None
    assert "once more" in second.get(f"{TEST}supervised/").content.decode()
    second.post(f"{TEST}supervised/", {"code": sitting.code})
    assert "Question 2 of" in second.get(TEST).content.decode()
    assert Attempt.objects.count() == 1


def test_codes_cannot_be_guessed(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    client, sitting = signed_in(user), open_one(cast, group)
    for _n in range(10):
        assert client.post(f"{TEST}supervised/", {"code": "1111-2222"}).status_code == 422
    # Now the right one opens nothing either, until the wait is over.
    busy = client.post(f"{TEST}supervised/", {"code": sitting.code})
    assert busy.status_code == 429
    assert busy["Retry-After"] == "900"
    assert not Attempt.objects.exists()
    assert len(sitting.code) == 8


def test_hostile_codes_are_refused_in_words(cast: Cast, group: Cohort) -> None:
    client = signed_in(learner(cast, group))
    for code in ("", "\x00" * 8, "ééééüüüü", "x" * 5000, "'; DROP--"):
        assert client.post(f"{TEST}supervised/", {"code": code}).status_code == 422


def test_page_of_the_sitting_says_who_is_in_and_who_finished(
    cast: Cast, group: Cohort, django_assert_num_queries: Any
) -> None:
    sitting = open_one(cast, group)
    people = [learner(cast, group, f"Learner {n}") for n in range(3)]
    attempt = enter(people[0], sitting)
    with django_assert_num_queries(8):
        sitting_page(cast.mentor, group, sitting.public_id)
    services.hand_in(actor=people[0], **PLACE, attempt=attempt.public_id)
    for user in people[1:]:
        enter(user, sitting)
    with django_assert_num_queries(8):
        page = sitting_page(cast.mentor, group, sitting.public_id)
    assert [row.state for row in page.seats] == ["done", "in", "in"]
    url = f"/cohorts/{group.public_id}/sittings/{sitting.public_id}/"
    shown = signed_in(cast.mentor).get(url)
    assert "3 of 5 learners are in, 1 finished" in shown.content.decode()
    assert f"{sitting.code[:4]}-{sitting.code[4:]}" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert signed_in(people[1]).get(url).status_code == 403
    assert sittings_page(cast.mentor, group).open == 1


def test_trainer_opens_a_sitting_on_the_page(cast: Cast, group: Cohort) -> None:
    client = signed_in(cast.mentor)
    url = f"/cohorts/{group.public_id}/sittings/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"place": "m1", "on": "2099-01-01"}).status_code == 422
    made = client.post(url, {"place": "m1", "where": "Room 4", "minutes": "60", "seats": "20"})
    assert made["Location"] == f"{url}{Sitting.objects.get().public_id}/"


def test_sitting_of_another_cohort_is_not_found(cast: Cast, group: Cohort) -> None:
    other = make_cohort(cast.manager, COURSE, programme=cast.programme, name="Other")
    sitting = open_one(cast, group)
    with pytest.raises(Http404):
        sitting_page(cast.manager, other, sitting.public_id)
    with pytest.raises(Http404):
        sittings.end_sitting(actor=cast.manager, cohort=other, sitting=sitting.public_id)


def test_test_page_offers_the_code(cast: Cast, group: Cohort) -> None:
    user = learner(cast, group)
    page = selectors.test_page(user, COURSE, "m1", None)
    assert page.needs_supervision
    assert f"{TEST}supervised/" in signed_in(user).get(TEST).content.decode()
    assert signed_in(user).get(f"/learn/{COURSE}/test/nope/supervised/").status_code == 404


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="The test database of SQLite lives in memory and is not shared."
)
def test_twenty_learners_with_one_code_at_once(cast: Cast) -> None:
    version = small_course()
    watched(version)
    group = make_cohort(cast.manager, COURSE, programme=cast.programme)
    people = [learner(cast, group, f"Learner {n}") for n in range(20)]
    sitting = sittings.open_sitting(
        actor=cast.manager, cohort=group, place="m1", where="Hall", minutes=60, seats=18
    )
    raised = at_once(*[lambda user=user: enter(user, sitting) for user in people])
    assert Seat.objects.filter(came_at__isnull=False).count() == 18
    assert Attempt.objects.filter(sitting=sitting).count() == 18
    assert [type(fault) for fault in raised] == [Refused, Refused]


def test_twenty_learners_with_one_code_one_after_the_other(cast: Cast, group: Cohort) -> None:
    people = [learner(cast, group, f"Learner {n}") for n in range(20)]
    sitting = open_one(cast, group, seats=20)
    for user in people:
        attempt = enter(user, sitting)
        assert enter(user, sitting) == attempt
    assert Seat.objects.count() == Attempt.objects.count() == 20
