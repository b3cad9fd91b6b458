"""Do it at work: asked after 30 and 90 days, by mail and on a page; offices see counts of ten and more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client

from apps.accounts.models import Notification, User
from apps.core.errors import Refused
from apps.core.jobs import run_waiting
from apps.courses import selectors, services
from apps.courses.models import FollowUp, Progress
from apps.courses.selectors.links import DIGEST, FOLLOW_UP, make_link, read_link
from apps.members.policies import site_day
from tests.courses.small import small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory, join
from tests.people import Cast

pytestmark = pytest.mark.django_db
PLAN = "/learn/c9-doors/l11/plan/"


@pytest.fixture
def learner() -> User:
    small_course()
    return plan(UserFactory(full_name="Vera Lind"))


def plan(user: User, text: str = "Lock the back door.") -> User:
    services.enrol(actor=user, course="c9-doors")
    services.save_plan(actor=user, course="c9-doors", lesson="l11", text=text)
    return user


def rows(user: User) -> list[FollowUp]:
    return list(FollowUp.objects.filter(progress__enrolment__user=user).order_by("days"))


def make_due(user: User) -> FollowUp:
    FollowUp.objects.filter(progress__enrolment__user=user, days=30).update(due_on=site_day())
    return rows(user)[0]


def test_a_plan_is_asked_about_after_thirty_and_ninety_days(learner: User) -> None:
    assert [row.due_on - site_day() for row in rows(learner)] == [timedelta(30), timedelta(90)]
    day = (site_day() + timedelta(days=5)).isoformat()
    signed_in(learner).post(PLAN, {"text": "Lock it on Friday.", "planned_on": day, "screen": "5"})
    assert [row.due_on - site_day() for row in rows(learner)] == [timedelta(35), timedelta(95)]
    assert Progress.objects.get().commitment_on == site_day() + timedelta(days=5)
    services.save_plan(actor=learner, course="c9-doors", lesson="l11", text="")
    assert rows(learner) == []


def test_a_day_that_is_none_is_refused_and_the_plan_stays(learner: User) -> None:
    for day in ("soon", "0001-01-01", "2026-13-01"):
        answer = signed_in(learner).post(PLAN, {"text": "Other", "planned_on": day, "screen": "5"})
        assert answer.status_code == 422
    assert Progress.objects.get().commitment == "Lock the back door."


def test_mail_asks_once_and_its_link_answers_without_signing_in(
    learner: User, client: Client, django_capture_on_commit_callbacks: object
) -> None:
    row = make_due(learner)
    assert services.ask_due() == 1
    assert services.ask_due() == 0
    run_waiting()
    (sent,) = mail.outbox
    assert sent.to == [learner.email]
    assert "Lock the back door" not in sent.body
    path = next(line for line in sent.body.split() if "/plans/" in line).partition("//")[2]
    address = path[path.index("/") :]
    page = client.get(address)
    assert "Lock the back door." in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    row.refresh_from_db()
    assert row.answer == ""
    kept = client.post(address, {"answer": "partly"}).content.decode()
    assert "Thank you. Your answer is kept." in kept
    row.refresh_from_db()
    assert row.answer == "partly"
    assert Notification.objects.filter(user=learner, kind="follow_up").count() == 1


def test_link_is_for_one_purpose_and_cannot_be_made_up(learner: User, client: Client) -> None:
    row = make_due(learner)
    with pytest.raises(Http404):
        read_link(FOLLOW_UP, make_link(DIGEST, row.public_id))
    assert client.get("/plans/nothing:like:it/").status_code == 404
    assert client.post(f"/plans/{make_link(DIGEST, row.public_id)}/", {"answer": "done"}).status_code == 404


def test_not_possible_needs_a_reason_and_nothing_else_is_taken(learner: User) -> None:
    row = make_due(learner)
    client, address = signed_in(learner), f"/me/plans/{row.public_id}/"
    blank = client.post(address, {"answer": "blocked"})
    assert (blank.status_code, "why it was not possible" in blank.content.decode()) == (422, True)
    assert client.post(address, {"answer": "perhaps"}).status_code == 422
    assert client.post(address, {"answer": "blocked", "reason": "No door."}).status_code == 302
    page = client.get("/me/plans/").content.decode()
    assert "No door." in page and "Nothing to answer now" in page
    with pytest.raises(Refused, match="later"):
        services.answer_follow_up(actor=learner, follow_up=rows(learner)[1].public_id, answer="done")
    with pytest.raises(Http404):
        services.answer_follow_up(actor=UserFactory(), follow_up=row.public_id, answer="done")


def test_due_question_waits_at_home_and_empty_page_says_what_it_is_for(learner: User) -> None:
    make_due(learner)
    assert "Say what became of 1 plan." in str(selectors.waiting_for(learner))
    assert "What became of 1 plan?" in signed_in(learner).get("/me/plans/").content.decode()
    assert "No plan for work yet" in signed_in(UserFactory()).get("/me/plans/").content.decode()


def test_office_sees_counts_from_ten_people_up(cast: Cast) -> None:
    small_course()
    people = [UserFactory() for _ in range(10)]
    for n, user in enumerate(people):
        join(cast.agency, user, "viewer")
        plan(user)
        row = make_due(user)
        if n < 9:
            services.answer_follow_up(actor=user, follow_up=row.public_id, answer="done")
    (count,) = selectors.work_counts(cast.manager, cast.programme)
    assert (count.people, count.done) == (None, 0)
    client = signed_in(cast.manager)
    address = f"/p/{cast.programme.public_id}/"
    assert "Fewer than ten people answered" in client.get(address).content.decode()
    services.answer_follow_up(
        actor=people[9], follow_up=rows(people[9])[0].public_id, answer="blocked", reason="Secret reason"
    )
    page = client.get(address).content.decode()
    assert "done 9, partly 0, no 0, not possible 1" in page
    assert "Secret reason" not in page
    late = UserFactory()
    join(cast.agency, late, "viewer")
    plan(late)
    services.answer_follow_up(actor=late, follow_up=make_due(late).public_id, answer="no")
    assert "done 9, partly 0, no 0, not possible 1" in client.get(address).content.decode()
    with pytest.raises(Http404):
        selectors.work_counts(cast.lead, cast.programme)


@pytest.mark.parametrize("count", [1, 3])
def test_plans_ask_the_same_for_one_and_three(count: int, django_assert_num_queries: object) -> None:
    small_course(lessons=count)
    user = UserFactory()
    services.enrol(actor=user, course="c9-doors")
    for n in range(count):
        services.save_plan(actor=user, course="c9-doors", lesson=f"l1{n + 1}", text="Lock.")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(selectors.follow_ups_page(user).later) == 2 * count
