"""A lesson, screen by screen, on more than one device."""

from __future__ import annotations

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.courses import selectors, services
from apps.courses.models import Enrolment, PracticeAnswer, Progress, Question
from tests.courses.small import finish_lesson, right_fields, small_course, take_test
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
LESSON = f"/learn/{COURSE}/l11/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def learner() -> User:
    small_course(lessons=2)
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    return user


def try_question(client: Client, number: int, chosen: str) -> str:
    data = {"question": f"C9.m1.l1.q{number}", "chosen": chosen, "screen": "4"}
    return client.post(f"{LESSON}check/", data, follow=True).content.decode()


def test_start_is_one_tap_and_only_once() -> None:
    small_course()
    user = UserFactory()
    client = signed_in(user)
    page = client.post(f"/learn/{COURSE}/enrol/", follow=True).content.decode()
    assert "After this you can lock a door." in page
    client.post(f"/learn/{COURSE}/enrol/")
    assert Enrolment.objects.filter(user=user).count() == 1


def test_visitor_is_told_kindly_that_a_course_needs_an_account(client: Client) -> None:
    small_course()
    page = client.get(f"/learn/{COURSE}/").content.decode()
    assert "Start with a free account" in page
    assert f"/accounts/login/?next=/learn/{COURSE}/" in page


def test_lesson_before_starting_leads_to_the_course() -> None:
    small_course()
    response = signed_in(UserFactory()).get(LESSON, follow=True)
    assert response.redirect_chain[-1][0] == f"/learn/{COURSE}/"
    assert "Start the course first" in response.content.decode()


def test_opening_guess_is_not_counted_but_remembered(learner: User) -> None:
    client = signed_in(learner)
    assert "Which door?" in client.get(LESSON).content.decode()
    page = client.get(f"{LESSON}?screen=2&hook=1").content.decode()
    assert "Back" in page
    assert "First text of l11." in page
    assert not PracticeAnswer.objects.exists()
    assert client.get(f"{LESSON}?screen=2&hook=77").status_code == 200


def test_lesson_goes_on_where_it_stopped_on_another_device(learner: User) -> None:
    phone, desk = signed_in(learner), signed_in(learner)
    for screen in (1, 2, 3):
        phone.get(f"{LESSON}?screen={screen}")
    assert "Second text of l11." in desk.get(LESSON).content.decode()
    assert "Screen 3 of 5" in desk.get(LESSON).content.decode()


def test_device_that_is_behind_does_not_pull_the_other_back(learner: User) -> None:
    phone, desk = signed_in(learner), signed_in(learner)
    for screen in (1, 2, 3, 4):
        phone.get(f"{LESSON}?screen={screen}")
    desk.get(f"{LESSON}?screen=2")
    assert Progress.objects.get().screen == 4
    assert "Check yourself" in phone.get(LESSON).content.decode()
    row = Enrolment.objects.get()
    assert (row.last_lesson.slug, row.last_screen) == ("l11", 4)


def test_nobody_jumps_ahead_of_what_was_opened(learner: User) -> None:
    client = signed_in(learner)
    assert client.get(f"{LESSON}?screen=5").headers["Location"].endswith("?screen=1")
    client.get(f"{LESSON}?screen=1")
    assert client.get(f"{LESSON}?screen=999").headers["Location"].endswith("?screen=2")


@pytest.mark.parametrize("bad", ["x", "-1", "²", "9" * 400, "1.5", "\x00"])
def test_odd_screen_numbers_show_a_page(learner: User, bad: str) -> None:
    client = signed_in(learner)
    assert client.get(LESSON, {"screen": bad, "hook": bad, "retry": bad}, follow=True).status_code == 200


def test_answer_brings_feedback_for_every_option(learner: User) -> None:
    client = signed_in(learner)
    for screen in (1, 2, 3, 4):
        page = client.get(f"{LESSON}?screen={screen}").content.decode()
    assert "Because C9.m1.l1.q1 is so." not in page
    page = try_question(client, 1, "b")
    for said in (
        "Because C9.m1.l1.q1 is so.",
        "It is not so in C9.m1.l1.q1.",
        "It is another thing in C9.m1.l1.q1.",
    ):
        assert said in page
    assert "Not quite" in page
    assert "Because C9.m1.l1.q2 is so." not in page


def test_wrong_one_comes_back_once_at_the_end(learner: User) -> None:
    client = signed_in(learner)
    for screen in (1, 2, 3, 4):
        client.get(f"{LESSON}?screen={screen}")
    try_question(client, 1, "b")
    page = try_question(client, 2, "a")
    assert "Once more" not in page
    page = try_question(client, 3, "a")
    assert "Once more" in page
    assert 'id="q1-again"' in page
    page = try_question(client, 1, "c")
    assert "Once more" not in page
    assert PracticeAnswer.objects.count() == 4


def test_answered_question_may_be_tried_again(learner: User) -> None:
    client = signed_in(learner)
    for screen in (1, 2, 3, 4):
        client.get(f"{LESSON}?screen={screen}")
    page = try_question(client, 1, "b")
    assert 'value="C9.m1.l1.q1"' not in page
    page = client.get(f"{LESSON}?screen=4&retry=C9.m1.l1.q1").content.decode()
    assert 'value="C9.m1.l1.q1"' in page
    assert "Because C9.m1.l1.q1 is so." not in page


