"""Notes beside lessons, the words of a course, its key points for paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.errors import Stale
from apps.courses import selectors, services
from apps.courses.models import Note
from tests.courses.small import small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]
LESSON = "/learn/c9-doors/l11/"


@pytest.fixture
def learner() -> User:
    small_course(modules=2)
    user = UserFactory()
    services.enrol(actor=user, course="c9-doors")
    return user


def keep(user: User, text: str, expected: int = 0, lesson: str = "l11") -> Note | None:
    return services.save_note(actor=user, course="c9-doors", lesson=lesson, text=text, expected=expected)


def test_note_is_kept_beside_its_lesson_and_seen_by_its_writer_only(learner: User) -> None:
    client = signed_in(learner)
    answer = client.post(f"{LESSON}note/", {"text": "Ask Réda.", "version": "0", "screen": "2"})
    assert answer.url == f"{LESSON}?screen=2#my-note"
    assert "Ask Réda." in client.get(LESSON).content.decode()
    other = UserFactory()
    services.enrol(actor=other, course="c9-doors")
    assert "Ask Réda." not in signed_in(other).get(LESSON).content.decode()
    assert signed_in(UserFactory()).post(f"{LESSON}note/", {"text": "x"}).status_code == 404


def test_note_changed_on_two_devices_shows_both(learner: User) -> None:
    keep(learner, "First")
    keep(learner, "From the phone", 1)
    with pytest.raises(Stale):
        keep(learner, "From the desk", 1)
    assert keep(learner, "From the phone", 1)
    page = signed_in(learner).post(f"{LESSON}note/", {"text": "From the desk", "version": "1", "screen": "1"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "From the phone" in text and "From the desk" in text and 'name="version" value="2"' in text
    assert Note.objects.get().text == "From the phone"


def test_empty_note_is_removed_and_too_long_one_is_refused(learner: User) -> None:
    keep(learner, "Something")
    long = signed_in(learner).post(f"{LESSON}note/", {"text": "x" * 4001, "version": "1"})
    assert (long.status_code, "under 4000 characters" in long.content.decode()) == (422, True)
    assert keep(learner, "  ", 1) is None
    assert not Note.objects.exists()


def test_notes_of_all_courses_are_searched_in_any_spelling(learner: User) -> None:
    client = signed_in(learner)
    assert "You have not written a note yet" in client.get("/me/notes/").content.decode()
    keep(learner, "Ask Réda about the door")
    keep(learner, "اتصل بالفريق", lesson="l21")
    assert "2 notes, seen by you only" in client.get("/me/notes/").content.decode()
    found = client.get("/me/notes/?q=reda DOOR").content.decode()
    assert "1 note has these words" in found and "بالفريق" not in found
    assert "No note has all of these words" in client.get("/me/notes/?q=window").content.decode()


def test_words_of_a_course_are_open_to_everyone(client: Client, learner: User) -> None:
    page = client.get("/learn/c9-doors/glossary/").content.decode()
    assert "1 word of this course" in page and "A way in." in page
    assert "explains no such word" in client.get("/learn/c9-doors/glossary/?q=window").content.decode()
    assert client.get("/learn/nothing/glossary/").status_code == 404


def test_key_points_are_a_sheet_a_module(learner: User) -> None:
    page = signed_in(learner).get("/learn/c9-doors/key-points/").content.decode()
    assert "The key points on 2 sheets" in page and page.count('points"') == 2
    away = signed_in(UserFactory()).get("/learn/c9-doors/key-points/")
    assert away.url == "/learn/c9-doors/"


@pytest.mark.parametrize("count", [1, 3])
def test_notes_and_key_points_ask_the_same_for_one_and_three(
    count: int, django_assert_num_queries: Counter
) -> None:
    user = UserFactory()
    for n in range(count):
        slug = small_course(f"C{n + 1}", modules=count).course.slug
        services.enrol(actor=user, course=slug)
        services.save_note(actor=user, course=slug, lesson="l11", text="Note", expected=0)
    with django_assert_num_queries(1):
        assert selectors.notes_page(user, "").total == count
    with django_assert_num_queries(3):
        assert len(selectors.points_page(user, "c1-doors").modules) == count
