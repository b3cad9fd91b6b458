"""The review box: what goes in after a module, and when each question comes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.courses import selectors, services
from apps.courses.models import PracticeAnswer, Question, ReviewItem
from apps.courses.selectors.reviewing import next_due
from apps.members.policies import site_day
from tests.courses.small import RIGHT, WRONG, finish_lesson, small_course, take_test
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Counter = Callable[[int], Any]


def learner(misses: int = 0, *, critical: str = "") -> User:
    """Somebody who finished the only module, with so many questions missed at first."""
    version, user = small_course(), UserFactory()
    Question.objects.filter(code=critical).update(critical=True)
    slug = version.course.slug
    services.enrol(actor=user, course=slug)
    for n in range(1, misses + 1):
        services.answer_practice(
            actor=user, course=slug, lesson="l11", question=f"C9.m1.l1.q{n}", given={"chosen": [WRONG]}
        )
    finish_lesson(user, slug, "l11")
    return user


def box(user: User) -> list[ReviewItem]:
    return list(ReviewItem.objects.filter(enrolment__user=user).select_related("question").order_by("pk"))


def make_due(user: User) -> None:
    ReviewItem.objects.filter(enrolment__user=user).update(due_on=site_day())


def answer(user: User, row: ReviewItem, choice: str) -> ReviewItem:
    row.refresh_from_db()
    return services.answer_review(
        actor=user, review_item=row.public_id, version=row.version, given={"chosen": [choice]}
    )


def test_box_holds_what_was_missed_and_what_is_critical() -> None:
    user = learner(1, critical="C9.m1.l1.q3")
    assert [row.question.code for row in box(user)] == ["C9.m1.l1.q1", "C9.m1.l1.q3"]
    assert {row.due_on for row in box(user)} == {site_day() + timedelta(days=2)}


def test_box_stays_empty_until_the_module_is_done_and_for_who_misses_nothing() -> None:
    assert box(learner()) == []


def test_objective_missed_in_the_test_brings_a_practice_question_never_one_of_the_test() -> None:
    user = learner()
    take_test(user, "c9-doors", "m1", WRONG)
    (row,) = box(user)
    assert (row.question.pool, row.question.code) == ("practice", "C9.m1.l1.q1")
    take_test(user, "c9-doors", "m1", WRONG)
    assert len(box(user)) == 1


def test_right_goes_forward_and_out_after_ninety_days() -> None:
    user = learner(1)
    (row,) = box(user)
    for days in (7, 30, 90):
        make_due(user)
        assert answer(user, row, RIGHT).due_on == site_day() + timedelta(days=days)
    make_due(user)
    assert answer(user, row, RIGHT).ended_at
    assert selectors.review_page(user).held == 0


def test_wrong_goes_back_to_two_days() -> None:
    user = learner(1)
    (row,) = box(user)
    make_due(user)
    answer(user, row, RIGHT)
    make_due(user)
    wrong = answer(user, row, WRONG)
    assert (wrong.step, wrong.due_on) == (0, next_due(0))


def test_answer_sent_twice_counts_once_and_is_kept_as_practice() -> None:
    user = learner(1)
    (row,) = box(user)
    make_due(user)
    before = PracticeAnswer.objects.count()
    row.refresh_from_db()
    for _time in range(2):
        services.answer_review(
            actor=user, review_item=row.public_id, version=row.version, given={"chosen": [RIGHT]}
        )
    row.refresh_from_db()
    assert (row.step, PracticeAnswer.objects.count()) == (1, before + 1)


def test_what_is_not_due_or_not_mine_is_left_alone() -> None:
    user = learner(1)
    (row,) = box(user)
    assert answer(user, row, RIGHT).step == 0
    with pytest.raises(Http404):
        answer(UserFactory(), row, RIGHT)
    make_due(user)
    with pytest.raises(Refused):
        services.answer_review(actor=user, review_item=row.public_id, version=1, given={})


def test_page_asks_tells_and_goes_on_without_a_script(client: Client) -> None:
    user = learner(1)
    client.force_login(user, backend=BACKEND)
    assert "Nothing to review before" in client.get("/me/review/").content.decode()
    make_due(user)
    page = client.get("/me/review/").content.decode()
    assert "1 question to go" in page
    assert "Because C9" not in page
    (row,) = box(user)
    address = f"/me/review/{row.public_id}/"
    empty = client.post(address, {"version": "1"})
    assert (empty.status_code, "Choose an answer first." in empty.content.decode()) == (422, True)
    told = client.post(address, {"version": "1", "chosen": RIGHT}, follow=True).content.decode()
    assert "Yes, that is right" in told
    assert "Because C9.m1.l1.q1 is so." in told
    assert "Nothing to review before" in client.get("/me/review/").content.decode()


def test_five_are_a_sitting_and_more_is_a_choice(client: Client) -> None:
    user = learner(3)
    enrolment = box(user)[0].enrolment
    for n in range(4):
        row = Question.objects.filter(pool="exam")[n]
        ReviewItem.objects.create(enrolment=enrolment, question=row, due_on=site_day())
    make_due(user)
    client.force_login(user, backend=BACKEND)
    assert "5 questions to go" in client.get("/me/review/").content.decode()
    for row in box(user)[:5]:
        answer(user, row, RIGHT)
    assert "5 questions reviewed today" in client.get("/me/review/").content.decode()
    assert "2 questions to go" in client.get("/me/review/?more=1").content.decode()


def test_due_questions_wait_at_home(client: Client) -> None:
    user = learner(2)
    assert "Review" not in str(selectors.waiting_for(user))
    make_due(user)
    assert "Review 2 questions, two minutes." in str(selectors.waiting_for(user))
    client.force_login(user, backend=BACKEND)
    assert "/me/review/" in client.get("/me/learning/").content.decode()


def test_empty_box_says_how_it_fills(client: Client) -> None:
    client.force_login(UserFactory(), backend=BACKEND)
    assert "It fills after each module" in client.get("/me/review/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_box_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    user = learner(count)
    make_due(user)
    with django_assert_num_queries(5):
        assert selectors.review_page(user).due == count