def test_empty_and_foreign_answers_are_refused_in_words(learner: User) -> None:
    client = signed_in(learner)
    for screen in (1, 2, 3, 4):
        client.get(f"{LESSON}?screen={screen}")
    url = f"{LESSON}check/"
    empty = client.post(url, {"question": "C9.m1.l1.q1", "screen": "4"})
    assert empty.status_code == 422
    assert "Choose an answer first." in empty.content.decode()
    assert "<title>Error:" in empty.content.decode()
    for chosen in (["z"], ["a", "b"], ["a" * 5000]):
        assert (
            client.post(url, {"question": "C9.m1.l1.q1", "chosen": chosen, "screen": "4"}).status_code == 422
        )
    for code in ("C9.m1.l2.q1", "C9.m1.test.q1", "nothing", "", "\x00"):
        assert client.post(url, {"question": code, "chosen": "a", "screen": "4"}).status_code == 404
    assert not PracticeAnswer.objects.exists()


def test_lesson_is_seen_after_its_screens_and_its_check(learner: User) -> None:
    for screen in range(1, 6):
        services.open_screen(actor=learner, course=COURSE, lesson="l11", screen=screen)
    assert Progress.objects.get().seen_at is None
    page = signed_in(learner).get(f"{LESSON}?screen=5").content.decode()
    assert "3 questions of the check are still open" in page
    finish_lesson(learner, COURSE, "l11")
    assert Progress.objects.get().seen_at is not None
    page = signed_in(learner).get(f"{LESSON}?screen=5").content.decode()
    assert "You have finished this lesson." in page
    assert "Lesson 1-2" in page


def test_plan_is_kept_for_the_learner(learner: User) -> None:
    finish_lesson(learner, COURSE, "l11")
    client = signed_in(learner)
    page = client.post(
        f"{LESSON}plan/", {"text": "Lock it on <Monday>.", "screen": "5"}, follow=True
    ).content.decode()
    assert "Lock it on &lt;Monday&gt;." in page
    assert client.post(f"{LESSON}plan/", {"text": "a\x00b", "screen": "5"}).status_code == 302
    client.post(f"{LESSON}plan/", {"text": "Lock it on <Monday>.", "screen": "5"})
    long = client.post(f"{LESSON}plan/", {"text": "x" * 1001, "screen": "5"})
    assert long.status_code == 422
    assert Progress.objects.get().commitment == "Lock it on <Monday>."


def test_next_after_the_last_lesson_is_the_test(learner: User) -> None:
    for lesson in ("l11", "l12"):
        finish_lesson(learner, COURSE, lesson)
    page = signed_in(learner).get(f"/learn/{COURSE}/l12/?screen=5").content.decode()
    assert "Go to the test" in page
    assert selectors.course_page(learner, COURSE).step.kind == "test"


def test_learner_keeps_the_version_they_began_with(learner: User) -> None:
    small_course(version="2.0", title="Doors anew")
    page = signed_in(learner).get(f"/learn/{COURSE}/").content.decode()
    assert "You are taking version 1.0. Version 2.0 is out" in page
    assert "Doors anew" in signed_in(UserFactory()).get(f"/learn/{COURSE}/").content.decode()


def test_course_in_the_readers_language_is_offered_first(client: Client) -> None:
    small_course()
    small_course(version="1.0", language="fr", title="Portes")
    small_course(version="1.1", title="Doors, newer")
    assert "Doors, newer" in client.get("/learn/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "Portes" in client.get("/learn/").content.decode()


def test_course_in_a_language_without_a_name_is_shown(client: Client) -> None:
    small_course(language="ha")
    assert client.get("/learn/").status_code == 200
    assert client.get(f"/learn/{COURSE}/").status_code == 200


def test_three_facts_are_never_mixed(learner: User) -> None:
    def facts() -> list[tuple[int, int]]:
        (course,) = selectors.my_learning(learner).courses
        return [(fact.done, fact.total) for fact in (course.seen, course.practised, course.shown)]

    assert facts() == [(0, 2), (0, 1), (0, 1)]
    take_test(learner, COURSE, "m1")
    assert facts() == [(0, 2), (0, 1), (1, 1)]
    finish_lesson(learner, COURSE, "l11")
    assert facts() == [(1, 2), (0, 1), (1, 1)]
    code = Question.objects.filter(lesson__slug="l11").first().code
    services.answer_practice(
        actor=learner, course=COURSE, lesson="l11", question=code, given={"chosen": ["a"]}
    )
    assert facts() == [(1, 2), (1, 1), (1, 1)]
    for _ in range(2):
        services.answer_practice(
            actor=learner, course=COURSE, lesson="l11", question=code, given={"chosen": ["b"]}
        )
    assert facts() == [(1, 2), (0, 1), (1, 1)]


def test_pages_of_the_first_course_stay_light_and_work_without_script() -> None:
    version = services.load_course(actor=None, folder=settings.CONTENT_DIR / "courses" / "c1-cyber-hygiene")
    user = UserFactory()
    slug = version.course.slug
    services.enrol(actor=user, course=slug)
    client = signed_in(user)
    for lesson in version.lessons.all():
        url = reverse("courses:lesson", kwargs={"course": slug, "lesson": lesson.slug})
        for screen in range(1, len(lesson.screens) + 4):
            html = client.get(f"{url}?screen={screen}").content
            assert len(html) < 60 * 1024
            assert len(gzip.compress(html)) < 14 * 1024
            assert not re.search(rb"<script(?![^>]* src=)| style=|<style|\son[a-z]+=", html)
        for row in lesson.questions.all():
            answer = services.answer_practice(
                actor=user, course=slug, lesson=lesson.slug, question=row.code, given=right_fields(row)
            )
            assert answer.correct
        html = client.get(f"{url}?screen={len(lesson.screens) + 2}").content
        assert len(gzip.compress(html)) < 14 * 1024
