"""Questions of every kind in the player and in tests, the final test, the forms before and after, courses in preparation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.courses import services
from apps.courses.models import Attempt, Certificate, Question
from apps.courses.selectors.places import form_of
from apps.courses.services import load_course
from tests.courses.small import RIGHT_FIELDS as RIGHT
from tests.courses.small import WHY, course_files, every_kind_files, finish_lesson, take_test, write_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

COURSE = "c9-doors"
LESSON = f"/learn/{COURSE}/l11/"


@pytest.fixture
def learner(tmp_path: Path) -> User:
    load_course(actor=None, folder=write_course(tmp_path, every_kind_files()))
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    return user


def to_check(user: User) -> Any:
    client = signed_in(user)
    for screen in (1, 2, 3, 4):
        client.get(f"{LESSON}?screen={screen}")
    return client


def last(code: str) -> str:
    return code.rpartition(".")[2]


def pass_module(user: User) -> Attempt:
    attempt = services.start_attempt(actor=user, course=COURSE, module="m1")
    for drawn in attempt.questions:
        given = RIGHT[last(drawn["code"])]
        services.save_answer(
            actor=user,
            course=COURSE,
            module="m1",
            attempt=attempt.public_id,
            question=drawn["code"],
            given=given,
        )
    return services.hand_in(actor=user, course=COURSE, module="m1", attempt=attempt.public_id)


def see_lesson(user: User) -> None:
    for screen in range(1, 6):
        services.open_screen(actor=user, course=COURSE, lesson="l11", screen=screen)
    for row in Question.objects.filter(lesson__slug="l11"):
        services.answer_practice(
            actor=user, course=COURSE, lesson="l11", question=row.code, given=RIGHT[last(row.code)]
        )


@pytest.mark.parametrize("key", [f"q{n}" for n in range(2, 7)])
def test_every_kind_is_answered_and_explained(learner: User, key: str) -> None:
    client, code = to_check(learner), f"C9.m1.l1.{key}"
    assert WHY not in client.get(f"{LESSON}?screen=4").content.decode()
    answered = client.post(
        f"{LESSON}check/", {"question": code, "screen": "4", **RIGHT[key]}, follow=True
    ).content.decode()
    assert "Yes, that is right." in answered and WHY in answered


@pytest.mark.parametrize(
    ("key", "wrong", "shown"),
    [
        ("q2", {"at.a": "b", "at.b": "a"}, "Bolt"),
        ("q3", {"at.a": "3", "at.b": "2", "at.c": "1"}, "Look"),
        ("q4", {"typed": "9"}, "9"),
        ("q5", {"typed": "<b>rope</b>"}, "&lt;b&gt;rope&lt;/b&gt;"),
        ("q6", {"at.1": "2", "at.2": "1"}, "sing"),
    ],
)
def test_a_wrong_answer_shows_what_was_given_and_what_is_right(
    learner: User, key: str, wrong: dict[str, str], shown: str
) -> None:
    client, code = to_check(learner), f"C9.m1.l1.{key}"
    page = client.post(
        f"{LESSON}check/", {"question": code, "screen": "4", **wrong}, follow=True
    ).content.decode()
    assert "Not quite." in page and shown in page and WHY in page


@pytest.mark.parametrize(
    ("key", "fields", "said"),
    [
        ("q2", {"at.a": "a"}, "Answer every part of the question first."),
        ("q3", {"at.a": "1", "at.b": "1", "at.c": "2"}, "Give every line a place of its own."),
        ("q4", {"typed": "two"}, "Type a number"),
        ("q4", {"typed": ""}, "Write an answer first."),
        ("q5", {"typed": "x" * 400}, "under 300 characters"),
        ("q6", {"at.1": "9"}, "does not belong to the question"),
    ],
)
def test_what_cannot_be_an_answer_is_said_and_kept_in_the_field(
    learner: User, key: str, fields: dict[str, str], said: str
) -> None:
    client = to_check(learner)
    answer = client.post(f"{LESSON}check/", {"question": f"C9.m1.l1.{key}", "screen": "4", **fields})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page and fields.get("typed", "") in page


def test_a_test_of_every_kind_is_saved_answer_by_answer_and_marked(learner: User) -> None:
    client = signed_in(learner)
    client.post(f"/learn/{COURSE}/test/m1/start/")
    attempt = Attempt.objects.get()
    for number, drawn in enumerate(attempt.questions, 1):
        page = client.get(f"/learn/{COURSE}/test/m1/?question={number}").content.decode()
        assert WHY not in page
        data = {"attempt": attempt.public_id, "question": drawn["code"], **RIGHT[last(drawn["code"])]}
        assert client.post(f"/learn/{COURSE}/test/m1/answer/", data).status_code == 302
    refused = {"attempt": attempt.public_id, "question": "C9.m1.test.q4", "typed": "many"}
    again = client.post(f"/learn/{COURSE}/test/m1/answer/", refused)
    assert again.status_code == 422 and 'value="many"' in again.content.decode()
    client.post(f"/learn/{COURSE}/test/m1/hand-in/", {"attempt": attempt.public_id})
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed) == (100, True)


def test_the_certificate_needs_the_final_test_too(learner: User) -> None:
    see_lesson(learner)
    with pytest.raises(Refused, match="every module"):
        services.start_attempt(actor=learner, course=COURSE, module="final")
    pass_module(learner)
    assert not Certificate.objects.exists()
    assert "Final test" in signed_in(learner).get(f"/learn/{COURSE}/").content.decode()
    take_test(learner, COURSE, "final")
    held = Certificate.objects.get()
    assert [row["title"] for row in held.statement["assessed"]] == ["Module 1", "Final test"]


def test_forms_are_asked_before_and_after_and_shown_only_together(learner: User) -> None:
    client = signed_in(learner)
    assert "What do you know already?" in client.get(f"/learn/{COURSE}/").content.decode()
    before = take_test(learner, COURSE, "before", "b")
    page = client.get(f"/learn/{COURSE}/test/before/").content.decode()
    assert before.percent == 0 and "Your answers are kept." in page and "0%" not in page
    with pytest.raises(Refused, match="already"):
        services.start_attempt(actor=learner, course=COURSE, module="before")
    with pytest.raises(Refused, match="lessons first"):
        services.start_attempt(actor=learner, course=COURSE, module="after")
    see_lesson(learner)
    after = take_test(learner, COURSE, "after", "a")
    assert {code["code"].split(".")[1] for code in before.questions + after.questions} == {"forma", "formb"}
    page = client.get(f"/learn/{COURSE}/test/after/").content.decode()
    assert "0%" in page and "100%" in page
    assert not Certificate.objects.exists()


def test_the_first_form_comes_before_everything_else(learner: User) -> None:
    see_lesson(learner)
    with pytest.raises(Refused, match="begun already"):
        services.start_attempt(actor=learner, course=COURSE, module="before")
    with pytest.raises(Refused, match="before the course"):
        services.start_attempt(actor=learner, course=COURSE, module="after")
    assert "See what you gained" not in signed_in(learner).get(f"/learn/{COURSE}/").content.decode()


def test_half_of_the_learners_meet_the_other_form_first(tmp_path: Path) -> None:
    version = load_course(actor=None, folder=write_course(tmp_path, every_kind_files()))
    users = [UserFactory() for _n in range(40)]
    first = [form_of(services.enrol(actor=user, course=version.course.slug), "before") for user in users]
    assert set(first) == {"forma", "formb"}


def test_a_course_in_preparation_says_so_and_earns_nothing_yet(tmp_path: Path) -> None:
    files = course_files()
    files["course.yaml"]["status"] = "preparation"
    files["course.yaml"]["modules"].append(
        {"id": "m2", "title": "Windows", "summary": "Later.", "planned": ["Glass"]}
    )
    load_course(actor=None, folder=write_course(tmp_path, files))
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    finish_lesson(user, COURSE, "l11")
    assert take_test(user, COURSE, "m1").passed
    client = signed_in(user)
    page = client.get(f"/learn/{COURSE}/").content.decode()
    assert "This course is in preparation" in page and "Glass" in page
    assert client.get(f"/learn/{COURSE}/test/m2/").status_code == 404
    assert not Certificate.objects.exists()
