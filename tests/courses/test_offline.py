"""What a device keeps of a course, and what it did meanwhile: each thing once, nothing of a test, nobody else's."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import User
from apps.courses import selectors, services
from apps.courses.models import Enrolment, OfflineItem, PracticeAnswer, Progress, Question
from tests.courses.small import (
    RIGHT,
    SECRET,
    WRONG,
    every_kind_files,
    finish_lesson,
    small_course,
    write_course,
)
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COURSE = "c9-doors"
DEVICE = "0b54c6a4-1111-4222-8333-944445555666"
SYNC = "/learn/saved/sync/"


@pytest.fixture
def learner() -> User:
    small_course(lessons=2)
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    return user


def answer(seq: int, *chosen: str, **fields: Any) -> dict[str, Any]:
    given = {"chosen": list(chosen or (RIGHT,))}
    return {
        "seq": seq, "kind": "answer", "course": COURSE, "lesson": "l11", "question": "C9.m1.l1.q1", "given": given, **fields,
    }  # fmt: skip


def screen(seq: int, number: int, **fields: Any) -> dict[str, Any]:
    return {"seq": seq, "kind": "screen", "course": COURSE, "lesson": "l11", "screen": number, **fields}


def send(client: Client, *items: Any, device: str = DEVICE) -> Any:
    return client.post(SYNC, json.dumps({"device": device, "items": items}), content_type="application/json")


def states(response: Any) -> list[tuple[int, str]]:
    return [(one["seq"], one["state"]) for one in response.json()["taken"]]


def test_sending_again_changes_nothing_and_says_the_same(learner: User) -> None:
    client = signed_in(learner)
    first = send(client, screen(1, 3), answer(2, WRONG), answer(3))
    again = send(client, answer(3), answer(2, WRONG), screen(1, 3))
    assert states(first) == states(again) == [(1, "kept"), (2, "kept"), (3, "kept")]
    assert list(PracticeAnswer.objects.order_by("pk").values_list("correct", flat=True)) == [False, True]
    assert Progress.objects.get().screen == 3
    other = send(client, answer(2), device=DEVICE.replace("0b", "1c"))
    assert states(other) == [(2, "kept")]
    assert PracticeAnswer.objects.count() == 3


def test_furthest_place_wins_over_what_comes_late(learner: User) -> None:
    finish_lesson(learner, COURSE, "l11")
    client = signed_in(learner)
    assert states(send(client, screen(1, 2), screen(2, 60))) == [(1, "kept"), (2, "kept")]
    assert Progress.objects.get().screen == 5


def test_lesson_finished_without_a_connection_counts_as_seen(learner: User) -> None:
    codes = Question.objects.filter(lesson__slug="l11").values_list("code", flat=True)
    items = [answer(n, question=code) for n, code in enumerate(codes, 1)]
    send(signed_in(learner), *items, screen(9, 5))
    assert Progress.objects.get(lesson__slug="l11").seen_at


def test_time_of_the_device_counts_as_far_as_it_can_be_true(learner: User) -> None:
    hour = int((now() - timedelta(hours=1)).timestamp() * 1000)
    ahead = int((now() + timedelta(days=9)).timestamp() * 1000)
    send(signed_in(learner), answer(1, at=hour), answer(2, at=ahead), answer(3, at="soon"), answer(4, at=1))
    early, late, none, old = PracticeAnswer.objects.order_by("pk").values_list("at", flat=True)
    assert now() - early > timedelta(minutes=59)
    assert late <= now() and none <= now()
    assert now() - old < timedelta(days=367)


def test_one_refusal_holds_up_nothing_and_is_remembered(learner: User) -> None:
    client = signed_in(learner)
    sent = [answer(1, "z"), answer(2, question="C9.gone"), answer(3, course="none"), answer(4)]
    taken = send(client, *sent).json()["taken"]
    assert [one["state"] for one in taken] == ["refused", "refused", "refused", "kept"]
    assert all(one["text"] for one in taken[:3])
    assert send(client, *sent).json()["taken"] == taken
    assert (PracticeAnswer.objects.count(), OfflineItem.objects.count()) == (1, 4)


def test_questions_of_tests_are_never_taken(learner: User) -> None:
    taken = send(signed_in(learner), answer(1, question="C9.m1.test.q1")).json()["taken"]
    assert taken[0]["state"] == "refused"
    assert not PracticeAnswer.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", "null", '{"device": 1, "items": []}', '{"items": []}', "[" * 100_000, '{"device": "x", "items": []}',
     json.dumps({"device": DEVICE, "items": [1]}), json.dumps({"device": DEVICE, "items": "x"}),
     json.dumps({"device": DEVICE, "items": [answer(n) for n in range(1, 202)]})],
)  # fmt: skip
def test_what_no_device_sends_is_refused_whole(learner: User, body: str) -> None:
    response = signed_in(learner).post(SYNC, body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize(
    "change",
    [{"seq": 0}, {"seq": "1"}, {"seq": True}, {"seq": 2**31}, {"seq": None}, {"kind": "exam"}, {"course": 5}, {"lesson": "x" * 81},
     {"question": "\x00"}, {"given": []}, {"given": {"chosen": "a"}}, {"given": {"password": ["a"]}},
     {"given": {"typed": ["x" * 20_001]}}, {"given": {"chosen": [1]}}, {"given": {"typed": ["\ud800"]}}, {"course": "\ud800"}, {"screen": -1}, {"screen": 10**9}, {"screen": "2"}],
)  # fmt: skip
def test_one_item_of_another_shape_refuses_the_whole(learner: User, change: dict[str, Any]) -> None:
    assert send(signed_in(learner), answer(1), answer(2) | change).status_code == 400
    assert not OfflineItem.objects.exists()


def test_answers_are_the_senders_own(learner: User) -> None:
    stranger = UserFactory()
    assert states(send(signed_in(stranger), answer(1))) == [(1, "refused")]
    assert states(send(signed_in(learner), answer(1))) == [(1, "kept")]
    keys = {signed_in(user).get(SYNC).json()["owner"] for user in (learner, stranger)}
    assert len(keys) == 2
    assert not any(user.public_id in str(keys) for user in (learner, stranger))


def test_saved_pages_hold_no_name_and_nothing_of_tests(learner: User) -> None:
    learner.full_name = "Perpetua Underhill"
    learner.save()
    client = signed_in(learner)
    found = client.get(f"/learn/{COURSE}/saved/manifest/").json()
    assert len(found["pages"]) == 4
    tests = set(Question.objects.exclude(pool="practice").values_list("code", flat=True))
    for address in found["pages"]:
        response = client.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        assert "Perpetua" not in page and "csrf" not in page
        assert SECRET not in page
        assert not any(code in page for code in tests)
    assert "/test/" not in str(found["pages"])


def test_saved_practice_explains_every_option_of_every_kind(tmp_path: Any) -> None:
    services.load_course(actor=None, folder=write_course(tmp_path, every_kind_files()))
    user = UserFactory()
    services.enrol(actor=user, course=COURSE)
    page = selectors.saved_lesson(user, COURSE, "l11")
    keys = {one.ask.kind: json.loads(one.key) for one in page.questions}
    assert keys == {
        "single": {"chosen": ["a"]},
        "matching": {"at": {"a": "a", "b": "b"}},
        "ordering": {"at": {"a": "1", "b": "2", "c": "3"}},
        "numeric": {"numbers": [[2, 0.5]]},
        "short": {"texts": ["bolt*"]},
        "fill": {"at": {"1": "1", "2": "1"}},
    }
    html = signed_in(user).get(f"/learn/{COURSE}/l11/saved/").content.decode()
    for option in Question.objects.get(code="C9.m1.l1.q1").options:
        assert option["feedback"] in html
    for code in Question.objects.exclude(pool="practice").values_list("code", flat=True):
        assert code not in html


def test_saved_pages_are_for_those_who_take_the_course(client: Client) -> None:
    small_course()
    stranger = signed_in(UserFactory())
    for tail in ("saved/", "saved/manifest/", "l11/saved/"):
        assert stranger.get(f"/learn/{COURSE}/{tail}").status_code == 404
        assert client.get(f"/learn/{COURSE}/{tail}").status_code == 302
    assert client.get(SYNC).status_code == 302


def test_worker_comes_from_the_root_and_is_asked_for_anew(client: Client) -> None:
    response = client.get("/worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert (response["Service-Worker-Allowed"], response["Cache-Control"]) == ("/", "no-cache")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    body = response.content.decode()
    assert "/accounts/logout/" in body and "{%" not in body


def test_mark_changes_with_the_text_and_the_size_is_said(learner: User) -> None:
    client = signed_in(learner)
    before = client.get(f"/learn/{COURSE}/saved/manifest/").json()["mark"]
    page = client.get(f"/learn/{COURSE}/").content.decode()
    assert re.search(r"Save this course \(0\.\d\d MB\)", page)
    version = Enrolment.objects.get().version_of
    version.document_hash = "1" * 64
    version.save()
    assert client.get(f"/learn/{COURSE}/saved/manifest/").json()["mark"] != before


@pytest.mark.parametrize("count", [1, 3])
def test_saved_lesson_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Any) -> None:
    slug = small_course(modules=count, lessons=count).course.slug
    user = UserFactory()
    services.enrol(actor=user, course=slug)
    with django_assert_num_queries(4):
        assert len(selectors.saved_lesson(user, slug, "l11").questions) == 3
    with django_assert_num_queries(4):
        assert len(selectors.manifest(user, slug).pages) == 2 + count * count
