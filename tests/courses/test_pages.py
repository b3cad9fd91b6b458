"""Lists ask the same number of questions of the database however long they are; other apps get what they need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate

from apps.courses import selectors, services
from apps.courses.models import Certificate, Enrolment
from apps.courses.selectors.learning import shown_counts
from tests.courses.small import finish_course, finish_lesson, small_course
from tests.factories import UserFactory, join
from tests.people import Cast

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]


def courses(count: int) -> list[str]:
    return [small_course(f"C{n}").course.slug for n in range(1, count + 1)]


def take(user: Any, slugs: list[str]) -> None:
    for slug in slugs:
        services.enrol(actor=user, course=slug)
        services.open_screen(actor=user, course=slug, lesson="l11", screen=1)


@pytest.mark.parametrize("count", [1, 3])
def test_catalogue_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    user = UserFactory()
    take(user, courses(count))
    with django_assert_num_queries(4):
        assert len(selectors.list_courses(user)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_course_page_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    version = small_course(modules=count, lessons=count)
    user = UserFactory()
    take(user, [version.course.slug])
    with django_assert_num_queries(10):
        page = selectors.course_page(user, version.course.slug)
    assert page.card.lessons == count * count


@pytest.mark.parametrize("count", [1, 3])
def test_lesson_page_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    version = small_course(modules=count, lessons=count)
    user = UserFactory()
    slug = version.course.slug
    services.enrol(actor=user, course=slug)
    finish_lesson(user, slug, "l11")
    with django_assert_num_queries(3):
        page = selectors.lesson_page(user, slug, "l11", 4)
    assert len(page.questions) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_looking_back_at_a_screen_reads_little_and_writes_nothing(
    count: int, client: Client, django_assert_num_queries: Counter
) -> None:
    version = small_course(modules=count, lessons=count)
    user = UserFactory()
    services.enrol(actor=user, course=version.course.slug)
    finish_lesson(user, version.course.slug, "l11")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/learn/{version.course.slug}/l11/?screen=2"
    client.get(address)  # the first page of a session keeps where it came from
    with django_assert_num_queries(8):  # six are the frame of every page
        told = client.get(address).content.decode()
    assert "First text of l11." in told


@pytest.mark.parametrize("count", [1, 3])
def test_my_learning_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    user = UserFactory()
    take(user, courses(count))
    finish_course(user, small_course("C8"))
    with django_assert_num_queries(8):
        page = selectors.my_learning(user)
    assert (len(page.courses), len(page.certificates)) == (count + 1, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_asks_the_same_for_one_and_three(count: int, django_assert_num_queries: Counter) -> None:
    user = UserFactory()
    take(user, courses(count))
    with django_assert_num_queries(8):
        waiting = selectors.waiting_for(user)
    assert waiting[0].url.endswith("/l11/")
    assert len(waiting) == count


@pytest.mark.parametrize("count", [1, 3])
def test_links_for_areas_ask_the_same_for_one_and_three(
    count: int, django_assert_num_queries: Counter
) -> None:
    courses(count)
    with django_assert_num_queries(2):
        links = selectors.for_areas(UserFactory.build(), ["GOV.1", "RES.9"])
    assert list(links) == ["GOV.1"]
    assert [link.minutes for link in links["GOV.1"]] == [8] * count


def test_certificate_that_ends_soon_waits_for_its_holder() -> None:
    user = UserFactory()
    finish_course(user, small_course())
    assert selectors.waiting_for(user) == []
    Certificate.objects.update(valid_until=localdate() + timedelta(days=59))
    assert "ends soon" in selectors.waiting_for(user)[0].text


def test_empty_pages_say_what_to_do(client: Client) -> None:
    assert "The first course is being prepared" in client.get("/learn/").content.decode()
    client.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "You have not started a course yet" in client.get("/me/learning/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/learn/nothing/",
        "/learn/nothing/l1/",
        "/learn/nothing/test/m1/",
        "/learn/c9-doors/none/",
        "/learn/c9-doors/test/m7/",
    ],
)
def test_what_does_not_exist_is_404(client: Client, path: str) -> None:
    user = UserFactory()
    take(user, [small_course().course.slug])
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(path).status_code == 404


def test_api_lists_courses_without_an_account(client: Client) -> None:
    courses(2)
    rows = client.get("/api/v1/courses/").json()
    assert [row["code"] for row in rows] == ["C1", "C2"]
    assert rows[0] | {"summary": ""} == {
        "code": "C1", "slug": "c1-doors", "version": "1.0", "language": "en", "title": "Doors C1", "summary": "",
        "hours": "1.0", "minutes": 8, "lessons": 1, "size": 5000, "areas": ["GOV.1"],
    }  # fmt: skip


def test_office_sees_counts_and_never_small_groups(cast: Cast) -> None:
    version = small_course()
    people = [UserFactory() for _ in range(12)]
    for user in people:
        join(cast.agency, user, "viewer")
    for user in people[:4]:
        services.enrol(actor=user, course=version.course.slug)
    services.enrol(actor=cast.outsider, course=version.course.slug)
    (row,) = selectors.learners_overview(cast.manager, cast.programme)
    assert (row.started, row.completed) == (None, None)
    for user in people[4:]:
        services.enrol(actor=user, course=version.course.slug)
    for user in people[:6]:
        Enrolment.objects.filter(user=user).update(completed_at="2025-01-01T00:00Z")
    (row,) = selectors.learners_overview(cast.manager, cast.programme)
    assert (row.started, row.completed) == (12, 6)
    with pytest.raises(Http404):
        selectors.learners_overview(cast.lead, cast.programme)


@pytest.mark.parametrize(
    ("started", "completed", "shown"),
    [
        (4, 4, (None, None)),
        (5, 0, (5, 0)),
        (5, 5, (5, 5)),
        (9, 3, (9, None)),
        (9, 6, (9, None)),
        (10, 5, (10, 5)),
    ],
)
def test_counts_hide_fewer_than_five(started: int, completed: int, shown: tuple[Any, Any]) -> None:
    assert shown_counts(started, completed) == shown
