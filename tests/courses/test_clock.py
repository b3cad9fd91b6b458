"""The clock of a test is the server's: nothing saved is lost, nobody gets more than they were given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import Notification, User
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry, OutboxMessage
from apps.courses import selectors, services
from apps.courses.models import Attempt, CourseVersion, ExtraTime
from tests.courses.small import RIGHT, WRONG, finish_lesson, small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
TEST = f"/learn/{COURSE}/test/m1/"
PLACE: dict[str, Any] = {"course": COURSE, "module": "m1"}
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")


@pytest.fixture
def learner() -> User:
    small_course()
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    return user


def begin(user: User, at: datetime = NOON) -> Attempt:
    return services.start_attempt(actor=user, **PLACE, at=at)


def save(user: User, attempt: Attempt, number: int, at: datetime, chosen: str = RIGHT) -> Attempt:
    code = attempt.questions[number]["code"]
    return services.save_answer(
        actor=user, **PLACE, attempt=attempt.public_id, question=code, given={"chosen": [chosen]}, at=at
    )


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def more_time(actor: User, learner: User, **fields: Any) -> ExtraTime:
    given = {"course": "", "percent": 50, "minutes": 0, "reason": "Reads with a screen reader.", **fields}
    return services.grant_extra_time(actor=actor, email=learner.email, **given)


def test_time_is_generous_unless_the_course_says_otherwise(learner: User) -> None:
    assert begin(learner).closes_at == after(20)
    version = CourseVersion.objects.get()
    version.document["modules"][0]["test"]["minutes"] = 7
    version.save()
    other = UserFactory()
    services.enrol(actor=other, course=COURSE)
    assert begin(other).closes_at == after(7)
    page = signed_in(UserFactory())
    assert page.post(f"/learn/{COURSE}/enrol/").status_code == 302
    assert "You have 7 minutes from the start." in page.get(TEST).content.decode()


def test_answers_are_taken_until_shortly_after_the_end_and_not_later(learner: User) -> None:
    attempt = begin(learner)
    save(learner, attempt, 0, after(19))
    save(learner, attempt, 1, after(21.9))
    with pytest.raises(Conflict, match="time was over"):
        save(learner, attempt, 2, after(22.1))
    attempt.refresh_from_db()
    assert len(attempt.answers) == 2


def test_server_hands_in_what_was_saved_when_nobody_looks(learner: User) -> None:
    finish_lesson(learner, COURSE, "l11")
    attempt = services.start_attempt(actor=learner, **PLACE)
    for number in range(3):
        save(learner, attempt, number, now())
    assert jobs.run_waiting() >= 0
    attempt.refresh_from_db()
    assert attempt.handed_in_at is None
    Attempt.objects.update(closes_at=now() - timedelta(minutes=3))
    OutboxMessage.objects.filter(topic="courses.close_attempt").update(not_before=now())
    jobs.run_waiting()
    attempt.refresh_from_db()
    assert (attempt.by_clock, attempt.correct) == (True, 3)
    entry = AuditEntry.objects.get(action="test.handed_in")
    assert (entry.actor, entry.detail["by_clock"]) == ("", True)


def test_job_that_comes_too_early_comes_again(learner: User) -> None:
    attempt = begin(learner)
    assert not services.close_attempt(actor=None, attempt=attempt.public_id, at=after(21))
    services.give_back_time(actor=learner, **PLACE, attempt=attempt.public_id, seconds=300, at=after(10))
    assert not services.close_attempt(actor=None, attempt=attempt.public_id, at=after(22))
    assert OutboxMessage.objects.filter(topic="courses.close_attempt").count() == 2
    assert services.close_attempt(actor=None, attempt=attempt.public_id, at=after(27.1))
    assert not services.close_attempt(actor=None, attempt=attempt.public_id, at=after(28))


def test_next_look_hands_in_and_says_so(learner: User) -> None:
    attempt = services.start_attempt(actor=learner, **PLACE)
    save(learner, attempt, 0, now())
    client = signed_in(learner)
    page = client.get(TEST).content.decode()
    assert "Your answers are handed in at" in page and 'data-five="Five minutes left."' in page
    Attempt.objects.update(closes_at=now() - timedelta(seconds=1))
    page = client.get(TEST).content.decode()
    assert "The time was over, so this try was handed in" in page
    assert "1 of 4" in page
    late = {"attempt": attempt.public_id, "question": attempt.questions[1]["code"], "chosen": RIGHT}
    assert client.post(f"{TEST}answer/", late).status_code == 409


def test_answer_on_its_way_at_the_end_is_still_saved(learner: User) -> None:
    attempt = services.start_attempt(actor=learner, **PLACE)
    Attempt.objects.update(closes_at=now() - timedelta(seconds=30))
    data = {"attempt": attempt.public_id, "question": attempt.questions[0]["code"], "chosen": RIGHT}
    page = signed_in(learner).post(f"{TEST}answer/", data, follow=True).content.decode()
    assert "1 of 4" in page and "handed in with the answers that were saved" in page


@pytest.mark.parametrize(
    ("claimed", "silent", "lost", "given"),
    [(90, 10, 0, 90), (900, 5, 0, 300), (900, 15, 0, 600), (300, 9, 500, 100)],
)
def test_lost_time_comes_back_within_limits(
    learner: User, claimed: int, silent: int, lost: int, given: int
) -> None:
    attempt = begin(learner)
    save(learner, attempt, 0, after(1))
    Attempt.objects.update(lost_seconds=lost)
    row = services.give_back_time(
        actor=learner, **PLACE, attempt=attempt.public_id, seconds=claimed, at=after(1 + silent)
    )
    assert row.closes_at == after(20) + timedelta(seconds=given)
    again = services.give_back_time(
        actor=learner, **PLACE, attempt=attempt.public_id, seconds=claimed, at=after(1 + silent)
    )
    assert again.closes_at == row.closes_at


def test_lost_time_is_the_learners_own_and_not_after_the_end(learner: User) -> None:
    attempt = begin(learner)
    stranger = UserFactory()
    services.enrol(actor=stranger, course=COURSE)
    with pytest.raises(Http404):
        services.give_back_time(actor=stranger, **PLACE, attempt=attempt.public_id, seconds=60, at=after(2))
    row = services.give_back_time(actor=learner, **PLACE, attempt=attempt.public_id, seconds=60, at=after(23))
    assert row.closes_at == after(20)
    live = services.start_attempt(actor=stranger, **PLACE)
    Attempt.objects.filter(pk=live.pk).update(heard_at=now() - timedelta(minutes=1))
    for seconds in ("30", "-5", "x", ""):
        answer = signed_in(stranger).post(f"{TEST}back/", {"attempt": live.public_id, "seconds": seconds})
        assert answer.status_code == 200
        assert 0 < answer.json()["left"] <= 20 * 60 + 31


def test_manager_gives_more_time_and_an_open_try_gets_longer(cast: Cast) -> None:
    small_course()
    services.enrol(actor=cast.viewer, course=COURSE)
    attempt = begin(cast.viewer)
    row = more_time(cast.manager, cast.viewer, minutes=5)
    attempt.refresh_from_db()
    assert attempt.closes_at == after(35)
    assert Notification.objects.get(user=cast.viewer, kind="extra_time").values == {"who": str(cast.manager)}
    assert "screen reader" not in str(AuditEntry.objects.get(action="extra_time.granted").detail)
    services.end_extra_time(actor=cast.manager, extra_time=row.public_id)
    attempt.refresh_from_db()
    assert attempt.closes_at == after(35)
    assert selectors.extra_time_page(cast.manager).rows == ()


def test_extra_time_of_the_course_comes_before_that_of_all(cast: Cast) -> None:
    small_course()
    services.enrol(actor=cast.viewer, course=COURSE)
    more_time(cast.staff, cast.viewer, percent=100)
    more_time(cast.staff, cast.viewer, percent=10, course=COURSE)
    assert begin(cast.viewer).closes_at == after(22)
    page = signed_in(cast.viewer).get(TEST)
    assert page.status_code == 200
    more_time(cast.staff, cast.viewer, percent=0, minutes=30, course=COURSE)
    assert ExtraTime.objects.filter(ended_at=None).count() == 2


def test_only_those_who_may_give_extra_time(cast: Cast) -> None:
    for nobody in (cast.lead, cast.mentor, cast.outsider, cast.viewer):
        with pytest.raises(PermissionDenied):
            more_time(nobody, cast.viewer)
    for actor, learner in ((cast.manager, cast.outsider), (cast.staff, cast.staff)):
        with pytest.raises(Refused, match="Nobody whom you may give"):
            more_time(actor, learner)
    row = more_time(cast.staff, cast.outsider)
    assert selectors.extra_time_page(cast.manager).rows == ()
    with pytest.raises(Http404):
        services.end_extra_time(actor=cast.manager, extra_time=row.public_id)


@pytest.mark.parametrize(
    "odd",
    [{"percent": 0}, {"percent": 201}, {"minutes": 241}, {"minutes": -1}, {"reason": " "}, {"reason": "x" * 301},
     {"course": "no-such"}, {"email": "nobody@example.org"}, {"percent": "many"}],
)  # fmt: skip
def test_odd_extra_time_is_refused_in_words(cast: Cast, odd: dict[str, Any]) -> None:
    small_course()
    given = {
        "email": cast.viewer.email,
        "course": "",
        "percent": 50,
        "minutes": 0,
        "reason": "Slow line.",
        **odd,
    }
    answer = signed_in(cast.manager).post("/courses/extra-time/", given)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not ExtraTime.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_extra_time_page_asks_the_same_for_one_and_three(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    small_course()
    for user in (cast.viewer, cast.lead, cast.respondent)[:count]:
        more_time(cast.manager, user)
    with django_assert_num_queries(3):
        assert len(selectors.extra_time_page(cast.manager).rows) == count


def test_word_is_given_once_an_exam_in_the_learners_language(learner: User) -> None:
    client = signed_in(learner)
    assert "By starting you give your word" in client.get(TEST).content.decode()
    client.post(f"{TEST}start/", headers={"Accept-Language": "fr"})
    attempt = Attempt.objects.get()
    assert attempt.honoured_in == (learner.language or "fr")
    client.post(f"{TEST}hand-in/", {"attempt": attempt.public_id})
    assert "By starting you give your word" not in client.get(TEST).content.decode()
    client.post(f"{TEST}start/")
    assert Attempt.objects.get(number=2).honoured_in == ""


def test_after_three_tries_help_is_named(learner: User) -> None:
    for _ in range(3):
        attempt = services.start_attempt(actor=learner, **PLACE)
        save(learner, attempt, 0, now(), WRONG)
        services.hand_in(actor=learner, **PLACE, attempt=attempt.public_id)
    assert "Ask the person who trains you" in signed_in(learner).get(TEST).content.decode()
