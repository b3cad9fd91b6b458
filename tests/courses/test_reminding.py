"""The calendar file, its private address, and the weekly mail with its one-click end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now
from icalendar import Calendar

from apps.accounts.models import User
from apps.core.jobs import run_waiting
from apps.courses import selectors, services
from apps.courses.models import Certificate, Enrolment, Question, Reminding, ReviewItem
from apps.courses.selectors.links import DIGEST, make_link
from apps.members.policies import site_day
from tests.courses.small import finish_course, small_course
from tests.courses.test_player import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> User:
    """Somebody with three questions in the box, a plan with a day, and a certificate."""
    version, user = small_course(), UserFactory()
    finish_course(user, version)
    enrolment = Enrolment.objects.get(user=user)
    for row in Question.objects.filter(pool="practice"):
        ReviewItem.objects.create(enrolment=enrolment, question=row, due_on=site_day() - timedelta(days=1))
    day = site_day() + timedelta(days=3)
    services.save_plan(actor=user, course="c9-doors", lesson="l11", text="Lock, then tell.", planned_on=day)
    return user


def events(body: bytes) -> dict[str, date]:
    found = Calendar.from_ical(body)
    return {str(one["summary"]): one["dtstart"].dt for one in found.walk("VEVENT")}


def test_calendar_holds_what_is_planned_and_nothing_private(learner: User) -> None:
    answer = signed_in(learner).get("/me/calendar/file/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"Lock, then tell" not in answer.content
    day = site_day()
    found = events(answer.content)
    until = Certificate.objects.get().valid_until
    assert until
    assert found["Review 3 questions"] == day
    assert found["My plan at work: Lesson 1-1"] == day + timedelta(days=3)
    assert found["What became of my plan: Lesson 1-1"] in (
        day + timedelta(days=33),
        day + timedelta(days=93),
    )
    assert found["Renew the certificate: Doors C9"] == until - timedelta(days=60)
    assert len(found) == 4


def test_address_is_private_shown_once_and_taken_back(learner: User, client: Client) -> None:
    owner = signed_in(learner)
    page = owner.post("/me/calendar/", {"act": "open"}).content.decode()
    path = page.partition('dir="ltr">')[2].partition("</code>")[0].partition("//")[2]
    path = path[path.index("/") :]
    assert events(client.get(path).content)
    assert client.get(path)["X-Robots-Tag"] == "noindex"
    secret = path.split("/")[2]
    assert secret not in owner.get("/me/calendar/").content.decode()
    assert not Reminding.objects.filter(calendar_hash=secret).exists()
    owner.post("/me/calendar/", {"act": "open"})
    assert client.get(path).status_code == 404
    again = services.make_calendar_address(actor=learner)
    owner.post("/me/calendar/", {"act": "close"})
    assert client.get(f"/calendar/{again}/learning.ics").status_code == 404


def test_calendar_speaks_its_owners_language(learner: User, client: Client) -> None:
    User.objects.filter(pk=learner.pk).update(language="fr")
    secret = services.make_calendar_address(actor=learner)
    before = client.get(f"/calendar/{secret}/learning.ics", headers={"Accept-Language": "ar"})
    assert before.status_code == 200


def weeks_ago(user: User) -> None:
    Enrolment.objects.filter(user=user).update(enrolled_at=now() - timedelta(days=8))


def test_weekly_mail_comes_once_a_week_and_ends_with_one_click(learner: User, client: Client) -> None:
    assert services.send_digests() == 0
    weeks_ago(learner)
    assert services.send_digests() == 1
    assert services.send_digests() == 0
    run_waiting()
    sent = next(one for one in mail.outbox if one.subject == "Your learning this week")
    assert "3 questions to review" in sent.body
    assert "course to go on with" not in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    path = address.partition("//")[2]
    path = path[path.index("/") :]
    strict = Client(enforce_csrf_checks=True)
    assert "End the weekly mail?" in strict.get(path).content.decode()
    assert Reminding.objects.get(user=learner).digest_off_at is None
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    Reminding.objects.update(last_digest_on=site_day() - timedelta(days=7))
    assert services.send_digests() == 0
    signed_in(learner).post("/me/calendar/", {"act": "digest_on"})
    assert services.send_digests() == 1


def test_nothing_is_mailed_when_nothing_waits_and_to_nobody_invented(learner: User) -> None:
    weeks_ago(learner)
    ReviewItem.objects.all().delete()
    assert services.send_digests() == 0
    other = UserFactory(is_demo=True)
    services.enrol(actor=other, course="c9-doors")
    weeks_ago(other)
    assert services.send_digests() == 0


def test_made_up_links_end_nobodys_mail(client: Client, learner: User) -> None:
    assert client.post("/weekly-mail/made:up/").status_code == 404
    assert client.post(f"/weekly-mail/{make_link(DIGEST, 'nobody')}/").status_code == 404


def test_empty_page_says_where_days_come_from() -> None:
    page = signed_in(UserFactory()).get("/me/calendar/").content.decode()
    assert "Nothing is planned" in page and "Days come by themselves" in page


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: object) -> None:
    small_course(lessons=count)
    user = UserFactory()
    services.enrol(actor=user, course="c9-doors")
    for n in range(count):
        services.save_plan(
            actor=user, course="c9-doors", lesson=f"l1{n + 1}", text="Lock.", planned_on=site_day()
        )
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert len(selectors.reminding_page(user).planned) == 3 * count
