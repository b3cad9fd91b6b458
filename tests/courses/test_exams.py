"""Module tests: saved at once, handed in once, never telling the answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import User
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.courses import services
from apps.courses.models import Attempt, Certificate
from tests.courses.small import RIGHT, SECRET, WRONG, finish_lesson, small_course, take_test
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
TEST = f"/learn/{COURSE}/test/m1/"


@pytest.fixture
def learner() -> User:
    small_course()
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    return user


def start(user: User) -> Attempt:
    return services.start_attempt(actor=user, course=COURSE, module="m1")


def save(user: User, attempt: Attempt, code: str, *chosen: str) -> Attempt:
    return services.save_answer(
        actor=user,
        course=COURSE,
        module="m1",
        attempt=attempt.public_id,
        question=code,
        given={"chosen": list(chosen)},
    )


def hand_in(user: User, attempt: Attempt) -> Attempt:
    return services.hand_in(actor=user, course=COURSE, module="m1", attempt=attempt.public_id)


def codes(attempt: Attempt) -> list[str]:
    return [drawn["code"] for drawn in attempt.questions]


def test_whole_test_in_the_browser(learner: User) -> None:
    client = signed_in(learner)
    assert "4 questions. You pass with 75% of the points." in client.get(TEST).content.decode()
    page = client.post(f"{TEST}start/", follow=True).content.decode()
    attempt = Attempt.objects.get()
    for number, code in enumerate(codes(attempt), 1):
        assert f"Question {number} of 4" in page
        data = {"attempt": attempt.public_id, "question": code, "chosen": RIGHT}
        page = client.post(f"{TEST}answer/", data, follow=True).content.decode()
        attempt.refresh_from_db()
        assert attempt.answers[code] == [RIGHT]
    assert "Every question is answered" in page
    page = client.post(f"{TEST}hand-in/", {"attempt": attempt.public_id}, follow=True).content.decode()
    assert "Passed: <bdi>Module 1</bdi>" in page
    assert "4 of 4" in page


def test_answers_never_stand_in_a_page_of_the_test(learner: User) -> None:
    client = signed_in(learner)
    client.post(f"{TEST}start/")
    attempt = Attempt.objects.get()
    pages = [client.get(f"{TEST}?question={n}") for n in ("1", "2", "3", "4", "last")]
    save(learner, attempt, codes(attempt)[0], WRONG)
    pages += [client.get(TEST), client.get(f"{TEST}?question=1"), client.get(f"{TEST}?question=last")]
    client.post(f"{TEST}hand-in/", {"attempt": attempt.public_id})
    pages += [client.get(TEST), client.get(f"/learn/{COURSE}/"), client.get("/me/learning/")]
    for page in pages:
        html = page.content.decode()
        assert SECRET not in html
        assert "correct" not in html.lower()
        assert "is-right" not in html
    assert "Worth another look" in pages[-3].content.decode()


def test_same_try_goes_on_on_another_device(learner: User) -> None:
    phone, desk = signed_in(learner), signed_in(learner)
    phone.post(f"{TEST}start/")
    attempt = Attempt.objects.get()
    first = codes(attempt)[0]
    phone.post(f"{TEST}answer/", {"attempt": attempt.public_id, "question": first, "chosen": "c"})
    desk.post(f"{TEST}start/")
    assert Attempt.objects.count() == 1
    assert "Question 2 of 4" in desk.get(TEST).content.decode()
    assert 'value="c" checked' in desk.get(f"{TEST}?question=1").content.decode()


def test_two_devices_never_lose_each_others_answers(learner: User) -> None:
    attempt = start(learner)
    one, two = codes(attempt)[:2]
    save(learner, attempt, one, "a")
    save(learner, attempt, two, "b")
    attempt.refresh_from_db()
    assert attempt.answers == {one: ["a"], two: ["b"]}


def test_unanswered_are_listed_first_and_may_be_handed_in(learner: User) -> None:
    client = signed_in(learner)
    attempt = start(learner)
    page = client.get(f"{TEST}?question=last").content.decode()
    assert "4 questions have no answer yet" in page
    assert page.index("no answer yet") < page.index("Hand in")
    page = client.post(f"{TEST}hand-in/", {"attempt": attempt.public_id}, follow=True).content.decode()
    assert "Not passed yet: <bdi>Module 1</bdi>" in page
    assert "0 of 4" in page


def test_second_hand_in_changes_nothing(learner: User) -> None:
    finish_lesson(learner, COURSE, "l11")
    attempt = start(learner)
    for code in codes(attempt):
        save(learner, attempt, code, RIGHT)
    first, second = hand_in(learner, attempt), hand_in(learner, attempt)
    assert (first.percent, first.handed_in_at) == (second.percent, second.handed_in_at)
    assert AuditEntry.objects.filter(action="test.handed_in").count() == 1
    assert Certificate.objects.count() == 1


def test_answer_after_hand_in_is_told_as_a_conflict(learner: User) -> None:
    attempt = start(learner)
    hand_in(learner, attempt)
    with pytest.raises(Conflict):
        save(learner, attempt, codes(attempt)[0], RIGHT)
    data = {"attempt": attempt.public_id, "question": codes(attempt)[0], "chosen": RIGHT}
    response = signed_in(learner).post(f"{TEST}answer/", data)
    assert response.status_code == 409
    assert "handed in already" in response.content.decode()
    attempt.refresh_from_db()
    assert attempt.answers == {}


def test_after_three_tries_there_is_a_pause_of_a_day(learner: User) -> None:
    for _ in range(3):
        take_test(learner, COURSE, "m1", WRONG)
    client = signed_in(learner)
    assert "After three tries there is a pause" in client.get(TEST).content.decode()
    response = client.post(f"{TEST}start/")
    assert response.status_code == 400
    assert "pause of 24 hours" in response.content.decode()
    assert Attempt.objects.count() == 3
    Attempt.objects.filter(number=3).update(handed_in_at=now() - timedelta(hours=24, seconds=1))
    assert take_test(learner, COURSE, "m1").passed
    with pytest.raises(Refused, match="passed this test already"):
        start(learner)


def test_each_try_draws_anew_and_always_the_critical_one(learner: User) -> None:
    seen = set()
    for _ in range(3):
        attempt = take_test(learner, COURSE, "m1", WRONG)
        assert "C9.m1.test.q1" in codes(attempt)
        seen.add(tuple((drawn["code"], *drawn["options"]) for drawn in attempt.questions))
    assert len(seen) == 3


def test_critical_question_must_be_right_whatever_the_share(learner: User) -> None:
    attempt = start(learner)
    for code in codes(attempt):
        save(learner, attempt, code, WRONG if code == "C9.m1.test.q1" else RIGHT)
    row = hand_in(learner, attempt)
    assert (row.percent, row.passed) == (75, False)
    page = signed_in(learner).get(TEST).content.decode()
    assert "missed a question that everyone must get right" in page


def test_foreign_questions_options_and_tries_are_refused(learner: User) -> None:
    attempt = start(learner)
    client = signed_in(learner)
    good = {"attempt": attempt.public_id, "question": codes(attempt)[0], "chosen": RIGHT}
    for change, status in (
        ({"question": "C9.m1.l1.q1"}, 404),
        ({"question": "x" * 10_000}, 404),
        ({"question": "\x00"}, 404),
        ({"attempt": ""}, 404),
        ({"attempt": "\x00"}, 404),
        ({"chosen": "z"}, 422),
        ({"chosen": [RIGHT, WRONG]}, 422),
    ):
        assert client.post(f"{TEST}answer/", {**good, **change}).status_code == status
    stranger = UserFactory()
    services.enrol(actor=stranger, course=COURSE)
    assert signed_in(stranger).post(f"{TEST}answer/", good).status_code == 404
    assert signed_in(stranger).post(f"{TEST}hand-in/", good).status_code == 404
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.handed_in_at) == ({}, None)


def test_saving_without_a_choice_takes_the_answer_back(learner: User) -> None:
    attempt = start(learner)
    code = codes(attempt)[0]
    save(learner, attempt, code, RIGHT)
    save(learner, attempt, code)
    attempt.refresh_from_db()
    assert attempt.answers == {}


@pytest.mark.parametrize("bad", ["x", "0", "99", "-1", "last ", "²"])
def test_odd_question_numbers_show_a_page(learner: User, bad: str, client: Client) -> None:
    start(learner)
    assert signed_in(learner).get(TEST, {"question": bad}).status_code == 200


def test_fault_inside_hand_in_leaves_nothing_half_done(
    learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_lesson(learner, COURSE, "l11")
    attempt = start(learner)
    for code in codes(attempt):
        save(learner, attempt, code, RIGHT)
    monkeypatch.setattr("apps.courses.services.issuing.notify", lambda **kw: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hand_in(learner, attempt)
    attempt.refresh_from_db()
    assert attempt.handed_in_at is None
    assert not Certificate.objects.exists()
    monkeypatch.undo()
    assert hand_in(learner, attempt).passed
    assert Certificate.objects.count() == 1
